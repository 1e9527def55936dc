//! In which format a history was written, and its records one after the other, as JSON values with their lines.
//!
//! It does not know what a record must say.

use super::edn::{self, Edn};
use super::mistake::Mistake;
use crate::json::{Json, Misprint, parse_exactly};

/// The formats that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A JSON record a line, Jepsen's or our own.
    Lines,
    /// A JSON array of such records, or records over several lines.
    Json,
    /// Jepsen's `history.edn`: maps one after the other, or a vector of them.
    Edn,
    /// Jepsen's `history.txt`: process, type, function and value in columns; also within its log.
    Table,
    /// Porcupine's operations: `ClientId`, `Input`, `Call`, `Output`, `Return`, as JSON.
    Porcupine,
}

impl Format {
    /// Its name for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lines => "json-lines",
            Self::Json => "json",
            Self::Edn => "edn",
            Self::Table => "text",
            Self::Porcupine => "porcupine",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Lines => "JSON, a record a line",
            Self::Json => "JSON records",
            Self::Edn => "a Jepsen history in EDN",
            Self::Table => "a Jepsen history as text",
            Self::Porcupine => "Porcupine operations in JSON",
        }
    }
}

/// The text of a file: UTF-8, or UTF-16 with the mark that says so.
///
/// # Errors
/// It is neither; what to do instead.
pub fn decode(bytes: &[u8]) -> Result<String, &'static str> {
    let wide = |order: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes[2..].chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => String::from_utf16(&wide(u16::from_le_bytes)).ok(),
        [0xfe, 0xff, ..] => String::from_utf16(&wide(u16::from_be_bytes)).ok(),
        [b'J', b'E', b'P', b'S', b'E', b'N', ..] => {
            return Err("this is Jepsen's binary store: give the history.edn beside it");
        }
        bytes => core::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    text.ok_or("this is not text")
}

/// A text without the mark that some programs put before it.
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The format of a text, judged by how it begins; `None`: none of these. A text without records has any.
pub fn recognise(text: &str) -> Option<Format> {
    let text = unmarked(text);
    let mut edn = Edn::new(text, 0);
    let Some(first) = edn.peek() else { return Some(Format::Lines) };
    let start = edn.at;
    let mut inner = first;
    while matches!(inner, b'[' | b'(') {
        edn.at += 1;
        inner = edn.peek().unwrap_or(b']');
    }
    if inner == b'{' {
        edn.at += 1;
        inner = edn.peek().unwrap_or(b'}');
    }
    match (first, inner) {
        (b'(', _) | (b'{' | b'[', b':' | b'#' | b';') | (b'#', _) => Some(Format::Edn),
        (b'{' | b'[', _) => Some(json_format(&text[start..], first)),
        _ => row(text.lines().find(|line| !line.trim_ascii().is_empty())?).map(|_| Format::Table),
    }
}

fn json_format(text: &str, first: u8) -> Format {
    let line = parse_exactly(text.lines().next().unwrap_or_default().trim_ascii());
    let value = values(text).next().map(|(_, value)| parse_exactly(value));
    let timed = |json: &Json| super::porcupine::is_operation(json);
    match (line, value) {
        (_, Some(Ok(value))) if timed(&value) => Format::Porcupine,
        (Ok(_), _) if first == b'{' => Format::Lines,
        (_, Some(Ok(Json::Object(_))) | None) => Format::Json,
        _ if first == b'[' => Format::Json,
        _ => Format::Lines,
    }
}

/// Whether a text is a history, judged by its first record: other files are JSON, too.
pub fn is_history(text: &str) -> bool {
    let text = unmarked(text);
    let record = |json: &Json| {
        let has = |name| json.field(name).is_some();
        has("process") && has("type") || super::porcupine::is_operation(json)
    };
    let first = match recognise(text) {
        Some(Format::Table) => return true,
        Some(Format::Edn) => return text.contains(":process"),
        Some(Format::Lines) => text.lines().find(|line| !line.trim_ascii().is_empty()),
        Some(Format::Json | Format::Porcupine) => values(text).next().map(|(_, value)| value),
        None => None,
    };
    first.is_some_and(|text| parse_exactly(text).is_ok_and(|json| record(&json)))
}

