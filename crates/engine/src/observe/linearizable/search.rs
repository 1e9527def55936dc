//! The search for an order: depth first, with everything undone on the way back.
//!
//! Calls are passed at once, answers as soon as their operation has a place. At an answer without
//! one, every completion begins with some open operation, so these are tried in turn.

use super::counts::{Count, Counts};
use super::frame::Frame;
use super::open::{Furthest, Rings};
use super::plan::{NONE, Op, Plan, What, number_of};
use super::seen::Seen;
use super::{Bounds, Limit, Texts};

/// How a search ended.
#[derive(Debug)]
pub enum Found {
    /// An order of everything that was answered.
    Order(Vec<u32>),
    /// There is none. An order of what was answered before the furthest event that was reached,
    /// and how much that is.
    Nothing { furthest: Vec<u32>, answered: usize },
    /// The bounds were reached.
    GaveUp(Limit),
}

/// What is undone on the way back; the operation is in the upper bits.
const OPENED: u32 = 0;
const PASSED: u32 = 1;
const PLACED: u32 = 2;

/// A search.
pub struct Search<'a> {
    plan: &'a Plan,
    texts: &'a mut dyn Texts,
    bounds: Bounds,
    steps: u64,
    at: usize,
    state: u32,
    /// Nobody has seen the state, and what made it may just as well not have happened.
    unseen: bool,
    placed: Vec<bool>,
    bits: Vec<u64>,
    counts: Counts,
    writes_placed: u32,
    open: Rings,
    order: Vec<u32>,
    states: Vec<(u32, bool)>,
    trail: Vec<u32>,
    frames: Vec<Frame>,
    seen: Seen,
    furthest: Furthest,
    configuration: Vec<u64>,
}

impl<'a> Search<'a> {
    /// At the beginning.
    pub fn new(plan: &'a Plan, texts: &'a mut dyn Texts, bounds: Bounds) -> Self {
        let count = plan.ops.len();
        Self {
            plan,
            texts,
            bounds,
            steps: 0,
            at: 0,
            state: plan.initial,
            unseen: false,
            placed: vec![false; count],
            bits: vec![0; plan.words],
            counts: Counts::new(plan),
            writes_placed: 0,
            open: Rings::new(count),
            order: Vec::new(),
            states: Vec::new(),
            trail: Vec::new(),
            frames: Vec::new(),
            seen: Seen::new(1 + plan.known_words, 1 + plan.words, bounds.memory_bytes),
            furthest: Furthest::default(),
            configuration: Vec::new(),
        }
    }

    /// Steps so far.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Searches to the end.
    pub fn run(&mut self) -> Found {
        if self.counts.is_hopeless(self.state) {
            return Found::Nothing { furthest: Vec::new(), answered: 0 };
        }
        loop {
            let Some(answered) = self.pass() else {
                return Found::Order(self.sources(&self.order));
            };
            if self.at > self.furthest.at || self.frames.is_empty() {
                self.furthest.note(self.at, &self.order);
            }
            if self.may_lead_on(answered) && !self.has_failed_before() {
                self.frames.push(Frame::new(self.trail.len(), answered));
            }
            if self.steps > self.bounds.steps {
                let limit = if self.seen.full { Limit::Memory } else { Limit::Steps };
                return Found::GaveUp(limit);
            }
            if self.texts.heap_bytes() as u64 > self.bounds.memory_bytes {
                return Found::GaveUp(Limit::Memory);
            }
            if !self.try_next() {
                let furthest = self.sources(&self.furthest.order);
                let before = &self.plan.events[..self.furthest.at];
                let answered = before.iter().filter(|event| *event & 1 == 1).count();
                return Found::Nothing { furthest, answered };
            }
        }
    }

    fn sources(&self, order: &[u32]) -> Vec<u32> {
        order.iter().map(|id| self.plan.ops[*id as usize].source).collect()
    }

    /// Passes events up to the first answer whose operation has no place; `None`: to the end.
    fn pass(&mut self) -> Option<u32> {
        while let Some(&event) = self.plan.events.get(self.at) {
            let id = event >> 1;
            if event & 1 == 0 {
                self.open(id);
            } else if self.placed[id as usize] {
                self.flip(id);
                self.trail.push(id << 2 | PASSED);
            } else {
                return Some(id);
            }
            self.at += 1;
            self.steps += 1;
        }
        None
    }

