//! Only one leader accepts writes: stretches in which nodes took requests that were answered with
//! "saved".

use std::collections::BTreeMap;

use super::plain::{History, Judgement, Rule};

/// From the first to the last request that a node took, without a death, a pause or a newer epoch.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: u32,
    last: u32,
}

pub fn judge(history: &History, rule: Rule) -> Judgement {
    if rule != Rule::Log {
        return Judgement::NotExercised;
    }
    // Where each sending of a request was taken; and since when the node has it.
    let mut taken: BTreeMap<(u32, u32), &str> = BTreeMap::new();
    let mut since: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let mut stops: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut accepted: Vec<(&str, u32, u32)> = Vec::new();
    for mark in &history.marks {
        let (line, node) = (mark.at.line, mark.whom.as_str());
        match mark.what.as_str() {
            "pause" => stops.entry(node).or_default().push(line),
            "crash" | "power-off" | "leads" | "steps-down" => {
                if matches!(mark.what.as_str(), "crash" | "power-off") {
                    stops.entry(node).or_default().push(line);
                }
                // It answers nothing of what it was asked before.
                since.retain(|(_, known), _| *known != node);
            }
            "taken" => {
                taken.insert((mark.operation, mark.attempt), node);
                since.entry((mark.operation, node)).or_insert(line);
            }
            "answered" if mark.refused => {
                since.remove(&(mark.operation, node));
            }
            "answered" => {
                let key = (mark.operation, mark.attempt);
                let Some(node) = taken.get(&key).copied() else { continue };
                let Some(first) = since.get(&(mark.operation, node)).copied() else { continue };
                accepted.push((node, mark.epoch, first));
            }
            _ => {}
        }
    }
    // A newer epoch in an answer begins another stretch; an older one tells of a write of before.
    let mut stretches: BTreeMap<(&str, usize), Vec<(u32, Stretch)>> = BTreeMap::new();
    for (node, epoch, line) in accepted {
        let lives = stops.get(node).map_or(0, |stops| stops.partition_point(|stop| *stop < line));
        let of_life = stretches.entry((node, lives)).or_default();
        if of_life.last().is_none_or(|(newest, _)| epoch > *newest) {
            of_life.push((epoch, Stretch { first: line, last: line }));
        }
        if let Some((_, stretch)) = of_life.last_mut() {
            stretch.first = stretch.first.min(line);
            stretch.last = stretch.last.max(line);
        }
    }
    let each =
        stretches.iter().flat_map(|((node, _), all)| all.iter().map(move |(_, s)| (node, s)));
    let all: Vec<_> = each.collect();
    for (at, (one, a)) in all.iter().enumerate() {
        for (other, b) in &all[at + 1..] {
            if one != other && a.first <= b.last && b.first <= a.last {
                let (from, to) = (a.first.max(b.first), a.last.min(b.last));
                return Judgement::Broken(format!("{one} and {other}, lines {from} to {to}"));
            }
        }
    }
    if all.is_empty() { Judgement::NotExercised } else { Judgement::Holds }
}
