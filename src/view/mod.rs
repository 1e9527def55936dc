//! What the reader sees, as plain structs: words and numbers ready to be drawn.
//!
//! Builders read the engine and never change it. Nothing here knows Yew, a canvas or a colour: it
//! says *what* a thing is (a tone, a shape), the page says how that looks.

pub mod chips;
#[cfg(test)]
mod golden;
pub mod landmark;
pub mod number;
pub mod offers;
pub mod pace;
pub mod sentence;
pub mod types;
pub mod words;

pub use types::*;
