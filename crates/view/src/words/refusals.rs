//! Why nodes refuse, in their own words.

use engine::protocol::client::Refusal;

/// Why a node refused, in its own words.
#[must_use]
pub fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::LeaseOver => "I cannot reach a majority and may have been replaced",
        Refusal::TwoKeys => "I keep versions of one key at a time and cannot change two at once",
        Refusal::Applying => "I apply first what I had received before I was promoted",
        Refusal::NoCondition => {
            "no single node knows what a key is here, so no condition on it can be checked"
        }
        Refusal::NotEqual => "the key has another value, nothing was changed",
        Refusal::Behind => "I do not have what you have seen yet",
        Refusal::Copying => "I am still copying my data",
        Refusal::Busy => "too many requests wait here already",
        Refusal::QuorumMissed => "too few replicas answered in time",
        Refusal::TooFewReplicas => "too few replicas can be reached",
        Refusal::TooFewInStep => "too few followers are in step with me",
        Refusal::Unsure => "I do not hear the configuration service and may have been replaced",
        Refusal::TooOld => "it no longer remembers whether so old a write was done",
    }
}

/// The same where there is room for a word or two.
#[must_use]
pub fn brief_refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::LeaseOver => "no majority",
        Refusal::TwoKeys => "one key at a time",
        Refusal::Applying => "applies first",
        Refusal::NoCondition => "no conditions",
        Refusal::NotEqual => "another value",
        Refusal::Behind => "not that far yet",
        Refusal::Copying => "still copying",
        Refusal::Busy => "too busy",
        Refusal::QuorumMissed => "too few answered",
        Refusal::TooFewReplicas => "too few replicas",
        Refusal::TooFewInStep => "too few in step",
        Refusal::Unsure => "may be replaced",
        Refusal::TooOld => "forgotten by now",
    }
}
