//! What lies along the axis of time, as plain values: diagrams, events, operations.

use super::plain;

plain! {
    TraceEvent = view::TraceLine { event, at_ms, cause, sort, from, to, operation, text }
    Operation = view::OperationLine {
        operation, client, sort, key, value, invoked_ms, ended_ms, outcome, attempts, node, text
    }
    Timeline = view::Timeline { from_ms, to_ms, lanes, lines, marks, bands, forgotten, one_in }
    TimeLine = view::TimeLine { from, to, sent_ms, end_ms, look, lost, event }
    TimeMark = view::TimeMark { lane, at_ms, tone, shape, label, major, event }
    TimeBand = view::TimeBand { lane, from_ms, to_ms, tone, label }
    Overview = view::Overview { known_ms, until_ms, marks }
}

plain! {
    MarkShape = view::MarkShape: Cross | Bar | Crown | Dot;
    OperationSort = view::OperationSort: Write | Read | Transfer | Cas;
    Outcome = view::OperationEnd: Pending | Ok | Refused | Unknown;
}
