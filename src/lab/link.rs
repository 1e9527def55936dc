//! Links: a whole run in the part of an address behind the hash.
//!
//! A link holds the document of the scenario, the reader's own actions among its script, in
//! base64url behind the version `v1`. The name of a preset is a link as well.

use super::Lab;
use crate::scenario::{Json, Mistake, Problem, Protocols, parse, preset, scripted_json};

/// What every link of this version begins with.
const VERSION: &str = "v1.";

/// Longer links are refused.
const MOST: usize = 200_000;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Lab {
    /// A link to the current branch: the scenario, its seed, and all that was done to it.
    #[must_use]
    pub fn link(&self) -> String {
        let mut document = self.scenario().short();
        let script = self.furthest().script().iter().map(scripted_json).collect();
        document.set("script", Json::List(script));
        format!("{VERSION}{}", encoded(document.to_string().as_bytes()))
    }
}

/// The document that a link holds.
///
/// # Errors
/// The link is of another version, was cut short, or holds no JSON.
pub fn opened(link: &str, protocols: Protocols) -> Result<Json, Problem> {
    if let Some(preset) = preset(protocols, link) {
        return Ok(preset.document());
    }
    let bytes = link.strip_prefix(VERSION).filter(|text| text.len() <= MOST).and_then(decoded);
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => parse(&text),
        _ => Err(unreadable()),
    }
}

fn unreadable() -> Problem {
    let what = "a link holds version 1 of a run, or the name of a scenario";
    Problem { mistake: Mistake::NotJson { line: 1, column: 1, what }, at: "link".to_owned() }
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for group in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..group.len()].copy_from_slice(group);
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for letter in 0..=group.len() {
            let six = (word >> (18 - 6 * letter)) & 63;
            text.push(char::from(LETTERS[six as usize]));
        }
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for group in text.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for letter in group {
            let six = LETTERS.iter().position(|known| known == letter)?;
            word = (word << 6) | u32::try_from(six).ok()?;
        }
        word <<= 6 * (4 - group.len());
        let [_, first, second, third] = word.to_be_bytes();
        match group.len() {
            4 => bytes.extend([first, second, third]),
            3 => bytes.extend([first, second]),
            2 => bytes.push(first),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Action, Span, Target};
    use crate::scenario::{PROTOCOLS, presets};

    fn load(document: &Json) -> Lab {
        Lab::load(document, PROTOCOLS).unwrap()
    }

    #[test]
    fn what_is_encoded_is_decoded_again_whatever_its_length() {
        for length in 0..20 {
            let bytes: Vec<u8> = (0..length).map(|byte: u8| byte.wrapping_mul(37)).collect();
            assert_eq!(decoded(&encoded(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn a_link_leads_to_the_same_run_with_the_readers_actions() {
        let mut lab = load(&opened("async-leader-crash", PROTOCOLS).unwrap());
        lab.advance(Span::from_millis(500), u32::MAX);
        lab.act(Action::Crash(Target::Leader));
        lab.finish();
        let mut again = load(&opened(&lab.link(), PROTOCOLS).unwrap());
        again.finish();
        assert_eq!(again.report().digest, lab.report().digest);
    }

    #[test]
    fn links_of_presets_are_short_enough_for_every_browser() {
        for preset in presets(PROTOCOLS) {
            let link = load(&preset.document()).link();
            assert!(link.len() < 2_000, "{}: {}", preset.name, link.len());
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for nonsense in ["", "v2.abc", "v1.", "v1.a", "v1.!!!!", "n4"] {
            assert!(opened(nonsense, PROTOCOLS).is_err(), "{nonsense}");
        }
    }
}
