//! What is said of a row of nodes, in every situation.

use super::*;
use crate::golden;
use engine::base::{Epoch, EventId};
use engine::observe::ledger::{Death, DeathKind};

const N: [NodeId; 4] = [NodeId(0), NodeId(1), NodeId(2), NodeId(3)];

fn well() -> Situation {
    Situation {
        now: SimTime::from_millis(9_000),
        writes: WriteCounts { invoked: 216, acknowledged: 214, ..WriteCounts::default() },
        lost_because: None,
        row: N[..3].to_vec(),
        missing: Vec::new(),
        unsure: Vec::new(),
        service: Some((N[3], NodeStatus::Up)),
        outside: Vec::new(),
        joining: None,
        repair: None,
        taken_out: None,
        stories: Vec::new(),
        unserved: (None, None),
        outages: None,
    }
}

fn policy(reads: Reads) -> Row {
    let passes = if reads == Reads::First { Passes::Parallel } else { Passes::OneByOne };
    Row { passes, reads, silence: Span::from_millis(1_500), fencing: true }
}

fn without(place: usize) -> Situation {
    let waits = Some(Span::from_millis(700));
    let missing = vec![(N[place], NodeStatus::PoweredOff)];
    let mut s = Situation { missing, unserved: (waits, waits), ..well() };
    s.writes.invoked = 226;
    s
}

#[test]
fn a_row_is_told_in_every_situation() {
    let mut book = String::new();
    let mut tell = |title: &str, s: &Situation, policy: &Row| {
        let Sentence { parts, why, .. } = super::tell(s, policy);
        let large: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
        book += &format!("## {title}\n{}\n{why}\n\n", large.join(" "));
    };
    let chain = policy(Reads::Last);
    tell("chain", &well(), &chain);
    tell("craq", &well(), &policy(Reads::Checked));
    tell("primary/backup", &well(), &policy(Reads::First));
    tell("weak", &well(), &policy(Reads::Unchecked));
    tell("one left", &Situation { row: vec![N[1]], ..well() }, &chain);
    tell("head gone", &without(0), &chain);
    tell("middle gone", &without(1), &chain);
    tell("tail gone", &without(2), &chain);
    tell("primary gone", &without(0), &policy(Reads::First));
    tell("backup gone", &without(2), &policy(Reads::First));
    let down = Some((N[3], NodeStatus::Crashed));
    tell("service gone", &Situation { service: down, ..well() }, &chain);
    let unsure = Situation { service: down, unsure: N[..3].to_vec(), ..well() };
    tell("service gone for long", &unsure, &chain);
    tell("head gone, service too", &Situation { service: down, ..without(0) }, &chain);
    let at = SimTime::from_millis(7_300);
    let (died, event) = (SimTime::from_millis(6_000), EventId(7));
    let kind = DeathKind::PowerLoss;
    let death = Some(Death { kind, at: died, event, before: None });
    let (node, epoch, event) = (N[0], Epoch(2), EventId(9));
    let repair =
        Repair { at, node, added: false, epoch, death, unsure: None, ordered: None, event };
    let row = N[1..3].to_vec();
    let repaired = Situation { row: row.clone(), repair: Some(repair), ..well() };
    tell("repaired", &repaired, &chain);
    let heard = Repair { death: None, ..repair };
    let outside = vec![N[0]];
    let left = Situation { repair: Some(heard), outside, ..repaired.clone() };
    tell("left out alive", &left, &chain);
    let joining = Some((N[0], Some((20_000, 36_000))));
    tell("a node joins", &Situation { row, joining, ..well() }, &chain);
    let added = Repair { added: true, ..heard };
    tell("a node joined", &Situation { repair: Some(added), ..well() }, &chain);
    let taken_out = Some(Repair { unsure: Some(SimTime::from_millis(7_290)), ..heard });
    let back = Repair { at: SimTime::from_millis(8_400), ..added };
    tell("it is back", &Situation { repair: Some(back), taken_out, ..well() }, &chain);
    golden::check("sentence-row", &book);
}
