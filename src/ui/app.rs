//! The page: one state, one reducer, and the frame in which things move.
//!
//! Panels, diagram and clock show one instant: they are built and drawn together, a few times a second while time
//! passes and at once after a reader's act. Between two such instants only messages and countdowns move, in place.

use super::editor::Kept;
use super::editor::files::Drops;
use super::editor::notice::Notice;
use super::embed::Embed;
use super::frames::Frames;
use super::intent::{Intent, Sheet};
use super::layout::{Place, Plan};
use super::log::Voice;
use super::pace::Pace;
use super::parts::placed;
use super::session::{Begun, Group, KnobValue, Problem, Selection, Session};
use super::shared::Shared;
use super::timeline::axis::Window;
use super::views::{Open, Views};
use super::{browser, header, page, stage, timeline};
use lab::SimTime;
use scenario::Protocols;
use yew::prelude::*;

/// What the page is started with.
#[derive(Clone, Copy, Properties)]
pub struct Start {
    /// The protocols that it has.
    pub protocols: Protocols,
    /// The widths that stage and timeline will have, in pixels, if the opening picture tells.
    pub widths: (f64, f64),
}

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.protocols, other.protocols)
    }
}

/// The page's state.
pub struct App {
    pub(super) session: Session,
    pub(super) scenarios: Shared<Vec<Group>>,
    pub(super) views: Views,
    pub(super) pace: Pace,
    pub(super) window: Window,
    pub(super) plan: Shared<Plan>,
    pub(super) selected: Option<Selection>,
    pub(super) menu: Option<(Selection, Place)>,
    pub(super) draft: Option<(&'static str, KnobValue, String)>,
    pub(super) problems: Vec<Problem>,
    /// In somebody else's page: how it looks there, and what that page is told.
    pub(super) embed: Option<Embed>,
    pub(super) sheet: Option<Sheet>,
    pub(super) handed_on: Option<super::share::State>,
    pub(super) notice: Option<Notice>,
    pub(super) dragging: bool,
    // What the editor goes on with, and the file that it is to open.
    pub(super) kept: Kept,
    pub(super) arrived: Shared<Option<String>>,
    pub(super) listening: bool,
    pub(super) still: bool,
    pub(super) voice: Voice,
    pub(super) width: f64,
    pub(super) timeline_width: f64,
    pub(super) send: Callback<Intent>,
    frames: Frames,
    placed: (Option<(Selection, Place)>, Option<Sheet>),
    /// The open menu has the focus: whoever closes it does so by keys.
    keyed: bool,
    stage_painter: stage::paint::Painter,
    pub(super) timeline_painter: timeline::paint::Painter,
    rendered_wall_ms: f64,
    // The painters are to find their elements again after the next rendering.
    find: bool,
    /// What the address says of the run, as the page would write it.
    pub(super) address: String,
    /// The theme of the link that opened the page.
    linked_dark: Option<bool>,
    /// The one instant that panels, diagram and clock show, and the pace and the window with which they show it.
    pub(super) shown: (SimTime, f64, Window),
    _listeners: browser::Listeners,
    _drops: Drops,
}

/// Another instant is shown this often while time passes, in wall time.
const RENDER_MS: f64 = 115.0;

impl Component for App {
    type Message = Intent;
    type Properties = Start;

    fn create(context: &Context<Self>) -> Self {
        let (begun, mut problems) =
            Session::open(context.props().protocols, browser::link().as_deref());
        let Begun { mut session, looking, at_a_moment } = begun;
        let send = context.link().callback(|intent| intent);
        let still = browser::prefers_stillness();
        let mut pace = Pace::starting(!still && !at_a_moment);
        let mut embed = Embed::open(&send);
        if let Some(embed) = &mut embed {
            embed.begin(&mut session, &mut pace, &mut problems, still);
        }
        let mut window = Window::looking(&looking);
        window.show(session.now_ms(), session.until_ms());
        let session_address = session.address();
        let (width, timeline_width) = context.props().widths;
        let mut app = Self {
            views: Views::new(&session),
            session,
            scenarios: super::session::scenarios(context.props().protocols).into(),
            pace,
            window,
            plan: Shared::default(),
            selected: looking.selected,
            menu: None,
            draft: None,
            problems,
            embed,
            sheet: None,
            handed_on: None,
            notice: None,
            dragging: false,
            kept: Kept::default(),
            arrived: Shared::default(),
            listening: true,
            still,
            voice: Voice::default(),
            width,
            timeline_width,
            frames: Frames::new(send.reform(Intent::Frame)),
            stage_painter: stage::paint::Painter::new(still),
            timeline_painter: timeline::paint::Painter::default(),
            placed: (None, None),
            keyed: false,
            rendered_wall_ms: 0.0,
            find: true,
            linked_dark: looking.dark,
            address: session_address,
            shown: (SimTime::ZERO, 1.0, Window::default()),
            _listeners: browser::Listeners::new(&send),
            _drops: Drops::new(&send),
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
        self.keyed = self.menu.is_some() && placed::has_focus(stage::menu::MENU);
        let measured = matches!(intent, Intent::Resized);
        let opened = if let Intent::Open(link) = &intent { Some(link.clone()) } else { None };
        let changed = match intent {
            Intent::Embed(wish) => self.embedded(wish),
            intent => self.reduce(intent),
        };
        self.find = true;
        if changed {
            self.refresh();
            self.views.refresh_settings(&self.session);
            // The first view is measured without a reader's doing anything: it carries no links.
            if !measured {
                self.leave_traces(opened.as_deref());
            }
        }
        self.tell(None);
        self.frames.want(self.runs());
        changed
    }

    fn view(&self, _: &Context<Self>) -> Html {
        if self.embed.is_some() { super::embed::page(self) } else { page::page(self) }
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        let Some(document) = browser::document() else { return };
        let expected = (self.width, self.timeline_width);
        if first {
            self.measure();
            if !self.embed.as_ref().is_some_and(Embed::chose_theme) {
                browser::show_theme(self.linked_dark);
            }
        }
        if std::mem::take(&mut self.find) {
            self.stage_painter.find(&document);
            self.timeline_painter.find(&document);
        }
        if self.embed.is_none() {
            header::show_choice(&self.scenarios, self.session.scenario());
        }
        self.place_what_opened();
        self.paint(true);
        if self.timeline_painter.is_stale() {
            self.timeline_painter.paint(&page::timeline_props(self));
        }
        if first && (self.embed.is_some() || (self.width, self.timeline_width) != expected) {
            self.send.emit(Intent::Resized);
        }
        self.tell_height();
    }
}

impl App {
    /// Keeps the address leading to this run, and what the last screen would say of it. `opened`: the link that was
    /// followed just now. A run is packed once for both.
    fn leave_traces(&mut self, opened: Option<&str>) {
        let address = self.session.address();
        browser::leave_trace(&address);
        if address == self.address {
            return;
        }
        let followed = opened.is_some() && opened == browser::hash().as_deref();
        if self.embed.is_none() && !followed {
            browser::keep_address(&address, opened.is_some());
        }
        self.address = address;
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
            self.paint(false);
        }
        self.tell(Some(wall_ms));
        changed
    }

