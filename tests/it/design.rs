//! Every system that the design asks for is shown by built-in scenarios: each of them has what its
//! row is about in its document, and it happens when it is played.

use replicarium::engine::observe::Report;
use replicarium::engine::observe::sessions::Anomaly;
use replicarium::engine::protocol::{MessageKind, Note};
use replicarium::engine::world::What;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, preset, presets};

use crate::cli::says;

/// A scenario that was played to its end.
struct Played {
    document: Json,
    lab: Lab,
    report: Report,
}

impl Played {
    fn of(name: &str) -> Self {
        let preset = preset(PROTOCOLS, name).unwrap_or_else(|| panic!("no scenario {name}"));
        let document = preset.document();
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a sound scenario");
        lab.finish();
        let report = lab.report();
        Self { document, lab, report }
    }

    /// Whether the document says this at that place.
    fn says(&self, place: &str, word: &str) -> bool {
        self.document.at(place).and_then(Json::as_text) == Some(word)
    }

    fn knob(&self, name: &str, word: &str) -> bool {
        self.says(&format!("cluster.knobs.{name}"), word)
    }

    /// Whether its script does this.
    fn does(&self, action: &str) -> bool {
        let script = self.document.at("script").map_or(&[][..], Json::elements);
        script.iter().any(|line| line.field("do").and_then(Json::as_text) == Some(action))
    }

    fn noted(&self, is: fn(&Note) -> bool) -> bool {
        let mut all = self.lab.run().observer().trace().iter();
        all.any(|event| matches!(&event.what, What::Noted { note, .. } if is(note)))
    }

    fn sent(&self, kind: MessageKind) -> bool {
        let of = |what: &What| matches!(what, What::Sent { message, .. } if message.kind == kind);
        self.lab.run().observer().trace().iter().any(|event| of(&event.what))
    }

    fn slipped(&self, anomaly: Anomaly) -> bool {
        let mut slips = self.lab.run().observer().sessions().slips();
        slips.any(|slip| slip.anomaly == anomaly)
    }

    fn verdict(&self, promise: &str) -> &str {
        let found = self.report.verdicts.iter().find(|row| row.promise == promise);
        found.expect("a promise").verdict
    }
}

/// What must be seen of a row in one scenario.
type Shows = (&'static str, &'static str, fn(&Played) -> bool);

/// The systems of the design, in its order.
const ROWS: &[(&str, &[Shows])] = &[
    ("single leader", SINGLE_LEADER),
    ("synchronous", SYNCHRONOUS),
    ("semi-synchronous", SEMI_SYNCHRONOUS),
    ("asynchronous", ASYNCHRONOUS),
    ("what a confirmation means", CONFIRMATION),
    ("chain replication", CHAIN),
    ("multi-leader", MULTI_LEADER),
    ("leaderless", LEADERLESS),
    ("copying files", COPYING_FILES),
    ("snapshot + log", SNAPSHOT_AND_LOG),
    ("failover", FAILOVER),
    ("what goes wrong in failover", FAILOVER_WRONG),
    ("causes of death", CAUSES_OF_DEATH),
    ("clients", CLIENTS),
];

const SINGLE_LEADER: &[Shows] = &[
    ("catch-up-from-log", "followers hold what the leader holds", |p| {
        p.report.replicas.iter().all(|r| r.state_digest == p.report.replicas[0].state_digest)
    }),
    ("follower-reads-stale", "reads from followers", |p| p.says("clients.0.read_from", "any")),
];

const SYNCHRONOUS: &[Shows] = &[
    ("sync-follower-silent", "one silent follower blocks all writes", |p| {
        p.knob("acknowledge.mode", "sync") && p.report.unavailable_ms.write > 3_000.0
    }),
    ("sync-leader-crash", "nothing acknowledged is lost", |p| {
        p.knob("acknowledge.mode", "sync") && p.report.writes.lost == 0 && p.does("power-off")
    }),
];

const SEMI_SYNCHRONOUS: &[Shows] = &[
    ("semi-sync-leader-crash", "one confirmation saves every write", |p| {
        p.knob("acknowledge.mode", "semi-sync") && p.report.writes.lost == 0 && p.does("power-off")
    }),
    ("semi-sync-degrades", "falls back to asynchronous and says so", |p| {
        p.noted(|note| matches!(note, Note::Degraded { .. }))
    }),
];

