//! A run as something that can be handed on: taken to a link or a file, and made a run again.
//!
//! How a link is written, `scenario::link` knows; here it meets branches, playhead and what is looked at.

use super::branch::Branch;
use super::{Lab, Selection};
use engine::base::{EventId, NodeId, OpId, SimTime, sort_by_key};
use engine::world::Scripted;
use scenario::link::{self, Future, SHORT};
use scenario::{
    Filed, Json, Opening, Problem, Protocols, Scenario, deeds_of, presets, scripted_json,
};

/// What a reader looks at, besides the run.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Looking {
    /// What is selected.
    pub selected: Option<Selection>,
    /// The stretch of time that was chosen for the diagram, in milliseconds.
    pub window_ms: Option<(f64, f64)>,
    /// The theme, if one was chosen: whether it is dark.
    pub dark: Option<bool>,
}

/// A run that a link or a file opened. The playhead stands at its start.
pub struct Opened {
    /// The run.
    pub lab: Lab,
    /// The built-in scenario that it is a run of, perhaps with another seed.
    pub filed: Option<Filed>,
    /// Where the playhead belongs; `None`: the run begins.
    pub at: Option<SimTime>,
    /// What is looked at.
    pub looking: Looking,
}

/// A run is too long for a link that every program passes on: it is handed on as a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong {
    /// Letters that its link would have.
    pub letters: usize,
}

/// A link to hand on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shared {
    /// The link, without address and hash.
    pub link: String,
    /// Other futures that it had no room for.
    pub left_out: usize,
}

/// Opens what a link says.
///
/// # Errors
/// All that is wrong with the link, or with the scenario that it holds.
pub fn opened(link: &str, protocols: Protocols) -> Result<Opened, Vec<Problem>> {
    Lab::open(&link::read(link, protocols)?, protocols)
}

/// Opens what the text of a file holds: a whole run, or the document of a scenario.
///
/// # Errors
/// All that is wrong with it.
pub fn opened_file(text: &str, protocols: Protocols) -> Result<Opened, Vec<Problem>> {
    Lab::open(&link::read_file(text)?, protocols)
}

impl Lab {
    /// Makes a run of what a link or a file says.
    ///
    /// # Errors
    /// All that is wrong with the scenario and with what was done to it.
    pub fn open(opening: &Opening, protocols: Protocols) -> Result<Opened, Vec<Problem>> {
        let scenario = Scenario::read(&opening.document, protocols)?;
        let mut branches = Vec::new();
        for future in &opening.futures {
            let own = deeds_of(&opening.document, &future.actions, &scenario)?;
            branches.push(begun(&scenario, future.from, own, future.script_until));
        }
        let filed = opening.filed.clone().or_else(|| filed(&scenario));
        let lab = Self { scenario, branches, current: opening.future };
        let looking = looking_of(&opening.view);
        Ok(Opened { lab, filed, at: opening.at, looking })
    }

    /// This run as something to hand on.
    #[must_use]
    pub fn opening(&self, looking: &Looking) -> Opening {
        let future = |branch: &Branch| Future {
            from: branch.from(),
            actions: branch.own_actions().iter().map(scripted_json).collect(),
            script_until: branch.script_until(),
        };
        Opening {
            document: self.scenario.short(),
            filed: None,
            futures: self.branches.iter().map(future).collect(),
            future: self.current,
            at: Some(self.now()).filter(|at| *at > SimTime::ZERO),
            view: view_of(looking),
        }
    }

    /// A link to this run, however long: the scenario, its seed, all that was done to it in the current future.
    #[must_use]
    pub fn link(&self) -> String {
        Opening { at: None, ..self.opening(&Looking::default()).alone() }.link()
    }

    /// A link to hand on: everything that it has room for, the current future in any case.
    ///
    /// # Errors
    /// Not even that has room in a link that every program passes on.
    pub fn share(&self, looking: &Looking) -> Result<Shared, TooLong> {
        self.shared(&self.opening(looking))
    }

    /// The same, leading to the start of the run.
    ///
    /// # Errors
    /// As for [`Lab::share`].
    pub fn share_from_start(&self, looking: &Looking) -> Result<Shared, TooLong> {
        self.shared(&Opening { at: None, ..self.opening(looking) })
    }

