//! The lab as the page uses it: times in milliseconds, a scenario by name, knobs that are turned.
//!
//! It knows what is loaded and asks the lab for everything else.

mod opening;

use lab::{Lab, NodeId, Scripted, SimTime, Span};
use scenario::knobs::{self, Control, Knob};
use scenario::{Entry, Filed, Json, Protocols};
use view::pace::{self, Plan};
use view::{Chip, Inspector, Ledger, LogLine, Overview, Sentence, Stage, Timeline};
use view::{VerdictView, words};

use lab::Target;
pub use lab::{Action, EventId, Looking, OpId, Selection, Shared, TooLong};
pub use opening::Begun;
pub use scenario::Problem;

/// What a knob was set to.
#[derive(Clone, PartialEq, Debug)]
pub enum KnobValue {
    /// One of the choices, by its place.
    Choice(usize),
    /// A number.
    Number(f64),
    /// On or off.
    On(bool),
}

/// One of the futures that were made.
#[derive(Clone, PartialEq, Debug)]
pub struct BranchView {
    /// Its place in the list.
    pub number: u32,
    /// When it began, and what the reader did in it.
    pub label: String,
    /// Whether it is shown.
    pub shown: bool,
}

/// What is left of the scenario where the playhead stands.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Rest {
    /// What its script would have done if the reader had not begun to act: when, in milliseconds, and what.
    pub left_out: Vec<(f64, String)>,
    /// The run has ended.
    pub over: bool,
}

/// How much longer a run goes on at a time.
pub const LONGER: Span = Span::from_millis(20_000);
/// Happenings that one frame makes happen at most: about four milliseconds of work.
const FRAME_BUDGET: u32 = 2_500;
/// Happenings that one step or jump makes happen at most.
const JUMP_BUDGET: u32 = 200_000;
/// Happenings that one frame foresees at most.
const FORESIGHT: u32 = 1_000;
/// Happenings foreseen before anything is watched, at the start and after an action.
const FIRST_FORESIGHT: u32 = 8_000;
/// Lines of the log that the page keeps in sight.
const LOG_LINES: usize = 120;

/// A scenario being played on the page.
pub struct Session {
    protocols: Protocols,
    lab: Lab,
    document: Json,
    /// The built-in scenario that it began as.
    filed: Option<Filed>,
    name: String,
    /// Where the playhead is on its way to, if one frame was not enough.
    target: Option<SimTime>,
}

impl Session {
    /// The text of the document that is played: of a built-in scenario, as its file has it.
    pub fn text(&self) -> String {
        match &self.filed {
            Some(filed) if filed.document == self.document => filed.preset.text.to_owned(),
            _ => self.document.pretty(),
        }
    }

    /// The protocols that there are.
    pub fn protocols(&self) -> Protocols {
        self.protocols
    }

    /// Reads an action as scripts write it, without its time.
    ///
    /// # Errors
    /// All its mistakes.
    #[inline(never)]
    pub fn action(&self, json: &Json) -> Result<Action, Vec<Problem>> {
        scenario::action_of(json, self.lab.run().view().nodes.count())
    }

    /// Plays the same with another seed.
    ///
    /// # Errors
    /// All mistakes of the document.
    pub fn reseed(&mut self, seed: u32) -> Result<(), Vec<Problem>> {
        self.replay("seed", Json::Number(f64::from(seed)))
    }

    /// Turns a knob and plays again from the start: the same seed, the same faults, the reader's
    /// own actions at the same times.
    ///
    /// # Errors
    /// All mistakes of the document with the knob turned.
    pub fn replay_with(&mut self, knob: &Knob, value: &KnobValue) -> Result<(), Vec<Problem>> {
        let value = match (value, &knob.control) {
            (KnobValue::Choice(place), Control::Choice { options, .. }) => {
                let text = options.get(*place).map_or("null", |(text, _)| text);
                scenario::parse(text).map_err(|problem| vec![problem])?
            }
            (KnobValue::Number(number), _) => Json::Number(*number),
            (KnobValue::On(on), _) => Json::Bool(*on),
            (KnobValue::Choice(_), _) => Json::Null,
        };
        self.replay(knob.path, value)
    }

    fn replay(&mut self, path: &str, value: Json) -> Result<(), Vec<Problem>> {
        let mut document = self.document.clone();
        knobs::turn(&mut document, self.lab.scenario(), path, value);
        self.lab = self.lab.replay_with(&document)?;
        self.lab.foresee(FIRST_FORESIGHT);
        self.document = document;
        self.target = None;
        Ok(())
    }

    /// The playhead.
    pub fn now(&self) -> SimTime {
        self.lab.now()
    }

    /// The playhead in milliseconds.
    pub fn now_ms(&self) -> f64 {
        self.lab.now().as_millis_f64()
    }

    /// The end of the run.
    pub fn until(&self) -> SimTime {
        self.lab.until()
    }

    /// The end of the run in milliseconds.
    pub fn until_ms(&self) -> f64 {
        self.lab.until().as_millis_f64()
    }

    /// How far the run is known, in milliseconds.
    pub fn known_ms(&self) -> f64 {
        self.lab.known().as_millis_f64()
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.lab.scenario().seed()
    }

    /// The preset's name, or the title of what a link held.
    pub fn scenario(&self) -> &str {
        &self.name
    }

    /// Lets the playhead move to `to`, as far as one frame's work goes; the next frames go on.
    pub fn go(&mut self, to: SimTime) {
        let to = self.target.map_or(to, |target| target.max(to));
        let advanced = self.lab.advance(to.since(self.lab.now()), FRAME_BUDGET);
        self.target = advanced.exhausted.then_some(to);
        if self.target.is_none() {
            self.lab.foresee(FORESIGHT);
        }
    }

