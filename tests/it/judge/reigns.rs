//! Where one log is followed: which acknowledged writes the logs of those who led ever lacked, from the
//! marks that tell who began and who ceased to lead.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::archive::Archive;
use super::plain::{History, Mark, Operation};

/// What became of acknowledged writes in the logs of those who led.
pub enum Way {
    Kept,
    Lost(String),
    /// Only a leader lacked one of which the history does not tell whether it was the current one, or
    /// what its log held.
    Unclear(&'static str),
}

const REPLACED: &str = "only a leader that had been replaced lacks it, and perhaps took no writes";
const TWO_LOGS: &str = "two leaders of one epoch began at one position, and one of them lacks it";

/// A leader since it began to lead.
struct Reign<'a> {
    whom: &'a str,
    epoch: u32,
    // What may have been the end of its log when it began.
    begun: Vec<usize>,
    // What may be the last record that it wrote in its epoch.
    ends: Vec<usize>,
}

impl<'a> Reign<'a> {
    fn of(archive: &Archive<'_>, whom: &'a str, epoch: u32, position: u32) -> Self {
        let firsts = archive.firsts_of(position, epoch);
        let ends = firsts.iter().flat_map(|first| archive.lasts_of(*first)).collect();
        Self { whom, epoch, begun: archive.begun_with(position, epoch), ends }
    }

    /// The current leader is that of the highest epoch, of several the first.
    fn rank(&self) -> (u32, Reverse<u32>) {
        let number = self.whom.trim_start_matches('n').parse().unwrap_or(0);
        (self.epoch, Reverse(number))
    }
}

/// The leaders that run, by what the marks say until a line.
struct Leaders<'a> {
    archive: &'a Archive<'a>,
    reigns: Vec<Reign<'a>>,
    highest: u32,
    // Since when a node has a request for a write.
    taken: BTreeMap<(u32, &'a str), u32>,
    unclear: Option<&'static str>,
}

/// A write that is missing, at some moment, in the log of the leader of the highest epoch that runs.
/// `row`: the epoch says nothing about who is first, so only who begins to lead is looked at.
pub fn lost_on_the_way(history: &History, archive: &Archive<'_>, row: bool) -> Way {
    let told = history.operations.values().filter(|operation| operation.acknowledged());
    let mut told: Vec<&Operation> = told.collect();
    told.sort_unstable_by_key(|operation| operation.ended.line);
    let mut leaders = Leaders::of(history, archive, row);
    let mut until = 0;
    // One of an older epoch is the only one left, since when: it counts once time has passed.
    let mut left: Option<(_, u64)> = None;
    for mark in &history.marks {
        if let Some((rank, since)) = left.filter(|(_, since)| *since < mark.at.time) {
            left = None;
            let stays = leaders.current().is_some_and(|reign| reign.rank() == rank);
            let told = told.iter().take_while(|write| write.ended.line < mark.at.line);
            let told: Vec<&Operation> = told.filter(|w| w.ended.time <= since).copied().collect();
            if let Some(lost) = stays.then(|| leaders.lack(&told, mark.at.line)).flatten() {
                return Way::Lost(lost);
            }
        }
        while let Some(write) = told.get(until).filter(|write| write.ended.line < mark.at.line) {
            until += 1;
            let waits = left.is_some_and(|(_, since)| write.ended.time <= since);
            if let Some(lost) = leaders.lack(&[*write], write.ended.line).filter(|_| !row && !waits)
            {
                return Way::Lost(lost);
            }
        }
        let before = leaders.current().map(Reign::rank);
        if !leaders.heed(mark) {
            continue;
        }
        let now = leaders.current().map(Reign::rank);
        let older = leaders.current().is_some_and(|reign| reign.epoch < leaders.highest);
        if older && !row && before != now {
            left = now.map(|rank| (rank, mark.at.time));
            continue;
        }
        let its = |reign: &Reign<'_>| (reign.whom, reign.epoch) == (mark.whom.as_str(), mark.epoch);
        let begins = mark.what == "leads" && leaders.current().is_some_and(its);
        let lost = match (begins, row || before == now) {
            (true, _) => leaders.begin_without(&told[..until]),
            (false, true) => None,
            (false, false) => leaders.lack(&told[..until], mark.at.line),
        };
        if let Some(lost) = lost {
            return Way::Lost(lost);
        }
    }
    leaders.unclear.map_or(Way::Kept, Way::Unclear)
}

