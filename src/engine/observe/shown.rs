//! What an answer showed where data are versions per key, and which writes it lacks.
//!
//! Names of versions say nothing about their order there: what an answer had seen is read from the
//! versions themselves. It does not know who asked, nor what anybody was told.

use crate::engine::base::{NodeId, Position};
use crate::engine::protocol::parts::version::Dot;
use crate::engine::protocol::parts::{Version, VersionVector};
use crate::engine::protocol::{RecordRef, Records};

/// What a reader was shown of a key.
pub struct Shown {
    context: VersionVector,
    // Where the last write wins, the stamp and the dot that count; `None`: whatever was not seen is
    // lacking.
    latest: Option<(i64, Dot)>,
    last_wins: bool,
    nothing: bool,
}

impl Shown {
    /// What an answer showed that names this version; `last_wins`: of concurrent versions the one
    /// with the later stamp is kept.
    #[must_use]
    pub fn of(name: Position, records: &Records, last_wins: bool) -> Self {
        let version = records.version(RecordRef::named(name));
        let mut context = version.map_or_else(VersionVector::default, Version::context);
        let siblings = records.joins(RecordRef::named(name));
        for sibling in siblings.iter().filter_map(|at| records.version(*at)) {
            context.merge(&sibling.context());
        }
        let alone = version.filter(|_| last_wins && siblings.is_empty());
        let latest = alone.map(|version| (version.stamp, version.dot()));
        Self { context, latest, last_wins, nothing: version.is_none() }
    }

    /// Whether the key had no value and no tombstone.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.nothing
    }

    /// Nothing, as what these deletions left: the one with the latest stamp, and what all had seen.
    #[must_use]
    pub fn after(self, latest: &Version, context: &VersionVector) -> Self {
        let latest = self.last_wins.then(|| (latest.stamp, latest.dot()));
        Self { context: context.clone(), latest, ..self }
    }

    /// Whether it is older than a write with this dot and stamp: it had not seen the write, nor, where
    /// the last write wins, shows anything with a later stamp.
    #[must_use]
    pub fn lacks(&self, writer: u32, counter: u32, stamp: i64) -> bool {
        let dot = Dot { node: NodeId(u8::try_from(writer).unwrap_or(u8::MAX)), counter };
        !self.context.has_seen(dot)
            && self.latest.is_none_or(|(latest, shown)| (stamp, dot) > (latest, shown))
    }
}

/// The versions that a name stands for: itself, or the siblings that were shown together.
pub fn versions_of(name: Position, records: &Records) -> impl Iterator<Item = &Version> {
    let at = RecordRef::named(name);
    let siblings = records.joins(at);
    let alone = siblings.is_empty().then(|| records.version(at)).flatten();
    alone.into_iter().chain(siblings.iter().filter_map(|at| records.version(*at)))
}
