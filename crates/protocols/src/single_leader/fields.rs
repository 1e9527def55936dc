//! The settings of single-leader replication as typed.

use super::knobs::{
    Acknowledge, CatchUp, ConfirmOn, Knobs, Method, Mode, Retention, Shipping, WhenSilent,
};
use engine::base::{NodeId, Span};

use scenario::form::{Fields, Form, Kind, Place, Slot, described, read_into, written};
use scenario::json::Json;
use scenario::mistake::Mistake;
use scenario::slot::{Millis, Names, Part, Switch, Whole, Word};

use scenario::fields::{Knobbed, LONGEST_MS, SHORTEST_MS};

mod failover;

impl Knobbed for Knobs {
    const POSITIONS: bool = true;
}

impl Fields for Knobs {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "acknowledge",
            "When a client is told that its write is saved.",
            &mut Part(&mut self.acknowledge),
        );
        form.field(
            "failover",
            "What happens when the leader falls silent.",
            &mut Part(&mut self.failover),
        );
        form.field(
            "retention",
            "How much of the log is kept for followers that lag.",
            &mut Part(&mut self.retention),
        );
        form.field("shipping", "How log records are shipped.", &mut Part(&mut self.shipping));
        form.field(
            "catch_up",
            "How a follower that lacks too much is copied.",
            &mut Part(&mut self.catch_up),
        );
    }
}

#[derive(Clone, Copy, PartialEq)]
enum ModeWord {
    Async,
    SemiSync,
    Sync,
}

const MODES: &[(&str, &str, ModeWord)] = &[
    ("async", "asynchronous", ModeWord::Async),
    ("semi-sync", "semi-synchronous", ModeWord::SemiSync),
    ("sync", "synchronous", ModeWord::Sync),
];

const CONFIRMATIONS: &[(&str, &str, ConfirmOn)] = &[
    ("received", "it is in memory", ConfirmOn::Received),
    ("flushed", "it is on disk", ConfirmOn::Flushed),
    ("applied", "readers there see it", ConfirmOn::Applied),
];

impl Fields for Acknowledge {
    fn fields(&mut self, form: &mut dyn Form) {
        let (mut mode, mut followers) = typed(&self.mode);
        let mut least = if let Mode::InSync(least) = self.mode { least } else { 1 };
        let before = form.reader().map_or(0, |place| place.problems.len());
        form.field(
            "mode",
            "Who must have a write before its client is told that it is saved: nobody else (async), \
             some followers (semi-sync), every follower (sync).",
            &mut Word(&mut mode, MODES),
        );
        form.field(
            "followers",
            "Semi-synchronous: how many followers, and which.",
            &mut FollowersOf(&mut followers),
        );
        form.field(
            "on",
            "What a follower's confirmation means, and the leader's own.",
            &mut Word(&mut self.on, CONFIRMATIONS),
        );
        form.field(
            "when_silent",
            "What the leader does when nobody confirms: \"block\" waits for ever; \
             degrade_after_ms goes on without them, and waits again once they are back.",
            &mut WhenSilentOf(&mut self.when_silent),
        );
        let typed = form.gives("give_up_after_ms");
        if mode == ModeWord::Sync && form.reader().is_some() && !typed {
            self.give_up_after = None;
        }
        form.field(
            "give_up_after_ms",
            "A follower that is silent for so long is given up: another takes its place, or (sync) it \
             is not waited for until it has caught up; null: never, as sync does if nothing is said.",
            &mut Millis(&mut self.give_up_after, SHORTEST_MS, LONGEST_MS),
        );
        form.field(
            "min_in_sync",
            "Sync with give_up_after_ms: while fewer nodes are in step than this, the leader \
             included, writes are refused.",
            &mut Whole(&mut least, 1, 128, "nodes"),
        );
        if let Some(place) = form.reader().filter(|place| place.problems.len() == before) {
            self.fits(mode, &followers, least, place);
        }
        self.mode = match (mode, followers.first) {
            (ModeWord::Async, _) => Mode::Asynchronous,
            (ModeWord::Sync, _) if self.give_up_after.is_some() => Mode::InSync(least),
            (ModeWord::Sync, _) => Mode::Synchronous,
            (ModeWord::SemiSync, Some(k)) => Mode::SemiSyncFirst(k, followers.priority),
            (ModeWord::SemiSync, None) => Mode::SemiSyncAny(followers.any.unwrap_or(1)),
        };
    }
}

