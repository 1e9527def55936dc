//! The archive of records: what stands before what in a log, and what had seen what among versions.

use std::collections::BTreeMap;

use super::plain::{End, History, Operation, Rule, Written};

/// The archive with what makes questions cheap.
pub struct Archive<'a> {
    pub written: &'a [Written],
    pub rule: Rule,
    // How many records stand before it in its log; and an ancestor far back (Myers, *An applicative
    // random-access stack*, 1983).
    depth: Vec<u32>,
    jump: Vec<Option<usize>>,
    by_operation: BTreeMap<u32, Vec<usize>>,
    by_position: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Archive<'a> {
    pub fn of(end: &'a End) -> Self {
        let mut archive = Self {
            written: &end.archive,
            rule: end.rule,
            depth: Vec::new(),
            jump: Vec::new(),
            by_operation: BTreeMap::new(),
            by_position: BTreeMap::new(),
        };
        for (at, written) in end.archive.iter().enumerate() {
            if let Some(operation) = written.operation {
                archive.by_operation.entry(operation).or_default().push(at);
            }
            archive.by_position.entry(written.position).or_default().push(at);
            let (depth, jump) = written.parent.map_or((0, None), |parent| archive.behind(parent));
            archive.depth.push(depth);
            archive.jump.push(jump);
        }
        archive
    }

    fn behind(&self, parent: usize) -> (u32, Option<usize>) {
        let depth = |at: usize| self.depth[at];
        let far = self.jump[parent].and_then(|jump| Some((jump, self.jump[jump]?)));
        let jump = match far {
            Some((jump, further))
                if depth(parent) - depth(jump) == depth(jump) - depth(further) =>
            {
                further
            }
            _ => parent,
        };
        (depth(parent) + 1, Some(jump))
    }

    /// Whether `before` is `at` or stands before it in the log in which `at` was written.
    pub fn leads_to(&self, before: usize, at: usize) -> bool {
        let mut at = at;
        while self.depth[at] > self.depth[before] {
            at = match (self.jump[at], self.written[at].parent) {
                (Some(jump), _) if self.depth[jump] >= self.depth[before] => jump,
                (_, Some(parent)) => parent,
                _ => return false,
            };
        }
        at == before
    }

    /// Two nodes wrote in one epoch, each to a log of its own.
    pub fn shares_an_epoch(&self) -> bool {
        let mut last: BTreeMap<u32, usize> = BTreeMap::new();
        let log = self.rule == Rule::Log;
        self.written.iter().enumerate().filter(|_| log).any(|(at, written)| {
            let before = last.insert(written.epoch, at);
            before.is_some_and(|before| !self.leads_to(before, at))
        })
    }

    pub fn depth(&self, at: usize) -> u32 {
        self.depth[at]
    }

    /// The records of an operation.
    pub fn records(&self, operation: u32) -> &[usize] {
        self.by_operation.get(&operation).map_or(&[], Vec::as_slice)
    }

    /// What may be the end of a log with which a leader began its epoch: the record before its first
    /// one, or any at that position.
    pub fn begun_with(&self, position: u32, epoch: u32) -> Vec<usize> {
        let at = |position: u32| self.by_position.get(&position).map_or(&[][..], Vec::as_slice);
        let own = |at: &&usize| self.written[**at].epoch == epoch;
        let first: Vec<usize> = at(position + 1).iter().filter(own).copied().collect();
        match first[..] {
            [first] => self.written[first].parent.into_iter().collect(),
            _ => {
                let past = |at: &&usize| self.written[**at].epoch <= epoch;
                at(position).iter().filter(past).copied().collect()
            }
        }
    }

    /// Operations with their records.
    pub fn operations(&self) -> impl Iterator<Item = (u32, &[usize])> {
        self.by_operation.iter().map(|(operation, records)| (*operation, records.as_slice()))
    }

    /// Whether one of an operation's records stands in the log that ends with `end`.
    pub fn stands(&self, operation: u32, end: Option<usize>) -> bool {
        end.is_some_and(|end| self.records(operation).iter().any(|at| self.leads_to(*at, end)))
    }

    /// Records that an acknowledged write may be: those at the position that its client was told.
    pub fn told(&self, write: &Operation) -> Vec<usize> {
        if self.rule != Rule::Log {
            return self.records(write.number).to_vec();
        }
        let at = |record: &&usize| self.written[**record].position == write.position;
        let all: Vec<usize> = self.records(write.number).iter().filter(at).copied().collect();
        // Of several, that of the epoch in which it was told.
        let own = |record: &&usize| self.written[**record].epoch == write.epoch;
        let own: Vec<usize> = all.iter().filter(own).copied().collect();
        if own.is_empty() { all } else { own }
    }

    /// What an answered read may have shown; `None`: the key as it is before it is ever written.
    pub fn shown(&self, read: &Operation) -> Option<Vec<usize>> {
        if read.position == 0 {
            return None;
        }
        if self.rule != Rule::Log {
            let at = read.position as usize - 1;
            let joins = self.written.get(at).map_or(&[][..], |written| &written.joins);
            return Some(if joins.is_empty() { vec![at] } else { joins.to_vec() });
        }
        let fits = |at: &&usize| {
            let written = &self.written[**at];
            let moves = written.to.is_some_and(|to| to == read.key || written.key == read.key);
            moves || (written.key == read.key && written.value == read.value.unwrap_or(0))
        };
        let all = self.by_position.get(&read.position).map_or(&[][..], Vec::as_slice);
        let all: Vec<usize> = all.iter().filter(fits).copied().collect();
        // A node shows nothing of an epoch that is still to come.
        let past = |at: &&usize| self.written[**at].epoch <= read.epoch;
        let past: Vec<usize> = all.iter().filter(past).copied().collect();
        Some(if past.is_empty() { all } else { past })
    }
}

