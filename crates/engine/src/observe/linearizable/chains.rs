//! A verdict that needs no search, for keys whose texts say how they came about.
//!
//! Where pieces differ, a text that was read is one put (or the beginning) and the pieces appended since, in
//! their order: no other write can stand between them. Put, pieces and reads so form a block that stays
//! together and whose order is fixed; what nobody saw is a block of its own. Between two blocks only this
//! matters: one cannot come later if one of its operations was answered before one of the other's was called.
//! So blocks are to each other what the writes of a register are, each with its reads, and an order exists
//! exactly if no two of them must each come before the other (Gibbons and Korach, "Testing shared memories",
//! 1997).
//!
//! A text that can have come about in several ways says nothing here; what the others say still refutes.

use super::plan::number_of;
use super::search::Found;
use super::split::{Pieces, Split};
use super::{Action, Limit, Operation, Texts};
use crate::base::sort_by_key;

/// What stays together. Places in the history are counted from 0; the beginning is -1.
#[derive(Default)]
struct Block {
    /// Operations with their rank within the block: reads of one text have the same.
    members: Vec<(u32, u32)>,
    first_answer: i64,
    last_call: i64,
}

const NEVER: i64 = i64::MAX;
const NOTHING: Found = Found::Nothing { furthest: Vec::new(), answered: 0 };

/// Looks for an order without a search; `None`: the texts do not say enough, or nothing is appended.
pub fn judge(
    operations: &[Operation],
    initial: u64,
    texts: &dyn Texts,
    most_steps: u64,
    steps: &mut u64,
) -> Option<Found> {
    if !operations.iter().any(|op| matches!(op.action, Action::Append(_))) {
        return None;
    }
    let mut blocks = match chained(operations, initial, texts, most_steps, steps)? {
        Chained::Blocks(blocks) => blocks,
        Chained::GaveUp => return Some(Found::GaveUp(Limit::Steps)),
        Chained::Nothing => return Some(NOTHING),
        Chained::Unclear(blocks) => return order(operations, blocks).is_none().then_some(NOTHING),
    };
    *steps += blocks.len() as u64;
    blocks.retain(|block| !block.members.is_empty());
    Some(order(operations, blocks).map_or(NOTHING, Found::Order))
}

enum Chained {
    /// All operations that need a place.
    Blocks(Vec<Block>),
    /// Those whose place is known; some text can have come about in several ways.
    Unclear(Vec<Block>),
    Nothing,
    GaveUp,
}

/// Who writes on a key, by kind.
struct Writers {
    puts: Vec<u32>,
    appends: Vec<u32>,
}

fn chained(
    operations: &[Operation],
    initial: u64,
    texts: &dyn Texts,
    most_steps: u64,
    steps: &mut u64,
) -> Option<Chained> {
    let (mut writers, mut reads) = (Writers { puts: Vec::new(), appends: Vec::new() }, Vec::new());
    let (mut starts, mut pieces) = (vec![texts.given(initial)?], Vec::new());
    for (place, operation) in (0..).zip(operations) {
        match operation.action {
            Action::Write(text) => {
                starts.push(texts.given(text)?);
                writers.puts.push(place);
            }
            Action::Append(piece) => {
                pieces.push(texts.given(piece)?);
                writers.appends.push(place);
            }
            Action::Read(text) if operation.answer.is_some() => {
                reads.push((place, texts.given(text)?));
            }
            Action::Read(_) => {}
            Action::Swap { .. } => return None,
        }
    }
    let pieces = Pieces::new(pieces.into_iter())?;
    let (mut chains, mut unclear) = (vec![Vec::new(); starts.len()], false);
    let mut seen: Vec<(u32, u32, u32)> = Vec::with_capacity(reads.len());
    for (place, text) in reads {
        match pieces.split(text, &starts, steps) {
            Split::Never => return Some(Chained::Nothing),
            Split::Ambiguous => unclear = true,
            Split::Once { start, pieces } => {
                let chain: &mut Vec<u32> = &mut chains[start as usize];
                let shared = chain.len().min(pieces.len());
                if chain[..shared] != pieces[..shared] {
                    return Some(Chained::Nothing);
                }
                seen.push((place, start, number_of(2 * pieces.len() + 1)));
                chain.extend_from_slice(&pieces[shared..]);
            }
        }
        if *steps > most_steps {
            return Some(Chained::GaveUp);
        }
    }
    let Some(blocks) = blocks(operations, &writers, &chains, &seen) else {
        return Some(Chained::Nothing);
    };
    Some(if unclear { Chained::Unclear(blocks) } else { Chained::Blocks(blocks) })
}

/// The blocks; `None` if a piece stands after two starts.
fn blocks(
    operations: &[Operation],
    writers: &Writers,
    chains: &[Vec<u32>],
    seen: &[(u32, u32, u32)],
) -> Option<Vec<Block>> {
    let mut blocks: Vec<Block> = chains.iter().map(|_| Block::default()).collect();
    let mut placed = vec![false; writers.appends.len()];
    for (block, chain) in blocks.iter_mut().zip(chains) {
        for (piece, rank) in chain.iter().zip((2..).step_by(2)) {
            if core::mem::replace(&mut placed[*piece as usize], true) {
                return None;
            }
            block.members.push((rank, writers.appends[*piece as usize]));
        }
    }
    for (place, start, rank) in seen {
        blocks[*start as usize].members.push((*rank, *place));
    }
    let answered = |place: u32| operations[place as usize].answer.is_some();
    for (block, put) in blocks.iter_mut().skip(1).zip(&writers.puts) {
        // What nobody was told of and nobody saw need not have happened.
        if answered(*put) || !block.members.is_empty() {
            block.members.push((0, *put));
        }
    }
    for (append, placed) in writers.appends.iter().zip(placed) {
        if !placed && answered(*append) {
            blocks.push(Block { members: vec![(0, *append)], ..Block::default() });
        }
    }
    for (number, block) in blocks.iter_mut().enumerate() {
        let ops = block.members.iter().map(|(_, place)| operations[*place as usize]);
        let begins = if number == 0 { -1 } else { NEVER };
        let answers = ops.clone().filter_map(|op| op.answer).map(i64::from);
        block.first_answer = answers.fold(begins, i64::min);
        block.last_call = ops.map(|op| i64::from(op.call)).fold(-1, i64::max);
    }
    Some(blocks)
}

/// An order of the blocks and within them; `None` if there is none. If one block must come before another,
/// it comes first by the earlier of its first answer and its last call, or there is no order.
fn order(operations: &[Operation], mut blocks: Vec<Block>) -> Option<Vec<u32>> {
    sort_by_key(&mut blocks, |block| block.first_answer.min(block.last_call));
    let (mut order, mut last_call) = (Vec::new(), i64::MIN);
    for mut block in blocks {
        if block.members.is_empty() {
            continue;
        }
        if block.first_answer < last_call {
            return None;
        }
        last_call = last_call.max(block.last_call);
        let called = |place: u32| operations[place as usize].call;
        sort_by_key(&mut block.members, |(rank, place)| (*rank, called(*place)));
        let (mut before, mut latest, mut rank) = (0, 0, 0);
        for member in &block.members {
            let operation = &operations[member.1 as usize];
            if member.0 != rank {
                (before, rank) = (latest, member.0);
            }
            if operation.answer.is_some_and(|answer| answer < before) {
                return None;
            }
            latest = latest.max(operation.call);
            order.push(member.1);
        }
    }
    Some(order)
}
