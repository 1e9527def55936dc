//! What each panel shows of the lab, at the playhead. The builders are `view`'s; the lab only knows
//! which run each of them is to look at.

use super::Lab;
use engine::base::{EventId, NodeId, OpId, SimTime, Span};
use engine::observe::Operation;

/// What a reader selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Selection {
    /// A node.
    Node(NodeId),
    /// The link between two nodes.
    Link(NodeId, NodeId),
    /// A message, by the event of its sending.
    Message(EventId),
    /// An event.
    Event(EventId),
    /// A write.
    Write(OpId),
}

impl Lab {
    /// The sentence about the promises.
    #[must_use]
    pub fn sentence(&self) -> view::Sentence {
        view::sentence_about(self.run(), self.scenario().about())
    }

    /// Nodes, links and clients.
    #[must_use]
    pub fn stage(&self) -> view::Stage {
        view::stage(self.run())
    }

    /// Everything in flight.
    #[must_use]
    pub fn chips(&self) -> Vec<view::Chip> {
        view::chips(&self.run().flights())
    }

    /// Everything that was recorded up to the playhead, in order, for tools.
    pub fn each_trace_line(&self, each: &mut dyn FnMut(&view::TraceLine)) {
        let commands = |op: OpId| self.run().operation(op).map(|operation| operation.command);
        for event in self.run().observer().trace().iter() {
            each(&view::trace_line(&event, &commands));
        }
    }

    /// The first `limit` events that were recorded up to the playhead, from one instant to before
    /// another.
    pub fn each_trace_line_in(
        &self,
        (from, to): (SimTime, SimTime),
        limit: u32,
        each: &mut dyn FnMut(&view::TraceLine),
    ) {
        let commands = |op: OpId| self.run().operation(op).map(|operation| operation.command);
        let window = self.run().observer().trace().window(from, to);
        for event in window.take(limit as usize) {
            each(&view::trace_line(&event, &commands));
        }
    }

    /// The first `limit` operations that clients asked for from one instant to before another, and
    /// what they were told so far.
    pub fn each_operation(
        &self,
        (from, to): (SimTime, SimTime),
        limit: u32,
        each: &mut dyn FnMut(&view::OperationLine),
    ) {
        let history = self.run().observer().history().iter();
        let within = |operation: &Operation| (from..to).contains(&operation.invoked);
        let asked = history.filter(|(_, operation)| within(operation));
        for (op, operation) in asked.take(limit as usize) {
            each(&view::operation_line(op, operation));
        }
    }

    /// The fate of every write.
    #[must_use]
    pub fn ledger(&self, selected: Option<OpId>) -> view::Ledger {
        view::ledger(self.run(), selected)
    }

    /// The space-time diagram of a stretch of time, as far as it is known.
    #[must_use]
    pub fn timeline(&self, from: SimTime, to: SimTime) -> view::Timeline {
        view::timeline(self.furthest(), from, to)
    }

    /// The whole run on one axis, as far as it is known.
    #[must_use]
    pub fn overview(&self) -> view::Overview {
        view::overview(self.furthest())
    }

    /// The promises and what became of them.
    #[must_use]
    pub fn verdicts(&self) -> Vec<view::VerdictView> {
        view::verdicts(self.run())
    }

    /// What is selected, explained.
    #[must_use]
    pub fn inspect(&self, selection: Selection) -> Option<view::Inspector> {
        use view::inspector;
        let run = self.run();
        match selection {
            Selection::Node(node) => inspector::node(run, node),
            Selection::Link(a, b) => {
                let there = a.0.max(b.0) < run.view().nodes.count() && a != b;
                there.then(|| inspector::link(run, a, b))
            }
            Selection::Message(id) => inspector::message(run, id),
            Selection::Event(id) => inspector::event(run, id),
            Selection::Write(op) => inspector::write(run, op),
        }
    }

    /// State changes worth saying aloud since an event.
    #[must_use]
    pub fn log_since(&self, event: EventId) -> Vec<view::LogLine> {
        view::log(self.run(), event)
    }

    /// Lets a copy of the run go on ahead of what was shown, by at most `budget` happenings, so that
    /// the pace knows what is coming. Nothing shows it.
    pub fn foresee(&mut self, budget: u32) {
        self.branch_mut().foresee(budget);
    }

    /// How far the run was foreseen.
    #[must_use]
    pub fn foreseen(&self) -> SimTime {
        self.branch().foreseen().now()
    }

    /// The moments that matter, as far as the run was foreseen.
    #[must_use]
    pub fn moments(&self) -> Vec<view::pace::Moment> {
        view::moments(self.branch().foreseen())
    }

    /// How long a message takes, about.
    #[must_use]
    pub fn hop(&self) -> Span {
        view::hop(self.branch().foreseen())
    }
}
