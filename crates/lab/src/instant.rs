//! Time that passes instant by instant, so that whoever looks on can act in between: what is done
//! then is done after everything that happens at that instant, as a line of a script is.

use super::{Advanced, Lab};
use engine::base::SimTime;

impl Lab {
    /// Lets time pass to the next instant at which something happens, and all of that happen; to
    /// `to` if that is earlier. At most `budget` happenings.
    pub fn advance_to_next(&mut self, to: SimTime, budget: u32) -> Advanced {
        let to = to.min(self.until());
        let next = self.branch_mut().next_at().map_or(to, |next| next.min(to));
        let happened = if next > self.now() {
            self.branch_mut().advance(next, budget)
        } else {
            self.settle(budget)
        };
        let exhausted = happened == budget && self.pending();
        Advanced { now: self.now(), happened, exhausted }
    }

    /// Lets everything else that happens at this instant happen, at most `budget` happenings. Says
    /// how many happened.
    pub fn settle(&mut self, budget: u32) -> u32 {
        let mut happened = 0;
        while happened < budget && self.pending() && self.branch_mut().step() {
            happened += 1;
        }
        happened
    }

    /// Whether more happens at this very instant.
    fn pending(&mut self) -> bool {
        let now = self.now();
        self.branch_mut().next_at().is_some_and(|next| next <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BUDGET, Target, opened};
    use engine::world::fault;
    use protocols::PROTOCOLS;
    use scenario::preset;

    fn lab() -> Lab {
        let document = preset(PROTOCOLS, "async-leader-crash").unwrap().document();
        Lab::load(&document, PROTOCOLS).unwrap()
    }

    #[test]
    fn instant_by_instant_the_same_happens() {
        let (mut straight, mut slow) = (lab(), lab());
        straight.finish();
        let mut instants = 0;
        while !slow.at_end() {
            let before = slow.now();
            let advanced = slow.advance_to_next(slow.until(), BUDGET);
            assert!(!advanced.exhausted && (advanced.now > before || advanced.happened > 0));
            instants += 1;
        }
        assert_eq!(slow.digest(), straight.digest());
        assert!(instants > 1_000);
    }

    #[test]
    fn what_is_done_in_between_is_done_again_by_a_link() {
        let mut lab = lab();
        for _ in 0..500 {
            lab.advance_to_next(SimTime::NEVER, BUDGET);
        }
        // In the middle of an instant, where one is left.
        lab.step();
        lab.act(fault::crash(Target::Follower(1)));
        lab.finish();
        let mut again = opened(&lab.link(), PROTOCOLS).unwrap().lab;
        again.finish();
        assert_eq!(again.digest(), lab.digest());
    }

    #[test]
    fn a_small_budget_ends_in_the_middle_and_goes_on_there() {
        let (mut straight, mut slow) = (lab(), lab());
        let to = SimTime::from_millis(3_000);
        straight.seek(to);
        for _ in 0..200_000 {
            if slow.now() >= to && !slow.advance_to_next(to, 1).exhausted {
                break;
            }
            slow.advance_to_next(to, 1);
        }
        assert_eq!(slow.digest(), straight.digest());
    }
}
