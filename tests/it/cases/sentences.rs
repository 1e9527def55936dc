//! Reasons and sentences come from recorded events.

use replicarium::engine::base::{EventId, NodeId, SimTime};
use replicarium::engine::observe::audit::Case;
use replicarium::engine::observe::metric::Began;
use replicarium::engine::observe::report::{FailoverRow, Report};
use replicarium::engine::observe::{Reason, Recorder};
use replicarium::engine::world::{Refused, Run, What};
use replicarium::scenario::parse;
use replicarium::view::{self, Sentence};

use super::{comes_out, holds, input, played};
use crate::support::recount;

fn report(run: &dyn Run<Recorder>) -> Report {
    Report::new(&Case::new(run.observer(), run.view(), run.now()), run.seed())
}

fn all(sentence: &Sentence) -> String {
    let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
    format!("{} {}", parts.join(" "), sentence.why)
}

#[track_caller]
fn recounted(name: &str, run: &dyn Run<Recorder>) {
    let found = recount::reasons(run).err().unwrap_or_else(|| "as told".to_owned());
    comes_out(name, "its reasons, recounted from the trace", "as told", found);
}

/// The document with a follower that may depose a healthy leader, as it could before etcd 3.4.
fn disturbed(text: &str) -> String {
    let mut document = parse(text).expect("a document");
    document.set("cluster.knobs.failover.pre_vote", false.into());
    document.to_string()
}

/// A healthy leader that a returning follower deposes: the headline says so, nobody is said to have
/// replaced it, and time to recover counts from when the clients went without service.
#[test]
fn a_leader_that_is_deposed_and_elected_again_is_told_as_that() {
    for (name, least, most) in
        [("partial-cut.json", 1_000.0, 2_000.0), ("follower-away.json", 2_500.0, 4_600.0)]
    {
        let run = played(&disturbed(&input(name)), None);
        recounted(name, &*run);
        let report = report(&*run);
        let Some(last) = report.failovers.last() else { panic!("{name}: no failover") };
        let took = last.time_to_recover_ms.unwrap_or(0.0);
        let shows = "time to recover, from when service stopped";
        let right = format!("{least} to {most} ms");
        holds(name, shows, &right, took, (least..most).contains(&took));
        let stopped = last.service_stopped_ms.unwrap_or(0.0);
        let shows = "service stopped after the network was whole again";
        holds(name, shows, "20 to 21.5 s", stopped, (20_000.0..21_500.0).contains(&stopped));
        let said = all(&view::sentence(&*run));
        let shows = "the headline tells of the outage";
        holds(
            name,
            shows,
            "No write was acknowledged",
            &said,
            said.contains("No write was acknowledged"),
        );
        let lines: Vec<String> =
            view::log(&*run, EventId::NONE).into_iter().map(|line| line.text).collect();
        let log = lines.join(" ");
        for untrue in ["has been replaced", "was ordered to lead", "taken for dead; 1"] {
            let found = said.contains(untrue) || log.contains(untrue);
            comes_out(name, &format!("“{untrue}…” is said"), "false", found);
        }
        let shows = "why the leader stopped";
        let is_so = log.contains("stops leading epoch 1: n3 turned it away with epoch");
        holds(name, shows, "n3 turned it away with a later epoch", &log, is_so);
    }
    let run = played(&disturbed(&input("partial-cut.json")), Some(24_000));
    let said = all(&view::sentence(&*run));
    let shows = "the sentence just after";
    let right = "n1 stopped leading when it heard of epoch …; … later n1 was elected again";
    let is_so = said.contains("stopped leading when it heard of epoch") || said.contains("later n");
    holds("partial-cut.json", shows, right, &said, is_so);
}

#[test]
fn a_leader_that_is_not_disturbed_has_no_outage_to_tell_of() {
    let quiet = input("partial-cut.json").replace("\"do\": \"cut\"", "\"do\": \"heal\"");
    let run = played(&quiet.replace(", \"both\": true", ""), None);
    let said = all(&view::sentence(&*run));
    comes_out(
        "partial-cut.json, nothing cut",
        "an outage is told",
        "false",
        said.contains("No write"),
    );
    comes_out("partial-cut.json, nothing cut", "failovers", "0", report(&*run).failovers.len());
}

/// The script orders nothing.
#[test]
fn nobody_was_ordered_to_lead_where_nobody_gave_an_order() {
    let text = input("ordered-to-lead.json");
    for seed in 0..12 {
        let seeded = text.replace("\"seed\": 6", &format!("\"seed\": {seed}"));
        let run = played(&disturbed(&seeded), None);
        if let Err(wrong) = recount::reasons(&*run) {
            panic!("seed {seed}: {wrong}");
        }
        let said = all(&view::sentence(&*run));
        assert!(!said.contains("ordered"), "seed {seed}: {said}");
        let ordered = |row: &FailoverRow| row.began == "ordered";
        assert!(!report(&*run).failovers.iter().any(ordered), "seed {seed}");
    }
    let run = played(&disturbed(&text), None);
    let last = run.observer().failovers().promotions().next_back().copied().expect("a failover");
    let shows = "how n4 came to lead again";
    let elected = matches!(last.began, Began::Elected { .. });
    holds("ordered-to-lead.json", shows, "elected", last.began.kind(), elected);
}

