//! Settings that mean nothing beside others are refused. What was made before that was so, or by
//! turning one knob of several that belong together, is mended here: they are left out.

use super::json::Json;
use super::mistake::{Mistake, Problem};
use super::system::{Protocols, Scenario};

/// Rounds after which a document is left as it is: mending one setting may show that another means
/// nothing.
const ROUNDS: u32 = 4;

/// Leaves out the settings that mean nothing in this document. They did nothing, so the run stays what
/// it was; transfers where no node can do them are refused all the same: all of them failed.
pub fn leave_out_unused(document: &mut Json, protocols: Protocols) {
    mend(document, protocols, |problem| match problem.mistake {
        Mistake::OnlyWith { name, .. } if name != "workload" => Some(Repair::Remove(name)),
        _ => None,
    });
}

/// After a knob was turned: leaves out what means nothing any more, and brings numbers that have
/// become impossible to the nearest that is possible.
pub(super) fn follow_knob(document: &mut Json, protocols: Protocols) {
    mend(document, protocols, |problem| match problem.mistake {
        Mistake::OnlyWith { name, .. } => Some(Repair::Remove(name)),
        Mistake::OutOfRange { found, min, max, .. } if min <= max => {
            Some(Repair::Set(found.clamp(min, max)))
        }
        _ => None,
    });
}

/// What is done about a mistake, at its place.
enum Repair {
    /// The field of this name goes.
    Remove(&'static str),
    /// This stands there instead.
    Set(f64),
}

fn mend(document: &mut Json, protocols: Protocols, repair: impl Fn(&Problem) -> Option<Repair>) {
    for _ in 0..ROUNDS {
        let Err(problems) = Scenario::read(document, protocols) else { return };
        let repairs: Vec<(String, Repair)> = problems
            .iter()
            .filter_map(|problem| Some((plain_path(&problem.at), repair(problem)?)))
            .collect();
        if repairs.is_empty() {
            return;
        }
        for (path, repair) in repairs {
            match repair {
                Repair::Set(number) => document.set(&path, Json::Number(number)),
                Repair::Remove(name) => {
                    let Some(mut around) = document.at(&path).cloned() else { continue };
                    around.remove(name);
                    document.set(&path, around);
                }
            }
        }
    }
}

/// `clients[0].session` as a path of names and places joined by dots.
fn plain_path(at: &str) -> String {
    at.replace('[', ".").replace(']', "")
}
