//! Scenarios: what is typed is what is meant, written again as it was, and described truly.

use replicarium::engine::base::{NodeId, SimTime, Span};
use replicarium::engine::world::{FAULTS, Setup, Target, fault};
use replicarium::protocols::PROTOCOLS;
use replicarium::protocols::single_leader::SingleLeader;
use replicarium::protocols::single_leader::knobs::{ConfirmOn, Knobs, Mode, WhenSilent};
use replicarium::scenario::knobs::{Control, knobs, turn};
use replicarium::scenario::schema::schema;
use replicarium::scenario::{self, Json, Scenario, presets};

#[track_caller]
fn setup_of(text: &str) -> Setup<Knobs> {
    let scenario = replicarium::protocols::read(text).unwrap_or_else(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    });
    scenario.setup::<SingleLeader>().expect("a scenario of it").clone()
}

const SMALLEST: &str = r#"{"format":1,"cluster":{"nodes":3,"protocol":"single-leader"}}"#;

/// The scenario of the design's section on files, with a fourth follower.
const DESIGN: &str = r#"
{ "format": 1, "title": "Asynchronous leader dies", "seed": 7, "until_ms": 60000,
  "cluster": { "nodes": 3, "protocol": "single-leader",
               "knobs": { "acknowledge": { "mode": "semi-sync", "followers": { "any": 1 }, "on": "flushed", "when_silent": { "degrade_after_ms": 10000 } },
                          "failover": { "detect": { "timeout_ms": 3000 }, "heartbeat_ms": 500, "promote": "majority", "choose": "most-up-to-date", "fencing": true, "returning": "rewind" },
                          "retention": { "records": 1000 } } },
  "network": { "delay": { "base_ms": 0.2, "exponential_ms": 1.0 }, "loss": 0.0, "buffer_bytes": 4194304,
               "links": [ { "from": "n1", "to": "n3", "delay": { "constant_ms": 40 } } ] },
  "disk":    { "flush": { "constant_ms": 2 } },
  "service": { "read_ms": 0, "write_ms": 0, "apply_ms": 0 },
  "clients": [ { "count": 2, "writes_per_s": 50, "reads_per_s": 20, "read_from": "leader", "keys": 20, "value_bytes": 64, "timeout_ms": 1000, "retry": { "idempotent": true } } ],
  "script":  [ { "at_ms": 10000, "do": "crash", "node": "leader" }, { "at_ms": 20000, "do": "restart", "node": "n1" },
               { "at_ms": 25000, "do": "cut", "from": "n2", "to": "n3" }, { "at_ms": 30000, "do": "add-follower" },
               { "at_ms": 30000, "do": "pause", "node": "n4" } ] }
"#;

/// Every kind of action, delay and choice at least once.
pub const EVERYTHING: &str = r#"
{ "format": 1, "seed": 9007199254740991, "until_ms": 90000.5,
  "cluster": { "nodes": 5, "protocol": "single-leader", "knobs": {
    "acknowledge": { "mode": "semi-sync", "followers": { "first": 2, "priority": ["n3", "n2"] }, "on": "applied", "give_up_after_ms": null },
    "failover": { "detect": { "timeout_ms": 30000 }, "election_timeout_ms": null, "promote": "first-to-notice",
                  "choose": { "priority": ["n2", "n5"] }, "fencing": false, "returning": "trust" },
    "retention": { "records": null, "slots": true, "slot_limit_records": 500 },
    "shipping": { "batch_records": 1, "window_records": 2 },
    "catch_up": { "automatic": false, "bandwidth_bytes_per_s": 5000, "piece_bytes": 512 } } },
  "network": { "delay": { "mixture": [ { "weight": 0.9, "pareto": { "scale_ms": 0.235, "shape": 10 } }, { "weight": 0.1, "exponential_ms": 0.6 } ] },
               "loss": 0.01, "duplicate": 0.02, "bandwidth_bytes_per_s": 1000000, "ordered": false, "clients_delay": { "uniform_ms": [1, 2] },
               "links": [ { "from": "n1", "to": "n6", "loss": 0, "bandwidth_bytes_per_s": null, "delay": { "lognormal": { "median_ms": 8, "sigma": 0.5 } } } ] },
  "disk": { "flush": { "base_ms": 1, "uniform_ms": [0, 2], "exponential_ms": 3 }, "capacity_bytes": 100000 },
  "service": { "read_ms": 0.5, "write_ms": 1, "apply_ms": 0.25 },
  "clients": [ { "count": 1, "loop": "closed", "update_fraction": 0.15, "think_ms": 5, "read_from": "follower:2", "retry": null, "at_leader": true },
               { "read_from": "any", "from_ms": 100, "until_ms": 200, "retry": { "idempotent": false, "attempts": 3, "pause_ms": 50 } } ],
  "script": [ { "at_ms": 1, "do": "crash", "node": "n1" }, { "at_ms": 2, "do": "power-off", "node": "follower:2" },
              { "at_ms": 3, "do": "pause", "node": "leader" }, { "at_ms": 4, "do": "resume", "node": "n2" }, { "at_ms": 5, "do": "restart", "node": "n1" },
              { "at_ms": 6, "do": "cut", "from": "n1", "to": "leader", "both": true }, { "at_ms": 7, "do": "heal", "from": "n1", "to": "n2" },
              { "at_ms": 8, "do": "isolate", "node": "n3", "clients": true }, { "at_ms": 9, "do": "heal-all" },
              { "at_ms": 10, "do": "slow-disk", "node": "n3", "factor": 20 }, { "at_ms": 11, "do": "full-disk", "node": "n3", "full": false },
              { "at_ms": 12, "do": "disturb", "from": "n1", "to": "n2", "loss": 0.5, "duplicate": 0.1, "extra_ms": 7 },
              { "at_ms": 13, "do": "promote", "node": "n2" }, { "at_ms": 14, "do": "copy-afresh", "node": "n2" }, { "at_ms": 15, "do": "add-follower" },
              { "at_ms": 16, "do": "drop-message", "message": 12 }, { "at_ms": 17, "do": "delay-message", "message": 13, "by_ms": 5 },
              { "at_ms": 18, "do": "duplicate-message", "message": 14, "by_ms": 6 }, { "at_ms": 19, "do": "deliver-now", "message": 15 },
              { "at_ms": 20, "do": "quiet-clients" } ],
  "limits": { "trace_events": 5000, "operations": 1000, "in_flight": 100 } }
