//! What an asynchronous primary takes with it, and what the links still deliver.

use super::Postgres;
use crate::support::cluster::{Cluster, n};

/// Lost writes of a script that lasts 70 s, in which 1,000 writes are acknowledged.
#[track_caller]
fn lost_of_1_000(postgres: Postgres) -> u32 {
    let mut t = Postgres { operations: 1_000, ..postgres }.start();
    t.wait_until(70_000);
    assert_eq!(t.writes().acknowledged, 1_000, "all writes were acknowledged");
    t.writes().lost
}

#[track_caller]
fn script(lines: &str) -> Postgres {
    Postgres { script: lines.to_owned(), ..Postgres::default() }
}

#[test]
fn promoting_the_standby_that_was_cut_off_loses_1_000_of_1_000() {
    let lost = lost_of_1_000(script(
        r#"{ "at_ms": 2000, "do": "cut", "from": "n1", "to": "n2", "both": true },
           { "at_ms": 60000, "do": "crash", "node": "n1" },
           { "at_ms": 61000, "do": "promote", "node": "n2" }"#,
    ));
    assert_eq!(lost, 1_000);
}

#[test]
fn promoting_the_standby_that_was_not_cut_off_loses_nothing() {
    let lost = lost_of_1_000(script(
        r#"{ "at_ms": 2000, "do": "cut", "from": "n1", "to": "n2", "both": true },
           { "at_ms": 60000, "do": "crash", "node": "n1" },
           { "at_ms": 61000, "do": "promote", "node": "n3" }"#,
    ));
    assert_eq!(lost, 0);
}

/// Rule 1: slow is not cut off. Two nodes; the standby is frozen while 1,000 rows are written and
/// the primary is killed; `then` happens before the standby is promoted.
fn frozen(network: &str, client: &str, then: &str) -> u32 {
    lost_of_1_000(Postgres {
        nodes: 2,
        network: format!(r#""delay": {{ "constant_ms": 0.1 }}, {network}"#),
        clients: client.to_owned(),
        script: format!(
            r#"{{ "at_ms": 2000, "do": "pause", "node": "n2" }},
               {{ "at_ms": 60000, "do": "crash", "node": "n1" }},
               {then},
               {{ "at_ms": 64000, "do": "promote", "node": "n2" }}"#
        ),
        ..Postgres::default()
    })
}

const THAW: &str = r#"{ "at_ms": 62000, "do": "resume", "node": "n2" }"#;
const ROOM: &str = r#""buffer_bytes": 8000000"#;

#[test]
fn a_frozen_standby_that_thaws_after_the_primarys_death_has_lost_nothing() {
    assert_eq!(frozen(ROOM, super::WRITER, THAW), 0);
}

#[test]
fn what_did_not_fit_into_the_socket_buffers_is_lost() {
    // 80 MB of rows; 6.1 MB fit into the buffers: 924 of 1,000 were lost.
    let rows = super::WRITER.replacen('{', r#"{ "value_bytes": 80000,"#, 1);
    let lost = frozen(r#""buffer_bytes": 6100000"#, &rows, THAW);
    assert!((920..=930).contains(&lost), "{lost} lost");
}

#[test]
fn a_cut_link_holds_nothing_for_a_frozen_standby() {
    let cut = r#"{ "at_ms": 62000, "do": "resume", "node": "n2" }"#;
    let lost = lost_of_1_000(Postgres {
        nodes: 2,
        script: format!(
            r#"{{ "at_ms": 2000, "do": "pause", "node": "n2" }},
               {{ "at_ms": 2500, "do": "cut", "from": "n1", "to": "n2", "both": true }},
               {{ "at_ms": 60000, "do": "crash", "node": "n1" }},
               {cut},
               {{ "at_ms": 64000, "do": "promote", "node": "n2" }}"#
        ),
        ..Postgres::default()
    });
    assert_eq!(lost, 1_000);
}

#[test]
fn a_frozen_standby_that_is_restarted_never_reads_its_buffers() {
    let restart = r#"{ "at_ms": 61000, "do": "crash", "node": "n2" },
                     { "at_ms": 62000, "do": "restart", "node": "n2" }"#;
    assert_eq!(frozen(ROOM, super::WRITER, restart), 1_000);
}

/// `synchronous_commit = off`: the answer does not wait for the flush.
fn committed_before_the_flush() -> Cluster {
    let mut t = Postgres {
        nodes: 1,
        acknowledge: r#""mode": "async", "on": "received""#.to_owned(),
        disk: r#""flush": { "constant_ms": 200 }"#.to_owned(),
        clients: super::WRITER.replacen("\"count\": 1", "\"count\": 4", 1),
        ..Postgres::default()
    }
    .start();
    t.until_acknowledged(4_000);
    t
}

#[test]
fn without_waiting_for_the_flush_a_power_loss_takes_the_last_writes() {
    let mut t = committed_before_the_flush();
    t.power_off(n(1)).wait(1_000).restart(n(1)).wait(5_000);
    let lost: Vec<u32> = t.report().lost.iter().map(|lost| lost.operation).collect();
    t.demand((5..=100).contains(&lost.len()), &format!("{} lost", lost.len()));
    let before = t.report().lost.iter().all(|lost| lost.acknowledged_ms > 22_000.0 - 400.0);
    t.demand(before, "only the last writes are gone");
}

/// PostgreSQL lost the last 20 to 78 of about 4,000 when it was merely killed, since it keeps
/// their log in its own memory for a while. Here a record is handed to the operating system at
/// once, which outlives the process.
#[test]
fn without_waiting_for_the_flush_a_killed_process_loses_nothing_that_it_had_written() {
    let mut t = committed_before_the_flush();
    t.crash(n(1)).wait(1_000).restart(n(1)).wait(5_000);
    assert_eq!(t.writes().lost, 0);
}
