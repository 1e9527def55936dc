//! Which promises a scenario is about: the sentence of its run is green only while none of them is broken.

use crate::form::{Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;
use engine::protocol::Promise;

/// The promises by their names in reports, in the order of the audits; a test compares both.
pub const PROMISES: &[(&str, Promise)] = &[
    ("acknowledged-writes-survive", Promise::AcknowledgedWritesSurvive),
    ("one-leader", Promise::OneLeader),
    ("linearizable", Promise::Linearizable),
    ("replicas-agree", Promise::ReplicasAgree),
    ("replicas-converge", Promise::ReplicasConverge),
    ("nothing-applied-twice", Promise::NothingAppliedTwice),
    ("failed-writes-stay-failed", Promise::FailedWritesStayFailed),
    ("reads-are-fresh", Promise::FreshReads),
    ("read-your-writes", Promise::ReadYourWrites),
    ("monotonic-reads", Promise::MonotonicReads),
    ("consistent-prefix", Promise::ConsistentPrefix),
    ("invariant-over-keys", Promise::TotalHolds),
];

/// Promises by name; none: all of them.
pub struct About<'a>(pub &'a mut Vec<Promise>);

impl Slot for About<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(found) = json else {
            place.wrong_type(json, "a list of names of promises");
            return;
        };
        self.0.clear();
        for (index, json) in found.iter().enumerate() {
            place.in_element(index, |place| self.0.extend(promise(json, place)));
        }
    }

    fn write(&mut self) -> Json {
        let name = |promise: &Promise| PROMISES.iter().find(|(_, known)| known == promise);
        Json::List(self.0.iter().filter_map(name).map(|(id, _)| Json::text(*id)).collect())
    }

    fn kind(&mut self) -> Kind {
        let words = PROMISES.iter().map(|(id, _)| (*id, "")).collect();
        let most = u32::try_from(PROMISES.len()).unwrap_or(u32::MAX);
        Kind::List { of: Box::new(Kind::Words(words)), least: 0, most }
    }
}

fn promise(json: &Json, place: &mut Place) -> Option<Promise> {
    let Some(found) = json.as_text() else {
        place.wrong_type(json, "the name of a promise");
        return None;
    };
    let known = PROMISES.iter().find(|(id, _)| *id == found);
    if known.is_none() {
        let known = PROMISES.iter().map(|(id, _)| *id).collect();
        place.report(Mistake::UnknownWord { found: found.to_owned(), known });
    }
    known.map(|(_, promise)| *promise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::observe::AUDITS;

    #[test]
    fn every_audit_s_promise_can_be_named() {
        let all: Vec<_> = AUDITS.iter().map(|audit| (audit.id(), audit.promise())).collect();
        assert_eq!(PROMISES, all);
    }
}
