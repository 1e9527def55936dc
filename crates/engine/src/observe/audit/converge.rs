//! When faults have stopped for long enough, all replicas hold the same data.
//!
//! **Meaning.** Broken if, with every node running and every link whole, replicas hold different data,
//! nobody has written and nothing was broken, mended or ordered for the settling time, no message that
//! carries data is under way, no disk completes a flush, no replica still has to apply what it
//! received, and none has got on for half the settling time. The settling time is 10 s; where nodes
//! compare what they hold by themselves, it is longer by two rounds of that. To write is to ask for a
//! write, to send a request for it again, or to be answered. A replica gets on when its log grows or
//! when what its readers see changes. Where one log is followed all replicas must show the same data;
//! where data are versions per key, all nodes that shall hold a key must hold the same values of it.
//! Holds if they do. Otherwise not exercised, with what is still under way.
//!
//! Evidence: a digest of the data that each node's readers see, or the versions that it holds; what the
//! world did, and messages sent and not yet delivered.

use super::{Audit, Case, Verdict, Witness};
use crate::base::SimTime;
use crate::observe::ledger::Length;
use crate::observe::settling::{Difference, Unequal, difference, settle, under_way};
use crate::protocol::{Promise, Shape};

/// The audit.
pub struct Converge;

impl Audit for Converge {
    fn promise(&self) -> Promise {
        Promise::ReplicasConverge
    }

    fn id(&self) -> &'static str {
        "replicas-converge"
    }

    fn title(&self) -> &'static str {
        "Replicas end up with the same data"
    }

    fn verdict(&self, case: &Case<'_>) -> Verdict {
        let recorder = &case.recorder;
        let (settling, milestones) = (recorder.settling(), recorder.milestones());
        if let Some(unequal) = settling.unequal() {
            return Verdict::Broken(witness(case, unequal));
        }
        if recorder.ledger().counts().invoked == 0 {
            return Verdict::NotExercised("nobody wrote".to_owned());
        }
        if !case.nodes.iter().any(|node| node.facts.role.is_replica()) {
            return Verdict::NotExercised("no node runs".to_owned());
        }
        let differ = difference(&case.nodes, &case.world);
        if let Some(reason) = under_way(settling, &case.nodes, &case.world, milestones) {
            let whole = milestones.down().is_empty()
                && milestones.paused().is_empty()
                && milestones.cut_links().is_empty();
            if whole && differ.is_none() {
                return Verdict::Holds;
            }
            return Verdict::NotExercised(reason);
        }
        let Some(differ) = differ else { return Verdict::Holds };
        let since = |at: SimTime| Length(case.now.since(at));
        let wrote = settling.last_write();
        let last = match milestones.last_trouble().filter(|trouble| *trouble > wrote) {
            Some(trouble) => {
                format!("something was broken, mended or ordered {} ago", since(trouble))
            }
            None => format!("somebody wrote {} ago", since(wrote)),
        };
        Verdict::NotExercised(format!(
            "{}, and {last}: they have {} to come together",
            differs(case, &differ),
            Length(settle(&case.world)),
        ))
    }
}

/// "n3 (applied 2) and n1 (applied 4) hold different data", "n1 and n2 hold different versions of k7"
fn differs(case: &Case<'_>, difference: &Difference) -> String {
    let ((one, of_one), (other, of_other)) = (difference.one, difference.other);
    match (&difference.key, case.world.shape) {
        (Some((key, _)), _) => format!("{one} and {other} hold different versions of {key}"),
        (None, Shape::Line) => {
            format!("{one} (applied {of_one}) and {other} (applied {of_other}) hold different data")
        }
        (None, Shape::Store) => format!("{one} and {other} hold different data"),
    }
}

fn witness(case: &Case<'_>, unequal: &Unequal) -> Witness {
    let Unequal { event, difference: found, silent, whole, .. } = unequal;
    let since_fault = whole
        .map_or_else(String::new, |whole| format!(" and {} after the last fault", Length(whole)));
    let now = match difference(&case.nodes, &case.world) {
        None => "; they hold the same now",
        Some(_) => "",
    };
    let sentence = format!(
        "{} {} after the last write{since_fault}{now}",
        differs(case, found),
        Length(*silent)
    );
    let operations = found.key.as_ref().map_or_else(Vec::new, |(_, writes)| writes.clone());
    Witness { events: vec![*event], operations, sentence }
}
