//! Reading reference figures, and comparing measurements with them.

use std::fs;

use serde_json::Value;

/// One published or derived number.
pub struct Figure {
    pub id: String,
    pub value: f64,
    pub tolerance: f64,
    params: Value,
}

impl Figure {
    /// A parameter in words.
    pub fn text(&self, name: &str) -> &str {
        self.params[name].as_str().unwrap_or_else(|| panic!("{}: no parameter {name}", self.id))
    }

    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> f64 {
        self.params[name].as_f64().unwrap_or_else(|| panic!("{}: no number {name}", self.id))
    }
}

/// The figures of one reference file.
pub fn figures(file: &str) -> Vec<Figure> {
    let path = format!("{}/tests/reference/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let document: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
    let list = document["figures"].as_array().expect("the list of figures");
    let number = |entry: &Value, name| entry[name].as_f64().expect("a number");
    list.iter()
        .map(|entry| Figure {
            id: entry["id"].as_str().expect("an id").to_string(),
            value: number(entry, "value"),
            tolerance: number(entry, "tolerance"),
            params: entry["params"].clone(),
        })
        .collect()
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
        let Figure { id, value, tolerance, .. } = figure;
        let within = (measured - value).abs() <= tolerance.max(ROUNDING);
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
