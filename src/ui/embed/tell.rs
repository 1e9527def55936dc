//! What a frame tells the page around it: plain objects with the mark of this program, to its own parent only.

use super::hear::parent;
use super::{Embed, fit, layout};
use crate::ui::browser;
use crate::ui::player::Player;
use crate::ui::views::Views;
use js_sys::{Object, Reflect};
use lab::Selection;
use scenario::Problem;
use scenario::embed::Id;
use view::{Stage, VerdictView};
use wasm_bindgen::JsValue;

/// While time passes, it is told at most this often, in wall time.
const OFTEN_MS: f64 = 200.0;
/// A height that differs by less is not told again.
const SAME_PX: f64 = 1.0;

/// What was told already.
#[derive(Default)]
pub struct Told {
    ready: bool,
    ms: f64,
    playing: bool,
    wall_ms: f64,
    height: f64,
    /// The stable name of each promise, and whether it was told as broken, holding, or not exercised.
    verdicts: Vec<(&'static str, &'static str)>,
    problems: Vec<Problem>,
}

/// A message under way.
pub struct Note(Object);

impl Note {
    /// Of this sort.
    pub fn new(event: &str) -> Self {
        Self(Object::new()).with("replicarium", 1).with("event", event)
    }

    /// With a field more.
    pub fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }

    /// With what is wrong.
    pub fn with_problem(self, problem: &Problem) -> Self {
        self.with("code", problem.mistake.id())
            .with("what", problem.mistake.what())
            .with("where", problem.at.as_str())
            .with("fix", problem.mistake.fix())
    }

    /// With what an answer is recognized by.
    pub fn with_id(self, id: &Id) -> Self {
        match id {
            Id::Number(number) => self.with("id", *number),
            Id::Text(text) => self.with("id", text.as_str()),
        }
    }

    /// Sends it. Whoever put the frame into a page may read what it says, wherever that page is from.
    pub fn send(self) {
        if let Some(parent) = parent() {
            let _ = parent.post_message(&self.0, "*");
        }
    }
}

impl From<Note> for JsValue {
    fn from(note: Note) -> Self {
        note.0.into()
    }
}

/// What is told about.
pub struct Watched<'a> {
    /// The run.
    pub player: &'a Player,
    /// What the panels show of it.
    pub views: &'a Views,
    /// What is selected.
    pub selected: Option<Selection>,
}

impl Watched<'_> {
    /// Which run it is.
    fn run(&self, note: Note) -> Note {
        let (session, scenario) = (&self.player.session, self.player.session.lab().scenario());
        note.with("scenario", session.name())
            .with("title", scenario.title.as_str())
            .with("seed", scenario.seed() as f64)
            .with("untilMs", session.until_ms())
    }

    /// Where the run stands, in full.
    pub fn state(&self) -> Note {
        let (sentence, lab) = (&self.views.sentence, self.player.session.lab());
        let large = sentence.parts.iter().map(|(_, text)| text.as_str());
        let link = lab.share(&self.player.looking(self.selected));
        self.run(Note(Object::new()))
            .with("ms", self.player.session.now_ms())
            .with("playing", self.player.pace.playing)
            .with("sentence", large.collect::<Vec<_>>().join(" "))
            .with("why", sentence.why.as_str())
            .with("link", link.map_or_else(|_| lab.link(), |shared| shared.link))
            .with("digest", format!("{:016x}", lab.digest()))
    }
}

impl Embed {
    /// Tells what is new; `frame`: the wall time, if time passes and this may wait.
    #[inline(never)]
    pub fn tell(&mut self, watched: &Watched<'_>, problems: &[Problem], frame: Option<f64>) {
        let (ms, playing) = (watched.player.session.now_ms(), watched.player.pace.playing);
        let told = &mut self.told;
        if !std::mem::replace(&mut told.ready, true) {
            watched.run(Note::new("ready")).send();
        }
        if told.problems != problems {
            problems.iter().for_each(|problem| Note::new("error").with_problem(problem).send());
            told.problems = problems.to_vec();
        }
        told.verdicts(&watched.views.verdicts, ms);
        let due = frame.is_none_or(|wall_ms| wall_ms - told.wall_ms >= OFTEN_MS);
        let moved = (ms - told.ms).abs() > 1e-6 || playing != told.playing;
        if moved && (due || playing != told.playing) {
            (told.ms, told.playing) = (ms, playing);
            told.wall_ms = frame.unwrap_or(told.wall_ms);
            let until_ms = watched.player.session.until_ms();
            let note = Note::new("time").with("ms", ms).with("untilMs", until_ms);
            note.with("playing", playing).send();
        }
    }

    /// Tells how high the frame would like to be, if that is new.
    #[inline(never)]
    pub fn tell_height(&mut self, width: f64, stage: &Stage) {
        let (nodes, clients) = (stage.nodes.len(), stage.clients.len());
        let natural = fit::natural(width, nodes, clients, stage.service);
        let height_of = |id| browser::html_of(id).map_or(0.0, |it| f64::from(it.scroll_height()));
        let room = browser::html_of("stage").map_or(0.0, |it| f64::from(it.client_height()));
        let height = libm::ceil(height_of(layout::FRAME) - room + natural);
        if (height - self.told.height).abs() > SAME_PX {
            self.told.height = height;
            Note::new("height").with("height", height).send();
        }
    }
}

impl Told {
    /// Tells each verdict that has changed since; a broken promise twice, by its own name too.
    fn verdicts(&mut self, now: &[VerdictView], ms: f64) {
        for verdict in now {
            let known = self.verdicts.iter_mut().find(|(id, _)| *id == verdict.id);
            let before = known.as_ref().map_or("not exercised", |(_, word)| *word);
            match known {
                Some(known) => known.1 = verdict.word,
                None => self.verdicts.push((verdict.id, verdict.word)),
            }
            if before == verdict.word {
                continue;
            }
            let note = |event| {
                Note::new(event)
                    .with("promise", verdict.id)
                    .with("title", verdict.promise)
                    .with("verdict", verdict.word)
                    .with("why", verdict.why.as_str())
                    .with("ms", ms)
            };
            note("verdict").send();
            if verdict.word == "broken" {
                note("promise-broken").send();
            }
        }
    }
}
