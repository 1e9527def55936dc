//! The scenario editor: the document as text and as a form that says the same.
//!
//! The text area's text is the truth; everything else is read from it a moment after it changed. It
//! knows documents and their schema; a run begins only when the reader asks for one.

mod area;
pub mod code;
pub mod files;
mod forms;
pub mod notice;
mod typing;

use super::intent::{Intent, Sheet};
use super::parts::placed;
use super::share;
use super::shared::Shared;
use super::words::editor as words;
use scenario::text::form::set;
use scenario::text::{Completions, Edit, Guide, MOST_BYTES, Spot, spot, take};
use scenario::{Json, Problem, Protocols, Scenario, parse};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// What was typed, kept while the editor is closed, and the document that it began as.
#[derive(Clone, Default, Debug)]
pub struct Kept(Rc<RefCell<(String, String)>>);

impl Kept {
    /// A text that nobody has run yet.
    #[must_use]
    pub fn holding(text: String) -> Self {
        Self(Rc::new(RefCell::new((text, String::new()))))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What the editor is opened with.
#[derive(Clone, Properties)]
pub struct Props {
    /// The text of the document that runs.
    pub running: AttrValue,
    /// The text of a file that was opened last.
    pub arrived: Shared<Option<String>>,
    /// What was typed before.
    pub kept: Kept,
    /// The protocols that there are.
    pub protocols: Protocols,
    /// Told every wish.
    pub send: Callback<Intent>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        (&self.running, &self.arrived) == (&other.running, &other.arrived)
    }
}

/// What happens in the editor.
pub enum Happening {
    /// The text changed; whether somebody typed a letter.
    Typed(bool),
    /// The text has rested for a moment.
    Rested,
    /// What may come next is wanted.
    Complete,
    /// The chosen one moves.
    Walk(i32),
    /// One of what may come next is taken.
    Take(usize),
    /// What may come next is closed.
    Close,
    /// Something is typed for the reader.
    Write(Edit, usize),
    /// A field of the form was set.
    Set(String, Json),
    /// A field of the form is left out.
    LeaveOut(String),
    /// A part of the form is opened or closed.
    Fold(String),
    /// To a place of the text.
    Show(usize),
    /// The text is laid out.
    Format,
    /// The text is what runs.
    Reset,
    /// The text is played.
    Run,
    /// The text is saved.
    Save,
    /// The schema with its sentences has come.
    Guide(Guide),
}

/// A mistake at its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Wrong {
    /// The mistake.
    pub problem: Problem,
    /// Its place in the text.
    pub spot: Spot,
    /// How long its line is, in characters.
    pub length: usize,
}

/// The editor's state.
pub struct Editor {
    text: String,
    /// What the text says; what it said last while it is no JSON.
    document: Shared<Json>,
    readable: bool,
    wrongs: Shared<Vec<Wrong>>,
    count: usize,
    guide: Shared<Guide>,
    folds: Shared<BTreeSet<String>>,
    offers: Option<Completions>,
    chosen: usize,
    stale: bool,
    kept: Kept,
    area: NodeRef,
    code: NodeRef,
    resting: Option<gloo_timers::callback::Timeout>,
}

/// The text rests so long before it is read.
const REST_MS: u32 = 120;
/// Mistakes that are listed.
const LISTED: usize = 20;
/// Where the schema lies.
const SCHEMA: &str = "./scenario.schema.json";

