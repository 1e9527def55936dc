//! Data with versions per key: contexts, siblings, retries that count.

use replicarium::engine::base::{Key, NodeId};
use replicarium::engine::observe::{Case, End, Recorder, Verdict};
use replicarium::engine::protocol::{Command, Promise, RecordRef};
use replicarium::engine::world::Run;
use replicarium::lab::Lab;
use replicarium::lab::export::{Export, Options};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::history::{Bounds, Recorded};
use replicarium::scenario::{Json, preset};

use super::{comes_out, document, holds, input, played};
use crate::support::parallel::each;

fn history(lab: &Lab) -> String {
    lab.export(Export::History, &Options::default())
}

/// What the last read was told, and how many versions stood behind it.
fn last_read(run: &dyn Run<Recorder>) -> (u64, usize) {
    let reads = run.observer().history().iter().filter_map(|(_, read)| match read.end {
        End::Value { value, version, .. } => Some((value, version)),
        _ => None,
    });
    let (value, version) = reads.last().expect("an answered read");
    (value, run.view().records.joins(RecordRef::named(version)).len().max(1))
}

fn verdict(run: &dyn Run<Recorder>, promise: Promise) -> Verdict {
    let case = Case::new(run.observer(), run.view(), run.now());
    case.verdict(promise).expect("an audit")
}

#[test]
fn two_clients_that_never_read_leave_siblings() {
    let name = "blind-put.json";
    let run = played(&input(name), None);
    comes_out(name, "versions that a reader is given", "2", last_read(run.as_ref()).1);
    let held = |node| run.view().nodes.stored(NodeId(node), Key(0)).len();
    comes_out(
        name,
        "siblings on n1, n2, n3",
        "2 2 2",
        [0, 1, 2].map(held).map(|n| n.to_string()).join(" "),
    );
}

#[test]
fn where_the_last_write_wins_a_blind_put_overwrites_unseen_by_name() {
    let name = "blind-put.json";
    let mut wins = document(name);
    wins.set("cluster.knobs.versions", Json::text("last-write-wins"));
    let run = played(&wins.to_string(), None);
    let case = Case::new(run.observer(), run.view(), run.now());
    let told: Vec<String> = case
        .recorder
        .ledger()
        .versions()
        .overwritten()
        .map(|o| run.observer().name(o.by))
        .collect();
    comes_out(name, "with last-write-wins: overwritten unseen by", "k0 = 2", told.join(", "));
    wins.set("cluster.knobs.context", Json::text("server"));
    let run = played(&wins.to_string(), None);
    let case = Case::new(run.observer(), run.view(), run.now());
    comes_out(
        name,
        "with the server's context: overwritten",
        "0",
        case.recorder.ledger().counts().overwritten,
    );
}

#[test]
fn an_increment_that_is_asked_for_again_without_a_key_counts_twice_and_the_promise_is_broken() {
    let name = "counter-twice.json";
    let run = played(&input(name), None);
    comes_out(name, "the counter reads", "36", last_read(run.as_ref()).0);
    let found = verdict(run.as_ref(), Promise::NothingAppliedTwice);
    let Verdict::Broken(witness) = found else { panic!("{found:?}") };
    let says = witness.sentence.starts_with("18 increments of k0 are counted 36 times");
    holds(name, "no write happens twice", "broken: 18 counted 36 times", witness.sentence, says);
    let mut keyed = document(name);
    keyed.set("clients.0.retry.idempotent", Json::Bool(true));
    let run = played(&keyed.to_string(), None);
    comes_out(name, "with a key: the counter reads", "18", last_read(run.as_ref()).0);
    comes_out(
        name,
        "with a key",
        "holds",
        verdict(run.as_ref(), Promise::NothingAppliedTwice).word(),
    );
}

