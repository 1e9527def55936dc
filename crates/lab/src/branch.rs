//! One future of a run: a playhead that can stand anywhere in what is known of it.
//!
//! The world is copied now and then while it is first computed; seeking takes the copy before the
//! wanted instant and lets time pass again, which gives exactly what was there. A branch does not
//! know what its run is about.

use std::rc::Rc;

use super::watched::{RecordedRun, Watched};
use engine::base::SimTime;
use engine::observe::Recorder;
use engine::world::{Action, Run, Scripted};

/// Happenings between two copies: what a seek must repeat at most, unless copies were thinned.
const COPY_EVERY: u32 = 8_192;

/// Copies kept; when there are more, every second one is dropped.
const COPIES: usize = 128;

/// One future of a run.
pub struct Branch {
    head: Watched,
    // The furthest state, while the playhead stands before it.
    ahead: Option<Watched>,
    // A copy that runs ahead of what was shown, to know where the moments lie; never shown itself.
    scout: Option<RecordedRun>,
    // In order of time; the first is the start.
    copies: Vec<RecordedRun>,
    since_copy: u32,
    copy_every: u32,
    own: Vec<Scripted>,
    from: Option<(usize, SimTime)>,
    /// After this instant nothing happens that the scenario's script holds; `None`: all of it happens.
    script_until: Option<SimTime>,
}

impl Branch {
    /// A branch that begins with `head`.
    #[must_use]
    pub fn new(head: RecordedRun, from: Option<(usize, SimTime)>, own: Vec<Scripted>) -> Self {
        let copies = vec![head.checkpoint()];
        Self {
            head: head.into(),
            ahead: None,
            scout: None,
            copies,
            since_copy: 0,
            copy_every: COPY_EVERY,
            own,
            from,
            script_until: None,
        }
    }

    /// The run at the playhead.
    #[must_use]
    pub fn head(&self) -> &dyn Run<Recorder> {
        self.head.for_readers()
    }

    /// The run as far as it was computed.
    #[must_use]
    pub fn furthest(&self) -> &dyn Run<Recorder> {
        self.ahead.as_ref().unwrap_or(&self.head).for_readers()
    }

