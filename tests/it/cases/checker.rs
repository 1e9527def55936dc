//! What the checker reads and explains.
