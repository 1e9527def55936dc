//! Reasons and sentences come from recorded events.
