//! Groups of clients.

use engine::base::Span;
use engine::world::{ClientSetup, Pace, ReadFrom, Retry, Session, Workload};

use crate::form::{Fields, Form, Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;
use crate::slot::{Amount, Maybe, MaybeName, Millis, Part, Switch, Whole, Word};

use super::{LONGEST_MS, SHORTEST_MS};

const WORKLOADS: &[(&str, &str, Workload)] = &[
    ("writes", "values of keys", Workload::Writes),
    ("transfers", "transfers between accounts; every key is one", Workload::Transfers),
    (
        "cas",
        "compare-and-sets: each reads a key and then sets it if it still is what was read; for one \
         log",
        Workload::Cas,
    ),
];

/// How an empty retry object is meant: with a key, as often as the default client tries.
const USUAL_RETRY: Retry = Retry { idempotent: true, attempts: 20, pause: Span::from_millis(100) };

impl Fields for ClientSetup {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "count",
            "How many clients of this kind there are.",
            &mut Whole(&mut self.count, 0, 1_000, "clients"),
        );
        pace_fields(&mut self.pace, form);
        form.field("workload", "What its writes are.", &mut Word(&mut self.workload, WORKLOADS));
        reading(self, form);
        form.field(
            "keys",
            "How many keys there are; each is as likely as the others.",
            &mut Whole(&mut self.keys, 1, 1_000_000, "keys"),
        );
        form.field(
            "value_bytes",
            "How long a value is.",
            &mut Whole(&mut self.value_bytes, 8, 1_048_576, "bytes"),
        );
        form.field(
            "timeout_ms",
            "How long a client waits for an answer; afterwards the outcome of this attempt is \
             unknown.",
            &mut Millis(&mut self.timeout, SHORTEST_MS, LONGEST_MS),
        );
        form.field(
            "retry",
            "How a client tries again after silence or a refusal; null: never.",
            &mut Maybe(&mut self.retry, USUAL_RETRY),
        );
        form.field(
            "from_ms",
            "When the clients begin.",
            &mut Millis(&mut self.from, 0.0, LONGEST_MS),
        );
        form.field(
            "until_ms",
            "When they stop; null: with the run.",
            &mut Millis(&mut self.until, 0.0, LONGEST_MS),
        );
        let (from, until) = (self.from, self.until);
        if let Some(place) = form.reader().filter(|_| from > until) {
            let (low, high) = (from.as_millis_f64(), until.as_millis_f64());
            place.report(Mistake::EmptyRange { low, high });
        }
        form.field(
            "deletes",
            "The share of writes that take the value away.",
            &mut Amount(&mut self.deletes, 0.0, 1.0, ""),
        );
        form.field(
            "node",
            "The node that they ask first; null: as the protocol directs.",
            &mut MaybeName(&mut self.node),
        );
        form.field(
            "at_leader",
            "Whether they live on the machine of the node that they ask: no way between them.",
            &mut Switch(&mut self.at_leader),
        );
    }
}

/// Whom they ask for reads, and what they do about what they are shown.
fn reading(group: &mut ClientSetup, form: &mut dyn Form) {
    form.field(
        "read_from",
        "Whom a client asks for reads: \"leader\"; \"any\" node, drawn each time; one \
             \"follower\" or \"follower:2\", always the same.",
        &mut ReadFromOf(&mut group.read_from),
    );
    form.field(
        "session",
        "What a client does so that reads from followers do not surprise it.",
        &mut Part(&mut group.session),
    );
    let (from, Session { sticky, remember_position, own_writes_from_leader }) =
        (group.read_from, group.session);
    if let Some(place) = form.reader() {
        let (any, follower) = ("\"read_from\": \"any\"", "\"read_from\": \"any\" or \"follower\"");
        place.in_field("session", |place| {
            place.only_with("sticky", any, from == ReadFrom::Any || !sticky);
            let follows = from != ReadFrom::Leader;
            place.only_with("remember_position", follower, follows || !remember_position);
            let own = follows || !own_writes_from_leader;
            place.only_with("own_writes_from_leader", follower, own);
        });
    }
}

impl Fields for Session {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "sticky",
            "With \"read_from\": \"any\": whether it stays with the first node drawn while that one \
             answers.",
            &mut Switch(&mut self.sticky),
        );
        form.field(
            "remember_position",
            "Whether it says how far it has seen: a follower that is not as far sends it to the \
             leader.",
            &mut Switch(&mut self.remember_position),
        );
        form.field(
            "own_writes_from_leader",
            "Whether it reads keys that it has written itself from the leader.",
            &mut Switch(&mut self.own_writes_from_leader),
        );
    }
}

