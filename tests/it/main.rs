//! Tests of the whole thing through its public face, in one binary.
mod cli;
mod mutants;
mod recorder;
mod scenario;
mod scenario_mistakes;
mod scenario_presets;
mod views;