/// Hands every record on, with its line, or what is wrong there.
pub fn records(text: &str, format: Format, mut take: impl FnMut(u32, Result<Json, Mistake>)) {
    let text = unmarked(text);
    match format {
        Format::Lines => {
            for (number, line) in (1..).zip(text.lines()) {
                let line = line.trim_ascii();
                if !line.is_empty() {
                    take(number, json(line).map_err(|(_, mistake)| mistake));
                }
            }
        }
        Format::Json | Format::Porcupine => {
            for (line, value) in values(text) {
                match json(value) {
                    Ok(json) => take(line, Ok(json)),
                    Err((further, mistake)) => take(line + further, Err(mistake)),
                }
            }
        }
        Format::Edn => forms(text, take),
        Format::Table => rows(text, take),
    }
}

fn json(text: &str) -> Result<Json, (u32, Mistake)> {
    parse_exactly(text).map_err(|Misprint { line, column, what }| {
        (line - 1, Mistake::Unreadable { format: "JSON", column, what })
    })
}

/// The JSON values of a text with the lines where they begin, whether or not they stand in an array. They are
/// told from each other by their brackets alone.
fn values(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let bytes = text.as_bytes();
    let between = |byte: u8| byte.is_ascii_whitespace() || byte == b',';
    let (mut at, mut line, mut counted) = (0, 1, 0);
    let array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    core::iter::from_fn(move || {
        while at < bytes.len() && (between(bytes[at]) || array && matches!(bytes[at], b'[' | b']'))
        {
            at += 1;
        }
        let (start, mut depth, mut quoted) = (at, 0_i32, false);
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if quoted => at += 1,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
            at = (at + 1).min(bytes.len());
            if depth <= 0 && !quoted && bytes.get(at).is_none_or(|byte| !byte.is_ascii_digit()) {
                break;
            }
        }
        let newlines = bytes[counted..start].iter().filter(|byte| **byte == b'\n').count();
        line += u32::try_from(newlines).unwrap_or(0);
        counted = start;
        (start < at).then(|| (line, text.get(start..at).unwrap_or("\u{fffd}")))
    })
}

/// The maps of an EDN text. After one that cannot be read, the next line that begins with one is tried.
fn forms(text: &str, mut take: impl FnMut(u32, Result<Json, Mistake>)) {
    let mut edn = Edn::new(text, 0);
    let mut inside = None;
    if let Some(open @ (b'[' | b'(')) = edn.peek() {
        edn.at += 1;
        inside = Some(if open == b'[' { b']' } else { b')' });
    }
    let (mut line, mut counted) = (1_u32, 0);
    loop {
        let end = edn.peek();
        let newlines = text[counted..edn.at].bytes().filter(|byte| *byte == b'\n').count();
        line += u32::try_from(newlines).unwrap_or(0);
        counted = edn.at;
        let start = edn.at;
        let wrong = match (end, inside) {
            (None, None) => return,
            (Some(byte), Some(close)) if byte == close => {
                inside = None;
                edn.at += 1;
                continue;
            }
            (None, Some(_)) => "the vector of records is never closed",
            (Some(b')' | b']' | b'}'), _) => "a bracket is closed that was not opened",
            _ => match edn.form(0) {
                Ok(Some(form)) => {
                    take(line, Ok(form));
                    continue;
                }
                Ok(None) => return,
                Err(what) => what,
            },
        };
        // What is never closed is told where it was opened.
        let spot = if edn.at >= text.len() { start } else { edn.at };
        let before = text[..spot].rfind('\n').map_or(0, |place| place + 1);
        let column = u32::try_from(text[before..spot].chars().count()).unwrap_or(0) + 1;
        let lines = text[start..spot].bytes().filter(|byte| *byte == b'\n').count();
        let at = line + u32::try_from(lines).unwrap_or(0);
        take(at, Err(Mistake::Unreadable { format: "EDN", column, what: wrong }));
        let next = text[start..].match_indices("\n{").next();
        let Some((place, _)) = next else { return };
        edn.at = start + place + 1;
    }
}

