//! Why acknowledged writes are gone, in a clause and in a story.

use super::{Losses, Situation};
use crate::number::{agree, clock, count, span};
use crate::words;
use engine::observe::ledger::{Death, DeathKind, Reason, Why};
use engine::world::Dropped;

/// Groups of losses that are told beside the largest.
pub const OTHERS_TOLD: usize = 2;

/// The groups that are told beside the largest: a handful beside many others is only counted.
fn told_beside(s: &Situation) -> impl Iterator<Item = &Losses> {
    let worst = s.losses.first().map_or(0, |worst| worst.count);
    let others = s.losses.iter().skip(1).take(OTHERS_TOLD);
    others.filter(move |others| others.count.saturating_mul(20) >= worst)
}

/// "Another 67 are lost because the link from n1 to n2 was cut before n2 had them."
pub fn other_losses(s: &Situation) -> impl Iterator<Item = String> {
    told_beside(s).map(|others| {
        let many = match others.count {
            1 => "Another one is".to_owned(),
            n => format!("Another {} are", count(n.into())),
        };
        format!("{many} lost because {}", cause(others))
    })
}

/// What became of most of the lost writes, and how many more there are of which nothing else is said:
/// "77 because leader n1 lost power before n2 had them; 1 for another reason, told at that write."
#[must_use]
pub fn why_lost(s: &Situation, worst: &Losses) -> String {
    let looked_at: u32 = s.losses.iter().map(|group| group.count).sum();
    let told: u32 = told_beside(s).map(|group| group.count).sum::<u32>() + worst.count;
    let of = match looked_at < s.writes.lost {
        true => format!("of the last {}, ", count(looked_at.into())),
        false => String::new(),
    };
    let share = match of.is_empty() && told == looked_at && s.losses.len() == 1 {
        true => String::new(),
        false => format!("{of}{} because ", count(worst.count.into())),
    };
    let text = share + &cause(worst);
    let groups = s.losses.len() - 1 - told_beside(s).count();
    let reason = if groups == 1 { "another reason" } else { "other reasons" };
    match looked_at - told {
        0 => text,
        rest => {
            let each = if rest == 1 { "that write" } else { "each write" };
            let rest = count(rest.into());
            format!("{}; {rest} for {reason}, told at {each}.", text.trim_end_matches('.'))
        }
    }
}

