//! Replicarium: a playground in which a replicated database really runs.
