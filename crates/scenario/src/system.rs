//! The protocols that a scenario can be about, each with settings of its own, and the scenario that
//! was read.
//!
//! A list of entries stands for the protocols of a program: whoever starts it passes one in, so
//! that a program that leaves a protocol out does not carry it.

use core::any::Any;
use core::fmt::Debug;

use engine::base::SimTime;
use engine::base::ids::MAX_NODES;
use engine::base::sort_by_key;
use engine::observe::Recorder;
use engine::protocol::{Card, Promise, Protocol};
use engine::world::{FAULTS, Faults, Run, Scripted, Setup, World};

use super::fields::action::Script;
use super::fields::{Frame, Knobbed};
use super::form::{
    Fields, Growth, Kind, Place, Row, Slot, beyond_defaults, described, read_into, written,
};
use super::json::Json;
use super::mistake::{Mistake, Problem};
use super::{knobs, presets};

/// The protocols of a program.
pub type Protocols = &'static [Entry];

/// A protocol as scenarios know it.
pub trait Offered: Protocol<Knobs: Knobbed> {
    /// Its knobs; the first is the page's one large choice.
    const KNOBS: &'static [knobs::Entry];
    /// Its scenarios.
    const PRESETS: &'static [presets::Preset];
}

/// A protocol in a list.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What readers are told about it.
    pub card: &'static Card,
    /// Its scenarios.
    pub presets: &'static [presets::Preset],
    /// What can be done to its clusters.
    pub faults: Faults,
    usual: fn(Faults) -> Box<dyn System>,
}

impl Entry {
    /// The same protocol in a program that knows these faults.
    #[must_use]
    pub const fn with_faults(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }
}

/// The entry of a protocol.
#[must_use]
pub const fn entry<P: Offered>() -> Entry {
    Entry { card: const { &P::CARD }, presets: P::PRESETS, faults: FAULTS, usual: usual::<P> }
}

fn usual<P: Offered>(faults: Faults) -> Box<dyn System> {
    let (title, about, card) = (String::new(), Vec::new(), const { &P::CARD });
    Box::new(Of::<P>(Frame { title, about, card, setup: Setup { faults, ..Setup::default() } }))
}

/// What the world is given, whatever protocol runs in it.
pub trait System: Debug {
    /// The protocol.
    fn card(&self) -> &'static Card;
    /// Its knobs.
    fn knobs(&self) -> &'static [knobs::Entry];
    /// Everything as fields.
    fn fields(&mut self) -> &mut dyn Fields;
    /// The heading.
    fn title(&self) -> &str;
    /// The promises that it is about; none: all.
    fn about(&self) -> &[Promise];
    /// What is done to the cluster.
    fn script(&self) -> &[Scripted];
    /// The same, to be put in order.
    fn script_mut(&mut self) -> &mut Vec<Scripted>;
    /// What can be done to its cluster.
    fn faults(&self) -> Faults;
    /// Root of all chance.
    fn seed(&self) -> u64;
    /// The run before its first event, recorded.
    fn run(&self) -> Box<dyn Run<Recorder>>;
    /// Another of the same.
    fn copy(&self) -> Box<dyn System>;
    /// Everything is as usual again.
    fn forget(&mut self);
    /// The set-up, for those who know the protocol.
    fn setup(&self) -> &dyn Any;
}

/// A scenario of one protocol.
#[derive(Debug)]
struct Of<P: Offered>(Frame<P::Knobs>);

impl<P: Offered> System for Of<P> {
    fn card(&self) -> &'static Card {
        self.0.card
    }

    fn knobs(&self) -> &'static [knobs::Entry] {
        P::KNOBS
    }

    fn fields(&mut self) -> &mut dyn Fields {
        &mut self.0
    }

    fn title(&self) -> &str {
        &self.0.title
    }

    fn about(&self) -> &[Promise] {
        &self.0.about
    }

    fn script(&self) -> &[Scripted] {
        &self.0.setup.script
    }

    fn script_mut(&mut self) -> &mut Vec<Scripted> {
        &mut self.0.setup.script
    }

    fn faults(&self) -> Faults {
        self.0.setup.faults
    }

    fn seed(&self) -> u64 {
        self.0.setup.seed
    }

    fn run(&self) -> Box<dyn Run<Recorder>> {
        let recorder = Recorder::new(&self.0.setup.limits);
        Box::new(World::<P, Recorder>::new(self.0.setup.clone(), recorder))
    }

    fn copy(&self) -> Box<dyn System> {
        Box::new(Self(self.0.clone()))
    }

    fn forget(&mut self) {
        let setup = Setup { faults: self.0.setup.faults, ..Setup::default() };
        (self.0.title, self.0.about, self.0.setup) = (String::new(), Vec::new(), setup);
    }

    fn setup(&self) -> &dyn Any {
        &self.0.setup
    }
}

/// A scenario, read and checked.
pub struct Scenario {
    /// The heading.
    pub title: String,
    /// What runs.
    pub system: Box<dyn System>,
    /// The protocols that it could have been about.
    pub protocols: Protocols,
}

impl Debug for Scenario {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.system.fmt(f)
    }
}

impl Clone for Scenario {
    fn clone(&self) -> Self {
        Self { title: self.title.clone(), system: self.system.copy(), protocols: self.protocols }
    }
}

