//! A JSON value in few bytes: known words as numbers, numbers as their decimal digits, a checksum in front.
//!
//! One byte says what follows: a constant, a text, a list, an object, a decimal number of so many decimals, a small
//! whole number, or a word of the vocabulary. It knows JSON and nothing of what the values mean.
//!
//! By hand: a general format such as Postcard needs a struct for every shape, and a compressor a dictionary of the same
//! words; this is smaller in the page than either, and its bytes are what links are made of for ever.

use super::vocabulary::{WORDS, number_of};
use crate::json::{Json, parse, plain};
use engine::protocol::parts::checksum::checksum;

/// What packed bytes begin with; a JSON text begins with a brace or a blank.
pub const MARK: u8 = 1;
/// The mark and the checksum.
const HEAD: usize = 5;
/// Lists and objects within one another, as for JSON's text.
const DEPTH: u32 = 64;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const EXACT: u8 = 3;
const TEXT: u8 = 4;
const LIST: u8 = 5;
const OBJECT: u8 = 6;
const LATE_WORD: u8 = 7;
/// And as many as there are decimals, twice; one more if it is negative.
const DECIMAL: u8 = 8;
const MOST_DECIMALS: usize = 9;
/// And the number itself.
const SMALL: u8 = 32;
const SMALLS: u8 = 64;
/// And the number of the word.
const WORD: u8 = SMALL + SMALLS;
const EARLY_WORDS: usize = 256 - WORD as usize;
/// Whole numbers of at most this size have all their digits in a float.
const EXACT_DIGITS: f64 = 1e15;

/// A value as bytes.
#[must_use]
pub fn packed(json: &Json) -> Vec<u8> {
    let mut body = Vec::new();
    write(json, &mut body);
    let mut bytes = vec![MARK];
    bytes.extend(checksum(&body).to_le_bytes());
    bytes.extend(body);
    bytes
}

fn write(json: &Json, to: &mut Vec<u8>) {
    match json {
        Json::Null => to.push(NULL),
        Json::Bool(false) => to.push(FALSE),
        Json::Bool(true) => to.push(TRUE),
        Json::Number(number) => write_number(*number, to),
        Json::Text(text) => write_text(text, to),
        Json::List(elements) => {
            to.push(LIST);
            write_varint(elements.len() as u64, to);
            elements.iter().for_each(|element| write(element, to));
        }
        Json::Object(fields) => {
            to.push(OBJECT);
            write_varint(fields.len() as u64, to);
            for (name, value) in fields {
                match number_of(name) {
                    Some(number) => write_varint(number as u64 + 1, to),
                    None => {
                        write_varint(0, to);
                        write_letters(name, to);
                    }
                }
                write(value, to);
            }
        }
    }
}

fn write_text(text: &str, to: &mut Vec<u8>) {
    match number_of(text) {
        #[expect(clippy::cast_possible_truncation, reason = "checked")]
        Some(number) if number < EARLY_WORDS => to.push(WORD + number as u8),
        Some(number) => {
            to.push(LATE_WORD);
            write_varint((number - EARLY_WORDS) as u64, to);
        }
        None => {
            to.push(TEXT);
            write_letters(text, to);
        }
    }
}