    /// Where the playhead stands.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.head.now()
    }

    /// How far the run was computed.
    #[must_use]
    pub fn known(&self) -> SimTime {
        self.ahead.as_ref().unwrap_or(&self.head).now()
    }

    /// Lets a copy run ahead of what was shown, by at most `budget` happenings.
    pub fn foresee(&mut self, budget: u32) {
        let furthest = self.ahead.as_ref().unwrap_or(&self.head);
        let known = furthest.now();
        if self.scout.as_ref().is_none_or(|scout| scout.now() < known) {
            self.scout = (known < self.head.until()).then(|| furthest.checkpoint());
        }
        if let Some(scout) = &mut self.scout {
            scout.advance(scout.until(), budget);
        }
    }

    /// The run as far as it was foreseen.
    #[must_use]
    pub fn foreseen(&self) -> &dyn Run<Recorder> {
        let known = self.known();
        let scout = self.scout.as_deref().filter(|scout| scout.now() >= known);
        scout.unwrap_or_else(|| self.furthest())
    }

    /// Where it left another branch: which one, and when.
    #[must_use]
    pub fn from(&self) -> Option<(usize, SimTime)> {
        self.from
    }

    /// Another branch was forgotten; those after it moved up.
    pub fn forget_parent(&mut self, forgotten: usize) {
        if let Some((parent, _)) = &mut self.from {
            if *parent == forgotten {
                *parent = 0;
            } else if *parent > forgotten {
                *parent -= 1;
            }
        }
    }

    /// After this instant nothing happens that the scenario's script holds; `None`: all of it happens.
    #[must_use]
    pub fn script_until(&self) -> Option<SimTime> {
        self.script_until
    }

    /// A branch in which the scenario's script ends at `until`; the run's script must say so already.
    #[must_use]
    pub fn with_script_until(self, until: Option<SimTime>) -> Self {
        Self { script_until: until, ..self }
    }

    /// Leaves out what the scenario's script would still do. The playhead must stand at the end of what is known.
    pub fn leave_script_out(&mut self) {
        let now = self.head.now();
        let performed = self.head.script()[..self.head.performed()].to_vec();
        self.head.set_script(Rc::new(performed));
        self.script_until = Some(now);
        self.scout = None;
        self.copies.push(self.head.checkpoint());
    }

    /// What the reader did in it, in order.
    #[must_use]
    pub fn own_actions(&self) -> &[Scripted] {
        &self.own
    }

    /// Whether the playhead stands before what is known, or before something that the reader did: in a run that was
    /// opened, that is known before it has happened again.
    #[must_use]
    pub fn in_the_past(&self) -> bool {
        let now = self.head.now();
        self.ahead.is_some() || self.own.last().is_some_and(|last| last.at > now)
    }

    /// Moves the playhead forward to `to` or until `budget` happenings were made to happen.
    /// Says how many happened.
    pub fn advance(&mut self, to: SimTime, budget: u32) -> u32 {
        let to = to.min(self.head.until());
        let mut done = 0;
        if let Some(ahead) = self.ahead.take() {
            let known = ahead.now();
            if to < known {
                done = self.head.advance(to, budget);
                self.ahead = Some(ahead);
                return done;
            }
            self.head = ahead;
        }
        while done < budget && self.head.now() < to {
            let slice =
                (budget - done).min(self.copy_every - self.since_copy.min(self.copy_every - 1));
            let happened = self.head.advance(to, slice);
            self.grew(happened);
            done += happened;
            if happened < slice {
                break;
            }
        }
        done
    }

    /// When the next thing happens.
    pub fn next_at(&mut self) -> Option<SimTime> {
        self.head.next_at()
    }

    /// Makes the next thing happen. Says whether anything did.
    pub fn step(&mut self) -> bool {
        if let Some(ahead) = &self.ahead {
            let known = ahead.now();
            let stepped = self.head.step(known);
            if !stepped || self.head.observer().trace().len() == ahead.observer().trace().len() {
                self.head = self.ahead.take().unwrap_or_else(|| self.head.checkpoint().into());
            }
            return stepped;
        }
        let until = self.head.until();
        let stepped = self.head.step(until);
        self.grew(u32::from(stepped));
        stepped
    }

    fn grew(&mut self, happened: u32) {
        self.since_copy += happened;
        if self.since_copy < self.copy_every {
            return;
        }
        self.since_copy = 0;
        self.copies.push(self.head.checkpoint());
        if self.copies.len() > COPIES {
            let mut place = 0;
            self.copies.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.copy_every *= 2;
        }
    }

    /// Puts the playhead at `to`, as far as `budget` happenings beyond what is known allow.
    pub fn seek(&mut self, to: SimTime, budget: u32) {
        if to > self.known() {
            self.advance(to, budget);
            return;
        }
        let from = self.copies.partition_point(|copy| copy.now() <= to).saturating_sub(1);
        let back = to < self.head.now();
        if back || self.copies[from].now() > self.head.now() {
            let mut copy = self.copies[from].checkpoint();
            copy.set_script(Rc::clone(self.ahead.as_ref().unwrap_or(&self.head).script()));
            let was = std::mem::replace(&mut self.head, copy.into());
            self.ahead.get_or_insert(was);
        }
        self.advance(to, u32::MAX);
    }

    /// Does `action` at the playhead, which must stand at the end of what is known.
    pub fn act(&mut self, action: Action) {
        let at = self.head.now();
        self.own.push(Scripted { at, action });
        self.head.act(action);
        self.scout = None;
        self.since_copy = 0;
        self.copies.push(self.head.checkpoint());
    }

    /// A new branch that leaves this one at the playhead. `scripted` is what the scenario holds; it goes on to happen
    /// until `script_until`. What the reader did later is not done in it.
    #[must_use]
    pub fn fork(&self, me: usize, scripted: &[Scripted], script_until: Option<SimTime>) -> Self {
        let now = self.head.now();
        let mut head = self.head.checkpoint();
        let mut script = head.script()[..head.performed()].to_vec();
        let happens =
            |line: &&Scripted| line.at > now && script_until.is_none_or(|until| line.at <= until);
        script.extend(scripted.iter().filter(happens).cloned());
        head.set_script(Rc::new(script));
        let own = self.own.iter().filter(|s| s.at <= now).cloned().collect();
        let mut copies: Vec<RecordedRun> = self
            .copies
            .iter()
            .filter(|copy| copy.now() <= now)
            .map(|copy| copy.checkpoint())
            .collect();
        copies.push(head.checkpoint());
        let fork = Self { copies, ..Self::new(head, Some((me, now)), own) };
        fork.with_script_until(script_until)
    }
}
