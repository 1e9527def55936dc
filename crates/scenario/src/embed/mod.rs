//! A run inside somebody else's page: how it is to look and to begin, and what that page may ask of it.
//!
//! Everything here comes from outside and is data: it is read into known shapes, or refused with a mistake that says
//! what, where and how to put it right. Nothing here knows a browser.

mod order;
mod value;

pub use order::{Id, Message, Order, Source, message};

use crate::{Mistake, Problem};
use value::{number, one_of, place, seed, time_ms};

/// Which controls a frame shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Controls {
    /// The one large action, pace and scrubber; things on the stage can be acted on.
    #[default]
    Full,
    /// Play and scrubber.
    Minimal,
    /// Nothing but the sentence and the stage.
    None,
}

impl Controls {
    /// As it is written in an attribute.
    #[must_use]
    pub fn word(self) -> &'static str {
        CONTROLS[self as usize]
    }
}

/// Light, dark, or what the reader's machine prefers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// What the reader's machine prefers.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The theme by name, if one was chosen.
    #[must_use]
    pub fn chosen(self) -> Option<&'static str> {
        (self != Self::Auto).then(|| THEMES[self as usize])
    }
}

const CONTROLS: [&str; 3] = ["full", "minimal", "none"];
const THEMES: [&str; 3] = ["auto", "light", "dark"];
const LANGUAGES: [&str; 1] = ["en"];
const SWITCH: [&str; 4] = ["", "true", "on", "false"];
const AUTO: &str = "auto";
/// The slowest and fastest pace, in simulated per watched time.
const SPEED: (f64, f64) = (0.001, 100.0);
/// The height that an element may reserve, in pixels. The page reads it only to say what is wrong with it.
const HEIGHT: (f64, f64) = (120.0, 4_000.0);
/// Longer queries are not read.
const LONGEST_QUERY: usize = 4_000;
/// The attribute that makes a page a frame's.
const EMBED: &str = "embed";
/// What the page's loader and the element tell each other in the address.
const OTHERS: [&str; 1] = ["shared"];
/// Every attribute that a frame knows.
const ATTRIBUTES: [&str; 10] = [
    "controls", "theme", "autoplay", "play", "loop", "speed", "lang", "start-at", "seed", "height",
];

/// How a frame looks and begins.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Look {
    /// Which controls it shows.
    pub controls: Controls,
    /// Light or dark.
    pub theme: Theme,
    /// Plays by itself, unless the reader's machine asks for stillness.
    pub autoplay: bool,
    /// Plays at once: the reader has pressed play already, before the program was here.
    pub play: bool,
    /// Starts over at the end.
    pub looping: bool,
    /// A pace by hand; without it the pace finds itself.
    pub speed: Option<f64>,
    /// Where the playhead stands at the beginning, in milliseconds; without it where the link says.
    pub start_ms: Option<f64>,
    /// Another seed than the scenario's.
    pub seed: Option<u32>,
}

impl Look {
    /// What the query of an address says, with everything that is wrong with it; nothing if it is not a frame's.
    /// What cannot be read keeps its default.
    #[must_use]
    pub fn read(query: &str) -> Option<(Self, Vec<Problem>)> {
        let query = query.strip_prefix('?').unwrap_or(query);
        if query.len() > LONGEST_QUERY {
            let found = query.len() as f64;
            let mistake =
                Mistake::OutOfRange { found, min: 0.0, max: LONGEST_QUERY as f64, unit: "bytes" };
            let is_frame = query.split('&').take(8).any(|part| part == EMBED);
            let problem = Problem { mistake, at: "the frame's address".to_owned() };
            return is_frame.then(|| (Self::default(), vec![problem]));
        }
        let pairs = || query.split('&').filter(|part| !part.is_empty()).map(value::pair);
        if !pairs().any(|(name, _)| name == EMBED) {
            return None;
        }
        let mut look = Self::default();
        let mut problems = Vec::new();
        for (name, value) in pairs().filter(|(name, _)| name != EMBED) {
            if !OTHERS.contains(&name.as_str()) {
                problems.extend(look.set(&name, &value).err());
            }
        }
        Some((look, problems))
    }

    /// Sets one attribute as it is written.
    ///
    /// # Errors
    /// There is no such attribute, or it cannot have this value; then nothing changes.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let at = || place(name, text);
        let problem = |mistake| Problem { mistake, at: at() };
        let word = |words: &[&'static str]| one_of(text, words).map_err(problem);
        let switch = || word(&SWITCH).map(|chosen| chosen < SWITCH.len() - 1);
        match name {
            "controls" => {
                let all = [Controls::Full, Controls::Minimal, Controls::None];
                self.controls = all[word(&CONTROLS)?];
            }
            "theme" => self.theme = [Theme::Auto, Theme::Light, Theme::Dark][word(&THEMES)?],
            "autoplay" => self.autoplay = switch()?,
            "play" => self.play = switch()?,
            "loop" => self.looping = switch()?,
            "lang" => drop(word(&LANGUAGES)?),
            "speed" if text == AUTO => self.speed = None,
            "speed" => self.speed = Some(number(text, SPEED, "×").map_err(problem)?),
            "start-at" => self.start_ms = Some(time_ms(text).map_err(problem)?),
            "seed" => self.seed = Some(seed(text).map_err(problem)?),
            "height" => drop(number(text, HEIGHT, "pixels").map_err(problem)?),
            _ => {
                let (name, known) = (value::cut(name), ATTRIBUTES.to_vec());
                let mistake = Mistake::UnknownField { name, known };
                return Err(Problem { mistake, at: "the frame's attributes".to_owned() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
