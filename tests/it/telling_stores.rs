//! What is told where data are versions per key: who has what, who keeps what for whom, when something
//! was lost, and what is so now. One test for each kind of untruth.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use replicarium::engine::base::{EventId, NodeId, OpId};
use replicarium::engine::observe::lineage::sample;
use replicarium::engine::observe::settling::difference;
use replicarium::engine::observe::{Fate, Operation};
use replicarium::engine::protocol::{Note, Shape};
use replicarium::engine::world::{NodeStatus, What};
use replicarium::lab::Lab;
use replicarium::scenario::{self, Json};

use crate::telling::{at, at_moments, lab, preset, whole};

/// A scenario kept ready, with this script instead of its own.
fn with_script(name: &str, script: &str, change: impl Fn(&mut Json)) -> Lab {
    let mut document = preset(name);
    document.put("script", scenario::parse(script).expect("json"));
    change(&mut document);
    lab(&document)
}

fn is_store(lab: &Lab) -> bool {
    lab.run().view().shape == Shape::Store
}

/// Whether the process of a node runs that has a version of this write in any way.
fn somebody_has(lab: &Lab, op: OpId, runs: bool) -> bool {
    let (run, view) = (lab.run(), lab.run().view());
    let versions: BTreeSet<_> = run.observer().ledger().versions().of(op).collect();
    let mut nodes = (0..view.nodes.count()).map(NodeId).filter(|node| {
        let status = view.nodes.status(*node);
        matches!(status, NodeStatus::Up | NodeStatus::Paused) == runs
    });
    nodes.any(|node| view.nodes.holdings(node, view.records).iter().any(|at| versions.contains(at)))
}

#[test]
fn a_difference_is_told_only_while_there_is_one_and_then_equality_is_not() {
    let seen = AtomicU32::new(0);
    at_moments(60, |name, lab| {
        let (run, view) = (lab.run(), lab.run().view());
        let verdicts = lab.verdicts();
        let equal = verdicts.iter().find(|verdict| verdict.id == "replicas-converge");
        let holds = equal.expect("a promise").word == "holds";
        let differ = difference(&sample(&view), &view).is_some();
        assert!(!holds || !differ, "{name} at {:?}: “equal”, and they differ", run.now());
        let remarks = lab.stage().nodes.into_iter().filter_map(|card| card.remark);
        let told = remarks.filter(|remark| remark.starts_with("differs from")).count();
        let line = whole(&lab.sentence()).contains("exchange the ranges that differ");
        assert!(differ || told == 0 && !line, "{name} at {:?}: nothing differs", run.now());
        seen.fetch_add(u32::from(line), Ordering::Relaxed);
    });
    let mut returns = lab(&preset("leaderless-failed-write-returns"));
    for millis in (7_000..9_000).step_by(20) {
        at(&mut returns, millis);
        let differ = difference(&sample(&returns.run().view()), &returns.run().view()).is_some();
        let line = whole(&returns.sentence()).contains("exchange the ranges that differ");
        assert!(differ || !line, "at {millis} ms");
        seen.fetch_add(u32::from(line), Ordering::Relaxed);
    }
    assert!(seen.into_inner() > 0, "some differ, and it is told");
}

/// Whether some node has, or a client was told of, a version whose writer had been given this write.
fn is_replaced(lab: &Lab, op: OpId) -> bool {
    let (run, view) = (lab.run(), lab.run().view());
    let (history, versions) = (run.observer().history(), run.observer().ledger().versions());
    let key = history.get(op).expect("a write").key();
    let nodes = || (0..view.nodes.count()).map(NodeId);
    versions.of_key(key).iter().any(|later| {
        let by = view.records.get(*later).map(|record| record.op);
        let told = by.and_then(|by| history.get(by)).is_some_and(Operation::is_acknowledged);
        let held = nodes().any(|node| view.nodes.holdings(node, view.records).contains(later));
        (told || held) && versions.of(op).any(|own| view.records.saw(*later, own))
    })
}

