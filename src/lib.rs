//! Replicarium: a playground in which a replicated database really runs.
#[cfg(any(feature = "api", feature = "probe"))]
pub mod api;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
#[cfg(feature = "ui")]
pub mod ui;

pub use {engine, lab, protocols, scenario, view};