const ASYNCHRONOUS: &[Shows] =
    &[("async-leader-crash", "acknowledged writes die with the leader and are named", |p| {
        let named = p.report.lost.iter().all(|lost| !lost.why.is_empty());
        p.knob("acknowledge.mode", "async") && !p.report.lost.is_empty() && named
    })];

const CONFIRMATION: &[Shows] =
    &[("power-outage-torn-record", "received is not flushed, and the power fails", |p| {
        p.knob("acknowledge.on", "received")
            && p.report.writes.lost > 0
            && p.noted(|note| matches!(note, Note::DiskRead { torn: true, .. }))
    })];

const CHAIN: &[Shows] = &[
    ("chain-head-crash", "another becomes the head", |p| {
        p.noted(|note| matches!(note, Note::BecameHead { .. })) && p.report.writes.lost == 0
    }),
    ("chain-middle-crash", "its neighbours join hands", |p| {
        p.noted(|note| matches!(note, Note::Joined { .. })) && p.report.writes.lost == 0
    }),
    ("chain-tail-crash", "another becomes the tail", |p| {
        p.noted(|note| matches!(note, Note::BecameTail { .. })) && p.report.writes.lost == 0
    }),
    ("chain-node-joins", "a node is added at the tail", |p| {
        p.does("add-follower") && p.report.replicas.last().is_some_and(|r| r.role == Some("tail"))
    }),
    ("chain-craq-dirty-read", "any node reads, dirty versions are asked for", |p| {
        p.knob("variant", "craq") && p.sent(MessageKind::VersionQuery)
    }),
];

const MULTI_LEADER: &[Shows] = &[
    ("multi-leader-conflict", "conflicts are found, the last write wins", |p| {
        p.knob("resolve", "last-write-wins") && p.noted(|n| matches!(n, Note::Conflict { .. }))
    }),
    ("multi-leader-clock-skew", "a wrong clock loses data", |p| {
        p.document.at("clocks.0.skew_ms").is_some() && p.report.writes.overwritten > 0
    }),
    ("multi-leader-siblings", "siblings stay and nothing is lost", |p| {
        p.knob("resolve", "siblings") && p.report.writes.overwritten + p.report.writes.lost == 0
    }),
    ("multi-leader-counter", "a data type merges", |p| {
        p.knob("data", "counter") && p.verdict("acknowledged-writes-survive") == "holds"
    }),
    ("multi-leader-ring-breaks", "a ring passes updates on", |p| p.knob("topology", "ring")),
    ("multi-leader-causality", "an effect comes before its cause", |p| {
        p.noted(|note| matches!(note, Note::TakenEarly { .. }))
    }),
];

const LEADERLESS: &[Shows] = &[
    ("leaderless-read-repair", "a read mends a replica", |p| {
        p.noted(|note| matches!(note, Note::Repaired { .. }))
    }),
    ("leaderless-sloppy-quorum-hints", "others stand in and hand over", |p| {
        p.noted(|note| matches!(note, Note::HandedOff { .. }))
    }),
    ("leaderless-anti-entropy", "hash trees find what differs", |p| {
        p.noted(|note| matches!(note, Note::RangesDiffer { .. }))
    }),
    ("leaderless-quorum-not-linearizable", "overlapping quorums are not linearizable", |p| {
        p.verdict("linearizable") == "broken"
    }),
    ("leaderless-stale-read", "R + W at most N: old values are read", |p| {
        p.report.reads.stale > 0 && p.verdict("reads-are-fresh") == "broken"
    }),
];

const COPYING_FILES: &[Shows] = &[
    ("copy-files-wrong", "pages of different moments break an invariant", |p| {
        p.knob("catch_up.method", "copy-files") && p.verdict("invariant-over-keys") == "broken"
    }),
    ("copy-snapshot-right", "a snapshot does not", |p| p.verdict("invariant-over-keys") == "holds"),
];

const SNAPSHOT_AND_LOG: &[Shows] = &[
    ("catch-up-from-snapshot", "a snapshot in pieces, then the log", |p| {
        p.noted(|note| matches!(note, Note::CatchUpFromSnapshot { .. }))
            && p.noted(|note| matches!(note, Note::CaughtUp { .. }))
    }),
    ("catch-up-log-truncated", "the log was truncated meanwhile", |p| {
        p.noted(|note| matches!(note, Note::LogTruncatedMeanwhile { .. }))
    }),
    ("catch-up-from-log", "the log alone", |p| {
        p.noted(|note| matches!(note, Note::CatchUpFromLog { .. }))
    }),
];