"#;

#[test]
fn the_smallest_document_is_the_usual_run() {
    let setup = setup_of(SMALLEST);
    let usual: Setup<Knobs> = Setup::default();
    assert_eq!(format!("{setup:?}"), format!("{usual:?}"));
    assert!(!setup.clients.is_empty(), "somebody writes");
}

#[test]
fn the_document_of_the_design_means_what_it_says() {
    let setup = setup_of(DESIGN);
    assert_eq!((setup.seed, setup.until), (7, SimTime::from_millis(60_000)));
    assert_eq!(setup.knobs.acknowledge.mode, Mode::SemiSyncAny(1));
    assert_eq!(setup.knobs.acknowledge.on, ConfirmOn::Flushed);
    let degrade = WhenSilent::DegradeAfter(Span::from_millis(10_000));
    assert_eq!(setup.knobs.acknowledge.when_silent, degrade);
    let slow = setup.network.of(NodeId(0), NodeId(2));
    assert!((slow.delay.mean_micros() - 40_000.0).abs() < 1e-9);
    assert_eq!(slow.buffer_bytes, 4_194_304, "what a link leaves out is as for all links");
    assert_eq!(setup.script[0].action, fault::crash(Target::Leader));
    let pause = fault::pause(Target::Node(NodeId(3)));
    assert_eq!(setup.script[4].action, pause, "n4 exists once it was added");
}

