//! Links and run files: a whole run (its scenario, what a reader did and when, the futures that came of it, where the
//! playhead stands, what is looked at) in the part of an address behind the hash, or in a file.
//!
//! Three forms open the same way:
//! - `v1.` and base64url: the run packed into bytes, or, for those who write links by script, its JSON as text;
//! - `scenario=NAME&seed=7&at=12.5s`, or only the name, for people ([`short`]);
//! - a file, `{"format":1,"run":{…}}`, or the document of a scenario alone.
//!
//! Everything in them is a stranger's text: sizes are capped before anything is made of them. Nothing here plays a run.

pub mod letters;
mod mistake;
pub mod packed;
pub mod short;
mod vocabulary;

pub use mistake::LinkMistake;

use super::json::{Json, parse};
use super::mistake::{Mistake, Problem};
use super::presets::Filed;
use super::system::Protocols;
use super::unused::leave_out_unused;
use engine::base::SimTime;

/// What every link of this version begins with.
const VERSION: &str = "v1.";
/// Letters of a link that every program passes on; a longer run is handed on as a file.
pub const SHORT: usize = 2_000;
/// Longer links are refused unread.
pub const MOST: usize = 20_000;
/// Futures in a link.
pub const MOST_FUTURES: usize = 12;
/// Letters of a file that is opened.
pub const MOST_IN_FILE: usize = 4 << 20;

/// One of the futures of a run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Future {
    /// The future that it left, and when; `None` for the first.
    pub from: Option<(usize, SimTime)>,
    /// What the reader did in it, as lines of a script: all of it, also what was done before it left another.
    pub actions: Vec<Json>,
    /// After this instant nothing happens that the scenario's script holds; `None`: all of it happens.
    pub script_until: Option<SimTime>,
}

/// What a link or a file opens.
#[derive(Clone, PartialEq, Debug)]
pub struct Opening {
    /// The scenario's document.
    pub document: Json,
    /// The built-in scenario that the link names; the document is its own, but for the seed.
    pub filed: Option<Filed>,
    /// The futures, the first one first; there is always one.
    pub futures: Vec<Future>,
    /// Which of them is shown.
    pub future: usize,
    /// Where the playhead stands; `None`: the run begins.
    pub at: Option<SimTime>,
    /// What is looked at, by name; an object.
    pub view: Json,
}

impl Opening {
    /// A scenario from its start.
    #[must_use]
    pub fn of(document: Json) -> Self {
        let view = Json::Object(Vec::new());
        let futures = vec![Future::default()];
        Self { document, filed: None, futures, future: 0, at: None, view }
    }

    /// The link that opens this.
    #[must_use]
    pub fn link(&self) -> String {
        format!("{VERSION}{}", letters::encoded(&packed::packed(&self.run())))
    }

    /// The text of the file that opens this.
    #[must_use]
    pub fn file(&self) -> String {
        Json::object([("format", Json::Number(1.0)), ("run", self.run())]).pretty()
    }

    /// The same with the future that is shown alone.
    #[must_use]
    pub fn alone(&self) -> Self {
        let shown = self.futures.get(self.future).cloned().unwrap_or_default();
        Self { futures: vec![Future { from: None, ..shown }], future: 0, ..self.clone() }
    }

    /// The document of a scenario that is the shown future: what the reader did stands in its script.
    #[must_use]
    pub fn scripted(&self) -> Json {
        let mut document = self.document.clone();
        let actions = self.futures.get(self.future).map_or(&[][..], |future| &future.actions);
        if !actions.is_empty() {
            let script = document.field("script").map_or(&[][..], Json::elements);
            let until = self.futures[self.future].script_until;
            let happens = |line: &&Json| {
                let at = line.field("at_ms").and_then(time_of);
                until.is_none_or(|until| at.is_none_or(|at| at <= until))
            };
            let all = [script.iter().filter(happens).cloned().collect(), actions.to_vec()].concat();
            document.put("script", Json::List(all));
        }
        document
    }

    fn run(&self) -> Json {
        let mut run = Json::object([("scenario", self.document.clone())]);
        let one = |future: &Future| self.one_future(future);
        if self.futures.len() > 1
            || self
                .futures
                .iter()
                .any(|future| !future.actions.is_empty() || future.script_until.is_some())
        {
            run.put("futures", Json::List(self.futures.iter().map(one).collect()));
        }
        if self.future > 0 {
            run.put("future", count(self.future));
        }
        if let Some(at) = self.at {
            run.put("at_ms", Json::Number(at.as_millis_f64()));
        }
        if self.view != Json::Object(Vec::new()) {
            run.put("view", self.view.clone());
        }
        run
    }

    /// A future, without the actions that it shares with the one that it left.
    fn one_future(&self, future: &Future) -> Json {
        let mut json = Json::Object(Vec::new());
        let mut kept = 0;
        if let Some((from, at)) = future.from {
            let before = self.futures.get(from).map_or(&[][..], |from| &from.actions);
            kept =
                before.iter().zip(&future.actions).take_while(|(one, other)| one == other).count();
            json.put("from", count(from));
            json.put("at_ms", Json::Number(at.as_millis_f64()));
            json.put("kept", count(kept));
        }
        if let Some(until) = future.script_until {
            json.put("script_until_ms", Json::Number(until.as_millis_f64()));
        }
        json.put("actions", Json::List(future.actions[kept..].to_vec()));
        json
    }
}

