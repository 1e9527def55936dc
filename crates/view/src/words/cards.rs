//! The words on what is drawn of the cluster: cards, faces, rings. The page and pictures of it say the same.

use crate::figures::decimals;
use crate::number::{any_name, bytes};
use crate::types::NodeCard;
use engine::base::NodeId;

/// A node for those who hear it.
#[must_use]
pub fn node_label(node: &NodeCard) -> String {
    let mut text = format!("{}, {}", node.name, node.word);
    if node.epoch > 0 {
        text.push_str(&format!(", epoch {}", node.epoch));
    }
    if let Some(at) = node.positions {
        text.push_str(&format!(
            ", {LAST} {}, {FLUSHED} {}, {COMMITTED} {}, {APPLIED} {}",
            at.last, at.flushed, at.committed, at.applied
        ));
    }
    for page in &node.pages {
        text.push_str(", page ");
        text.push_str(&page.label);
    }
    for remark in node.suspicion.iter().chain(&node.remark) {
        text.push_str(", ");
        text.push_str(remark);
    }
    text
}
/// The moment of a page: "@842".
#[must_use]
pub fn page_at(at: u32) -> String {
    format!("@{at}")
}
/// A suspicion in a ring: "φ3".
#[must_use]
pub fn phi(phi: f64) -> String {
    format!("φ{}", decimals(libm::floor(phi), 0))
}
/// "leader · epoch 2"; without an epoch where none was opened, or where a countdown needs the room.
#[must_use]
pub fn role_and_epoch(node: &NodeCard, full: bool) -> String {
    let (word, epoch) = (node.word, node.epoch);
    let crowded = node.ring.is_some() && word.len() > BESIDE_A_RING;
    match (full, epoch) {
        (true, 0) => word.to_owned(),
        (true, _) if crowded => word.to_owned(),
        (true, _) => format!("{word} · epoch {epoch}"),
        (false, _) => {
            let letters = match (&node.ring, node.name.len() > 2) {
                (Some(_), _) => 9,
                (None, true) => 12,
                (None, false) => 14,
            };
            shortened(word, letters)
        }
    }
}
/// Letters of a role that leave room for an epoch beside a countdown.
const BESIDE_A_RING: usize = 8;
/// The log's end.
pub const LAST: &str = "last";
/// On the disk.
pub const FLUSHED: &str = "flushed";
/// Committed.
pub const COMMITTED: &str = "committed";
/// Applied.
pub const APPLIED: &str = "applied";
/// "last 93".
#[must_use]
pub fn position(name: &str, at: u32) -> String {
    format!("{name} {at}")
}
/// "last 93 · comm. 91".
#[must_use]
pub fn two_positions(last: u32, committed: u32) -> String {
    format!("{LAST} {last} · com. {committed}")
}
/// "12 of 48 KB" of a snapshot.
#[must_use]
pub fn bytes_of(done: u32, of: u32) -> String {
    format!("{} of {}", bytes(u64::from(done)), bytes(u64::from(of)))
}
/// A follower for which "saved" waits, it being one of `of` of which `needed` must confirm: "“saved”
/// waits for 1 of n2 and n3".
#[must_use]
pub fn waited_for(of: &[NodeId], needed: usize) -> String {
    if needed >= of.len() {
        "“saved” waits for this node".to_owned()
    } else if needed == 1 && of.len() == 2 {
        format!("“saved” waits for {}", any_name(of))
    } else {
        format!("“saved” waits for {needed} of {}", of.len())
    }
}
/// A text cut to so many letters, and never within a number: it would read as another one.
#[must_use]
pub fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(letters - 1).collect();
    let of_number = |letter: char| letter.is_ascii_digit() || letter == ',' || letter == '.';
    if text.chars().nth(letters - 1).is_some_and(|next| next.is_ascii_digit()) {
        short.truncate(short.trim_end_matches(of_number).len());
    }
    short.push('…');
    short
}
/// "asks n1".
#[must_use]
pub fn asks(node: u8) -> String {
    format!("asks {}", node_name(node))
}
/// A node's name by its number from zero.
#[must_use]
pub fn node_name(node: u8) -> String {
    format!("n{}", u16::from(node) + 1)
}
/// What stands in a countdown: seconds with one decimal.
#[must_use]
pub fn ring_text(left_ms: f64) -> String {
    let text = decimals(left_ms.max(0.0) / 1_000.0, 1);
    if text.contains('.') { text } else { text + ".0" }
}
