//! Both judges beside each other: where they agree, where they do not, what stayed undecided.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

use replicarium::engine::observe::audit::{AUDITS, Case};
use replicarium::engine::observe::{Recorder, Verdict};
use replicarium::engine::world::Run;

use super::plain::Judgement;
use super::{Judgements, of};

/// What came of one promise over many runs.
#[derive(Clone, Copy, Default, Debug)]
pub struct Count {
    pub holds: u32,
    pub broken: u32,
    pub not_exercised: u32,
    pub undecided: u32,
    pub disagreed: u32,
}

/// What came of all promises.
#[derive(Clone, Default, Debug)]
pub struct Tally {
    pub runs: u32,
    pub by_promise: BTreeMap<&'static str, Count>,
    /// Why judgements stayed undecided, by promise.
    pub whys: BTreeMap<(&'static str, &'static str), u32>,
}

/// Every run of this process on which both judged.
static ALL: Mutex<Tally> =
    Mutex::new(Tally { runs: 0, by_promise: BTreeMap::new(), whys: BTreeMap::new() });

/// The audits' verdicts, by name.
pub type Verdicts = Vec<(&'static str, Verdict)>;

/// What the audits say of a run now.
pub fn audited(run: &dyn Run<Recorder>) -> Verdicts {
    let case = Case::new(run.observer(), run.view(), run.now());
    AUDITS.iter().map(|audit| (audit.id(), audit.verdict(&case))).collect()
}

/// Lets both judge a run and counts; what they disagree on, a line each.
pub fn both(run: &dyn Run<Recorder>) -> Result<(), String> {
    let (lines, tally) = compared(&audited(run), &of(run));
    ALL.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(&tally);
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
}

/// Compares verdict by verdict.
pub fn compared(verdicts: &Verdicts, judgements: &Judgements) -> (Vec<String>, Tally) {
    let (mut lines, mut tally) = (Vec::new(), Tally { runs: 1, ..Tally::default() });
    assert_eq!(verdicts.len(), judgements.len(), "every audit has a second implementation");
    for ((promise, verdict), (name, judgement)) in verdicts.iter().zip(judgements) {
        assert_eq!(promise, name, "the same order");
        let count = tally.by_promise.entry(name).or_default();
        match judgement {
            Judgement::Undecided(why) => {
                count.undecided += 1;
                *tally.whys.entry((*name, *why)).or_default() += 1;
            }
            Judgement::Holds => count.holds += 1,
            Judgement::Broken(_) => count.broken += 1,
            Judgement::NotExercised => count.not_exercised += 1,
        }
        if matches!(judgement, Judgement::Undecided(_)) || judgement.word() == verdict.word() {
            continue;
        }
        // The audit says that its bounds did not suffice: no verdict to hold the judge's against.
        if matches!(verdict, Verdict::NotExercised(why) if why.contains("no order was found")) {
            *tally.whys.entry((*name, "the audit ran into its bounds")).or_default() += 1;
            continue;
        }
        count.disagreed += 1;
        let says = match verdict {
            Verdict::Broken(witness) => format!("broken ({})", witness.sentence),
            Verdict::NotExercised(why) => format!("not exercised ({why})"),
            Verdict::Holds => "holds".to_owned(),
        };
        lines.push(match judgement {
            Judgement::Broken(what) => format!("{name}: judge broken ({what}), audit {says}"),
            other => format!("{name}: judge {}, audit {says}", other.word()),
        });
    }
    (lines, tally)
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for (promise, count) in &other.by_promise {
            let sum = self.by_promise.entry(promise).or_default();
            sum.holds += count.holds;
            sum.broken += count.broken;
            sum.not_exercised += count.not_exercised;
            sum.undecided += count.undecided;
            sum.disagreed += count.disagreed;
        }
        for (why, count) in &other.whys {
            *self.whys.entry(*why).or_default() += count;
        }
    }

    /// Judgements that history and final states did not allow.
    pub fn undecided(&self) -> u32 {
        self.by_promise.values().map(|count| count.undecided).sum()
    }

    /// All judgements.
    pub fn judgements(&self) -> u32 {
        self.runs * u32::try_from(self.by_promise.len()).unwrap_or(0)
    }

    /// A row for each promise.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<28} {:>8} {:>8} {:>14} {:>10} {:>10}\n",
            "promise", "holds", "broken", "not exercised", "undecided", "disagreed"
        );
        for (promise, count) in &self.by_promise {
            let Count { holds, broken, not_exercised, undecided, disagreed } = count;
            let _ = writeln!(
                text,
                "{promise:<28} {holds:>8} {broken:>8} {not_exercised:>14} {undecided:>10} {disagreed:>10}"
            );
        }
        let judged = self.judgements();
        let undecided = self.undecided();
        let _ = writeln!(text, "{} runs, {judged} judgements, {undecided} undecided", self.runs);
        for ((promise, why), count) in &self.whys {
            let _ = writeln!(text, "undecided: {promise}: {why}: {count}");
        }
        text
    }
}

/// All that was counted until now.
pub fn all() -> Tally {
    ALL.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}
