//! The archive of records: what stands before what in a log, and whose writer had been given what among
//! versions.

use std::collections::{BTreeMap, BTreeSet};

use super::plain::{End, Ending, History, Operation, Rule, Version, Written};

/// The archive with what makes questions cheap.
pub struct Archive<'a> {
    pub written: &'a [Written],
    pub rule: Rule,
    // How many records stand before it in its log; and an ancestor far back (Myers, *An applicative
    // random-access stack*, 1983).
    depth: Vec<u32>,
    jump: Vec<Option<usize>>,
    // The first record with the same content behind the same log: two leaders of one epoch that do not
    // know of each other may write the same mark.
    same: Vec<usize>,
    by_operation: BTreeMap<u32, Vec<usize>>,
    by_position: BTreeMap<u32, Vec<usize>>,
    given: Given,
}

/// What the writers of versions had been given.
#[derive(Default)]
struct Given {
    // In which line of the history a version was made.
    made: BTreeMap<usize, u32>,
    // What its writer was given at once.
    at_once: BTreeMap<usize, BTreeSet<usize>>,
    // A bit for each record: all that whoever is given this one was given, itself as well.
    all: Vec<Vec<u64>>,
}

impl Given {
    fn of(history: &History, end: &End) -> Self {
        let mut given = Self::default();
        if end.rule == Rule::Log {
            return given;
        }
        for mark in history.marks.iter().filter(|mark| mark.what == "made") {
            let index = |number: &u32| (*number as usize).checked_sub(1);
            let Some(at) = index(&mark.position) else { continue };
            given.made.insert(at, mark.at.line);
            given.at_once.insert(at, mark.given.iter().filter_map(index).collect());
        }
        for (at, written) in end.archive.iter().enumerate() {
            let mut bits = vec![0_u64; at / 64 + 1];
            bits[at / 64] |= 1 << (at % 64);
            let at_once = given.at_once.get(&at).into_iter().flatten();
            for before in at_once.chain(&written.joins).filter(|before| **before < at) {
                given.all[*before].iter().zip(&mut bits).for_each(|(one, all)| *all |= one);
            }
            given.all.push(bits);
        }
        given
    }
}

impl<'a> Archive<'a> {
    pub fn of(history: &History, end: &'a End) -> Self {
        let mut archive = Self {
            written: &end.archive,
            rule: end.rule,
            depth: Vec::new(),
            jump: Vec::new(),
            same: Vec::new(),
            by_operation: BTreeMap::new(),
            by_position: BTreeMap::new(),
            given: Given::of(history, end),
        };
        let mut contents = BTreeMap::new();
        for (at, written) in end.archive.iter().enumerate() {
            let parent = written.parent.map(|parent| archive.same[parent]);
            let content =
                (parent, written.position, written.epoch, written.operation, written.value);
            let first = *contents.entry(content).or_insert(at);
            archive.same.push(if end.rule == Rule::Log { first } else { at });
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
        self.same[at] == self.same[before]
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

    /// The first records that a leader may have written whose log ended there when its epoch began.
    pub fn firsts_of(&self, position: u32, epoch: u32) -> Vec<usize> {
        let at = self.by_position.get(&(position + 1)).map_or(&[][..], Vec::as_slice);
        at.iter().filter(|at| self.written[**at].epoch == epoch).copied().collect()
    }

    /// The last records that were written behind this one in its epoch: several if a log was cut and
    /// written on.
    pub fn lasts_of(&self, first: usize) -> Vec<usize> {
        let epoch = self.written[first].epoch;
        let own = |at: &usize| self.written[*at].epoch == epoch && self.leads_to(first, *at);
        let all: Vec<usize> = (first..self.written.len()).filter(own).collect();
        let parents: BTreeSet<usize> =
            all.iter().filter_map(|at| self.written[*at].parent).collect();
        all.into_iter().filter(|at| !parents.contains(at)).collect()
    }

    /// What may be the end of a log with which a leader began its epoch: the record before its first
    /// one, or any at that position.
    pub fn begun_with(&self, position: u32, epoch: u32) -> Vec<usize> {
        let at = |position: u32| self.by_position.get(&position).map_or(&[][..], Vec::as_slice);
        match self.firsts_of(position, epoch)[..] {
            [first] => self.written[first].parent.into_iter().collect(),
            _ => {
                let past = |at: &&usize| self.written[**at].epoch <= epoch;
                at(position).iter().filter(past).copied().collect()
            }
        }
    }

    /// Whether somebody who is given a version was given another: it is that one, or the writer of it, or
    /// of one that it had been given, had been given that one.
    pub fn gives(&self, at: usize, wanted: usize) -> bool {
        let word = self.given.all.get(at).and_then(|bits| bits.get(wanted / 64));
        word.is_some_and(|word| word >> (wanted % 64) & 1 == 1)
    }

    /// Whether the writer of `later` had been given this very version.
    pub fn saw_itself(&self, later: usize, earlier: usize) -> bool {
        later != earlier && self.gives(later, earlier)
    }

    /// The same, where retries with an idempotency key, made of the same, are one.
    pub fn saw(&self, later: usize, earlier: usize) -> bool {
        let operation = self.written[earlier].operation;
        let all = operation.map_or(&[][..], |operation| self.records(operation));
        let mut one = all.iter().filter(|at| self.are_one(**at, earlier));
        self.saw_itself(later, earlier) || one.any(|at| self.saw_itself(later, *at))
    }

    /// Whether two versions of one operation are one: retries with an idempotency key, made of the same.
    pub fn are_one(&self, one: usize, other: usize) -> bool {
        let numbered = self.written[one].numbered && self.written[other].numbered;
        numbered && self.given.at_once.get(&one) == self.given.at_once.get(&other)
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
            return (write.position as usize).checked_sub(1).into_iter().collect();
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
}

impl<'a> Older<'a> {
    pub fn of(archive: &'a Archive<'a>, history: &'a History) -> Self {
        Self { archive, history }
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
            let behind = self.archive.leads_to(*write, *shown);
            stands || !behind && self.ended_before(*shown, *write)
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
        one.ending == Ending::Ok && one.before(other)
    }

    /// A write is seen with any of its versions; where stamps decide, that of which its client was told,
    /// or which was shown, has to be the later one.
    fn in_versions(&self, read: &Operation, shown: Option<&[usize]>, write: &[usize]) -> bool {
        let archive = self.archive;
        let gone: Vec<usize> = match shown {
            Some(_) => Vec::new(),
            None => self.deletions_until(read),
        };
        let shown: Vec<usize> = shown.map_or(gone, <[usize]>::to_vec);
        let rank = |at: &usize| archive.written[*at].version.as_ref().map(Version::rank);
        let latest = shown.iter().filter_map(rank).max();
        let wins = |at: &usize| archive.rule != Rule::LastWins || rank(at) > latest;
        let seen = |at: &usize| {
            let operation = archive.written[*at].operation;
            let all = operation.map_or(&[][..], |operation| archive.records(operation));
            all.iter().any(|version| shown.iter().any(|shown| archive.gives(*shown, *version)))
        };
        !write.is_empty() && write.iter().all(|at| wins(at) && !seen(at))
    }

    /// Deletions of the key that were made until the read was answered.
    fn deletions_until(&self, read: &Operation) -> Vec<usize> {
        let deletes = |at: &usize| {
            let written = &self.archive.written[*at];
            written.key == read.key && written.version.as_ref().is_some_and(|v| v.deleted)
        };
        let made = self.archive.given.made.iter();
        made.filter(|(_, line)| **line < read.ended.line)
            .map(|(at, _)| *at)
            .filter(deletes)
            .collect()
    }
}
