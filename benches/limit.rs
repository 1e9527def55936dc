//! The limit program: the reference work RW1 in plain Rust, without a trace, audits, faults, disks
//! or clients. What a general engine could reach at best with the same plain tools; the engine's
//! speed is stated as a ratio to it, measured in the same run.
//!
//! It knows nothing of the engine: two programs that share code would share their mistakes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

const BASE_US: u64 = 200;
const MEAN_US: f64 = 1_000.0;
const WRITES_PER_US: f64 = 1_000.0 / 1e6;
const HEARTBEAT_US: u64 = 50_000;
const SILENCE_US: (u64, u64) = (150_000, 300_000);
const VALUE_BYTES: usize = 64;

type Value = [u8; VALUE_BYTES];

/// What happened in a run of the limit program.
#[derive(Clone, Copy, Default, Debug)]
pub struct Outcome {
    /// Arrivals, deliveries and timers that fired.
    pub events: u64,
    /// Writes committed.
    pub commits: u64,
    /// Mean time from arrival to commit, in milliseconds.
    pub mean_commit_ms: f64,
}

#[derive(Clone, Copy)]
enum Event {
    Arrival,
    Append { to: usize, position: usize, value: Value, commit: usize },
    Confirm { from: usize, prefix: usize },
    Heartbeat,
    Beat { to: usize },
    Silence { node: usize, armed: u64 },
}

struct Entry(u64, u64, Event);

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

struct SplitMix64(u64);

impl SplitMix64 {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn exponential(&mut self, mean: f64) -> u64 {
        let unit = ((self.bits() >> 11) + 1) as f64 / 9_007_199_254_740_992.0;
        (-mean * libm::log(unit)) as u64
    }

    fn delay(&mut self) -> u64 {
        BASE_US + self.exponential(MEAN_US)
    }

    fn between(&mut self, (low, high): (u64, u64)) -> u64 {
        low + self.bits() % (high - low)
    }
}

#[derive(Default)]
struct Follower {
    log: Vec<Option<Value>>,
    prefix: usize,
    commit: usize,
    silence: u64,
}

struct Program {
    now: u64,
    sequence: u64,
    heap: BinaryHeap<Reverse<Entry>>,
    random: SplitMix64,
    log: Vec<Value>,
    arrived: Vec<u64>,
    confirmed: Vec<usize>,
    commit: usize,
    waited: u64,
    followers: Vec<Follower>,
}

/// Runs RW1 with this many nodes for `until_us` simulated microseconds.
pub fn run(nodes: usize, until_us: u64, seed: u64) -> Outcome {
    let mut program = Program {
        now: 0,
        sequence: 0,
        heap: BinaryHeap::new(),
        random: SplitMix64(seed),
        log: Vec::new(),
        arrived: Vec::new(),
        confirmed: vec![0; nodes - 1],
        commit: 0,
        waited: 0,
        followers: (1..nodes).map(|_| Follower::default()).collect(),
    };
    program.at(0, Event::Heartbeat);
    program.at(0, Event::Arrival);
    (0..nodes - 1).for_each(|node| program.arm(node));
    let mut events = 0;
    while let Some(Reverse(Entry(at, _, event))) = program.heap.pop() {
        if at > until_us {
            break;
        }
        program.now = at;
        events += u64::from(program.handle(event));
    }
    let commits = program.commit as u64;
    let mean_commit_ms = program.waited as f64 / commits.max(1) as f64 / 1_000.0;
    Outcome { events, commits, mean_commit_ms }
}

impl Program {
    fn at(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        self.heap.push(Reverse(Entry(at, self.sequence, event)));
    }

    fn later(&mut self, event: Event) {
        let at = self.now + self.random.delay();
        self.at(at, event);
    }

    fn arm(&mut self, node: usize) {
        let at = self.now + self.random.between(SILENCE_US);
        self.followers[node].silence = at;
        self.at(at, Event::Silence { node, armed: at });
    }

    /// Says whether the event counts: an outdated timer does not.
    fn handle(&mut self, event: Event) -> bool {
        match event {
            Event::Arrival => self.write(),
            Event::Append { to, position, value, commit } => {
                self.store(to, position, value, commit)
            }
            Event::Confirm { from, prefix } => self.confirm(from, prefix),
            Event::Heartbeat => {
                (0..self.followers.len()).for_each(|to| self.later(Event::Beat { to }));
                self.at(self.now + HEARTBEAT_US, Event::Heartbeat);
            }
            Event::Beat { to } => self.arm(to),
            Event::Silence { node, armed } => return self.followers[node].silence == armed,
        }
        true
    }

    fn write(&mut self) {
        let mut value = [0; VALUE_BYTES];
        value[..8].copy_from_slice(&(self.log.len() as u64).to_le_bytes());
        self.log.push(value);
        self.arrived.push(self.now);
        let (position, commit) = (self.log.len(), self.commit);
        for to in 0..self.followers.len() {
            self.later(Event::Append { to, position, value, commit });
        }
        let next = self.now + self.random.exponential(1.0 / WRITES_PER_US);
        self.at(next, Event::Arrival);
    }

    fn store(&mut self, to: usize, position: usize, value: Value, commit: usize) {
        let follower = &mut self.followers[to];
        if follower.log.len() < position {
            follower.log.resize(position, None);
        }
        follower.log[position - 1] = Some(value);
        while follower.log.get(follower.prefix).is_some_and(Option::is_some) {
            follower.prefix += 1;
        }
        follower.commit = follower.commit.max(commit.min(follower.prefix));
        let prefix = follower.prefix;
        self.later(Event::Confirm { from: to, prefix });
    }

    fn confirm(&mut self, from: usize, prefix: usize) {
        self.confirmed[from] = self.confirmed[from].max(prefix);
        while self.commit < self.confirmed[from] {
            self.waited += self.now - self.arrived[self.commit];
            self.commit += 1;
        }
    }
}