/// An order by which a node did lead is told as an order, and each loss by what happened to it.
#[test]
fn a_planned_switchover_loses_what_was_not_there_yet_and_what_came_too_late() {
    let name = "planned-switchover.json";
    let run = played(&input(name), None);
    recounted(name, &*run);
    let ledger = run.observer().ledger();
    comes_out(name, "lost", "11", ledger.lost().count());
    let late = |reason: &Reason| matches!(reason, Reason::TooLate { .. });
    let not_there = |reason: &Reason| {
        matches!(
            reason,
            Reason::OnItsWay { .. } | Reason::ArrivedLate { .. } | Reason::NeverSent { .. }
        )
    };
    let count = |kind: &dyn Fn(&Reason) -> bool| {
        ledger.lost().filter(|lost| kind(&lost.why.reason)).count()
    };
    comes_out(name, "of these not yet there when n2 began to lead", "7", count(&not_there));
    comes_out(name, "of these taken by n1 after that", "4", count(&late));
    let named = ledger.lost().filter(|lost| {
        let why = lost.why.sentence();
        lost.why.took == NodeId(0) && why.contains("n1") && why.contains("n2")
    });
    comes_out(name, "named with n1 and n2", "11", named.count());
    let failover = run.observer().failovers().promotions().next_back().copied();
    let began = failover.map_or("nobody", |failover| failover.began.kind());
    comes_out(name, "how n2 came to lead", "ordered", began);
}

#[test]
fn a_refused_order_is_told_with_its_reason_wherever_the_script_is() {
    let name = "refused-order.json";
    let run = played(&input(name), None);
    recounted(name, &*run);
    let report = report(&*run);
    let refused: Vec<String> = report
        .refused
        .iter()
        .map(|row| format!("line {} at {} ms: {}", row.line, row.at_ms, row.why))
        .collect();
    let right = "line 2 at 5000 ms: n2 does not run; line 3 at 5500 ms: n2 does not run; \
                 line 4 at 5600 ms: n3 runs already";
    comes_out(name, "refused orders", right, refused.join("; "));
    let marks = view::overview(&*run).marks;
    let marked = marks.iter().filter(|mark| mark.label == "refused: n2 does not run").count();
    comes_out(name, "marks on the time axis for n2", "2", marked);
    let sentence = view::sentence(&*run);
    let told =
        "An administrator ordered n2 to lead at 5.000 s, which was refused: n2 does not run.";
    holds(name, "the headline tells of it", told, all(&sentence), sentence.why.contains(told));
}

#[test]
fn every_order_that_cannot_be_carried_out_says_why() {
    let text = r#"{ "format": 1, "until_ms": 9000,
      "cluster": { "nodes": 3, "protocol": "single-leader", "knobs": { "failover": { "promote": "by-hand" } } },
      "script": [
        { "at_ms": 1000, "do": "promote", "node": "n1" }, { "at_ms": 1100, "do": "resume", "node": "n2" },
        { "at_ms": 1200, "do": "pause", "node": "n2" }, { "at_ms": 1300, "do": "promote", "node": "n2" },
        { "at_ms": 1400, "do": "restart", "node": "n2" }, { "at_ms": 2000, "do": "power-off", "node": "n3" },
        { "at_ms": 2100, "do": "power-off", "node": "n3" }, { "at_ms": 2200, "do": "crash", "node": "n3" },
        { "at_ms": 2300, "do": "power-off", "node": "follower:1" } ] }"#;
    let run = played(text, None);
    let found: Vec<Refused> = run
        .observer()
        .milestones()
        .refused()
        .iter()
        .filter_map(|event| match event.what {
            What::ActionRefused { why, .. } => Some(why),
            _ => None,
        })
        .collect();
    use Refused::{DoesNotRun, HasNoPower, IsNotPaused, IsPaused, LeadsAlready, NoSuchNode};
    let right = [LeadsAlready, IsNotPaused, IsPaused, IsPaused, HasNoPower, DoesNotRun, NoSuchNode];
    assert_eq!(found, right);
    let chain = r#"{ "format": 1, "until_ms": 3000, "cluster": { "nodes": 3, "protocol": "chain" },
      "script": [ { "at_ms": 1000, "do": "promote", "node": "n2" } ] }"#;
    if replicarium::protocols::read(chain).is_ok() {
        let refused = report(&*played(chain, None)).refused;
        let why: Vec<&str> = refused.iter().map(|row| row.why.as_str()).collect();
        assert_eq!(why, ["no node is promoted by order in this protocol"]);
    }
}

