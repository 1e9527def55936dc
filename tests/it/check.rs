//! `replicarium check`: what it says of a history, and of mistakes in one.

use replicarium::scenario::{Json, parse};

use super::cli::{File, check_mistake, replicarium, says};

const STALE: &str = r#"
{"process":0,"type":"invoke","f":"write","key":"x","value":1}
{"process":0,"type":"ok","f":"write","key":"x","value":1}
{"process":0,"type":"invoke","f":"write","key":"x","value":2}
{"process":1,"type":"invoke","f":"cas","key":"y","value":[null,"a"]}
{"process":1,"type":"ok","f":"cas","key":"y","value":[null,"a"],"applied":true}
{"process":0,"type":"ok","f":"write","key":"x"}
{"process":"reader","type":"invoke","f":"read","key":"x"}
{"process":"reader","type":"ok","f":"read","key":"x","value":1}
"#;

const KV: &str = r#"
{"process":0,"type":"invoke","f":"put","key":"x","value":"a"}
{"process":0,"type":"info","f":"put","key":"x","value":"a"}
{"process":0,"type":"invoke","f":"append","key":"x","value":"b"}
{"process":0,"type":"ok","f":"append","key":"x","value":"b"}
{"process":1,"type":"invoke","f":"get","key":"x","value":null}
{"process":1,"type":"ok","f":"get","key":"x","value":"ab"}
"#;

fn checked(text: &str, options: &[&str]) -> Json {
    let file = File::new("checked.jsonl", text);
    let call = [&["check", file.path(), "--json"], options].concat();
    parse(&says(&call)).expect("json")
}

