//! Mistakes of people in a scenario: what, where and how to fix it, with an id that stays.
//!
//! A reader of a scenario collects all of a document's mistakes and shows them at once.

use core::fmt;

use super::json::plain;
use super::link::LinkMistake;

/// A mistake and the place where it was made.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub mistake: Mistake,
    /// The path in the document, such as `script[3].node`; empty: the document itself.
    pub at: String,
}

/// What can be wrong with a scenario.
#[derive(Clone, PartialEq, Debug)]
pub enum Mistake {
    /// The text is not JSON.
    NotJson {
        /// The line where reading stopped, counted from 1.
        line: u32,
        /// The column in that line, in characters counted from 1.
        column: u32,
        /// What is wrong there, in a few words.
        what: &'static str,
    },
    /// A format that this program does not know.
    UnknownFormat {
        /// What stands there, as JSON.
        found: String,
    },
    /// A field that must be there is not.
    MissingField {
        /// What it would be called.
        name: &'static str,
        /// What it is for, in a sentence; empty where the program carries no such sentences.
        doc: &'static str,
    },
    /// A field that nothing reads.
    UnknownField {
        /// What it is called.
        name: String,
        /// The fields that may stand there.
        known: Vec<&'static str>,
    },
    /// A value of the wrong kind.
    WrongType {
        /// What kind of value stands there, such as `a list`.
        found: &'static str,
        /// What must stand there, in a few words.
        wanted: String,
    },
    /// A number beyond its range.
    OutOfRange {
        /// The number that was given, in that unit.
        found: f64,
        /// The least that it may be.
        min: f64,
        /// The most that it may be.
        max: f64,
        /// What all three count or are measured in; empty: nothing.
        unit: &'static str,
    },
    /// A number with decimals where only whole ones make sense.
    NotWhole {
        /// The number as given.
        found: f64,
    },
    /// A word that is none of the choices.
    UnknownWord {
        /// The word as given.
        found: String,
        /// The choices.
        known: Vec<&'static str>,
    },
    /// A protocol that does not exist.
    UnknownProtocol {
        /// The name as given.
        found: String,
        /// The protocols that there are.
        known: Vec<&'static str>,
    },
    /// An action that does not exist.
    UnknownAction {
        /// The word as given.
        found: String,
        /// The words for all actions.
        known: Vec<&'static str>,
    },
    /// A node that the cluster does not have, or not yet.
    UnknownNode {
        /// The name, or the role such as `follower:5`, as given.
        found: String,
        /// How many there are at that time, a chain's configuration service included.
        nodes: u8,
        /// Whether it is added later in the run.
        later: bool,
    },
    /// A text that names no node in any way.
    NotANode {
        /// The text as given.
        found: String,
        /// Whether a role may stand there as well as a name.
        roles: bool,
    },
    /// A time at which nothing can happen any more.
    BadTime {
        /// The time as given, in milliseconds.
        found_ms: f64,
        /// When the run ends, in milliseconds.
        until_ms: f64,
    },
    /// A range whose end lies before its beginning.
    EmptyRange {
        /// The beginning, in milliseconds.
        low: f64,
        /// The end, in milliseconds.
        high: f64,
    },
    /// Two fields of which only one can hold.
    Contradiction {
        /// The name of one field.
        one: &'static str,
        /// The name of the other field.
        other: &'static str,
    },
    /// A field that has a meaning only together with another.
    OnlyWith {
        /// The name of the field.
        name: &'static str,
        /// What the document must say for that, as words that follow `add`.
        other: &'static str,
    },
    /// Compare-and-sets where no single node knows what a key is.
    NoCondition,
    /// A link or a cut from a node to itself.
    SameNode {
        /// Its name or role.
        node: String,
    },
    /// More followers are added than a run has room for.
    TooManyNodes {
        /// How many there would be at the end, a chain's configuration service included.
        nodes: u32,
        /// How many a run has room for.
        most: u8,
    },
    /// Something is wrong with a link.
    Link(LinkMistake),
}