    fn op(&self, id: u32) -> &'a Op {
        &self.plan.ops[id as usize]
    }

    fn open(&mut self, id: u32) {
        let op = self.op(id);
        self.open.push(self.head(op), id);
        self.counts.opened(op);
        self.trail.push(id << 2 | OPENED);
        if op.is_pure() && self.is_right(op) {
            self.place(id, self.state);
            self.unseen = false;
        }
    }

    fn head(&self, op: &Op) -> u32 {
        number_of(self.plan.ops.len()) + if op.is_pure() { 2 } else { u32::from(op.known) }
    }

    fn flip(&mut self, id: u32) {
        let bit = self.op(id).bit;
        self.bits[(bit / 64) as usize] ^= 1 << (bit % 64);
    }

    /// Whether it is possible in this state.
    fn is_right(&self, op: &Op) -> bool {
        match op.what {
            What::Read | What::Swap => op.need == self.state,
            What::Refused => op.need != self.state,
            What::Write | What::Append => true,
        }
    }

    /// Gives it the next place in the order.
    fn place(&mut self, id: u32, state: u32) {
        let op = self.op(id);
        self.states.push((self.state, self.unseen));
        self.trail.push(id << 2 | PLACED);
        self.open.take(id);
        self.flip(id);
        self.placed[id as usize] = true;
        self.counts.placed(op);
        self.writes_placed += u32::from(op.what == What::Write);
        self.order.push(id);
        self.state = state;
        self.steps += 1;
    }

    /// Takes everything back since the trail was `mark` long.
    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            let Some(done) = self.trail.pop() else { return };
            let id = done >> 2;
            match done & 3 {
                PLACED => self.unplace(id),
                PASSED => {
                    self.at -= 1;
                    self.flip(id);
                }
                _ => {
                    self.at -= 1;
                    self.open.take(id);
                    self.counts.closed(self.op(id));
                }
            }
        }
    }

    fn unplace(&mut self, id: u32) {
        let op = self.op(id);
        self.order.pop();
        self.furthest.shrink(self.order.len());
        (self.state, self.unseen) = self.states.pop().unwrap_or_default();
        self.writes_placed -= u32::from(op.what == What::Write);
        self.counts.freed(op);
        self.placed[id as usize] = false;
        self.flip(id);
        self.open.put_back(id);
    }

    /// `false` only if `answered` cannot get a place before its answer.
    fn may_lead_on(&self, answered: u32) -> bool {
        let op = self.op(answered);
        match op.what {
            What::Read | What::Swap if op.need != self.state => {
                self.counts.of(op.need).is_none_or(|count| count.open_makers > 0)
            }
            _ => true,
        }
    }

    fn has_failed_before(&mut self) -> bool {
        let mut configuration = core::mem::take(&mut self.configuration);
        configuration.clear();
        configuration.push((self.at as u64) << 32 | u64::from(self.state));
        configuration.extend_from_slice(&self.bits);
        let failed = self.seen.has_or_add(&configuration, &mut self.steps);
        self.configuration = configuration;
        failed
    }

    /// Places the next operation that can come first; `false`: all have failed.
    fn try_next(&mut self) -> bool {
        while let Some(mut frame) = self.frames.pop() {
            self.undo(frame.mark);
            while let Some(id) = frame.next(self.plan, &self.open) {
                self.steps += 1;
                if let Some(state) = self.outcome(id) {
                    self.frames.push(frame);
                    self.take(id, state);
                    return true;
                }
            }
        }
        false
    }

    /// The state after it; `None` if it is impossible here or need not be tried.
    fn outcome(&mut self, id: u32) -> Option<u32> {
        let op = self.op(id);
        if !self.is_right(op) || op.before != NONE && !self.placed[op.before as usize] {
            return None;
        }
        // What nobody saw and now is hidden may be left out.
        if self.unseen && op.what == What::Write {
            return None;
        }
        if op.what == What::Append {
            let text = self.texts.join(u64::from(self.state), u64::from(op.make));
            let goal = self.goal();
            let leads = goal.is_none_or(|goal| self.texts.may_become(text, u64::from(goal)));
            return u32::try_from(text).ok().filter(|_| leads);
        }
        if op.make == self.state {
            return op.known.then_some(op.make);
        }
        // A compare-and-set is one of those that must see the state that it leaves.
        let itself = u32::from(op.known && op.what == What::Swap);
        if self.counts.of(self.state).is_some_and(|left| left.must > itself && left.makers == 0) {
            return None;
        }
        let made = self.counts.of(op.make);
        let useless = made.is_some_and(|made| made.must + made.swaps == 0);
        if !op.known && useless && self.counts.refused == 0 {
            return None;
        }
        Some(op.make)
    }

    /// The text that must be read next, if nothing can be written anew before.
    fn goal(&self) -> Option<u32> {
        let first = *self.plan.goal_at.get(self.at)? as usize;
        let goals = self.plan.goals.get(first..)?;
        let goal = goals.iter().find(|goal| !self.placed[goal.op as usize])?;
        (goal.writes == self.writes_placed).then(|| self.op(goal.op).need)
    }

    /// Places an operation that changes the state, and all that is right then.
    fn take(&mut self, id: u32, state: u32) {
        let op = self.op(id);
        if op.what == What::Write && self.plan.values > 0 && self.counts.refused == 0 {
            self.place_hidden(id);
        }
        self.place(id, state);
        self.unseen = !op.known;
        self.settle();
    }

    /// Places what changes nothing and is right in this state.
    fn settle(&mut self) {
        let head = number_of(self.plan.ops.len()) + 2;
        let mut at = self.open.after(head);
        while at != head {
            let after = self.open.after(at);
            if self.is_right(self.op(at)) {
                self.place(at, self.state);
                self.unseen = false;
            }
            at = after;
        }
    }

    /// Before `cover` hides the state, places every write that nobody can see later: it alone makes
    /// its value, and all that must see the value are open reads. Wherever an order has it with its
    /// readers, they stand together and the next write hides them, so they may as well stand here.
    fn place_hidden(&mut self, cover: u32) {
        let heads = number_of(self.plan.ops.len());
        for head in [heads + 1, heads] {
            let mut at = self.open.after(head);
            while at != head {
                let after = self.open.after(at);
                let op = self.op(at);
                let hidden = |count: &Count| {
                    let alone = count.makers == 1 && count.swaps == 0;
                    alone && count.must == count.open_reads && (op.known || count.must > 0)
                };
                let hides = op.what == What::Write && at != cover && op.make != self.state;
                if hides && self.counts.of(op.make).is_some_and(hidden) {
                    self.place(at, op.make);
                    self.settle();
                }
                at = after;
            }
        }
    }
}
