//! What an answer showed where data are versions per key, and which writes it lacks.
//!
//! Names of versions say nothing about their order there: what an answer had seen is read from the
//! versions themselves. It does not know who asked, nor what anybody was told.

use crate::engine::base::Position;
use crate::engine::protocol::parts::{Version, VersionVector};
use crate::engine::protocol::{RecordRef, Records};

/// What a reader was shown of a key.
pub struct Shown<'a> {
    // `None`: the key was never written.
    version: Option<&'a Version>,
    context: VersionVector,
    // Several versions stood beside each other.
    joined: bool,
}

impl<'a> Shown<'a> {
    /// What an answer showed that names this version.
    #[must_use]
    pub fn of(name: Position, records: &'a Records) -> Self {
        let version = records.version(RecordRef::named(name));
        let mut context = version.map_or_else(VersionVector::default, Version::context);
        let siblings = records.joins(RecordRef::named(name));
        for sibling in siblings.iter().filter_map(|at| records.version(*at)) {
            context.merge(&sibling.context());
        }
        Self { version, context, joined: !siblings.is_empty() }
    }

    /// Whether it shows an older state than this write made: it had not seen the write, nor
    /// anything with a later stamp. Where the last write wins, what was dropped need not be seen.
    #[must_use]
    pub fn lacks(&self, write: &Version) -> bool {
        if self.context.has_seen(write.dot()) {
            return false;
        }
        match self.version {
            // Nothing is what a deletion leaves, once its tombstone is forgotten.
            None => !write.deleted,
            Some(shown) => self.joined || write.later(shown).is_gt(),
        }
    }
}

/// The versions that a name stands for: itself, or the siblings that were shown together.
pub fn versions_of(name: Position, records: &Records) -> impl Iterator<Item = &Version> {
    let at = RecordRef::named(name);
    let siblings = records.joins(at);
    let alone = siblings.is_empty().then(|| records.version(at)).flatten();
    alone.into_iter().chain(siblings.iter().filter_map(|at| records.version(*at)))
}
