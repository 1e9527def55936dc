//! What pages around a frame may write, and what they must not.

use super::*;
use crate::{Json, parse};

fn look(query: &str) -> (Look, Vec<Problem>) {
    Look::read(query).unwrap()
}

fn heard(text: &str) -> Option<Message> {
    message(&parse(text).unwrap())
}

fn order(rest: &str) -> Result<Order, Problem> {
    heard(&format!("{{\"replicarium\":1,\"id\":1,{rest}}}")).unwrap().order
}

#[test]
fn a_page_is_a_frames_only_if_its_address_says_so() {
    for query in ["", "?", "?controls=none", "?embedded", "?x=embed", "?xembed=1"] {
        assert!(Look::read(query).is_none(), "{query}");
    }
    for query in ["?embed", "?embed=", "?a=b&embed", "embed&controls=none", "?embed&&"] {
        assert!(Look::read(query).is_some(), "{query}");
    }
}

#[test]
fn every_attribute_is_read() {
    let (look, problems) = look(
        "?embed&controls=minimal&theme=dark&autoplay&loop&speed=2&lang=en&start-at=5s&seed=34&play=true&height=420&shared",
    );
    assert_eq!(problems, []);
    let expected = Look {
        controls: Controls::Minimal,
        theme: Theme::Dark,
        autoplay: true,
        play: true,
        looping: true,
        speed: Some(2.0),
        start_ms: Some(5_000.0),
        seed: Some(34),
    };
    assert_eq!(look, expected);
}

#[test]
fn times_are_read_in_the_units_that_people_write() {
    let cases = [
        ("5s", 5_000.0),
        ("5", 5_000.0),
        ("250ms", 250.0),
        ("1.5min", 90_000.0),
        ("12.5%20s", 12_500.0),
        ("0", 0.0),
        ("12.5+s", 12_500.0),
    ];
    for (text, ms) in cases {
        let (look, problems) = look(&format!("?embed&start-at={text}"));
        assert_eq!((look.start_ms, problems), (Some(ms), vec![]), "{text}");
    }
}

#[test]
fn wrong_values_keep_the_default_and_are_told_with_a_way_out() {
    let cases = [
        ("controls=all", "scenario/unknown-word", "controls=\"all\""),
        ("theme=blue", "scenario/unknown-word", "theme=\"blue\""),
        ("lang=xx", "scenario/unknown-word", "lang=\"xx\""),
        ("speed=fast", "scenario/wrong-type", "speed=\"fast\""),
        ("speed=1e400", "scenario/wrong-type", "speed=\"1e400\""),
        ("speed=0", "scenario/out-of-range", "speed=\"0\""),
        ("speed=-1", "scenario/out-of-range", "speed=\"-1\""),
        ("start-at=noon", "scenario/wrong-type", "start-at=\"noon\""),
        ("start-at=-1s", "scenario/out-of-range", "start-at=\"-1s\""),
        ("seed=1.5", "scenario/not-whole", "seed=\"1.5\""),
        ("seed=99999999999", "scenario/out-of-range", "seed=\"99999999999\""),
        ("seed=", "scenario/wrong-type", "seed=\"\""),
        ("autoplay=maybe", "scenario/unknown-word", "autoplay=\"maybe\""),
        ("height=10", "scenario/out-of-range", "height=\"10\""),
        ("contrls=none", "scenario/unknown-field", "the frame's attributes"),
        ("theme=%3Cscript%3E", "scenario/unknown-word", "theme=\"<script>\""),
        ("theme=%ff%zz%", "scenario/unknown-word", "theme=\"\u{fffd}%zz%\""),
    ];
    for (query, id, at) in cases {
        let (look, problems) = look(&format!("?embed&{query}"));
        assert_eq!(look, Look::default(), "{query}");
        assert_eq!(problems.len(), 1, "{query}");
        assert_eq!((problems[0].mistake.id(), problems[0].at.as_str()), (id, at), "{query}");
        assert!(!problems[0].mistake.fix().is_empty());
    }
}

#[test]
fn long_queries_and_values_are_cut_before_they_cost_anything() {
    let (seen, problems) = look(&format!("?embed&theme={}", "x".repeat(3_000)));
    assert_eq!(seen, Look::default());
    assert!(problems[0].to_string().len() < 300, "{}", problems[0]);
    let (seen, problems) = look(&format!("?embed&theme=dark&x={}", "x".repeat(5_000)));
    assert_eq!((seen, problems.len()), (Look::default(), 1));
}

