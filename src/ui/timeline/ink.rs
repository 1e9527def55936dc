//! The colours of the canvas: read once from the style sheet's tokens, again when the theme
//! changes.

use crate::view::{ChipLook, Tone};
use web_sys::{CssStyleDeclaration, Element};

/// Colours and fonts for drawing.
pub struct Ink {
    /// Ordinary lines and words.
    pub ink: String,
    /// Softer words.
    pub soft: String,
    /// The faintest words.
    pub faint: String,
    /// Lanes.
    pub line: String,
    /// Ticks.
    pub hair: String,
    /// What lies under everything.
    pub panel: String,
    /// Loss.
    pub lost: String,
    leader: String,
    write: String,
    good: String,
    wait: String,
    beat: String,
    read: String,
    copy: String,
    sunk: String,
    washes: [String; 4],
    /// The font of all words.
    pub font: String,
}

impl Ink {
    /// Reads the tokens in force at an element.
    #[must_use]
    pub fn of(element: &Element) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(element).ok()??;
        let token = |name: &str| read(&style, name);
        let sans = token("--sans");
        Some(Self {
            ink: token("--ink"),
            soft: token("--soft"),
            faint: token("--faint"),
            line: token("--line"),
            hair: token("--hair"),
            panel: token("--panel"),
            lost: token("--lost"),
            leader: token("--leader"),
            write: token("--write"),
            good: token("--good"),
            wait: token("--wait"),
            beat: token("--beat"),
            read: token("--read"),
            copy: token("--follower"),
            sunk: token("--sunk"),
            washes: [
                token("--wait-wash"),
                token("--lost-wash"),
                token("--leader-wash"),
                token("--good-wash"),
            ],
            font: format!("11.5px {sans}"),
        })
    }

    /// The colour of a tone.
    #[must_use]
    pub fn tone(&self, tone: Tone) -> &str {
        match tone {
            Tone::Plain => &self.ink,
            Tone::Leader => &self.leader,
            Tone::Write => &self.write,
            Tone::Good => &self.good,
            Tone::Wait => &self.wait,
            Tone::Lost => &self.lost,
            Tone::Faint => &self.faint,
        }
    }

    /// The wash behind a stretch of this tone.
    #[must_use]
    pub fn wash(&self, tone: Tone) -> &str {
        match tone {
            Tone::Wait => &self.washes[0],
            Tone::Lost => &self.washes[1],
            Tone::Leader | Tone::Write => &self.washes[2],
            Tone::Good => &self.washes[3],
            Tone::Plain | Tone::Faint => &self.sunk,
        }
    }

    /// The colour of a message's line.
    #[must_use]
    pub fn look(&self, look: ChipLook) -> &str {
        match look {
            ChipLook::Write => &self.write,
            ChipLook::Good => &self.good,
            ChipLook::Refused => &self.wait,
            ChipLook::Read => &self.read,
            ChipLook::Beat => &self.beat,
            ChipLook::Election => &self.leader,
            ChipLook::Copy => &self.copy,
        }
    }
}

fn read(style: &CssStyleDeclaration, name: &str) -> String {
    style.get_property_value(name).unwrap_or_default().trim().to_owned()
}
