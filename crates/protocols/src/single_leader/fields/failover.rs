//! What happens when the leader falls silent, as typed.

use super::super::knobs::{Choose, Detect, Failover, Promote, Returning, Unapplied};
use engine::base::{NodeId, Span};
use engine::protocol::parts::phi::{Gaps, Phi};

use scenario::form::{Fields, Form, Kind, Place, Slot, described, read_into, written};
use scenario::json::Json;
use scenario::mistake::Mistake;
use scenario::slot::{Maybe, Millis, MillisRange, Names, Part, Switch, Word};

use scenario::fields::{LONGEST_MS, SHORTEST_MS};

const PROMOTIONS: &[(&str, &str, Promote)] = &[
    ("by-hand", "an administrator", Promote::ByHand),
    ("first-to-notice", "the first to notice", Promote::FirstToNotice),
    ("majority", "a majority of nodes", Promote::Majority),
];

const BACKLOGS: &[(&str, &str, Unapplied)] = &[
    ("apply", "it applies them first, and serves when it has", Unapplied::Apply),
    ("discard", "it leads at once and throws them away", Unapplied::Discard),
];

const RETURNS: &[(&str, &str, Returning)] = &[
    ("rewind", "it is rewound", Returning::Rewind),
    ("refuse", "it is refused", Returning::Refuse),
    ("trust", "it is trusted", Returning::Trust),
];

impl Fields for Failover {
    fn fields(&mut self, form: &mut dyn Form) {
        let usual = |timeout: Span| (timeout, timeout + Span::from_micros(timeout.micros() / 2));
        let mut range =
            (self.election_timeout != usual(self.timeout)).then_some(self.election_timeout);
        let mut detect = Detecting::of(self);
        form.field(
            "detect",
            "How a dead leader is told from a living one.",
            &mut Part(&mut detect),
        );
        (self.timeout, self.detect) = (detect.timeout, detect.meant());
        form.field(
            "election_timeout_ms",
            "Majority promotion: the time without a heartbeat is drawn from this range instead, and so is the wait \
             between two elections; null: from timeout_ms to half as much again.",
            &mut MillisRange(&mut range, SHORTEST_MS, LONGEST_MS),
        );
        let drawn = form.gives("election_timeout_ms") && range.is_some();
        self.election_timeout = range.unwrap_or_else(|| usual(self.timeout));
        form.field(
            "heartbeat_ms",
            "How often a leader says that it is alive.",
            &mut Millis(&mut self.heartbeat, SHORTEST_MS, LONGEST_MS),
        );
        let before = form.reader().map_or(0, |place| place.problems.len());
        form.field(
            "promote",
            "Who decides on a new leader.",
            &mut Word(&mut self.promote, PROMOTIONS),
        );
        let votes = self.promote == Promote::Majority;
        let read = |place: &&mut Place| place.problems.len() == before;
        if let Some(place) = form.reader().filter(read) {
            place.only_with("election_timeout_ms", "\"promote\": \"majority\"", votes || !drawn);
        }
        form.field(
            "choose",
            "Who becomes it: \"most-up-to-date\", or the first of a priority list that answers, \
             however old its data.",
            &mut ChooseOf(&mut self.choose),
        );
        let chosen = self.promote != Promote::ByHand || self.choose == Choose::MostUpToDate;
        if let Some(place) = form.reader() {
            let other = "\"promote\": \"first-to-notice\" or \"majority\"";
            place.only_with("choose", other, chosen);
        }
        form.field(
            "fencing",
            "Whether nodes turn away a leader of an older epoch, and a leader that a majority no \
             longer hears stops taking writes.",
            &mut Switch(&mut self.fencing),
        );
        voting(self, form);
        form.field(
            "unapplied",
            "What becomes of records that a new leader had received and not applied yet.",
            &mut Word(&mut self.unapplied, BACKLOGS),
        );
        form.field(
            "returning",
            "What becomes of an old leader that comes back with a log of its own.",
            &mut Word(&mut self.returning, RETURNS),
        );
    }
}