/// The rows of a text table. In a log, lines that hold no row are passed over.
fn rows(text: &str, mut take: impl FnMut(u32, Result<Json, Mistake>)) {
    let mut is_log = None;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match row(line) {
            Some((before, json)) => {
                is_log.get_or_insert(before);
                take(number, json);
            }
            None if is_log == Some(true) => {}
            None => take(number, Err(Mistake::NoRow)),
        }
    }
}

/// What type a row can tell of.
const TYPES: &[&str] = &[":invoke", ":ok", ":fail", ":info"];

/// A row of a table, and whether a log's words stand before it; `None`: it tells of no operation.
fn row(line: &str) -> Option<(bool, Result<Json, Mistake>)> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    for word in line.split_ascii_whitespace() {
        let at = word.as_ptr() as usize - line.as_ptr() as usize;
        words.push((at, word));
        let three = words.len() > 2 && TYPES.contains(&words[words.len() - 2].1);
        if three || words.len() > 40 {
            break;
        }
    }
    let [.., (_, process), (_, kind), (at, f)] = words[..] else { return None };
    if !TYPES.contains(&kind) {
        return None;
    }
    let process = match process.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
        Some(name) => Json::text(name),
        None => edn::scalar(process),
    };
    let mut rest = Edn::new(line, at + f.len());
    let row = rest.form(0).map(|value| {
        Json::object([
            ("process", process),
            ("type", Json::text(kind)),
            ("f", Json::text(f)),
            ("value", value.unwrap_or(Json::Null)),
        ])
    });
    let column = u32::try_from(line[..rest.at].chars().count()).unwrap_or(0) + 1;
    let row = row.map_err(|what| Mistake::Unreadable { format: "EDN", column, what });
    Some((words.len() > 3, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> (Option<Format>, Vec<(u32, bool)>) {
        let (format, mut found) = (recognise(text), Vec::new());
        if let Some(format) = format {
            records(text, format, |line, record| found.push((line, record.is_ok())));
        }
        (format, found)
    }

    #[test]
    fn a_format_is_recognised_by_how_it_begins() {
        let one = [(1, true)];
        assert_eq!(
            lines("{\"a\":1}\n{\"a\":2"),
            (Some(Format::Lines), vec![(1, true), (2, false)])
        );
        let pretty = "[\n  {\n    \"a\": [1, \"]}\\\"\"]\n  },\n  {\"a\": 2}\n]\n";
        assert_eq!(lines(pretty), (Some(Format::Json), vec![(2, true), (5, true)]));
        assert_eq!(lines("{\n\"a\":1\n}\n{\n\"a\": x\n}").1, [(1, true), (5, false)]);
        assert_eq!(lines("\u{feff}; by hand\n[{:a 1}\n #x.Op{:a 2}]").1, [(2, true), (3, true)]);
        assert_eq!(lines("{:a 1\n{:a 2}\n").1, [(1, false), (2, true)]);
        assert_eq!(lines("({:a 1})"), (Some(Format::Edn), one.to_vec()));
        assert_eq!(lines("\n0 :invoke :read nil\n0 :ok :read \"").1, [(2, true), (3, false)]);
        let log = "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.core - done\n";
        assert_eq!(lines(log), (Some(Format::Table), one.to_vec()));
        assert_eq!(lines("0 :invoke :read nil\nwhat\n").1, [(1, true), (2, false)]);
        assert_eq!(lines("{\"ClientId\":0,\"Input\":0,\"Call\":1}").0, Some(Format::Porcupine));
        assert_eq!(lines("hello there"), (None, vec![]));
        assert_eq!(lines(""), (Some(Format::Lines), vec![]));
        assert_eq!(lines("[]"), (Some(Format::Json), vec![]));
    }
}
