//! Parts that know nothing of replication: a tab stop that walks, a thing put at a place.

pub mod placed;
pub mod roving;
