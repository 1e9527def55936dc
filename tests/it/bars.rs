//! Where an answer fits no order, the operations around it are drawn: that drawing agrees with the
//! history, wherever a scenario breaks the promise.

use replicarium::engine::observe::audit::{Case, Verdict};
use replicarium::engine::protocol::Promise;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::presets;
use replicarium::view::{Bars, Part};

/// The drawing of every built-in scenario that has one at its end.
fn drawings() -> Vec<(&'static str, Bars, Lab)> {
    let drawn = presets(PROTOCOLS).filter_map(|preset| {
        let mut lab = Lab::load(&preset.document(), PROTOCOLS).ok()?;
        lab.finish();
        let bars = lab.verdicts().into_iter().find_map(|verdict| verdict.bars)?;
        Some((preset.name, bars, lab))
    });
    drawn.collect()
}

#[test]
fn a_quorum_that_is_no_single_copy_shows_the_read_that_went_back() {
    let all = drawings();
    let name = "leaderless-quorum-not-linearizable";
    let (_, bars, _) = all.iter().find(|(of, ..)| *of == name).expect("a drawing");
    let bad = bars.bars.iter().find(|bar| bar.part == Part::Bad).expect("a bad answer");
    assert!(!bad.writes && bad.text.ends_with(" s"), "{}", bad.text);
    assert!(bad.text.contains("which fits no order"), "{}", bad.text);
    assert!(bars.bars.iter().any(|bar| bar.part == Part::Named && bar.writes));
    let unheard = "n1 is not heard by n2 and n3";
    assert!(bars.faults.iter().any(|(_, what)| what == unheard), "{:?}", bars.faults);
}

#[test]
fn a_compare_and_set_that_found_another_value_is_drawn_as_an_answer() {
    let all = drawings();
    let (_, bars, _) = all.iter().find(|(of, ..)| *of == "cas-retried").expect("a drawing");
    let bad = bars.bars.iter().find(|bar| bar.part == Part::Bad).expect("a bad answer");
    assert!(!bad.writes && bad.label.starts_with('≠'), "{bad:?}");
    assert!(bad.text.contains("” changed nothing, which fits no order"), "{}", bad.text);
}

#[test]
fn one_answer_is_bad_and_bars_of_one_lane_follow_each_other() {
    let all = drawings();
    assert!(all.len() > 5, "only {} scenarios are no single copy", all.len());
    for (name, bars, lab) in all {
        let bad = bars.bars.iter().filter(|bar| bar.part == Part::Bad).count();
        assert_eq!(bad, 1, "{name}");
        for bar in &bars.bars {
            assert!(bar.from_ms >= bars.from_ms && bar.to_ms <= bars.to_ms, "{name}: {}", bar.text);
            assert!(bar.from_ms <= bar.to_ms, "{name}: {}", bar.text);
            let same =
                bars.bars.iter().filter(|other| other.lane == bar.lane && other.op != bar.op);
            for other in same {
                let apart = other.to_ms <= bar.from_ms || bar.to_ms <= other.from_ms;
                assert!(apart, "{name}: {} lies on {}", bar.text, other.text);
            }
        }
        let run = lab.run();
        let case = Case::new(run.observer(), run.view(), run.now());
        let verdicts = case.verdicts();
        let found = verdicts.iter().find(|(promise, _)| *promise == Promise::Linearizable);
        let Some((_, Verdict::Broken(witness))) = found else { panic!("{name}: not broken") };
        let drawn = |op: u32| bars.bars.iter().any(|bar| bar.op == op);
        for op in &witness.operations {
            assert!(drawn(op.0), "{name}: {op:?} of the witness is not drawn");
        }
    }
}
