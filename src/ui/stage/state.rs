//! What is selected on the stage and which menu is open, where everything lies, and what the stage's wishes do.

use super::{menu, paint, selector};
use crate::ui::browser;
use crate::ui::layout::{Place, Plan};
use crate::ui::parts::placed;
use crate::ui::player::Player;
use crate::ui::shared::Shared;
use lab::{Action, Selection};
use web_sys::Element;

/// What a reader wants of the stage, or of something that is selected.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// Do something to the cluster.
    Act(Action),
    /// Do what the one large button says.
    Deed,
    /// Begin a future in which the scenario's script happens as well.
    KeepScript,
    /// Select something, or nothing.
    Select(Option<Selection>),
    /// Open a menu about a thing, beside its place on the stage.
    Menu(Selection, Place),
    /// Something moving was touched, or nothing: the painter knows.
    Touch(Element),
    /// Close the menu.
    Close,
}

/// The stage's own state.
pub struct State {
    /// What is selected.
    pub selected: Option<Selection>,
    /// Where everything is.
    pub plan: Shared<Plan>,
    /// The room for it.
    pub width: f64,
    /// What moves.
    pub painter: paint::Painter,
    menu: Option<(Selection, Place)>,
    placed: Option<(Selection, Place)>,
    /// The open menu has the focus: whoever closes it does so by keys.
    keyed: bool,
}

impl State {
    /// Nothing but what a link selects. `still`: things jump instead of gliding.
    pub fn new(selected: Option<Selection>, still: bool) -> Self {
        Self {
            selected,
            plan: Shared::default(),
            width: browser::UNMEASURED,
            painter: paint::Painter::new(still),
            menu: None,
            placed: None,
            keyed: false,
        }
    }

    /// What the open menu is about.
    pub fn menu(&self) -> Option<Selection> {
        self.menu.map(|(what, _)| what)
    }

    /// Does what is wished; `stage` is what is drawn.
    pub fn update(&mut self, wish: Wish, player: &mut Player, stage: &view::Stage) {
        match wish {
            Wish::Act(action) => self.act(&action, player),
            Wish::Deed => {
                if let Some(deed) = &stage.deed {
                    self.act(&deed.action, player);
                }
            }
            Wish::KeepScript => player.keep_script(),
            Wish::Select(what) => self.selected = what,
            Wish::Menu(what, place) => self.open(what, place),
            Wish::Touch(element) => match self.painter.message_at(&element) {
                Some(message) => {
                    // A message waits for nobody: time stands still while it is looked at.
                    player.pace.playing = false;
                    self.open(Selection::Message(message), super::hands::anchor(&element));
                }
                None => self.menu = None,
            },
            Wish::Close => self.menu = None,
        }
    }

    fn act(&mut self, action: &Action, player: &mut Player) {
        self.menu = None;
        player.act(action);
        browser::show_answer();
    }

    fn open(&mut self, what: Selection, place: Place) {
        self.menu = Some((what, place));
        self.selected = Some(what);
    }

    /// Closes the menu. Tells whether one was open.
    pub fn close(&mut self) -> bool {
        self.menu.take().is_some()
    }

    /// Another run begins: what was selected is not in it.
    pub fn begin(&mut self) {
        self.selected = None;
        self.menu = None;
    }

    /// Looks where the focus is before a wish is done.
    pub fn note_focus(&mut self) {
        self.keyed = self.menu.is_some() && placed::has_focus(menu::MENU);
    }

    /// A menu that has just opened is put at its place and takes the focus. One that closed gives it back to the thing,
    /// unless a pointer closed it: then it is the page's.
    pub fn place(&mut self) {
        if self.menu == self.placed {
            return;
        }
        if let (Some((_, place)), Some(menu)) = (self.menu, browser::html_of(menu::MENU)) {
            placed::beside(&menu, place);
            placed::focus_first(&menu);
        }
        if let (Some((what, _)), None, true) = (self.placed, self.menu, self.keyed) {
            placed::focus_on(&selector(what));
        }
        self.placed = self.menu;
    }

    /// Moves what flies and the countdowns; `rendered`: with figures, as all that was just rendered.
    pub fn paint(&mut self, player: &Player, stage: &view::Stage, rendered: bool) {
        let Some(document) = browser::document() else { return };
        let (now_ms, mut chips) = (player.session.now_ms(), player.session.lab().chips());
        if player.pace.playing {
            player.pace.keep_visible(&mut chips);
        }
        self.painter.chips(&document, &chips, &self.plan, now_ms);
        self.painter.rings(stage, now_ms, rendered);
    }
}
