//! Reads JSON (RFC 8259) and says where a document stops being it.

use super::Json;
use super::number::value_of;

/// Where a text is not JSON, and what was expected there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misprint {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// What is wrong there.
    pub what: &'static str,
}

/// Lists and objects within one another: at most so many, so that no document exhausts the stack.
const DEPTH: u32 = 64;

/// Fields of one object: at most so many, so that looking for one that stands twice takes no time.
const FIELDS: usize = 1_000;

/// Whole numbers from here on may have been rounded.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads one JSON value.
///
/// # Errors
/// The first place at which the text is not JSON; a name that stands twice in an object counts.
pub fn parse(text: &str) -> Result<Json, Misprint> {
    read(text, false)
}

/// The same, but a number that would not be written again as the same number (from 2^53 on, or of many decimals)
/// is a string of its digits, so that different numbers stay different.
///
/// # Errors
/// As [`parse`].
pub fn parse_exactly(text: &str) -> Result<Json, Misprint> {
    read(text, true)
}

fn read(text: &str, exactly: bool) -> Result<Json, Misprint> {
    let mut reader = Reader { text, place: 0, exactly };
    let parsed = reader.value(0).and_then(|json| {
        reader.blanks();
        if reader.place == text.len() {
            Ok(json)
        } else {
            Err("more text after the document's end")
        }
    });
    parsed.map_err(|what| reader.misprint(what))
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
    exactly: bool,
}

