//! The settings of leaderless replication as typed.

use super::knobs::{Ask, Knobs, Legs, ReadRepair};
use engine::base::{Delay, Span};
use engine::protocol::parts::Conflicts;

use scenario::form::{Fields, Form, Kind, Place, Slot};
use scenario::json::Json;
use scenario::slot::{Maybe, Millis, Switch, Whole, Word};

use scenario::fields::delay::DelayOf;
use scenario::fields::{CONTEXT, CONTEXTS, Knobbed, LONGEST_MS, SHORTEST_MS};

/// A leg may differ for so many replicas.
const MOST_REPLICAS: u32 = 128;

impl Knobbed for Knobs {
    const LEADER: bool = false;
}

impl Fields for Knobs {
    fn fields(&mut self, form: &mut dyn Form) {
        self.quorums(form);
        form.field(
            "versions",
            "What is kept where two versions of a key are concurrent.",
            &mut Word(
                &mut self.versions,
                &[
                    ("siblings", "both, until a write has seen both", Conflicts::Siblings),
                    ("last-write-wins", "the one with the later stamp", Conflicts::LastWriteWins),
                ],
            ),
        );
        form.field("context", CONTEXT, &mut Word(&mut self.context, CONTEXTS));
        self.mending(form);
        form.field(
            "timeout_ms",
            "After so long a coordinator answers that too few replicas took part.",
            &mut Millis(&mut self.timeout, SHORTEST_MS, LONGEST_MS),
        );
        form.field(
            "suspect_after_ms",
            "After so long a silent replica is done without; null: never.",
            &mut Millis(&mut self.suspect_after, SHORTEST_MS, LONGEST_MS),
        );
        form.field(
            "ask",
            "Whom a coordinator asks.",
            &mut Word(
                &mut self.ask,
                &[
                    ("all", "every replica; the fastest count", Ask::All),
                    ("quorum", "only as many as must answer, drawn each time", Ask::Quorum),
                ],
            ),
        );
        form.field(
            "points",
            "At how many points of the ring of keys each node stands.",
            &mut Whole(&mut self.points, 1, 64, "points"),
        );
        form.field(
            "legs",
            "The ways between coordinator and replicas, if not those of the links: the coordinator \
             is then a process of its own; null: as the links.",
            &mut Maybe(&mut self.legs, no_legs()),
        );
    }
}

fn no_legs() -> Legs {
    let none = || vec![Delay::default()];
    Legs { write: none(), ack: none(), read: none(), response: none(), remote: Span::ZERO }
}

impl Knobs {
    fn quorums(&mut self, form: &mut dyn Form) {
        form.field(
            "n",
            "How many nodes hold each key; all if there are fewer.",
            &mut Whole(&mut self.n, 1, MOST_REPLICAS.into(), "nodes"),
        );
        form.field(
            "r",
            "How many must answer a read.",
            &mut Whole(&mut self.r, 1, MOST_REPLICAS.into(), "nodes"),
        );
        form.field(
            "w",
            "How many must have a write on their disks.",
            &mut Whole(&mut self.w, 1, MOST_REPLICAS.into(), "nodes"),
        );
        let given = ["r", "w"].map(|name| form.gives(name));
        let Some(place) = form.reader() else { return };
        let most = self.n.min(place.cluster.nodes(None)).max(1);
        for (name, count, given) in [("r", &mut self.r, given[0]), ("w", &mut self.w, given[1])] {
            if given {
                place.in_field(name, |place| place.at_most(Some(*count), most, "nodes"));
            } else {
                *count = most.min(*count);
            }
        }
    }

    fn mending(&mut self, form: &mut dyn Form) {
        form.field(
            "read_repair",
            "What becomes of a replica that answers a read with an older version.",
            &mut Word(
                &mut self.read_repair,
                &[
                    ("off", "nothing", ReadRepair::Off),
                    (
                        "asynchronous",
                        "it is sent the newer one after the client was answered",
                        ReadRepair::Asynchronous,
                    ),
                    (
                        "blocking",
                        "the client is answered when enough have the newer one",
                        ReadRepair::Blocking,
                    ),
                ],
            ),
        );
        form.field(
            "hinted_handoff",
            "Whether a version is kept for a replica that does not answer, and handed over later.",
            &mut Switch(&mut self.hinted_handoff),
        );
        form.field(
            "sloppy",
            "Whether the next nodes on the ring stand in for silent replicas and count.",
            &mut Switch(&mut self.sloppy),
        );
        form.field(
            "anti_entropy",
            "How often each node compares hash trees with another; null: never.",
            &mut Period(&mut self.anti_entropy, "every_ms"),
        );
        form.field(
            "tombstones",
            "How long a node keeps the mark of a deletion; null: for ever.",
            &mut Period(&mut self.tombstones, "keep_ms"),
        );
    }
}

/// An object with one time in it, or `null`.
struct Period<'a>(&'a mut Option<Span>, &'static str);

#[derive(Clone)]
struct Timed(Span, &'static str);

impl Fields for Timed {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(self.1, "The time.", &mut Millis(&mut self.0, SHORTEST_MS, LONGEST_MS));
    }
}

impl Slot for Period<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let mut timed = self.0.map(|span| Timed(span, self.1));
        Maybe(&mut timed, Timed(USUAL, self.1)).read(json, place);
        *self.0 = timed.map(|timed| timed.0);
    }

    fn write(&mut self) -> Json {
        let mut timed = self.0.map(|span| Timed(span, self.1));
        Maybe(&mut timed, Timed(USUAL, self.1)).write()
    }

    fn kind(&mut self) -> Kind {
        Maybe(&mut None, Timed(USUAL, self.1)).kind()
    }
}

/// What an empty object means.
const USUAL: Span = Span::from_millis(2_000);

impl Fields for Legs {
    fn fields(&mut self, form: &mut dyn Form) {
        let doc = "A delay, or a list with one for each replica.";
        form.field("write", doc, &mut LegOf(&mut self.write));
        form.field("ack", doc, &mut LegOf(&mut self.ack));
        form.field("read", doc, &mut LegOf(&mut self.read));
        form.field("response", doc, &mut LegOf(&mut self.response));
        form.field(
            "remote_ms",
            "Added to each between two nodes.",
            &mut Millis(&mut self.remote, 0.0, LONGEST_MS),
        );
    }
}

/// A delay, or one for each replica.
struct LegOf<'a>(&'a mut Vec<Delay>);

impl Slot for LegOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let each = match json {
            Json::List(each) => each.as_slice(),
            one => std::slice::from_ref(one),
        };
        self.0.clear();
        for (index, json) in each.iter().take(MOST_REPLICAS as usize).enumerate() {
            let mut delay = Delay::default();
            if matches!(json, Json::List(_)) || each.len() > 1 {
                place.in_element(index, |place| DelayOf(&mut delay).read(json, place));
            } else {
                DelayOf(&mut delay).read(json, place);
            }
            self.0.push(delay);
        }
        if self.0.is_empty() {
            place.wrong_type(json, "a delay, or a list with one for each replica");
            self.0.push(Delay::default());
        }
    }

    fn write(&mut self) -> Json {
        let mut each: Vec<Json> = self.0.iter_mut().map(|delay| DelayOf(delay).write()).collect();
        if each.len() == 1 { each.remove(0) } else { Json::List(each) }
    }

    fn kind(&mut self) -> Kind {
        let of = Box::new(Kind::Named("delay"));
        let list = Kind::List { of, least: 1, most: MOST_REPLICAS };
        Kind::Either(vec![Kind::Named("delay"), list])
    }
}
