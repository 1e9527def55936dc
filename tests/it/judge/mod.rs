//! An independent judge: every promise judged a second time, from its definition (`www/docs/promises.md`),
//! by what an observer beside the clients has: the exported history, and how the nodes were left. It
//! shares nothing with the audits; only [`border`] names the program.
//!
//! Both judge every run of the swarms, the built-in scenarios, the cases and many short random runs.
//! Where they disagree the test fails. What history and final states cannot tell is undecided, and
//! counted with its reason.

mod archive;
mod border;
mod leaders;
mod lines;
mod plain;
mod planted;
mod registers;
mod reigns;
mod replicas;
mod runs;
mod sessions;
pub mod tally;
mod tests;
mod writes;

use archive::Archive;
use plain::{End, History, Judgement};

use replicarium::engine::observe::Recorder;
use replicarium::engine::world::Run;

/// Every promise by its stable name, with what becomes of it.
pub type Judgements = Vec<(&'static str, Judgement)>;

/// Judges a run by its history and how it was left.
pub fn judgements(history: &History, end: &End) -> Judgements {
    let archive = Archive::of(history, end);
    let sessions = sessions::judge(history, &archive);
    vec![
        ("acknowledged-writes-survive", writes::survive(history, &archive, end)),
        ("one-leader", leaders::judge(history, end.rule)),
        ("linearizable", registers::judge(history, end.rule)),
        ("replicas-agree", replicas::agree(history, &archive, end)),
        ("replicas-converge", replicas::converge(history, end)),
        ("nothing-applied-twice", writes::once(history, &archive, end)),
        ("failed-writes-stay-failed", writes::stay_failed(history, &archive)),
        ("reads-are-fresh", sessions.fresh),
        ("read-your-writes", sessions.own),
        ("monotonic-reads", sessions.monotonic),
        ("consistent-prefix", sessions.prefix),
        ("invariant-over-keys", replicas::totals(history, end)),
    ]
}

/// The independent judgements on a run.
///
/// # Panics
/// If the exported history cannot be read back.
pub fn of(run: &dyn Run<Recorder>) -> Judgements {
    let history = lines::read(&border::exported(run));
    let history = history.unwrap_or_else(|line| panic!("the history cannot be read: {line}"));
    judgements(&history, &border::end(run))
}
