//! A run as the page plays it: the lab, the document that it is a run of, and where the playhead is on its way to.
//!
//! Panels ask the lab itself. Here is what takes more than a question: a frame's share of work, a knob that is turned, a
//! link that is followed, the address that leads back.

use engine::world::fault;
use lab::{Action, EventId, Lab, Looking, Opened, Scripted, SimTime, Span, opened, opened_file};
use scenario::knobs::{self, Control, Knob};
use scenario::{Filed, Json, Problem, Protocols, presets};
use view::LogLine;
use view::pace::{self, Plan};

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
pub const FIRST_FORESIGHT: u32 = 8_000;
/// Lines of the log that the page keeps in sight.
const LOG_LINES: usize = 120;

/// A scenario being played on the page.
pub struct Session {
    lab: Lab,
    document: Json,
    /// The built-in scenario that it began as.
    filed: Option<Filed>,
    /// Where the playhead is on its way to, if one frame was not enough.
    target: Option<SimTime>,
}

/// A run that begins on the page.
pub struct Begun {
    /// The run.
    pub session: Session,
    /// What is looked at.
    pub looking: Looking,
    /// Whether it was opened at a moment to be looked at, and so stands still.
    pub at_a_moment: bool,
}

impl Begun {
    /// What a link, or the name of a built-in scenario, leads to; an empty one leads to the first scenario.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn link(link: &str, protocols: Protocols) -> Result<Self, Vec<Problem>> {
        let first = presets(protocols).next().map_or("", |preset| preset.name);
        opened(if link.is_empty() { first } else { link }, protocols).map(Self::of)
    }

    /// What the text of a file holds: a whole run, or the document of a scenario.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn file(text: &str, protocols: Protocols) -> Result<Self, Vec<Problem>> {
        opened_file(text, protocols).map(Self::of)
    }

    /// What a link leads to, or the first scenario and what is wrong with the link. The first one can be read: a test
    /// reads them all.
    pub fn link_or_first(link: &str, protocols: Protocols) -> (Self, Vec<Problem>) {
        match (Self::link(link, protocols), link) {
            (Ok(begun), _) => (begun, Vec::new()),
            (Err(_), "") => panic!("the first scenario cannot be read"),
            (Err(problems), _) => (Self::link_or_first("", protocols).0, problems),
        }
    }

    /// A run that was opened, foreseen and where its playhead belongs.
    pub fn of(run: Opened) -> Self {
        let Opened { lab, filed, at, looking } = run;
        let scenario = lab.scenario();
        let document = filed
            .as_ref()
            .map_or_else(|| scenario.short(), |filed| filed.with_seed(scenario.seed()));
        let mut session = Session { lab, document, filed, target: None };
        session.lab.foresee(FIRST_FORESIGHT);
        if let Some(at) = at {
            session.seek(at);
        }
        let there = looking.selected.filter(|selected| session.lab.inspect(*selected).is_some());
        let looking = Looking { selected: there, ..looking };
        Self { session, looking, at_a_moment: at.is_some() }
    }
}

impl Session {
    /// The lab, to be asked.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// The lab, to be changed: the playhead stays where that puts it.
    pub fn at_rest(&mut self) -> &mut Lab {
        self.target = None;
        &mut self.lab
    }

    /// The built-in scenario's name, or the title of what a link held.
    pub fn name(&self) -> &str {
        self.filed.as_ref().map_or(&self.lab.scenario().title, |filed| filed.preset.name)
    }

    /// The text of the document that is played: of a built-in scenario, as its file has it.
    pub fn text(&self) -> String {
        match &self.filed {
            Some(filed) if filed.document == self.document => filed.preset.text.to_owned(),
            _ => self.document.pretty(),
        }
    }

    /// The shortest part of an address that leads to the start of this run, with all that the reader did.
    pub fn address(&self) -> String {
        let touched = self.lab.branches().iter().any(|branch| !branch.actions.is_empty());
        let (name, seed) = (self.name(), self.lab.scenario().seed());
        match &self.filed {
            Some(filed) if !touched && filed.document == self.document => name.to_owned(),
            Some(filed) if !touched && filed.with_seed(seed) == self.document => {
                format!("scenario={name}&seed={seed}")
            }
            _ => self.lab.link(),
        }
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

    /// The playhead in milliseconds.
    pub fn now_ms(&self) -> f64 {
        self.lab.now().as_millis_f64()
    }

    /// The end of the run in milliseconds.
    pub fn until_ms(&self) -> f64 {
        self.lab.until().as_millis_f64()
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
    pub fn seek(&mut self, to: SimTime) {
        let lab = self.at_rest();
        let to = to.min(lab.until());
        lab.seek(to);
        lab.advance(to.since(lab.now()), JUMP_BUDGET);
    }

    /// Puts the playhead where an event just happened.
    pub fn seek_event(&mut self, event: EventId) {
        if let Some(at) = self.lab.furthest().observer().trace().get(event).map(|event| event.at) {
            self.at_rest().seek(at);
        }
    }

    /// Does something to the cluster, now or in the past. From a reader's first act on, the world is the reader's: what
    /// the scenario's script would still do is left out, and a run that has ended goes on.
    pub fn act(&mut self, action: &Action) {
        let lab = self.at_rest();
        lab.take_over();
        if lab.at_end() && !action.is("prolong") {
            lab.act(fault::prolong(LONGER));
        }
        lab.act(*action);
        lab.foresee(FIRST_FORESIGHT);
    }

    /// What became of the end of the scenario: what is left out of its script, and whether the run is over.
    pub fn rest(&self) -> Rest {
        let line = |line: Scripted| (line.at.as_millis_f64(), line.action.order());
        let left_out = self.lab.left_out_of_script().into_iter().map(line).collect();
        Rest { left_out, over: self.lab.at_end() }
    }

    /// The futures, each by what began it.
    pub fn branches(&self) -> Vec<BranchView> {
        let numbered = self.lab.branches().into_iter().zip(0..);
        let view = |(branch, number): (lab::BranchFacts, u32)| BranchView {
            number,
            label: super::words::branch(
                branch.from.map(|(_, at)| at.as_millis_f64()),
                branch.actions.last().map(|done| done.action.order()),
            ),
            shown: branch.current,
        };
        numbered.map(view).collect()
    }

    /// The automatic pace for what was foreseen.
    pub fn plan(&self) -> Plan {
        pace::plan(&self.lab.moments(), self.lab.foreseen(), self.lab.hop())
    }

    /// The run in words.
    #[inline(never)]
    pub fn log(&self) -> Vec<LogLine> {
        let mut lines = self.lab.log_since(EventId::NONE);
        lines.drain(..lines.len().saturating_sub(LOG_LINES));
        lines
    }
}