impl Mistake {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "scenario/not-json",
            Self::UnknownFormat { .. } => "scenario/unknown-format",
            Self::MissingField { .. } => "scenario/missing-field",
            Self::UnknownField { .. } => "scenario/unknown-field",
            Self::WrongType { .. } => "scenario/wrong-type",
            Self::OutOfRange { .. } => "scenario/out-of-range",
            Self::NotWhole { .. } => "scenario/not-whole",
            Self::UnknownWord { .. } => "scenario/unknown-word",
            Self::UnknownProtocol { .. } => "scenario/unknown-protocol",
            Self::UnknownAction { .. } => "scenario/unknown-action",
            Self::UnknownNode { .. } => "scenario/unknown-node",
            Self::NotANode { .. } => "scenario/not-a-node",
            Self::BadTime { .. } => "scenario/bad-time",
            Self::EmptyRange { .. } => "scenario/empty-range",
            Self::Contradiction { .. } => "scenario/contradiction",
            Self::OnlyWith { .. } => "scenario/only-with",
            Self::NoCondition => "scenario/no-condition",
            Self::SameNode { .. } => "scenario/same-node",
            Self::TooManyNodes { .. } => "scenario/too-many-nodes",
            Self::Link(mistake) => mistake.id(),
        }
    }

    /// What is wrong, as one clause.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::NotJson { line, column, what } => {
                format!("this is not JSON: line {line}, column {column}: {what}")
            }
            Self::UnknownFormat { found } => format!("format {found} is not known here"),
            Self::MissingField { name, doc: "" } => format!("\"{name}\" is missing"),
            Self::MissingField { name, doc } => format!("\"{name}\" is missing: {}", lower(doc)),
            Self::UnknownField { name, .. } => format!("there is no field \"{name}\" here"),
            Self::WrongType { found, wanted } => format!("this is {found}, not {wanted}"),
            Self::OutOfRange { found, min, max, unit } => format!(
                "{} is not between {} and {}{}",
                plain(*found),
                plain(*min),
                plain(*max),
                spaced(unit)
            ),
            Self::NotWhole { found } => format!("{} is not a whole number", plain(*found)),
            Self::UnknownWord { found, .. } => format!("\"{found}\" is none of the choices"),
            Self::UnknownProtocol { found, .. } => format!("there is no protocol \"{found}\""),
            Self::UnknownAction { found, .. } => format!("there is no action \"{found}\""),
            Self::UnknownNode { found, later: false, .. } => {
                format!("there is no node \"{found}\"")
            }
            Self::UnknownNode { found, .. } => format!("node \"{found}\" does not exist yet"),
            Self::NotANode { found, .. } => format!("\"{found}\" names no node"),
            Self::BadTime { found_ms, until_ms } => format!(
                "{} ms is never reached: the run ends at {} ms",
                plain(*found_ms),
                plain(*until_ms)
            ),
            Self::EmptyRange { low, high } => {
                format!("the range from {} to {} is empty", plain(*low), plain(*high))
            }
            Self::Contradiction { one, other } => {
                format!("\"{one}\" and \"{other}\" cannot both be given")
            }
            Self::OnlyWith { name, other } => {
                format!("\"{name}\" means something only with {other}")
            }
            Self::NoCondition => "several nodes take writes of a key here, so none of them knows \
                                  whether a compare-and-set's condition holds"
                .to_owned(),
            Self::SameNode { node } => format!("both ends are {node}"),
            Self::TooManyNodes { nodes, most } => {
                format!("the cluster would grow to {nodes} nodes; a run has room for {most}")
            }
            Self::Link(mistake) => mistake.what(),
        }
    }

    /// How to put it right, as one clause.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::NotJson { .. } => "correct the text there".to_owned(),
            Self::UnknownFormat { .. } => "write \"format\": 1".to_owned(),
            Self::MissingField { name, .. } => format!("add \"{name}\""),
            Self::UnknownField { name, known } => suggest("rename it to", name, known),
            Self::WrongType { wanted, .. } => format!("write {wanted}"),
            Self::OutOfRange { found, min, max, unit } => {
                let nearest = if found < min { min } else { max };
                format!("{}{} is the nearest that works", plain(*nearest), spaced(unit))
            }
            Self::NotWhole { found } => format!("write {}", plain(libm::round(*found))),
            Self::UnknownWord { found, known } | Self::UnknownAction { found, known } => {
                suggest("write", found, known)
            }
            Self::UnknownProtocol { known, .. } => {
                format!("this program has {}", known.join(", "))
            }
            Self::UnknownNode { nodes, later, .. } => {
                let names: Vec<String> = (1..=*nodes).map(|n| format!("n{n}")).collect();
                let other = if *later { "add it earlier" } else { "add a node" };
                format!("this cluster has {}; {other} or rename the target", names.join(", "))
            }
            Self::NotANode { roles: true, .. } => {
                "write n1, n2, …, or a role: leader, follower:1, …; head, middle:1, …, tail, service"
                    .to_owned()
            }
            Self::NotANode { .. } => "write n1, n2, …".to_owned(),
            Self::BadTime { .. } => "make it earlier, or let the run last longer".to_owned(),
            Self::EmptyRange { low, high } => {
                format!("write [{}, {}]", plain(*high), plain(*low))
            }
            Self::Contradiction { one, other } => format!("remove \"{one}\" or \"{other}\""),
            Self::OnlyWith { name, other } => format!("add {other} or remove \"{name}\""),
            Self::NoCondition => {
                "write \"writes\", or take the protocol single-leader or chain".to_owned()
            }
            Self::SameNode { .. } => "name two different nodes".to_owned(),
            Self::TooManyNodes { .. } => "start with fewer nodes or add fewer followers".to_owned(),
            Self::Link(mistake) => mistake.fix(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "the document" } else { &self.at };
        let (id, what, fix) = (self.mistake.id(), self.mistake.what(), self.mistake.fix());
        write!(f, "{id}: {what}\n  where: {at}\n  fix:   {fix}")
    }
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

