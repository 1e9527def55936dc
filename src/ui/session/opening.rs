//! How runs come onto the page and leave it: links, files, exports.

use super::{FIRST_FORESIGHT, Looking, Problem, Session, Shared, TooLong};
use lab::export::{Export, Options};
use lab::{Lab, Opened, opened, opened_file};
use scenario::{Opening, Protocols, presets};

/// A run that begins on the page.
pub struct Begun {
    /// The run.
    pub session: Session,
    /// What is looked at.
    pub looking: Looking,
    /// Whether it was opened at a moment to be looked at, and so stands still.
    pub at_a_moment: bool,
}

impl Session {
    /// Opens what a link holds, or the first preset, telling what is wrong with the link.
    pub fn open(protocols: Protocols, link: Option<&str>) -> (Begun, Vec<Problem>) {
        match link.map(|link| opened(link, protocols)) {
            Some(Ok(run)) => (Self::of(protocols, run), Vec::new()),
            None => (Self::first(protocols), Vec::new()),
            Some(Err(problems)) => (Self::first(protocols), problems),
        }
    }

    /// The first preset. Every preset can be read: a test loads them all.
    fn first(protocols: Protocols) -> Begun {
        let Some(preset) = presets(protocols).next() else { panic!("there are no presets") };
        match opened(preset.name, protocols) {
            Ok(run) => Self::of(protocols, run),
            Err(_) => panic!("the first preset cannot be read"),
        }
    }

    fn of(protocols: Protocols, run: Opened) -> Begun {
        let Opened { lab, filed, at, looking } = run;
        let scenario = lab.scenario();
        let name =
            filed.as_ref().map_or(scenario.title.as_str(), |filed| filed.preset.name).to_owned();
        let document = filed
            .as_ref()
            .map_or_else(|| scenario.short(), |filed| filed.with_seed(scenario.seed()));
        let mut session = Self { protocols, lab, document, filed, name, target: None };
        session.lab.foresee(FIRST_FORESIGHT);
        if let Some(at) = at {
            session.seek_to(at);
        }
        let there = looking.selected.filter(|selected| session.lab.inspect(*selected).is_some());
        Begun {
            session,
            looking: Looking { selected: there, ..looking },
            at_a_moment: at.is_some(),
        }
    }

    /// Plays what a link, or the name of a preset, leads to; without either, the first preset.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load(&self, link: &str) -> Result<Begun, Vec<Problem>> {
        if link.is_empty() {
            return Ok(Self::first(self.protocols));
        }
        Ok(Self::of(self.protocols, opened(link, self.protocols)?))
    }

    /// Plays what the text of a file holds: a whole run, or the document of a scenario.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn load_file(&self, text: &str) -> Result<Begun, Vec<Problem>> {
        Ok(Self::of(self.protocols, opened_file(text, self.protocols)?))
    }

    /// The part of an address that leads to this run, however long.
    pub fn link(&self) -> String {
        self.lab.link()
    }

    /// The shortest part of an address that leads to the start of this run, with all that the reader did.
    pub fn address(&self) -> String {
        let untouched = self.lab.branches().iter().all(|branch| branch.actions.is_empty());
        match &self.filed {
            Some(filed) if untouched && filed.document == self.document => self.name.clone(),
            Some(filed) if untouched && filed.with_seed(self.seed()) == self.document => {
                format!("scenario={}&seed={}", self.name, self.seed())
            }
            _ => self.link(),
        }
    }

    /// The part of an address to hand on.
    ///
    /// # Errors
    /// The run is too long for one.
    pub fn share(&self, looking: &Looking) -> Result<Shared, TooLong> {
        self.lab.share(looking)
    }

    /// The same, leading to the start of the run.
    ///
    /// # Errors
    /// The run is too long for one.
    pub fn share_from_start(&self, looking: &Looking) -> Result<Shared, TooLong> {
        self.lab.share_from_start(looking)
    }

    /// The heading of the scenario.
    pub fn title(&self) -> &str {
        &self.lab.scenario().title
    }

    /// Everything that happened up to the playhead, in a number.
    pub fn digest(&self) -> String {
        format!("{:016x}", self.lab.digest())
    }

    /// What a file of this kind leaves out and cannot say so itself.
    pub fn left_out(&self, export: Export) -> Option<String> {
        self.lab.left_out(export)
    }

    /// The run as a file of this kind.
    pub fn export(&self, export: Export, options: &Options) -> String {
        self.lab.export(export, options)
    }

    /// Another of the same, at the same moment.
    pub fn copy(&self) -> Option<Self> {
        let opened = Lab::open(&self.lab.opening(&Looking::default()), self.protocols).ok()?;
        Some(Self::of(self.protocols, opened).session)
    }

    /// The whole run, to be written into a file.
    pub fn opening(&self, looking: &Looking) -> Opening {
        self.lab.opening(looking)
    }
}
