//! A node's facts in true time: a node knows only what its own clock has counted, readers are shown
//! when things really were. Which clock that is, is the world's business.

use std::rc::Rc;

use super::facts::NodeFacts;
use crate::base::SimTime;

impl NodeFacts {
    /// The same facts with every instant of the node's own clock turned into true time by `at`, and
    /// every span, in microseconds, by `span`.
    #[must_use]
    pub fn retimed(mut self, at: impl Fn(SimTime) -> SimTime, span: impl Fn(f64) -> f64) -> Self {
        self.suspects_since = self.suspects_since.map(&at);
        for follower in &mut self.followers {
            follower.heard = at(follower.heard);
        }
        if let Some(waiting) = &mut self.waiting {
            waiting.since = at(waiting.since);
        }
        if let Some(accrual) = &mut self.accrual {
            accrual.last = at(accrual.last);
            (accrual.mean, accrual.deviation) = (span(accrual.mean), span(accrual.deviation));
        }
        if let Some(compared) = self.store.as_mut().and_then(|store| store.compared.as_mut()) {
            let compared = Rc::make_mut(compared);
            compared.at = at(compared.at);
        }
        self
    }
}
