//! Everything that a reader, a key or the clock can want of the page, by the panel that does it.

use super::editor::files;
use super::{embed, modes, player, share, stage};

/// One wish; the page hands it to its panel.
#[derive(Clone, PartialEq, Debug)]
pub enum Intent {
    /// A frame is to be drawn; the wall time in milliseconds.
    Frame(f64),
    /// The drawing's width changed.
    Resized,
    /// Of time: pace, playhead, window, futures.
    Time(player::Wish),
    /// Of the stage and what is selected on it.
    Stage(stage::Wish),
    /// Of the settings.
    Setting(modes::Wish),
    /// Share this run, or something of the sheet for that.
    Sharing(share::Wish),
    /// Of a file that is held over the page or was opened.
    File(files::Wish),
    /// Play what a link, or the name of a built-in scenario, leads to.
    Open(String),
    /// The same with another seed.
    Seed(String),
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
    /// The page around a frame wants something, or the frame came into sight.
    Embed(embed::Wish),
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
