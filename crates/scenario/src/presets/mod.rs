//! Scenarios that are kept ready under names, each one file beside this one, listed in one file a
//! protocol.

use super::json::{Json, parse};
use super::system::Protocols;

/// A scenario kept ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preset {
    /// Its name on the command line, in links and in the picker.
    pub name: &'static str,
    /// The heading.
    pub title: &'static str,
    /// One line about what it shows.
    pub about: &'static str,
    /// The name of its protocol.
    pub protocol: &'static str,
    /// The text of its document.
    pub text: &'static str,
}

/// The scenarios of a protocol, each a file in the folder `presets` beside the file that lists them.
#[macro_export]
macro_rules! presets {
    ($protocol:literal: $($name:literal, $title:literal: $about:literal),* $(,)?) => {
        /// All of them, in the order in which they are offered.
        pub const PRESETS: &[$crate::Preset] = &[$($crate::Preset {
            name: $name,
            title: $title,
            about: $about,
            protocol: $protocol,
            text: include_str!(concat!("presets/", $name, ".json")),
        }),*];
    };
}

/// The scenarios of these protocols, in the order in which they are offered; the first opens the
/// page.
pub fn presets(protocols: Protocols) -> impl Iterator<Item = &'static Preset> {
    protocols.iter().flat_map(|entry| entry.presets)
}

/// The preset of this name.
#[must_use]
pub fn preset(protocols: Protocols, name: &str) -> Option<&'static Preset> {
    presets(protocols).find(|preset| preset.name == name)
}

impl Preset {
    /// Its document; the tests read every one of them.
    #[must_use]
    pub fn document(&self) -> Json {
        parse(self.text).unwrap_or(Json::Null)
    }
}

/// A scenario kept ready whose document has been read.
#[derive(Clone, PartialEq, Debug)]
pub struct Filed {
    /// The scenario.
    pub preset: &'static Preset,
    /// Its document, as its file has it.
    pub document: Json,
}

impl Filed {
    /// Reads the document of a scenario kept ready.
    #[must_use]
    pub fn new(preset: &'static Preset) -> Self {
        Self { preset, document: preset.document() }
    }

    /// The document with this seed, below 2^53.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    pub fn with_seed(&self, seed: u64) -> Json {
        let (mut document, seed) = (self.document.clone(), Json::Number(seed as f64));
        if document.field("seed") != Some(&seed) {
            document.put("seed", seed);
        }
        document
    }
}