#[test]
fn every_order_is_read() {
    let act = Json::object([("do", Json::text("crash")), ("node", Json::text("leader"))]);
    let named = |name: &str, seed| Order::Load(Source::Link(name.to_owned()), seed);
    let document = || Json::object([("format", Json::Number(1.0))]);
    let cases = [
        (r#""do":"play""#, Order::Play),
        (r#""do":"pause""#, Order::Pause),
        (r#""do":"state""#, Order::State),
        (r#""do":"seek","ms":12.5"#, Order::Seek(12.5)),
        (r#""do":"act","action":{"do":"crash","node":"leader"}"#, Order::Act(act)),
        (r#""do":"load","scenario":"phi-accrual","seed":7"#, named("phi-accrual", Some(7))),
        (r##""do":"load","link":"#v1.abc""##, named("v1.abc", None)),
        (r#""do":"load","scenario":{"format":1}"#, Order::Load(Source::Document(document()), None)),
        (
            r#""do":"load","scenario":" {\"format\":1}""#,
            Order::Load(Source::Document(document()), None),
        ),
        (r#""do":"set","name":"theme","value":"dark""#, Order::Set("theme".into(), "dark".into())),
    ];
    for (text, expected) in cases {
        assert_eq!(order(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_not_meant_for_a_frame_is_not_heard() {
    let others = [
        "null",
        "1",
        "\"play\"",
        "[]",
        "{}",
        r#"{"do":"play"}"#,
        r#"{"replicarium":2,"do":"play"}"#,
        r#"{"replicarium":"1","do":"play"}"#,
        r#"{"replicarium":1}"#,
        r#"{"replicarium":1,"do":1}"#,
        r#"{"replicarium":1,"event":"time"}"#,
        r#"{"replicarium":true,"do":"play"}"#,
        r#"[{"replicarium":1,"do":"play"}]"#,
        r#"{"type":"resize","height":1}"#,
    ];
    for text in others {
        assert_eq!(heard(text), None, "{text}");
    }
}

#[test]
fn what_is_meant_but_malformed_is_refused_with_its_place() {
    let long = "x".repeat(LONG);
    let cases = [
        (r#""do":"PLAY""#.to_owned(), "message.do"),
        (r#""do":"eval","code":"1""#.to_owned(), "message.do"),
        (r#""do":"__proto__""#.to_owned(), "message.do"),
        (r#""do":"play","now":true"#.to_owned(), "message"),
        (r#""do":"play","__proto__":{"a":1}"#.to_owned(), "message"),
        (r#""do":"seek""#.to_owned(), "message.ms"),
        (r#""do":"seek","ms":"5""#.to_owned(), "message.ms"),
        (r#""do":"seek","ms":null"#.to_owned(), "message.ms"),
        (r#""do":"seek","ms":-1"#.to_owned(), "message.ms"),
        (r#""do":"seek","ms":1e300"#.to_owned(), "message.ms"),
        (r#""do":"act""#.to_owned(), "message.action"),
        (r#""do":"act","action":"crash""#.to_owned(), "message.action"),
        (r#""do":"act","action":[]"#.to_owned(), "message.action"),
        (r#""do":"load""#.to_owned(), "message"),
        (r#""do":"load","scenario":7"#.to_owned(), "message.scenario"),
        (r#""do":"load","scenario":"{""#.to_owned(), "message.scenario"),
        (r#""do":"load","scenario":"a","link":"b""#.to_owned(), "message"),
        (r#""do":"load","link":{}"#.to_owned(), "message.link"),
        (r#""do":"load","scenario":"a","seed":-1"#.to_owned(), "message.seed"),
        (r#""do":"load","scenario":"a","seed":"1""#.to_owned(), "message.seed"),
        (format!(r#""do":"load","scenario":"{long}""#), "message.scenario"),
        (format!(r#""do":"set","name":"theme","value":"{long}""#), "message.value"),
        (r#""do":"set","name":7,"value":"x""#.to_owned(), "message.name"),
    ];
    for (text, at) in cases {
        let problem = order(&text).unwrap_err();
        assert_eq!(problem.at, at, "{}", &text[..text.len().min(80)]);
        assert!(problem.to_string().len() < 600, "{problem}");
    }
}

const LONG: usize = super::order::LONGEST_TEXT + 1;

#[test]
fn an_answer_is_only_promised_for_an_id_of_a_known_kind() {
    let id = |id: &str| heard(&format!(r#"{{"replicarium":1,"id":{id},"do":"play"}}"#)).unwrap();
    assert_eq!(id("7").id, Some(Id::Number(7.0)));
    assert_eq!(id("\"a\"").id, Some(Id::Text("a".to_owned())));
    for strange in ["null", "{}", "[1]", "true", &format!("\"{}\"", "x".repeat(65))] {
        let message = id(strange);
        assert_eq!(message.id, None, "{strange}");
        assert!(message.order.is_err(), "{strange}");
    }
}
