//! Exports: a run as a file of a kind that other programs open. One list names them all.
//!
//! Everything is text and bounded: what a cap leaves out is said in the file itself where its format
//! has room for a remark, and by [`Lab::left_out`]. Nothing here writes files: the command line and
//! the page do.

mod history;
mod mermaid;
mod metrics;
mod pictures;
mod shiviz;
mod stretch;
mod trace;

use super::Lab;
use scenario::{Json, scripted_json};
use view::picture::Theme;

pub use history::history_of;
pub use shiviz::EXPRESSION as SHIVIZ_EXPRESSION;
pub use trace::line as trace_line;

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Export {
    /// The stage at the playhead, a picture.
    Stage,
    /// The space-time view before the playhead, a picture.
    SpaceTime,
    /// A log for ShiViz.
    ShiViz,
    /// A sequence diagram for Mermaid.
    Mermaid,
    /// Figures over time.
    Metrics,
    /// What the clients asked and were told.
    History,
    /// Every event.
    Trace,
    /// The document that plays it again.
    Scenario,
}

/// What is known of a kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// Which it is.
    pub export: Export,
    /// Its name on the command line.
    pub name: &'static str,
    /// How its files end, without the dot.
    pub extension: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// One line for people.
    pub about: &'static str,
}

/// Every kind of file, in the order in which they are offered.
pub const EXPORTS: &[Kind] = &[
    kind(Export::Stage, "stage", ("svg", SVG), "a picture of the cluster at this moment"),
    kind(Export::SpaceTime, "svg", ("svg", SVG), "a picture of the space-time view before it"),
    kind(Export::ShiViz, "shiviz", ("log", "text/plain"), "a log for ShiViz, with vector clocks"),
    kind(Export::Mermaid, "mermaid", ("mmd", "text/vnd.mermaid"), "a sequence diagram for Mermaid"),
    kind(Export::Metrics, "csv", ("csv", "text/csv"), "figures over time"),
    kind(Export::History, "history", ("jsonl", LINES), "what clients asked and were told"),
    kind(Export::Trace, "jsonl", ("jsonl", LINES), "every event, one a line"),
    kind(Export::Scenario, "scenario", ("json", "application/json"), "the scenario, to play again"),
];

const SVG: &str = "image/svg+xml";
const LINES: &str = "application/x-ndjson";

const fn kind(
    export: Export,
    name: &'static str,
    (extension, media_type): (&'static str, &'static str),
    about: &'static str,
) -> Kind {
    Kind { export, name, extension, media_type, about }
}

/// How an export is to look.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Of pictures.
    pub theme: Theme,
    /// A line at the foot of pictures.
    pub caption: String,
    /// Where the run can be opened: at the foot of pictures.
    pub link: String,
}

impl Export {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        EXPORTS.iter().find(|kind| kind.name == name).map(|kind| kind.export)
    }
}

impl Lab {
    /// The run up to the playhead as a file of this kind.
    #[must_use]
    pub fn export(&self, export: Export, options: &Options) -> String {
        match export {
            Export::Stage => pictures::stage(self, options),
            Export::SpaceTime => pictures::space_time(self, options),
            Export::ShiViz => shiviz::shiviz(self),
            Export::Mermaid => mermaid::mermaid(self),
            Export::Metrics => metrics::metrics(self),
            Export::History => history::history(self),
            Export::Trace => trace::trace(self),
            Export::Scenario => self.document().pretty(),
        }
    }

    /// What a file of this kind leaves out of the run, where it does and cannot say so itself.
    #[must_use]
    pub fn left_out(&self, export: Export) -> Option<String> {
        match export {
            Export::History => history::left_out(self),
            Export::Trace => trace::left_out(self),
            // These say it themselves, or leave nothing out.
            Export::Stage
            | Export::SpaceTime
            | Export::ShiViz
            | Export::Mermaid
            | Export::Metrics
            | Export::Scenario => None,
        }
    }

    /// The document that plays the current branch again: the scenario, and all that was done to it.
    fn document(&self) -> Json {
        let mut document = self.scenario().short();
        let script = self.furthest().script().iter().map(scripted_json).collect();
        document.set("script", Json::List(script));
        document
    }

    /// What the run is called: its title, or what it is about.
    #[must_use]
    pub fn heading(&self) -> &str {
        let title = &self.scenario().title;
        if title.is_empty() { self.scenario().system.card().title } else { title }
    }
}
