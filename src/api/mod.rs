//! What scripts call in the compiled program: in a page, in a worker, in Node.
//!
//! Every function decodes, calls the lab, encodes. It decides nothing.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::lab::{self, Lab, Span};
use crate::scenario::{self, Protocols, Scenario, presets};
use std::cell::Cell;

thread_local! {
    // The program has one thread.
    static PROTOCOLS: Cell<Protocols> = const { Cell::new(&[]) };
}

/// What the functions below know from now on.
pub fn serve(protocols: Protocols) {
    PROTOCOLS.set(protocols);
}

/// The golden digests: a line `name digest` for every built-in scenario.
///
/// # Errors
/// All mistakes of a preset, a paragraph each.
#[wasm_bindgen]
pub fn digests() -> Result<String, String> {
    let line = |preset: &scenario::Preset| {
        let digest = lab::digest_of(preset, PROTOCOLS.get()).map_err(paragraphs)?;
        Ok(format!("{} {digest:016x}\n", preset.name))
    };
    presets(PROTOCOLS.get()).map(line).collect()
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
        let scenario = Scenario::read(&document, PROTOCOLS.get()).map_err(paragraphs)?;
        Ok(Self(Lab::start(scenario)))
    }

    /// Makes at most `budget` things happen. Says whether the run goes on.
    pub fn slice(&mut self, budget: u32) -> bool {
        self.0.advance(Span::from_micros(u64::MAX), budget);
        !self.0.at_end()
    }

    /// Does something to the cluster now, written as a line of a script without its time.
    ///
    /// # Errors
    /// All mistakes, a paragraph each.
    pub fn act(&mut self, action: &str) -> Result<(), String> {
        let json = scenario::parse(action).map_err(|problem| problem.to_string())?;
        let nodes = self.0.run().view().nodes.count();
        self.0.act(scenario::action_of(&json, nodes).map_err(paragraphs)?);
        Ok(())
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
