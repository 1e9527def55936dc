//! What the panels show: all of it built from the session at one instant, a few times a second, and kept where
//! nothing changed. No panel is ever built without the others, so that no two of them can tell of different moments.

use super::session::{BranchView, Rest, Session};
use super::shared::Shared;
use super::timeline::axis::Window;
use lab::{Selection, SimTime};
use scenario::knobs::{self, Knob};
use view::{Inspector, Ledger, LogLine, Offer, Overview, Sentence, Stage, Timeline, VerdictView};

/// What an open menu is about, and what can be done.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Offered {
    /// The thing.
    pub title: String,
    /// What can be done to it.
    pub offers: Vec<Offer>,
}

/// What a reader has open.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// What is selected.
    pub selected: Option<Selection>,
    /// What the menu is about.
    pub menu: Option<Selection>,
}

/// Every view of the page.
pub struct Views {
    /// The large line.
    pub sentence: Shared<Sentence>,
    /// The cluster.
    pub stage: Shared<Stage>,
    /// Every write.
    pub ledger: Shared<Ledger>,
    /// The whole run.
    pub overview: Shared<Overview>,
    /// A stretch of it.
    pub timeline: Shared<Timeline>,
    /// The promises.
    pub verdicts: Shared<Vec<VerdictView>>,
    /// The settings.
    pub knobs: Shared<Vec<Knob>>,
    /// The run in words.
    pub log: Shared<Vec<LogLine>>,
    /// The futures.
    pub branches: Shared<Vec<BranchView>>,
    /// What is left of the scenario.
    pub rest: Shared<Rest>,
    /// What is selected.
    pub inspector: Option<Shared<Inspector>>,
    /// What the open menu offers.
    pub menu: Option<Shared<Offered>>,
}

impl Views {
    /// Builds everything for the first time; the timeline is built when its width is known.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self {
            sentence: session.lab().sentence().into(),
            stage: session.lab().stage().into(),
            ledger: session.lab().ledger(None).into(),
            overview: session.lab().overview().into(),
            timeline: Shared::default(),
            verdicts: session.lab().verdicts().into(),
            knobs: knobs::knobs(session.lab().scenario()).into(),
            log: session.log().into(),
            branches: session.branches().into(),
            rest: session.rest().into(),
            inspector: None,
            menu: None,
        }
    }

    /// Builds everything for the session's present instant, with as much time as `window` shows; each view that says the same is kept. Tells whether any
    /// says anything new.
    pub fn refresh(&mut self, session: &Session, open: Open, window: &Window) -> bool {
        let selected_write = match open.selected {
            Some(Selection::Write(op)) => Some(op),
            _ => None,
        };
        let mut changed = self.stage.renew(session.lab().stage());
        changed |= self.branches.renew(session.branches());
        changed |= self.rest.renew(session.rest());
        changed |= self.open(session, open);
        changed |= self.ledger.renew(session.lab().ledger(selected_write));
        changed |= self.sentence.renew(session.lab().sentence());
        changed |= self.overview.renew(session.lab().overview());
        changed |= self.verdicts.renew(session.lab().verdicts());
        changed |= self.log.renew(session.log());
        // A window that glides on has something to show until the next instant.
        let spare = window.width() / 2.0;
        let (from, to) = ((window.from_ms - spare).max(0.0), window.to_ms + spare);
        let (from, to) = (SimTime::from_millis_f64(from), SimTime::from_millis_f64(to));
        changed | self.timeline.renew(session.lab().timeline(from, to))
    }

    /// Builds the settings anew: they change with what a reader does, never as time passes.
    pub fn refresh_settings(&mut self, session: &Session) {
        self.knobs.renew(knobs::knobs(session.lab().scenario()));
    }

    /// What is selected, and what the open menu offers. Tells whether there is anything.
    fn open(&mut self, session: &Session, Open { selected, menu }: Open) -> bool {
        let inspected = selected.and_then(|what| session.lab().inspect(what));
        self.inspector = keep(self.inspector.take(), inspected);
        let offered = menu.map(|what| match what {
            Selection::Node(node) => self.node_menu(node.0),
            other => session.lab().inspect(other).map_or_else(Default::default, |found| Offered {
                title: found.title,
                offers: found.offers,
            }),
        });
        self.menu = keep(self.menu.take(), offered);
        selected.is_some() || menu.is_some()
    }

    fn node_menu(&self, node: u8) -> Offered {
        let card = self.stage.nodes.iter().find(|card| card.node == node);
        card.map_or_else(Default::default, |card| Offered {
            title: format!("{}, {}", card.name, card.word),
            offers: card.offers.clone(),
        })
    }
}

fn keep<T: PartialEq>(old: Option<Shared<T>>, new: Option<T>) -> Option<Shared<T>> {
    let new = new?;
    let Some(mut old) = old else { return Some(new.into()) };
    old.renew(new);
    Some(old)
}
