//! Texts that grow by appending: equal texts have the same number, whatever they were made of.
//!
//! A text is what stands in the history, or another one with a piece after it. Fingerprints (a
//! polynomial modulo 2^61 - 1, after Karp and Rabin, 1987) only find where to compare.

use std::collections::BTreeMap;

use engine::observe::linearizable::Texts;

const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x0345_6789_abcd_ef13 % PRIME;

/// All texts of a history, and those that appending makes of them. Number 0 is the empty one.
#[derive(Debug)]
pub struct StringInterner {
    ropes: Vec<Rope>,
    given: String,
    /// By fingerprint, length, and how many others have both.
    numbers: BTreeMap<(u64, u32, u32), u32>,
    joined: BTreeMap<(u32, u32), u32>,
    /// So many stand in the history.
    read: usize,
}

#[derive(Clone, Copy, Debug)]
struct Rope {
    mark: u64,
    /// `BASE` to the length.
    power: u64,
    length: u32,
    /// Where its last part stands in what was given.
    start: u32,
    /// Length of the last part.
    last: u32,
    /// What stands before the last part; itself: nothing.
    before: u32,
}

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "61 bits of each")]
    let sum = (product & u128::from(PRIME)) as u64 + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn plus(a: u64, b: u64) -> u64 {
    let sum = a + b;
    if sum >= PRIME { sum - PRIME } else { sum }
}

impl Default for StringInterner {
    fn default() -> Self {
        let (ropes, given) = (Vec::new(), String::new());
        let mut texts =
            Self { ropes, given, numbers: BTreeMap::new(), joined: BTreeMap::new(), read: 0 };
        texts.number("");
        texts
    }
}

impl StringInterner {
    /// The number of a text that stands in the history.
    pub fn number(&mut self, text: &str) -> u32 {
        let (start, before) = (count(self.given.len()), count(self.ropes.len()));
        self.given.push_str(text);
        let mut rope = Rope {
            mark: 0,
            power: 1,
            length: count(text.len()),
            start,
            last: count(text.len()),
            before,
        };
        for byte in text.bytes() {
            rope.mark = plus(times(rope.mark, BASE), u64::from(byte) + 1);
            rope.power = times(rope.power, BASE);
        }
        let number = self.find_or_add(rope);
        if number != before {
            self.given.truncate(start as usize);
        }
        self.read = self.ropes.len();
        number
    }

    /// The text itself.
    pub fn text(&self, number: u32) -> String {
        let parts: Vec<&str> = self.parts(&self.ropes[number as usize]).collect();
        parts.into_iter().rev().collect()
    }

    /// Forgets what appending has made.
    pub fn reset(&mut self) {
        let read = self.read;
        self.joined.clear();
        if self.ropes.len() == read {
            return;
        }
        self.ropes.truncate(read);
        self.numbers.retain(|_, number| (*number as usize) < read);
    }

    fn find_or_add(&mut self, rope: Rope) -> u32 {
        for others in 0.. {
            let place = (rope.mark, rope.length, others);
            let Some(number) = self.numbers.get(&place).copied() else {
                self.numbers.insert(place, count(self.ropes.len()));
                self.ropes.push(rope);
                break;
            };
            if self.equal(&self.ropes[number as usize], &rope) {
                return number;
            }
        }
        count(self.ropes.len() - 1)
    }

    fn part(&self, rope: &Rope) -> &str {
        &self.given[rope.start as usize..(rope.start + rope.last) as usize]
    }

    /// The parts of a text, the last one first.
    fn parts<'a>(&'a self, rope: &Rope) -> impl Iterator<Item = &'a str> + 'a {
        let before =
            |rope: &Rope| (rope.last < rope.length).then(|| self.ropes[rope.before as usize]);
        std::iter::successors(Some(*rope), before).map(|rope| self.part(&rope))
    }

    fn equal(&self, a: &Rope, b: &Rope) -> bool {
        let backwards = |rope| self.parts(rope).flat_map(|part| part.bytes().rev());
        a.length == b.length && backwards(a).eq(backwards(b))
    }
}

impl Texts for StringInterner {
    fn join(&mut self, text: u64, piece: u64) -> u64 {
        let pair @ (text, piece) = (number(text), number(piece));
        if let Some(joined) = self.joined.get(&pair) {
            return u64::from(*joined);
        }
        let (a, b) = (self.ropes[text as usize], self.ropes[piece as usize]);
        let joined = if b.length == 0 {
            text
        } else {
            self.find_or_add(Rope {
                mark: plus(times(a.mark, b.power), b.mark),
                power: times(a.power, b.power),
                length: a.length + b.length,
                start: b.start,
                last: b.length,
                before: text,
            })
        };
        self.joined.insert(pair, joined);
        u64::from(joined)
    }

    /// Compares the last part alone: those before it were compared when they were appended.
    fn may_become(&self, text: u64, goal: u64) -> bool {
        let (text, goal) = (&self.ropes[number(text) as usize], &self.ropes[number(goal) as usize]);
        if text.length > goal.length || goal.last < goal.length {
            return text.length <= goal.length;
        }
        let place = (text.length - text.last) as usize..text.length as usize;
        self.part(goal).as_bytes().get(place) == Some(self.part(text).as_bytes())
    }

    fn given(&self, text: u64) -> Option<&[u8]> {
        let rope = self.ropes.get(number(text) as usize)?;
        (rope.last == rope.length).then(|| self.part(rope).as_bytes())
    }

    fn heap_bytes(&self) -> usize {
        self.given.len() + self.ropes.len() * 160
    }
}

/// Counts are below 2^32: a file is shorter.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn number(name: u64) -> u32 {
    u32::try_from(name).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number_however_they_were_made() {
        let mut texts = StringInterner::default();
        let [a, b, ab, bc, abc] = ["a", "b", "ab", "bc", "abc"].map(|t| u64::from(texts.number(t)));
        let c = u64::from(texts.number("c"));
        assert_eq!(texts.join(a, b), ab);
        assert_eq!(texts.join(ab, c), texts.join(a, bc));
        assert_eq!(texts.join(ab, c), abc);
        let abca = texts.join(abc, a);
        assert_eq!(texts.text(number(abca)), "abca");
        let abcab = texts.join(abca, b);
        assert_eq!(texts.join(abc, ab), abcab);
        assert_eq!(texts.join(abc, 0), abc);
        assert_eq!((texts.number("a"), u64::from(texts.number(""))), (number(a), 0));
    }

    #[test]
    fn a_text_that_goes_wrong_is_given_up() {
        let mut texts = StringInterner::default();
        let [goal, a, b] = ["aab", "a", "b"].map(|text| u64::from(texts.number(text)));
        let (aa, ab) = (texts.join(a, a), texts.join(a, b));
        assert!(texts.may_become(0, goal) && texts.may_become(aa, goal));
        assert!(!texts.may_become(ab, goal));
        let longer = texts.join(goal, b);
        assert!(!texts.may_become(longer, goal));
        texts.reset();
        let again = texts.join(a, a);
        assert_eq!(texts.text(number(again)), "aa");
    }
}
