//! A standby that was away: from the log if the primary still has it, else never by itself.

use replicarium::engine::protocol::MessageKind;
use replicarium::engine::world::What;

use super::Postgres;
use crate::support::cluster::{Cluster, n};

/// A second client reads at the first standby.
fn clients() -> String {
    format!(
        r#"{}, {{ "count": 1, "writes_per_s": 0, "reads_per_s": 20, "keys": 5,
                  "read_from": "follower:1", "retry": null, "from_ms": 3000 }}"#,
        super::WRITER.replacen('{', r#"{ "keys": 5,"#, 1)
    )
}

/// s1 was away for 1,000 writes and is started again.
fn back_again(retention: &str) -> Cluster {
    let mut t =
        Postgres { retention: retention.to_owned(), clients: clients(), ..Postgres::default() }
            .start();
    t.until_acknowledged(100).crash(n(2));
    t.until_acknowledged(1_100).restart(n(2));
    t
}

#[track_caller]
fn catches_up(mut t: Cluster) {
    t.wait(10_000).hush().wait(2_000);
    t.demand(t.data(n(1)) == t.data(n(2)), "all rows are equal");
    t.demand(t.facts(n(2)).last == t.facts(n(1)).last, "the logs are equal");
    let methods: Vec<_> = t.report().catch_ups.iter().map(|c| (c.node.clone(), c.method)).collect();
    t.demand(methods.contains(&("n2".to_owned(), "log")), "it caught up from the log");
}

fn asked(t: &Cluster) -> usize {
    let trace = t.run().observer().trace();
    let hello = |what: &What| {
        matches!(what, What::Sent { from, message, .. }
            if from.0 == 1 && message.kind == MessageKind::Hello)
    };
    trace.iter().filter(|event| hello(&event.what)).count()
}

#[track_caller]
fn never_catches_up(t: &mut Cluster) {
    t.wait(5_000);
    let (stuck, asked_before) = (t.facts(n(2)).last, asked(t));
    t.wait(60_000);
    t.demand(t.facts(n(2)).last == stuck, "it never catches up");
    t.demand(asked(t) >= asked_before + 5, "it keeps retrying");
    let read = t.next_read();
    t.until(1_000, "the read is answered", |t| t.operation(read).node.is_some());
    t.demand(t.operation(read).node.is_some_and(|node| node.0 == 1), "the standby answers it");
    t.demand(t.report().reads.stale > 100, "it serves stale reads");
}

#[test]
fn a_standby_that_was_away_briefly_catches_up_from_the_log() {
    let mut t = Postgres::default().start();
    t.until_acknowledged(100).crash(n(2)).wait(500).restart(n(2));
    catches_up(t);
}

#[test]
fn a_standby_whose_log_was_removed_never_catches_up_until_it_is_copied_afresh() {
    let mut t = back_again(r#""records": 200"#);
    never_catches_up(&mut t);
    t.copy_afresh(n(2)).wait(10_000).hush().wait(2_000);
    t.demand(t.data(n(2)) == t.data(n(1)), "all rows are equal after a copy under writes");
}

#[test]
fn a_replication_slot_keeps_the_log() {
    catches_up(back_again(r#""records": 200, "slots": true"#));
}

#[test]
fn a_slot_over_its_limit_is_as_good_as_none() {
    let limited = r#""records": 200, "slots": true, "slot_limit_records": 300"#;
    never_catches_up(&mut back_again(limited));
}

#[test]
fn enough_retention_does_without_a_slot() {
    catches_up(back_again(r#""records": 1500"#));
}
