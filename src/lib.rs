//! Replicarium: a playground in which a replicated database really runs.
#[cfg(feature = "api")]
pub mod api;
pub mod engine;
pub mod lab;
pub mod scenario;
#[cfg(feature = "ui")]
pub mod ui;
pub mod view;