#[test]
fn one_time_out_is_meant_for_elections_too() {
    let with = |failover: &str| {
        let knobs = format!(r#""knobs":{{"failover":{failover}}}"#);
        let cluster = format!(r#""cluster":{{"protocol":"single-leader",{knobs}}}"#);
        setup_of(&format!(r#"{{"format":1,{cluster}}}"#)).knobs.failover.election_timeout
    };
    let ms = Span::from_millis;
    assert_eq!(with(r#"{"detect":{"timeout_ms":30000}}"#), (ms(30_000), ms(45_000)));
    let both = r#"{"detect":{"timeout_ms":30000},"election_timeout_ms":[3000,3300]}"#;
    assert_eq!(with(both), (ms(3_000), ms(3_300)));
}

#[test]
fn a_document_survives_being_read_and_written() {
    for text in [SMALLEST, DESIGN, EVERYTHING] {
        let meant = replicarium::protocols::read(text).expect("no mistakes");
        for again in [meant.full(), meant.short()] {
            let twice = Scenario::read(&again, PROTOCOLS).expect("what is written can be read");
            assert_eq!(format!("{meant:?}"), format!("{twice:?}"), "{again}");
        }
    }
    let smallest = replicarium::protocols::read(SMALLEST).expect("no mistakes");
    let text = r#"{"format":1,"cluster":{"protocol":"single-leader"}}"#;
    assert_eq!(smallest.short().to_string(), text, "defaults are left out");
}

#[test]
fn actions_are_documents_too() {
    let meant = setup_of(EVERYTHING);
    for line in &meant.script {
        let json = scenario::action_json(&line.action);
        assert_eq!(scenario::action_of(&json, 6, FAULTS), Ok(line.action), "{json}");
    }
    let cut = &meant.script[5].action;
    assert_eq!(scenario::action_text(cut), "cut from=n1 to=leader both=true");
    assert_eq!(scenario::action_text(&fault::power_off(Target::Leader)), "power-off leader");
}

#[test]
fn the_schema_accepts_what_the_reader_accepts_and_documents_every_field() {
    let schema = schema(PROTOCOLS);
    for text in [SMALLEST, DESIGN, EVERYTHING] {
        let document = scenario::parse(text).expect("json");
        assert_eq!(refusals(&schema, &schema, &document, "document"), Vec::<String>::new());
        let full = Scenario::read(&document, PROTOCOLS).expect("no mistakes").full();
        assert_eq!(refusals(&schema, &schema, &full, "full"), Vec::<String>::new());
    }
    let wrong = scenario::parse(r#"{"format":2,"cluster":{"nodes":0.5},"titel":""}"#);
    // Of several protocols the cluster fits none, whatever is wrong with it.
    let found = refusals(&schema, &schema, &wrong.expect("json"), "document");
    assert_eq!(found.len(), 3, "{found:?}");
    let undocumented = fields_without_a_sentence(&schema, "schema");
    assert_eq!(undocumented, Vec::<String>::new());
}

#[test]
fn every_knob_can_be_turned_and_shows_what_it_was_turned_to() {
    for text in [SMALLEST, DESIGN] {
        let document = scenario::parse(text).expect("json");
        let meant = Scenario::read(&document, PROTOCOLS).expect("no mistakes");
        let all = knobs(&meant);
        assert!(all.len() > 15, "{all:?}");
        // The design's script names n3 and n4: fewer nodes would be a mistake.
        let fixed = |path: &str| path == "cluster.nodes" && text == DESIGN;
        for knob in all.into_iter().filter(|knob| !fixed(knob.path)) {
            for (value, stands) in positions(&knob.control) {
                let mut turned = document.clone();
                turn(&mut turned, &meant, knob.path, value);
                let after =
                    Scenario::read(&turned, PROTOCOLS).expect("a turned knob is no mistake");
                let shown = knobs(&after).into_iter().find(|k| k.path == knob.path);
                assert_eq!(shown.map(|k| k.control), Some(stands), "{}: {turned}", knob.path);
            }
        }
    }
}

#[test]
fn every_preset_is_sound_and_every_file_is_listed() {
    let schema = schema(PROTOCOLS);
    for preset in presets(PROTOCOLS) {
        let meant = replicarium::protocols::read(preset.text);
        let problems = meant.as_ref().err().into_iter().flatten();
        let told: Vec<String> = problems.map(ToString::to_string).collect();
        assert_eq!(told.join("\n"), "", "{}", preset.name);
        let found = refusals(&schema, &schema, &preset.document(), preset.name);
        assert_eq!(found, Vec::<String>::new());
        let title = meant.map(|scenario| scenario.title).unwrap_or_default();
        assert!(!title.is_empty(), "{} has no title", preset.name);
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/protocols/src");
    let folders = std::fs::read_dir(folder).expect("a folder for each protocol").flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path().join("presets")));
    let names = files.flatten().flatten();
    let names = names.map(|file| file.file_name().into_string().expect("a name"));
    let mut files: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
    let mut listed: Vec<String> = presets(PROTOCOLS).map(|preset| preset.name.to_owned()).collect();
    files.sort_unstable();
    listed.sort_unstable();
    assert_eq!(files, listed);
}

#[test]
fn presets_that_are_compared_differ_in_one_knob() {
    let document = |name: &str| {
        let mut document =
            scenario::preset(replicarium::protocols::PROTOCOLS, name).expect("a preset").document();
        document.remove("title");
        document
    };
    let differ_in = |one: &str, other: &str, path: &str| {
        let (mut one, other) = (document(one), document(other));
        assert_ne!(one, other);
        one.set(path, other.at(path).expect("the knob").clone());
        assert_eq!(one, other);
    };
    let knobs = "cluster.knobs.acknowledge";
    differ_in("async-leader-crash", "semi-sync-leader-crash", knobs);
    differ_in("async-leader-crash", "sync-leader-crash", knobs);
    let fencing = "cluster.knobs.failover.fencing";
    differ_in("split-brain-unfenced", "split-brain-fenced", fencing);
}

/// Every position of a knob that is worth trying: what is put in, and how it must stand then.
fn positions(control: &Control) -> Vec<(Json, Control)> {
    match *control {
        Control::Choice { options, .. } => {
            let choice = |(chosen, (text, _)): (usize, &(&str, &str))| {
                (scenario::parse(text).expect("json"), Control::Choice { options, chosen })
            };
            options.iter().enumerate().map(choice).collect()
        }
        Control::Number { unit, min, max, step, .. } => [min, max, (min + step).min(max)]
            .map(|value| (Json::Number(value), Control::Number { value, unit, min, max, step }))
            .to_vec(),
        Control::Switch { .. } => {
            [true, false].map(|on| (Json::Bool(on), Control::Switch { on })).to_vec()
        }
    }
}

#[test]
fn turning_a_knob_leaves_the_rest_as_it_was() {
    let mut document = scenario::parse(SMALLEST).expect("json");
    let meant = Scenario::read(&document, PROTOCOLS).expect("no mistakes");
    turn(&mut document, &meant, "network.delay.base_ms", Json::Number(5.0));
    turn(&mut document, &meant, "clients.0.writes_per_s", Json::Number(7.0));
    let after = Scenario::read(&document, PROTOCOLS).expect("no mistakes").full();
    let mut expected = meant.full();
    expected.set("network.delay.base_ms", Json::Number(5.0));
    expected.set("clients.0.writes_per_s", Json::Number(7.0));
    assert_eq!(after, expected);
}

/// What a schema has against a document: the part of draft 2020-12 that ours uses.
fn refusals(root: &Json, schema: &Json, json: &Json, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(name) = schema.field("$ref").and_then(Json::as_text) {
        let path = name.trim_start_matches("#/").replace('/', ".");
        found.extend(refusals(root, root.at(&path).expect("a definition"), json, at));
    }
    for word in ["anyOf", "oneOf"] {
        let choices = schema.field(word).map_or(&[][..], Json::elements);
        let fits = |choice: &&Json| refusals(root, choice, json, at).is_empty();
        if !choices.is_empty() && !choices.iter().any(|choice| fits(&choice)) {
            found.push(format!("{at}: no choice fits"));
        }
    }
    if schema.field("const").is_some_and(|constant| constant != json) {
        found.push(format!("{at}: not the constant"));
    }
    let words = schema.field("enum").map_or(&[][..], Json::elements);
    if !words.is_empty() && !words.contains(json) {
        found.push(format!("{at}: not among the words"));
    }
    if let Some(wanted) = schema.field("type") {
        let fits = |name: &Json| matches_type(name.as_text().expect("a type"), json);
        if !(if let Json::List(any) = wanted { any.iter().any(fits) } else { fits(wanted) }) {
            found.push(format!("{at}: not {wanted}"));
        }
    }
    if let Some(number) = json.as_number() {
        let limit = |name| schema.field(name).and_then(Json::as_number);
        if limit("minimum").is_some_and(|m| number < m)
            || limit("maximum").is_some_and(|m| number > m)
        {
            found.push(format!("{at}: out of range"));
        }
    }
    for (index, element) in json.elements().iter().enumerate() {
        if let Some(items) = schema.field("items") {
            found.extend(refusals(root, items, element, &format!("{at}[{index}]")));
        }
    }
    if let (Json::Object(fields), Some(properties)) = (json, schema.field("properties")) {
        for (name, value) in fields {
            match properties.field(name) {
                Some(property) => {
                    found.extend(refusals(root, property, value, &format!("{at}.{name}")));
                }
                None => found.push(format!("{at}.{name}: not a field")),
            }
        }
        for name in schema.field("required").map_or(&[][..], Json::elements) {
            if json.field(name.as_text().expect("a name")).is_none() {
                found.push(format!("{at}: {name} is missing"));
            }
        }
    }
    found
}

fn matches_type(name: &str, json: &Json) -> bool {
    match name {
        "object" => matches!(json, Json::Object(_)),
        "array" => matches!(json, Json::List(_)),
        "string" => matches!(json, Json::Text(_)),
        "boolean" => matches!(json, Json::Bool(_)),
        "null" => matches!(json, Json::Null),
        "number" => json.as_number().is_some(),
        "integer" => json.as_number().is_some_and(|number| number.fract() == 0.0),
        other => panic!("no such type: {other}"),
    }
}

fn fields_without_a_sentence(schema: &Json, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    match schema {
        Json::Object(fields) => {
            if let Some(Json::Object(properties)) = schema.field("properties") {
                for (name, property) in properties {
                    let doc = property.field("description").and_then(Json::as_text).unwrap_or("");
                    if doc.len() < 10 && name != "do" {
                        found.push(format!("{at}.{name}"));
                    }
                }
            }
            for (name, value) in fields {
                found.extend(fields_without_a_sentence(value, &format!("{at}.{name}")));
            }
        }
        Json::List(elements) => {
            for element in elements {
                found.extend(fields_without_a_sentence(element, at));
            }
        }
        _ => {}
    }
    found
}
