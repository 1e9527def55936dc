//! EDN as far as recorded histories need it: one form after the other, as JSON values, with the place of each.
//!
//! Keywords and symbols become strings as they are written (a map's keys without the colon), tags are passed
//! over, sets and lists are lists. It knows nothing of operations.

use crate::json::{Json, parse_exactly};

/// Forms within one another: at most so many, so that no text exhausts the stack.
const DEPTH: u32 = 64;

/// What ends a word.
const ENDS: &[u8] = b" \t\r\n,;\"()[]{}";

/// A text, read from the front.
pub struct Edn<'a> {
    text: &'a str,
    /// How far it was read.
    pub at: usize,
}

/// What is wrong where the reader stands.
pub type Read<T> = Result<T, &'static str>;

impl<'a> Edn<'a> {
    /// The text from `at` on.
    pub const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Passes over blanks and comments, and says what comes then.
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => self.at += 1,
                b';' => {
                    let rest = &bytes[self.at..];
                    self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                }
                other => return Some(*other),
            }
        }
        None
    }

    /// The next form; `None` at the end, or before what closes something.
    pub fn form(&mut self, depth: u32) -> Read<Option<Json>> {
        if depth > DEPTH {
            return Err("nested too deeply");
        }
        loop {
            let Some(byte) = self.peek() else { return Ok(None) };
            let rest = &self.text[self.at..];
            return Ok(Some(match byte {
                b')' | b']' | b'}' => return Ok(None),
                b'(' => Json::List(self.list(1, b')', depth)?),
                b'[' => Json::List(self.list(1, b']', depth)?),
                b'{' => self.map(depth)?,
                b'"' => self.string()?,
                b'#' if rest.starts_with("#{") => Json::List(self.list(2, b'}', depth)?),
                b'#' if rest.starts_with("#_") => {
                    self.at += 2;
                    self.needed(depth)?;
                    continue;
                }
                b'#' if rest.starts_with("##") => Json::text(self.word()),
                // A tag, or what stands for a map's keys: the value follows.
                b'#' => {
                    self.word();
                    return self.needed(depth).map(Some);
                }
                b'\\' => self.character(),
                _ => scalar(self.word()),
            }));
        }
    }

    fn needed(&mut self, depth: u32) -> Read<Json> {
        self.form(depth + 1)?.ok_or("a value is missing here")
    }

    fn list(&mut self, opening: usize, end: u8, depth: u32) -> Read<Vec<Json>> {
        self.at += opening;
        let mut elements = Vec::new();
        while let Some(element) = self.form(depth + 1)? {
            elements.push(element);
        }
        self.close(end)?;
        Ok(elements)
    }

    fn map(&mut self, depth: u32) -> Read<Json> {
        let elements = self.list(1, b'}', depth)?;
        if elements.len() % 2 == 1 {
            return Err("this map has a key without a value");
        }
        let name = |key: &Json| match key {
            Json::Text(word) => word.strip_prefix(':').unwrap_or(word).to_owned(),
            other => other.to_string(),
        };
        Ok(Json::Object(elements.chunks(2).map(|pair| (name(&pair[0]), pair[1].clone())).collect()))
    }

    /// Steps over what closes.
    pub fn close(&mut self, end: u8) -> Read<()> {
        match self.peek() {
            Some(byte) if byte == end => self.at += 1,
            Some(_) => return Err("another bracket is closed than was opened"),
            None => return Err("a bracket is never closed"),
        }
        Ok(())
    }

    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let ends = |byte: u8| ENDS.contains(&byte);
        let length = rest.bytes().skip(1).position(ends).map_or(rest.len(), |place| place + 1);
        self.at += length;
        &rest[..length]
    }

    fn string(&mut self) -> Read<Json> {
        let (mut text, mut escaped) = (String::new(), false);
        let mut letters = self.text[self.at + 1..].char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                _ if escaped => {
                    escaped = false;
                    text.push(match letter {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'u' => {
                            let digits: String = letters.by_ref().take(4).map(|(_, d)| d).collect();
                            let code = u32::from_str_radix(&digits, 16).ok();
                            code.and_then(char::from_u32).ok_or("no character has this number")?
                        }
                        other => other,
                    });
                }
                '\\' => escaped = true,
                '"' => {
                    self.at += place + 2;
                    return Ok(Json::Text(text));
                }
                other => text.push(other),
            }
        }
        Err("a string without end")
    }

    /// `\a`, `\newline`, `\(`.
    fn character(&mut self) -> Json {
        let word = self.word();
        if word.len() > 1 {
            return Json::text(word);
        }
        let next = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.at += next;
        Json::text(&self.text[self.at - next - 1..self.at])
    }
}

/// What stands without quotes or brackets.
pub fn scalar(word: &str) -> Json {
    match word {
        "nil" => return Json::Null,
        "true" => return Json::Bool(true),
        "false" => return Json::Bool(false),
        _ => {}
    }
    let digits = word.strip_prefix('+').unwrap_or(word).trim_end_matches(['N', 'M']);
    match parse_exactly(digits) {
        Ok(number @ Json::Number(_)) => number,
        Ok(Json::Text(long)) if !word.contains('"') => Json::Text(long),
        _ => Json::text(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, json: &str) {
        let read = Edn::new(text, 0).form(0).expect(text).expect("a form");
        assert_eq!(read.to_string(), json, "{text}");
    }

    #[test]
    fn forms_are_read_as_json() {
        reads("{:f :cas, :value [1 nil] \"k\" true}", r#"{"f":":cas","value":[1,null],"k":true}"#);
        reads("; first\n #jepsen.history.Op{:a -1}", r#"{"a":-1}"#);
        reads("#_{:gone 1} (1 #{2 3} #inst \"x\")", r#"[1,[2,3],"x"]"#);
        reads("[0.5 1e2 +7 3N 2.5M 1/2 sym ##NaN]", r###"[0.5,100,7,3,2.5,"1/2","sym","##NaN"]"###);
        reads("9007199254740993", r#""9007199254740993""#);
        reads("[\\a \\newline \\( 1]", r#"["\\a","\\newline","\\(",1]"#);
        reads(r#""a\"\\\n\u00e9é""#, "\"a\\\"\\\\\\néé\"");
    }

    #[test]
    fn what_is_no_edn_is_named() {
        let wrong = |text: &str| Edn::new(text, 0).form(0).expect_err(text);
        assert_eq!(wrong("{:a 1"), "a bracket is never closed");
        assert_eq!(wrong("[1)"), "another bracket is closed than was opened");
        assert_eq!(wrong("{:a}"), "this map has a key without a value");
        assert_eq!(wrong("\"a"), "a string without end");
        assert_eq!(wrong("#tag"), "a value is missing here");
        assert_eq!(wrong(&"[".repeat(99)), "nested too deeply");
    }
}