    /// Lets time pass since the last frame. Tells whether the run came to its end.
    fn pass(&mut self, wall_ms: f64) -> bool {
        let now = self.session.now();
        let to = self.pace.elapse(wall_ms, now, self.session.is_going());
        if self.pace.playing && (to > now || self.session.is_going()) {
            self.session.go(to);
            let end = self.session.until_ms();
            self.window.follow(self.session.now_ms(), self.pace.speed, end, self.still);
        }
        let over = self.session.now() >= self.session.until();
        if over && self.pace.playing && !self.starts_over(wall_ms) {
            self.pace.playing = false;
            self.pace.stand_still();
            self.frames.want(false);
        }
        over
    }

    /// Whether time passes: somebody plays, and somebody can see it.
    fn runs(&self) -> bool {
        self.pace.playing && self.embed.as_ref().is_none_or(Embed::is_seen)
    }

    /// Builds every view for the present instant. Tells whether anything is to be rendered.
    pub(super) fn refresh(&mut self) -> bool {
        let menu = self.menu.map(|(what, _)| what);
        let open = Open { selected: self.selected, menu };
        let mut changed = self.views.refresh(&self.session, open);
        let (from, to) = (self.window.from_ms, self.window.to_ms);
        let spare = (to - from) / 2.0;
        changed |=
            self.views.timeline.renew(self.session.timeline((from - spare).max(0.0), to + spare));
        self.pace.plan = self.session.plan();
        let shown = (self.session.now(), self.pace.speed, self.window);
        changed |= shown != self.shown;
        self.shown = shown;
        // The elements that are changed in every frame stand in what is rendered with these.
        self.find = true;
        let stage = &self.views.stage;
        let (nodes, clients) = (stage.nodes.len(), stage.clients.len());
        let plan = match &self.embed {
            Some(embed) => embed.plan(self.width, nodes, clients, stage.service),
            None => Plan::new(self.width, nodes, clients, stage.service),
        };
        self.plan.renew(plan);
        changed
    }

    /// Measures the room for the drawings.
    pub(super) fn measure(&mut self) {
        self.timeline_painter.forget();
        self.width = browser::width_of("stage");
        self.timeline_width = browser::width_of("timeline");
        if let Some(embed) = &mut self.embed {
            self.timeline_width = browser::width_of("scrubber");
            embed.measure();
        }
    }

    /// A menu or sheet that has just opened is put at its place and takes the focus.
    fn place_what_opened(&mut self) {
        let opened = (self.menu, self.sheet);
        if opened == self.placed {
            return;
        }
        if let (Some((_, place)), Some(menu)) = (self.menu, browser::html_of(stage::menu::MENU)) {
            placed::beside(&menu, place);
            placed::focus_first(&menu);
        }
        if let Some(sheet) = browser::html_of(super::sheet::SHEET) {
            placed::focus_first(&sheet);
        }
        // What was opened from a thing gives the focus back to it, unless a pointer closed it: then it is the page's.
        match (self.placed.0, opened.0, self.placed.1, opened.1) {
            (Some((what, _)), None, ..) if self.keyed => placed::focus_on(&stage::selector(what)),
            (.., Some(Sheet::Keys), None) => placed::focus_on("#keys"),
            (.., Some(Sheet::Share), None) => placed::focus_on("#share"),
            (.., Some(Sheet::Editor | Sheet::Notice { .. }), None) => placed::focus_on("#edit"),
            _ => {}
        }
        self.placed = opened;
    }

    /// Moves what flies and the countdowns; `rendered`: with figures, as all that was just rendered.
    fn paint(&mut self, rendered: bool) {
        let Some(document) = browser::document() else { return };
        let now_ms = self.session.now_ms();
        let mut chips = self.session.chips();
        if self.pace.playing {
            self.pace.keep_visible(&mut chips);
        }
        self.stage_painter.chips(&document, &chips, &self.plan, now_ms);
        self.stage_painter.rings(&self.views.stage, now_ms, rendered);
    }
}
