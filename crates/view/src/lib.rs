//! What the reader sees, as plain structs: words and numbers ready to be drawn.
//!
//! Builders read the engine and never change it. Nothing here knows Yew, a canvas or a colour: it
//! says *what* a thing is (a tone, a shape), the page says how that looks.
#![doc = include_str!("../README.md")]

mod axis;
mod bars;
pub mod chips;
pub mod figures;
#[cfg(test)]
mod golden;
pub mod inspector;
mod lacks;
pub mod landmark;
pub mod layout;
pub mod ledger;
pub mod log;
pub mod moments;
pub mod offers;
pub mod operation_line;
pub mod overview;
pub mod pace;
pub mod picture;
mod reach;
mod reason;
mod ring;
pub mod scale;
pub mod sentence;
pub mod shape;
pub mod stage;
pub mod timeline;
pub mod trace_line;
pub mod types;
pub mod verdicts;
pub mod words;

pub use chips::chips;
pub use engine::base::number;
pub use ledger::ledger;
pub use log::log;
pub use moments::{hop, moments};
pub use operation_line::{OperationEnd, OperationLine, OperationSort, operation_line};
pub use overview::overview;
pub use sentence::{sentence, sentence_about};
pub use stage::stage;
pub use timeline::timeline;
pub use trace_line::{TraceLine, trace_line};
pub use types::*;
pub use verdicts::verdicts;
