//! What the tests are written in: a cluster with addresses by role, and many runs at once.

pub mod cluster;
pub mod parallel;
pub mod recount;
pub mod tell;
