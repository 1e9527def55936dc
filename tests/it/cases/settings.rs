//! A setting works, or the document is refused.
