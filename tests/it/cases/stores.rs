//! Data with versions per key: contexts, siblings, retries that count.
