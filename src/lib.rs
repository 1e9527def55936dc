//! Replicarium: a playground in which a replicated database really runs.
#[cfg(any(feature = "api", feature = "probe"))]
pub mod api;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod engine;
pub mod lab;
pub mod scenario;
#[cfg(feature = "ui")]
pub mod ui;
pub mod view;
