//! Histories that are hard to judge, made up anew each time: what they cost is counted in steps and bytes, which
//! are the same on every machine.

use replicarium::scenario::history::{Bounds, Judged, Recorded};

use super::formats::Dice;

fn judged(text: &str, bounds: Bounds) -> Judged {
    Recorded::read(text, None).expect("a history without mistakes").judge(bounds)
}

/// Compare-and-sets that all overlap, and all of which were applied: whether some order of so many fits is beyond
/// any search.
fn hopeless(key: &str, dice: &mut Dice) -> String {
    let mut swaps: Vec<(u64, u64)> = (0..46).map(|_| (dice.below(9), dice.below(9))).collect();
    swaps.push((9, 9));
    let line = |kind: &str, process: usize, (from, to): (u64, u64)| {
        format!(
            "{{:process {process}, :type :{kind}, :f :cas, :key \"{key}\", :value [{from} {to}]}}\n"
        )
    };
    let mut text = format!(
        "{{:process 99, :type :invoke, :f :write, :key \"{key}\", :value 0}}\n{{:process 99, :type :ok, :f :write, :key \"{key}\", :value 0}}\n{{:process 98, :type :invoke, :f :write, :key \"{key}\", :value 9}}\n"
    );
    for kind in ["invoke", "ok"] {
        for (process, swap) in swaps.iter().enumerate() {
            text.push_str(&line(kind, process, *swap));
        }
    }
    text + &format!("{{:process 98, :type :ok, :f :write, :key \"{key}\", :value 9}}\n")
}

fn easy(key: &str, wrong: bool) -> String {
    let line = |kind: &str, f: &str, value: &str| {
        format!("{{:process 0, :type :{kind}, :f :{f}, :key \"{key}\", :value {value}}}\n")
    };
    let read = if wrong { "1" } else { "2" };
    [
        line("invoke", "write", "1"),
        line("ok", "write", "1"),
        line("invoke", "write", "2"),
        line("ok", "write", "2"),
        line("invoke", "read", "nil"),
        line("ok", "read", read),
    ]
    .concat()
}

#[test]
fn a_hopeless_key_does_not_keep_one_waiting_that_is_refuted_at_once() {
    for seed in 1..=3 {
        println!("seed {seed}");
        let hard = hopeless("k0", &mut Dice(seed));
        let alone = judged(&hard, Bounds { steps: 1_000_000, ..Bounds::default() });
        assert_eq!(alone.linearizable, None, "seed {seed} is not hard enough");
        let others: String = (1..10).map(|key| easy(&format!("k{key}"), key == 9)).collect();
        let judged = judged(&(hard + &others), Bounds::default());
        let key = judged.failure.map(|failure| failure.key.to_string());
        assert_eq!(
            (judged.linearizable, key.as_deref()),
            (Some(false), Some("\"k9\"")),
            "seed {seed}"
        );
        assert!(judged.steps < 40_000, "seed {seed}: {} steps", judged.steps);
    }
}

/// Clients that append to one text and read it, some now and then replacing it. Each operation takes effect at
/// some moment between its call and its answer; `stale` lets one read near the end say what was there before.
fn appends(dice: &mut Dice, clients: u64, count: u64, puts: u64, stale: bool) -> String {
    struct Asked {
        f: &'static str,
        value: String,
        done: bool,
    }
    let (mut text, mut before, mut called) = (String::new(), Vec::new(), 0);
    let mut open: Vec<Option<Asked>> = (0..clients).map(|_| None).collect();
    let (mut out, mut wrong, mut appended) = (String::new(), stale, 0);
    let line = |process: usize, kind: &str, f: &str, value: &str| {
        let value = if value == "nil" { value.to_owned() } else { format!("{value:?}") };
        format!("{{:process {process}, :type :{kind}, :f :{f}, :key \"t\", :value {value}}}\n")
    };
    loop {
        let process = dice.below(clients) as usize;
        let idle = open.iter().all(Option::is_none);
        match &mut open[process] {
            None if appended < count => {
                let piece = format!("x {process} {called} y");
                let (f, value) = match dice.below(100) {
                    part if part < puts => ("put", piece),
                    part if part < 60 => ("append", piece),
                    _ => ("get", String::new()),
                };
                appended += u64::from(f != "get");
                called += 1;
                out += &line(process, "invoke", f, if f == "get" { "nil" } else { &value });
                open[process] = Some(Asked { f, value, done: false });
            }
            None if idle => return out,
            None => {}
            Some(asked) if !asked.done => {
                asked.done = true;
                match asked.f {
                    "get" if wrong && appended * 10 > count * 9 && before.len() > 60 => {
                        wrong = false;
                        asked.value.clone_from(&before[before.len() - 60]);
                    }
                    "get" => asked.value.clone_from(&text),
                    "put" => text.clone_from(&asked.value),
                    _ => text.push_str(&asked.value),
                }
                before.push(text.clone());
            }
            Some(asked) => {
                out += &line(process, "ok", asked.f, &asked.value);
                open[process] = None;
            }
        }
    }
}

#[test]
fn texts_that_only_grow_are_judged_by_what_they_fix() {
    let bounds = Bounds { steps: 2_000_000, memory_bytes: 1 << 20 };
    for (seed, puts) in [(1, 0), (2, 0), (3, 5), (4, 5), (5, 10)] {
        for stale in [false, true] {
            println!("seed {seed}, {puts} puts in 100, {}", if stale { "stale" } else { "right" });
            let text = appends(&mut Dice(seed), 50, 230, puts, stale);
            let judged = judged(&text, bounds);
            assert_eq!(judged.linearizable, Some(!stale), "seed {seed}: {:?}", judged.undecided);
            assert!(judged.steps < 3_000_000, "seed {seed}: {} steps", judged.steps);
            if let Some(failure) = judged.failure {
                assert_eq!(failure.stuck.len(), 1, "seed {seed}: one read that cannot be ordered");
            }
        }
    }
}
