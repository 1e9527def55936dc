//! Short random runs, as documents: small clusters of every protocol under random faults, each from one
//! number.
