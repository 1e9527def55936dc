//! The lab as a class of JavaScript: what scripts hold in their hands.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::arguments::{BUDGET, Options, Wait, export_options, instant, span};
use super::mistake::Mistake;
use super::session::{Limit, Session, TOPICS};
use super::source::opened;
use super::values::{given, taken, told};
use lab::export::{EXPORTS, Export};
use lab::plain::Plain;
use lab::plain::{BranchLine, Passed};
use lab::{Advanced, Looking, SimTime, TooLong};
use scenario::{Json, action_of};

/// Rows that `trace` and `history` return, at most, unless a script says otherwise.
const ROWS: u32 = 100_000;

/// A run of a replicated database: played, broken, looked at, compared.
///
/// It stands still until a call lets time pass. The same scenario and seed come to the same run on
/// every machine. Times are milliseconds of simulated time.
#[wasm_bindgen]
pub struct Lab(Rc<Session>);

type Answer = Result<JsValue, JsValue>;

#[wasm_bindgen]
impl Lab {
    /// Starts a run: of a scenario as an object or as JSON text, of a built-in scenario by its name,
    /// or of a link. `options.seed` and `options.untilMs` replace what stands in the scenario; what
    /// its script does after another end is left out.
    ///
    /// # Errors
    /// All mistakes of the scenario at once.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Scenario | string")] source: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "LabOptions")] options: &JsValue,
    ) -> Result<Lab, JsValue> {
        let options = Options::read(options, &["seed", "untilMs"])?;
        Ok(Self(Rc::new(Session::new(opened(source, &options)?))))
    }

    /// Lets `ms` of simulated time pass, and tells who listens.
    ///
    /// # Errors
    /// A bad argument; what a callback throws.
    #[wasm_bindgen(unchecked_return_type = "Passed")]
    pub fn advance(
        &self,
        ms: f64,
        #[wasm_bindgen(unchecked_optional_param_type = "Budget")] options: &JsValue,
    ) -> Answer {
        let to = self.now_time() + span(ms, "ms")?;
        let budget = Options::read(options, &["budget"])?.count("budget", BUDGET)?;
        Ok(told(&self.0.advance(Limit { to, budget })?))
    }

    /// Plays to the end of the run, and tells who listens.
    ///
    /// # Errors
    /// A bad argument; what a callback throws.
    #[wasm_bindgen(unchecked_return_type = "Passed")]
    pub fn finish(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Budget")] options: &JsValue,
    ) -> Answer {
        let budget = Options::read(options, &["budget"])?.count("budget", BUDGET)?;
        Ok(told(&self.0.advance(Limit { to: SimTime::NEVER, budget })?))
    }

    /// Plays until the condition holds: a sort of event by its word, a promise that breaks, an event
    /// as it is recorded, or the first event of which a function says so.
    ///
    /// # Errors
    /// A bad argument; what a callback or the function throws.
    #[wasm_bindgen(js_name = runUntil, unchecked_return_type = "Reached")]
    pub fn run_until(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Condition")] condition: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "UntilOptions")] options: &JsValue,
    ) -> Answer {
        let wait = Wait::read(condition)?;
        let options = Options::read(options, &["limitMs", "budget"])?;
        let to = match options.time("limitMs")? {
            Some(limit) => self.now_time() + limit.since(SimTime::ZERO),
            None => SimTime::NEVER,
        };
        let budget = options.count("budget", BUDGET)?;
        Ok(told(&self.0.run_until(&wait, Limit { to, budget })?))
    }

    /// Puts the playhead at an instant, exactly, back or forth, and tells nobody. Far beyond what
    /// is known it comes only so far: `exhausted` says so.
    ///
    /// # Errors
    /// A bad argument; a callback asks for it.
    #[wasm_bindgen(unchecked_return_type = "Passed")]
    pub fn seek(&self, ms: f64) -> Answer {
        let to = instant(ms, "ms")?;
        self.0.moved()?;
        let mut lab = self.0.lab.borrow_mut();
        lab.seek(to);
        let (now, to) = (lab.now(), to.min(lab.until()));
        Ok(told(&Passed::from(Advanced { now, happened: 0, exhausted: now < to })))
    }

    /// Does something to the cluster now, written as in a scenario's script, without its time. In the
    /// past, that begins a branch: the old future is kept.
    ///
    /// # Errors
    /// All mistakes of the action.
    pub fn act(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Action")] action: &JsValue,
    ) -> Result<(), JsValue> {
        let json = taken(action, "action")?.unwrap_or(Json::Null);
        let mut lab = self.0.lab.borrow_mut();
        let (nodes, faults) = (lab.run().view().nodes.count(), lab.run().faults());
        let action = action_of(&json, nodes, faults)
            .map_err(|problems| Mistake::from(problems).within("action"))?;
        lab.act(action);
        Ok(())
    }

    /// From now on, `callback` is told of every `event`. Returns a function that ends that.
    ///
    /// # Errors
    /// There is no such event.
    #[wasm_bindgen(skip_typescript)]
    pub fn on(&self, event: &str, callback: &JsValue) -> Answer {
        let Some((_, topic)) = TOPICS.iter().find(|(word, _)| *word == event) else {
            let fix = "known are event, verdict, promise-broken";
            return Err(Mistake::argument("event", "there is no such event", fix).into());
        };
        let Some(callback) = callback.dyn_ref::<Function>() else {
            let fix = "pass a function of what is told";
            return Err(Mistake::argument("callback", "this is no function", fix).into());
        };
        let number = self.0.listen(*topic, callback.clone());
        let session = Rc::downgrade(&self.0);
        let leave = move || {
            if let Some(session) = session.upgrade() {
                session.leave(number);
            }
        };
        Ok(Closure::<dyn Fn()>::new(leave).into_js_value())
    }

    /// What the run has come to at the playhead.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    #[must_use]
    pub fn report(&self) -> JsValue {
        told(&self.0.lab.borrow().report())
    }

    /// What was recorded up to the playhead, in order.
    ///
    /// # Errors
    /// A bad argument.
    #[wasm_bindgen(unchecked_return_type = "TraceEvent[]")]
    pub fn trace(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Stretch")] options: &JsValue,
    ) -> Answer {
        let (from, to, limit) = self.stretch(options)?;
        let mut rows = Vec::new();
        self.0.lab.borrow().each_trace_line_in((from, to), limit, &mut |line| {
            rows.push(line.plain());
        });
        Ok(given(&Json::List(rows)))
    }

    /// What clients asked for, and what they were told up to the playhead, in order of their asking.
    ///
    /// # Errors
    /// A bad argument.
    #[wasm_bindgen(unchecked_return_type = "Operation[]")]
    pub fn history(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Stretch")] options: &JsValue,
    ) -> Answer {
        let (from, to, limit) = self.stretch(options)?;
        let mut rows = Vec::new();
        self.0.lab.borrow().each_operation((from, to), limit, &mut |line| rows.push(line.plain()));
        Ok(given(&Json::List(rows)))
    }

    /// Plays on in a branch of its own, from the playhead. Returns its place in the list.
    ///
    /// # Errors
    /// A callback asks for it.
    pub fn branch(&self) -> Result<usize, JsValue> {
        self.0.moved()?;
        Ok(self.0.lab.borrow_mut().fork())
    }

    /// All branches, the first one first.
    #[wasm_bindgen(unchecked_return_type = "Branch[]")]
    #[must_use]
    pub fn branches(&self) -> JsValue {
        let branches = self.0.lab.borrow().branches();
        told(&branches.into_iter().map(BranchLine::from).collect::<Vec<_>>())
    }

    /// Plays another branch, at the same instant as far as it is known there.
    ///
    /// # Errors
    /// There is no such branch; a callback asks for it.
    #[wasm_bindgen(js_name = switchTo)]
    pub fn switch_to(&self, branch: f64) -> Result<(), JsValue> {
        self.0.moved()?;
        let mut lab = self.0.lab.borrow_mut();
        let known = lab.branches().len();
        let Some(place) = (0..known).find(|place| *place as f64 == branch) else {
            let fix = format!("write a place in branches(), 0 to {}", known - 1);
            return Err(Mistake::new(
                "lab/no-such-branch",
                "there is no such branch",
                "branch",
                fix,
            )
            .into());
        };
        lab.switch(place);
        Ok(())
    }

    /// This run beside another, each up to its playhead: the first event in which they differ, and
    /// both reports.
    #[wasm_bindgen(unchecked_return_type = "Comparison")]
    #[must_use]
    pub fn compare(&self, other: &Lab) -> JsValue {
        told(&self.0.lab.borrow().compare(&other.0.lab.borrow()))
    }

    /// A link that opens this run in the playground, in an embed, on the command line or here, at this
    /// moment: what stands behind the address of the page. Other branches are in it if there is room.
    ///
    /// # Errors
    /// The run is too long for a link that every program passes on: `file` writes it all the same.
    pub fn link(&self) -> Result<String, JsValue> {
        let shared = self.0.lab.borrow().share(&Looking::default());
        shared.map(|shared| format!("#{}", shared.link)).map_err(|TooLong { letters }| {
            let what = format!("the link would have {letters} letters");
            let fix = "pass the text of file() on, which opens in the same way";
            Mistake::new("link/too-long", what, "the run", fix).into()
        })
    }

    /// The whole run as the text of a file: the scenario, what was done in every branch, the playhead.
    #[must_use]
    pub fn file(&self) -> String {
        self.0.lab.borrow().opening(&Looking::default()).file()
    }

    /// The run as a file of another program: a picture, a diagram, a table. `exports()` lists the kinds.
    ///
    /// # Errors
    /// There is no such kind; a bad argument.
    #[wasm_bindgen(js_name = export)]
    pub fn export_as(
        &self,
        kind: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "ExportOptions")] options: &JsValue,
    ) -> Result<String, JsValue> {
        let Some(export) = Export::named(kind) else {
            let known: Vec<&str> = EXPORTS.iter().map(|kind| kind.name).collect();
            let fix = format!("known are {}", known.join(", "));
            return Err(Mistake::argument("kind", "there is no such kind of file", fix).into());
        };
        let options = export_options(options)?;
        Ok(self.0.lab.borrow().export(export, &options))
    }

    /// The scenario that is played, as it would be typed: without what would be the same if left out.
    #[wasm_bindgen(unchecked_return_type = "Scenario")]
    #[must_use]
    pub fn scenario(&self) -> JsValue {
        given(&self.0.lab.borrow().scenario().short())
    }

    /// The playhead.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        self.now_time().as_millis_f64()
    }

    /// Where the run ends.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn until(&self) -> f64 {
        self.0.lab.borrow().until().as_millis_f64()
    }

    /// Root of all chance in the run.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn seed(&self) -> f64 {
        self.0.lab.borrow().scenario().seed() as f64
    }

    /// Fingerprint of everything that happened up to the playhead: 16 hexadecimal digits, the same on
    /// every machine.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{:016x}", self.0.lab.borrow().digest())
    }
}

impl Lab {
    pub(super) fn session(&self) -> &Session {
        &self.0
    }

    fn now_time(&self) -> SimTime {
        self.0.lab.borrow().now()
    }

    /// From when, to before when, and how many rows.
    fn stretch(&self, options: &JsValue) -> Result<(SimTime, SimTime, u32), Mistake> {
        let options = Options::read(options, &["fromMs", "toMs", "limit"])?;
        let from = options.time("fromMs")?.unwrap_or(SimTime::ZERO);
        let to = options.time("toMs")?.unwrap_or(SimTime::NEVER);
        Ok((from, to, options.count("limit", ROWS)?))
    }
}
