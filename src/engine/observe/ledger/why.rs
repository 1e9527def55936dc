//! Why a write was lost: the facts, and the sentence that a reader is told.

use core::fmt;

use crate::engine::base::{NodeId, NodeSet, SimTime, Span};
use crate::engine::world::Dropped;

/// How a node stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeathKind {
    /// Its process died.
    Crash,
    /// Its machine lost power.
    PowerLoss,
    /// Its process was stopped.
    Pause,
}

/// That a node stopped, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Death {
    /// How.
    pub kind: DeathKind,
    /// When.
    pub at: SimTime,
}

/// Why an acknowledged write is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Why {
    /// The node that acknowledged it.
    pub by: NodeId,
    /// When its client was told.
    pub acknowledged: SimTime,
    /// What stopped that node after it had taken the write, if anything did.
    pub death: Option<Death>,
    /// The leader in whose log it is missing.
    pub chosen: NodeId,
    /// The reason.
    pub reason: Reason,
}

/// The reason proper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// No log ever held it.
    NeverWritten,
    /// The node that acknowledged it leads, and its own log no longer holds it.
    OwnLog,
    /// The node took it `late` after another had become the leader.
    TooLate { late: Span },
    /// This node had received it and not applied it, and threw it away when it became the leader.
    Discarded { node: NodeId },
    /// These nodes had it, but another one was chosen.
    NotChosen { holders: NodeSet },
    /// These nodes had received it, but did not run when the leader was chosen.
    HoldersDown { holders: NodeSet },
    /// It had arrived at these nodes, but they no longer had it.
    NotKept { holders: NodeSet },
    /// It had been sent to these nodes then, and never arrived.
    OnItsWay { to: NodeSet, sent: SimTime },
    /// The links to these nodes were cut, since then.
    LinkCut { to: NodeSet, since: SimTime },
    /// What was sent to these nodes was dropped.
    NotDelivered { to: NodeSet, why: Dropped },
    /// It was not sent to any of these nodes.
    NeverSent { to: NodeSet },
    /// These nodes were the last to hold it, and hold it no more.
    NoReplica { holders: NodeSet },
    /// It took a value away, everybody forgot it, and the value is back.
    Undeleted,
}

impl Why {
    /// The reason in plain English, without a full stop: "n1 lost power 1.2 ms after acknowledging
    /// it, before it was sent to n2 or n3".
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { by, chosen, .. } = self;
        match self.reason {
            Reason::NeverWritten => format!("{by} acknowledged it, but no log ever held it"),
            Reason::OwnLog => match self.death {
                Some(death) => format!(
                    "{by} acknowledged it but had not flushed it when {} {}; {by} leads without it",
                    death.clause("it"),
                    self.distance(death.at),
                ),
                None => format!("{by} acknowledged it, still leads, and its log no longer has it"),
            },
            Reason::TooLate { late } => {
                format!("{by} took it {} after {chosen} had become the leader", Length(late))
            }
            Reason::Discarded { node } => format!(
                "{node} had received it and not applied it, and threw it away to lead at once"
            ),
            Reason::NotChosen { holders } => {
                format!(
                    "{} had it, but {chosen} became the leader without it",
                    holders.names("and")
                )
            }
            Reason::HoldersDown { holders } => format!(
                "only {} had received it besides {by}, and did not run when {chosen} became the leader",
                holders.names("and"),
            ),
            Reason::NotKept { holders } => format!(
                "it had arrived at {}, but nobody kept it until {chosen} became the leader",
                holders.names("and"),
            ),
            Reason::OnItsWay { to, sent } => self.on_its_way(to, sent),
            Reason::LinkCut { to, since } => format!(
                "{by} acknowledged it, but its link to {} had been cut since {}.{:03} s",
                to.names("and"),
                since.micros() / 1_000_000,
                since.micros() / 1_000 % 1_000,
            ),
            Reason::NotDelivered { to, why } => self.not_delivered(to, why),
            Reason::NoReplica { holders } => {
                format!("{} had it, and no node holds it any more", holders.names("and"))
            }
            Reason::Undeleted => {
                "every node forgot that the value was taken away, and one still has it".to_owned()
            }
            Reason::NeverSent { to } => match self.death {
                Some(death) => format!(
                    "{} {}, before it was sent to {}",
                    death.clause(&by.to_string()),
                    self.distance(death.at),
                    to.names("or"),
                ),
                None => format!("{by} acknowledged it and never sent it to {}", to.names("or")),
            },
        }
    }

    fn on_its_way(&self, to: NodeSet, sent: SimTime) -> String {
        let (by, chosen) = (self.by, self.chosen);
        match self.death {
            Some(death) => format!(
                "{by} {} {} after sending it to {}, and it never arrived",
                death.kind.verb(),
                Length(death.at.since(sent)),
                to.names("and"),
            ),
            None => format!(
                "{by} had sent it to {}, but it had not arrived when {chosen} became the leader",
                to.names("and"),
            ),
        }
    }

    fn not_delivered(&self, to: NodeSet, why: Dropped) -> String {
        let (by, to) = (self.by, to.names("and"));
        let how = match why {
            Dropped::Loss => format!("the link to {to} lost it"),
            Dropped::Cut => format!("the link to {to} was cut"),
            Dropped::BufferFull => format!("the link to {to} was full, so it stayed at {by}"),
            Dropped::SenderLostPower => format!("what was on its way to {to} died with {by}"),
            Dropped::ReceiverDown => format!("{to} did not run"),
            Dropped::ReceiverRestarted => format!("{to} died before reading it"),
            Dropped::ByHand => format!("a reader dropped it on its way to {to}"),
            Dropped::Limit => format!("too much was in flight for it to reach {to}"),
        };
        match self.death {
            Some(death) => format!("{how}, and {}", death.clause(&by.to_string())),
            None => format!("{by} acknowledged it, but {how}"),
        }
    }

    /// "1.2 ms after acknowledging it", or before.
    fn distance(&self, at: SimTime) -> String {
        if at >= self.acknowledged {
            format!("{} after acknowledging it", Length(at.since(self.acknowledged)))
        } else {
            format!("{} before its client heard so", Length(self.acknowledged.since(at)))
        }
    }
}

