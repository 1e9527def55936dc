//! A text that somebody opens: which of our files it is, judged by how it begins. It reads none of
//! them.

use scenario::history::is_history;
use scenario::{Json, parse};

pub use scenario::link::MOST_IN_FILE as MOST_BYTES;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dropped {
    /// The document of a scenario, if with mistakes.
    Document,
    /// A whole run.
    Run,
    /// A history of operations, in any of the formats that are read.
    History,
    /// None of our files; what it is instead.
    Foreign(&'static str),
}

/// Which of our files a text is.
#[must_use]
pub fn sort(text: &str) -> Dropped {
    let text = text.trim_ascii();
    let has = |json: &Json, name: &str| json.field(name).is_some();
    if text.is_empty() {
        return Dropped::Foreign("It is empty.");
    }
    if text.contains('\0') {
        return Dropped::Foreign("It is not text.");
    }
    if is_history(text) {
        return Dropped::History;
    }
    match parse(text) {
        Ok(whole) if has(&whole, "run") => Dropped::Run,
        Ok(whole) if ["format", "cluster"].iter().any(|name| has(&whole, name)) => {
            Dropped::Document
        }
        Ok(_) => Dropped::Foreign("It is JSON, but it has neither a cluster nor a run."),
        Err(_) if text.starts_with('{') && ours(text) => Dropped::Document,
        Err(_) => Dropped::Foreign("It is a text, but no JSON."),
    }
}

/// Whether a document that is no JSON yet was meant as one of ours.
fn ours(text: &str) -> bool {
    ["\"format\"", "\"cluster\"", "\"protocol\""].iter().any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocols::PROTOCOLS;
    use scenario::presets;

    #[test]
    fn our_files_are_told_from_each_other_and_from_foreign_ones() {
        for preset in presets(PROTOCOLS) {
            assert_eq!(sort(preset.text), Dropped::Document, "{}", preset.name);
            // Cut off in the middle it is still one, with a mistake.
            assert_eq!(sort(&preset.text[..preset.text.len() / 2]), Dropped::Document);
        }
        let line = r#"{"process":0,"type":"invoke","f":"write","key":"x","value":1}"#;
        assert_eq!(sort(&format!("\n{line}\n{line}\n")), Dropped::History);
        for history in [
            "\u{feff}{:process 0, :type :invoke, :f :read, :value nil}",
            "[#jepsen.history.Op{:process 0, :type :invoke, :f :read, :value nil}]",
            "0\t:invoke\t:read\tnil\n",
            "[\n{\"process\":0,\n\"type\":\"invoke\"}]",
            r#"[{"ClientId":0,"Input":{"op":0},"Call":0,"Output":1,"Return":2}]"#,
        ] {
            assert_eq!(sort(history), Dropped::History, "{history}");
        }
        assert_eq!(sort(r#"{"format":1,"run":{}}"#), Dropped::Run);
        for foreign in ["", "PNG\0", "{\"a\":1}", "[]", "hello", "7", "<svg/>"] {
            assert!(matches!(sort(foreign), Dropped::Foreign(_)), "{foreign}");
        }
    }
}