impl Acknowledge {
    /// Says what means nothing in this mode, and which counts this cluster cannot reach.
    fn fits(&self, mode: ModeWord, followers: &Followers, least: u8, place: &mut Place) {
        let steps = mode == ModeWord::Sync && self.give_up_after.is_some();
        let others = place.cluster.nodes(None).saturating_sub(1);
        let counts = [("any", followers.any), ("first", followers.first)];
        for (name, count) in counts.into_iter().filter(|_| mode == ModeWord::SemiSync) {
            let count = count.filter(|count| *count > others.max(1));
            place.in_field("followers", |place| {
                place.in_field(name, |place| place.at_most(count, others.max(1), "followers"));
            });
        }
        let count = Some(least).filter(|_| steps && least > others + 1);
        place.in_field("min_in_sync", |place| place.at_most(count, others + 1, "nodes"));
        place.only_with(
            "followers",
            "\"mode\": \"semi-sync\"",
            mode == ModeWord::SemiSync || followers.are_usual(),
        );
        place.only_with(
            "when_silent",
            "\"mode\": \"semi-sync\" or \"sync\"",
            mode != ModeWord::Async || self.when_silent == WhenSilent::Block,
        );
        place.only_with(
            "min_in_sync",
            "\"mode\": \"sync\" and \"give_up_after_ms\"",
            steps || least == 1,
        );
    }
}

fn typed(mode: &Mode) -> (ModeWord, Followers) {
    let any = |k| Followers { any: Some(k), first: None, priority: Vec::new() };
    match mode {
        Mode::Asynchronous => (ModeWord::Async, any(1)),
        Mode::Synchronous | Mode::InSync(_) => (ModeWord::Sync, any(1)),
        Mode::SemiSyncAny(k) => (ModeWord::SemiSync, any(*k)),
        Mode::SemiSyncFirst(k, nodes) => {
            let priority = nodes.clone();
            (ModeWord::SemiSync, Followers { any: None, first: Some(*k), priority })
        }
    }
}

/// How many followers confirm, and which.
#[derive(Clone, Default)]
struct Followers {
    any: Option<u8>,
    first: Option<u8>,
    priority: Vec<NodeId>,
}

impl Followers {
    /// As if nothing had been said.
    fn are_usual(&self) -> bool {
        self.any.is_none_or(|any| any == 1) && self.first.is_none() && self.priority.is_empty()
    }
}

impl Fields for Followers {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "any",
            "So many followers, whichever confirm first.",
            &mut Whole(&mut self.any, 1, 127, "followers"),
        );
        form.field(
            "first",
            "The first so many of `priority` that are not given up.",
            &mut Whole(&mut self.first, 1, 127, "followers"),
        );
        form.field(
            "priority",
            "With `first`: the order in which followers are chosen; those not named come last.",
            &mut Names(&mut self.priority),
        );
        let clash = [("any", "first"), ("any", "priority")];
        let clash = clash.into_iter().find(|(a, b)| form.gives(a) && form.gives(b));
        if let (Some((one, other)), Some(place)) = (clash, form.reader()) {
            place.report(Mistake::Contradiction { one, other });
        }
    }
}

/// [`Followers`], given as a whole.
struct FollowersOf<'a>(&'a mut Followers);

impl Slot for FollowersOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        *self.0 = Followers::default();
        read_into(self.0, json, place);
        if !self.0.priority.is_empty() && self.0.first.is_none() {
            self.0.first = Some(1);
        }
    }

    fn write(&mut self) -> Json {
        let Json::Object(mut fields) = written(self.0) else { return Json::Null };
        fields.retain(|(_, value)| *value != Json::Null && *value != Json::List(Vec::new()));
        Json::Object(fields)
    }

    fn kind(&mut self) -> Kind {
        Kind::Object { rows: described(&mut Followers::default()), merged: false }
    }
}