#[test]
fn a_saved_write_is_told_to_be_on_no_running_node_where_that_is_so_and_nowhere_else() {
    at_moments(12, |name, lab| {
        for row in lab.ledger(None).rows.iter().filter(|_| is_store(lab)) {
            let op = OpId(row.op);
            if lab.run().observer().fate(op) != Fate::Acknowledged {
                continue;
            }
            let (up, down) = (somebody_has(lab, op, true), somebody_has(lab, op, false));
            let nowhere = row.fate.contains("on no node that runs");
            let away = !up && down && !is_replaced(lab, op);
            assert_eq!(nowhere, away, "{name}: {} {}", row.what, row.fate);
            assert_eq!(row.fate.contains("forgotten"), !up && !down, "{name}: {}", row.fate);
        }
    });
}

#[test]
fn what_stand_ins_keep_is_told_with_their_names_and_those_of_the_owners() {
    let script = r#"[ { "at_ms": 4000, "do": "power-off", "node": "n2" },
                      { "at_ms": 4500, "do": "power-off", "node": "n3" },
                      { "at_ms": 8000, "do": "full-disk", "node": "n1" } ]"#;
    let mut lab = with_script("leaderless-sloppy-quorum-hints", script, |_| {});
    at(&mut lab, 8_000);
    let text = whole(&lab.sentence());
    let (head, _) = text.split_once(" until they can hand them over.").expect("what is kept");
    let clause = head.rsplit(". ").next().expect("a clause");
    assert!(
        clause.starts_with("n1, n4 and n5 keep ") || clause.contains(" n1, n4 and n5 keep "),
        "{text}"
    );
    assert!(clause.ends_with(" versions for n2 and n3"), "{text}");
    at(&mut lab, 9_500);
    let rows = lab.ledger(None).rows;
    let taken = rows.iter().find(|row| row.what == "k3 = 272").expect("a row");
    assert_eq!(taken.fate, "kept for n2 by n5, for n3 by n4");
}

/// Lines of the log that tell of losses: when, and which event.
fn losses(lab: &Lab) -> Vec<(u64, u32, String)> {
    let all = lab.log_since(EventId(0)).into_iter();
    let lost =
        all.filter(|line| line.text.contains("acknowledged write") && line.text.contains("lost"));
    lost.map(|line| (line.at_ms.to_bits(), line.event, line.text)).collect()
}

#[test]
fn a_loss_has_one_time_whenever_somebody_looks_and_the_log_counts_as_the_headline_does() {
    let told = AtomicU32::new(0);
    let mut known: Vec<(u64, u32, String)> = Vec::new();
    let mut undone = lab(&preset("leaderless-deletion-undone"));
    for millis in (7_000..14_000).step_by(33) {
        at(&mut undone, millis);
        let now = losses(&undone);
        assert!(now.starts_with(&known), "at {millis} ms: {known:?}, then {now:?}");
        let lost = undone.run().observer().ledger().counts().lost;
        if let Some((.., last)) = now.last() {
            let all = format!(", {lost} in all.");
            assert!(last.ends_with(&all) || last.starts_with(&lost.to_string()), "{last}, {lost}");
            told.fetch_add(1, Ordering::Relaxed);
        }
        known = now;
    }
    assert!(known.len() > 1 && told.into_inner() > 0, "{known:?}");
    let all: Vec<_> = scenario::presets(replicarium::protocols::PROTOCOLS).collect();
    crate::support::parallel::each(&all, |preset| {
        let mut lab = lab(&preset.document());
        let until = lab.until().micros() / 1_000;
        let mut known = BTreeSet::new();
        for step in 1..=40 {
            at(&mut lab, until * step / 40);
            let now: BTreeSet<_> =
                losses(&lab).into_iter().map(|(at, event, _)| (at, event)).collect();
            let moved: Vec<_> = known.difference(&now).collect();
            assert!(moved.is_empty(), "{}: {moved:?} at {step} of 40", preset.name);
            known = now;
        }
    });
}

#[test]
fn why_a_deletion_is_lost_tells_what_was_so_when_it_was_lost() {
    let mut lab = lab(&preset("leaderless-deletion-undone"));
    at(&mut lab, 9_000);
    let early = whole(&lab.sentence());
    lab.finish();
    let late = whole(&lab.sentence());
    for text in [early, late] {
        let so = "forgot it while n3 still had the value";
        assert!(text.contains(so) && !text.contains("one still has it"), "{text}");
    }
}