/// Whether what a read showed is older than a write (with these records) of its key.
pub struct Older<'a> {
    archive: &'a Archive<'a>,
    history: &'a History,
    // When a node first had a request for a write.
    taken: BTreeMap<u32, u32>,
}

impl<'a> Older<'a> {
    pub fn of(archive: &'a Archive<'a>, history: &'a History) -> Self {
        let mut taken = BTreeMap::new();
        for mark in history.marks.iter().filter(|mark| mark.what == "taken") {
            taken.entry(mark.operation).or_insert(mark.at.line);
        }
        Self { archive, history, taken }
    }

    pub fn follows_a_log(&self) -> bool {
        self.archive.rule == Rule::Log
    }

    /// `shown`: what the read may have shown; `write`: the records of the write.
    pub fn than(&self, read: &Operation, shown: Option<&[usize]>, write: &[usize]) -> bool {
        if self.archive.rule == Rule::Log {
            self.in_log(shown, write)
        } else {
            self.in_versions(read, shown, write)
        }
    }

    fn in_log(&self, shown: Option<&[usize]>, write: &[usize]) -> bool {
        let Some(shown) = shown else { return !write.is_empty() };
        let older = |shown: &usize, write: &usize| {
            let stands = shown != write && self.archive.leads_to(*shown, *write);
            stands || self.ended_before(*shown, *write)
        };
        !write.is_empty()
            && !shown.is_empty()
            && shown.iter().all(|shown| write.iter().all(|write| older(shown, write)))
    }

    /// The operation of one record had ended before that of the other began.
    fn ended_before(&self, one: usize, other: usize) -> bool {
        let operation =
            |at: usize| self.history.operations.get(&self.archive.written[at].operation?);
        let (Some(one), Some(other)) = (operation(one), operation(other)) else { return false };
        one.ending == super::plain::Ending::Ok && one.before(other)
    }

    fn in_versions(&self, read: &Operation, shown: Option<&[usize]>, write: &[usize]) -> bool {
        let archive = self.archive;
        let version = |at: usize| archive.written[at].version.as_ref();
        let gone: Vec<usize> = match shown {
            Some(_) => Vec::new(),
            None => self.deletions_until(read),
        };
        let shown: Vec<usize> = shown.map_or(gone, <[usize]>::to_vec);
        let saw = |at: usize, write: usize| {
            let (Some(a), Some(b)) = (version(at), version(write)) else { return false };
            at == write || a.dot == b.dot || a.saw(b.dot)
        };
        if write.iter().any(|write| shown.iter().any(|at| saw(*at, *write))) {
            return false;
        }
        if archive.rule != Rule::LastWins {
            return !write.is_empty();
        }
        let rank = |at: &usize| version(*at).map(super::plain::Version::rank);
        let latest = shown.iter().filter_map(rank).max();
        !write.is_empty() && write.iter().all(|write| rank(write) > latest)
    }

    /// Deletions of the key that were made until the read was answered.
    fn deletions_until(&self, read: &Operation) -> Vec<usize> {
        let made = |at: &usize| {
            let written = &self.archive.written[*at];
            let deletes = written.version.as_ref().is_some_and(|version| version.deleted);
            let operation = written.operation.and_then(|op| self.history.operations.get(&op));
            let taken = operation.and_then(|op| self.taken.get(&op.number));
            deletes && written.key == read.key && taken.is_some_and(|line| *line < read.ended.line)
        };
        (0..self.archive.written.len()).filter(made).collect()
    }
}
