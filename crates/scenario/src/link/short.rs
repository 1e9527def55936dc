//! Links that a person types: `scenario=async-leader-crash&seed=7&at=12.5s&theme=dark`, or only the name.
//!
//! `lesson=…` is kept for the lessons that will come.

use super::{LinkMistake, Opening, problem};
use crate::json::{Json, parse};
use crate::{Filed, Problem, Protocols, preset, presets};
use engine::base::SimTime;

const PARTS: [&str; 4] = ["scenario", "seed", "at", "theme"];

/// What a typed link asks for.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str, protocols: Protocols) -> Result<Opening, Vec<Problem>> {
    let parts: Vec<(&str, &str)> = match text.split_once('=') {
        None => vec![("scenario", text)],
        Some(_) => text.split('&').map(|part| part.split_once('=').unwrap_or((part, ""))).collect(),
    };
    if parts.iter().any(|(name, _)| *name == "lesson") {
        return Err(vec![problem(LinkMistake::Lesson, "lesson")]);
    }
    let mut problems = Vec::new();
    for (place, (name, _)) in parts.iter().enumerate() {
        if !PARTS.contains(name) {
            let (found, known) = (shown(name), PARTS.to_vec());
            problems.push(problem(LinkMistake::UnknownPart { found, known }, "link"));
        } else if parts[..place].iter().any(|(before, _)| before == name) {
            problems.push(problem(LinkMistake::Twice { part: shown(name) }, name));
        }
    }
    let part = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let name = part("scenario").unwrap_or_default();
    let found = preset(protocols, name);
    if found.is_none() {
        let known = presets(protocols).map(|preset| preset.name).collect();
        let mistake = LinkMistake::UnknownScenario { found: shown(name), known };
        problems.push(problem(mistake, "scenario"));
    }
    let filed = found.map(Filed::new);
    let document = filed.as_ref().map_or(Json::Null, |filed| filed.document.clone());
    let mut opening = Opening { filed, ..Opening::of(document) };
    if let Some(value) = part("seed") {
        match value.parse::<u64>().ok().filter(|seed| *seed < 1 << 53) {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            Some(seed) => opening.document.put("seed", Json::Number(seed as f64)),
            None => {
                problems.push(bad("seed", value, "a whole number that is not negative, such as 7"))
            }
        }
    }
    if let Some(value) = part("at") {
        opening.at = time(value);
        if opening.at.is_none() {
            problems.push(bad("at", value, "a time, such as 12.5s or 800ms"));
        }
    }
    if let Some(value) = part("theme") {
        match value {
            "light" | "dark" => opening.view.put("theme", Json::text(value)),
            _ => problems.push(bad("theme", value, "light or dark")),
        }
    }
    if problems.is_empty() { Ok(opening) } else { Err(problems) }
}

fn bad(part: &'static str, value: &str, wanted: &'static str) -> Problem {
    problem(LinkMistake::BadValue { found: shown(value), wanted }, part)
}

/// As much of a stranger's text as is shown.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// `12.5s`, `800ms`, or a bare number of milliseconds.
#[must_use]
pub fn time(text: &str) -> Option<SimTime> {
    let (digits, millis) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(digits), _) => (digits, 1.0),
        (None, Some(digits)) => (digits, 1_000.0),
        (None, None) => (text, 1.0),
    };
    let plain =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let Some(Json::Number(number)) = plain.then(|| parse(digits).ok()).flatten() else {
        return None;
    };
    Some(SimTime::from_millis_f64((number * millis).min(crate::fields::LONGEST_MS)))
}