/// Who may ask for votes, and who gives one.
fn voting(failover: &mut Failover, form: &mut dyn Form) {
    form.field(
        "pre_vote",
        "Majority promotion: whether a node that takes the leader for dead asks first whether a \
         majority would vote for it, and begins an epoch only then. Without, a node that was away \
         comes back with a higher epoch and deposes a healthy leader.",
        &mut Switch(&mut failover.pre_vote),
    );
    form.field(
        "leader_stickiness",
        "Majority promotion: whether a node that has heard a leader within timeout_ms votes for \
         nobody else, and the leader yields to no candidate. Leases count on it.",
        &mut Switch(&mut failover.leader_stickiness),
    );
    let (votes, majority) = (failover.promote == Promote::Majority, "\"promote\": \"majority\"");
    let (pre_vote, sticky) = (failover.pre_vote, failover.leader_stickiness);
    if let Some(place) = form.reader() {
        place.only_with("pre_vote", majority, votes || pre_vote);
        place.only_with("leader_stickiness", majority, votes || sticky);
    }
}

/// How a dead leader is told from a living one, as typed.
struct Detecting {
    timeout: Span,
    phi: Option<Phi>,
    freshness: Option<Shift>,
}

impl Detecting {
    fn of(failover: &Failover) -> Self {
        let (mut phi, mut freshness) = (None, None);
        match failover.detect {
            Detect::Timeout => {}
            Detect::Phi(settings) => phi = Some(settings),
            Detect::Freshness(shift) => freshness = Some(Shift(shift)),
        }
        Self { timeout: failover.timeout, phi, freshness }
    }

    fn meant(&self) -> Detect {
        match (self.phi, self.freshness) {
            (Some(phi), _) => Detect::Phi(phi),
            (None, Some(Shift(shift))) => Detect::Freshness(shift),
            (None, None) => Detect::Timeout,
        }
    }
}

impl Fields for Detecting {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "timeout_ms",
            "How long after its last heartbeat a follower takes the leader for dead; records that arrive \
             do not count. With phi or freshness: until they have heard enough; a leader's lease \
             lasts no longer either.",
            &mut Millis(&mut self.timeout, SHORTEST_MS, LONGEST_MS),
        );
        let usual = Phi {
            threshold: 8.0,
            window: 200,
            min_deviation: Span::from_millis(10),
            gaps: Gaps::Normal,
        };
        form.field(
            "phi",
            "Suspicion that accumulates: -log10 of how likely a heartbeat is to come later still, \
             judged from the last ones; null: no.",
            &mut Maybe(&mut self.phi, usual),
        );
        form.field(
            "freshness",
            "Each heartbeat vouches for the leader until the next was due and a while longer, \
             whenever it arrived itself; null: no.",
            &mut Maybe(&mut self.freshness, Shift(Span::from_millis(100))),
        );
        if let (Some(_), Some(_), Some(place)) = (self.phi, self.freshness, form.reader()) {
            place.report(Mistake::Contradiction { one: "phi", other: "freshness" });
        }
    }
}

/// How much longer than until the next one is due a heartbeat vouches for the leader.
#[derive(Clone, Copy)]
struct Shift(Span);

impl Fields for Shift {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "shift_ms",
            "How much longer than until the next heartbeat is due.",
            &mut Millis(&mut self.0, 0.0, LONGEST_MS),
        );
    }
}

struct ChooseOf<'a>(&'a mut Choose);

/// The other way to type who is chosen.
struct Priority(Vec<NodeId>);

impl Fields for Priority {
    fn fields(&mut self, form: &mut dyn Form) {
        let doc = "Nodes in the order in which they are chosen; those not named come last.";
        form.required("priority", doc, &mut Names(&mut self.0));
    }
}

const MOST_UP_TO_DATE: &[(&str, &str, ())] =
    &[("most-up-to-date", "the one with the newest log", ())];

impl Slot for ChooseOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if matches!(json, Json::Object(_)) {
            let mut priority = Priority(Vec::new());
            read_into(&mut priority, json, place);
            *self.0 = Choose::Priority(priority.0);
        } else if json.as_text() == Some("most-up-to-date") {
            *self.0 = Choose::MostUpToDate;
        } else {
            place.wrong_type(json, "\"most-up-to-date\" or {\"priority\": [\"n2\", \"n3\"]}");
        }
    }

    fn write(&mut self) -> Json {
        match self.0 {
            Choose::MostUpToDate => Json::text("most-up-to-date"),
            Choose::Priority(nodes) => written(&mut Priority(nodes.clone())),
        }
    }

    fn kind(&mut self) -> Kind {
        let rows = described(&mut Priority(Vec::new()));
        let word = Word(&mut (), MOST_UP_TO_DATE).kind();
        Kind::Either(vec![word, Kind::Object { rows, merged: false }])
    }
}