    fn shared(&self, opening: &Opening) -> Result<Shared, TooLong> {
        let whole = opening.link();
        if whole.len() < SHORT {
            return Ok(Shared { link: whole, left_out: 0 });
        }
        let link = opening.alone().link();
        let left_out = self.branches.len() - 1;
        if link.len() < SHORT {
            Ok(Shared { link, left_out })
        } else {
            Err(TooLong { letters: link.len() })
        }
    }
}

/// A future from its start, in which all that the reader did is still to happen, and what the scenario's script does
/// until `script_until`.
pub(super) fn begun(
    scenario: &Scenario,
    from: Option<(usize, SimTime)>,
    own: Vec<Scripted>,
    script_until: Option<SimTime>,
) -> Branch {
    let mut script = scenario.script().to_vec();
    script.retain(|line| script_until.is_none_or(|until| line.at <= until));
    script.extend(own.iter().cloned());
    sort_by_key(&mut script, |scripted: &Scripted| scripted.at);
    let mut run = scenario.run();
    run.set_script(std::rc::Rc::new(script));
    Branch::new(run, from, own).with_script_until(script_until)
}

/// The built-in scenario that says the same, perhaps with another seed. No two of them have one title, so that at most
/// one is read.
fn filed(scenario: &Scenario) -> Option<Filed> {
    let seedless = |scenario: &Scenario| {
        let mut document = scenario.short();
        document.remove("seed");
        document
    };
    let preset = presets(scenario.protocols).find(|preset| preset.title == scenario.title)?;
    let filed = Filed::new(preset);
    let read = Scenario::read(&filed.document, scenario.protocols).ok()?;
    (seedless(&read) == seedless(scenario)).then_some(filed)
}

fn view_of(looking: &Looking) -> Json {
    let mut view = Json::Object(Vec::new());
    if let Some(selected) = looking.selected {
        view.put("selected", selection_json(selected));
    }
    if let Some((from, to)) = looking.window_ms {
        view.put("window_ms", Json::List(vec![Json::Number(from), Json::Number(to)]));
    }
    if let Some(dark) = looking.dark {
        view.put("theme", Json::text(if dark { "dark" } else { "light" }));
    }
    view
}

/// What does not make sense is not looked at: the run is there all the same.
fn looking_of(view: &Json) -> Looking {
    let window = view.field("window_ms").map_or(&[][..], Json::elements);
    let ends = window.iter().filter_map(Json::as_number).collect::<Vec<_>>();
    let window_ms = match ends[..] {
        [from, to] if from >= 0.0 && to > from => Some((from, to)),
        _ => None,
    };
    let dark = match view.field("theme").and_then(Json::as_text) {
        Some("dark") => Some(true),
        Some("light") => Some(false),
        _ => None,
    };
    Looking { selected: view.field("selected").and_then(selection_of), window_ms, dark }
}

fn selection_json(selection: Selection) -> Json {
    let node = |node: NodeId| Json::text(node.to_string());
    let number = |number: u32| Json::Number(f64::from(number));
    match selection {
        Selection::Node(id) => Json::object([("node", node(id))]),
        Selection::Link(from, to) => Json::object([("from", node(from)), ("to", node(to))]),
        Selection::Message(id) => Json::object([("message", number(id.0))]),
        Selection::Event(id) => Json::object([("event", number(id.0))]),
        Selection::Write(id) => Json::object([("write", number(id.0))]),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn selection_of(json: &Json) -> Option<Selection> {
    let node = |name: &str| {
        let digits = json.field(name)?.as_text()?.strip_prefix('n')?;
        digits.parse::<u8>().ok()?.checked_sub(1).map(NodeId)
    };
    let number = |name: &str| {
        let number = json.field(name)?.as_number()?;
        (0.0..f64::from(u32::MAX)).contains(&number).then_some(number as u32)
    };
    node("node")
        .map(Selection::Node)
        .or_else(|| Some(Selection::Link(node("from")?, node("to")?)))
        .or_else(|| number("message").map(|id| Selection::Message(EventId(id))))
        .or_else(|| number("event").map(|id| Selection::Event(EventId(id))))
        .or_else(|| number("write").map(|id| Selection::Write(OpId(id))))
}

#[cfg(test)]
mod tests;
