//! Published figures and closed forms that the engine must reproduce: `tests/reference/*.json`.
//!
//! Each file plays the model that a formula was derived for, with the engine's own parts, and
//! compares the mean of many trials with it. The models: independent delays on links that may
//! reorder, disks that take no time, confirmations on receipt. `cargo test papers -- --nocapture`
//! prints every comparison.

mod availability;
mod catch_up;
mod commit_latency;
mod detectors;
mod elections;
mod failover;
pub mod figures;
mod leaderless;
mod lost_writes;
mod multi_leader;
mod primary_backup;

use figures::figures;
use replicarium::engine::base::{Delay, Span};
use replicarium::engine::world::{DiskSetup, LinkSetup, NetworkSetup, Setup};
use replicarium::protocols::single_leader::knobs::{ConfirmOn, Knobs, Mode, Promote};

/// A cluster as the formulas know it: nothing but the delay of the links takes time, nobody takes
/// over by himself, heartbeats are too rare to matter.
fn bare_cluster(nodes: u8, seed: u64, mode: Mode, delay: Delay) -> Setup<Knobs> {
    let mut knobs = Knobs::default();
    knobs.acknowledge.mode = mode;
    knobs.acknowledge.on = ConfirmOn::Received;
    knobs.acknowledge.give_up_after = None;
    knobs.failover.promote = Promote::ByHand;
    knobs.failover.fencing = false;
    knobs.failover.heartbeat = Span::from_millis(10_000);
    knobs.failover.timeout = Span::from_millis(1_000_000);
    knobs.shipping.batch_records = 1;
    knobs.shipping.window_records = 1 << 20;
    let all = LinkSetup { delay, ordered: false, ..LinkSetup::default() };
    Setup {
        seed,
        nodes,
        knobs,
        network: NetworkSetup { all, links: Vec::new(), clients: None },
        disk: DiskSetup { flush: Delay::default(), capacity_bytes: None },
        until: replicarium::engine::base::SimTime::NEVER,
        ..Setup::default()
    }
}

#[test]
fn every_reference_figure_is_compared_by_exactly_one_test() {
    type Claim = fn(&str) -> bool;
    let claims: [Claim; 11] = [
        multi_leader::compares,
        leaderless::compares,
        commit_latency::compares,
        lost_writes::compares,
        primary_backup::compares,
        failover::compares,
        catch_up::compares,
        detectors::compares,
        elections::compares,
        availability::compares,
        crate::chain::figures::compares,
    ];
    let files = [
        "single-leader",
        "failover-timeout",
        "catch-up",
        "failover-detectors",
        "failover-elections",
        "availability",
        "leaderless",
        "chain",
        "multi-leader",
    ];
    let all: Vec<_> = files.iter().flat_map(|file| figures(file)).collect();
    assert_eq!(all.len(), 95 + 9 + 1 + 31 + 12 + 48 + 159 + 57 + 4);
    for figure in all {
        let count = claims.iter().filter(|compares| compares(&figure.id)).count();
        assert_eq!(count, 1, "{} is compared by {count} tests", figure.id);
    }
}
