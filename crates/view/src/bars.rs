//! The operations on one key as bars, client by client, with what befell the cluster meanwhile: why
//! an answer fits no order can be seen where the bars lie.
//!
//! It judges nothing: an audit's witness says which answer it is about.

use super::number::{clock, clock_ms};
use super::timeline::major_marks;
use super::types::{MarkShape, TimeMark};
use engine::base::{ClientId, OpId, SimTime, Span, sort, sort_by_key};
use engine::observe::audit::Witness;
use engine::observe::{End, History, Operation, Recorder};
use engine::protocol::Command;
use engine::protocol::client::Refusal;
use engine::world::Run;

/// Bars drawn; those that lie farthest from the answer are left out.
pub const MOST: usize = 28;
/// A fault is shown with its consequences if it is not farther from the answer than this.
const REACH: Span = Span::from_millis(2_000);

/// The operations on a key around one answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Bars {
    /// The drawing in a sentence: "Operations on k7, 1.200 s to 1.450 s".
    pub title: String,
    /// Its beginning.
    pub from_ms: f64,
    /// Its end.
    pub to_ms: f64,
    /// A client each; "" for what the client above did at the same time.
    pub lanes: Vec<String>,
    /// The operations, in the order of their beginnings.
    pub bars: Vec<Bar>,
    /// What befell the cluster: when, and what.
    pub faults: Vec<(f64, String)>,
    /// Operations in this time that are not drawn.
    pub left_out: usize,
}

/// One operation.
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    /// Which lane.
    pub lane: usize,
    /// When it was asked for, or the drawing's beginning.
    pub from_ms: f64,
    /// When it was answered; the drawing's end if it was not.
    pub to_ms: f64,
    /// What was written or read: "91"; "≠ 91" of a compare-and-set that found another value.
    pub label: String,
    /// Whether it writes.
    pub writes: bool,
    /// Whether its outcome is unknown or not known yet.
    pub open: bool,
    /// What it has to do with the verdict.
    pub part: Part,
    /// The operation.
    pub op: u32,
    /// "c2 was told k7 = 91, 1.203 s to 1.215 s".
    pub text: String,
}

/// What an operation has to do with the verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Its answer fits no order.
    Bad,
    /// It wrote what was read, or what should have been.
    Named,
    /// It happened beside.
    Other,
}

/// The operations around the answer that the witness begins with; `None` if it names none.
#[must_use]
pub fn bars(run: &dyn Run<Recorder>, witness: &Witness) -> Option<Bars> {
    let (history, now) = (run.observer().history(), run.now());
    let bad = history.get(*witness.operations.first()?)?;
    let to = bad.ended.min(now);
    let named = witness.operations.iter().filter_map(|op| history.get(*op));
    let earliest = named.map(|operation| operation.invoked).min()?;
    let marks = major_marks(run, usize::MAX);
    let at = |ms: f64| SimTime::from_micros(super::number::micros(ms));
    let near = |at: SimTime| at <= to && to.since(at) <= REACH;
    let fault = marks.iter().map(|mark| at(mark.at_ms)).filter(|at| near(*at)).max();
    let from = fault.map_or(earliest, |fault| fault.min(earliest));
    let margin = Span::from_micros(to.since(from).micros() / 20 + 500);
    let from = SimTime::from_micros(from.micros().saturating_sub(margin.micros()));
    let frame = Frame { history, witness, from, to: (to + margin).min(now.max(to)) };
    let (chosen, left_out) = frame.choose();
    let (lanes, bars) = frame.lay(&chosen);
    let inside = marks.into_iter().filter(|mark| {
        let at = at(mark.at_ms);
        mark.shape != MarkShape::Dot && at >= frame.from && at <= frame.to
    });
    Some(Bars {
        title: format!("Operations on {}, {} to {}", bad.key(), clock(frame.from), clock(frame.to)),
        from_ms: frame.from.as_millis_f64(),
        to_ms: frame.to.as_millis_f64(),
        lanes,
        bars,
        faults: told_once(inside),
        left_out,
    })
}

/// When each thing happened first, and what; what happened again is counted, and on how many nodes:
/// each of them meets the same conflict for itself.
fn told_once(marks: impl Iterator<Item = TimeMark>) -> Vec<(f64, String)> {
    let mut faults: Vec<(f64, String, Vec<u8>)> = Vec::new();
    for mark in marks {
        match faults.iter_mut().find(|(_, label, _)| *label == mark.label) {
            Some((.., lanes)) => lanes.push(mark.lane),
            None => faults.push((mark.at_ms, mark.label, vec![mark.lane])),
        }
    }
    let counted = |(at, label, mut lanes): (f64, String, Vec<u8>)| {
        let times = lanes.len();
        sort(&mut lanes);
        lanes.dedup();
        match (times, lanes.len()) {
            (1, _) => (at, label),
            (_, 1) => (at, format!("{label}, {times} times")),
            (_, nodes) => (at, format!("{label}, {times} times on {nodes} nodes")),
        }
    };
    faults.into_iter().map(counted).collect()
}