impl<'a> Leaders<'a> {
    /// The first leader leads epoch 1 without a word; it may never write.
    fn of(history: &'a History, archive: &'a Archive<'a>, row: bool) -> Self {
        let first = archive.written.first().filter(|_| !row);
        let reigns: Vec<Reign<'_>> =
            first.map(|_| Reign::of(archive, "n1", 1, 0)).into_iter().collect();
        let highest = reigns.first().map_or(0, |reign| reign.epoch);
        let mut taken = BTreeMap::new();
        for mark in history.marks.iter().filter(|mark| mark.what == "taken") {
            taken.entry((mark.operation, mark.whom.as_str())).or_insert(mark.at.line);
        }
        Self { archive, reigns, highest, taken, unclear: None }
    }

    fn current(&self) -> Option<&Reign<'a>> {
        self.reigns.iter().max_by_key(|reign| reign.rank())
    }

    /// Whether a mark is about who leads.
    fn heed(&mut self, mark: &'a Mark) -> bool {
        match mark.what.as_str() {
            "leads" => {
                self.reigns.retain(|reign| reign.whom != mark.whom);
                self.highest = self.highest.max(mark.epoch);
                let reign = Reign::of(self.archive, &mark.whom, mark.epoch, mark.position);
                self.reigns.push(reign);
                true
            }
            "steps-down" | "crash" | "power-off" => {
                self.reigns.retain(|reign| reign.whom != mark.whom);
                true
            }
            _ => false,
        }
    }

    /// A write that the current leader lacked when it began.
    fn begin_without(&mut self, told: &[&Operation]) -> Option<String> {
        let reign = self.current()?;
        let has = |write: &&&Operation| {
            reign.begun.iter().any(|end| self.archive.stands(write.number, Some(*end)))
        };
        let write = told.iter().find(|write| !has(write))?;
        let (whom, epoch, number) = (reign.whom, reign.epoch, write.number);
        self.certainly(epoch, format!("{whom} leads in epoch {epoch} without write {number}"))
    }

    /// A write that the current leader's log lacks at a line.
    fn lack(&mut self, told: &[&Operation], line: u32) -> Option<String> {
        let reign = self.current()?;
        let (whom, epoch) = (reign.whom, reign.epoch);
        for write in told {
            match self.has(self.current()?, write, line) {
                Some(true) => {}
                None => self.unclear = self.unclear.or(Some(TWO_LOGS)),
                Some(false) => {
                    let number = write.number;
                    return self.certainly(epoch, format!("{whom}'s log lacks write {number}"));
                }
            }
        }
        None
    }

    /// One that had been replaced is no leader if it takes no writes.
    fn certainly(&mut self, epoch: u32, lost: String) -> Option<String> {
        if epoch < self.highest {
            self.unclear = Some(REPLACED);
            return None;
        }
        Some(lost)
    }

    /// Whether a leader's log had the write at a line; `None`: it may be either of two logs.
    fn has(&self, reign: &Reign<'_>, write: &Operation, line: u32) -> Option<bool> {
        let Reign { whom, epoch, begun, ends } = reign;
        if ends.is_empty() {
            let stands = |end: &usize| self.archive.stands(write.number, Some(*end));
            return Some(begun.is_empty() || begun.iter().any(stands));
        }
        let asked = self.taken.get(&(write.number, *whom)).is_some_and(|taken| *taken < line);
        let mut answers = ends.iter().map(|end| {
            self.archive.records(write.number).iter().any(|at| {
                let own = self.archive.written[*at].epoch == *epoch;
                self.archive.leads_to(*at, *end) && (asked || !own)
            })
        });
        let first = answers.next()?;
        answers.all(|answer| answer == first).then_some(first)
    }
}
