//! In how many ways a text is one of some starts with some pieces after it: in none, in one, or in more.
//!
//! Ways are counted from the front, position by position. The pieces that a rest begins with are found by one
//! search in their order: all of them are beginnings of the last piece that does not come after the rest.

use super::plan::number_of;
use crate::base::sort;

/// In how many ways a text can have come about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Split {
    /// In none, each piece used once at most.
    Never,
    /// In one: the place of the start, and those of the pieces in their order.
    Once { start: u32, pieces: Vec<u32> },
    /// In more than one.
    Ambiguous,
}

/// The pieces, in order, each text once.
pub struct Pieces<'a> {
    sorted: Vec<Piece<'a>>,
}

struct Piece<'a> {
    bytes: &'a [u8],
    /// The first place at which it was given.
    place: u32,
    /// How many times it was given.
    times: u8,
    /// The longest other piece that it begins with.
    parent: Option<usize>,
}

/// The last step of the ways to a position.
#[derive(Clone, Copy, Default)]
struct Reached {
    /// How many ways there are, 2 for more.
    ways: u8,
    /// Where the last piece begins; itself: a start ends here.
    from: u32,
    /// Which start or piece.
    place: u32,
}

impl<'a> Pieces<'a> {
    /// The pieces with their places; `None` if one of them is empty.
    pub fn new(given: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let mut all: Vec<(&[u8], u32)> = given.zip(0..).collect();
        sort(&mut all);
        let mut sorted: Vec<Piece<'a>> = Vec::with_capacity(all.len());
        for (bytes, place) in all {
            match sorted.last_mut() {
                _ if bytes.is_empty() => return None,
                Some(last) if last.bytes == bytes => last.times = 2,
                _ => {
                    let mut parent = sorted.len().checked_sub(1);
                    while let Some(at) = parent.filter(|at| !bytes.starts_with(sorted[*at].bytes)) {
                        parent = sorted[at].parent;
                    }
                    sorted.push(Piece { bytes, place, times: 1, parent });
                }
            }
        }
        Some(Self { sorted })
    }

    /// In how many ways `text` is one of `starts` with pieces after it. Counts positions and pieces in `steps`.
    pub fn split(&self, text: &[u8], starts: &[&[u8]], steps: &mut u64) -> Split {
        let mut reached = vec![Reached::default(); text.len() + 1];
        let begins = |start: &&[u8]| text.starts_with(start);
        for (place, start) in (0..).zip(starts).filter(|(_, start)| begins(start)) {
            let here = &mut reached[start.len()];
            let from = number_of(start.len());
            *here = Reached { ways: (here.ways + 1).min(2), from, place };
        }
        *steps += starts.len() as u64;
        for at in 0..text.len() {
            let ways = reached[at].ways;
            if ways == 0 {
                continue;
            }
            let rest = &text[at..];
            let mut next = self.sorted.partition_point(|piece| piece.bytes <= rest).checked_sub(1);
            *steps += 1;
            while let Some(piece) = next.map(|place| &self.sorted[place]) {
                *steps += 1;
                if rest.starts_with(piece.bytes) {
                    let there = &mut reached[at + piece.bytes.len()];
                    let ways = (there.ways + ways * piece.times).min(2);
                    *there = Reached { ways, from: number_of(at), place: piece.place };
                }
                next = piece.parent;
            }
        }
        match reached[text.len()].ways {
            0 => Split::Never,
            1 => back(&reached),
            _ => Split::Ambiguous,
        }
    }
}

/// The only way to the end.
fn back(reached: &[Reached]) -> Split {
    let (mut at, mut pieces) = (reached.len() - 1, Vec::new());
    while reached[at].from as usize != at {
        pieces.push(reached[at].place);
        at = reached[at].from as usize;
    }
    pieces.reverse();
    let mut once = pieces.clone();
    sort(&mut once);
    let twice = once.windows(2).any(|pair| pair[0] == pair[1]);
    if twice { Split::Never } else { Split::Once { start: reached[at].place, pieces } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, starts: &[&str], pieces: &[&str]) -> Split {
        let starts: Vec<&[u8]> = starts.iter().map(|start| start.as_bytes()).collect();
        let pieces = Pieces::new(pieces.iter().map(|piece| piece.as_bytes())).unwrap();
        pieces.split(text.as_bytes(), &starts, &mut 0)
    }

    #[test]
    fn a_text_is_split_where_there_is_one_way_and_not_where_there_are_more() {
        let once = |start, pieces: &[u32]| Split::Once { start, pieces: pieces.to_vec() };
        assert_eq!(split("", &[""], &["a"]), once(0, &[]));
        assert_eq!(split("xabc", &["", "x"], &["bc", "a", "b"]), once(1, &[1, 0]));
        assert_eq!(split("xabd", &["", "x"], &["bc", "a", "b"]), Split::Never);
        assert_eq!(split("ab", &[""], &["ab", "a", "b"]), Split::Ambiguous);
        assert_eq!(split("ab", &["", "a"], &["a", "b"]), Split::Ambiguous);
        assert_eq!(split("a", &[""], &["a", "a"]), Split::Ambiguous);
        assert_eq!(split("aa", &[""], &["a"]), Split::Never);
        assert_eq!(split("112", &[""], &["1", "12"]), once(0, &[0, 1]));
        // A piece may be used once, but the ways are counted as if it could be used again.
        assert_eq!(split("112", &[""], &["1", "12", "2"]), Split::Ambiguous);
        assert!(Pieces::new([&b""[..]].into_iter()).is_none());
    }
}
