//! What is written is read again, and what is damaged, hostile or from the future is refused with a reason.

use engine::base::SimTime;
use engine::base::Stream;
use engine::base::random::StreamName;
use protocols::PROTOCOLS;
use replicarium_scenario as scenario;
use scenario::Json;
use scenario::link::*;
use scenario::{Filed, preset, presets};

fn preset_document(name: &str) -> Json {
    scenario::preset(PROTOCOLS, name).expect("built in").document()
}

fn line(at_ms: f64, word: &str, node: &str) -> Json {
    Json::object([
        ("at_ms", Json::Number(at_ms)),
        ("do", Json::text(word)),
        ("node", Json::text(node)),
    ])
}

/// Three futures of a scenario, the second of the second.
fn three_futures() -> Opening {
    let first = vec![line(1_000.5, "pause", "n2"), line(2_000.0, "resume", "n2")];
    let second = vec![first[0].clone(), line(1_500.25, "crash", "leader")];
    let third = vec![first[0].clone(), second[1].clone(), line(9_000.0, "restart", "n1")];
    let at = |ms| Some(SimTime::from_millis(ms));
    let left = |from, ms| Some((from, SimTime::from_millis(ms)));
    Opening {
        futures: vec![
            Future { from: None, actions: first, script_until: None },
            Future { from: left(0, 1_400), actions: second, script_until: None },
            Future { from: left(1, 8_000), actions: third, script_until: None },
        ],
        future: 2,
        at: at(9_100),
        view: Json::object([("theme", Json::text("dark"))]),
        ..Opening::of(preset_document("async-leader-crash"))
    }
}

fn id_of(link: &str) -> &'static str {
    let problems = read(link, PROTOCOLS).expect_err(link);
    assert!(problems.iter().all(|problem| !problem.mistake.fix().is_empty()), "{link}");
    problems[0].mistake.id()
}

#[test]
fn a_link_and_a_file_hold_everything() {
    let opening = three_futures();
    assert_eq!(read(&opening.link(), PROTOCOLS), Ok(opening.clone()));
    assert_eq!(
        read(&format!("https://somewhere/a/?embed#{}", opening.link()), PROTOCOLS),
        Ok(opening.clone())
    );
    assert_eq!(read_file(&opening.file()), Ok(opening));
}

#[test]
fn a_future_in_which_the_script_is_left_out_comes_back_as_such() {
    let mut opening = three_futures();
    opening.futures[1].script_until = Some(SimTime::from_millis(2_000));
    assert_eq!(read(&opening.link(), PROTOCOLS), Ok(opening.clone()));
    assert_eq!(read_file(&opening.file()), Ok(opening));
}

#[test]
fn a_document_alone_is_a_run_from_its_start() {
    let document = preset_document("async-leader-crash");
    assert_eq!(read_file(&document.pretty()), Ok(Opening::of(document.clone())));
    let by_hand = format!("v1.{}", letters::encoded(document.to_string().as_bytes()));
    assert_eq!(read(&by_hand, PROTOCOLS), Ok(Opening::of(document)));
}