fn lower(doc: &str) -> String {
    let mut letters = doc.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| {
        core::iter::once(first.to_ascii_lowercase()).chain(letters).collect()
    })
}

/// The nearest of the known names, if one is near, and all of them.
pub(super) fn suggest(verb: &str, found: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (distance(found, name), name))
        .min()
        .filter(|(steps, name)| *steps <= name.len() / 2);
    let all = known.join(", ");
    match nearest {
        Some((_, name)) => format!("{verb} \"{name}\"; known are {all}"),
        None => format!("known are {all}"),
    }
}

/// Edits between two names: insertions, deletions, replacements (Levenshtein, 1965).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_and_all_are_listed() {
        assert_eq!(distance("kitten", "sitting"), 3);
        let known = vec!["timeout_ms", "heartbeat_ms"];
        let near = Mistake::UnknownField { name: "time_out_ms".to_owned(), known: known.clone() };
        assert_eq!(near.fix(), "rename it to \"timeout_ms\"; known are timeout_ms, heartbeat_ms");
        let far = Mistake::UnknownField { name: "q".to_owned(), known };
        assert_eq!(far.fix(), "known are timeout_ms, heartbeat_ms");
    }

    #[test]
    fn a_problem_reads_as_the_design_wants_it() {
        let mistake = Mistake::UnknownNode { found: "n4".to_owned(), nodes: 3, later: false };
        let problem = Problem { mistake, at: "script[3].node".to_owned() };
        let text = "scenario/unknown-node: there is no node \"n4\"\n  where: script[3].node\n  \
                    fix:   this cluster has n1, n2, n3; add a node or rename the target";
        assert_eq!(problem.to_string(), text);
    }
}
