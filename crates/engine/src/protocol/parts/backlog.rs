//! What a node has received and not applied yet: when it arrived, and what its applier works on.
//!
//! It knows positions and times only. Where applying takes no time it stays empty.

use std::collections::VecDeque;

use crate::base::{Position, SimTime};

/// Received and not applied yet.
#[derive(Clone, Default, Debug)]
pub struct Backlog {
    // What was received up to here, and when; in order.
    arrived: VecDeque<(Position, SimTime)>,
    // The applier works on this one.
    asked: Option<Position>,
}

impl Backlog {
    /// Everything up to `last` has been received by now.
    pub fn received(&mut self, last: Position, now: SimTime) {
        if self.arrived.back().is_none_or(|(position, _)| *position < last) {
            self.arrived.push_back((last, now));
        }
    }

    /// What to ask the applier for: the record at `next`, and when it arrived. `None` while it works
    /// on another. What nobody saw arrive has always been here.
    pub fn ask(&mut self, next: Position) -> Option<(Position, SimTime)> {
        if self.asked.is_some() {
            return None;
        }
        while self.arrived.front().is_some_and(|(position, _)| *position < next) {
            self.arrived.pop_front();
        }
        self.asked = Some(next);
        Some((next, self.arrived.front().map_or(SimTime::ZERO, |(_, at)| *at)))
    }

    /// The applier is done with what it was asked for.
    pub fn done(&mut self) {
        self.asked = None;
    }

    /// What was received beyond `last` is gone. Returns whether the applier works on some of that: it
    /// is to be stopped.
    #[must_use]
    pub fn cut(&mut self, last: Position) -> bool {
        while self.arrived.back().is_some_and(|(position, _)| *position > last) {
            let Some((_, at)) = self.arrived.pop_back() else { break };
            if self.arrived.back().map_or(Position::ZERO, |(position, _)| *position) < last {
                self.arrived.push_back((last, at));
            }
        }
        self.asked.take_if(|asked| *asked > last).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_is_asked_for_at_a_time_with_the_time_at_which_it_arrived() {
        let (mut backlog, at) = (Backlog::default(), SimTime::from_millis);
        backlog.received(Position(2), at(5));
        backlog.received(Position(2), at(6));
        backlog.received(Position(3), at(7));
        assert_eq!(backlog.ask(Position(1)), Some((Position(1), at(5))));
        assert_eq!(backlog.ask(Position(2)), None, "it works on another");
        backlog.done();
        assert_eq!(backlog.ask(Position(3)), Some((Position(3), at(7))));
    }

    #[test]
    fn what_is_cut_off_arrives_anew() {
        let (mut backlog, at) = (Backlog::default(), SimTime::from_millis);
        backlog.received(Position(4), at(5));
        assert!(!backlog.cut(Position(2)), "it works on nothing");
        backlog.received(Position(4), at(9));
        assert_eq!(backlog.ask(Position(2)), Some((Position(2), at(5))));
        backlog.done();
        assert_eq!(backlog.ask(Position(3)), Some((Position(3), at(9))));
        assert!(backlog.cut(Position(2)), "what it works on is gone");
        // What is applied is never asked for again; the record after it is another one now.
        backlog.received(Position(3), at(11));
        assert_eq!(backlog.ask(Position(3)), Some((Position(3), at(11))));
    }
}