#[test]
fn people_can_type_links() {
    for name in
        ["async-leader-crash", "scenario=async-leader-crash", "#scenario=async-leader-crash"]
    {
        let filed = Filed::new(preset(PROTOCOLS, "async-leader-crash").unwrap());
        let opening = Opening::of(filed.document.clone());
        assert_eq!(read(name, PROTOCOLS), Ok(Opening { filed: Some(filed), ..opening }));
    }
    let opening =
        read("scenario=async-leader-crash&seed=12&at=12.5s&theme=dark", PROTOCOLS).expect("good");
    assert_eq!(opening.document.field("seed"), Some(&Json::Number(12.0)));
    assert_eq!(opening.at, Some(SimTime::from_millis(12_500)));
    assert_eq!(opening.view.to_string(), r#"{"theme":"dark"}"#);
    for (text, ms) in [("800ms", 800), ("3s", 3_000), ("40", 40)] {
        assert_eq!(short::time(text), Some(SimTime::from_millis(ms)), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_typed_link_is_said() {
    assert_eq!(id_of("scenario=async-leader-crush"), "link/unknown-scenario");
    assert_eq!(id_of(""), "link/unknown-scenario");
    assert_eq!(id_of("scenario=async-leader-crash&sed=3"), "link/unknown-part");
    assert_eq!(id_of("scenario=async-leader-crash&seed=3&seed=4"), "link/twice");
    for wrong in [
        "seed=-1",
        "seed=x",
        "seed=",
        "at=soon",
        "at=1.5.5s",
        "at=s",
        "theme=pink",
        "seed=99999999999999999",
    ] {
        assert_eq!(
            id_of(&format!("scenario=async-leader-crash&{wrong}")),
            "link/bad-value",
            "{wrong}"
        );
    }
    assert_eq!(id_of("lesson=failover/3"), "link/lesson");
    let all = read("scenario=nothing&seed=x&at=y&more=1", PROTOCOLS).expect_err("four mistakes");
    assert_eq!(all.len(), 4, "all mistakes at once");
}

#[test]
fn links_of_the_future_and_endless_links_are_refused() {
    assert_eq!(id_of("v2.AAAA"), "link/later-version");
    assert_eq!(id_of("v10000.AAAA"), "link/later-version");
    assert_eq!(id_of(&"a".repeat(MOST + 1)), "link/too-long");
    assert_eq!(id_of(&format!("v1.{}", "A".repeat(MOST))), "link/too-long");
}

#[test]
fn a_run_that_does_not_fit_together_is_refused() {
    let mut run = three_futures();
    run.future = 3;
    assert_eq!(id_of(&run.link()), "link/no-future");
    let wrong = [
        r#"{"scenario":{},"futures":[]}"#,
        r#"{"scenario":{},"futures":[{}]}"#,
        r#"{"scenario":{},"futures":[{"from":0,"at_ms":1,"kept":0,"actions":[]}]}"#,
        r#"{"scenario":{},"futures":[{"actions":[]},{"from":0,"at_ms":1,"kept":1,"actions":[]}]}"#,
        r#"{"scenario":{},"futures":[{"actions":[]},{"from":1,"at_ms":1,"kept":0,"actions":[]}]}"#,
        r#"{"scenario":{},"at_ms":-1}"#,
        r#"{"scenario":{},"at_ms":1e99}"#,
        r#"{"scenario":{},"view":[]}"#,
    ];
    for text in wrong {
        let file = format!("{{\"format\":1,\"run\":{text}}}");
        assert!(read_file(&file).is_err(), "{text}");
    }
    let many = format!(
        r#"{{"run":{{"scenario":{{}},"futures":[{}]}}}}"#,
        [r#"{"actions":[]}"#; 13].join(",")
    );
    assert!(read_file(&many).is_err());
}

/// Two hundred links as they come out of mail programs, chats, careless copying and bad intent.
#[test]
fn two_hundred_damaged_links_are_refused_with_a_message() {
    let mut chance = Stream::new(7, StreamName::Faults);
    let mut below = |most: usize| chance.below(most as u64) as usize;
    let links: Vec<String> = presets(PROTOCOLS)
        .map(|preset| Opening::of(preset.document()).link())
        .chain([three_futures().link()])
        .collect();
    for round in 0..200 {
        let mut letters: Vec<char> = links[below(links.len())].chars().collect();
        let at = 3 + below(letters.len() - 3);
        match round % 5 {
            0 => letters.truncate(at),
            1 => {
                letters.remove(at);
            }
            2 => letters.insert(at, 'Q'),
            3 => letters[at] = if letters[at] == 'x' { 'y' } else { 'x' },
            _ => letters.splice(at..at, ['=', '\n', ' ']).for_each(drop),
        }
        let damaged: String = letters.into_iter().collect();
        assert_eq!(id_of(&damaged), "link/damaged", "{damaged}");
    }
}

/// What the first version wrote. It must open for ever: should this fail, the order of the vocabulary was changed.
const FROM_THE_FIRST_VERSION: &str = concat!(
    "v1.AWygGjUGBT8GCSchKAQuQXN5bmNocm9ub3VzOiB0aGUgbGVhZGVyJ3MgbWFjaGluZSBsb3NlcyBwb3dlcilCKgjwqwErBgMsI",
    "y3tLgYDTgYBT-5QBgJRBgE8CNAPUgj6AWAGAWEIkE4vBgIwBgIxLjImbwYBMyE0BgE1BgEzIjYFAQYENyY4RDkiKgignAE9BQIGA",
    "wEIkE4CagN0BgMBCIB9AmkDb0AFAwYBQQUCBgMBCpVOAmsDcAYDAQjQDwJsA3AGBAQgAQj4CkIhQQUBBgMBDImUCQJoA3QGBAQhA",
    "QjAPkIiQQUBBgMBCKhGAmkDb0MiAQiMR68BBgFFpg",
);

#[test]
fn links_that_were_shared_once_keep_opening() {
    let opening = read(FROM_THE_FIRST_VERSION, PROTOCOLS).expect("a good link");
    let then = three_futures();
    assert_eq!((opening.futures, opening.at, opening.view), (then.futures, then.at, then.view));
    let title = opening.document.field("title").and_then(Json::as_text);
    assert_eq!(title, Some("Asynchronous: the leader's machine loses power"));
}
