//! Paper tests: one for each rule of DeCandia et al. (SOSP 2007) that the protocol follows, with its
//! section.

use super::knobs::Knobs;
use super::step_tests::{Bench, K, N1, N2, N3, knobs, one, put, versions, write};
use super::{Message, Timer};
use engine::protocol::parts::{Causality, Conflicts, Siblings};
use engine::protocol::{Input, RecordRef, Request};

/// Section 4.4: "If the counters on the first object's clock are less-than-or-equal to all of the
/// nodes in the second clock, then the first is an ancestor of the second and can be forgotten.
/// Otherwise, the two changes are considered to be in conflict."
#[test]
fn an_ancestor_is_forgotten_and_a_conflict_is_kept() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let first = bench.holds(N2, 1, &[]);
    let child = bench.holds(N3, 1, &[first]);
    assert_eq!(bench.node.store.get(K), &one(child));
    let rival = bench.holds(N2, 2, &[first]);
    assert_eq!(bench.records.compare(rival, child), Causality::Concurrent);
    assert_eq!(bench.node.store.get(K), &Siblings::of(&[rival, child]));
}

/// Section 4.4: "when a client wishes to update an object, it must specify which version it is
/// updating. This is done by passing the context it obtained from an earlier read operation"; the
/// reconciled version replaces those that it was reconciled from.
#[test]
fn a_write_whose_client_read_both_branches_joins_them() {
    let mut bench = Bench::new(N1, knobs(|k| k.r = 1));
    bench.holds(N2, 1, &[]);
    bench.holds(N3, 1, &[]);
    bench.read(10, 1);
    let joined = RecordRef(u32::try_from(bench.records.len()).unwrap() - 1);
    bench.write(20, 2);
    assert_eq!(bench.node.store.get(K).len(), 3, "a client that read nothing");
    let request = Request { context: joined.name(), ..write(3, K) };
    bench.effects(30, Input::Request(request));
    assert_eq!(bench.node.store.get(K).len(), 2);
}

/// Section 4.5: "the coordinator generates the vector clock for the new version and writes the new
/// version locally. The coordinator then sends the new version ... to the N highest-ranked reachable
/// nodes. If at least W-1 nodes respond then the write is considered successful."
#[test]
fn the_coordinator_writes_locally_sends_and_waits_for_w_minus_one() {
    let mut bench = Bench::new(N1, knobs(|k| k.w = 2));
    let local = bench.write(10, 1);
    assert!(local.iter().all(|line| !line.contains("<- Put")), "first its own disk: {local:?}");
    let sent = bench.flushed(12, 1);
    assert_eq!(sent.iter().filter(|line| line.contains("<- Put")).count(), 2);
    assert!(bench.hears(14, N2, Message::Stored { call: 1 })[0].contains("Written"));
}

/// Section 4.5: for a get, the coordinator "waits for R responses before returning the result to
/// the client. If the coordinator ends up gathering multiple versions of the data, it returns all
/// the versions it deems to be causally unrelated."
#[test]
fn a_get_returns_all_versions_that_are_causally_unrelated() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    let mine = bench.holds(N2, 1, &[]);
    let theirs = bench.version(N3, 1, &[]);
    bench.read(10, 1);
    bench.hears(12, N3, versions(1, &[theirs]));
    let joined = bench.records.len() as u32 - 1;
    assert_eq!(bench.records.joins(engine::protocol::RecordRef(joined)), [mine, theirs]);
}

/// Section 4.6: "if node A is temporarily down ... a replica that would normally have lived on A
/// will now be sent to node D ... The replica sent to D will have a hint in its metadata that
/// suggests which node was the intended recipient."
#[test]
fn a_hinted_replica_names_its_intended_recipient_and_is_deleted_once_delivered() {
    let mut stand_in = Bench::new(N1, knobs(|k| k.sloppy = true));
    let record = stand_in.version(N2, 1, &[]);
    stand_in.hears(10, N2, Message::Hint { call: 1, owner: N3, key: K, versions: one(record) });
    assert_eq!(stand_in.node.hints[0].owner, N3);
    assert!(stand_in.node.store.get(K).is_empty(), "kept apart from its own");
    stand_in.hears(20, N3, Message::HandedOff { versions: [(K, record)].into() });
    assert!(stand_in.node.hints.is_empty());
}