fn write_letters(text: &str, to: &mut Vec<u8>) {
    write_varint(text.len() as u64, to);
    to.extend(text.as_bytes());
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn write_number(number: f64, to: &mut Vec<u8>) {
    if (0.0..f64::from(SMALLS)).contains(&number) && libm::floor(number) == number {
        to.push(SMALL + number as u8);
        return;
    }
    let text = plain(number);
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let same = parse(&text) == Ok(Json::Number(number));
    if !same || number.abs() >= EXACT_DIGITS || decimals > MOST_DECIMALS {
        to.push(EXACT);
        to.extend(number.to_le_bytes());
        return;
    }
    to.push(DECIMAL + 2 * decimals as u8 + u8::from(number < 0.0));
    let digits = text.bytes().filter(u8::is_ascii_digit);
    write_varint(digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')), to);
}

fn write_varint(mut number: u64, to: &mut Vec<u8>) {
    while number >= 128 {
        to.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    to.push(number as u8);
}

/// The value that bytes hold; `None` if they are not whole and sound.
#[must_use]
pub fn unpacked(bytes: &[u8]) -> Option<Json> {
    let (head, body) = bytes.split_at_checked(HEAD)?;
    if head[0] != MARK || head[1..] != checksum(body).to_le_bytes() {
        return None;
    }
    let mut reader = Reader { rest: body };
    let json = reader.value(0)?;
    reader.rest.is_empty().then_some(json)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// How many follow, each of at least one byte: more than bytes are left cannot be.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.varint()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    fn letters(&mut self) -> Option<String> {
        let count = self.count()?;
        String::from_utf8(self.take(count)?.to_vec()).ok()
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        if depth > DEPTH {
            return None;
        }
        Some(match self.byte()? {
            NULL => Json::Null,
            FALSE => Json::Bool(false),
            TRUE => Json::Bool(true),
            EXACT => {
                let number = f64::from_le_bytes(self.take(8)?.try_into().ok()?);
                Json::Number(Some(number).filter(|number| number.is_finite())?)
            }
            TEXT => Json::Text(self.letters()?),
            LIST => {
                let count = self.count()?;
                let elements = (0..count).map(|_| self.value(depth + 1));
                Json::List(elements.collect::<Option<_>>()?)
            }
            OBJECT => self.object(depth)?,
            LATE_WORD => {
                let number = usize::try_from(self.varint()?).ok()?.checked_add(EARLY_WORDS)?;
                Json::text(*WORDS.get(number)?)
            }
            kind @ DECIMAL..SMALL => self.decimal(kind - DECIMAL)?,
            small @ SMALL..WORD => Json::Number(f64::from(small - SMALL)),
            word => Json::text(*WORDS.get(usize::from(word - WORD))?),
        })
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        let count = self.count()?;
        let mut fields: Vec<(String, Json)> = Vec::new();
        for _ in 0..count {
            let name = match usize::try_from(self.varint()?).ok()?.checked_sub(1) {
                None => self.letters()?,
                Some(number) => (*WORDS.get(number)?).to_owned(),
            };
            if fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name, self.value(depth + 1)?));
        }
        Some(Json::Object(fields))
    }

    #[expect(clippy::cast_precision_loss, reason = "at most fifteen digits are written")]
    fn decimal(&mut self, kind: u8) -> Option<Json> {
        let decimals = u32::from(kind / 2);
        let digits = self.varint()?;
        let power = (0..decimals).fold(1.0, |product, _| product * 10.0);
        let size = digits as f64 / power;
        Some(Json::Number(if kind % 2 == 1 { -size } else { size }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(json: &Json) {
        assert_eq!(unpacked(&packed(json)).as_ref(), Some(json));
    }

    #[test]
    fn every_kind_of_value_is_what_it_was() {
        let numbers = [
            0.0,
            1.0,
            63.0,
            64.0,
            -1.0,
            0.2,
            -12.345_678_9,
            1e-12,
            1e300,
            -1e17,
            74.3,
            1.0 / 3.0,
            12_500.001,
            9_007_199_254_740_991.0,
            999_999.999_999_9,
        ];
        check_same(&Json::List(numbers.into_iter().map(Json::Number).collect()));
        let texts = ["", "crash", "n16", "a title of its own", "é😀", "transfers"];
        check_same(&Json::List(texts.into_iter().map(Json::text).collect()));
        let fields =
            [("at_ms", Json::Null), ("none of ours", Json::Bool(true)), ("do", Json::Bool(false))];
        check_same(&Json::object(fields));
        WORDS.iter().for_each(|word| check_same(&Json::object([(word, Json::text(*word))])));
    }

    #[test]
    fn no_word_stands_twice_in_the_vocabulary() {
        for (number, word) in WORDS.iter().enumerate() {
            assert_eq!(number_of(word), Some(number), "{word}");
        }
    }

    /// Bytes of a stranger, with the right checksum.
    fn forged(body: &[u8]) -> Vec<u8> {
        [&[MARK], &checksum(body).to_le_bytes()[..], body].concat()
    }

    #[test]
    fn forged_bytes_are_refused_before_anything_is_made_of_them() {
        let deep = [LIST, 1].repeat(100);
        let huge = [LIST, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        let long_text = [TEXT, 0xff, 0xff, 0xff, 0x7f, b'a'];
        let twice = [OBJECT, 2, 1, NULL, 1, NULL];
        let not_utf8 = [TEXT, 1, 0xff];
        let more = [NULL, NULL];
        let unknown_word = [LATE_WORD, 0xff, 0x7f];
        let endless = [EXACT, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f];
        let bodies: [&[u8]; 9] =
            [&deep, &huge, &long_text, &twice, &not_utf8, &more, &unknown_word, &endless, &[]];
        for body in bodies {
            assert_eq!(unpacked(&forged(body)), None, "{body:?}");
        }
    }
}