type Read<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn misprint(&self, what: &'static str) -> Misprint {
        let (mut line, mut column) = (1, 1);
        for (_, character) in self.text.char_indices().take_while(|(at, _)| *at < self.place) {
            (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        Misprint { line, column, what }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.place += 1;
        }
    }

    /// Steps over `byte`, with the blanks before it, if it comes next.
    fn takes(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        self.place += usize::from(found);
        found
    }

    fn value(&mut self, depth: u32) -> Read<Json> {
        self.blanks();
        if depth > DEPTH {
            return Err("nested too deeply");
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.keyword("true", Json::Bool(true)),
            Some(b'f') => self.keyword("false", Json::Bool(false)),
            Some(b'n') => self.keyword("null", Json::Null),
            Some(_) => Err("no value starts like this"),
            None => Err("the text ends where a value is expected"),
        }
    }

    fn keyword(&mut self, word: &str, json: Json) -> Read<Json> {
        if !self.text[self.place..].starts_with(word) {
            return Err("only true, false and null stand without quotes");
        }
        self.place += word.len();
        Ok(json)
    }

    fn object(&mut self, depth: u32) -> Read<Json> {
        self.place += 1;
        let mut fields: Vec<(String, Json)> = Vec::new();
        if self.takes(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err("a field's name in double quotes is expected");
            }
            if fields.len() == FIELDS {
                return Err("an object has no more than 1000 fields");
            }
            let start = self.place;
            let name = self.string()?;
            if fields.iter().any(|(known, _)| *known == name) {
                self.place = start;
                return Err("this field stands twice in the same object");
            }
            if !self.takes(b':') {
                return Err("a colon is expected after a field's name");
            }
            fields.push((name, self.value(depth + 1)?));
            if self.takes(b'}') {
                return Ok(Json::Object(fields));
            }
            if !self.takes(b',') {
                return Err("a comma or } is expected");
            }
        }
    }

    fn list(&mut self, depth: u32) -> Read<Json> {
        self.place += 1;
        let mut elements = Vec::new();
        if self.takes(b']') {
            return Ok(Json::List(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            if self.takes(b']') {
                return Ok(Json::List(elements));
            }
            if !self.takes(b',') {
                return Err("a comma or ] is expected");
            }
        }
    }

    fn string(&mut self) -> Read<String> {
        self.place += 1;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.place..];
            let Some(character) = rest.chars().next() else { return Err("a string without end") };
            self.place += character.len_utf8();
            match character {
                '"' => return Ok(text),
                '\\' => text.push(self.escaped()?),
                c if u32::from(c) < 0x20 => return Err("a line break or tab within a string"),
                c => text.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Read<char> {
        let kind = self.peek();
        self.place += 1;
        Ok(match kind {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => {
                self.place -= 1;
                return Err("no character is written like this after a backslash");
            }
        })
    }

    fn code_point(&mut self) -> Read<char> {
        let high = self.four_hex()?;
        let leads = (0xd800..0xdc00).contains(&high);
        let code = if leads && self.text[self.place..].starts_with("\\u") {
            self.place += 2;
            match self.four_hex()? {
                low @ 0xdc00..0xe000 => 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00),
                _ => high,
            }
        } else {
            high
        };
        char::from_u32(code).ok_or("half of a character in two parts")
    }

    fn four_hex(&mut self) -> Read<u32> {
        let digits = self.text.get(self.place..self.place + 4);
        let hex = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        self.place += 4;
        code.ok_or("four hexadecimal digits are expected").inspect_err(|_| self.place -= 4)
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.place;
        self.place += usize::from(self.peek() == Some(b'-'));
        let leading_zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && leading_zero {
            return Err("a number does not start with 0 unless a point follows");
        }
        if self.peek() == Some(b'.') {
            self.place += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.place += 1;
            self.place += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let written = &self.text[start..self.place];
        let number = value_of(written);
        if self.exactly && !(number.abs() < EXACT && alone(written)) {
            return Ok(Json::text(written));
        }
        Ok(Json::Number(number))
    }

    fn digits(&mut self) -> Read<usize> {
        let start = self.place;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.place += 1;
        }
        if self.place == start { Err("a digit is expected") } else { Ok(self.place - start) }
    }
}

/// Whether no other decimal that people write becomes the same number: a whole one does not (below [`EXACT`]), nor does
/// one of at most 15 digits.
fn alone(written: &str) -> bool {
    let mantissa = written.split(['e', 'E']).next().unwrap_or(written);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    written.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) || digits.count() <= 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            "null",
            "[]",
            "{}",
            r#"[1,2.5,-3,true,false,null,"a\"b\\c\n\u0001é"]"#,
            r#"{"a":{"b":[{"c":0}]},"d":""}"#,
        ];
        for text in texts {
            let json = parse(text).expect(text);
            assert_eq!(json.to_string(), text);
            assert_eq!(parse(&json.pretty()).expect("pretty"), json);
        }
        assert_eq!(parse(r#""\ud83d\ude00 \u00e9""#), Ok(Json::text("😀 é")));
    }

    #[test]
    fn numbers_that_cannot_be_kept_are_kept_as_digits() {
        let text = "[1,0.5,-3,9007199254740991,9007199254740993,0.30000000000000004,1e-12,1e3]";
        let digits = r#"[1,0.5,-3,9007199254740991,"9007199254740993","0.30000000000000004",0.000000000001,1000]"#;
        assert_eq!(parse_exactly(text).expect(text).to_string(), digits);
    }

    #[track_caller]
    fn check_misprint(text: &str, line: u32, column: u32, what: &str) {
        let misprint = parse(text).expect_err(text);
        assert_eq!((misprint.line, misprint.column, misprint.what), (line, column, what));
    }

    #[test]
    fn a_misprint_is_named_where_it_stands() {
        check_misprint("{\n  \"a\": 1,\n}", 3, 1, "a field's name in double quotes is expected");
        check_misprint("[1 2]", 1, 4, "a comma or ] is expected");
        check_misprint("{\"a\": 1, \"a\": 2}", 1, 10, "this field stands twice in the same object");
        check_misprint("tru", 1, 1, "only true, false and null stand without quotes");
        check_misprint("\"é", 1, 3, "a string without end");
        check_misprint("01", 1, 3, "a number does not start with 0 unless a point follows");
        check_misprint("", 1, 1, "the text ends where a value is expected");
        check_misprint("{} x", 1, 4, "more text after the document's end");
        check_misprint(&"[".repeat(80), 1, 66, "nested too deeply");
        check_misprint("\"\\ud800\"", 1, 8, "half of a character in two parts");
        check_misprint("\"\\ud800\\u0041\"", 1, 14, "half of a character in two parts");
        check_misprint("\"\\udc00\"", 1, 8, "half of a character in two parts");
        check_misprint("\"\\u12\"", 1, 4, "four hexadecimal digits are expected");
    }
}