/// What became of the lost writes: "leader n1 lost power before n2 or n3 had them."
#[must_use]
fn cause(losses: &Losses) -> String {
    let it = if losses.count == 1 { "it" } else { "them" };
    let Why { by, took, chosen, death, .. } = losses.why;
    let died = death.map(|death| format!("leader {by} {} before", death.verb()));
    match losses.why.reason {
        Reason::NeverWritten => format!("{by} acknowledged {it}, but no log ever held {it}."),
        Reason::OwnLog => match died.filter(|_| lost_power(death)) {
            Some(died) => format!("{died} its disk had {it}."),
            None => format!("{by}'s own log no longer has {it}."),
        },
        Reason::CutBack { .. } => format!("{by} cut {it} from its own log before it led again."),
        Reason::OlderLeader { epoch, .. } => format!(
            "the only leader that runs is {chosen}, which still leads epoch {epoch} and does not have {it}."
        ),
        Reason::TooLate { .. } => format!("{took} took {it} after {chosen} had become the leader."),
        Reason::Discarded { node, .. } => {
            format!("{node} had received {it}, and threw {it} away unapplied to lead at once.")
        }
        Reason::NotChosen { holders } => {
            format!("{} had {it}, but {chosen} became the leader.", holders.names("and"))
        }
        Reason::HoldersDown { holders, only } => {
            let (only, holders) = (if only { "only " } else { "" }, holders.names("and"));
            format!("{only}{holders} had received {it}, and did not run when {chosen} took over.")
        }
        Reason::NotKept { holders } => {
            format!(
                "{} received {it}, but had not kept {it} when {chosen} took over.",
                holders.names("and")
            )
        }
        Reason::OnItsWay { to, .. }
        | Reason::NeverSent { to }
        | Reason::DiedOnItsWay { to, .. } => match died {
            Some(died) => format!("{died} {} had {it}.", to.names("or")),
            None => {
                format!("{} did not have {it} yet when {chosen} took over.", to.names("and"))
            }
        },
        Reason::ArrivedLate { to, .. } => {
            let they = if losses.count == 1 { "it" } else { "they" };
            let leads = if to == chosen { "it".to_owned() } else { chosen.to_string() };
            format!("{they} reached {to} only after {leads} had become the leader.")
        }
        // Cut before it was taken, or while it was on its way.
        Reason::LinkCut { to, .. } | Reason::NotDelivered { to, why: Dropped::Cut, .. } => {
            let links = agree(to.len(), "link", "links");
            let were = agree(to.len(), "was", "were");
            let (ends, others) = (to.names("and"), to.names("or"));
            format!("the {links} from {took} to {ends} {were} cut before {others} had {it}.")
        }
        Reason::NoReplica { holders } if holders.is_empty() => format!("no node holds {it}."),
        Reason::NoReplica { holders } => {
            format!("only {} had {it}, and no node holds {it} any more.", holders.names("and"))
        }
        Reason::Undeleted { holders } => format!(
            "every node forgot the deletion while {} still had the value.",
            holders.names("and")
        ),
        Reason::NotDelivered { to, why, .. } => {
            let to = to.names("and");
            let why = words::dropped(why, &took.to_string(), &to);
            format!("what {took} sent to {to} never arrived: {why}.")
        }
    }
}

/// Whether a reader could not tell one reason from the other: they are one then.
pub fn sound_alike(one: &Losses, other: &Losses) -> bool {
    let told = |losses: &Losses| cause(&Losses { count: 2, ..*losses });
    told(one) == told(other)
}

fn lost_power(death: Option<Death>) -> bool {
    death.is_some_and(|death| death.kind == DeathKind::PowerLoss)
}

/// The story behind the losses: when they were acknowledged, who took over, and what else is gone.
#[must_use]
pub fn story(s: &Situation) -> String {
    let Some(worst) = s.losses.first() else { return String::new() };
    let mut lines = Vec::new();
    let (client, the_last, last) = if worst.count == 1 {
        ("The client was", "", "It")
    } else {
        ("The clients were", ", the last of them", "The last of them")
    };
    let Why { by, took, chosen, death, .. } = worst.why;
    if let (Some(death), Some(closest)) = (death, worst.closest) {
        let (closest, verb) = (span(closest), death.verb());
        lines.push(format!("{client} told “saved”{the_last} {closest} before {by} {verb}."));
    }
    if let Reason::TooLate { late } = worst.why.reason {
        let late = span(late);
        let last = last.to_ascii_lowercase();
        lines.push(format!(
            "{took} did not know that it was replaced; it took {last} {late} later."
        ));
    }
    let replaced = !matches!(
        worst.why.reason,
        Reason::TooLate { .. }
            | Reason::OwnLog
            | Reason::CutBack { .. }
            | Reason::OlderLeader { .. }
            | Reason::NeverWritten
            | Reason::NoReplica { .. }
            | Reason::Undeleted { .. }
    );
    let led = s
        .failover
        .filter(|_| replaced)
        .filter(|takeover| takeover.event == worst.why.promoted && takeover.old == by);
    if let Some(takeover) = led {
        let it = pronoun(worst.count);
        lines.push(match takeover.death {
            Some(death) => {
                let later = span(takeover.promoted.since(death.at));
                format!("{chosen} took over {later} later without {it}.")
            }
            None => format!("{chosen} has led since {} without {it}.", clock(takeover.promoted)),
        });
    }
    lines.extend(other_losses(s));
    lines.join(" ")
}

fn pronoun(count: u32) -> &'static str {
    if count == 1 { "it" } else { "them" }
}
