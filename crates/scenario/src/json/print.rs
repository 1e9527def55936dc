//! Writes JSON: on one line, or with one field a line for people.

use core::fmt;

use super::{Json, plain};

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        compact(self, &mut text);
        f.write_str(&text)
    }
}

impl Json {
    /// The document for people: two blanks a level; what fits in a line stays in one.
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        spread(self, 0, &mut text);
        text.push('\n');
        text
    }
}

/// A line of a document for people is at most this long.
const LINE: usize = 100;

fn compact(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(&plain(*number)),
        Json::Text(text) => quote(text, out),
        Json::List(elements) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                compact(element, out);
            }
            out.push(']');
        }
        Json::Object(fields) => {
            out.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                compact(value, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn spread(json: &Json, depth: usize, out: &mut String) {
    let line = json.to_string();
    let indent = "  ".repeat(depth + 1);
    match json {
        Json::Object(fields) if !fields.is_empty() && line.len() + 2 * depth > LINE => {
            for (place, (name, value)) in fields.iter().enumerate() {
                out.push_str(if place == 0 { "{\n" } else { ",\n" });
                out.push_str(&indent);
                quote(name, out);
                out.push_str(": ");
                spread(value, depth + 1, out);
            }
            out.push_str(&format!("\n{}}}", "  ".repeat(depth)));
        }
        Json::List(elements) if !elements.is_empty() && line.len() + 2 * depth > LINE => {
            for (place, element) in elements.iter().enumerate() {
                out.push_str(if place == 0 { "[\n" } else { ",\n" });
                out.push_str(&indent);
                spread(element, depth + 1, out);
            }
            out.push_str(&format!("\n{}]", "  ".repeat(depth)));
        }
        _ => out.push_str(&line),
    }
}
