//! The reducer: every wish becomes a call of the lab, or a change of what is open.

use super::app::App;
use super::browser;
use super::editor::Kept;
use super::editor::notice::Notice;
use super::intent::{Intent, Sheet};
use super::parts::placed;
use super::session::{Action, Begun, KnobValue, Problem, Selection};
use super::timeline::axis::Window;
use super::words;
use lab::dropped::{self, Dropped};
use scenario::Mistake;
use scenario::knobs::Control;

/// Where the focus goes when the offer to replay is gone.
const CHOICE: &str = "#modes [tabindex='0']";

impl App {
    /// Does what is wished. Tells whether anything is to be drawn anew.
    pub(super) fn reduce(&mut self, intent: Intent) -> bool {
        match intent {
            Intent::Frame(_) | Intent::Embed(_) => false,
            Intent::Resized => {
                self.measure();
                true
            }
            Intent::TogglePlay
            | Intent::Step
            | Intent::StepBack
            | Intent::Faster(_)
            | Intent::PaceTo(_)
            | Intent::ToggleAutomatic => self.pace_wish(&intent),
            Intent::Seek(_)
            | Intent::SeekBy(_)
            | Intent::ToStart
            | Intent::ToEnd
            | Intent::SeekEvent(_)
            | Intent::Zoom(_)
            | Intent::Branch(_) => self.time_wish(&intent),
            Intent::Act(action) => self.act(&action),
            Intent::KeepScript => {
                self.session.keep_script();
                self.pace.playing = !self.still;
                self.pace.stand_still();
                self.show_now();
                true
            }
            Intent::Deed => match self.views.stage.deed.clone() {
                Some(deed) => self.act(&deed.action),
                None => false,
            },
            Intent::Select(what) => {
                self.selected = what;
                true
            }
            Intent::Menu(menu) => self.open_menu(menu),
            Intent::Escape => self.escape(),
            Intent::Key(key) => self.key(&key),
            Intent::Open(link) => {
                let result = self.session.load(&link);
                self.open(result)
            }
            Intent::Seed(text) => self.sow(&text),
            Intent::Draft(path, value) => self.draft_knob(path, value),
            Intent::Replay => self.replay(),
            Intent::Forget => self.forget(),
            Intent::Sharing(wish) => self.sharing(wish),
            Intent::Theme => {
                browser::other_theme();
                self.timeline_painter.forget_ink();
                true
            }
            Intent::Sheet(sheet) => {
                self.sheet = sheet;
                true
            }
            Intent::ToggleKeys => {
                self.listening = !self.listening;
                true
            }
            Intent::Dismiss => {
                self.problems.clear();
                true
            }
            of_a_file => self.file_wish(of_a_file),
        }
    }

    /// A file is held over the page, opened, or played.
    fn file_wish(&mut self, intent: Intent) -> bool {
        match intent {
            Intent::Dragging(over) => self.dragging = over,
            Intent::Notice(notice) => {
                self.notice = Some(notice);
                self.sheet = Some(Sheet::Notice { back: self.sheet == Some(Sheet::Editor) });
            }
            Intent::Opened(text) => match Notice::of(&text) {
                Some(notice) => return self.file_wish(Intent::Notice(notice)),
                None if dropped::sort(&text) == Dropped::Run => self.play(&text),
                None if self.sheet == Some(Sheet::Editor) => self.arrived = Some(text).into(),
                None => {
                    self.play(&text);
                    if !self.problems.is_empty() {
                        // The editor shows what is wrong with it, at its line.
                        self.problems.clear();
                        self.kept = Kept::holding(text);
                        self.sheet = Some(Sheet::Editor);
                    }
                }
            },
            Intent::Run(text) => {
                self.play(&text);
                self.kept = Kept::default();
            }
            _ => return false,
        }
        true
    }

    /// Plays the document that a text is.
    fn play(&mut self, text: &str) {
        let result = self.session.load_file(text);
        self.open(result);
        self.sheet = None;
    }

    /// A key that nothing else wanted.
    fn key(&mut self, key: &str) -> bool {
        match super::keys::intent(key) {
            Some(Intent::Escape) => self.escape(),
            Some(intent) if self.listening && self.sheet.is_none() => self.reduce(intent),
            _ => false,
        }
    }

    fn pace_wish(&mut self, intent: &Intent) -> bool {
        match *intent {
            Intent::TogglePlay => {
                if !self.pace.playing && self.session.now_ms() >= self.session.until_ms() {
                    self.session.seek(0.0);
                    self.pace.skips.clear();
                }
                self.pace.playing = !self.pace.playing;
                self.pace.stand_still();
            }
            Intent::Step => {
                self.pace.playing = false;
                self.session.step();
                self.show_now();
            }
            Intent::StepBack => {
                self.pace.playing = false;
                self.session.step_back();
                self.show_now();
            }
            Intent::Faster(by) => self.pace.shift(by),
            Intent::PaceTo(place) => {
                self.pace.set(super::pace::PACES.get(place).copied().unwrap_or(1.0));
            }
            Intent::ToggleAutomatic => self.pace.automatic = !self.pace.automatic,
            _ => return false,
        }
        true
    }

