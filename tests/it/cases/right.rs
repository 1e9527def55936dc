//! Outcomes that were right and must stay so.

use std::collections::BTreeMap;

use replicarium::engine::base::{Key, NodeId, SimTime};
use replicarium::engine::observe::{End, Report};
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::Json;

use super::{comes_out, document, holds};

/// The run of a document, at its end.
#[track_caller]
fn ended(document: &Json) -> Lab {
    let mut lab = Lab::load(document, PROTOCOLS).expect("a sound document");
    lab.finish();
    lab
}

/// The report of an input with one thing changed.
#[track_caller]
fn with(name: &str, path: &str, value: Json) -> Report {
    let mut document = document(name);
    document.set(path, value);
    ended(&document).report()
}

#[track_caller]
fn report(name: &str) -> Report {
    ended(&document(name)).report()
}

fn lost(report: &Report) -> String {
    format!("{} of {} lost", report.writes.lost, report.writes.acknowledged)
}

fn verdict(report: &Report, promise: &str) -> &'static str {
    let row = report.verdicts.iter().find(|row| row.promise == promise);
    row.expect("a promise").verdict
}

#[test]
fn an_unclean_election_loses_what_only_the_others_had() {
    let (one, all) = ("unclean-acks1.json", "unclean-acksall.json");
    comes_out(one, "lost with one confirmation", "8 of 10 lost", lost(&report(one)));
    comes_out(all, "lost with the confirmations of all in step", "3 of 5 lost", lost(&report(all)));
}

/// The published counts are those of nodes that ask for votes at once: n3, alone for 2.4 s, then
/// raises the epoch, is the one that is elected, and n2 deposes it when it is back at 12 s. Since
/// nodes ask first, n1 is elected at 7.3 s and nobody is deposed: the same 19 writes are lost, and
/// 31 more are acknowledged.
#[test]
fn what_was_confirmed_in_memory_is_lost_with_the_power_and_what_was_flushed_is_not() {
    let name = "fsync.json";
    for (asks_first, right) in [(false, "19 of 136 lost"), (true, "19 of 167 lost")] {
        let mut document = document(name);
        document.set("cluster.knobs.failover.pre_vote", Json::Bool(asks_first));
        let shows = format!("lost where memory confirms, asking first: {asks_first}");
        comes_out(name, &shows, right, lost(&ended(&document).report()));
        document.set("cluster.knobs.acknowledge.on", Json::text("flushed"));
        let flushed = ended(&document).report();
        let shows = format!("lost where the disk confirms, asking first: {asks_first}");
        comes_out(name, &shows, "0", flushed.writes.lost);
        assert!(flushed.writes.acknowledged > 100, "{}", flushed.writes.acknowledged);
    }
}

#[test]
fn after_a_whole_outage_the_first_to_notice_loses_and_a_majority_waits() {
    let name = "whole-outage.json";
    comes_out(
        name,
        "lost where the first to notice chooses",
        "38 of 175 lost",
        lost(&report(name)),
    );
    let majority = with(name, "cluster.knobs.failover.promote", Json::text("majority"));
    comes_out(name, "lost where a majority votes", "0", majority.writes.lost);
}

#[test]
fn a_chain_that_went_down_waits_for_the_node_that_was_last_in_it() {
    let name = "chain-outage.json";
    let mut lab = Lab::load(&document(name), PROTOCOLS).expect("a sound document");
    let answered = |lab: &Lab| {
        let report = lab.report();
        report.writes.acknowledged + report.reads.total
    };
    lab.seek(SimTime::from_millis(12_000));
    let before = answered(&lab);
    lab.seek(SimTime::from_millis(22_000));
    let served = answered(&lab) - before;
    comes_out(name, "answered between the last one's outage and its return", "0", served);
    lab.finish();
    comes_out(name, "lost", "0", lab.report().writes.lost);
    let after = answered(&lab) - before;
    holds(name, "answered afterwards", "some", after, after > 20);
}

#[test]
fn an_edit_outlives_a_deletion_that_had_not_seen_it_and_the_deletion_stays_beside_it() {
    let name = "delete-and-edit.json";
    // Its writers never read: none of them was given what the others wrote. So the first value is not
    // replaced either, unless the leaders say what a write has seen.
    let unread = document(name);
    let mut known = document(name);
    known.set("cluster.knobs.context", Json::text("server"));
    stay_beside_each_other(name, &unread, "a deletion and k0 = 1 and k0 = 8");
    stay_beside_each_other(name, &known, "a deletion and k0 = 8");
}

/// What both nodes hold in the end, and that their last readers were shown the edit.
#[track_caller]
fn stay_beside_each_other(name: &str, document: &Json, right: &str) {
    let lab = ended(document);
    let view = lab.run().view();
    for node in [NodeId(0), NodeId(1)] {
        let mut held: Vec<String> = view
            .nodes
            .stored(node, Key(0))
            .into_iter()
            .map(|record| {
                let deleted = view.records.version(record).is_some_and(|version| version.deleted);
                let value = view.records.get(record).map_or(0, |record| record.value);
                if deleted { "a deletion".to_owned() } else { format!("k0 = {value}") }
            })
            .collect();
        held.sort();
        comes_out(name, &format!("held by {node}"), right, held.join(" and "));
    }
    let reads = lab.run().observer().history().iter();
    let last = reads.filter_map(|(_, read)| match read.end {
        End::Value { value, .. } => read.node.map(|node| (node, value)),
        _ => None,
    });
    let last: BTreeMap<NodeId, u64> = last.collect();
    let read = last.iter().map(|(node, value)| format!("{node}: k0 = {value}"));
    let read = read.collect::<Vec<_>>().join(", ");
    comes_out(name, "read last", "n1: k0 = 8, n2: k0 = 8", read);
    let report = lab.report();
    comes_out(name, "lost", "0", report.writes.lost);
    comes_out(name, "overwritten", "0", report.writes.overwritten);
}

#[test]
fn writes_wait_while_confirmations_do_not_come_back_and_none_happens_twice() {
    let name = "one-way.json";
    let report = report(name);
    let waited = report.latency_ms.write.max.unwrap_or(0.0);
    let waits = (6_100.0..6_300.0).contains(&waited);
    holds(name, "the longest write", "about 6.2 s", format!("{waited} ms"), waits);
    comes_out(name, "lost", "0", report.writes.lost);
    comes_out(name, "twice", "holds", verdict(&report, "nothing-applied-twice"));
}

#[test]
fn a_failed_quorum_write_comes_back_and_then_stays() {
    let name = "failed-quorum-write.json";
    let report = report(name);
    comes_out(
        name,
        "failed writes stay failed",
        "broken",
        verdict(&report, "failed-writes-stay-failed"),
    );
    comes_out(name, "reads never go back", "holds", verdict(&report, "monotonic-reads"));
    comes_out(name, "linearizable", "holds", verdict(&report, "linearizable"));
}
