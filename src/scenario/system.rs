//! The protocols that a scenario can be about, each with settings of its own.

use crate::engine::base::SimTime;
use crate::engine::base::ids::MAX_NODES;
use crate::engine::base::sort_by_key;
use crate::engine::observe::Recorder;
use crate::engine::protocol::single_leader::SingleLeader;
use crate::engine::protocol::single_leader::knobs::Knobs;
use crate::engine::protocol::{Card, Protocol};
use crate::engine::world::{Run, Scripted, Setup, World};

use super::fields::Frame;
use super::form::{Growth, Kind, Place, Row, Slot, beyond_defaults, described, read_into, written};
use super::json::Json;
use super::mistake::{Mistake, Problem};

/// What the world is given, with the settings of the protocol that runs in it.
#[derive(Clone, Debug)]
pub enum System {
    /// Single-leader replication.
    SingleLeader(Setup<Knobs>),
}

/// All protocols, in the order in which they are offered.
pub const PROTOCOLS: &[Card] = &[SingleLeader::CARD];

/// A scenario, read and checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The heading.
    pub title: String,
    /// What runs.
    pub system: System,
}

impl Scenario {
    /// Reads a document.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the fields.
    pub fn read(document: &Json) -> Result<Self, Vec<Problem>> {
        let mut place = Place::new(growth(document));
        let mut frame = usual();
        read_into(&mut frame, document, &mut place);
        if PROTOCOLS.iter().all(|card| card.id != frame.protocol) {
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
        sort_by_key(&mut frame.setup.script, |line: &Scripted| line.at);
        Ok(Self { title: frame.title, system: System::SingleLeader(frame.setup) })
    }

    /// The document with every field, in the order of the schema.
    #[must_use]
    pub fn full(&self) -> Json {
        written(&mut self.frame())
    }

    /// The document without what would be the same if left out.
    #[must_use]
    pub fn short(&self) -> Json {
        beyond_defaults(self.full(), &rows())
    }

    /// What is done to the cluster, in order of time.
    #[must_use]
    pub fn script(&self) -> &[Scripted] {
        match &self.system {
            System::SingleLeader(setup) => &setup.script,
        }
    }

    /// The run before its first event, recorded.
    #[must_use]
    pub fn run(&self) -> Box<dyn Run<Recorder>> {
        match &self.system {
            System::SingleLeader(setup) => {
                let recorder = Recorder::new(&setup.limits);
                Box::new(World::<SingleLeader, Recorder>::new(setup.clone(), recorder))
            }
        }
    }

    /// Root of all chance.
    #[must_use]
    pub fn seed(&self) -> u64 {
        match &self.system {
            System::SingleLeader(setup) => setup.seed,
        }
    }

    /// The name of its protocol.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        match &self.system {
            System::SingleLeader(_) => SingleLeader::CARD.id,
        }
    }

    fn frame(&self) -> Frame<Knobs> {
        let System::SingleLeader(setup) = &self.system;
        let protocol = self.protocol().to_owned();
        Frame { title: self.title.clone(), protocol, setup: setup.clone() }
    }
}

/// Every field of a document, described.
#[must_use]
pub fn rows() -> Vec<Row> {
    described(&mut usual())
}

fn usual() -> Frame<Knobs> {
    let protocol = SingleLeader::CARD.id.to_owned();
    Frame { title: String::new(), protocol, setup: Setup::default() }
}

fn count(joins: &[SimTime]) -> u32 {
    u32::try_from(joins.len()).unwrap_or(u32::MAX)
}

/// What a document says about how many nodes there are and when, looked up before it is read, so
/// that every name of a node can be checked where it stands.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn growth(document: &Json) -> Growth {
    let usual: Setup<Knobs> = Setup::default();
    let nodes = document.at("cluster.nodes").and_then(Json::as_number);
    let start = nodes.map_or(usual.nodes, |nodes| nodes.clamp(1.0, f64::from(MAX_NODES)) as u8);
    let time = |json: Option<&Json>| {
        let millis = json.and_then(Json::as_number)?;
        Some(SimTime::from_micros(libm::round(millis.max(0.0) * 1_000.0) as u64))
    };
    let lines = document.field("script").map_or(&[][..], Json::elements);
    let adds = |line: &&Json| line.field("do").and_then(Json::as_text) == Some("add-follower");
    let joins = lines.iter().filter(adds).filter_map(|line| time(line.field("at_ms"))).collect();
    let until = time(document.field("until_ms")).unwrap_or(usual.until);
    Growth { start, joins, until }
}

/// The name of a protocol.
pub struct ProtocolName<'a>(pub &'a mut String);

impl Slot for ProtocolName<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Some(found) = json.as_text() else {
            place.wrong_type(json, "the name of a protocol");
            return;
        };
        found.clone_into(self.0);
        if PROTOCOLS.iter().all(|card| card.id != found) {
            let known = PROTOCOLS.iter().map(|card| card.id).collect();
            place.report(Mistake::UnknownProtocol { found: found.to_owned(), known });
        }
    }

    fn write(&mut self) -> Json {
        Json::text(self.0.as_str())
    }

    fn kind(&mut self) -> Kind {
        Kind::Words(PROTOCOLS.iter().map(|card| (card.id, card.sentence)).collect())
    }
}
