//! What was found broken stays broken, every figure of the report says what its promise says, and so
//! does the page's headline. Over all built-in scenarios and the plans of every swarm, looked at many
//! times while the run goes on.

use std::collections::BTreeMap;

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::observe::audit::{AUDITS, Case};
use replicarium::engine::observe::{Recorder, Report};
use replicarium::engine::protocol::Protocol;
use replicarium::engine::world::{NodeStatus, Run, Setup, Target, World, fault};
use replicarium::protocols::PROTOCOLS;
use replicarium::protocols::chain::Chain;
use replicarium::protocols::leaderless::Leaderless;
use replicarium::protocols::multi_leader::MultiLeader;
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::scenario::presets;
use replicarium::view::sentence::sentence;

use crate::chain::promises as chain;
use crate::support::parallel::each;
use crate::swarm::{all_hold, leaderless, multi_leader, plan};

/// A number of the report.
type Figure = fn(&Report) -> f64;

/// Figures of the report that count what breaks a promise: more than zero exactly if it is broken.
const COUNTED: &[(&str, Figure)] = &[
    ("acknowledged-writes-survive", |report| {
        let writes = &report.writes;
        f64::from(writes.lost + writes.overwritten + writes.came_back)
    }),
    ("one-leader", |report| report.split_brain_ms),
    ("reads-are-fresh", |report| f64::from(report.reads.stale)),
    ("read-your-writes", |report| f64::from(report.reads.own_writes_missing)),
    ("monotonic-reads", |report| f64::from(report.reads.back_in_time)),
    ("consistent-prefix", |report| f64::from(report.reads.out_of_order)),
];

/// Promises of which the report has a verdict and no figure.
const NOT_COUNTED: &[&str] = &[
    "linearizable",
    "replicas-agree",
    "replicas-converge",
    "nothing-applied-twice",
    "failed-writes-stay-failed",
    "invariant-over-keys",
];

#[test]
fn every_audit_is_in_one_of_both_tables() {
    let mut listed: Vec<&str> = COUNTED.iter().map(|(promise, _)| *promise).collect();
    listed.extend(NOT_COUNTED);
    listed.sort_unstable();
    let mut audits: Vec<&str> = AUDITS.iter().map(|audit| audit.id()).collect();
    audits.sort_unstable();
    assert_eq!(listed, audits, "an audit has a figure in the report, or it is known to have none");
}

