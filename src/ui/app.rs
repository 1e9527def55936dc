//! The page: the run, its panels' states, and the frame in which things move. It hands each wish to its panel and joins
//! what concerns several.
//!
//! Panels, diagram and clock show one instant: they are built and drawn together, a few times a second while time
//! passes and at once after a reader's act. Between two such instants only messages and countdowns move, in place.

use super::editor::Kept;
use super::editor::files::Drops;
use super::embed::{self, Embed, Step, Watched};
use super::frames::Frames;
use super::header::{self, Group};
use super::intent::{Intent, Sheet};
use super::layout::Plan;
use super::log::Voice;
use super::modes::{self, Draft};
use super::player::Player;
use super::session::Begun;
use super::shared::Shared;
use super::sheet::Sheets;
use super::views::{Open, Views};
use super::{Start, browser, keys, page, stage, timeline};
use lab::Looking;
use scenario::embed::{Message, Order};
use scenario::{Problem, Protocols};
use yew::prelude::*;

/// The page's state, by panel.
pub struct App {
    pub(super) player: Player,
    pub(super) views: Views,
    pub(super) scenarios: Shared<Vec<Group>>,
    pub(super) stage: stage::State,
    pub(super) timeline: timeline::State,
    pub(super) draft: Option<Draft>,
    pub(super) sheets: Sheets,
    pub(super) voice: Voice,
    /// Mistakes in what was asked for.
    pub(super) problems: Vec<Problem>,
    /// In somebody else's page: how it looks there, and what that page is told.
    pub(super) embed: Option<Embed>,
    /// What the address says of the run, as the page would write it.
    pub(super) address: String,
    /// The theme of the link that opened the page.
    linked_dark: Option<bool>,
    pub(super) send: Callback<Intent>,
    frames: Frames,
    rendered_wall_ms: f64,
    // The painters are to find their elements again after the next rendering.
    find: bool,
    _listeners: (browser::Listeners, Drops),
}

/// Another instant is shown this often while time passes, in wall time.
const RENDER_MS: f64 = 115.0;

impl Component for App {
    type Message = Intent;
    type Properties = Start;

    fn create(context: &Context<Self>) -> Self {
        let protocols = context.props().protocols;
        let link = browser::link().unwrap_or_default();
        let (begun, mut problems) = Begun::link_or_first(&link, protocols);
        let Looking { selected, dark, .. } = begun.looking;
        let send = context.link().callback(|intent| intent);
        let still = browser::prefers_stillness();
        let mut player = Player::new(begun, still);
        let mut embed = Embed::open(&send);
        if let Some(embed) = &mut embed {
            embed.begin(&mut player, &mut problems);
        }
        let (mut stage, mut timeline) =
            (stage::State::new(selected, still), timeline::State::default());
        (stage.width, timeline.width) = context.props().widths;
        let mut app = Self {
            views: Views::new(&player.session),
            address: player.session.address(),
            player,
            scenarios: header::scenarios(protocols).into(),
            stage,
            timeline,
            draft: None,
            sheets: Sheets::default(),
            voice: Voice::default(),
            problems,
            embed,
            linked_dark: dark,
            frames: Frames::new(send.reform(Intent::Frame)),
            rendered_wall_ms: 0.0,
            find: true,
            _listeners: (browser::Listeners::new(&send), Drops::new(&send)),
            send,
        };
        app.refresh();
        app.frames.want(app.runs());
        app
    }

    fn update(&mut self, _: &Context<Self>, intent: Intent) -> bool {
        if let Intent::Frame(wall_ms) = intent {
            return self.frame(wall_ms);
        }
        if self.embed.as_ref().is_some_and(|embed| embed.forbids(&intent)) {
            return false;
        }
        self.stage.note_focus();
        let measured = matches!(intent, Intent::Resized);
        let opened = if let Intent::Open(link) = &intent { Some(link.clone()) } else { None };
        let changed = self.reduce(intent);
        self.find = true;
        if changed {
            self.refresh();
            self.views.refresh_settings(&self.player.session);
            // The first view is measured without a reader's doing anything: it carries no links.
            if !measured {
                // A run is packed once, for the address and for the last screen.
                let address = self.player.session.address();
                browser::leave_trace(&address);
                if address != self.address && self.embed.is_none() {
                    browser::keep_address(&address, opened.as_deref());
                }
                self.address = address;
            }
        }
        self.tell(None);
        self.frames.want(self.runs());
        changed
    }

