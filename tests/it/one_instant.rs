//! What the panels count at an instant is counted once: large line, ledger, report and promises never differ, at no
//! instant of any scenario; and a run goes on as if nobody had looked.

use replicarium::engine::observe::audit::Case;
use replicarium::lab::{Lab, SimTime};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::presets;

use crate::support::parallel::each;

/// Instants at which each run is looked at.
const INSTANTS: u64 = 60;

#[test]
fn at_every_instant_all_panels_count_the_same() {
    let all: Vec<_> = presets(PROTOCOLS).collect();
    let wrong: Vec<String> = each(&all, |preset| {
        let mut lab = Lab::load(&preset.document(), PROTOCOLS).unwrap();
        let end = lab.until().micros();
        let mut wrong = Vec::new();
        for step in 1..=INSTANTS {
            // Not at round times: those are when scripts act.
            lab.seek(SimTime::from_micros(end * step / INSTANTS - step * 37 % 1_000));
            let (shown, report) = (lab.ledger(None).tally, lab.report());
            let (ledger, told) = (lab.run().observer().ledger(), report.writes);
            let pairs = [
                ("acknowledged", shown.acknowledged, told.acknowledged),
                ("lost", shown.lost, told.lost),
                ("overwritten unseen", shown.overwritten, told.overwritten),
                ("stored in part", ledger.partial_count(), told.partial),
                ("listed as lost", u32::try_from(ledger.lost().count()).unwrap(), told.lost),
            ];
            for (what, one, other) in pairs.into_iter().filter(|(_, one, other)| one != other) {
                let at = lab.now().micros();
                wrong.push(format!("{} at {at} µs: {what}: {one}, {other}", preset.name));
            }
        }
        wrong
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_run_that_was_looked_at_goes_on_as_one_that_was_not() {
    let all: Vec<_> = presets(PROTOCOLS).collect();
    each(&all, |preset| {
        let counts = |looks: u64| {
            let mut lab = Lab::load(&preset.document(), PROTOCOLS).unwrap();
            let end = lab.until().micros();
            for step in 1..=looks {
                lab.seek(SimTime::from_micros(end * step / looks));
                let run = lab.run();
                let case = Case::new(run.observer(), run.view(), run.now());
                assert!(!case.verdicts().is_empty());
            }
            lab.finish();
            let report = lab.report();
            (report.digest, report.verdicts, report.writes.lost, report.writes.overwritten)
        };
        assert_eq!(counts(0), counts(17), "{}", preset.name);
    });
}