/// What was broken so far, and why.
#[derive(Default)]
struct Found(BTreeMap<&'static str, (SimTime, String)>);

impl Found {
    /// Looks at a run as it is now.
    fn look(&mut self, run: &dyn Run<Recorder>) -> Result<(), String> {
        let report = Report::new(&Case::new(run.observer(), run.view(), run.now()), run.seed());
        let at = run.now().as_millis_f64();
        for row in &report.verdicts {
            let broken = row.verdict == "broken";
            if let (false, Some((when, why))) = (broken, self.0.get(row.promise)) {
                return Err(format!(
                    "{} was broken at {} ms and is \"{}\" at {at} ms: {why}",
                    row.promise,
                    when.as_millis_f64(),
                    row.verdict
                ));
            }
            if let Some((_, figure)) = COUNTED.iter().find(|(promise, _)| *promise == row.promise)
                && broken != (figure(&report) > 0.0)
            {
                return Err(format!(
                    "at {at} ms {} is \"{}\" and its figure {}: {:?}",
                    row.promise,
                    row.verdict,
                    figure(&report),
                    row.why
                ));
            }
            if broken {
                let why = row.why.clone().unwrap_or_default();
                self.0.entry(row.promise).or_insert((run.now(), why));
            }
        }
        let said = sentence(run);
        if said.why.contains("Each accepts writes") && report.split_brain_ms <= 0.0 {
            return Err(format!(
                "at {at} ms the headline says two leaders accept writes: {said:?}"
            ));
        }
        Ok(())
    }

    /// Looks every so often until then.
    fn until(
        &mut self,
        run: &mut dyn Run<Recorder>,
        to: SimTime,
        every: Span,
    ) -> Result<(), String> {
        while run.now() < to {
            let next = (run.now() + every).min(to);
            run.advance(next, u32::MAX);
            self.look(run)?;
        }
        Ok(())
    }
}

#[test]
fn built_in_scenarios_take_no_verdict_back() {
    let all: Vec<_> = presets(PROTOCOLS).collect();
    let failed = each(&all, |preset| {
        let scenario = replicarium::protocols::read(preset.text).expect("a sound preset");
        let mut run = scenario.run();
        let until = run.until();
        let every = Span::from_micros(until.micros() / 50 + 1);
        Found::default().until(&mut *run, until, every).err().map(|why| (preset.name, why))
    });
    let failed: Vec<_> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

fn mend(run: &mut dyn Run<Recorder>) {
    run.act(fault::heal_all());
    for node in (0..run.view().nodes.count()).map(NodeId) {
        let target = Target::Node(node);
        run.act(fault::slow_disk(target, 1));
        run.act(fault::full_disk(target, false));
        match run.view().nodes.status(node) {
            NodeStatus::Up => {}
            NodeStatus::Paused => run.act(fault::resume(target)),
            NodeStatus::Crashed | NodeStatus::PoweredOff => run.act(fault::restart(target)),
        }
    }
}

/// Faults, mending, more writes, silence: every verdict is looked at again and again.
fn check<P: Protocol>(setup: &Setup<P::Knobs>) -> Result<(), String> {
    let mut world = World::<P, Recorder>::new(setup.clone(), Recorder::new(&setup.limits));
    let mut found = Found::default();
    found.until(&mut world, plan::HEALED, Span::from_millis(487))?;
    mend(&mut world);
    found.until(&mut world, SimTime::from_millis(12_000), Span::from_millis(1_011))?;
    world.act(fault::quiet_clients(true));
    found.until(&mut world, SimTime::from_millis(44_000), Span::from_millis(3_877))
}

#[test]
fn swarms_take_no_verdict_back() {
    all_hold("verdicts::swarms_take", 300, |seed, _| match seed % 4 {
        0 => check::<SingleLeader>(&plan::plan(seed)),
        1 => check::<Chain>(&chain::plan(seed)),
        2 => check::<Leaderless>(&leaderless::plan(seed)),
        _ => check::<MultiLeader>(&multi_leader::plan(seed)),
    });
}

/// The paragraph of an audit's file that says what its promise means.
fn meaning(text: &str) -> Option<String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let header = lines.collect::<Vec<_>>().join("\n");
    let paragraph = header.split("\n\n").find_map(|part| part.strip_prefix("**Meaning.**"))?;
    Some(paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `UPDATE=1` makes the page anew.
#[test]
fn the_page_about_promises_is_made_of_what_the_audits_say() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (folder, page) =
        (root.join("crates/engine/src/observe/audit"), root.join("www/docs/promises.md"));
    let files =
        std::fs::read_dir(folder).expect("audits").map(|entry| entry.expect("a file").path());
    let texts: Vec<String> = files.filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let old = std::fs::read_to_string(&page).expect("the page");
    let mut made = old.split("\n## ").next().expect("a beginning").trim_end().to_owned();
    for audit in AUDITS {
        let (id, title) = (audit.id(), audit.title());
        let named = format!("\"{id}\"");
        let text = texts.iter().find(|text| text.contains(&named)).expect("a file for each audit");
        let meaning = meaning(text).unwrap_or_else(|| panic!("{id} does not say what it means"));
        made += &format!("\n\n## {title}\n\n`{id}`. {meaning}");
    }
    let older = texts.iter().find(|text| text.contains("fn judge(")).expect("reads");
    made += &format!("\n\n## What is older\n\n{}\n", meaning(older).expect("what older means"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, &made).expect("the page can be written");
    }
    let same = made == old || std::env::var_os("UPDATE").is_some();
    assert!(same, "UPDATE=1 cargo test --test it the_page_about_promises, and read what changed");
}
