//! Everything that a reader, a key or the clock can want of the page: one list.

use super::editor::notice::Notice;
use super::layout::Place;
use super::session::{Action, EventId, KnobValue, Selection};

/// One wish; the reducer maps it to calls of the lab.
#[derive(Clone, PartialEq, Debug)]
pub enum Intent {
    /// A frame is to be drawn; the wall time in milliseconds.
    Frame(f64),
    /// The drawing's width changed.
    Resized,
    /// Play, or pause.
    TogglePlay,
    /// To the next event worth seeing.
    Step,
    /// To the event worth seeing before.
    StepBack,
    /// To the previous or next of the paces (-1 or +1).
    Faster(i8),
    /// One of the paces, from the slider.
    PaceTo(usize),
    /// The automatic pace, on or off.
    ToggleAutomatic,
    /// To this simulated time, in milliseconds.
    Seek(f64),
    /// By so many ten-thousandths of the width of the window.
    SeekBy(i32),
    /// To the start.
    ToStart,
    /// To the end of what is known.
    ToEnd,
    /// To just before an event.
    SeekEvent(EventId),
    /// Closer (-1), wider (+1), or following the pace (0).
    Zoom(i8),
    /// Do something to the cluster.
    Act(Action),
    /// Do what the one large button says.
    Deed,
    /// Begin a future in which the scenario's script happens as well.
    KeepScript,
    /// Look at another future.
    Branch(u32),
    /// Select something, or nothing.
    Select(Option<Selection>),
    /// Open a menu about a thing, beside its place on the stage; or close it.
    Menu(Option<(Selection, Place)>),
    /// Play what a link, or the name of a built-in scenario, leads to.
    Open(String),
    /// The same with another seed.
    Seed(String),
    /// A knob was set: offer to replay.
    Draft(&'static str, KnobValue),
    /// Replay with what was drafted.
    Replay,
    /// Forget what was drafted.
    Forget,
    /// Share this run, or something of the sheet for that.
    Sharing(super::share::Wish),
    /// The other theme.
    Theme,
    /// A key was pressed while nothing had the focus.
    Key(String),
    /// Close whatever is open, or deselect.
    Escape,
    /// Open or close a sheet over the page.
    Sheet(Option<Sheet>),
    /// Switch single-key shortcuts on or off.
    ToggleKeys,
    /// Leave the shown mistakes behind.
    Dismiss,
    /// Files are held over the page, or not any more.
    Dragging(bool),
    /// A file was opened; its text.
    Opened(String),
    /// Say something about a file.
    Notice(Notice),
    /// Play the document that this text is.
    Run(String),
    /// The page around a frame wants something, or the frame came into sight.
    Embed(super::embed::Wish),
}

/// A sheet over the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// The list of keys.
    Keys,
    /// This run, to be handed on.
    Share,
    /// The scenario as text and as a form.
    Editor,
    /// What is said about a file; whether the editor was open.
    Notice { back: bool },
}
