//! Outcomes that were right and must stay so.
