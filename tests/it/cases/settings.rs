//! A setting works, or the document is refused.

use replicarium::engine::base::SimTime;
use replicarium::lab::Lab;
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::{Json, Scenario};
use replicarium::view::sentence::sentence;

use super::{comes_out, document, holds};

#[track_caller]
fn lab(document: &Json) -> Lab {
    Lab::load(document, PROTOCOLS).expect("a sound document")
}

/// All that the headline says.
fn headline(lab: &Lab) -> String {
    let parts = sentence(lab.run()).parts.into_iter().map(|(_, part)| part);
    parts.collect::<Vec<String>>().join(" ")
}

#[test]
fn a_silent_follower_leaves_the_in_sync_set_and_who_is_in_it_takes_over_without_a_loss() {
    let name = "in-sync-set.json";
    let mut lab = lab(&document(name));
    lab.seek(SimTime::from_millis(9_000));
    let acknowledged = lab.report().writes.acknowledged;
    holds(name, "acknowledged by 9 s", "about 16", acknowledged, (14..=18).contains(&acknowledged));
    lab.finish();
    let report = lab.report();
    comes_out(name, "lost", "0", report.writes.lost);
    let leader = report.failovers.last().map_or("nobody", |failover| failover.new.as_str());
    comes_out(name, "takes over", "n2", leader);
    let patient = headline(&lab).contains("as long as it takes");
    comes_out(
        name,
        "says that it waits for as long as it takes",
        "no",
        if patient { "yes" } else { "no" },
    );
    let after = report.writes.acknowledged - acknowledged;
    holds(name, "acknowledged afterwards by n2 alone", "more than 30", after, after > 30);
}

#[test]
fn with_fewer_in_step_than_the_least_writes_are_refused_and_the_reader_is_told_why() {
    let name = "in-sync-set.json";
    let mut least = document(name);
    least.set("cluster.knobs.acknowledge.min_in_sync", Json::Number(3.0));
    least.set("clients.0.retry", Json::Null);
    let mut lab = lab(&least);
    lab.seek(SimTime::from_millis(8_500));
    let report = lab.report();
    comes_out(name, "acknowledged while three must be in step", "6", report.writes.acknowledged);
    holds(name, "refused", "many", report.writes.failed, report.writes.failed > 20);
    let told = headline(&lab);
    holds(name, "the headline says", "that too few are in step", &told, told.contains("in step"));
}

#[test]
fn what_a_setting_cannot_do_is_refused_with_what_it_is_for() {
    let refused = |name: &str, change: &[(&str, &str)], at: &str, says: &str| {
        let mut document = document(name);
        for (path, value) in change {
            document.set(path, replicarium::scenario::parse(value).expect("JSON"));
        }
        let problems = Scenario::read(&document, PROTOCOLS).err().unwrap_or_default();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let right = told.len() == 1 && problems[0].at == at && told[0].contains(says);
        holds(name, &format!("{change:?}"), says, told.join("; "), right);
    };
    let quorum = "failed-quorum-write.json";
    refused(quorum, &[("cluster.knobs.r", "6")], "cluster.knobs.r", "between 1 and 5");
    refused(quorum, &[("cluster.knobs.w", "6")], "cluster.knobs.w", "between 1 and 5");
    let transfers = [("clients.0.workload", "\"transfers\"")];
    refused(quorum, &transfers, "clients[0]", "\"single-leader\" or \"chain\"");
    let steps = "in-sync-set.json";
    let acknowledge = "cluster.knobs.acknowledge";
    let async_too = [
        ("cluster.knobs.acknowledge.mode", "\"async\""),
        ("cluster.knobs.acknowledge.min_in_sync", "2"),
    ];
    refused(steps, &async_too, acknowledge, "\"mode\": \"sync\"");
    let followers = [("cluster.knobs.acknowledge.followers", "{\"any\": 2}")];
    refused(steps, &followers, acknowledge, "\"mode\": \"semi-sync\"");
}
