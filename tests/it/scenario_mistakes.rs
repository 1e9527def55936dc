//! Mistakes in scenarios: all at once, each with what, where and how to fix.

use replicarium::scenario::{self, Json, Scenario};

use super::scenario::EVERYTHING;

/// The mistakes of a document as (id, where).
fn mistakes_of(text: &str) -> Vec<(String, String)> {
    let problems = replicarium::protocols::read(text).expect_err("there are mistakes");
    for problem in &problems {
        assert!(!problem.mistake.what().is_empty(), "{problem:?}");
        assert!(!problem.mistake.fix().is_empty(), "{problem:?}");
        let lines: Vec<String> = problem.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3, "{problem}");
        assert!(lines[1].starts_with("  where: ") && lines[2].starts_with("  fix:   "));
    }
    problems.iter().map(|p| (p.mistake.id().to_owned(), p.at.clone())).collect()
}

#[track_caller]
fn check_mistakes(text: &str, expected: &[(&str, &str)]) {
    let found = mistakes_of(text);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(id, at)| (id.as_str(), at.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let text = r#"
    { "format": 2, "sed": 7, "until_ms": 20000,
      "cluster": { "nodes": 3.5, "protocol": "single-leader",
        "knobs": { "acknowledge": { "mode": "fast", "followers": { "any": 1, "first": 2 }, "when_silent": "panic" },
                   "failover": { "election_timeout_ms": [300, 150], "choose": { "priority": ["n9"] }, "fencing": "yes" } } },
      "network": { "loss": 1.5, "delay": 3, "links": [ { "from": "n1", "to": "n1" }, { "from": "n1" } ] },
      "clients": [ { "loop": "closed", "writes_per_s": 5, "read_from": "nobody", "from_ms": 20, "until_ms": 10 } ],
      "script": [ { "at_ms": 1000, "do": "crash", "node": "n4" }, { "at_ms": 30000, "do": "heal-all" }, { "do": "explode" },
                  { "at_ms": 5, "do": "pause", "node": "king" }, { "at_ms": 5 }, { "at_ms": 6, "do": "cut", "from": "n1", "to": "n1" },
                  { "at_ms": 7000, "do": "add-follower" }, { "at_ms": 8000, "do": "crash", "node": "n4" }, { "at_ms": 6000, "do": "crash", "node": "follower:7" } ] }
    "#;
    check_mistakes(
        text,
        &[
            ("scenario/unknown-format", "format"),
            ("scenario/not-whole", "cluster.nodes"),
            ("scenario/unknown-word", "cluster.knobs.acknowledge.mode"),
            ("scenario/contradiction", "cluster.knobs.acknowledge.followers"),
            ("scenario/wrong-type", "cluster.knobs.acknowledge.when_silent"),
            ("scenario/empty-range", "cluster.knobs.failover.election_timeout_ms"),
            ("scenario/unknown-node", "cluster.knobs.failover.choose.priority[0]"),
            ("scenario/wrong-type", "cluster.knobs.failover.fencing"),
            ("scenario/wrong-type", "network.delay"),
            ("scenario/out-of-range", "network.loss"),
            ("scenario/same-node", "network.links[0]"),
            ("scenario/missing-field", "network.links[1]"),
            ("scenario/only-with", "clients[0]"),
            ("scenario/unknown-word", "clients[0].read_from"),
            ("scenario/empty-range", "clients[0]"),
            ("scenario/unknown-node", "script[0].node"),
            ("scenario/bad-time", "script[1].at_ms"),
            ("scenario/missing-field", "script[2]"),
            ("scenario/unknown-action", "script[2].do"),
            ("scenario/not-a-node", "script[3].node"),
            ("scenario/missing-field", "script[4]"),
            ("scenario/same-node", "script[5]"),
            ("scenario/unknown-node", "script[8].node"),
            ("scenario/unknown-field", "sed"),
        ],
    );
}

#[test]
fn a_document_that_is_no_scenario_is_told_so() {
    check_mistakes("{", &[("scenario/not-json", "")]);
    check_mistakes("[]", &[("scenario/wrong-type", "")]);
    let missing = [("scenario/missing-field", ""), ("scenario/missing-field", "")];
    check_mistakes("{}", &missing);
}

#[test]
fn a_protocol_that_does_not_exist_is_answered_with_those_that_do() {
    let text = r#"{"format":1,"cluster":{"protocol":"paxos","knobs":{"quorum":2}}}"#;
    let problems = replicarium::protocols::read(text).expect_err("no such protocol");
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = "scenario/unknown-protocol: there is no protocol \"paxos\"\n  \
                    where: cluster.protocol\n  fix:   this program has single-leader, chain, \
                    multi-leader, leaderless";
    assert_eq!(told, [expected]);
}

#[test]
fn a_run_has_room_for_so_many_nodes() {
    let add = r#"{"at_ms":1,"do":"add-follower"}"#;
    let script = vec![add; 30].join(",");
    let cluster = r#""cluster":{"nodes":100,"protocol":"single-leader"}"#;
    let text = format!(r#"{{"format":1,{cluster},"script":[{script}]}}"#);
    check_mistakes(&text, &[("scenario/too-many-nodes", "script")]);
}

#[test]
fn a_misspelt_field_is_met_with_the_right_name() {
    let text = r#"{"format":1,"cluster":{"protocol":"single-leader"},"clints":[]}"#;
    let problems = replicarium::protocols::read(text).expect_err("a misspelt field");
    assert!(problems[0].mistake.fix().starts_with("rename it to \"clients\""));
}

/// Every value of a document, with its path as mistakes name it.
fn leaves(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        Json::Object(fields) => {
            for (name, value) in fields {
                let dot = if at.is_empty() { "" } else { "." };
                leaves(value, &format!("{at}{dot}{name}"), found);
            }
        }
        Json::List(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                leaves(element, &format!("{at}[{index}]"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn whatever_stands_in_a_field_that_should_not_is_told_at_that_field() {
    let document = scenario::parse(EVERYTHING).expect("json");
    let mut paths = Vec::new();
    leaves(&document, "", &mut paths);
    assert!(paths.len() > 120, "{}", paths.len());
    for path in &paths {
        let mut wrong = document.clone();
        let place = path.replace('[', ".").replace(']', "");
        wrong.set(&place, Json::object([("nonsense", Json::Null)]));
        let problems = Scenario::read(&wrong, replicarium::protocols::PROTOCOLS).expect_err(path);
        let told = problems.iter().any(|problem| problem.at.starts_with(path.as_str()));
        assert!(told, "{path}: {problems:?}");
    }
}