#[test]
fn a_stale_read_is_told_with_what_works_and_what_does_not() {
    let json = checked(STALE, &[]);
    assert_eq!(json.at("linearizable"), Some(&Json::Bool(false)));
    assert_eq!(json.at("model"), Some(&Json::from("register")));
    assert_eq!(json.at("operations"), Some(&Json::from(4.0)));
    assert_eq!(json.at("keys"), Some(&Json::from(2.0)));
    assert_eq!(json.at("key"), Some(&Json::from("x")));
    let stuck = r#"[{"process":"reader","f":"read","value":1,"lines":[8,9]}]"#;
    assert_eq!(json.at("witness.stuck").map(Json::to_string).as_deref(), Some(stuck));
    let longest = r#"[{"process":0,"f":"write","value":1,"lines":[2,3]},{"process":0,"f":"write","value":2,"lines":[4,7]}]"#;
    assert_eq!(json.at("witness.longest").map(Json::to_string).as_deref(), Some(longest));
    let file = File::new("stale.jsonl", STALE);
    let text = says(&["check", file.path()]);
    for part in ["Not linearizable on key \"x\"", "write 2", "lines 8-9", "read said 1"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_unknown_put_may_have_happened() {
    let json = checked(KV, &[]);
    assert_eq!(json.at("linearizable"), Some(&Json::Bool(true)));
    assert_eq!(json.at("model"), Some(&Json::from("kv")));
    assert_eq!(json.at("unknown"), Some(&Json::from(1.0)));
    assert_eq!(json, checked(KV, &["--model", "kv"]));
    let failed = KV.replace("info", "fail");
    assert_eq!(checked(&failed, &[]).at("linearizable"), Some(&Json::Bool(false)));
}

#[test]
fn what_takes_too_long_is_undecided_with_a_reason() {
    let json = checked(STALE, &["--steps", "1"]);
    assert_eq!(json.at("linearizable"), Some(&Json::Null));
    let why = json.at("undecided").and_then(Json::as_text).expect("a reason");
    assert!(why.contains("in 1 steps"), "{why}");
    assert_eq!(json.at("key"), Some(&Json::from("x")));
}

#[test]
fn what_is_not_linearizable_is_a_result_unless_it_was_expected_to_hold() {
    let (stale, kv) = (File::new("s.jsonl", STALE), File::new("k.jsonl", KV));
    let code = |call: &[&str]| replicarium(call).status.code();
    assert_eq!(code(&["check", stale.path()]), Some(0));
    assert_eq!(code(&["check", stale.path(), "--expect", "holds"]), Some(1));
    assert_eq!(code(&["check", stale.path(), "--expect", "holds", "--steps", "1"]), Some(1));
    assert_eq!(code(&["check", kv.path(), "--expect", "holds"]), Some(0));
}

/// The ids of the mistakes in a history of these lines, with their line numbers.
fn mistakes(lines: &[&str], options: &[&str]) -> Vec<(String, String)> {
    let file = File::new("mistaken.jsonl", &lines.join("\n"));
    let output = replicarium(&[&["check", file.path()], options].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8(output.stderr).expect("text");
    let lines: Vec<&str> = told.lines().collect();
    let triple = |three: &[&str]| {
        assert!(three[2].starts_with("  fix:   "), "{told}");
        let id = three[0].strip_prefix("history/").and_then(|l| l.split_once(": ")).expect("an id");
        let at = three[1].strip_prefix("  where: line ").expect("a line");
        let at = at.strip_suffix(" of JSON, a record a line").expect("the format");
        (id.0.to_owned(), at.to_owned())
    };
    lines.chunks(3).map(triple).collect()
}

#[test]
fn all_mistakes_of_a_history_are_told_at_once() {
    let lines = [
        r#"{"process":0,"type":"ok","f":"read","key":"x","value":1}"#,
        r#"{"process":0,"type":"invoke","f":"write","key":"x","value":1"#,
        r#"{"process":1,"type":"invoke","f":"write","key":"x","value":1}"#,
        r#"{"process":1,"type":"invoke","f":"read","key":"x","value":null}"#,
        r#"{"process":2,"type":"invoke","f":"wirte","key":"x","value":1}"#,
        r#"{"process":3,"type":"began","f":"write","key":"x","value":1}"#,
        r#"{"process":4,"type":"invoke","f":"get","key":"x","value":null}"#,
        r#"{"process":5,"type":"invoke","f":"write","kye":"x","value":1}"#,
        r#"{"process":6,"type":"invoke","f":"cas","key":"x","value":1}"#,
        r#"{"process":7,"type":"invoke","f":"write","key":"x"}"#,
        r#"{"process":8,"type":"invoke","f":"write","value":1}"#,
        r#"{"process":1,"type":"ok","f":"write","key":"y","value":1}"#,
        "[1]",
    ];
    let expected = [
        "no-invocation",
        "not-json",
        "already-open",
        "unknown-function",
        "unknown-type",
        "mixed-models",
        "unknown-field",
        "wrong-type",
        "missing-field",
        "mixed-keys",
        "other-operation",
        "wrong-type",
    ];
    let places = ["1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    let pair = |(id, at): (&&str, &str)| ((*id).to_owned(), at.to_owned());
    let expected: Vec<_> = expected.iter().zip(places).map(pair).collect();
    assert_eq!(mistakes(&lines, &[]), expected);
}

#[test]
fn a_model_that_was_asked_for_is_kept_to() {
    let lines = [r#"{"process":0,"type":"invoke","f":"get","key":"x","value":null}"#];
    let expected = vec![("unknown-function".to_owned(), "1".to_owned())];
    assert_eq!(mistakes(&lines, &["--model", "register"]), expected);
}

#[test]
fn too_many_mistakes_are_counted() {
    let lines = vec!["{}"; 30];
    let told = mistakes(&lines, &[]);
    assert_eq!(told.len(), 21);
    assert_eq!(told[20], ("more-mistakes".to_owned(), "21".to_owned()));
}

#[test]
fn mistakes_in_the_call_say_what_where_and_how_to_fix() {
    check_mistake(&["check"], "cli/missing-history");
    check_mistake(&["check", "nowhere.jsonl"], "cli/unreadable-file");
    check_mistake(&["check", "x", "--model", "stack"], "cli/bad-choice");
    check_mistake(&["check", "x", "--steps", "many"], "cli/bad-number");
    check_mistake(&["check", "x", "--steps", "0.5"], "cli/bad-number");
    check_mistake(&["check", "x", "--fast"], "cli/unknown-argument");
}

#[test]
fn what_is_no_register_is_named_with_who_judges_it() {
    for (f, tool) in [("add", "set"), ("dequeue", "queue"), ("acquire", "mutex"), ("txn", "Elle")] {
        let line = format!(
            "{{:process 0, :type :invoke, :f :read, :value nil}}\n{{:process 1, :type :invoke, :f :{f}, :value 1}}\n{{:oops"
        );
        let file = File::new("other.edn", &line);
        check_mistake(&["check", file.path()], "history/out-of-scope");
        let told = String::from_utf8(replicarium(&["check", file.path()]).stderr).expect("text");
        assert!(
            told.contains(tool) && told.contains("line 2 of a Jepsen history in EDN"),
            "{told}"
        );
        assert_eq!(told.lines().count(), 3, "nothing else is worth telling: {told}");
    }
}

#[test]
fn a_file_that_is_no_history_is_told_what_is_one() {
    for (text, id) in [("hello there\n", "history/no-format"), ("{:a 1}", "history/missing-field")]
    {
        check_mistake(&["check", File::new("x", text).path()], id);
    }
    let file =
        File::new("log.txt", "0 :invoke :write 1\n0 :ok :write 1\nand then\n1 :ok :read [1\n");
    check_mistake(&["check", file.path()], "history/no-row");
    let told = String::from_utf8(replicarium(&["check", file.path()]).stderr).expect("text");
    assert!(
        told.contains("history/not-edn") && told.contains("line 4 of a Jepsen history as text"),
        "{told}"
    );
}

#[test]
fn marks_of_byte_order_are_passed_over() {
    let plain = checked(STALE, &[]);
    assert_eq!(checked(&format!("\u{feff}{STALE}"), &[]), plain);
    let wide: Vec<u8> = STALE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = File::new("wide.jsonl", "");
    std::fs::write(file.path(), [&[0xff, 0xfe], &wide[..]].concat()).expect("a file");
    assert_eq!(parse(&says(&["check", file.path(), "--json"])), Ok(plain));
}

#[test]
fn fields_of_other_tools_are_passed_over_and_misspelled_ones_are_not() {
    let more = STALE.replace("\"type\"", "\"node\":\"n1\",\"type\"");
    assert_eq!(checked(&more, &[]), checked(STALE, &[]));
    let wrong = [r#"{"process":0,"typ":"invoke","f":"read","value":null}"#];
    assert_eq!(mistakes(&wrong, &[]), [("unknown-field".to_owned(), "1".to_owned())]);
}
