//! Time that passes while scripts look on: their callbacks are told everything in order and can act
//! in between. Nothing is borrowed while they run.
//!
//! Who listens to events is told instant by instant; verdicts are looked at every [`EVERY`]; nobody
//! who listens to nothing pays for either.

use std::cell::{Cell, RefCell};

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::arguments::Wait;
use super::mistake::Mistake;
use super::values::told;
use lab::plain::{Passed, Reached};
use lab::{Advanced, EventId, Lab, SimTime, Span};
use view::{TraceLine, VerdictView};

/// How often verdicts are looked at while somebody waits for them.
const EVERY: Span = Span::from_millis(250);

/// What a script can listen to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    /// Every recorded event.
    Event,
    /// A promise whose verdict changes.
    Verdict,
    /// A promise that is broken.
    PromiseBroken,
}

/// Every topic by the word that scripts have for it.
pub const TOPICS: [(&str, Topic); 3] = [
    ("event", Topic::Event),
    ("verdict", Topic::Verdict),
    ("promise-broken", Topic::PromiseBroken),
];

/// A lab and who listens to it.
pub struct Session {
    /// The lab.
    pub lab: RefCell<Lab>,
    listeners: RefCell<Vec<(u32, Topic, Function)>>,
    next_listener: Cell<u32>,
    // The word of every verdict when it was last looked at; nothing after the playhead was moved.
    words: RefCell<Option<Vec<&'static str>>>,
    // The last event that callbacks were told of, or could have been; nothing after the playhead was moved.
    passed: Cell<Option<u32>>,
    passing: Cell<bool>,
}

/// How far time is to pass at most.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// To this instant.
    pub to: SimTime,
    /// Happenings.
    pub budget: u32,
}

/// What was recorded, and found, while a little time passed.
#[derive(Default)]
struct News {
    lines: Vec<TraceLine>,
    /// Of these, the one that is waited for.
    awaited: Option<usize>,
    /// Verdicts that are not what they were.
    changed: Vec<VerdictView>,
}

/// What was waited for, if it came: the event, where it is one. Or what a callback threw.
type Told = Result<Option<Option<TraceLine>>, JsValue>;

impl Session {
    /// A lab to which nobody listens.
    pub fn new(lab: Lab) -> Self {
        Self {
            lab: RefCell::new(lab),
            listeners: RefCell::default(),
            next_listener: Cell::new(0),
            words: RefCell::default(),
            passed: Cell::new(Some(0)),
            passing: Cell::new(false),
        }
    }

    /// From now on `callback` is told of the topic, until the number is given to [`Self::leave`].
    pub fn listen(&self, topic: Topic, callback: Function) -> u32 {
        let number = self.next_listener.get();
        self.next_listener.set(number + 1);
        self.listeners.borrow_mut().push((number, topic, callback));
        number
    }

    /// Tells a callback no more.
    pub fn leave(&self, number: u32) {
        self.listeners.borrow_mut().retain(|(known, ..)| *known != number);
    }

    /// The playhead was moved, or is about to be: what verdicts were before is no longer of interest.
    ///
    /// # Errors
    /// A callback asks for it while time passes.
    pub fn moved(&self) -> Result<(), Mistake> {
        if self.passing.get() {
            let what = "time cannot be moved while it passes";
            let fix = "act or look in a callback; move the playhead after the call that tells it";
            return Err(Mistake::new("lab/busy", what, "a callback", fix));
        }
        *self.words.borrow_mut() = None;
        self.passed.set(None);
        Ok(())
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// What a callback throws ends the call; the lab stands where it was thrown.
    pub fn advance(&self, limit: Limit) -> Result<Passed, JsValue> {
        let Reached { now_ms, happened, exhausted, .. } = self.pass(limit, None)?;
        Ok(Passed { now_ms, happened, exhausted })
    }

    /// Lets time pass until a condition holds.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn run_until(&self, wait: &Wait, limit: Limit) -> Result<Reached, JsValue> {
        self.pass(limit, Some(wait))
    }

    fn pass(&self, limit: Limit, wait: Option<&Wait>) -> Result<Reached, JsValue> {
        if self.passing.replace(true) {
            self.moved()?;
        }
        let passed = self.passes(limit, wait);
        self.passing.set(false);
        passed
    }

    fn passes(&self, limit: Limit, wait: Option<&Wait>) -> Result<Reached, JsValue> {
        let mut happened = 0;
        if self.verdicts_matter(wait) && self.words.borrow().is_none() {
            let words = self.lab.borrow().verdicts().iter().map(|verdict| verdict.word).collect();
            *self.words.borrow_mut() = Some(words);
        }
        let here = self.lab.borrow().run().observer().trace().len();
        // What was recorded by acting between two calls is told, but not waited for.
        self.passed.set(self.passed.get().or(Some(here)));
        loop {
            let (advanced, news) = self.little(limit, happened, wait, here);
            happened += advanced.happened;
            let found = self.tell(&news, wait, here)?;
            let there = advanced.now >= limit.to.min(self.lab.borrow().until());
            let ended = there && !self.untold();
            let exhausted = happened >= limit.budget && !ended;
            if found.is_some() || ended || exhausted {
                return Ok(Reached {
                    reached: found.is_some(),
                    now_ms: self.lab.borrow().now().as_millis_f64(),
                    happened,
                    exhausted: exhausted && found.is_none(),
                    event: found.flatten(),
                });
            }
        }
    }