impl Component for Editor {
    type Message = Happening;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let props = context.props();
        let link = context.link().clone();
        yew::platform::spawn_local(async move {
            let text = files::beside(SCHEMA).await;
            let schema = text.and_then(|text| parse(&text).ok());
            if let Some(guide) = schema.and_then(Guide::of) {
                link.send_message(Happening::Guide(guide));
            }
        });
        let mut editor = Self {
            text: String::new(),
            document: Shared::from(Json::Null),
            readable: false,
            wrongs: Shared::default(),
            count: 0,
            guide: Guide::to(props.protocols).into(),
            folds: BTreeSet::from(["cluster".to_owned(), "script".to_owned()]).into(),
            offers: None,
            chosen: 0,
            stale: false,
            kept: props.kept.clone(),
            area: NodeRef::default(),
            code: NodeRef::default(),
            resting: None,
        };
        editor.begin(props);
        editor.check(props.protocols);
        editor
    }

    fn update(&mut self, context: &Context<Self>, happening: Happening) -> bool {
        match happening {
            Happening::Typed(letter) => self.typed(context, letter),
            Happening::Rested => self.check(context.props().protocols),
            Happening::Guide(guide) => return self.guide.renew(guide),
            Happening::Fold(path) => {
                let mut folds = (*self.folds).clone();
                if !folds.remove(&path) {
                    folds.insert(path);
                }
                return self.folds.renew(folds);
            }
            Happening::Save => {
                share::files::save(&self.text, "application/json", "scenario.json");
            }
            Happening::Run => {
                self.check(context.props().protocols);
                if self.wrongs.is_empty() {
                    context.props().send.emit(Intent::File(files::Wish::Run(self.text.clone())));
                } else if let Some(first) = self.wrongs.first() {
                    self.show(first.spot.offset);
                }
            }
            Happening::Show(offset) => self.show(offset),
            other => self.write(context, other),
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, old: &Props) -> bool {
        let props = context.props();
        if props.arrived != old.arrived {
            if let Some(text) = props.arrived.as_deref() {
                self.become_text(text);
            }
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        self.sheet(context)
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if let Some(area) = self.area.cast::<HtmlTextAreaElement>().filter(|_| first) {
            area.set_value(&self.text);
            let _ = area.focus();
            let _ = area.set_selection_range(0, 0);
        }
        self.place();
    }
}

impl Editor {
    /// Goes on with what was typed before, else with what runs.
    fn begin(&mut self, props: &Props) {
        let mut kept = props.kept.0.borrow_mut();
        let changed = kept.0 != kept.1;
        if !changed {
            *kept = (props.running.to_string(), props.running.to_string());
        }
        // A file that was dropped here was not typed before: nothing is said about it but its mistakes.
        self.stale = !kept.1.is_empty() && kept.1 != props.running.as_str();
        self.text.clone_from(&kept.0);
    }

    /// Reads the text: what it says, and what is wrong with it.
    fn check(&mut self, protocols: Protocols) {
        self.resting = None;
        let read = if self.text.len() > MOST_BYTES {
            Err(Vec::new())
        } else {
            scenario::parse(&self.text).map_err(|problem| vec![problem])
        };
        self.readable = read.is_ok();
        let problems = match read {
            Ok(document) => {
                let found = Scenario::read(&document, protocols).err().unwrap_or_default();
                self.document.renew(document);
                found
            }
            Err(problems) => problems,
        };
        self.count = problems.len();
        let place = |problem: Problem| {
            let spot = spot(&self.text, &problem);
            let line = self.text.lines().nth(spot.line as usize - 1).unwrap_or_default();
            Wrong { problem, spot, length: line.chars().count() }
        };
        let wrongs = problems.into_iter().take(LISTED).map(place).collect();
        self.wrongs.renew(wrongs);
    }

    /// Writes into the text area, so that its undo takes it back.
    fn write(&mut self, context: &Context<Self>, happening: Happening) {
        let (text, document) = (&self.text, &*self.document);
        let whole = |new: &str| Some(Edit::between(text, new));
        let edit = match happening {
            Happening::Set(path, value) if self.readable => {
                set(&self.guide, text, document, &path, &value)
            }
            Happening::LeaveOut(path) if self.readable => {
                // Its button goes, and the focus must not go with it.
                placed::focus_on(&forms::beside(&path));
                take(text, &path)
            }
            Happening::Format if self.readable => whole(&document.pretty()),
            Happening::Reset => {
                self.stale = false;
                whole(&context.props().running.clone())
            }
            Happening::Write(edit, caret) => return self.replace(&edit, caret),
            other => return self.offer(other),
        };
        if let Some(edit) = edit {
            self.replace(&edit, edit.text.len());
            self.check(context.props().protocols);
        }
    }

    /// Takes the text of a file.
    fn become_text(&mut self, text: &str) {
        let edit = Edit::between(&self.text, text);
        self.replace(&edit, 0);
    }

    fn replace(&mut self, edit: &Edit, caret: usize) {
        self.offers = None;
        if let Some(area) = self.area.cast::<HtmlTextAreaElement>() {
            area::replace(&area, &self.text, edit, caret);
            self.text = area.value();
            self.keep();
        }
    }

    /// What was typed outlives the sheet.
    fn keep(&self) {
        self.kept.0.borrow_mut().0.clone_from(&self.text);
    }

    fn show(&self, offset: usize) {
        if let Some(area) = self.area.cast::<HtmlTextAreaElement>() {
            area::show(&area, &self.text, offset);
        }
    }

    /// What the form shows of the text, and what it may change.
    fn form(&self, context: &Context<Self>) -> forms::Props {
        forms::Props {
            guide: self.guide.clone(),
            document: self.document.clone(),
            folds: self.folds.clone(),
            wrongs: self.wrongs.clone(),
            readable: self.readable,
            send: context.link().callback(|happening| happening),
        }
    }

    fn close(&self, context: &Context<Self>) -> Callback<MouseEvent> {
        context.props().send.reform(|_: MouseEvent| Intent::Sheet(None::<Sheet>))
    }

    /// What the state of the text is called.
    fn verdict(&self) -> String {
        match (self.count, self.text.len() > MOST_BYTES) {
            (_, true) => words::TOO_LONG.to_owned(),
            (0, _) => words::SOUND.to_owned(),
            (count, _) => words::mistakes(count),
        }
    }
}
