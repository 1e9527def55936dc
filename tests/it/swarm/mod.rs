//! The swarm: random clusters under random faults. While things break, what is promised must be
//! kept; when all is mended, the cluster must come together again and serve.
//!
//! `SEEDS=100000 cargo test --test it swarm` runs more; `SEED=7 cargo test --test it swarm --
//! --nocapture` runs one and tells its story.

mod demands;
pub mod faults;
pub mod leaderless;
pub mod multi_leader;
pub mod plan;
mod promised;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::judge::tally;
use crate::support::parallel::each;

/// Runs by default.
const SEEDS: u64 = 10_000;

/// Failing seeds told in full.
const TOLD: usize = 3;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs one seed; the reason if it fails.
pub type Check = fn(seed: u64, story: bool) -> Result<(), String>;

fn failure(check: Check, seed: u64, story: bool) -> Option<String> {
    let caught = catch_unwind(AssertUnwindSafe(|| check(seed, story)));
    match caught {
        Ok(result) => result.err(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            Some(format!("the engine panicked: {}", text.unwrap_or_default()))
        }
    }
}

#[test]
fn promises_are_kept_under_faults_and_everything_works_again_after_healing() {
    all_hold("swarm", SEEDS, |seed, story| {
        demands::check(&plan::with_appliers(plan::plan(seed)), story)
    });
}

/// Checks so many seeds, or those that the environment asks for.
#[track_caller]
pub fn all_hold(test: &str, seeds: u64, check: Check) {
    if let Some(seed) = number("SEED") {
        if let Some(reason) = failure(check, seed, true) {
            panic!("seed {seed}: {reason}");
        }
        return;
    }
    let from = number("FROM").unwrap_or(0);
    let seeds: Vec<u64> = (from..from + number("SEEDS").unwrap_or(seeds)).collect();
    let failures: Vec<(u64, String)> =
        each(&seeds, |seed| Some((*seed, failure(check, *seed, false)?)))
            .into_iter()
            .flatten()
            .collect();
    println!(
        "{test}, with all that both judges have judged in this process:\n{}",
        tally::all().table()
    );
    let told: Vec<String> = failures
        .iter()
        .take(TOLD)
        .map(|(seed, why)| {
            format!(
                "seed {seed}: {why}\nagain: SEED={seed} cargo test --test it {test} -- --nocapture"
            )
        })
        .collect();
    let heads: Vec<String> = failures
        .iter()
        .map(|(seed, why)| format!("{seed}: {}", why.lines().next().unwrap_or_default()))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} seeds fail\n{}\n\n{}",
        failures.len(),
        seeds.len(),
        told.join("\n\n"),
        heads.join("\n")
    );
}
