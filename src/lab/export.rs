//! Exports: a run as a file of a kind that other programs open. One list names them all.
//!
//! Everything is text and bounded: what a cap leaves out is said in the file itself, where its format
//! has room for a remark. Nothing here writes files: the command line and the page do.

mod pictures;
mod trace;

use super::Lab;
use crate::view::picture::Theme;

pub use trace::line as trace_line;

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Export {
    /// The stage at the playhead, a picture.
    Stage,
    /// Every event, one a line.
    Trace,
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
    Kind {
        export: Export::Stage,
        name: "stage",
        extension: "svg",
        media_type: "image/svg+xml",
        about: "a picture of the cluster at this moment",
    },
    Kind {
        export: Export::Trace,
        name: "jsonl",
        extension: "jsonl",
        media_type: "application/x-ndjson",
        about: "every event, one a line",
    },
];

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
    /// The run as a file of this kind.
    #[must_use]
    pub fn export(&self, export: Export, options: &Options) -> String {
        match export {
            Export::Stage => pictures::stage(self, options),
            Export::Trace => trace::trace(self),
        }
    }
}
