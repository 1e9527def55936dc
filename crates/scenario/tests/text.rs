//! Any text has an outline, completions and places; whatever a form sets is what is read back.

use engine::base::random::{Stream, StreamName};
use protocols::{PROTOCOLS, read};
use replicarium_scenario as scenario;
use scenario::json::parse;
use scenario::text::complete::complete;
use scenario::text::edit::{Edit, put, take};
use scenario::text::form::{Control, Field, form, set};
use scenario::text::locate::{Spot, spot};
use scenario::text::outline::Outline;
use scenario::text::{Guide, byte_of, unit_of};
use scenario::{Json, Scenario, presets};

fn guide() -> Guide {
    Guide::to(PROTOCOLS)
}

/// Labels at the caret, which stands at `|`.
fn offers(text: &str) -> Vec<String> {
    let caret = text.find('|').expect("a caret");
    let completions = complete(&guide(), &text.replace('|', ""), caret);
    completions.map_or_else(Vec::new, |found| found.all.into_iter().map(|one| one.label).collect())
}

/// The text after taking the completion of this label, with the caret as `|`.
#[track_caller]
fn taken(text: &str, label: &str) -> String {
    let caret = text.find('|').expect("a caret");
    let text = text.replace('|', "");
    let found = complete(&guide(), &text, caret).expect("completions");
    let one = found.all.iter().find(|one| one.label == label).expect("the completion");
    let (before, after) = one.insert.split_at(one.caret);
    let edit = Edit { range: found.range, text: format!("{before}|{after}") };
    edit.applied(&text)
}

