//! Promises are about what clients saw.
