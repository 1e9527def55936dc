//! The document itself: the run, its cluster, its surroundings and its script.

use engine::base::NodeId;
use engine::base::ids::MAX_NODES;
use engine::protocol::{Card, Promise, Shape};
use engine::world::{ClientSetup, ClockSetup, Limits, ServiceSetup, Session, Setup, Workload};

use crate::form::{Fields, Form, Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;
use crate::slot::{List, Millis, Moment, Part, Text, Whole};
use crate::system::ProtocolName;

/// The version of scenario documents that this program reads and writes.
const FORMAT: f64 = 1.0;

use super::LONGEST_MS;
use super::about::About;
use super::action::Script;
use super::probe::ProbeOf;

/// The settings of a protocol: a struct of fields with a usual value for each.
pub trait Knobbed: Fields + Default + Clone {
    /// Whether a reader can say how far it has seen: `remember_position` means something.
    const POSITIONS: bool = false;
    /// Whether some node is the leader of a key: `own_writes_from_leader` means something.
    const LEADER: bool = true;
}

/// Seeds that every reader of JSON keeps exactly.
const MOST_SEEDS: u64 = (1 << 53) - 1;

/// A whole scenario of one protocol, as typed.
#[derive(Clone, Debug)]
pub struct Frame<K> {
    /// The heading.
    pub title: String,
    /// The promises that it is about; none: all.
    pub about: Vec<Promise>,
    /// The protocol.
    pub card: &'static Card,
    /// What the world is given.
    pub setup: Setup<K>,
}

impl<K: Knobbed> Fields for Frame<K> {
    fn fields(&mut self, form: &mut dyn Form) {
        form.required("format", "The version of this form of document.", &mut FormatOf);
        heading(&mut self.title, &mut self.about, form);
        let Setup {
            seed,
            nodes,
            knobs,
            network,
            clocks,
            disk,
            service,
            clients,
            script,
            until,
            limits,
            faults,
        } = &mut self.setup;
        let faults = *faults;
        form.field(
            "seed",
            "Root of all chance: the same seed gives the same run.",
            &mut Whole(seed, 0, MOST_SEEDS, ""),
        );
        form.field(
            "until_ms",
            "When the run ends.",
            &mut Millis(&mut Moment(until), 1.0, LONGEST_MS),
        );
        let cluster = &mut Cluster { nodes, card: self.card, knobs };
        form.required("cluster", "The nodes and how they replicate.", &mut Part(cluster));
        form.field("network", "The links.", &mut Part(network));
        let blank = ClockSetup { node: NodeId(0), skew_us: 0, drift_ppm: 0 };
        form.field(
            "clocks",
            "Nodes whose clocks are wrong; all others are right.",
            &mut List { elements: clocks, blank, most: MAX_NODES.into(), merged: false },
        );
        form.field("disk", "Every node's disk.", &mut Part(disk));
        form.field(
            "service",
            "What a node's processor takes, and its applier.",
            &mut Part(service),
        );
        let blank = ClientSetup::default();
        form.field(
            "clients",
            "Groups of clients.",
            &mut List { elements: clients, blank, most: 1_000, merged: true },
        );
        if let Some(place) = form.reader() {
            let one_log = self.card.data == Shape::Line;
            let unsent = service.replicate == ServiceSetup::default().replicate;
            place.in_field("service", |place| {
                place.only_with("replicate_ms", ONE_LOG, one_log || unsent);
            });
            for (index, group) in clients.iter().enumerate() {
                place.in_field("clients", |place| {
                    place.in_element(index, |place| fits_protocol::<K>(group, one_log, place));
                });
            }
        }
        let given = form.gives("clients");
        form.field(
            "probe",
            "The first group of clients measures staleness: it writes once, reads what it wrote at \
             these times after the acknowledgement, and does nothing else; null: it does not.",
            &mut ProbeOf(clients, given),
        );
        form.field("script", "What is done to the cluster, and when.", &mut Script(script, faults));
        form.field("limits", "Bounds on what is kept.", &mut Part(limits));
    }
}

/// What the scenario is called, and about.
fn heading(title: &mut String, about: &mut Vec<Promise>, form: &mut dyn Form) {
    form.field("title", "The heading.", &mut Text(title));
    form.field(
        "about",
        "The promises that it is about: what the page says of the run is green only while none of \
         them is broken. None: all of them.",
        &mut About(about),
    );
}

/// The protocols whose data follow one log.
const ONE_LOG: &str = "\"protocol\": \"single-leader\" or \"chain\"";

/// What a group of clients does must mean something with the protocol.
fn fits_protocol<K: Knobbed>(group: &ClientSetup, one_log: bool, place: &mut Place) {
    place.only_with("workload", ONE_LOG, one_log || group.workload != Workload::Transfers);
    if !one_log && group.workload == Workload::Cas {
        place.in_field("workload", |place| place.report(Mistake::NoCondition));
    }
    let Session { remember_position, own_writes_from_leader, .. } = group.session;
    place.in_field("session", |place| {
        let single = "\"protocol\": \"single-leader\"";
        place.only_with("remember_position", single, K::POSITIONS || !remember_position);
        let other = "a \"protocol\" with leaders, or a chain";
        place.only_with("own_writes_from_leader", other, K::LEADER || !own_writes_from_leader);
    });
}

/// The nodes and how they replicate.
struct Cluster<'a, K> {
    nodes: &'a mut u8,
    card: &'static Card,
    knobs: &'a mut K,
}

impl<K: Knobbed> Fields for Cluster<'_, K> {
    fn fields(&mut self, form: &mut dyn Form) {
        let most = u64::from(MAX_NODES);
        form.field(
            "nodes",
            "Nodes at the start; n1 leads, or is the first of the chain.",
            &mut Whole(self.nodes, 1, most, "nodes"),
        );
        form.required("protocol", "How they replicate.", &mut ProtocolName(self.card));
        form.field("knobs", "The protocol's settings.", &mut Part(self.knobs));
    }
}

impl Fields for Limits {
    fn fields(&mut self, form: &mut dyn Form) {
        form.field(
            "trace_events",
            "Events kept in the trace; older ones are forgotten.",
            &mut Whole(&mut self.trace_events, 1_000, 1 << 26, "events"),
        );
        form.field(
            "operations",
            "Operations in a run; clients fall silent afterwards.",
            &mut Whole(&mut self.operations, 1, 1 << 26, "operations"),
        );
        form.field(
            "in_flight",
            "Messages and requests in flight; more are dropped.",
            &mut Whole(&mut self.in_flight, 1, 1 << 26, "messages"),
        );
    }
}

/// The version of the form of the document.
struct FormatOf;

impl Slot for FormatOf {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if json.as_number() != Some(FORMAT) {
            place.report(Mistake::UnknownFormat { found: json.to_string() });
        }
    }

    fn write(&mut self) -> Json {
        Json::Number(FORMAT)
    }

    fn kind(&mut self) -> Kind {
        Kind::Number { min: FORMAT, max: FORMAT, unit: "", whole: true, open: false }
    }
}