    fn view(&self, _: &Context<Self>) -> Html {
        if self.embed.is_some() { embed::page(self) } else { page::page(self) }
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        let Some(document) = browser::document() else { return };
        let expected = (self.stage.width, self.timeline.width);
        if first {
            self.measure();
            if !self.embed.as_ref().is_some_and(Embed::chose_theme) {
                browser::show_theme(self.linked_dark);
            }
        }
        if std::mem::take(&mut self.find) {
            self.stage.painter.find(&document, &self.views.stage);
            self.timeline.painter.find(&document);
        }
        if self.embed.is_none() {
            header::show_choice(&self.scenarios, self.player.session.name());
        }
        self.stage.place();
        self.sheets.place();
        self.stage.paint(&self.player, &self.views.stage, true);
        if self.timeline.painter.is_stale() {
            self.timeline.painter.paint(&page::timeline_props(self));
        }
        if first && (self.embed.is_some() || (self.stage.width, self.timeline.width) != expected) {
            self.send.emit(Intent::Resized);
        }
        if let Some(embed) = &mut self.embed {
            embed.tell_height(self.stage.width, &self.views.stage);
        }
    }
}

impl App {
    /// Hands a wish to its panel. Tells whether anything is to be drawn anew.
    fn reduce(&mut self, intent: Intent) -> bool {
        match intent {
            Intent::Frame(_) => return false,
            Intent::Embed(wish) => return self.embedded(wish),
            Intent::Key(key) => return self.key(&key),
            Intent::Escape => return self.escape(),
            Intent::Resized => self.measure(),
            Intent::Time(wish) => self.player.update(wish),
            Intent::Stage(wish) => self.stage.update(wish, &mut self.player, &self.views.stage),
            Intent::Setting(wish) => {
                let (knobs, session) = (&self.views.knobs, &mut self.player.session);
                if let Some(result) = modes::update(&mut self.draft, wish, knobs, session) {
                    self.begin(result);
                }
            }
            Intent::Seed(text) => {
                let result =
                    header::seed_of(&text).and_then(|seed| self.player.session.reseed(seed));
                self.begin(result);
            }
            Intent::Open(link) => self.open(Begun::link(&link, self.protocols())),
            Intent::File(wish) => {
                let Sheets { files, open, .. } = &mut self.sheets;
                if let Some((text, edit)) = files.update(wish, open) {
                    self.play(text, edit);
                }
            }
            Intent::Sharing(wish) => {
                let looking = self.player.looking(self.stage.selected);
                self.sheets.share(wish, &self.player, &looking, &self.send);
            }
            Intent::Theme => {
                browser::other_theme();
                self.timeline.painter.forget_ink();
            }
            Intent::Sheet(sheet) => self.sheets.open = sheet,
            Intent::ToggleKeys => self.sheets.listening = !self.sheets.listening,
            Intent::Dismiss => self.problems.clear(),
        }
        true
    }

    /// The protocols that there are.
    pub(super) fn protocols(&self) -> Protocols {
        self.player.session.lab().scenario().protocols
    }

    /// A key that nothing else wanted.
    fn key(&mut self, key: &str) -> bool {
        match keys::intent(key) {
            Some(Intent::Escape) => self.escape(),
            Some(intent) if self.sheets.listening && self.sheets.open.is_none() => {
                self.reduce(intent)
            }
            _ => false,
        }
    }

    /// Closes what lies on top, else deselects.
    fn escape(&mut self) -> bool {
        self.sheets.close()
            || self.stage.close()
            || self.draft.take().is_some()
            || self.stage.selected.take().is_some()
    }

    /// Plays what the text of a file holds. `edit`: the editor shows what is wrong with it, at its line.
    fn play(&mut self, text: String, edit: bool) {
        self.sheets.open = None;
        match Begun::file(&text, self.protocols()) {
            Err(_) if edit => {
                self.problems.clear();
                self.sheets.files.kept = Kept::holding(text);
                self.sheets.open = Some(Sheet::Editor);
            }
            result => self.open(result),
        }
    }

    /// Another run takes the place of this one, and is shown as whoever handed it on saw it.
    fn open(&mut self, result: Result<Begun, Vec<Problem>>) {
        let begun = match result {
            Ok(begun) => begun,
            Err(problems) => return self.problems = problems,
        };
        let Looking { selected, dark, .. } = begun.looking;
        self.player.open(begun);
        self.reset();
        self.stage.selected = selected;
        browser::show_theme(dark);
    }

    /// The run begins again: from its start, playing.
    fn begin(&mut self, result: Result<(), Vec<Problem>>) {
        match result {
            Ok(()) => {
                self.player.begin();
                self.reset();
            }
            Err(problems) => self.problems = problems,
        }
    }

