//! Tests of the whole thing through its public face, in one binary.
mod chain;
mod cli;
mod conversations;
mod determinism;
mod mutants;
mod papers;
mod reality_postgres;
mod recorder;
mod regressions;
mod scenario;
mod scenario_mistakes;
mod scenario_presets;
mod support;
mod swarm;
mod tidy;
mod views;
