//! The report of a run as plain structs, named as readers of the JSON report know them. Times are
//! in milliseconds of simulated time; digests are 16 hexadecimal digits.
//!
//! Turning it into JSON or text is for those who print it.

mod build;

/// The report's own format number.
pub const FORMAT: u32 = 1;

/// Everything that a run came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// Version of the report's form.
    pub format: u32,
    /// Root of all randomness in the run.
    pub seed: u64,
    /// How far the run went.
    pub simulated_ms: f64,
    /// How many things happened.
    pub events: u32,
    /// Fingerprint of everything that happened, in order.
    pub digest: String,
    /// What became of the writes.
    pub writes: Writes,
    /// Acknowledged writes that are gone.
    pub lost: Vec<Lost>,
    /// Acknowledged writes that were dropped in favour of versions that had not seen them.
    pub overwritten: Vec<OverwrittenRow>,
    /// What became of the reads.
    pub reads: Reads,
    /// How fresh reads were so long after a write, where clients measured that.
    pub staleness: Vec<StalenessRow>,
    /// How long answers took.
    pub latency_ms: ByKind<LatencyMs>,
    /// Answered operations per simulated second.
    pub throughput_per_s: ByKind<f64>,
    /// Time in which somebody waited and nobody was served, in all outages. Ordinary waiting is none:
    /// what is shorter than the quickest answer and 250 ms together. Counted at
    /// the clients, from asking to being answered: a message's way to a node and one back longer than
    /// the time in which no node could have answered.
    pub unavailable_ms: ByKind<f64>,
    /// Who was taken for dead.
    pub suspicions: Vec<SuspicionRow>,
    /// Who followed whom as leader.
    pub failovers: Vec<FailoverRow>,
    /// Time in which two nodes accepted writes.
    pub split_brain_ms: f64,
    /// The most records of the leader's log that any running follower had not received at a time.
    pub max_lag: u32,
    /// The most that any had not applied: its readers did not see them.
    pub max_apply_lag: u32,
    /// Followers brought up to date.
    pub catch_ups: Vec<CatchUpRow>,
    /// Actions of the script that could not be done.
    pub refused: Vec<RefusedRow>,
    /// Which promises were kept.
    pub verdicts: Vec<VerdictRow>,
    /// The nodes at the end.
    pub replicas: Vec<Replica>,
}

/// One figure for writes and one for reads.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct ByKind<T> {
    /// Of writes.
    pub write: T,
    /// Of reads.
    pub read: T,
}

/// Counts of writes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Writes {
    /// Begun by clients.
    pub invoked: u32,
    /// Acknowledged, lost ones included.
    pub acknowledged: u32,
    /// Refused for good.
    pub failed: u32,
    /// Given up without an answer.
    pub unknown: u32,
    /// Acknowledged and gone.
    pub lost: u32,
    /// Acknowledged and dropped in favour of versions that had not seen them.
    pub overwritten: u32,
    /// Acknowledged, gone for a time, and there again.
    pub came_back: u32,
    /// Failed or unknown, and held by some node: they may come back.
    pub partial: u32,
}

/// Counts of reads.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Reads {
    /// Answered.
    pub total: u32,
    /// Answered with something older than a write that was acknowledged before the read began, also if
    /// that write was lost later.
    pub stale: u32,
    /// Answered without a write of the same client.
    pub own_writes_missing: u32,
    /// Answered with something older than the same client had seen.
    pub back_in_time: u32,
    /// Answered without a write that stands before one that the same client had seen.
    pub out_of_order: u32,
}

/// A lost write.
#[derive(Clone, PartialEq, Debug)]
pub struct Lost {
    /// The operation's number.
    pub operation: u32,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: u64,
    /// When its client was told that it is saved.
    pub acknowledged_ms: f64,
    /// The reason, in a sentence.
    pub why: String,
    /// What kind of reason it is: `arrived-late`, `never-sent`, …
    pub kind: &'static str,
    /// Numbers of the events that the reason tells, in order.
    pub events: Vec<u32>,
}

/// A write that was overwritten unseen.
#[derive(Clone, PartialEq, Debug)]
pub struct OverwrittenRow {
    /// The operation's number.
    pub operation: u32,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: u64,
    /// When its client was told that it is saved.
    pub acknowledged_ms: f64,
    /// The winner, by name.
    pub by: String,
    /// The reason, in a sentence.
    pub why: String,
    /// Numbers of the events that the reason tells: how the write was taken and acknowledged, and how
    /// the winner was taken.
    pub events: Vec<u32>,
}