    /// What was open belonged to the run before.
    fn reset(&mut self) {
        self.problems.clear();
        self.draft = None;
        self.stage.begin();
    }

    /// Carries out a wish from outside. Tells whether anything is to be drawn anew.
    fn embedded(&mut self, wish: embed::Wish) -> bool {
        let Some(embed) = &mut self.embed else { return false };
        match wish {
            embed::Wish::Seen(seen) => {
                let came = embed.seen(seen, &mut self.player);
                if came {
                    // Nothing could be measured while it was out of sight.
                    self.measure();
                }
                came
            }
            embed::Wish::Heard(Message { id, order }) => {
                let done =
                    order.map_err(|problem| vec![problem]).and_then(|order| self.obey(order));
                self.refresh();
                if let Some(embed) = &self.embed {
                    embed.answer(id.as_ref(), &done.err().unwrap_or_default(), &self.watched());
                }
                true
            }
        }
    }

    fn obey(&mut self, order: Order) -> Result<(), Vec<Problem>> {
        let Some(embed) = &mut self.embed else { return Ok(()) };
        match embed.obey(order, &mut self.player)? {
            Step::Show => {}
            Step::Look => {
                self.timeline.painter.forget_ink();
                self.send.emit(Intent::Resized);
            }
            Step::Do(intent) => drop(self.reduce(intent)),
            Step::Open(begun, playing) => {
                self.open(Ok(*begun));
                if let Some(embed) = &self.embed {
                    embed.opened(&mut self.player, playing);
                }
            }
        }
        Ok(())
    }

    fn watched(&self) -> Watched<'_> {
        Watched { player: &self.player, views: &self.views, selected: self.stage.selected }
    }

    /// Tells the page around a frame what is new; `frame`: the wall time, if time passes and this may wait.
    fn tell(&mut self, frame: Option<f64>) {
        if let Some(mut embed) = self.embed.take() {
            embed.tell(&self.watched(), &self.problems, frame);
            self.embed = Some(embed);
        }
    }

    /// One frame: time passes and what flies moves, or another instant is shown. No frame does both: in one that shows
    /// an instant, time stands still, and the next one makes up for it.
    fn frame(&mut self, wall_ms: f64) -> bool {
        let mut due = wall_ms - self.rendered_wall_ms >= RENDER_MS;
        if !due {
            due = self.pass(wall_ms);
        }
        let mut changed = false;
        if due {
            self.rendered_wall_ms = wall_ms;
            changed = self.refresh();
            changed |= self.voice.hear(&self.views.log, wall_ms);
        }
        if !changed {
            self.stage.paint(&self.player, &self.views.stage, false);
        }
        self.tell(Some(wall_ms));
        changed
    }

    /// Lets time pass since the last frame. Tells whether the run came to its end.
    fn pass(&mut self, wall_ms: f64) -> bool {
        let over = self.player.pass(wall_ms);
        if over && self.player.pace.playing {
            let embed = self.embed.as_mut();
            if !embed.is_some_and(|embed| embed.starts_over(wall_ms, &mut self.player)) {
                self.player.pace.playing = false;
                self.player.pace.stand_still();
                self.frames.want(false);
            }
        }
        over
    }

    /// Whether time passes: somebody plays, and somebody can see it.
    fn runs(&self) -> bool {
        self.player.pace.playing && self.embed.as_ref().is_none_or(Embed::is_seen)
    }

    /// Builds every view for the present instant. Tells whether anything is to be rendered.
    fn refresh(&mut self) -> bool {
        let Player { session, pace, window, .. } = &mut self.player;
        let open = Open { selected: self.stage.selected, menu: self.stage.menu() };
        let mut changed = self.views.refresh(session, open, window);
        pace.plan = session.plan();
        changed |= self.timeline.show(session.lab().now(), pace.speed, *window);
        // The elements that are changed in every frame stand in what is rendered with these.
        self.find = true;
        let stage = &self.views.stage;
        let (nodes, clients) = (stage.nodes.len(), stage.clients.len());
        let width = self.stage.width;
        self.stage.plan.renew(match &self.embed {
            Some(embed) => embed.plan(width, nodes, clients, stage.service),
            None => Plan::new(width, nodes, clients, stage.service),
        });
        changed
    }

    /// Measures the room for the drawings.
    fn measure(&mut self) {
        self.timeline.painter.forget();
        self.stage.width = browser::width_of("stage");
        self.timeline.width = browser::width_of("timeline");
        if let Some(embed) = &mut self.embed {
            self.timeline.width = browser::width_of("scrubber");
            embed.measure();
        }
    }
}
