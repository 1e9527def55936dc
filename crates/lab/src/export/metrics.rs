//! Figures over time as CSV: one row for each stretch of the run, units in the names of the columns,
//! empty where nothing was measured: the lag of a node that is down, of a run too long to be looked
//! at twice.

use std::fmt::Write as _;

use crate::Lab;
use engine::base::{NodeId, SimTime, Span};
use engine::observe::metric::Latency;
use engine::observe::metric::lag::{self, Behind};
use engine::observe::{End, Fate, Recorder};
use engine::protocol::Shape;
use engine::protocol::facts::Extent;
use engine::world::{NodeStatus, WorldView};
use view::figures::decimals;

/// Rows at most; the stretches are as long as that takes.
pub const ROWS: u64 = 500;

/// Happenings that are played again to look at the nodes: a page should not stand still for long.
const HAPPENINGS: u32 = 3_000_000;

/// Lengths of a stretch, in milliseconds.
const LENGTHS: &[u64] =
    &[10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 600_000, 3_600_000];

/// The columns before those of the nodes.
const COLUMNS: &str = "from_ms,to_ms,writes_invoked,writes_acknowledged,writes_failed,writes_unknown,\
    writes_lost,reads_invoked,reads_answered,reads_failed,reads_unknown,write_p50_ms,write_p99_ms,\
    write_max_ms,read_p50_ms,read_p99_ms,read_max_ms";

/// One stretch.
#[derive(Clone, Default)]
struct Row {
    writes: Counts,
    reads: Counts,
    /// Acknowledged in this stretch, and gone by the playhead.
    lost: u32,
    /// By node: the most that it was behind the leader.
    behind: Vec<Option<Behind>>,
}

#[derive(Clone, Default)]
struct Counts {
    invoked: u32,
    answered: u32,
    failed: u32,
    unknown: u32,
    times: Vec<Span>,
}

/// The figures up to the playhead.
pub fn metrics(lab: &Lab) -> String {
    let run = lab.run();
    let nodes = run.view().nodes.count();
    let length = length(lab.now());
    let mut rows = rows(run.observer(), lab.now(), length, nodes.into());
    look(lab, &mut rows, length);
    let mut text = COLUMNS.to_owned();
    for node in 1..=u16::from(nodes) {
        let _ = write!(text, ",n{node}_behind_records,n{node}_unapplied_records");
    }
    text.push('\n');
    let mut from = 0;
    for row in rows {
        let to = (from + length * 1_000).min(lab.now().micros());
        line(&mut text, (from, to), row);
        from = to;
    }
    text
}

/// How long a stretch is, in milliseconds.
fn length(until: SimTime) -> u64 {
    let fits = |length: &&u64| until.micros().div_ceil(**length * 1_000) <= ROWS;
    let longest = until.micros().div_ceil(ROWS * 1_000);
    LENGTHS.iter().find(fits).copied().unwrap_or(longest)
}

fn rows(recorder: &Recorder, now: SimTime, length: u64, nodes: usize) -> Vec<Row> {
    let count = now.micros().div_ceil(length * 1_000).max(1);
    let empty = Row { behind: vec![None; nodes], ..Row::default() };
    let mut rows = vec![empty; usize::try_from(count).unwrap_or(1)];
    let last = rows.len() - 1;
    let place = |at: SimTime| {
        usize::try_from(at.micros() / (length * 1_000)).map_or(last, |place| place.min(last))
    };
    for (op, operation) in recorder.history().iter() {
        let writes = operation.is_write();
        rows[place(operation.invoked)].of(writes).invoked += 1;
        if operation.end == End::Pending {
            continue;
        }
        let row = &mut rows[place(operation.ended)];
        let lost = matches!(recorder.fate(op), Fate::Lost(_));
        row.lost += u32::from(lost);
        let counts = row.of(writes);
        match operation.end {
            End::Written { .. } | End::Value { .. } => {
                counts.answered += 1;
                counts.times.push(operation.ended.since(operation.invoked));
            }
            _ if operation.is_known() => counts.failed += 1,
            _ => counts.unknown += 1,
        }
    }
    rows
}

/// How far each node was behind at most in every stretch. The run keeps only the most of all, so it
/// is played again; nothing in it can tell. Rows beyond [`HAPPENINGS`] stay without these figures.
fn look(lab: &Lab, rows: &mut [Row], length: u64) {
    let mut again = lab.scenario().run();
    again.set_script(lab.run().script().clone());
    let (mut left, mut seen) = (HAPPENINGS, Vec::new());
    for (row, end) in rows.iter_mut().zip(1_u64..) {
        let end = SimTime::from_micros(end * length * 1_000).min(lab.now());
        row.look(&again.view(), &mut seen);
        while again.step(end) {
            if left == 0 {
                row.behind.fill(None);
                return;
            }
            left -= 1;
            row.look(&again.view(), &mut seen);
        }
    }
}

impl Row {
    fn look(&mut self, world: &WorldView<'_>, seen: &mut Vec<(NodeId, NodeStatus, Extent)>) {
        if world.shape == Shape::Store {
            return;
        }
        lag::each(world, seen, |node, behind| {
            // Nodes that are added later have no column before.
            if let Some(most) = self.behind.get_mut(node.index()) {
                *most = Some(most.unwrap_or_default().max(behind));
            }
        });
    }

    fn of(&mut self, writes: bool) -> &mut Counts {
        if writes { &mut self.writes } else { &mut self.reads }
    }
}

fn line(text: &mut String, (from, to): (u64, u64), row: Row) {
    let Row { writes, reads, lost, behind } = row;
    let _ = write!(text, "{},{}", millis(from), millis(to));
    for figure in [writes.invoked, writes.answered, writes.failed, writes.unknown, lost] {
        let _ = write!(text, ",{figure}");
    }
    for figure in [reads.invoked, reads.answered, reads.failed, reads.unknown] {
        let _ = write!(text, ",{figure}");
    }
    for times in [writes.times, reads.times] {
        let latency = Latency::of_times(times);
        for figure in [latency.p50, latency.p99, latency.max] {
            text.push(',');
            if latency.count > 0 {
                text.push_str(&millis(figure.micros()));
            }
        }
    }
    for figure in behind {
        match figure {
            Some(behind) => {
                let _ = write!(text, ",{},{}", behind.received, behind.applied);
            }
            None => text.push_str(",,"),
        }
    }
    text.push('\n');
}

/// Microseconds as milliseconds.
fn millis(micros: u64) -> String {
    decimals(Span::from_micros(micros).as_millis_f64(), 3)
}
