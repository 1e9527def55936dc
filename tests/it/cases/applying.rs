//! Receiving, flushing and applying are three things; what a leader acknowledged from memory its readers see.