#[test]
fn what_only_stopped_nodes_have_is_not_called_stored() {
    let script = r#"[ { "at_ms": 4000, "do": "disturb", "from": "n1", "to": "n2", "loss": 1 },
                      { "at_ms": 4000, "do": "disturb", "from": "n2", "to": "n1", "loss": 1 },
                      { "at_ms": 16000, "do": "power-off", "node": "n1" } ]"#;
    let mut lab = with_script("multi-leader-conflict", script, |document| {
        document.set("until_ms", Json::Number(40_000.0));
        document.set("clients.0.until_ms", Json::Number(40_000.0));
    });
    let mut away = 0;
    for millis in (16_010..36_000).step_by(970) {
        at(&mut lab, millis);
        let run = lab.run();
        let acknowledged = run.observer().ledger().acknowledged().iter();
        let kept = acknowledged.filter(|op| run.observer().fate(**op) == Fate::Acknowledged);
        let out = kept.filter(|op| {
            let (up, down) = (somebody_has(&lab, **op, true), somebody_has(&lab, **op, false));
            !up && down && !is_replaced(&lab, **op)
        });
        let out = u32::try_from(out.count()).expect("few");
        let text = whole(&lab.sentence());
        let told = text.contains("on no running node.");
        assert_eq!(told, out > 0, "{out}: {text}");
        assert!(!told || text.contains(&format!("{out} of them ")), "{out}: {text}");
        assert!(!told || !text.contains("each is stored"), "{text}");
        away += out;
    }
    assert!(away > 0, "n1 alone has some");
}

#[test]
fn who_did_not_answer_whom_is_told_as_it_was_noted() {
    let mut told = 0;
    for (one, other) in [(1, 2), (1, 3), (1, 4), (2, 3), (2, 5), (3, 4), (4, 5)] {
        let disturb = |from: u8, to: u8| {
            format!(
                r#"{{ "at_ms": 4000, "do": "disturb", "from": "n{from}", "to": "n{to}", "loss": 0.8 }}"#
            )
        };
        let heal = r#"{ "at_ms": 9000, "do": "heal-all" }"#;
        let script = format!("[ {}, {}, {heal} ]", disturb(one, other), disturb(other, one));
        let mut lab = with_script("leaderless-sloppy-quorum-hints", &script, |_| {});
        lab.finish();
        let text = whole(&lab.sentence());
        if !text.contains("handed over") {
            continue;
        }
        told += 1;
        let milestones = lab.run().observer().milestones().iter();
        let noted: Vec<_> = milestones
            .filter_map(|event| match event.what {
                What::Noted { node: by, note: Note::Unresponsive { node } } => Some((node, by)),
                _ => None,
            })
            .collect();
        assert!(text.contains(" did not answer "), "{text}");
        let pair = |(node, by): &(NodeId, NodeId)| {
            text.contains(&format!("{node} did not answer {by}")) || text.contains(" or ")
        };
        assert!(noted.iter().any(pair), "{noted:?}: {text}");
        assert!(!text.contains("was back") && !text.contains("were back"), "{text}");
    }
    assert!(told > 0, "others stood in over a bad link");
}

#[test]
fn rows_of_the_ledger_stand_in_the_order_of_the_times_beside_them() {
    at_moments(12, |name, lab| {
        let rows = lab.ledger(None).rows;
        let lost = |row: &&_| replicarium::view::shape::sign_of_write(row) == "✕";
        let of = |wanted: bool| rows.iter().filter(move |row| lost(row) == wanted);
        for group in [
            of(true).map(|row| row.at_ms).collect::<Vec<_>>(),
            of(false).map(|row| row.at_ms).collect(),
        ] {
            assert!(group.is_sorted_by(|later, earlier| later >= earlier), "{name}: {group:?}");
        }
    });
}

#[test]
fn a_promise_that_is_not_judged_says_what_it_is_about() {
    let mut lab = lab(&preset("multi-leader-causality"));
    lab.finish();
    assert!(whole(&lab.sentence()).contains("before those that they follow had arrived there"));
    let prefix = lab.verdicts().into_iter().find(|verdict| verdict.id == "consistent-prefix");
    let why = prefix.expect("a promise").why;
    assert!(why.contains("one order of all writes"), "{why}");
}