#[test]
fn the_history_of_a_counter_is_left_out_with_a_note() {
    let name = "counter-twice.json";
    let mut lab = Lab::load(&document(name), PROTOCOLS).expect("a scenario");
    lab.finish();
    let text = history(&lab);
    let operations = text.lines().filter(|line| !line.contains(r#""process":"nemesis""#));
    comes_out(name, "operations in the exported history", "0", operations.count());
    let note = lab.left_out(Export::History).expect("a note");
    holds(name, "the note", "names the counter", &note, note.contains("counter"));
}

#[test]
fn a_retry_with_a_key_that_reaches_another_leader_counts_once() {
    let name = "counter-idempotent-retry.json";
    let seeds: Vec<u32> = (0..60).collect();
    let told = each(&seeds, |seed| {
        let mut document = document(name);
        document.put("seed", Json::Number(f64::from(*seed)));
        let run = played(&document.to_string(), None);
        let writes = run.observer().history().iter().filter(|(_, op)| op.is_write()).count();
        let kept = verdict(run.as_ref(), Promise::NothingAppliedTwice) == Verdict::Holds;
        (last_read(run.as_ref()).0, writes as u64, kept)
    });
    let right = told.iter().filter(|(value, writes, kept)| value == writes && *kept).count();
    comes_out(name, "seeds 0-59 whose counter reads what was asked for", "60", right);
    comes_out(name, "seed 1: the counter reads", "23", told[1].0);
}

#[test]
fn a_compare_and_set_that_a_driver_repeats_is_told_as_not_applied_though_it_was() {
    let name = "cas-retried.jsonl";
    let seeds: Vec<u32> = (0..20).collect();
    let retried = |seed: u32, idempotent: bool| {
        let mut document = preset(PROTOCOLS, "cas-retried").expect("a preset").document();
        document.put("seed", Json::Number(f64::from(seed)));
        document.set("clients.0.retry.idempotent", Json::Bool(idempotent));
        let run = played(&document.to_string(), None);
        (
            verdict(run.as_ref(), Promise::Linearizable).word(),
            verdict(run.as_ref(), Promise::FailedWritesStayFailed).word(),
        )
    };
    let count = |idempotent: bool, wanted: (&str, &str)| {
        each(&seeds, |seed| retried(*seed, idempotent)).iter().filter(|f| **f == wanted).count()
    };
    comes_out(
        name,
        "simulated, 20 seeds: not linearizable",
        "20",
        count(false, ("broken", "broken")),
    );
    comes_out(name, "with an idempotency key: linearizable", "20", count(true, ("holds", "holds")));
}

#[test]
fn compare_and_sets_are_in_the_exported_history_and_its_checker_finds_the_same() {
    let mut lab =
        Lab::load(&preset(PROTOCOLS, "cas-retried").expect("a preset").document(), PROTOCOLS)
            .expect("a sound preset");
    lab.finish();
    let text = history(&lab);
    assert!(text.contains(r#""f":"cas""#) && text.contains(r#""applied":false"#), "{text}");
    let mut recorded = Recorded::read(&text, None).expect("a history without mistakes");
    assert_eq!(recorded.judge(Bounds::default()).linearizable, Some(false));
    let swaps = lab.run().observer().history().iter();
    let swaps = swaps.filter(|(_, op)| matches!(op.command, Command::Swap { .. })).count();
    assert_eq!(text.matches(r#""type":"invoke","f":"cas""#).count(), swaps);
}

#[test]
fn compare_and_sets_are_refused_where_no_node_knows_what_a_key_is() {
    for protocol in ["multi-leader", "leaderless"] {
        let text = format!(
            r#"{{"format":1,"cluster":{{"protocol":"{protocol}"}},"clients":[{{"workload":"cas"}}]}}"#
        );
        let problems =
            replicarium::protocols::read(&text).expect_err("no condition can be checked");
        assert_eq!(problems.len(), 1);
        let told = problems[0].to_string();
        assert!(told.contains("compare-and-set") && told.contains("clients[0].workload"), "{told}");
    }
}