impl Scenario {
    /// Reads a document about one of these protocols.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the fields.
    pub fn read(document: &Json, protocols: Protocols) -> Result<Self, Vec<Problem>> {
        let named = document.at("cluster.protocol").and_then(Json::as_text);
        let found = protocols.iter().find(|entry| Some(entry.card.id) == named);
        let Some(entry) = found.or(protocols.first()) else { return Err(Vec::new()) };
        let mut place = Place::new(growth(document, entry.card));
        place.protocols = protocols.iter().map(|entry| entry.card.id).collect();
        let mut system = (entry.usual)(entry.faults);
        read_into(system.fields(), document, &mut place);
        if found.is_none() {
            place.problems.retain(|problem| !problem.at.starts_with("cluster.knobs"));
        }
        let nodes = u32::from(place.cluster.start) + count(&place.cluster.joins);
        if nodes > u32::from(MAX_NODES) {
            let mistake = Mistake::TooManyNodes { nodes, most: MAX_NODES };
            place.in_field("script", |place| place.report(mistake));
        }
        if !place.problems.is_empty() {
            return Err(place.problems);
        }
        sort_by_key(system.script_mut(), |line: &Scripted| line.at);
        Ok(Self { title: system.title().to_owned(), system, protocols })
    }

    /// The document with every field, in the order of the schema.
    #[must_use]
    pub fn full(&self) -> Json {
        written(self.system.copy().fields())
    }

    /// The document without what would be the same if left out.
    #[must_use]
    pub fn short(&self) -> Json {
        let mut system = self.system.copy();
        let full = written(system.fields());
        system.forget();
        beyond_defaults(full, &described(system.fields()))
    }

    /// The promises that it is about; none: all.
    #[must_use]
    pub fn about(&self) -> &[Promise] {
        self.system.about()
    }

    /// What is done to the cluster, in order of time.
    #[must_use]
    pub fn script(&self) -> &[Scripted] {
        self.system.script()
    }

    /// The run before its first event, recorded.
    #[must_use]
    pub fn run(&self) -> Box<dyn Run<Recorder>> {
        self.system.run()
    }

    /// What can be done to the cluster.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.system.faults()
    }

    /// Root of all chance.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.system.seed()
    }

    /// The name of its protocol.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.system.card().id
    }

    /// What the world is given, if the scenario is about this protocol.
    #[must_use]
    pub fn setup<P: Offered>(&self) -> Option<&Setup<P::Knobs>> {
        self.system.setup().downcast_ref()
    }
}

/// Reads what a reader did in a run of this document: lines of a script, in a cluster that may grow by them.
///
/// # Errors
/// Everything that is wrong with them.
pub fn deeds_of(
    document: &Json,
    lines: &[Json],
    scenario: &Scenario,
) -> Result<Vec<Scripted>, Vec<Problem>> {
    let mut whole = document.clone();
    let scripted = whole.field("script").map_or(&[][..], Json::elements);
    let all = [scripted, lines].concat();
    whole.put("script", Json::List(all));
    let mut place = Place::new(growth(&whole, scenario.system.card()));
    let mut deeds = Vec::new();
    let lines = Json::List(lines.to_vec());
    place.in_field("actions", |place| Script(&mut deeds, scenario.faults()).read(&lines, place));
    sort_by_key(&mut deeds, |line: &Scripted| line.at);
    if place.problems.is_empty() { Ok(deeds) } else { Err(place.problems) }
}

/// Every field of a document about this protocol, described.
#[must_use]
pub fn rows(entry: &Entry) -> Vec<Row> {
    described((entry.usual)(entry.faults).fields())
}

fn count(joins: &[SimTime]) -> u32 {
    u32::try_from(joins.len()).unwrap_or(u32::MAX)
}

/// What a document says about how many nodes there are and when, looked up before it is read, so
/// that every name of a node can be checked where it stands.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn growth(document: &Json, card: &Card) -> Growth {
    let usual: Setup<()> = Setup::default();
    let nodes = document.at("cluster.nodes").and_then(Json::as_number);
    let start = nodes.map_or(usual.nodes, |nodes| nodes.clamp(1.0, f64::from(MAX_NODES)) as u8);
    let time = |json: Option<&Json>| {
        let millis = json.and_then(Json::as_number)?;
        Some(SimTime::from_millis_f64(millis))
    };
    let lines = document.field("script").map_or(&[][..], Json::elements);
    let adds = |line: &&Json| line.field("do").and_then(Json::as_text) == Some("add-follower");
    let joins = lines.iter().filter(adds).filter_map(|line| time(line.field("at_ms"))).collect();
    let until = time(document.field("until_ms")).unwrap_or(usual.until);
    Growth { start: start.saturating_add(u8::from(card.service)), joins, until }
}

/// The name of a protocol.
pub struct ProtocolName(pub &'static Card);

impl Slot for ProtocolName {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Some(found) = json.as_text() else {
            place.wrong_type(json, "the name of a protocol");
            return;
        };
        if place.protocols.iter().all(|known| *known != found) {
            let (found, known) = (found.to_owned(), place.protocols.clone());
            place.report(Mistake::UnknownProtocol { found, known });
        }
    }

    fn write(&mut self) -> Json {
        Json::text(self.0.id)
    }

    fn kind(&mut self) -> Kind {
        Kind::Words(vec![(self.0.id, self.0.sentence)])
    }
}