    /// Lets as much time pass as nobody minds.
    fn little(
        &self,
        limit: Limit,
        happened: u32,
        wait: Option<&Wait>,
        here: u32,
    ) -> (Advanced, News) {
        let mut lab = self.lab.borrow_mut();
        let left = limit.budget.saturating_sub(happened).max(1);
        let judge = self.verdicts_matter(wait);
        let to = if judge { limit.to.min(next_look(lab.now())) } else { limit.to };
        let asks = matches!(wait, Some(wait) if !matches!(wait, Wait::Broken));
        if !asks && !self.listens(Topic::Event) {
            let elapsed = to.min(lab.until()).since(lab.now());
            let advanced = whole(lab.advance(elapsed, left), left, &mut lab);
            let news = News { changed: self.look(&lab, judge), ..News::default() };
            self.passed.set(Some(lab.run().observer().trace().len()));
            return (advanced, news);
        }
        // What a callback has done is told before anything else happens.
        let recorded = lab.run().observer().trace().len();
        let advanced = if self.passed.get() == Some(recorded) {
            whole(lab.advance_to_next(to, left), left, &mut lab)
        } else {
            Advanced { now: lab.now(), happened: 0, exhausted: false }
        };
        let mut news = News { changed: self.look(&lab, judge), ..News::default() };
        let last = lab.run().observer().trace().len();
        let before = self.passed.replace(Some(last)).unwrap_or(last);
        for number in before + 1..=last {
            let Some(line) = lab.trace_line(EventId(number)) else { continue };
            let wait = wait.filter(|_| number > here);
            if news.awaited.is_none() && wait.is_some_and(|wait| is_it(&lab, wait, number, &line)) {
                news.awaited = Some(news.lines.len());
            }
            news.lines.push(line);
        }
        (advanced, news)
    }

    /// Verdicts that changed since they were last looked at, if it is time to look.
    fn look(&self, lab: &Lab, judge: bool) -> Vec<VerdictView> {
        let due = lab.now().micros() % EVERY.micros() == 0 || lab.at_end();
        let mut words = self.words.borrow_mut();
        let (true, Some(words)) = (judge && due, words.as_mut()) else { return Vec::new() };
        let verdicts = lab.verdicts();
        let mut before = words.iter_mut();
        let changed = |verdict: &VerdictView| {
            before.next().is_some_and(|word| std::mem::replace(word, verdict.word) != verdict.word)
        };
        verdicts.into_iter().filter(changed).collect()
    }

    /// Tells who listens, and asks who is to say whether it is what they wait for.
    fn tell(&self, news: &News, wait: Option<&Wait>, here: u32) -> Told {
        let asked = wait.and_then(|wait| if let Wait::Asked(f) = wait { Some(f) } else { None });
        let mut found = None;
        for (place, line) in news.lines.iter().enumerate() {
            let listened = self.listens(Topic::Event);
            let value = if listened || asked.is_some() { told(line) } else { JsValue::UNDEFINED };
            self.call(Topic::Event, &value)?;
            let asked = asked.filter(|_| found.is_none() && line.event > here);
            let asked_for = match asked {
                Some(asked) => asked.call1(&JsValue::NULL, &value)?.is_truthy(),
                None => false,
            };
            if found.is_none() && (asked_for || news.awaited == Some(place)) {
                found = Some(Some(line.clone()));
            }
        }
        for verdict in &news.changed {
            let value = told(verdict);
            self.call(Topic::Verdict, &value)?;
            if verdict.word == "broken" {
                self.call(Topic::PromiseBroken, &value)?;
                if matches!(wait, Some(Wait::Broken)) {
                    let event = verdict.witness.map(EventId);
                    found = Some(event.and_then(|event| self.lab.borrow().trace_line(event)));
                }
            }
        }
        Ok(found)
    }

    fn call(&self, topic: Topic, value: &JsValue) -> Result<(), JsValue> {
        let listeners = self.listeners.borrow();
        let callbacks: Vec<(u32, Function)> = listeners
            .iter()
            .filter(|(_, known, _)| *known == topic)
            .map(|(number, _, callback)| (*number, callback.clone()))
            .collect();
        drop(listeners);
        for (number, callback) in callbacks {
            // One callback may have ended another.
            if self.listeners.borrow().iter().any(|(known, ..)| *known == number) {
                callback.call1(&JsValue::NULL, value)?;
            }
        }
        Ok(())
    }

    /// Whether a callback has done something of which nobody was told yet.
    fn untold(&self) -> bool {
        let recorded = self.lab.borrow().run().observer().trace().len();
        self.listens(Topic::Event) && self.passed.get() != Some(recorded)
    }

    fn listens(&self, topic: Topic) -> bool {
        self.listeners.borrow().iter().any(|(_, known, _)| *known == topic)
    }

    fn verdicts_matter(&self, wait: Option<&Wait>) -> bool {
        matches!(wait, Some(Wait::Broken))
            || self.listens(Topic::Verdict)
            || self.listens(Topic::PromiseBroken)
    }
}

/// A budget that ends in the middle of an instant does not leave it half done.
fn whole(mut advanced: Advanced, budget: u32, lab: &mut Lab) -> Advanced {
    if advanced.happened >= budget {
        advanced.happened += lab.settle(budget);
    }
    advanced
}

/// Whether an event is the one that is waited for; a function is asked later.
fn is_it(lab: &Lab, wait: &Wait, number: u32, line: &TraceLine) -> bool {
    match wait {
        Wait::Sort(sort) => {
            let event = lab.run().observer().trace().get(EventId(number));
            event.is_some_and(|event| sort.is(&event.what))
        }
        other => other.names(line),
    }
}

/// When verdicts are looked at next.
fn next_look(now: SimTime) -> SimTime {
    let every = EVERY.micros();
    SimTime::from_micros((now.micros() / every + 1) * every)
}
