//! Every word of the page that does not come from a view: one place, so that it can be translated.

pub mod editor;
mod share;

pub use share::*;
use view::number::clock_ms;
pub use view::words::cards::*;
use view::{Chip, ChipLook, ClientFace, End, LinkView, Tally};

/// The name, in two parts.
pub const NAME_FIRST: &str = "Replic";
/// Its second part.
pub const NAME_REST: &str = "arium";
/// Jumps over the bar.
pub const SKIP_LINK: &str = "Skip to the cluster";
/// The bar.
pub const SCENARIO: &str = "Scenario";
/// From a frame to the full page.
pub const OPEN_PAGE: &str = "Open in Replicarium ↗";
/// The seed of the run.
pub const SEED: &str = "Seed";
/// Opens the share sheet.
pub const SHARE: &str = "Share";
/// Light or dark.
pub const THEME: &str = "Light or dark";
/// The list of keys.
pub const KEYS: &str = "Keys";
/// Replays.
pub const REPLAY: &str = "Replay from the start";
/// Does not.
pub const KEEP: &str = "Keep this run";
/// The offer to replay.
#[must_use]
pub fn replay_offer(label: &str, value: &str) -> String {
    format!("{label}: {value}. Replay the same seed and the same faults?")
}
/// A switch in a word.
#[must_use]
pub fn on_or_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The stage.
pub const STAGE: &str = "Stage: the cluster now";
/// How to use it.
pub const STAGE_HELP: &str =
    "Nodes, links and messages in flight. Arrow keys walk, Enter opens what can be done.";
/// What can be done.
pub const ACTIONS: &str = "What can be done";
/// Nothing can be done.
pub const NOTHING_TO_DO: &str = "Too late: it is gone.";
/// Where to click.
pub const HINT: &str = "click a node, a link or a message ";
/// The keys, on a button.
pub const KEYS_BUTTON: &str = "? keys";

/// One direction of a link.
#[must_use]
pub fn way_title(from: u8, to: u8, cut: bool) -> String {
    let (from, to) = (node_name(from), node_name(to));
    if cut {
        format!("{from} to {to} is cut: click to mend")
    } else {
        format!("click to cut the way from {from} to {to}")
    }
}
/// A link for those who hear it.
#[must_use]
pub fn link_label(link: &LinkView) -> String {
    format!("{}. Menu", link.text)
}
/// A client for those who hear it.
#[must_use]
pub fn client_label(client: &ClientFace) -> String {
    format!("{} asks {}: {}", client.name, node_name(client.talks_to), client.told)
}
/// A message for those who hear it.
#[must_use]
pub fn chip_label(chip: &Chip) -> String {
    let what = match chip.look {
        ChipLook::Write => "write",
        ChipLook::Good => "confirmation",
        ChipLook::Refused => "refusal",
        ChipLook::Read => "read",
        ChipLook::Beat => "heartbeat",
        ChipLook::Election => "election",
        ChipLook::Copy => "copy",
    };
    format!("message {what} {} from {} to {}", chip.label, end(chip.from), end(chip.to))
}
fn end(end: End) -> String {
    match end {
        End::Node(node) => node_name(node),
        End::Client(client) => format!("c{}", u32::from(client) + 1),
    }
}
/// The ledger.
pub const LEDGER: &str = "Ledger";
/// What it says.
pub const LEDGER_SAYS: &str = "what every client was told";
/// Its rows.
pub const WRITES: &str = "Writes, newest first";
/// No rows.
pub const NO_WRITES: &str = "No client has asked for anything yet.";
/// A count.
pub const ACKNOWLEDGED: &str = "acknowledged";
/// A count.
pub const LOST: &str = "lost";
/// A count.
pub const OVERWRITTEN: &str = "overwritten";
/// A count.
pub const WAITING: &str = "waiting";
/// A count.
pub const UNKNOWN: &str = "unknown";
/// A length of time.
pub const BLOCKED: &str = "blocked";
/// Rows that are not shown.
#[must_use]
pub fn more_lost(count: u32, tally: &Tally) -> String {
    let word = match (tally.lost, tally.overwritten) {
        (_, 0) => "lost",
        (0, _) => "overwritten",
        _ => "lost or overwritten",
    };
    format!("and {} more {word}", view::number::count(count.into()))
}

/// The inspector.
pub const INSPECTOR: &str = "Inspector";
/// What it says.
pub const INSPECTOR_SAYS: &str = "what it is, and why";
/// Nothing is selected.
pub const NOTHING_SELECTED: &str =
    "Select a node, a message or a write to see what it is and what caused it.";
