//! Parts that know nothing of replication: a panel that rests, a tab stop that walks, a
//! thing put at a place.

pub mod panel;
pub mod placed;
pub mod roving;
