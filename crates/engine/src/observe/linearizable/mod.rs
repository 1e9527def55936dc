//! Is there one order of all operations, each somewhere between its call and its answer, in which
//! every answer is right? That is what "linearizable" means (Herlihy and Wing, 1990).
//!
//! One key is checked at a time: a history is linearizable exactly if it is so key by key
//! (Horn and Kroening, "Faster linearizability checking via P-compositionality", 2015). The search
//! is Wing and Gong's ("Testing and verifying concurrent objects", 1993) in the just-in-time form
//! with a memory of failed configurations that Lowe gave it ("Testing for linearizability", 2017):
//! calls and answers are passed in order, and only when an answer comes whose operation has no
//! place yet, orders of the open operations are tried that end with it.
//!
//! What is added here, each of it exact:
//! - what changes nothing (a read, a refused compare-and-set) is placed as soon as its answer is
//!   right, without an alternative;
//! - a value is not left while somebody must still see it and nobody is there to write it again;
//! - a write all of whose readers are open is placed with them before the next write that hides
//!   it, without an alternative;
//! - texts that are appended to are judged without a search, where what was read says how it came about
//!   (`chains.rs`);
//! - operations with an unknown outcome are used in the order of their calls if they do the same,
//!   and a configuration that has used more of them than a failed one is not tried.
//!
//! It knows nothing of files, clients, nodes or time; calls and answers are places in an order.

mod chains;
mod counts;
mod frame;
mod open;
mod plan;
pub mod recorded;
mod rounds;
mod search;
mod seen;
mod split;
mod witness;
pub mod zones;

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod step_tests;

pub use rounds::rounds;

use plan::Plan;
use search::{Found, Search};

/// What an operation does, and for an answered one what the answer said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// A read or get whose answer was this value.
    Read(u64),
    /// A write or put of this value.
    Write(u64),
    /// A compare-and-set.
    Swap {
        /// The value that the key must have for it to be done.
        expected: u64,
        /// The value that the key has after it if it was done.
        new: u64,
        /// What it was answered: whether it was done; without an answer it means nothing.
        applied: bool,
    },
    /// An append of this piece of text; the values are then what [`Texts`] calls them.
    Append(u64),
}

/// One operation on the key that is checked. What certainly did not happen is not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Where in the history it was called.
    pub call: u32,
    /// Where it was answered; `None`: its outcome is unknown, it may take effect at any time after
    /// its call, or never.
    pub answer: Option<u32>,
    /// What it does.
    pub action: Action,
}

/// What texts become when something is appended to them. Equal texts have equal names, which are
/// below 2^32.
pub trait Texts {
    /// The name of `text` followed by `piece`.
    fn join(&mut self, text: u64, piece: u64) -> u64;
    /// `false` only if nothing appended to `text` ever makes it `goal`.
    fn may_become(&self, text: u64, goal: u64) -> bool;
    /// The bytes of a text that stands in the history; `None` for one that appending made.
    fn given(&self, text: u64) -> Option<&[u8]>;
    /// Bytes of heap held.
    fn heap_bytes(&self) -> usize;
}

/// For keys that nobody appends to.
pub struct NoTexts;

impl Texts for NoTexts {
    fn join(&mut self, text: u64, _: u64) -> u64 {
        text
    }

    fn may_become(&self, _: u64, _: u64) -> bool {
        true
    }

    fn given(&self, _: u64) -> Option<&[u8]> {
        None
    }

    fn heap_bytes(&self) -> usize {
        0
    }
}

/// How much may be spent on one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Steps: events passed, operations tried, configurations compared.
    pub steps: u64,
    /// Bytes for what is remembered. Beyond them the search goes on without remembering more.
    pub memory_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { steps: 200_000_000, memory_bytes: 512 << 20 }
    }
}

/// What was found out about one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// The result.
    pub verdict: Verdict,
    /// Steps spent, those for the proof included.
    pub steps: u64,
    /// If it is linearizable, an order that works: the places of everything that was answered, and of what is
    /// used of unknown outcomes.
    pub order: Vec<u32>,
}

/// Whether there is an order. Operations are named by their places in the list that was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// There is one.
    Linearizable,
    /// There is none.
    NotLinearizable(Witness),
    /// It was not found out within the bounds.
    Undecided(Limit),
}

/// Why there is no order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Witness {
    /// An order of everything that was answered before the first of `stuck` was: it works.
    pub longest: Vec<u32>,
    /// What cannot be ordered: up to the answer of the last of these no order exists. It is one
    /// operation, unless more could not be told apart within the bounds.
    pub stuck: Vec<u32>,
}

/// Which bound was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// All steps were spent.
    Steps,
    /// All steps were spent, for most of them without memory to remember what had failed.
    Memory,
}

/// Steps for a proof, whatever the verdict cost, and how many more for each step of the verdict.
const PROOF: u64 = 1 << 20;
const PROOF_FACTOR: u64 = 16;

/// Checks the operations on one key, which begins with the value `initial`.
#[must_use]
pub fn check(
    operations: &[Operation],
    initial: u64,
    texts: &mut dyn Texts,
    bounds: Bounds,
) -> Checked {
    check_within(operations, initial, texts, bounds, bounds)
}

/// Checks them within `now`; a proof may cost more, up to `bounds`.
#[must_use]
pub fn check_within(
    operations: &[Operation],
    initial: u64,
    texts: &mut dyn Texts,
    now: Bounds,
    bounds: Bounds,
) -> Checked {
    let (found, mut steps) = decide(operations, initial, texts, now);
    let mut works = Vec::new();
    let verdict = match found {
        Found::Order(order) => {
            works = order;
            Verdict::Linearizable
        }
        Found::GaveUp(limit) => Verdict::Undecided(limit),
        Found::Nothing { furthest, answered } => {
            let start = witness::Prefix { answered, order: furthest };
            let proof = PROOF.saturating_add(steps.saturating_mul(PROOF_FACTOR));
            let bounds = Bounds { steps: bounds.steps.min(proof), ..bounds };
            let (witness, spent) = witness::find(operations, initial, texts, bounds, start);
            steps += spent;
            Verdict::NotLinearizable(witness)
        }
    };
    Checked { verdict, steps, order: works }
}

/// Looks for an order, without a search where texts say enough, and counts the steps.
fn decide(
    operations: &[Operation],
    initial: u64,
    texts: &mut dyn Texts,
    bounds: Bounds,
) -> (Found, u64) {
    let mut steps = 0;
    if let Some(found) = chains::judge(operations, initial, texts, bounds.steps, &mut steps) {
        return (found, steps);
    }
    let plan = Plan::new(operations, initial);
    let left = Bounds { steps: bounds.steps.saturating_sub(steps), ..bounds };
    let mut search = Search::new(&plan, texts, left);
    let found = search.run();
    (found, steps + search.steps())
}
