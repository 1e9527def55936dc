//! The page's panels as plain values, and what can be done to a cluster.

use super::{Plain, Shapes, plain};
use engine::protocol::Card;
use engine::world::{Action, Scripted};
use scenario::{Json, Preset, action_json, scripted_json};
use view::End;

plain! {
    Sentence = view::Sentence { parts, why, reasons }
    Reason = view::Reason { kind, events }
    Stage = view::Stage { nodes, links, ring, clients, row, service, deed, adds }
    Deed = view::Deed { label, action, breaks }
    NodeCard = view::NodeCard {
        node, name, word, look, epoch, cells, positions, remark, ring, suspicion, tree, snapshot,
        pages, synchronous, awaited, offers
    }
    PageView = view::PageView { name, label, at, age }
    Cell = view::Cell { position, look, op, text }
    Positions = view::Positions { last, flushed, committed, applied, base }
    Countdown = view::Ring { armed_ms, fires_ms, word, fired_ms; without accrual }
    HashTree = view::HashTree { with, levels, text }
    KeyRing = view::KeyRing { arcs, text }
    LinkView = view::LinkView { a, b, cut_ab, cut_ba, disturbed, text }
    ClientFace = view::ClientFace { client, name, talks_to, told, brief, tone }
    Offer = view::Offer { label, help, key, action, breaks }
    Chip = view::Chip { id, from, to, sent_ms, arrives_ms, look, label }
    Ledger = view::Ledger { tally, rows, more_lost }
    Tally = view::Tally { acknowledged, lost, overwritten, waiting, unknown, failed, blocked_ms }
    LedgerRow = view::LedgerRow { op, what, fate, tone, at_ms, why, reason }
    Verdict = view::VerdictView { id, promise, word, tone, why, witness, bars }
    Bars = view::Bars { title, from_ms, to_ms, lanes, bars, faults, left_out }
    Bar = view::Bar { lane, from_ms, to_ms, label, writes, open, part, op, text }
    Inspector = view::Inspector { title, rows, causes, reason, offers }
    CauseStep = view::CauseStep { at_ms, text, event }
    LogLine = view::LogLine { at_ms, text, event, tone }
    ProtocolEntry = Card {
        id, title, sentence, source; without data, promises, service, red, adds, promotes
    }
    ScenarioEntry = Preset { name, title, about, protocol; without text }
}

plain! {
    Tone = view::Tone: Plain | Leader | Write | Good | Wait | Lost | Faint;
    NodeLook = view::NodeLook: Leader | Follower | Candidate | CatchingUp | Stranded | Tail | Outside
        | Service | Paused | Crashed | PoweredOff;
    CellLook = view::CellLook: Committed | Replicating | Waiting | Lost | Parted | EpochMark;
    ChipLook = view::ChipLook: Write | Good | Refused | Read | Beat | Election | Copy;
    BarPart = view::Part: Bad | Named | Other;
}

/// A name: `n1`, `c2`.
impl Plain for End {
    fn plain(&self) -> Json {
        Json::Text(match self {
            Self::Node(node) => format!("n{}", node + 1),
            Self::Client(client) => format!("c{}", client + 1),
        })
    }

    fn kind() -> String {
        "string".to_owned()
    }

    fn declare(_: &mut Shapes) {}
}

/// As a line of a script without its time.
impl Plain for Action {
    fn plain(&self) -> Json {
        action_json(self)
    }

    fn kind() -> String {
        "Action".to_owned()
    }

    fn declare(_: &mut Shapes) {}
}

/// As a line of a script.
impl Plain for Scripted {
    fn plain(&self) -> Json {
        scripted_json(self)
    }

    fn kind() -> String {
        "ScriptLine".to_owned()
    }

    fn declare(_: &mut Shapes) {}
}
