//! A chain under load on a perfect network.

use replicarium::engine::protocol::Note;
use replicarium::engine::world::What;

use super::{comes_out, holds, input, played};
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;

#[test]
fn a_loaded_chain_carries_what_the_paper_measured_and_sends_nothing_twice() {
    let name = "chain-collapse.json";
    let mut lab = Lab::load(&super::document(name), PROTOCOLS).expect("a sound document");
    lab.finish();
    let report = lab.report();
    let rate = f64::from(report.writes.acknowledged + report.reads.total) / 300.0;
    let right = (rate / 94.5 - 1.0).abs() <= 0.03;
    holds(name, "requests per second", "94.5 within 3 %", format!("{rate:.1}"), right);
    let run = played(&input(name), Some(60_000));
    let again = |what: &What| matches!(what, What::Noted { note: Note::Resent { .. }, .. });
    let resent = run.observer().trace().iter().filter(|event| again(&event.what)).count();
    comes_out(name, "times that anything was sent again", "0", resent);
}
