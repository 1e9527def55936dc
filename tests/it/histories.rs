//! The checker for linearizability against histories of real systems, and against the audit on the
//! histories of our own.

use replicarium::engine::observe::{Case, Recorder, Verdict};
use replicarium::engine::protocol::Promise;
use replicarium::scenario::history::{Bounds, Judged, Recorded};
use replicarium::scenario::{self, Json, parse};

/// Steps for all the histories together: a bound on time that no machine's mood can break.
const STEPS: u64 = 30_000;

fn judged(text: &str) -> (&'static str, Judged) {
    let mut history = Recorded::read(text, None).expect("a history without mistakes");
    (history.model.word(), history.judge(Bounds::default()))
}

#[test]
fn every_history_of_a_real_system_gets_its_verdict() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/histories");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect(name);
    let verdicts = parse(&read("verdicts.json")).expect("json");
    let Json::Object(verdicts) = verdicts else { panic!("an object") };
    assert_eq!(verdicts.len(), 72);
    let mut steps = 0;
    for (name, expected) in verdicts {
        let (model, judged) = judged(&read(&format!("{name}.jsonl")));
        let linearizable = judged.linearizable.map_or(Json::Null, Json::from);
        assert_eq!(Some(&linearizable), expected.field("linearizable"), "{name}");
        assert_eq!(Some(model), expected.field("model").and_then(Json::as_text), "{name}");
        if let Some(failure) = judged.failure {
            assert_eq!(failure.stuck.len(), 1, "{name}: one operation that cannot be ordered");
        }
        steps += judged.steps;
    }
    assert!(steps <= STEPS, "{steps} steps, {STEPS} at most");
}

/// The history of a run as somebody would write it down who only sees the clients.
fn lines(recorder: &Recorder) -> String {
    let line = |row: replicarium::engine::observe::history::Row| {
        #[expect(clippy::cast_precision_loss, reason = "values are small")]
        let number =
            |value: Option<u64>| value.map_or(Json::Null, |value| Json::from(value as f64));
        let value = match row.f {
            "cas" => Json::List(vec![number(row.expected), number(row.value)]),
            _ => number(row.value),
        };
        let mut json = Json::object([
            ("process", Json::from(f64::from(row.process))),
            ("type", Json::from(row.kind)),
            ("f", Json::from(row.f)),
            ("key", Json::text(row.key)),
            ("value", value),
        ]);
        if let Some(applied) = row.applied {
            json.put("applied", Json::Bool(applied));
        }
        json.to_string()
    };
    recorder.history().rows().into_iter().map(line).collect::<Vec<String>>().join("\n")
}

#[test]
fn the_audit_of_a_run_and_the_check_of_its_lines_agree() {
    let (mut holds, mut broken) = (0, 0);
    for preset in scenario::presets(replicarium::protocols::PROTOCOLS) {
        let Ok(scenario) = replicarium::protocols::read(preset.text) else {
            panic!("{} is no scenario", preset.name)
        };
        let mut run = scenario.run();
        run.advance(run.until(), u32::MAX);
        let rows = run.observer().history().rows();
        if rows.iter().any(|row| row.f == "write" && row.value.is_none()) {
            // The lines cannot say that a value was taken away.
            continue;
        }
        if rows.iter().any(|row| row.f == "transfer") {
            // No register and no key-value store moves money.
            continue;
        }
        let case = Case::new(run.observer(), run.view(), run.now());
        let (_, judged) = judged(&lines(run.observer()));
        match case.verdict(Promise::Linearizable) {
            Some(Verdict::Holds) => {
                holds += 1;
                assert_eq!(judged.linearizable, Some(true), "{}", preset.name);
            }
            Some(Verdict::Broken(_)) => {
                broken += 1;
                assert_eq!(judged.linearizable, Some(false), "{}", preset.name);
            }
            // Counters and sets are no registers, and the audit says so.
            Some(Verdict::NotExercised(why)) if why.contains("searched for registers") => {}
            other => panic!("{}: {other:?}", preset.name),
        }
    }
    assert!(holds > 0 && broken > 0, "{holds} {broken}");
}
