//! Step tests.