    fn time_wish(&mut self, intent: &Intent) -> bool {
        match *intent {
            Intent::Seek(ms) => self.seek(ms),
            Intent::SeekBy(share) => {
                self.seek(self.session.now_ms() + self.window.share(share));
            }
            Intent::ToStart => self.seek(0.0),
            Intent::ToEnd => self.seek(self.session.known_ms()),
            Intent::SeekEvent(event) => {
                self.pace.playing = false;
                self.session.seek_event(event);
                self.show_now();
            }
            Intent::Zoom(wider) => {
                self.window.zoom(wider, self.session.now_ms(), self.session.until_ms())
            }
            Intent::Branch(number) => {
                self.session.switch(number);
                self.show_now();
            }
            _ => return false,
        }
        true
    }

    fn seek(&mut self, ms: f64) {
        self.pace.playing = false;
        self.pace.stand_still();
        self.session.seek(ms.clamp(0.0, self.session.until_ms()));
        self.show_now();
    }

    fn show_now(&mut self) {
        self.window.show(self.session.now_ms(), self.session.until_ms());
    }

    fn act(&mut self, action: &Action) -> bool {
        self.menu = None;
        self.session.act(action);
        if !self.still && self.session.now_ms() < self.session.until_ms() {
            self.pace.playing = true;
            self.pace.stand_still();
        }
        browser::show_answer();
        true
    }

    fn open_menu(&mut self, menu: Option<(Selection, super::layout::Place)>) -> bool {
        self.menu = menu;
        if let Some((what, _)) = menu {
            self.selected = Some(what);
            if matches!(what, Selection::Message(_)) {
                // A message waits for nobody: time stands still while it is looked at.
                self.pace.playing = false;
            }
        }
        true
    }

    fn escape(&mut self) -> bool {
        if let Some(Sheet::Notice { back: true }) = self.sheet {
            self.sheet = Some(Sheet::Editor);
            return true;
        }
        if self.sheet.take().is_some() || self.menu.take().is_some() || self.draft.take().is_some()
        {
            return true;
        }
        self.selected.take().is_some()
    }

    fn sow(&mut self, text: &str) -> bool {
        match text.trim().parse() {
            Ok(seed) => {
                let result = self.session.reseed(seed);
                self.begin(result)
            }
            Err(_) => {
                let (found, wanted) = ("a text", words::SEED_IS.to_owned());
                let mistake = Mistake::WrongType { found, wanted };
                self.begin(Err(vec![Problem { mistake, at: "seed".to_owned() }]))
            }
        }
    }

    fn draft_knob(&mut self, path: &'static str, value: KnobValue) -> bool {
        let Some(knob) = self.views.knobs.iter().find(|knob| knob.path == path) else {
            return false;
        };
        let (same, words_for) = match (&knob.control, &value) {
            (Control::Choice { options, chosen }, KnobValue::Choice(place)) => {
                (place == chosen, options.get(*place).map_or("", |(_, word)| word).to_owned())
            }
            (Control::Number { unit, .. }, KnobValue::Number(number)) => {
                (false, format!("{} {unit}", super::figures::decimals(*number, 3)))
            }
            (_, KnobValue::On(on)) => (false, words::on_or_off(*on).to_owned()),
            _ => return false,
        };
        self.draft = (!same).then(|| (path, value, words::replay_offer(knob.label, &words_for)));
        true
    }

    fn forget(&mut self) -> bool {
        placed::focus_on(CHOICE);
        self.draft.take().is_some()
    }

    fn replay(&mut self) -> bool {
        let Some((path, value, _)) = self.draft.take() else { return false };
        placed::focus_on(CHOICE);
        let Some(knob) = self.views.knobs.iter().find(|knob| knob.path == path) else {
            return true;
        };
        let result = self.session.replay_with(knob, &value);
        self.begin(result)
    }

    /// Another run takes the place of this one, and is shown as whoever handed it on saw it.
    pub(super) fn open(&mut self, result: Result<Begun, Vec<Problem>>) -> bool {
        match result {
            Ok(Begun { session, looking, at_a_moment }) => {
                self.session = session;
                self.begin(Ok(()));
                self.pace.playing &= !at_a_moment;
                self.selected = looking.selected;
                self.window = if looking.window_ms.is_some() {
                    Window::looking(&looking)
                } else {
                    self.window
                };
                self.show_now();
                browser::show_theme(looking.dark);
                true
            }
            Err(problems) => self.begin(Err(problems)),
        }
    }

    /// A run begins: from its start, playing.
    pub(super) fn begin(&mut self, result: Result<(), Vec<Problem>>) -> bool {
        match result {
            Ok(()) => {
                self.problems.clear();
                self.selected = None;
                self.menu = None;
                self.draft = None;
                self.window = Window { fixed: self.window.fixed, ..Default::default() };
                self.pace = super::pace::Pace::starting(!self.still);
            }
            Err(problems) => self.problems = problems,
        }
        true
    }
}
