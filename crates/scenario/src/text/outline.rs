//! Where every value of a text stands, read so tolerantly that any text has an outline: what is not
//! JSON is stepped over, what is left open ends with the text. It knows no field and no mistake.

use core::ops::Range;

use crate::json::{Json, parse};

/// What a value begins like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// `{`
    Object,
    /// `[`
    List,
    /// `"`
    Text,
    /// A number, a keyword, or anything else.
    Word,
}

/// A value in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it begins like.
    pub sort: Sort,
    /// Where it stands.
    pub range: Range<usize>,
    /// Where its name stands, quotes included, if it is a field.
    pub key: Option<Range<usize>>,
    /// The object or list that it stands in.
    pub parent: Option<usize>,
    /// The how many-th it is there, from 0.
    pub index: usize,
}

/// An object or list that is open where the text ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// Its number.
    pub part: usize,
    /// The name of the field that is being typed.
    pub key: Option<Range<usize>>,
    /// Whether a colon follows that name.
    pub colon: bool,
    count: usize,
}

/// Objects and lists in one another, and values in all: what lies beyond is not outlined.
const DEPTH: usize = 64;
const PARTS: usize = 200_000;

/// The values of a text.
#[derive(Debug)]
pub struct Outline<'a> {
    /// The text.
    pub text: &'a str,
    /// All values in the order in which they begin.
    pub parts: Vec<Part>,
    /// What is open at the end, the outermost first.
    pub open: Vec<Open>,
    /// Where a string or word begins that reaches the end of the text unfinished.
    pub tail: Option<usize>,
}

impl<'a> Outline<'a> {
    /// Outlines a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let mut outline = Self { text, parts: Vec::new(), open: Vec::new(), tail: None };
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at).copied() {
            if outline.parts.len() >= PARTS || outline.open.len() >= DEPTH {
                break;
            }
            at = match byte {
                b'{' => outline.opens(Sort::Object, at),
                b'[' => outline.opens(Sort::List, at),
                b'}' => outline.closes(Sort::Object, at),
                b']' => outline.closes(Sort::List, at),
                b',' | b':' => outline.separates(byte, at),
                b'"' => outline.string(at),
                b' ' | b'\t' | b'\n' | b'\r' => at + 1,
                _ => outline.word(at),
            };
        }
        for open in &outline.open {
            outline.parts[open.part].range.end = text.len();
        }
        outline
    }

    /// Whether a field's name is expected where the text ends.
    #[must_use]
    pub fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            self.parts[open.part].sort == Sort::Object && !(open.key.is_some() && open.colon)
        })
    }

    /// A part's name, if it is a field.
    #[must_use]
    pub fn name(&self, part: usize) -> Option<String> {
        self.key(self.parts[part].key.clone()?)
    }

    /// The name that stands in quotes there.
    #[must_use]
    pub fn key(&self, range: Range<usize>) -> Option<String> {
        let quoted = &self.text[range];
        match parse(quoted) {
            Ok(Json::Text(name)) => Some(name),
            _ => Some(quoted.trim_matches('"').to_owned()),
        }
    }

    /// What stands in an object or list, in order.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.parts[of].range.end;
        let inside =
            (of + 1..self.parts.len()).take_while(move |n| self.parts[*n].range.start < end);
        inside.filter(move |number| self.parts[*number].parent == Some(of))
    }

    /// The field of this name in an object.
    #[must_use]
    pub fn field(&self, of: usize, name: &str) -> Option<usize> {
        self.children(of).find(|child| self.name(*child).as_deref() == Some(name))
    }

    /// A value that is no object and no list, read.
    #[must_use]
    pub fn scalar(&self, part: usize) -> Option<Json> {
        let Part { sort, range, .. } = &self.parts[part];
        let simple = matches!(sort, Sort::Text | Sort::Word);
        simple.then(|| parse(&self.text[range.clone()]).ok())?
    }

    /// Puts a value into what is open; says its number.
    fn add(&mut self, sort: Sort, range: Range<usize>) -> usize {
        let (mut parent, mut key, mut index) = (None, None, 0);
        if let Some(open) = self.open.last_mut() {
            (parent, key, index) = (Some(open.part), open.key.take(), open.count);
            open.colon = false;
            open.count += 1;
        }
        self.parts.push(Part { sort, range, key, parent, index });
        self.parts.len() - 1
    }

    fn opens(&mut self, sort: Sort, at: usize) -> usize {
        let part = self.add(sort, at..at + 1);
        self.open.push(Open { part, key: None, colon: false, count: 0 });
        at + 1
    }

    /// Closes the innermost of the sort, and what was left open in it.
    fn closes(&mut self, sort: Sort, at: usize) -> usize {
        let innermost = self.open.iter().rposition(|open| self.parts[open.part].sort == sort);
        if let Some(innermost) = innermost {
            for open in self.open.drain(innermost + 1..) {
                self.parts[open.part].range.end = at;
            }
            if let Some(closed) = self.open.pop() {
                self.parts[closed.part].range.end = at + 1;
            }
        }
        at + 1
    }

    fn separates(&mut self, byte: u8, at: usize) -> usize {
        if let Some(open) = self.open.last_mut() {
            if byte == b':' {
                open.colon = open.key.is_some();
            } else {
                (open.key, open.colon) = (None, false);
            }
        }
        at + 1
    }

    /// A string ends at its quote; one that is left open, at its line's end.
    fn string(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => {
                    end += 1;
                    break;
                }
                Some(b'\\') if bytes.get(end + 1).is_some_and(|next| *next != b'\n') => end += 2,
                Some(b'\n') => break,
                Some(_) => end += 1,
                None => {
                    end = bytes.len();
                    self.tail = Some(at);
                    break;
                }
            }
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.takes(Sort::Text, at..end);
        end
    }

    fn word(&mut self, at: usize) -> usize {
        let stops = |c: char| c.is_ascii_whitespace() || "{}[],:\"".contains(c);
        let length = self.text[at..].find(stops).unwrap_or(self.text.len() - at);
        if at + length == self.text.len() {
            self.tail = Some(at);
        }
        self.takes(Sort::Word, at..at + length);
        at + length
    }

    /// A string or word: the name of a field, or a value. One that the end of the text cuts off is neither yet.
    fn takes(&mut self, sort: Sort, range: Range<usize>) {
        if self.tail.is_some() {
            return;
        }
        if !self.wants_key() {
            self.add(sort, range);
        } else if let Some(open) = self.open.last_mut() {
            (open.key, open.colon) = (Some(range), false);
        }
    }
}
