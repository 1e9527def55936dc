//! The old primary comes back.

use replicarium::engine::observe::Verdict;
use replicarium::engine::protocol::{Note, Promise, Role};
use replicarium::engine::world::What;

use super::Postgres;
use crate::support::cluster::{Cluster, n};

/// The primary was cut off and acknowledged 600 more rows; it died, s1 was promoted and written
/// to, and the old primary is started again. A third group of clients believes in it.
///
/// "Told to follow" is what fencing does: the old primary hears of the new one and steps down.
fn old_primary_back(returning: &str, told: bool) -> Cluster {
    let writer = super::WRITER.replacen(r#""at_leader": true"#, r#""at_leader": false"#, 1);
    let steady = writer.replacen(r#""retry": null"#, r#""retry": {}"#, 1);
    let steady = steady.replacen("3600000", "300", 1);
    let reader = r#"{ "count": 1, "writes_per_s": 0, "reads_per_s": 20, "read_from": "follower:1",
                      "retry": {}, "from_ms": 50000 }"#;
    let late = steady.replacen("3000", "50000", 1);
    let mut t = Postgres {
        failover: format!(r#""fencing": {told}, "returning": "{returning}""#),
        clients: format!("{steady}, {late}, {reader}"),
        ..Postgres::default()
    }
    .start();
    t.until_acknowledged(100).hush().wait(1_000);
    t.cut(n(1), n(2)).cut(n(1), n(3)).speak().until_acknowledged(700).hush().wait(1_000);
    t.crash(n(1)).wait(1_000).promote(n(2)).heal_all().speak().until_acknowledged(900);
    t.restart(n(1)).wait_until(60_000);
    t
}

#[test]
fn started_as_it_is_both_accept_writes() {
    let t = old_primary_back("trust", false);
    t.demand(t.facts(n(1)).accepts_writes && t.facts(n(2)).accepts_writes, "both accept");
    t.demand(t.report().split_brain_ms > 5_000.0, "both were written to at the same time");
    t.demand(matches!(t.verdict(Promise::OneLeader), Verdict::Broken(_)), "the audit sees it");
}

#[test]
fn told_to_follow_without_rewind_it_stays_up_serves_diverged_rows_and_never_follows() {
    let mut t = old_primary_back("refuse", true);
    let (role, rows) = (t.facts(n(1)).role, t.data(n(1)));
    t.demand(role == Role::Stranded, "it follows nobody");
    let read = t.next_read();
    t.until(2_000, "the read is answered", |t| t.operation(read).node.is_some());
    t.wait(60_000);
    t.demand(
        t.is_up(n(1)) && t.facts(n(1)).role == Role::Stranded,
        "it stays up and never follows",
    );
    t.demand(t.data(n(1)) == rows, "its diverged rows stay");
    t.copy_afresh(n(1)).wait(10_000).hush().wait(2_000);
    t.demand(t.data(n(1)) == t.data(n(2)), "a fresh copy follows");
}

#[test]
fn rewound_its_600_rows_that_were_not_replicated_vanish() {
    let mut t = old_primary_back("rewind", true);
    t.hush().wait(2_000);
    assert_eq!(t.writes().lost, 600);
    let milestones = t.run().observer().milestones();
    let rewound = milestones.iter().any(|event| {
        matches!(event.what, What::Noted { node, note: Note::Rewound { .. } } if node.0 == 0)
    });
    t.demand(rewound, "it was rewound");
    t.demand(t.facts(n(1)).role == Role::Follower, "it follows");
    t.demand(t.data(n(1)) == t.data(n(2)), "it holds what the others hold");
}