struct WhenSilentOf<'a>(&'a mut WhenSilent);

/// The other way to type what a leader does when nobody confirms.
struct Degrade(Span);

impl Fields for Degrade {
    fn fields(&mut self, form: &mut dyn Form) {
        form.required(
            "degrade_after_ms",
            "How long the oldest write waits before the leader goes on without confirmations.",
            &mut Millis(&mut self.0, SHORTEST_MS, LONGEST_MS),
        );
    }
}

const BLOCK: &[(&str, &str, ())] = &[("block", "wait for ever", ())];

impl Slot for WhenSilentOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if matches!(json, Json::Object(_)) {
            let mut degrade = Degrade(Span::from_millis(10_000));
            read_into(&mut degrade, json, place);
            *self.0 = WhenSilent::DegradeAfter(degrade.0);
        } else if json.as_text() == Some("block") {
            *self.0 = WhenSilent::Block;
        } else {
            place.wrong_type(json, "\"block\" or {\"degrade_after_ms\": 10000}");
        }
    }

    fn write(&mut self) -> Json {
        match self.0 {
            WhenSilent::Block => Json::text("block"),
            WhenSilent::DegradeAfter(span) => written(&mut Degrade(*span)),
        }
    }

    fn kind(&mut self) -> Kind {
        let rows = described(&mut Degrade(Span::from_millis(10_000)));
        let word = Word(&mut (), BLOCK).kind();
        Kind::Either(vec![word, Kind::Object { rows, merged: false }])
    }
}

/// More records than any run has.
const MOST_RECORDS: u64 = 1_000_000_000;

impl Fields for Retention {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "records",
            "Records kept behind the end of the log; null: all.",
            &mut Whole(&mut self.records, 0, MOST_RECORDS, "records"),
        );
        form.field(
            "slots",
            "Whether what a known follower has not confirmed is kept as well.",
            &mut Switch(&mut self.slots),
        );
        form.field(
            "slot_limit_records",
            "A slot keeps at most so many records; null: no limit.",
            &mut Whole(&mut self.slot_limit, 0, MOST_RECORDS, "records"),
        );
        let means = self.slots || self.slot_limit.is_none();
        if let Some(place) = form.reader() {
            place.only_with("slot_limit_records", "\"slots\": true", means);
        }
    }
}

impl Fields for Shipping {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "batch_records",
            "Records in one message, at most.",
            &mut Whole(&mut self.batch_records, 1, 100_000, "records"),
        );
        form.field(
            "window_records",
            "Records on their way to one follower without a confirmation, at most.",
            &mut Whole(&mut self.window_records, 1, 1_000_000, "records"),
        );
    }
}

const METHODS: &[(&str, &str, Method)] = &[
    ("snapshot", "a consistent snapshot, then the log from there", Method::Snapshot),
    ("copy-files", "the data files page by page, as if they were one moment's", Method::Files),
];

impl Fields for CatchUp {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "automatic",
            "Whether the leader sends a snapshot by itself when its log no longer reaches back far \
             enough.",
            &mut Switch(&mut self.automatic),
        );
        form.field("method", "What is copied.", &mut Word(&mut self.method, METHODS));
        form.field(
            "page_keys",
            "Copying files: keys in one page.",
            &mut Whole(&mut self.page_keys, 1, 1_000_000, "keys"),
        );
        form.field(
            "page_pause_ms",
            "Copying files: the pause after each page.",
            &mut Millis(&mut self.page_pause, 0.0, LONGEST_MS),
        );
        form.field(
            "bandwidth_bytes_per_s",
            "Pace of a snapshot.",
            &mut Whole(&mut self.bandwidth, 1, 1_000_000_000_000, "bytes/s"),
        );
        form.field(
            "piece_bytes",
            "Length of one piece of a snapshot.",
            &mut Whole(&mut self.piece_bytes, 64, 16_777_216, "bytes"),
        );
    }
}