/// Section 4.7: "each branch of the tree can be checked independently without requiring nodes to
/// download the entire tree": nothing but the differing branches' hashes goes over the link.
#[test]
fn only_the_branches_that_differ_are_compared_further() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.holds(N2, 1, &[]);
    let told = bench.hears(10, N3, Message::Hashes { hashes: [(0, 0)].into() });
    assert!(told[0].contains("n3 <- Hashes { hashes: [(1, "), "{told:?}");
    let equal = told[0].contains("(1, 0)") || told[0].contains("(2, 0)");
    assert!(equal, "one half of the ring is empty on both: {told:?}");
}

/// Section 4.8.3: "node A quickly discovers that a node B is unresponsive when B fails to respond to
/// a message; node A then uses alternate nodes to service requests that map to B's partitions; A
/// periodically retries B to check for the latter's recovery."
#[test]
fn a_node_that_does_not_answer_is_done_without_and_asked_again_periodically() {
    let mut bench = Bench::new(N1, knobs(|_| ()));
    bench.write(10, 1);
    bench.flushed(12, 1);
    bench.hears(13, N2, Message::Stored { call: 1 });
    bench.timer(112, Timer::Patience);
    assert!(bench.node.unresponsive.contains(N3));
    assert!(bench.timer(612, Timer::Knock).contains(&"n3 <- Knock".to_owned()));
    bench.hears(615, N3, Message::Here);
    assert!(!bench.node.unresponsive.contains(N3));
}

/// Section 5: "if stale versions were returned in any of the responses, the coordinator updates
/// those nodes with the latest version. This process is called read repair."
#[test]
fn a_stale_response_is_answered_with_the_latest_version() {
    let mut bench = Bench::new(N1, Knobs { anti_entropy: None, ..Knobs::default() });
    let old = bench.version(N2, 1, &[]);
    let new = bench.holds(N2, 2, &[old]);
    bench.read(10, 1);
    let told = bench.hears(12, N3, versions(1, &[old]));
    let repair = format!("n3 <- Repair {{ call: 0, key: 0, versions: One(r{}) }}", new.0);
    assert!(told.contains(&repair), "{told:?}");
}

/// The last write wins by its stamp alone; a later writer with a slow clock loses.
#[test]
fn the_stamp_decides_where_the_last_write_wins() {
    let mut bench = Bench::new(N1, knobs(|k| k.versions = Conflicts::LastWriteWins));
    bench.clock = 7_000_000;
    bench.write(10, 1);
    bench.clock = 1_000_000;
    bench.write(20, 2);
    let held = bench.node.store.get(K).as_slice().to_vec();
    assert_eq!(bench.records.get(held[0]).unwrap().value, 10);
}

/// Section 4.2: consistent hashing; a key's preference list are distinct nodes clockwise, and any
/// other node only passes requests on.
#[test]
fn a_stranger_forwards_to_the_first_that_answers() {
    let holders = Bench::of(N1, 6, knobs(|_| ())).node.preference(K);
    let stranger = (0..6).map(engine::base::NodeId).find(|n| !holders.contains(n)).unwrap();
    let mut bench = Bench::of(stranger, 6, knobs(|_| ()));
    bench.effects(5, Input::PeerClosed(holders[0]));
    let told = bench.write(10, 1);
    assert!(told[0].starts_with(&format!("{} <- Forward", holders[1])), "{told:?}");
    assert!(bench.hears(20, holders[1], put(1, engine::protocol::RecordRef(0))).len() < 3);
}