#[test]
fn names_that_an_object_does_not_have_yet_are_offered() {
    let top = offers(r#"{ "format": 1, "|" }"#);
    assert!(top.contains(&"cluster".to_owned()) && !top.contains(&"format".to_owned()), "{top:?}");
    assert_eq!(offers(r#"{ "see|"#), ["seed"]);
    assert_eq!(offers(r#"{ see|"#), ["seed"]);
    let knobs = r#"{ "cluster": { "protocol": "leaderless", "knobs": { "hin|"#;
    assert_eq!(offers(knobs), ["hinted_handoff"]);
    let other = knobs.replace("leaderless", "chain");
    assert_eq!(offers(&other), Vec::<String>::new());
}

#[test]
fn words_switches_and_nodes_of_this_cluster_are_offered() {
    assert_eq!(offers(r#"{ "cluster": { "protocol": "m|"#)[0], "multi-leader");
    assert_eq!(offers(r#"{ "network": { "ordered": | } }"#), ["true", "false"]);
    let nodes = r#"{ "cluster": { "nodes": 5, "protocol": "single-leader" }, "script": [ { "do": "crash", "node": "n|" } ] }"#;
    assert_eq!(offers(nodes)[..5], ["n1", "n2", "n3", "n4", "n5"]);
    let second = r#"{"script": [{"do": "crash", "node": "n1"}, {"at_ms": 5, "do": "cut", "|"#;
    assert_eq!(offers(second), ["from", "to", "both"]);
    let does = offers(r#"{"script": [{"at_ms": 1, "do": "|"}]}"#);
    assert!(does.contains(&"power-off".to_owned()) && does.len() > 15, "{does:?}");
}

#[test]
fn what_is_taken_is_written_with_its_colon_comma_and_place_for_the_caret() {
    assert_eq!(taken(r#"{ "ti|" }"#, "title"), r#"{ "title": "|" }"#);
    assert_eq!(taken(r#"{ "se|" "title": "a" }"#, "seed"), r#"{ "seed": 1|, "title": "a" }"#);
    assert_eq!(taken("{ \"seed\": 1\n  | }", "disk"), "{ \"seed\": 1\n  , \"disk\": { | } }");
    assert_eq!(taken(r#"{ "ti|": "a" }"#, "title"), r#"{ "title"|: "a" }"#);
    let line = taken(r#"{"script": [{"at_ms": 4000, "do": "heal-all"}, |]}"#, "crash");
    let wanted = r#"{ "at_ms": 5000, "do": "crash", "node": "leader"| }"#;
    assert!(line.contains(wanted), "{line}");
    let document = taken("|", "chain").replace('|', "");
    assert!(read(&document).is_ok(), "{document}");
}

#[test]
fn nothing_is_offered_behind_a_finished_value_or_within_a_foreign_one() {
    assert_eq!(offers(r#"{ "seed": 1 | }"#), Vec::<String>::new());
    assert_eq!(offers(r#"{ "nonsense": { "|" } }"#), Vec::<String>::new());
}

#[track_caller]
fn stands(text: &str, wanted: &[(&str, u32, u32)]) {
    let problems = read(text).expect_err("mistakes");
    let told: Vec<(String, u32, u32)> = problems
        .iter()
        .map(|problem| {
            let Spot { line, column, .. } = spot(text, problem);
            (problem.at.clone(), line, column)
        })
        .collect();
    let wanted: Vec<(String, u32, u32)> =
        wanted.iter().map(|(at, line, column)| ((*at).to_owned(), *line, *column)).collect();
    assert_eq!(told, wanted);
}

#[test]
fn a_problem_is_found_at_its_line_whatever_the_white_space() {
    let text = "{\"format\":1,\r\n\"cluster\"\n:\t{ \"nodes\":\n\n3 , \"protocol\": \"single-leader\" },\n\
                \"script\":[{\"at_ms\":1,\"do\":\"heal-all\"},\n\n  { \"at_ms\" : 1, \"do\": \"crash\",\n   \
                \"node\":\n \"n9\"}],\n \"odd\": 1}";
    stands(text, &[("script[1].node", 10, 2), ("odd", 11, 2)]);
    stands("{ \"format\": 1 }", &[("", 1, 1)]);
    stands("{\n  \"format\": 1,\n}", &[("", 3, 1)]);
    let dotted = r#"{"format":1,"cluster":{"protocol":"chain","a.b[0]":1,"a":1}}"#;
    stands(dotted, &[("cluster.a.b[0]", 1, 43), ("cluster.a", 1, 54)]);
}

/// The text of every preset, as its file has it and as the page lays it out.
fn documents() -> Vec<String> {
    let pretty = presets(PROTOCOLS).map(|preset| preset.document().pretty());
    presets(PROTOCOLS).map(|preset| preset.text.to_owned()).chain(pretty).collect()
}

/// Does everything to a text that a reader's keys can make happen.
fn survive(guide: &Guide, text: &str, caret: usize) {
    let _ = complete(guide, text, caret);
    let outline = Outline::of(text);
    for part in &outline.parts {
        assert!(part.range.start <= part.range.end && part.range.end <= text.len());
        assert!(text.get(part.range.clone()).is_some());
    }
    if let Err(problems) = read(text) {
        for problem in problems.iter().take(5) {
            assert!(spot(text, problem).offset <= text.len());
        }
    }
    for path in ["seed", "script[0].node", "clients[9].keys", "cluster.knobs.failover.detect"] {
        for edit in
            [put(text, path, &Json::Null, &|_| Vec::new()), take(text, path)].iter().flatten()
        {
            let _ = edit.applied(text);
        }
    }
}

#[test]
fn every_prefix_of_every_preset_is_survived() {
    let guide = guide();
    for text in documents() {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
            survive(&guide, &text[..end], end);
        }
    }
}

#[test]
fn damaged_texts_are_survived() {
    let guide = guide();
    let mut dice = Stream::new(7, StreamName::Faults);
    let noise =
        ["{", "}", "[", "]", "\"", "\\", ":", ",", "\n", "é", "\u{1f600}", "0", " ", "\u{0}"];
    for text in documents() {
        for _ in 0..12 {
            let mut damaged: Vec<char> = text.chars().collect();
            for _ in 0..=dice.below(6) {
                let at = dice.below(damaged.len() as u64) as usize;
                let piece = noise[dice.below(noise.len() as u64) as usize];
                match dice.below(3) {
                    0 => drop(damaged.remove(at)),
                    1 => damaged.splice(at..at, piece.chars()).for_each(drop),
                    _ => damaged.truncate(at.max(2)),
                }
            }
            let damaged: String = damaged.into_iter().collect();
            let caret = byte_of(&damaged, dice.below(damaged.len() as u64 + 1) as usize);
            survive(&guide, &damaged, caret);
        }
    }
}

#[test]
fn hostile_texts_end_soon() {
    let guide = guide();
    let many = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for piece in ["[", "{", "\"", "{\"a\":", "1,", "[[],", "\\\"", ":", "é\n", "}"] {
        let text = many(piece);
        survive(&guide, &text, text.len());
    }
    let fields: Vec<String> = (0..90_000).map(|n| format!("\"f{n}\":0")).collect();
    survive(&guide, &format!("{{{}}}", fields.join(",")), 1);
}

#[test]
fn places_are_counted_as_browsers_do() {
    let text = "a\u{1f600}é\"";
    for (at, _) in text.char_indices() {
        assert_eq!(byte_of(text, unit_of(text, at)), at);
    }
    assert_eq!((unit_of(text, text.len()), byte_of(text, 99)), (5, text.len()));
}

/// Another value that a control can set, and whether it has one.
fn other(field: &Field) -> Option<Json> {
    match &field.control {
        Control::Number { min, max, whole } => {
            let now = field.value.as_number().unwrap_or(*min);
            let near = if now + 1.0 <= *max { now + 1.0 } else { now - 1.0 };
            Some(Json::Number(if *whole || near >= *min {
                near
            } else {
                f64::midpoint(*min, *max)
            }))
        }
        Control::Switch => Some(Json::Bool(field.value != Json::Bool(true))),
        Control::Words(words) => {
            words.iter().map(|(word, _)| Json::text(word)).find(|word| *word != field.value)
        }
        Control::Text(offers) => Some(Json::text(offers.last().map_or("Ein „Titel\"", |o| o))),
        Control::Choice { kinds, chosen, .. } => {
            kinds.iter().enumerate().find(|(n, _)| n != chosen).map(|(_, (_, blank))| blank.clone())
        }
        Control::List { blank, .. } => Some(Json::List(vec![blank.clone()])),
        Control::Group | Control::Fixed => None,
    }
}

/// Tries every field at and below a path, and says how many there were.
fn try_all(guide: &Guide, text: &str, path: &str, fallback: Option<&Json>, depth: u32) -> u32 {
    let document = parse(text).expect(text);
    let mut count = 0;
    for field in form(guide, &document, path, fallback) {
        if let Some(value) = other(&field) {
            let edit = set(guide, text, &document, &field.path, &value)
                .unwrap_or_else(|| panic!("{}", field.path));
            let after = edit.applied(text);
            let (_, found) = guide
                .at(&parse(&after).expect(&after), &field.path)
                .map_or((0, None), |(_, found)| (1, found.cloned()));
            assert_eq!(found, Some(value), "{}\n{after}", field.path);
            assert_eq!(Edit::between(text, &after).applied(text), after);
            let back = take(&after, &field.path).map(|edit| edit.applied(&after));
            assert!(parse(&back.expect(&field.path)).is_ok(), "{}\n{after}", field.path);
            count += 1;
        }
        let deeper =
            matches!(field.control, Control::Group | Control::List { .. } | Control::Choice { .. });
        if deeper && depth > 0 {
            count += try_all(guide, text, &field.path, Some(&field.value), depth - 1);
        }
    }
    count
}

#[test]
fn whatever_a_form_sets_in_any_preset_is_what_is_read_back() {
    let guide = guide();
    for text in documents() {
        let count = try_all(&guide, &text, "", None, 4);
        assert!(count > 60, "{count} fields\n{text}");
    }
}

#[test]
fn an_edit_keeps_the_readers_lines() {
    let guide = guide();
    let text = "{ \"format\": 1, \"seed\": 7,\n  \"cluster\": { \"protocol\": \"chain\" },\n  \"script\": [] }";
    let after = |path: &str, value: Json| {
        set(&guide, text, &parse(text).unwrap(), path, &value).unwrap().applied(text)
    };
    assert_eq!(after("seed", 9.0.into()), text.replace('7', "9"));
    assert_eq!(after("title", "A".into()), text.replace("1, ", "1, \"title\": \"A\", "));
    let nodes = text.replace("{ \"protocol\"", "{ \"nodes\": 5, \"protocol\"");
    assert_eq!(after("cluster.nodes", 5.0.into()), nodes);
    let delay =
        "\n  \"network\": { \"delay\": { \"base_ms\": 5, \"exponential_ms\": 1 } },\n  \"script\"";
    assert_eq!(after("network.delay.base_ms", 5.0.into()), text.replace("\n  \"script\"", delay));
    assert_eq!(take(text, "seed").unwrap().applied(text), text.replace("\"seed\": 7,\n  ", ""));
}

#[test]
fn another_word_makes_another_kind_of_a_line_and_of_a_cluster() {
    let guide = guide();
    let preset = presets(PROTOCOLS).find(|preset| preset.name == "async-leader-crash").unwrap();
    let document = preset.document();
    let set = |path: &str, word: &str| {
        let after =
            set(&guide, preset.text, &document, path, &word.into()).unwrap().applied(preset.text);
        parse(&after).expect(&after)
    };
    let cut = set("script[0].do", "cut");
    assert!(
        Scenario::read(&cut, PROTOCOLS)
            .err()
            .is_none_or(|all| all.iter().all(|p| p.at == "script[0].to")),
        "{cut}"
    );
    for protocol in ["chain", "multi-leader", "leaderless"] {
        let changed = set("cluster.protocol", protocol);
        assert_eq!(Scenario::read(&changed, PROTOCOLS).err(), None, "{changed}");
    }
}
