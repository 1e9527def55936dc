//! What tests and measurements call in the published page's program: the digests of the built-in
//! scenarios, and a run in slices. Scripts of other pages use the package instead.

use wasm_bindgen::prelude::wasm_bindgen;

use super::served;
use lab::{self, Lab, Span};
use scenario::{self, Scenario, presets};

/// The golden digests: a line `name digest` for every built-in scenario.
///
/// # Errors
/// All mistakes of a preset, a paragraph each.
#[wasm_bindgen]
pub fn digests() -> Result<String, String> {
    let line = |preset: &scenario::Preset| {
        let digest = lab::digest_of(preset, served()).map_err(paragraphs)?;
        Ok(format!("{} {digest:016x}\n", preset.name))
    };
    presets(served()).map(line).collect()
}

fn paragraphs(problems: Vec<scenario::Problem>) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A run that a script plays in slices.
#[wasm_bindgen]
pub struct Play(Lab);

#[wasm_bindgen]
impl Play {
    /// Reads a scenario's text.
    ///
    /// # Errors
    /// All mistakes, a paragraph each.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Result<Play, String> {
        let document = scenario::parse(text).map_err(|problem| problem.to_string())?;
        let scenario = Scenario::read(&document, served()).map_err(paragraphs)?;
        Ok(Self(Lab::start(scenario)))
    }

    /// Makes at most `budget` things happen. Says whether the run goes on.
    pub fn slice(&mut self, budget: u32) -> bool {
        self.0.advance(Span::from_micros(u64::MAX), budget);
        !self.0.at_end()
    }

    /// The digest of everything so far.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{:016x}", self.0.digest())
    }

    /// Operations, deliveries and timers so far: what the reference work counts.
    #[must_use]
    pub fn happenings(&self) -> f64 {
        let counts = self.0.run().counts();
        (counts.operations + counts.deliveries + counts.timers) as f64
    }
}
