//! Scenarios that are kept ready under names, each one file beside this one.

use super::json::{Json, parse};

/// A scenario kept ready.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name on the command line, in links and in the picker.
    pub name: &'static str,
    /// One line about what it shows.
    pub about: &'static str,
    /// The text of its document.
    pub text: &'static str,
}

macro_rules! presets {
    ($($name:literal: $about:literal),* $(,)?) => {
        /// All of them, in the order in which they are offered; the first opens the page.
        pub const PRESETS: &[Preset] = &[$(
            Preset { name: $name, about: $about, text: include_str!(concat!($name, ".json")) }
        ),*];
    };
}

presets! {
    "async-leader-crash":
        "acknowledged at once; what the leader had not shipped dies with its machine",
    "semi-sync-leader-crash":
        "acknowledged when one follower has it; the same machine dies, nothing is lost",
    "sync-leader-crash":
        "acknowledged when every follower has it; nothing is lost, writes wait for the dead node",
    "sync-follower-silent":
        "one silent follower, and no write is acknowledged until it speaks again",
    "semi-sync-degrades":
        "nobody confirms: after a time the leader goes on alone, and says so",
    "catch-up-from-log":
        "a follower that was away asks for what it lacks",
    "catch-up-from-snapshot":
        "a new follower copies a snapshot while clients write, then the log from there",
    "catch-up-log-truncated":
        "the copy takes so long that the log behind it is gone: a new snapshot is needed",
    "false-suspicion":
        "the leader was only paused; it comes back and finds another in its place",
    "split-brain-unfenced":
        "the leader is cut off and goes on: two leaders accept writes",
    "split-brain-fenced":
        "the same cut with fencing: the leader stops before another is promoted",
    "old-leader-returns":
        "an old leader comes back with writes that nobody else has; they are cut off its log",
    "power-outage-torn-record":
        "acknowledged from memory; the power fails within a flush, and the last record is torn",
    "timeout-30s":
        "thirty seconds of silence before anybody takes over",
    "follower-reads-stale":
        "reads from any node: one shows the past, the next the present, the next the past again",
    "follower-reads-own-writes":
        "a client writes at the leader, reads from a follower, and does not find what it wrote",
    "follower-reads-own-writes-mended":
        "the same client, seed and lag: what it has written it reads from the leader",
    "fixed-under-jitter":
        "heartbeats come unevenly, and a short time-out takes a living leader for dead",
    "phi-accrual":
        "the same link: suspicion accumulates and learns how unevenly heartbeats come",
}

/// The preset of this name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// Its document; the tests read every one of them.
    #[must_use]
    pub fn document(&self) -> Json {
        parse(self.text).unwrap_or(Json::Null)
    }
}
