//! A run, and a copy of it for readers, whose observer has looked at this very instant.
//!
//! What is judged only now and then while a run goes on is thus judged as of the instant that is shown, once for every
//! panel, and the run itself does not change by being looked at. It knows nothing of what a run is about.

use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};

use engine::observe::Recorder;
use engine::world::Run;

/// Any run, recorded.
pub type RecordedRun = Box<dyn Run<Recorder>>;

/// A run that readers can be shown. Whatever may change it forgets the copy for readers.
pub struct Watched {
    run: RecordedRun,
    looked_at: OnceCell<RecordedRun>,
}

impl Watched {
    /// The same instant for readers.
    #[must_use]
    pub fn for_readers(&self) -> &dyn Run<Recorder> {
        &**self.looked_at.get_or_init(|| self.run.looked_at())
    }
}

impl From<RecordedRun> for Watched {
    fn from(run: RecordedRun) -> Self {
        Self { run, looked_at: OnceCell::new() }
    }
}

impl Deref for Watched {
    type Target = dyn Run<Recorder>;

    fn deref(&self) -> &Self::Target {
        &*self.run
    }
}

impl DerefMut for Watched {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.looked_at.take();
        &mut *self.run
    }
}
