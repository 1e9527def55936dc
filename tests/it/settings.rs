//! Every setting that a protocol has works in each of its modes, or the document is refused with what
//! the setting is for.
//!
//! The settings are those of the form itself: whatever a document may say is tried here, and whoever
//! adds a field is told by this test if it does nothing. A setting works if some run of a cluster to
//! which things happen comes out otherwise with it.

use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::form::{Kind, Row, described};
use replicarium::scenario::{Json, Scenario, parse};

use crate::support::parallel::each;

/// The modes of a protocol: what they are called in a failure, and their knobs.
struct Modes {
    protocol: &'static str,
    modes: &'static [(&'static str, &'static str)],
    /// What is switched on so that what belongs to it has a meaning, in the first mode only.
    within: &'static [(&'static str, &'static str)],
}

const ALL: &[Modes] = &[
    Modes {
        protocol: "single-leader",
        modes: &[
            ("async, majority", r#"{}"#),
            ("async, first to notice", r#"{"failover":{"promote":"first-to-notice"}}"#),
            ("async, by hand", r#"{"failover":{"promote":"by-hand"}}"#),
            ("any 1, majority", r#"{"acknowledge":{"mode":"semi-sync"}}"#),
            (
                "first 1, first to notice",
                r#"{"acknowledge":{"mode":"semi-sync","followers":{"first":1}},
                    "failover":{"promote":"first-to-notice"}}"#,
            ),
            (
                "sync, by hand",
                r#"{"acknowledge":{"mode":"sync"},"failover":{"promote":"by-hand"}}"#,
            ),
            ("in step, majority", r#"{"acknowledge":{"mode":"sync","give_up_after_ms":800}}"#),
        ],
        within: &[
            (
                "degrades",
                r#"{"acknowledge":{"mode":"semi-sync","when_silent":{"degrade_after_ms":500}}}"#,
            ),
            (
                "first of a list",
                r#"{"acknowledge":{"mode":"semi-sync","followers":{"first":1,"priority":["n3"]}}}"#,
            ),
            ("phi", r#"{"failover":{"detect":{"phi":{}}}}"#),
            ("freshness", r#"{"failover":{"detect":{"freshness":{}}}}"#),
            ("slots", r#"{"retention":{"records":5,"slots":true}}"#),
            ("files", r#"{"catch_up":{"method":"copy-files"}}"#),
        ],
    },
    Modes {
        protocol: "chain",
        modes: &[
            ("chain", r#"{}"#),
            ("craq", r#"{"variant":"craq"}"#),
            ("primary-backup", r#"{"variant":"primary-backup"}"#),
            ("weak", r#"{"variant":"weak"}"#),
        ],
        within: &[],
    },
    Modes {
        protocol: "multi-leader",
        modes: &[
            ("last write wins", r#"{}"#),
            ("siblings", r#"{"resolve":"siblings"}"#),
            ("merge", r#"{"resolve":"merge"}"#),
        ],
        within: &[],
    },
    Modes {
        protocol: "leaderless",
        modes: &[("siblings", r#"{}"#), ("last write wins", r#"{"versions":"last-write-wins"}"#)],
        within: &[
            ("anti-entropy", r#"{"anti_entropy":{"every_ms":700}}"#),
            ("tombstones", r#"{"tombstones":{"keep_ms":900}}"#),
            (
                "legs",
                r#"{"legs":{"write":{"constant_ms":3},"ack":{"constant_ms":3},"read":{"constant_ms":3},"response":{"constant_ms":3}}}"#,
            ),
        ],
    },
];

/// What happens to the clusters, one run each: knobs that are not under test, the surroundings, and
/// the script.
const WORLDS: &[(&str, &str, &str)] = &[
    (
        r#"{}"#,
        r#"{"loss":0.05}"#,
        r#"[{"at_ms":2000,"do":"power-off","node":"n1"},{"at_ms":3500,"do":"promote","node":"n2"},
            {"at_ms":5000,"do":"restart","node":"n1"}]"#,
    ),
    (
        r#"{"retention":{"records":5}}"#,
        r#"{}"#,
        r#"[{"at_ms":1500,"do":"isolate","node":"n3"},{"at_ms":5000,"do":"heal-all"}]"#,
    ),
    (
        r#"{}"#,
        r#"{}"#,
        r#"[{"at_ms":1500,"do":"isolate","node":"n1"},{"at_ms":3000,"do":"promote","node":"n2"},
            {"at_ms":5500,"do":"heal-all"}]"#,
    ),
    (
        r#"{"retention":{"records":5}}"#,
        r#"{"delay":{"base_ms":20,"exponential_ms":30}}"#,
        r#"[{"at_ms":1000,"do":"copy-afresh","node":"n3"},{"at_ms":3000,"do":"add-follower"},
            {"at_ms":4000,"do":"power-off","node":"n2"},{"at_ms":6000,"do":"restart","node":"n2"}]"#,
    ),
    (
        r#"{}"#,
        r#"{}"#,
        r#"[{"at_ms":1500,"do":"pause","node":"n3"},{"at_ms":2500,"do":"pause","node":"n2"},
            {"at_ms":6000,"do":"resume","node":"n2"},{"at_ms":6500,"do":"resume","node":"n3"}]"#,
    ),
    (
        r#"{}"#,
        r#"{}"#,
        r#"[{"at_ms":1000,"do":"skew-clock","node":"n2","skew_ms":300},
            {"at_ms":2000,"do":"power-off","node":"n1"},{"at_ms":2000,"do":"isolate","node":"n3"},
            {"at_ms":3000,"do":"heal-all"},{"at_ms":5500,"do":"restart","node":"n1"}]"#,
    ),
    (
        r#"{"failover":{"heartbeat_ms":20}}"#,
        r#"{"delay":{"base_ms":2,"exponential_ms":9}}"#,
        r#"[{"at_ms":5500,"do":"power-off","node":"n1"},{"at_ms":8500,"do":"restart","node":"n1"}]"#,
    ),
    (
        r#"{"retention":{"records":5},"catch_up":{"method":"copy-files"}}"#,
        r#"{}"#,
        r#"[{"at_ms":1000,"do":"copy-afresh","node":"n3"},{"at_ms":3000,"do":"add-follower"}]"#,
    ),
    (
        r#"{"shipping":{"window_records":8}}"#,
        r#"{"delay":{"constant_ms":2000}}"#,
        r#"[{"at_ms":1000,"do":"isolate","node":"n3"},{"at_ms":4000,"do":"heal-all"}]"#,
    ),
];

/// Lays what `over` says over what `under` says.
fn laid_over(under: &Json, over: &Json) -> Json {
    let (Json::Object(_), Json::Object(fields)) = (under, over) else { return over.clone() };
    let mut all = under.clone();
    for (name, value) in fields {
        let merged =
            under.field(name).map_or_else(|| value.clone(), |known| laid_over(known, value));
        all.put(name, merged);
    }
    all
}

fn json(text: &str) -> Json {
    parse(text).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

/// The cluster of a mode to which the things of a world happen.
fn document(protocol: &str, mode: &Json, (knobs, network, script): (&str, &str, &str)) -> Json {
    let mut document = json(
        r#"{ "format": 1, "seed": 7, "until_ms": 9000,
          "cluster": { "nodes": 5 },
          "disk": { "flush": { "constant_ms": 4 } },
          "clients": [
            { "count": 2, "writes_per_s": 12, "reads_per_s": 10, "keys": 6, "timeout_ms": 900, "deletes": 0.1 },
            { "count": 2, "writes_per_s": 4, "reads_per_s": 20, "keys": 6, "timeout_ms": 900, "read_from": "any" }
          ] }"#,
    );
    document.set("cluster.protocol", Json::text(protocol));
    document.put("network", json(network));
    document.put("script", json(script));
    if protocol == "single-leader" && script.contains(r#""power-off","node":"n1""#) {
        // Followers that apply slowly: something is received and not applied when one of them is promoted.
        document.put("service", json(r#"{ "apply_ms": 200 }"#));
    }
    let fits = Scenario::read(&with_knobs(&document, &laid_over(mode, &json(knobs))), PROTOCOLS);
    let knobs = if fits.is_ok() { laid_over(&json(knobs), mode) } else { mode.clone() };
    with_knobs(&document, &knobs)
}

fn with_knobs(document: &Json, knobs: &Json) -> Json {
    let mut document = document.clone();
    document.set("cluster.knobs", knobs.clone());
    document
}

/// How a run comes out: the digest of everything that happened.
fn comes_out(document: &Json) -> Result<u64, Vec<String>> {
    let scenario = Scenario::read(document, PROTOCOLS)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let mut run = scenario.run();
    run.advance(run.until(), u32::MAX);
    Ok(run.observer().trace().digest())
}

/// Settings that stand below a row, with values to try: paths from the row's own on.
fn values(row: &Row, path: &str, out: &mut Vec<(String, Vec<Json>)>) {
    if let Kind::Object { rows, merged: true } = &row.kind {
        for inner in rows {
            values(inner, &format!("{path}.{}", inner.name), out);
        }
        return;
    }
    // An object that is switched on at present: what stands in it is tried one by one.
    if let (Kind::Either(kinds), Json::Object(_)) = (&row.kind, &row.default) {
        for kind in kinds {
            let Kind::Object { rows, .. } = kind else { continue };
            for inner in rows.iter().filter(|inner| row.default.field(inner.name).is_some()) {
                let default = row.default.field(inner.name).cloned().unwrap_or(Json::Null);
                let inner = Row { default, ..inner.clone() };
                values(&inner, &format!("{path}.{}", inner.name), out);
            }
        }
    }
    let tried = others(&row.kind, &row.default, path);
    out.push((path.to_owned(), tried));
}

/// Values of this kind other than the present one.
fn others(kind: &Kind, present: &Json, path: &str) -> Vec<Json> {
    let mut found = match kind {
        Kind::Number { min, max, whole, .. } => {
            let now = present.as_number().unwrap_or(700.0);
            let near = [now * 2.0 + 1.0, now / 4.0, now + 1.0, now * 20.0, 1.0, 60.0, 700.0, *min];
            let rounded = |number: f64| if *whole { number.floor() } else { number };
            near.iter().map(|number| Json::Number(rounded(number.clamp(*min, *max)))).collect()
        }
        Kind::Switch => vec![Json::Bool(true), Json::Bool(false)],
        Kind::Words(words) => words.iter().map(|(word, _)| Json::text(*word)).collect(),
        Kind::Either(kinds) => kinds.iter().flat_map(|kind| others(kind, present, path)).collect(),
        Kind::Null => vec![Json::Null],
        Kind::Object { rows, .. } => objects(rows, path),
        Kind::List { of, .. } if matches!(**of, Kind::Pattern { .. }) => {
            vec![json(r#"["n3"]"#), json(r#"["n5","n4"]"#)]
        }
        Kind::List { of, least: 2, most: 2 } if matches!(**of, Kind::Number { .. }) => {
            vec![json("[1200,1900]")]
        }
        Kind::Named("delay") => vec![json(r#"{"constant_ms":7}"#)],
        Kind::List { .. } | Kind::Text | Kind::Pattern { .. } | Kind::Named(_) => Vec::new(),
    };
    if let Kind::Number { open: true, .. } = kind {
        found.push(Json::Null);
    }
    found.retain(|value| value != present);
    found
}

/// Objects of which one field is said, besides what must be.
fn objects(rows: &[Row], path: &str) -> Vec<Json> {
    let value = |row: &Row| others(&row.kind, &row.default, path).into_iter().next();
    let mut base = Json::Object(Vec::new());
    for row in rows.iter().filter(|row| row.required) {
        base.put(row.name, value(row).unwrap_or(Json::Null));
    }
    let with = |row: &Row| {
        let mut one = base.clone();
        one.put(row.name, value(row)?);
        Some(one)
    };
    let mut all: Vec<Json> = rows.iter().filter(|row| !row.required).filter_map(with).collect();
    all.push(base);
    all
}

/// Every setting of a document that belongs to the protocol or to whom clients ask, with values.
fn settings(document: &Json) -> Vec<(String, Vec<Json>)> {
    let mut scenario = Scenario::read(document, PROTOCOLS).unwrap_or_else(|problems| {
        panic!("{problems:?}\n{document}");
    });
    let rows = described(scenario.system.fields());
    let mut found = Vec::new();
    let row = |rows: &[Row], name: &str| rows.iter().find(|row| row.name == name).cloned();
    let Some(Row { kind: Kind::Object { rows: cluster, .. }, .. }) = row(&rows, "cluster") else {
        panic!("a document has a cluster");
    };
    values(&row(&cluster, "knobs").expect("knobs"), "cluster.knobs", &mut found);
    let session = ["sticky", "remember_position", "own_writes_from_leader"];
    for group in [0, 1] {
        for name in session {
            found.push((format!("clients.{group}.session.{name}"), vec![Json::Bool(true)]));
        }
    }
    found.push(("clients.1.read_from".to_owned(), ["leader", "follower"].map(Json::text).into()));
    found.push(("clients.0.node".to_owned(), vec![Json::text("n3")]));
    found.push(("clients.0.workload".to_owned(), ["transfers", "cas"].map(Json::text).into()));
    found.push(("clients.0.deletes".to_owned(), vec![Json::Number(0.9)]));
    found.push(("clients.0.at_leader".to_owned(), vec![Json::Bool(true)]));
    found.push(("clients.0.retry".to_owned(), vec![Json::Null, json(r#"{"idempotent":false}"#)]));
    for work in ["read_ms", "write_ms", "replicate_ms", "apply_ms"] {
        found.push((format!("service.{work}"), vec![Json::Number(9.0)]));
    }
    found
}

/// What is wrong with a setting in a mode; nothing if it works, or is refused with what it is for.
fn does_nothing(
    (protocol, mode): (&str, &Json),
    (path, tried): &(String, Vec<Json>),
    usual: &[(Json, u64)],
) -> Option<String> {
    let mut refusals = Vec::new();
    for (document, usual) in usual {
        for value in tried {
            let mut with = document.clone();
            with.set(path, value.clone());
            match comes_out(&with) {
                Ok(digest) if digest != *usual => return None,
                Ok(_) => {}
                Err(said) => refusals.extend(said),
            }
        }
    }
    let name = path.rsplit('.').next().unwrap_or(path);
    // It says with what it means something, or that the number cannot be.
    if refusals.iter().any(|said| said.contains(name) && said.contains("only with")) {
        return None;
    }
    Some(format!("{protocol} {mode}: \"{path}\" does nothing; tried {tried:?}; {refusals:?}"))
}

#[test]
fn every_setting_works_in_every_mode_or_is_refused_with_what_it_is_for() {
    let mut work = Vec::new();
    for Modes { protocol, modes, within } in ALL {
        let mut known: Vec<String> = Vec::new();
        for (index, (name, knobs)) in modes.iter().chain(*within).enumerate() {
            let mode = json(knobs);
            let plain = with_knobs(&document(protocol, &mode, WORLDS[0]), &mode);
            for setting in settings(&plain) {
                // What has a meaning only beside another setting is tried where that is on.
                let new = !known.contains(&setting.0);
                if new || index < modes.len() {
                    work.push((*protocol, *name, mode.clone(), setting.clone()));
                }
                if new {
                    known.push(setting.0);
                }
            }
        }
    }
    let modes: Vec<(&str, Json)> =
        work.iter().fold(Vec::new(), |mut all, (protocol, _, mode, _)| {
            if !all.contains(&(*protocol, mode.clone())) {
                all.push((*protocol, mode.clone()));
            }
            all
        });
    let usual = each(&modes, |(protocol, mode)| {
        let runs = WORLDS.iter().map(|world| document(protocol, mode, *world));
        let run = |document: Json| {
            let digest = comes_out(&document).unwrap_or_else(|said| panic!("{said:?}\n{document}"));
            (document, digest)
        };
        runs.map(run).collect::<Vec<(Json, u64)>>()
    });
    let idle = each(&work, |(protocol, _, mode, setting)| {
        let at = modes.iter().position(|known| *known == (*protocol, mode.clone()));
        does_nothing((protocol, mode), setting, &usual[at.expect("a known mode")])
    });
    println!("{} settings in {} modes", work.len(), modes.len());
    let idle: Vec<String> = idle.into_iter().flatten().collect();
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}