impl Fields for Retry {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "idempotent",
            "Whether a retry carries the key of the first attempt; without it a write may happen \
             twice.",
            &mut Switch(&mut self.idempotent),
        );
        form.field(
            "attempts",
            "Attempts in all; after the last the outcome stays unknown.",
            &mut Whole(&mut self.attempts, 1, 10_000, "attempts"),
        );
        form.field(
            "pause_ms",
            "Pause before asking again after a refusal.",
            &mut Millis(&mut self.pause, 0.0, LONGEST_MS),
        );
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Loop {
    Open,
    Closed,
}

/// Open and closed loops have settings of their own; those of the other kind are not listed
/// together with them in a document that is written.
fn pace_fields(pace: &mut Pace, form: &mut dyn Form) {
    let mut kind = if matches!(pace, Pace::Open { .. }) { Loop::Open } else { Loop::Closed };
    let (mut writes, mut reads, mut share, mut think) = (20.0, 5.0, 0.5, Span::ZERO);
    match *pace {
        Pace::Open { writes_per_s, reads_per_s } => (writes, reads) = (writes_per_s, reads_per_s),
        Pace::Closed { update_fraction, think: pause } => (share, think) = (update_fraction, pause),
    }
    form.field(
        "loop",
        "\"open\": requests come at random times whatever becomes of earlier ones; \"closed\": one \
         request at a time.",
        &mut Word(
            &mut kind,
            &[
                ("open", "requests at random times", Loop::Open),
                ("closed", "one request at a time", Loop::Closed),
            ],
        ),
    );
    if form.wants(kind == Loop::Open) {
        form.field(
            "writes_per_s",
            "Open loop: writes of each client per second.",
            &mut Amount(&mut writes, 0.0, 100_000.0, "per s"),
        );
        form.field(
            "reads_per_s",
            "Open loop: reads of each client per second.",
            &mut Amount(&mut reads, 0.0, 100_000.0, "per s"),
        );
    }
    if form.wants(kind == Loop::Closed) {
        form.field(
            "update_fraction",
            "Closed loop: the share of requests that are writes.",
            &mut Amount(&mut share, 0.0, 1.0, ""),
        );
        form.field(
            "think_ms",
            "Closed loop: pause between an answer and the next request.",
            &mut Millis(&mut think, 0.0, LONGEST_MS),
        );
    }
    let (foreign, other) = match kind {
        Loop::Open => (["update_fraction", "think_ms"], "\"loop\": \"closed\""),
        Loop::Closed => (["writes_per_s", "reads_per_s"], "\"loop\": \"open\""),
    };
    for name in foreign.into_iter().filter(|name| form.gives(name)).collect::<Vec<_>>() {
        if let Some(place) = form.reader() {
            place.report(Mistake::OnlyWith { name, other });
        }
    }
    *pace = match kind {
        Loop::Open => Pace::Open { writes_per_s: writes, reads_per_s: reads },
        Loop::Closed => Pace::Closed { update_fraction: share, think },
    };
}

/// Whom clients ask for reads.
struct ReadFromOf<'a>(&'a mut ReadFrom);

impl Slot for ReadFromOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Some(text) = json.as_text() else {
            place.wrong_type(json, "one of the words leader, follower, follower:2, any");
            return;
        };
        match (text, crate::slot::follower_of(text)) {
            ("leader", _) => *self.0 = ReadFrom::Leader,
            ("any", _) => *self.0 = ReadFrom::Any,
            (_, Some(k)) => *self.0 = ReadFrom::Follower(k),
            (_, None) => place.report(Mistake::UnknownWord {
                found: text.to_owned(),
                known: vec!["leader", "follower", "follower:2", "any"],
            }),
        }
    }

    fn write(&mut self) -> Json {
        Json::text(match self.0 {
            ReadFrom::Leader => "leader".to_owned(),
            ReadFrom::Any => "any".to_owned(),
            ReadFrom::Follower(1) => "follower".to_owned(),
            ReadFrom::Follower(k) => format!("follower:{k}"),
        })
    }

    fn kind(&mut self) -> Kind {
        let pattern = "^(leader|any|follower(:[1-9][0-9]{0,2})?)$";
        Kind::Pattern { pattern, example: "leader" }
    }
}