/// How fresh reads were that began so long after the acknowledgement of a write.
#[derive(Clone, PartialEq, Debug)]
pub struct StalenessRow {
    /// So long after.
    pub t_ms: f64,
    /// Those that showed the write.
    pub fresh: u32,
    /// All that were answered.
    pub total: u32,
    /// The share of those that showed it.
    pub p_fresh: f64,
}

/// Percentiles; `None` if nothing was answered.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct LatencyMs {
    /// The median.
    pub p50: Option<f64>,
    /// 90 in 100.
    pub p90: Option<f64>,
    /// 99 in 100.
    pub p99: Option<f64>,
    /// 999 in 1,000.
    pub p999: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
}

/// A suspicion.
#[derive(Clone, PartialEq, Debug)]
pub struct SuspicionRow {
    /// When.
    pub at_ms: f64,
    /// Who was suspected.
    pub node: String,
    /// By whom.
    pub by: String,
    /// Whether it was really down.
    pub true_crash: bool,
    /// When it was heard from again, if it was.
    pub trusted_again_ms: Option<f64>,
}

/// A failover.
#[derive(Clone, PartialEq, Debug)]
pub struct FailoverRow {
    /// When the old leader crashed, lost power or was paused, if it did and was not back before
    /// anybody noticed.
    pub died_ms: Option<f64>,
    /// When it was first suspected in its reign, by whomever; none: by nobody. A node that alone does
    /// not hear it suspects it long before service stops, or without service ever stopping.
    pub suspected_ms: Option<f64>,
    /// When the old leader stopped leading by itself, because of what it heard or by order.
    pub stepped_down_ms: Option<f64>,
    /// When service of writes stopped, as the clients saw it: when the first of them asked that was
    /// not served, or when the last one was served while others waited. None if no client went
    /// without service for 250 ms around the promotion.
    pub service_stopped_ms: Option<f64>,
    /// When the new one began to lead.
    pub promoted_ms: f64,
    /// When a client was told again that its write is saved; none if none was yet.
    pub service_resumed_ms: Option<f64>,
    /// From service stopped to service resumed: at the client, so a message's way to a node and one
    /// back longer than at the nodes.
    pub time_to_recover_ms: Option<f64>,
    /// How the new one came to lead: `ordered`, `elected`, `chosen` by the first that noticed,
    /// `configured` by the service, `restarted`, or `untold` if no event tells.
    pub began: &'static str,
    /// Who led before.
    pub old: String,
    /// Who led then: the same one, if it was elected again.
    pub new: String,
    /// The new reign.
    pub epoch: u32,
    /// Numbers of the events that this is told from.
    pub events: Vec<u32>,
}

/// A catch-up.
#[derive(Clone, PartialEq, Debug)]
pub struct CatchUpRow {
    /// Who.
    pub node: String,
    /// `log`, `snapshot` or `copy-files`.
    pub method: &'static str,
    /// When it began.
    pub started_ms: f64,
    /// The snapshot's position.
    pub snapshot_position: Option<u32>,
    /// When it was done, if it was.
    pub caught_up_ms: Option<f64>,
    /// Bytes of the snapshot and of the records needed.
    pub bytes: u64,
}

/// An action that could not be done.
#[derive(Clone, PartialEq, Debug)]
pub struct RefusedRow {
    /// When.
    pub at_ms: f64,
    /// Its place in the script, counted from 0.
    pub line: u32,
    /// The node that it was for; none if there is no such node, or it was for a message.
    pub node: Option<String>,
    /// The reason, in a sentence.
    pub why: String,
    /// The event.
    pub event: u32,
}

/// A verdict.
#[derive(Clone, PartialEq, Debug)]
pub struct VerdictRow {
    /// The promise's stable name.
    pub promise: &'static str,
    /// `holds`, `broken`, `not exercised`.
    pub verdict: &'static str,
    /// The reason, in a sentence; none if it holds.
    pub why: Option<String>,
    /// The proof, if it is broken.
    pub witness: Option<WitnessRow>,
}

/// A proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WitnessRow {
    /// Numbers of events.
    pub events: Vec<u32>,
    /// Operations by name.
    pub operations: Vec<String>,
}

/// A node at the end.
#[derive(Clone, PartialEq, Debug)]
pub struct Replica {
    /// Which.
    pub node: String,
    /// What it is, in a word; none while its process does not run.
    pub role: Option<&'static str>,
    /// `up`, `paused`, `crashed`, `powered-off`.
    pub up: &'static str,
    /// The epoch that it believes in.
    pub epoch: Option<u32>,
    /// The log's end.
    pub last: Option<u32>,
    /// Durable up to here.
    pub flushed: Option<u32>,
    /// Committed up to here, as it believes.
    pub committed: Option<u32>,
    /// Applied up to here.
    pub applied: Option<u32>,
    /// Digest of its data.
    pub state_digest: Option<String>,
}