/// Whether a node did not do it, and said so.
const fn is_turned_away(operation: &Operation) -> bool {
    matches!(operation.end, End::Refused { .. }) && operation.is_known()
}

/// Whether it is a compare-and-set that found another value, and changed nothing.
const fn is_unequal(operation: &Operation) -> bool {
    matches!(operation.end, End::Refused { why: Some(Refusal::NotEqual) })
}

struct Frame<'a> {
    history: &'a History,
    witness: &'a Witness,
    from: SimTime,
    to: SimTime,
}

impl Frame<'_> {
    /// The operations to draw, by client and then by time, and how many are left out.
    fn choose(&self) -> (Vec<(OpId, Operation)>, usize) {
        let key = self.witness.operations.first().and_then(|op| self.history.get(*op));
        let key = key.map(|operation| operation.key());
        let concerns = |operation: &Operation| {
            Some(operation.key()) == key
                && operation.invoked <= self.to
                && operation.ended >= self.from
                // A read without an answer yet, and what was turned away, says nothing of any order.
                // A compare-and-set that found another value does.
                && (operation.is_write() || self.is_told(operation))
                && (is_unequal(operation) || !is_turned_away(operation))
        };
        let all = self.history.iter().filter(|(_, operation)| concerns(operation));
        let mut chosen: Vec<(OpId, Operation)> = all.map(|(id, op)| (id, *op)).collect();
        // Those of the witness first, then the latest.
        sort_by_key(&mut chosen, |(id, operation)| {
            (!self.witness.operations.contains(id), u64::MAX - operation.invoked.micros())
        });
        let left_out = chosen.len().saturating_sub(MOST);
        chosen.truncate(MOST);
        sort_by_key(&mut chosen, |(id, operation)| (operation.client, operation.invoked, *id));
        (chosen, left_out)
    }

    fn is_told(&self, read: &Operation) -> bool {
        matches!(read.end, End::Value { .. }) && read.ended <= self.to
    }

    /// Puts each on the first lane of its client that is free.
    fn lay(&self, chosen: &[(OpId, Operation)]) -> (Vec<String>, Vec<Bar>) {
        let mut lanes: Vec<(ClientId, SimTime)> = Vec::new();
        let mut bars = Vec::new();
        for (id, operation) in chosen {
            let free = |(client, until): &(ClientId, SimTime)| {
                *client == operation.client && *until <= operation.invoked
            };
            let lane = lanes.iter().position(free).unwrap_or_else(|| {
                lanes.push((operation.client, SimTime::ZERO));
                lanes.len() - 1
            });
            let bar = self.bar(*id, operation, lane);
            lanes[lane].1 = if bar.open { SimTime::NEVER } else { operation.ended };
            bars.push(bar);
        }
        let again = |place: usize| place > 0 && lanes[place - 1].0 == lanes[place].0;
        let name = |(place, (client, _)): (usize, &(ClientId, SimTime))| {
            if again(place) { String::new() } else { client.to_string() }
        };
        (lanes.iter().enumerate().map(name).collect(), bars)
    }

    fn bar(&self, id: OpId, operation: &Operation, lane: usize) -> Bar {
        let open = operation.ended > self.to || !operation.is_known();
        let unequal = is_unequal(operation) && !open;
        let writes = operation.is_write() && !unequal;
        let to = if open { self.to } else { operation.ended };
        let value = operation.value().unwrap_or(0);
        let label = match (unequal, operation.command) {
            (true, Command::Swap { expected, .. }) if expected > 0 => format!("≠ {expected}"),
            _ if unequal || value == 0 => "–".to_owned(),
            _ => value.to_string(),
        };
        let part = match self.witness.operations.iter().position(|op| *op == id) {
            Some(0) => Part::Bad,
            Some(_) => Part::Named,
            None => Part::Other,
        };
        let (from_ms, to_ms) =
            (operation.invoked.max(self.from).as_millis_f64(), to.as_millis_f64());
        let did = match (writes, open, value) {
            (true, true, 0) => {
                format!("asked for the deletion of {} and does not know", operation.key())
            }
            (true, true, _) => format!("asked for {} and does not know", operation.name()),
            (true, false, 0) => format!("deleted {}", operation.key()),
            (true, false, _) => format!("wrote {}", operation.name()),
            (false, ..) if unequal => {
                format!("was told that “{}” changed nothing", operation.name())
            }
            (false, _, 0) => format!("was told that {} was never written", operation.key()),
            (false, ..) => format!("was told {} = {value}", operation.key()),
        };
        let no_order = if part == Part::Bad { ", which fits no order" } else { "" };
        let begins = clock(operation.invoked);
        let ends = if open { String::new() } else { format!(" to {}", clock_ms(to_ms)) };
        let text = format!("{} {did}{no_order}, {begins}{ends}", operation.client);
        Bar { lane, from_ms, to_ms, label, writes, open, part, op: id.0, text }
    }
}
