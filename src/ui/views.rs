//! What the panels show: all of it built from the session at one instant, a few times a second, and kept where
//! nothing changed. No panel is ever built without the others, so that no two of them can tell of different moments.

use super::session::{BranchView, Rest, Selection, Session};
use super::shared::Shared;
use scenario::knobs::Knob;
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
            sentence: session.sentence().into(),
            stage: session.stage().into(),
            ledger: session.ledger(None).into(),
            overview: session.overview().into(),
            timeline: Shared::default(),
            verdicts: session.verdicts().into(),
            knobs: session.knobs().into(),
            log: session.log().into(),
            branches: session.branches().into(),
            rest: session.rest().into(),
            inspector: None,
            menu: None,
        }
    }

    /// Builds everything for the session's present instant; each view that says the same is kept. Tells whether any
    /// says anything new.
    pub fn refresh(&mut self, session: &Session, open: Open) -> bool {
        let selected_write = match open.selected {
            Some(Selection::Write(op)) => Some(op),
            _ => None,
        };
        let mut changed = self.stage.renew(session.stage());
        changed |= self.branches.renew(session.branches());
        changed |= self.rest.renew(session.rest());
        changed |= self.open(session, open);
        changed |= self.ledger.renew(session.ledger(selected_write));
        changed |= self.sentence.renew(session.sentence());
        changed |= self.overview.renew(session.overview());
        changed |= self.verdicts.renew(session.verdicts());
        changed |= self.log.renew(session.log());
        changed
    }

    /// Builds the settings anew: they change with what a reader does, never as time passes.
    pub fn refresh_settings(&mut self, session: &Session) {
        self.knobs.renew(session.knobs());
    }

    /// What is selected, and what the open menu offers. Tells whether there is anything.
    fn open(&mut self, session: &Session, Open { selected, menu }: Open) -> bool {
        let inspected = selected.and_then(|what| session.inspect(what));
        self.inspector = keep(self.inspector.take(), inspected);
        let offered = menu.map(|what| match what {
            Selection::Node(node) => self.node_menu(node.0),
            other => session.inspect(other).map_or_else(Default::default, |found| Offered {
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
