//! The colours of drawings, by what they mean, in a light and a dark theme.
//!
//! The values are those of the page's style sheet; a test compares them. The page itself reads its
//! own from there.

use crate::types::{ChipLook, Tone};

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Its name, and back.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

/// A colour by what it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names of the style sheet's tokens")]
pub enum Colour {
    Paper,
    Panel,
    Sunk,
    Ink,
    Soft,
    Faint,
    Line,
    Hair,
    Edge,
    Leader,
    LeaderWash,
    Follower,
    FollowerWash,
    Down,
    Cell,
    Write,
    Good,
    GoodWash,
    Wait,
    WaitWash,
    Lost,
    LostWash,
    OnLost,
    Beat,
    Read,
    OnFill,
}

/// Every colour, in the order of the kinds.
pub const EVERY_COLOUR: [Colour; 26] = {
    use Colour::{
        Beat, Cell, Down, Edge, Faint, Follower, FollowerWash, Good, GoodWash, Hair, Ink, Leader,
        LeaderWash, Line, Lost, LostWash, OnFill, OnLost, Panel, Paper, Read, Soft, Sunk, Wait,
        WaitWash, Write,
    };
    [
        Paper,
        Panel,
        Sunk,
        Ink,
        Soft,
        Faint,
        Line,
        Hair,
        Edge,
        Leader,
        LeaderWash,
        Follower,
        FollowerWash,
        Down,
        Cell,
        Write,
        Good,
        GoodWash,
        Wait,
        WaitWash,
        Lost,
        LostWash,
        OnLost,
        Beat,
        Read,
        OnFill,
    ]
};

/// The colour of a tone.
#[must_use]
pub const fn of_tone(tone: Tone) -> Colour {
    match tone {
        Tone::Plain => Colour::Ink,
        Tone::Leader => Colour::Leader,
        Tone::Write => Colour::Write,
        Tone::Good => Colour::Good,
        Tone::Wait => Colour::Wait,
        Tone::Lost => Colour::Lost,
        Tone::Faint => Colour::Faint,
    }
}

/// The wash behind a stretch of this tone.
#[must_use]
pub const fn wash(tone: Tone) -> Colour {
    match tone {
        Tone::Wait => Colour::WaitWash,
        Tone::Lost => Colour::LostWash,
        Tone::Leader | Tone::Write => Colour::LeaderWash,
        Tone::Good => Colour::GoodWash,
        Tone::Plain | Tone::Faint => Colour::Sunk,
    }
}

/// The colour of a message's line.
#[must_use]
pub const fn of_look(look: ChipLook) -> Colour {
    match look {
        ChipLook::Write => Colour::Write,
        ChipLook::Good => Colour::Good,
        ChipLook::Refused => Colour::Wait,
        ChipLook::Read => Colour::Read,
        ChipLook::Beat => Colour::Beat,
        ChipLook::Election => Colour::Leader,
        ChipLook::Copy => Colour::Follower,
    }
}

impl Colour {
    /// The token of the style sheet, the light value, the dark one.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Paper => ("--paper", "#fbfaf6", "#0e1417"),
            Self::Panel => ("--panel", "#ffffff", "#141c20"),
            Self::Sunk => ("--sunk", "#f4f2ec", "#10181b"),
            Self::Ink => ("--ink", "#1b2430", "#e8eef0"),
            Self::Soft => ("--soft", "#4a5561", "#aab6bd"),
            Self::Faint => ("--faint", "#5d6771", "#93a0a8"),
            Self::Line => ("--line", "#dcd8cc", "#2d3a40"),
            Self::Hair => ("--hair", "#ebe8df", "#202b31"),
            Self::Edge => ("--edge", "#8b8f8e", "#6d7b83"),
            Self::Leader => ("--leader", "#0a6288", "#5bc0eb"),
            Self::LeaderWash => ("--leader-wash", "#e6f2f7", "#112c38"),
            Self::Follower => ("--follower", "#4a5a6a", "#a9b8c4"),
            Self::FollowerWash => ("--follower-wash", "#eef1f3", "#1b262c"),
            Self::Down => ("--down", "#7f878e", "#7c8990"),
            Self::Cell => ("--cell", "#677480", "#8493a0"),
            Self::Write => ("--write", "#175fb8", "#74b3ff"),
            Self::Good => ("--good", "#136a49", "#4fd1a1"),
            Self::GoodWash => ("--good-wash", "#e4f3ec", "#10291f"),
            Self::Wait => ("--wait", "#8a5500", "#f0b14a"),
            Self::WaitWash => ("--wait-wash", "#fdf1db", "#33270f"),
            Self::Lost => ("--lost", "#c2255c", "#ff7aa8"),
            Self::LostWash => ("--lost-wash", "#fce9ef", "#36141f"),
            Self::OnLost => ("--on-lost", "#ffffff", "#2a0613"),
            Self::Beat => ("--beat", "#98a2aa", "#66747d"),
            Self::Read => ("--read", "#6d5ba8", "#b3a2f2"),
            Self::OnFill => ("--on-fill", "#ffffff", "#0e1417"),
        }
    }

    /// Its token in the page's style sheet.
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().0
    }

    /// Its value.
    #[must_use]
    pub const fn of(self, theme: Theme) -> &'static str {
        let (_, light, dark) = self.row();
        match theme {
            Theme::Light => light,
            Theme::Dark => dark,
        }
    }
}

/// The page's fonts, the reader's own. A name of several words needs its quotes.
pub const SANS: &str = "Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, sans-serif";
/// For the large line.
pub const SERIF: &str = "'Source Serif 4', 'Iowan Old Style', Charter, ui-serif, Georgia, \
     'Times New Roman', serif";
/// For numbers.
pub const MONO: &str = "ui-monospace, 'SF Mono', Menlo, Consolas, monospace";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../../../www/css/tokens.css");
        let (light, dark) = sheet.split_once(":root[data-theme=\"dark\"]").unwrap();
        for (index, colour) in EVERY_COLOUR.into_iter().enumerate() {
            assert_eq!(colour as usize, index, "the list has the order of the kinds");
            for (part, theme) in [(light, Theme::Light), (dark, Theme::Dark)] {
                let wanted = format!("{}: {};", colour.token(), colour.of(theme));
                assert!(part.contains(&wanted), "{wanted}");
            }
        }
    }
}