/// What a crashed leader had sent arrives all the same, after somebody else leads.
#[test]
fn what_arrives_after_another_leads_is_not_said_to_have_never_arrived() {
    let name = "why-lost-false.json";
    let run = played(&input(name), None);
    recounted(name, &*run);
    let untrue =
        run.observer().ledger().lost().filter(|lost| lost.why.sentence().contains("never arrived"));
    comes_out(name, "said to have never arrived", "0", untrue.count());
    // The same on a slow link, whatever applying costs.
    let slow = r#"{ "format": 1, "seed": 1, "until_ms": 12000,
      "cluster": { "nodes": 2, "protocol": "single-leader", "knobs": { "acknowledge": { "mode": "async" },
        "failover": { "promote": "by-hand", "fencing": false } } },
      "network": { "delay": { "constant_ms": 20 } },
      "clients": [ { "count": 1, "writes_per_s": 20, "reads_per_s": 0, "until_ms": 3000, "retry": null } ],
      "script": [ { "at_ms": 2000, "do": "disturb", "from": "n1", "to": "n2", "extra_ms": 6000 },
        { "at_ms": 3100, "do": "crash", "node": "n1" }, { "at_ms": 4000, "do": "promote", "node": "n2" } ] }"#;
    let at = |until: u64| played(slow, Some(until));
    let kinds = |run: &dyn Run<Recorder>| {
        let mut kinds: Vec<&str> =
            run.observer().ledger().lost().map(|lost| lost.why.reason.kind()).collect();
        kinds.dedup();
        kinds.join(" ")
    };
    let (early, late) = (at(5_000), at(12_000));
    recounted("a slow link, at 5 s", &*early);
    recounted("a slow link, at 12 s", &*late);
    comes_out("a slow link", "the reasons at 5 s", "on-its-way", kinds(&*early));
    comes_out("a slow link", "the reasons at 12 s", "arrived-late", kinds(&*late));
    let first = late.observer().ledger().lost().next().copied().expect("a loss");
    let why = first.why.sentence();
    let so = why.contains("after n2 had become the leader") && why.contains("arrived at 8.");
    holds(
        "a slow link",
        "the reason",
        "it arrived at 8.… s, after n2 had become the leader",
        &why,
        so,
    );
    let Reason::ArrivedLate { event, at, .. } = first.why.reason else { panic!("{why}") };
    let delivered = late.observer().trace().get(event).expect("the event");
    assert!(
        matches!(delivered.what, What::Delivered { .. }) && delivered.at == at,
        "{delivered:?}"
    );
}

/// A node that is paused and then loses power is told as that.
#[test]
fn a_paused_node_that_loses_power_is_told_as_that() {
    let text = r#"{ "format": 1, "seed": 1, "until_ms": 9000,
      "cluster": { "nodes": 3, "protocol": "single-leader", "knobs": { "acknowledge": { "mode": "semi-sync" } } },
      "clients": [ { "count": 2, "writes_per_s": 20, "reads_per_s": 0 } ],
      "script": [ { "at_ms": 3000, "do": "pause", "node": "n1" },
        { "at_ms": 3200, "do": "power-off", "node": "n1" } ] }"#;
    let run = played(text, None);
    recounted("paused, then off", &*run);
    let said = all(&view::sentence(&*run));
    holds(
        "paused, then off",
        "the headline",
        "n1 was paused, then lost power",
        &said,
        said.contains("n1 was paused, then lost power; "),
    );
}

/// The headline names who does not hear whom, not everybody as absent.
#[test]
fn two_leaders_that_do_not_hear_each_other_are_both_there() {
    let text = r#"{ "format": 1, "seed": 1, "until_ms": 6000,
      "cluster": { "nodes": 2, "protocol": "multi-leader", "knobs": { "leaders": 2 } },
      "clients": [ { "count": 2, "writes_per_s": 10, "reads_per_s": 0 } ],
      "script": [ { "at_ms": 2000, "do": "cut", "from": "n1", "to": "n2", "both": true } ] }"#;
    let said = all(&view::sentence(&*played(text, None)));
    holds(
        "two leaders",
        "the headline",
        "n1 and n2 do not hear each other.",
        &said,
        said.contains("n1 and n2 do not hear each other."),
    );
    comes_out("two leaders", "“The others go on”", "false", said.contains("he others go on"));
}

#[test]
fn a_limit_that_is_reached_is_named() {
    let text = r#"{ "format": 1, "seed": 1, "until_ms": 9000, "cluster": { "nodes": 3, "protocol": "single-leader" },
      "clients": [ { "count": 4, "writes_per_s": 50, "reads_per_s": 0 } ], "limits": { "operations": 500 } }"#;
    let run = played(text, None);
    let said = view::sentence(&*run);
    let told = "the run's limit of operations is reached: the clients fall silent.";
    holds("500 operations", "the headline", told, &said.why, said.why.contains(told));
    let marks = view::overview(&*run).marks;
    let mark =
        marks.iter().find(|mark| mark.label.starts_with("limit")).map(|mark| mark.label.clone());
    comes_out(
        "500 operations",
        "the mark",
        "limit of operations: clients fall silent",
        mark.unwrap_or_default(),
    );
    let first =
        run.observer().milestones().limits().first().map_or(SimTime::ZERO, |event| event.at);
    assert!(first > SimTime::ZERO && said.reasons.iter().any(|reason| reason.kind == "limit"));
}
