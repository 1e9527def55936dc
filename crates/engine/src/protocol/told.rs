//! Effects as the step tests of protocols compare them: one line each. Nothing but tests calls it.

use super::parts::frame::{self, Frame};
use super::{Effect, Protocol, Records};

/// An effect in a line.
#[must_use]
pub fn tell<P: Protocol>(effect: &Effect<P>, records: &Records) -> String {
    let line = match effect {
        Effect::Send { to, message } => format!("{to:?} <- {message:?}"),
        Effect::SetTimer { timer, from, to } if from == to => format!("set {timer:?} {from:?}"),
        Effect::SetTimer { timer, from, to } => format!("set {timer:?} {from:?} to {to:?}"),
        Effect::CancelTimer(timer) => format!("cancel {timer:?}"),
        Effect::Write(frame) => match frame::read(records.bytes(*frame)) {
            Ok(Frame::Record(record)) => format!("write record {:?}", record.position),
            Ok(Frame::Epoch(reign)) => format!("write {reign:?}"),
            Ok(Frame::Rewind(to)) => format!("write rewind to {to:?}"),
            Ok(Frame::Snapshot(_)) => "write snapshot".to_owned(),
            Ok(Frame::Members { .. }) => "write members".to_owned(),
            Ok(other) => format!("write {other:?}"),
            Err(torn) => format!("write {torn:?}"),
        },
        Effect::StopApplying => "stop applying".to_owned(),
        Effect::Apply { position, .. } => format!("apply {position:?}"),
        Effect::Flush(mark) => format!("flush {mark:?}"),
        Effect::Discard { keep } => format!("discard all but {keep}"),
        Effect::Reply { id, outcome } => {
            format!("reply to {:?}/{}: {outcome:?}", id.op, id.attempt)
        }
        Effect::Direct(directions) => format!("direct {directions:?}"),
        Effect::Note(note) => format!("note {note:?}"),
    };
    shorten(&line)
}

/// Takes the wrappers off numbers: `NodeId(0)` is n1, `Span(500000)` is 500ms.
fn shorten(line: &str) -> String {
    let mut short = line.replace(": false", ": no").replace(": true", ": yes");
    for name in
        ["NodeId", "Position", "Epoch", "OpId", "RecordRef", "Span", "SimTime", "ClientId", "Key"]
    {
        let open = format!("{name}(");
        while let Some(start) = short.find(&open) {
            let from = start + open.len();
            let Some(end) = short[from..].find(')').map(|length| from + length) else { break };
            let Ok(number) = short[from..end].parse::<u64>() else { break };
            let told = match name {
                "NodeId" => format!("n{}", number + 1),
                "RecordRef" => format!("r{number}"),
                "Span" | "SimTime" if number == u64::MAX => "never".to_owned(),
                "Span" | "SimTime" => format!("{}ms", number as f64 / 1_000.0),
                _ => number.to_string(),
            };
            short.replace_range(start..=end, &told);
        }
    }
    short
}