impl Death {
    fn clause(self, who: &str) -> String {
        format!("{who} {}", self.kind.verb())
    }
}

impl DeathKind {
    /// "lost power"
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Crash => "crashed",
            Self::PowerLoss => "lost power",
            Self::Pause => "was paused",
        }
    }
}

/// A length of time as a reader says it: "0.4 ms", "340 ms", "12.0 s".
#[derive(Clone, Copy, Debug)]
pub struct Length(pub Span);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole numbers only: the formatting of floating point costs the page seven kilobytes.
        let tenths = |micros: u64| (micros / 10, micros % 10);
        match self.0.micros() {
            micros @ 0..19_950 => {
                let (whole, tenth) = tenths((micros + 50) / 100);
                write!(f, "{whole}.{tenth} ms")
            }
            micros @ 19_950..999_500 => write!(f, "{} ms", (micros + 500) / 1_000),
            micros => {
                let (whole, tenth) = tenths((micros + 50_000) / 100_000);
                write!(f, "{whole}.{tenth} s")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_sentence(death: Option<(DeathKind, u64)>, reason: Reason, expected: &str) {
        let death = death.map(|(kind, at)| Death { kind, at: SimTime::from_micros(at) });
        let why = Why {
            by: NodeId(0),
            acknowledged: SimTime::from_micros(10_000),
            death,
            chosen: NodeId(1),
            reason,
        };
        assert_eq!(why.sentence(), expected);
    }

    #[test]
    fn every_reason_is_a_sentence() {
        let others: NodeSet = [NodeId(1), NodeId(2)].into_iter().collect();
        let third: NodeSet = [NodeId(2)].into_iter().collect();
        let power = Some((DeathKind::PowerLoss, 11_200));
        let sent = SimTime::from_micros(9_900);
        check_sentence(
            power,
            Reason::NeverSent { to: others },
            "n1 lost power 1.2 ms after acknowledging it, before it was sent to n2 or n3",
        );
        check_sentence(
            power,
            Reason::OnItsWay { to: others, sent },
            "n1 lost power 1.3 ms after sending it to n2 and n3, and it never arrived",
        );
        check_sentence(
            None,
            Reason::NotChosen { holders: third },
            "n3 had it, but n2 became the leader without it",
        );
        check_sentence(
            None,
            Reason::Discarded { node: NodeId(1) },
            "n2 had received it and not applied it, and threw it away to lead at once",
        );
        check_sentence(
            None,
            Reason::TooLate { late: Span::from_millis(340) },
            "n1 took it 340 ms after n2 had become the leader",
        );
        check_sentence(
            Some((DeathKind::PowerLoss, 9_000)),
            Reason::OwnLog,
            "n1 acknowledged it but had not flushed it when it lost power 1.0 ms before its client \
             heard so; n1 leads without it",
        );
        check_sentence(
            None,
            Reason::LinkCut { to: third, since: SimTime::from_millis(5_000) },
            "n1 acknowledged it, but its link to n3 had been cut since 5.000 s",
        );
    }
}