    /// Whether the playhead is still on its way.
    pub fn is_going(&self) -> bool {
        self.target.is_some()
    }

    /// Puts the playhead at an instant.
    pub fn seek(&mut self, ms: f64) {
        self.seek_to(SimTime::from_millis_f64(ms));
    }

    fn seek_to(&mut self, to: SimTime) {
        self.target = None;
        let to = to.min(self.lab.until());
        self.lab.seek(to);
        let left = to.since(self.lab.now());
        self.lab.advance(left, JUMP_BUDGET);
    }

    /// Puts the playhead where an event just happened.
    pub fn seek_event(&mut self, event: EventId) {
        if let Some(at) = self.lab.furthest().observer().trace().get(event).map(|event| event.at) {
            self.target = None;
            self.lab.seek(at);
        }
    }

    /// To the next event.
    pub fn step(&mut self) {
        self.target = None;
        self.lab.step();
    }

    /// To the event before.
    pub fn step_back(&mut self) {
        self.target = None;
        self.lab.step_back();
    }

    /// Does something to the cluster, now or in the past. From a reader's first act on, the world is the reader's: what
    /// the scenario's script would still do is left out, and a run that has ended goes on.
    pub fn act(&mut self, action: &Action) {
        self.target = None;
        self.lab.take_over();
        if self.lab.at_end() && !matches!(action, Action::Prolong(_)) {
            self.lab.act(Action::Prolong(LONGER));
        }
        self.lab.act(action.clone());
        self.lab.foresee(FIRST_FORESIGHT);
    }

    /// Begins a future in which the scenario's script happens as well, from where the reader began to act.
    pub fn keep_script(&mut self) {
        self.target = None;
        if self.lab.keep_script() {
            self.lab.foresee(FIRST_FORESIGHT);
        }
    }

    /// What became of the end of the scenario: what is left out of its script, and whether the run is over.
    pub fn rest(&self) -> Rest {
        let line = |line: Scripted| (line.at.as_millis_f64(), words::action(&line.action));
        let left_out = self.lab.left_out_of_script().into_iter().map(line).collect();
        Rest { left_out, over: self.lab.at_end() }
    }

    /// Shows another future.
    pub fn switch(&mut self, branch: u32) {
        self.target = None;
        self.lab.switch(branch as usize);
    }

    /// The futures, each by what began it.
    pub fn branches(&self) -> Vec<BranchView> {
        let numbered = self.lab.branches().into_iter().zip(0..);
        let view = |(branch, number): (lab::BranchFacts, u32)| BranchView {
            number,
            label: super::words::branch(
                branch.from.map(|(_, at)| at.as_millis_f64()),
                branch.actions.last().map(|done| words::action(&done.action)),
            ),
            shown: branch.current,
        };
        numbered.map(view).collect()
    }

    /// The automatic pace for what was foreseen.
    pub fn plan(&self) -> Plan {
        pace::plan(&self.lab.moments(), self.lab.foreseen(), self.lab.hop())
    }

    /// The sentence.
    pub fn sentence(&self) -> Sentence {
        self.lab.sentence()
    }

    /// The cluster.
    pub fn stage(&self) -> Stage {
        self.lab.stage()
    }

    /// Messages in flight.
    pub fn chips(&self) -> Vec<Chip> {
        self.lab.chips()
    }

    /// Every write.
    pub fn ledger(&self, selected: Option<OpId>) -> Ledger {
        self.lab.ledger(selected)
    }

    /// A stretch of time.
    pub fn timeline(&self, from_ms: f64, to_ms: f64) -> Timeline {
        self.lab.timeline(SimTime::from_millis_f64(from_ms), SimTime::from_millis_f64(to_ms))
    }

    /// The whole run.
    pub fn overview(&self) -> Overview {
        self.lab.overview()
    }

    /// The promises.
    #[inline(never)]
    pub fn verdicts(&self) -> Vec<VerdictView> {
        self.lab.verdicts()
    }

    /// What is selected, explained.
    #[inline(never)]
    pub fn inspect(&self, what: Selection) -> Option<Inspector> {
        self.lab.inspect(what)
    }

    /// The settings.
    pub fn knobs(&self) -> Vec<Knob> {
        knobs::knobs(self.lab.scenario())
    }

    /// The run in words.
    #[inline(never)]
    pub fn log(&self) -> Vec<LogLine> {
        let mut lines = self.lab.log_since(EventId::NONE);
        lines.drain(..lines.len().saturating_sub(LOG_LINES));
        lines
    }
}

/// The built-in scenarios of a protocol: its title, and name and title of each.
pub type Group = (&'static str, Vec<(&'static str, &'static str)>);

/// The built-in scenarios of these protocols, grouped by protocol.
pub fn scenarios(protocols: Protocols) -> Vec<Group> {
    let group = |entry: &Entry| {
        (entry.card.title, entry.presets.iter().map(|preset| (preset.name, preset.title)).collect())
    };
    protocols.iter().map(group).collect()
}

/// Cuts a link.
pub fn cut(from: u8, to: u8, both: bool) -> Action {
    Action::Cut { from: Target::Node(NodeId(from)), to: Target::Node(NodeId(to)), both }
}

/// Mends a link.
pub fn heal(from: u8, to: u8) -> Action {
    Action::Heal { from: Target::Node(NodeId(from)), to: Target::Node(NodeId(to)) }
}