/// The chain of causes.
pub const WHY: &str = "Why";
/// Its label.
pub const CAUSES: &str = "Causes, the latest first";
/// What a cause does when clicked.
pub const SEEK_HERE: &str = "Go to this moment";

/// The verdicts.
pub const VERDICTS: &str = "Promises";
/// What they say.
pub const VERDICTS_SAY: &str = "checked against what clients saw";
/// Promises that nothing put to the test.
#[must_use]
pub fn untested(count: usize) -> String {
    match count {
        1 => "1 that nothing put to the test".to_owned(),
        _ => format!("{count} that nothing put to the test"),
    }
}
/// What the scenario's script would have done, had the reader not begun to act.
#[must_use]
pub fn script_left_out(lines: &[(f64, String)]) -> String {
    let line = |(at_ms, what): &(f64, String)| format!("{what} at {}", clock_ms(*at_ms));
    let shown: Vec<String> = lines.iter().take(LEFT_OUT).map(line).collect();
    let more = match lines.len().saturating_sub(LEFT_OUT) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("You act, so the scenario's own script is left out: {}{more}.", shown.join(", "))
}
/// Lines of a script that are named when it is left out.
const LEFT_OUT: usize = 3;
/// Lets the script happen all the same.
pub const KEEP_SCRIPT: &str = "Let that happen too";
/// At the end of a run.
#[must_use]
pub fn go_on(by_ms: f64) -> String {
    format!("Go on for {} s", crate::ui::figures::decimals(by_ms / 1_000.0, 0))
}

/// Leads to a witness.
pub const SEE_WITNESS: &str = "see the moment";

/// The knobs.
pub const KNOBS: &str = "Other settings";
/// What they say.
pub const KNOBS_SAY: &str = "failover, retention, …";

/// The log.
pub const LOG: &str = "The run in words";
/// What it says.
pub const LOG_SAYS: &str = "every change of state";
/// No lines.
pub const NOTHING_YET: &str = "Nothing worth a line has happened yet.";

/// The timeline.
pub const TIMELINE: &str = "Timeline";
/// The diagram for those who hear it.
pub const DIAGRAM: &str = "Space-time diagram of the last moments; the run in words tells the same";
/// The whole run.
pub const SCRUBBER: &str = "Time in the run";
/// Pace.
pub const PACE: &str = "Pace";
/// Buttons of the pace.
pub const PLAY: &str = "Play";
/// Stops.
pub const PAUSE: &str = "Pause";
/// To the next event.
pub const STEP: &str = "Step to the next event";
/// To the one before.
pub const STEP_BACK: &str = "Step back";
/// To the start.
pub const TO_START: &str = "To the start";
/// Slower.
pub const SLOWER: &str = "Slower";
/// Faster.
pub const FASTER: &str = "Faster";
/// Finds the pace itself.
pub const AUTOMATIC: &str = "automatic";
/// What that means.
pub const AUTOMATIC_HELP: &str = "Slow where messages matter, quick through idle stretches";
/// Zooms.
pub const CLOSER: &str = "Closer";
/// Zooms out.
pub const WIDER: &str = "Wider";
/// Follows the pace.
pub const FOLLOW_PACE: &str = "Follow the pace";
/// The row below the timeline.
pub const BRANCHES: &str = "Zoom and futures";
/// A future: when it began, and what began it.
#[must_use]
pub fn branch(from_ms: Option<f64>, done: Option<String>) -> String {
    match (from_ms, done) {
        (None, _) => "the first".to_owned(),
        (Some(from_ms), None) => format!("from {}", clock_ms(from_ms)),
        (Some(from_ms), Some(done)) => format!("from {}: {done}", clock_ms(from_ms)),
    }
}
/// The list of futures.
pub const FUTURES: &str = "Futures:";
/// What the timeline is for.
pub const REWIND_HINT: &str = "Drag to rewind; act in the past, and a new future begins.";

/// Closes.
pub const CLOSE: &str = "Close";
/// Single keys.
pub const SINGLE_KEYS: &str = "Single keys work";
/// Where a mistake is.
pub const WHERE: &str = "where";
/// How to mend it.
pub const FIX: &str = "fix";
/// Leaves a mistake behind.
pub const GO_ON: &str = "Go on with the run as it was";
/// What a seed is.
pub const SEED_IS: &str = "a whole number below 4,294,967,296";
/// A run of a document without a title.
pub const UNTITLED: &str = "(no title)";