const FAILOVER: &[Shows] = &[
    ("timeout-30s", "the textbook's time-out, the first to notice", |p| {
        p.knob("failover.promote", "first-to-notice") && p.report.unavailable_ms.write > 29_000.0
    }),
    ("phi-accrual", "suspicion accumulates", |p| {
        p.document.at("cluster.knobs.failover.detect.phi").is_some()
            && p.report.suspicions.iter().any(|row| row.true_crash)
    }),
    ("async-leader-crash", "a majority votes", |p| {
        p.noted(|note| matches!(note, Note::Voted { .. })) && p.report.failovers.len() == 1
    }),
];

const FAILOVER_WRONG: &[Shows] = &[
    ("false-suspicion", "a living leader is suspected", |p| {
        p.report.suspicions.iter().any(|row| !row.true_crash)
    }),
    ("split-brain-unfenced", "two leaders at once", |p| p.report.split_brain_ms > 0.0),
    ("split-brain-fenced", "fencing prevents it", |p| {
        p.does("isolate") && p.report.split_brain_ms <= 0.0 && p.report.failovers.len() == 1
    }),
    ("lease-fails-by-drift", "a lease fails, because a clock is slow", |p| {
        p.document.at("clocks.0.drift_ppm").is_some() && p.report.split_brain_ms > 500.0
    }),
    ("old-leader-returns", "a returning leader is rewound", |p| {
        p.noted(|note| matches!(note, Note::Rewound { .. }))
    }),
    ("fixed-under-jitter", "a time-out that is too short", |p| {
        p.report.suspicions.iter().any(|row| !row.true_crash)
    }),
    ("timeout-30s", "one that is too long", |p| p.report.unavailable_ms.write > 29_000.0),
];

const CAUSES_OF_DEATH: &[Shows] = &[
    ("old-leader-returns", "a process crashes", |p| p.does("crash")),
    ("power-outage-torn-record", "power fails and tears a record", |p| {
        p.does("power-off") && p.noted(|note| matches!(note, Note::DiskRead { torn: true, .. }))
    }),
    ("false-suspicion", "a node is paused", |p| p.does("pause")),
    ("multi-leader-conflict", "a link is cut", |p| p.does("cut")),
    ("split-brain-fenced", "a node is parted from the others", |p| p.does("isolate")),
    ("multi-leader-causality", "a link is slow", |p| p.does("disturb")),
    ("leaderless-lww-skew", "a clock is wrong", |p| {
        p.document.at("clocks.0.skew_ms").is_some() && p.report.writes.overwritten > 0
    }),
];

const CLIENTS: &[Shows] = &[
    ("follower-reads-own-writes", "a session misses its own write", |p| {
        p.slipped(Anomaly::OwnWriteMissing)
    }),
    ("follower-reads-own-writes-mended", "reading one's own writes from the leader", |p| {
        !p.slipped(Anomaly::OwnWriteMissing) && p.says("clients.0.loop", "closed")
    }),
    ("follower-reads-stale", "a session goes back in time", |p| p.slipped(Anomaly::BackInTime)),
    ("leaderless-failed-write-returns", "time-outs without a second try", |p| {
        p.document.at("clients.0.retry") == Some(&Json::Null) && p.report.writes.failed > 0
    }),
];

#[test]
fn every_system_of_the_design_is_shown_by_built_in_scenarios() {
    let mut missing = Vec::new();
    for (system, shows) in ROWS {
        assert!(!shows.is_empty(), "{system}");
        for (name, what, is_shown) in *shows {
            if !is_shown(&Played::of(name)) {
                missing.push(format!("{system}: {name} does not show: {what}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_command_line_lists_every_protocol_and_every_scenario() {
    let lines = |command| says(&[command]).lines().map(str::to_owned).collect::<Vec<String>>();
    let (protocols, scenarios) = (lines("protocols"), lines("scenarios"));
    for entry in PROTOCOLS {
        let listed = |line: &String| line.split_whitespace().next() == Some(entry.card.id);
        assert!(protocols.iter().any(listed), "{}", entry.card.id);
        assert!(entry.presets.len() >= 2, "{} is shown and broken", entry.card.id);
    }
    let shown = ROWS.iter().flat_map(|(_, shows)| *shows).map(|(name, ..)| *name);
    for name in presets(PROTOCOLS).map(|preset| preset.name).chain(shown) {
        let listed = |line: &String| line.split_whitespace().next() == Some(name);
        assert!(scenarios.iter().any(listed), "{name}");
    }
}
