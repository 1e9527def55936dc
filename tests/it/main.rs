//! Tests of the whole thing through its public face, in one binary.
mod scenario;
mod scenario_mistakes;
mod views;
