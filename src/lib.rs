//! Replicarium: a playground in which a replicated database really runs.
pub mod engine;
pub mod lab;
pub mod scenario;
pub mod view;