/// What the part of an address behind the hash opens; a whole address will do.
///
/// # Errors
/// All that is wrong with it.
pub fn read(text: &str, protocols: Protocols) -> Result<Opening, Vec<Problem>> {
    let text = text.trim();
    let link = text.split_once('#').map_or(text, |(_, link)| link);
    if link.len() > MOST {
        let mistake = LinkMistake::TooLong { letters: link.len(), most: MOST };
        return Err(vec![problem(mistake, "link")]);
    }
    match version(link) {
        Some(("1", body)) => {
            let mut opening = run_of(&body_of(body).map_err(|problem| vec![problem])?)?;
            leave_out_unused(&mut opening.document, protocols);
            Ok(opening)
        }
        Some((version, _)) => {
            Err(vec![problem(LinkMistake::Later { version: version.to_owned() }, "link")])
        }
        None => short::read(link, protocols),
    }
}

/// Whether a text is a link of any version, or an address with one.
#[must_use]
pub fn is_link(text: &str) -> bool {
    text.contains('#') || text.starts_with("scenario=") || version(text).is_some()
}

/// The version and what follows it.
fn version(link: &str) -> Option<(&str, &str)> {
    let (version, body) = link.strip_prefix('v')?.split_once('.')?;
    let digits =
        !version.is_empty() && version.len() < 6 && version.bytes().all(|b| b.is_ascii_digit());
    digits.then_some((version, body))
}

fn body_of(body: &str) -> Result<Json, Problem> {
    let damaged = || problem(LinkMistake::Damaged, "link");
    let bytes = letters::decoded(body).ok_or_else(damaged)?;
    if bytes.first() == Some(&packed::MARK) {
        return packed::unpacked(&bytes).ok_or_else(damaged);
    }
    let text = String::from_utf8(bytes).map_err(|_| damaged())?;
    parse(&text).map_err(|_| damaged())
}

/// What the text of a file opens: a run, or a scenario.
///
/// # Errors
/// All that is wrong with it.
pub fn read_file(text: &str) -> Result<Opening, Vec<Problem>> {
    if text.len() > MOST_IN_FILE {
        let mistake = LinkMistake::TooLong { letters: text.len(), most: MOST_IN_FILE };
        return Err(vec![problem(mistake, "file")]);
    }
    let document = super::parse(text).map_err(|problem| vec![problem])?;
    match document.field("run") {
        Some(run) => run_of(run),
        None => Ok(Opening::of(document)),
    }
}

/// A run, from its JSON; a document alone is a run from its start.
fn run_of(run: &Json) -> Result<Opening, Vec<Problem>> {
    let Some(document) = run.field("scenario") else { return Ok(Opening::of(run.clone())) };
    let mut opening = Opening::of(document.clone());
    let wrong = |at: &str, found: &Json, wanted: &str| {
        let mistake = Mistake::WrongType { found: found.word(), wanted: wanted.to_owned() };
        vec![Problem { mistake, at: at.to_owned() }]
    };
    if let Some(at) = run.field("at_ms") {
        opening.at = Some(time_of(at).ok_or_else(|| wrong("at_ms", at, "a time in milliseconds"))?);
    }
    if let Some(view) = run.field("view") {
        opening.view = match view {
            Json::Object(_) => view.clone(),
            _ => return Err(wrong("view", view, "an object")),
        };
    }
    if let Some(futures) = run.field("futures") {
        let sound = matches!(futures, Json::List(list) if (1..=MOST_FUTURES).contains(&list.len()));
        if !sound {
            return Err(wrong("futures", futures, "a list of one to twelve futures"));
        }
        opening.futures.clear();
        for (place, json) in futures.elements().iter().enumerate() {
            let future = future_of(json, &opening.futures);
            let at = format!("futures[{place}]");
            opening.futures.push(future.ok_or_else(|| wrong(&at, json, "a future"))?);
        }
    }
    if let Some(shown) = run.field("future") {
        let place = small(shown).filter(|place| *place < opening.futures.len());
        let futures = u32::try_from(opening.futures.len()).unwrap_or(0);
        let found = small(shown).and_then(|found| u32::try_from(found).ok()).unwrap_or(u32::MAX);
        let mistake = LinkMistake::NoFuture { found, futures };
        opening.future = place.ok_or_else(|| vec![problem(mistake, "future")])?;
    }
    Ok(opening)
}

fn future_of(json: &Json, before: &[Future]) -> Option<Future> {
    let Json::List(actions) = json.field("actions")? else { return None };
    let script_until = match json.field("script_until_ms") {
        Some(until) => Some(time_of(until)?),
        None => None,
    };
    let Some(from) = json.field("from") else {
        return Some(Future { from: None, actions: actions.clone(), script_until });
    };
    let (from, at) = (small(from)?, time_of(json.field("at_ms")?)?);
    let parent = before.get(from)?;
    let kept = parent.actions.get(..small(json.field("kept")?)?)?;
    Some(Future { from: Some((from, at)), actions: [kept, actions].concat(), script_until })
}

fn count(number: usize) -> Json {
    Json::Number(f64::from(u32::try_from(number).unwrap_or(u32::MAX)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn small(json: &Json) -> Option<usize> {
    let number = json.as_number()?;
    let fits = (0.0..1e6).contains(&number) && libm::floor(number) == number;
    fits.then_some(number as usize)
}

fn time_of(json: &Json) -> Option<SimTime> {
    json.as_number()
        .filter(|ms| (0.0..=super::fields::LONGEST_MS).contains(ms))
        .map(SimTime::from_millis_f64)
}

/// A mistake in a link, and where.
fn problem(mistake: LinkMistake, at: &str) -> Problem {
    Problem { mistake: Mistake::Link(mistake), at: at.to_owned() }
}
