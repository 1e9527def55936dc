//! Reading reference figures, and comparing measurements with them.

use std::fs;

use replicarium::scenario::{self, Json};

/// One published or derived number.
pub struct Figure {
    pub id: String,
    pub value: f64,
    pub tolerance: f64,
    params: Json,
}

impl Figure {
    /// Whether there is such a parameter.
    pub fn has(&self, name: &str) -> bool {
        self.params.field(name).is_some()
    }

    /// A parameter in words.
    pub fn text(&self, name: &str) -> &str {
        let text = self.params.field(name).and_then(Json::as_text);
        text.unwrap_or_else(|| panic!("{}: no parameter {name}", self.id))
    }

    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> f64 {
        let number = self.params.field(name).and_then(Json::as_number);
        number.unwrap_or_else(|| panic!("{}: no number {name}", self.id))
    }
}

/// The figures of one reference file.
pub fn figures(file: &str) -> Vec<Figure> {
    let path = format!("{}/tests/reference/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let document = scenario::parse(&text).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    let number = |entry: &Json, name| entry.field(name).and_then(Json::as_number);
    let figure = |entry: &Json| {
        Some(Figure {
            id: entry.field("id")?.as_text()?.to_owned(),
            value: number(entry, "value")?,
            // What was measured on hardware has none.
            tolerance: number(entry, "tolerance").unwrap_or(f64::NAN),
            params: entry.field("params")?.clone(),
        })
    };
    let list = document.field("figures").map_or(&[][..], Json::elements);
    list.iter().map(|entry| figure(entry).expect("a whole entry")).collect()
}

/// Comparisons: printed as a table, judged all at once.
#[derive(Default)]
pub struct Table {
    rows: Vec<String>,
    off: Vec<String>,
}

/// Rounding of the printed values and of whole microseconds: what a tolerance of zero forgives.
const ROUNDING: f64 = 1e-3;

impl Table {
    /// Compares one measurement.
    pub fn compare(&mut self, figure: &Figure, measured: f64, trials: usize) {
        self.judge(figure, measured, trials, figure.tolerance.max(ROUNDING));
    }

    /// The same where all cases were played and weighed: nothing but the tolerance is forgiven.
    pub fn compare_closely(&mut self, figure: &Figure, measured: f64, trials: usize) {
        self.judge(figure, measured, trials, figure.tolerance);
    }

    /// Compares one measurement with what hardware did: not more than `factor` times off.
    pub fn compare_about(&mut self, figure: &Figure, measured: f64, trials: usize, factor: f64) {
        assert!(figure.tolerance.is_nan(), "{} has a tolerance", figure.id);
        let (least, most) = (figure.value / factor, figure.value * factor);
        let off = if measured < figure.value { figure.value - least } else { most - figure.value };
        self.judge(figure, measured, trials, off);
    }

    fn judge(&mut self, figure: &Figure, measured: f64, trials: usize, tolerance: f64) {
        let Figure { id, value, .. } = figure;
        let within = (measured - value).abs() <= tolerance;
        let verdict = if within { "ok" } else { "OFF" };
        let row = format!(
            "{id:<48} {value:>10.4} ±{tolerance:<9.4} measured {measured:>10.4} in {trials:>7} {verdict}"
        );
        if !within {
            self.off.push(row.clone());
        }
        self.rows.push(row);
    }

    /// Prints the table and fails if anything in it is off.
    #[track_caller]
    pub fn finish(self) {
        println!("{}", self.rows.join("\n"));
        assert!(!self.rows.is_empty(), "nothing was compared");
        assert!(self.off.is_empty(), "outside their tolerance:\n{}", self.off.join("\n"));
    }
}

/// The arithmetic mean; zero of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
