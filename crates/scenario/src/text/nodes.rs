//! The nodes that a document of a cluster can name, and the next time in its script, read from its
//! text.

use crate::json::Json;

use super::locate::find;
use super::outline::Outline;

/// A cluster without a number of its own has so many nodes.
const USUAL: f64 = 3.0;
/// So many are offered by name.
const OFFERED: u8 = 24;
/// A further line of a script happens so much later.
const LATER_MS: f64 = 1_000.0;
/// The first line of a script happens then.
const FIRST_MS: f64 = 10_000.0;

/// Every name that fits a pattern of the schema: nodes of this cluster, those that join it, and roles.
#[must_use]
pub fn named(outline: &Outline, pattern: &str) -> Vec<String> {
    let given = find(outline, "cluster.nodes").and_then(|part| outline.scalar(part));
    let start = given.as_ref().and_then(Json::as_number).unwrap_or(USUAL);
    let count = whole(start).saturating_add(joins(outline)).min(OFFERED);
    let mut all: Vec<String> = Vec::new();
    if pattern.contains("n[1-9]") {
        all.extend((1..=count).map(|number| format!("n{number}")));
    }
    for role in ["leader", "any", "head", "tail", "service", "follower", "middle"] {
        let counted = pattern.contains("(:") && matches!(role, "follower" | "middle");
        if pattern.contains(role) {
            all.push(role.to_owned());
            all.extend((1..count).filter(|_| counted).map(|number| format!("{role}:{number}")));
        }
    }
    all
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within bounds")]
fn whole(number: f64) -> u8 {
    number.clamp(0.0, 128.0) as u8
}

/// How many nodes join by the script.
fn joins(outline: &Outline) -> u8 {
    let Some(script) = find(outline, "script") else { return 0 };
    let does = |line: usize| outline.scalar(outline.field(line, "do")?);
    let lines = outline.children(script).take(1_000);
    let joining = lines.filter(|line| does(*line) == Some(Json::text("add-follower"))).count();
    u8::try_from(joining).unwrap_or(u8::MAX)
}

/// A time after all lines of the script that stand before this place.
#[must_use]
pub fn next_at_ms(outline: &Outline, place: usize) -> f64 {
    let Some(script) = find(outline, "script") else { return FIRST_MS };
    let lines = outline.children(script).filter(|line| outline.parts[*line].range.end <= place);
    let last = lines.last().and_then(|line| outline.scalar(outline.field(line, "at_ms")?));
    last.as_ref().and_then(Json::as_number).map_or(FIRST_MS, |at| at + LATER_MS)
}
