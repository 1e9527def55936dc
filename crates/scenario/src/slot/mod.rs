//! What can stand behind a field: numbers with a unit and a range, words, nodes, parts, lists.
//!
//! A slot borrows the value that it is about and knows how it is typed.

mod list;
mod node;
mod number;
mod word;

pub use list::{List, Maybe, Part};
pub use node::{MaybeName, NameOf, Names, TargetOf, follower_of};
pub use number::{Amount, Millis, MillisRange, Moment, SignedMillis, Whole, WholeSigned};
pub use word::{Switch, Text, Word};
