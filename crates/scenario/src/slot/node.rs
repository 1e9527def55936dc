//! Nodes by name (`n1`) or by what they are at that moment (`leader`, `follower:2`, `tail`).

use engine::base::NodeId;
use engine::world::Target;

use crate::form::{Kind, Place, Slot};
use crate::json::Json;
use crate::mistake::Mistake;

/// The node that `n1`, `n2`, … names, whether it exists or not.
fn named(text: &str) -> Option<NodeId> {
    let number: u8 = text.strip_prefix('n').filter(|digits| is_count(digits))?.parse().ok()?;
    Some(NodeId(number - 1))
}

/// Whether this is a number from 1 to 199 without a leading zero or sign.
fn is_count(digits: &str) -> bool {
    (1..=3).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// The place in the order of followers that `follower` or `follower:2` means, counted from 1.
pub fn follower_of(text: &str) -> Option<u8> {
    counted("follower", text)
}

/// The number behind a word, 1 without one.
fn counted(word: &str, text: &str) -> Option<u8> {
    let rest = text.strip_prefix(word)?;
    if rest.is_empty() {
        return Some(1);
    }
    rest.strip_prefix(':').filter(|digits| is_count(digits))?.parse().ok()
}

fn read_name(json: &Json, place: &mut Place) -> Option<NodeId> {
    let Some(text) = json.as_text() else {
        place.wrong_type(json, "the name of a node");
        return None;
    };
    let Some(node) = named(text) else {
        place.report(Mistake::NotANode { found: text.to_owned(), roles: false });
        return None;
    };
    known(node, text, place)
}

/// The node, if the cluster has it by now.
fn known(node: NodeId, text: &str, place: &mut Place) -> Option<NodeId> {
    let nodes = place.cluster.nodes(place.now);
    if node.0 < nodes {
        return Some(node);
    }
    let later = node.0 < place.cluster.nodes(None);
    place.report(Mistake::UnknownNode { found: text.to_owned(), nodes, later });
    None
}

const NAME: &str = "^n[1-9][0-9]{0,2}$";
const ROLE_OR_NAME: &str = "^(n[1-9][0-9]{0,2}|leader|head|tail|service|\
                            (follower|middle)(:[1-9][0-9]{0,2})?)$";

/// Offices that one node holds at a time.
const POSTS: &[(&str, Target)] = &[
    ("leader", Target::Leader),
    ("head", Target::Head),
    ("tail", Target::Tail),
    ("service", Target::Service),
];

/// A node by name.
pub struct NameOf<'a>(pub &'a mut NodeId);

impl Slot for NameOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if let Some(node) = read_name(json, place) {
            *self.0 = node;
        }
    }

    fn write(&mut self) -> Json {
        Json::text(self.0.to_string())
    }

    fn kind(&mut self) -> Kind {
        Kind::Pattern { pattern: NAME, example: "n1" }
    }
}

/// A node by name, or `null`.
pub struct MaybeName<'a>(pub &'a mut Option<NodeId>);

impl Slot for MaybeName<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        if *json == Json::Null {
            *self.0 = None;
        } else if let Some(node) = read_name(json, place) {
            *self.0 = Some(node);
        }
    }

    fn write(&mut self) -> Json {
        self.0.map_or(Json::Null, |node| Json::text(node.to_string()))
    }

    fn kind(&mut self) -> Kind {
        Kind::Either(vec![Kind::Pattern { pattern: NAME, example: "n1" }, Kind::Null])
    }
}

/// Several nodes by name.
pub struct Names<'a>(pub &'a mut Vec<NodeId>);

impl Slot for Names<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Json::List(found) = json else {
            place.wrong_type(json, "a list of names of nodes");
            return;
        };
        let mut nodes = Vec::new();
        for (index, json) in found.iter().enumerate() {
            nodes.extend(place.in_element(index, |place| read_name(json, place)));
        }
        *self.0 = nodes;
    }

    fn write(&mut self) -> Json {
        Json::List(self.0.iter().map(|node| Json::text(node.to_string())).collect())
    }

    fn kind(&mut self) -> Kind {
        let name = Kind::Pattern { pattern: NAME, example: "n1" };
        Kind::List { of: Box::new(name), least: 0, most: 128 }
    }
}

/// A node by name or by role.
pub struct TargetOf<'a>(pub &'a mut Target);

impl Slot for TargetOf<'_> {
    fn read(&mut self, json: &Json, place: &mut Place) {
        let Some(text) = json.as_text() else {
            place.wrong_type(json, "the name or role of a node");
            return;
        };
        let post = POSTS.iter().find(|(word, _)| *word == text).map(|(_, target)| *target);
        if let Some(target) = post {
            *self.0 = target;
        } else if let Some(k) = counted("middle", text) {
            *self.0 = Target::Middle(k);
        } else if let Some(k) = follower_of(text) {
            if known(NodeId(k), text, place).is_some() {
                *self.0 = Target::Follower(k);
            }
        } else if let Some(node) = named(text) {
            if let Some(node) = known(node, text, place) {
                *self.0 = Target::Node(node);
            }
        } else {
            place.report(Mistake::NotANode { found: text.to_owned(), roles: true });
        }
    }

    fn write(&mut self) -> Json {
        Json::text(match self.0 {
            Target::Node(node) => node.to_string(),
            Target::Leader => "leader".to_owned(),
            Target::Follower(k) => format!("follower:{k}"),
            Target::Head => "head".to_owned(),
            Target::Middle(k) => format!("middle:{k}"),
            Target::Tail => "tail".to_owned(),
            Target::Service => "service".to_owned(),
        })
    }

    fn kind(&mut self) -> Kind {
        Kind::Pattern { pattern: ROLE_OR_NAME, example: "leader" }
    }
}
