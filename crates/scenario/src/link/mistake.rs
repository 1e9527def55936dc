//! What can be wrong with a link, said like any other mistake: what, where, how to fix.

/// A mistake in a link.
#[derive(Clone, PartialEq, Debug)]
pub enum LinkMistake {
    /// It was cut short, or letters changed on the way.
    Damaged,
    /// A later version of the playground wrote it.
    Later {
        /// The version as the link has it, up to five digits.
        version: String,
    },
    /// It is too long to be one of ours.
    TooLong {
        /// How long it is, in bytes.
        letters: usize,
        /// How long it may be, in bytes; a file may be longer than a link.
        most: usize,
    },
    /// It names a scenario that is not built in.
    UnknownScenario {
        /// The name in the link, at most its first 60 characters.
        found: String,
        /// The names of the scenarios that are built in.
        known: Vec<&'static str>,
    },
    /// It has a part that means nothing.
    UnknownPart {
        /// The name of the part, at most its first 60 characters.
        found: String,
        /// The names of the parts that a typed link may have.
        known: Vec<&'static str>,
    },
    /// A part stands in it twice.
    Twice {
        /// The name of the part.
        part: String,
    },
    /// A part does not say what it must.
    BadValue {
        /// What the part says, at most its first 60 characters.
        found: String,
        /// What it must say, in a few words.
        wanted: &'static str,
    },
    /// It asks for a lesson.
    Lesson,
    /// It is about a future that it does not hold.
    NoFuture {
        /// The place of the future, counted from 0; `u32::MAX` if it is no such number.
        found: u32,
        /// How many futures the link holds.
        futures: u32,
    },
}

impl LinkMistake {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Damaged => "link/damaged",
            Self::Later { .. } => "link/later-version",
            Self::TooLong { .. } => "link/too-long",
            Self::UnknownScenario { .. } => "link/unknown-scenario",
            Self::UnknownPart { .. } => "link/unknown-part",
            Self::Twice { .. } => "link/twice",
            Self::BadValue { .. } => "link/bad-value",
            Self::Lesson => "link/lesson",
            Self::NoFuture { .. } => "link/no-future",
        }
    }

    /// What is wrong, as one clause.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Damaged => "this link is damaged: letters are missing or were changed".to_owned(),
            Self::Later { version } => {
                format!("this link is of version {version}, which this page does not know yet")
            }
            Self::TooLong { letters, most } => {
                format!("this link has {letters} letters; one has at most {most}")
            }
            Self::UnknownScenario { found, .. } => format!("there is no scenario \"{found}\""),
            Self::UnknownPart { found, .. } => format!("a link has no part \"{found}\""),
            Self::Twice { part } => format!("\"{part}\" stands twice in this link"),
            Self::BadValue { found, wanted } => format!("\"{found}\" is not {wanted}"),
            Self::Lesson => "this page has no lessons yet".to_owned(),
            Self::NoFuture { found, futures } => {
                format!("this link shows future {found} and holds {futures}")
            }
        }
    }

    /// How to put it right, as one clause.
    #[must_use]
    pub fn fix(&self) -> String {
        match self {
            Self::Damaged => {
                "copy it once more, whole, from where it came from; some programs cut long links short".to_owned()
            }
            Self::Later { .. } => "load the page again, or open the link where it was made".to_owned(),
            Self::TooLong { .. } => "ask for the run as a file and open that".to_owned(),
            Self::UnknownScenario { found, known } => {
                crate::mistake::suggest("write", found, known)
            }
            Self::UnknownPart { found, known } => {
                crate::mistake::suggest("write", found, known)
            }
            Self::Twice { part } => format!("leave one \"{part}\" out"),
            Self::BadValue { wanted, .. } => format!("write {wanted}"),
            Self::Lesson => "open a scenario instead: #scenario=async-leader-crash".to_owned(),
            Self::NoFuture { .. } => "copy the link once more from where it came from".to_owned(),
        }
    }
}
