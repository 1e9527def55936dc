//! Plays one conversation and writes down what happened.

use replicarium::engine::base::EventId;
use replicarium::engine::observe::Milestones;
use replicarium::engine::protocol::{MessageKind, Note, Outcome};
use replicarium::engine::world::{Event, FAULTS, What};
use replicarium::scenario::{Json, action_of};

use crate::support::cluster::Cluster;
use crate::support::tell;

/// Simulated time within which what is waited for must happen.
const BUDGET_MS: u64 = 120_000;

/// The whole text again, with the transcript as it is now.
pub fn play(name: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let script = lines.iter().position(|line| line.starts_with("> ")).expect("a script");
    let head = &lines[..script];
    // The head ends with the document; what stands between it and the script is transcript.
    let end = head.iter().rposition(|line| line.ends_with('}')).expect("a document") + 1;
    let start = head.iter().position(|line| line.starts_with('{')).expect("a document");
    let mut t = Cluster::scenario(&head[start..end].join("\n"));
    let mut out: Vec<String> = head[..end].iter().map(|line| (*line).to_owned()).collect();
    let mut told = EventId(1);
    for command in lines.iter().filter_map(|line| line.strip_prefix("> ")) {
        out.push(format!("> {command}"));
        perform(&mut t, name, command);
        let trace = t.run().observer().trace();
        let events: Vec<Event> = trace.from_event(told).collect();
        told = EventId(trace.len() + 1);
        out.extend(events.iter().filter(|e| is_told(&e.what)).map(|e| line(&t, e)));
        match command {
            "nodes" => out.extend(tell::nodes(t.run()).lines().map(str::to_owned)),
            "ledger" => out.extend(ledger(&t)),
            _ => {}
        }
    }
    out.join("\n") + "\n"
}

fn perform(t: &mut Cluster, name: &str, command: &str) {
    let mut words = command.split_whitespace();
    match (words.next(), words.next()) {
        (Some("nodes" | "ledger"), None) => {}
        (Some("wait"), Some(millis)) => {
            t.wait(millis.parse().expect("milliseconds"));
        }
        (Some("until"), Some(sort)) => until(t, sort),
        (Some(_), _) => {
            let json = action_json(command);
            let nodes = t.run().view().nodes.count();
            let action = action_of(&json, nodes, FAULTS).unwrap_or_else(|problems| {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                panic!("{name}: {command}\n{}", problems.join("\n"))
            });
            t.act(action);
        }
        (None, _) => panic!("{name}: an empty command"),
    }
}

/// `cut from=n1 to=n2 both=true`, `crash leader`: an action as it stands in logs.
fn action_json(command: &str) -> Json {
    let mut words = command.split_whitespace();
    let what = words.next().expect("an action");
    let mut fields = vec![("do".to_owned(), Json::text(what))];
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or(("node", word));
        let value = match (value, value.parse::<f64>()) {
            ("true" | "false", _) => Json::Bool(value == "true"),
            (_, Ok(number)) => Json::Number(number),
            _ => Json::text(value),
        };
        fields.push((name.to_owned(), value));
    }
    Json::Object(fields)
}

/// Lets things happen until something of this sort does.
fn until(t: &mut Cluster, sort: &str) {
    let before = t.run().observer().trace().len();
    t.until(BUDGET_MS, sort, |t| {
        let newest = t.run().observer().trace().newest();
        newest.is_some_and(|event| event.id.0 > before)
            && t.run().observer().trace().from_event(EventId(before + 1)).any(|e| is(sort, &e.what))
    });
}

fn is(sort: &str, what: &What) -> bool {
    match (sort, what) {
        ("told", What::Told { ends, .. }) => *ends,
        ("unknown", What::TimedOut { gave_up, .. }) => *gave_up,
        ("timed-out", What::TimedOut { .. }) => true,
        ("applied", What::Applied { .. }) => true,
        ("acknowledged", What::Told { outcome: Outcome::Written { .. }, .. }) => true,
        ("shipped", What::Sent { message, .. }) => message.kind.carries_records(),
        (_, What::Noted { note, .. }) => is_note(sort, note),
        _ => false,
    }
}

fn is_note(sort: &str, note: &Note) -> bool {
    match sort {
        "appended" => matches!(note, Note::Appended { .. }),
        "suspected" => matches!(note, Note::Suspected { .. }),
        "asked-first" => matches!(note, Note::AskedForPreVotes { .. }),
        "asked-for-votes" => matches!(note, Note::AskedForVotes { .. }),
        "follows" => matches!(note, Note::Follows { .. }),
        "trusted-again" => matches!(note, Note::TrustedAgain { .. }),
        "promoted" => matches!(note, Note::Promoted { .. }),
        "stepped-down" => matches!(note, Note::SteppedDown { .. }),
        "rewound" => matches!(note, Note::Rewound { .. }),
        "stranded" => matches!(note, Note::Stranded { .. }),
        "gave-up" => matches!(note, Note::GaveUp { .. }),
        "degraded" => matches!(note, Note::Degraded { .. }),
        "rearmed" => matches!(note, Note::Rearmed),
        "caught-up" => matches!(note, Note::CaughtUp { .. }),
        "truncated-meanwhile" => matches!(note, Note::LogTruncatedMeanwhile { .. }),
        "opened" => matches!(note, Note::FilesOpened { .. }),
        "installed" => matches!(note, Note::SnapshotInstalled { .. }),
        "left-out" => matches!(note, Note::LeftOut { .. }),
        "taken-in" => matches!(note, Note::TakenIn { .. }),
        "head" => matches!(note, Note::BecameHead { .. }),
        "tail" => matches!(note, Note::BecameTail { .. }),
        "joined" => matches!(note, Note::Joined { .. }),
        "service-silent" => matches!(note, Note::ServiceSilent),
        "fenced" => matches!(note, Note::Fenced { .. }),
        "conflict" => matches!(note, Note::Conflict { .. }),
        "held-back" => matches!(note, Note::HeldBack { .. }),
        "released" => matches!(note, Note::Released { .. }),
        "loop-cut" => matches!(note, Note::LoopCut { .. }),
        "disk-read" => matches!(note, Note::DiskRead { .. }),
        _ => false,
    }
}

/// Messages that were read or lost, what clients were told, and everything that is rare.
fn is_told(what: &What) -> bool {
    let quiet = |kind| {
        matches!(
            kind,
            MessageKind::Heartbeat
                | MessageKind::HeartbeatAnswer
                | MessageKind::SnapshotConfirm
                | MessageKind::Alive
                | MessageKind::AliveHeard
                | MessageKind::PageConfirm
                | MessageKind::Have
        )
    };
    match what {
        What::Delivered { message, .. } | What::Lost { message, .. } => !quiet(message.kind),
        What::Asked { .. } | What::Told { .. } | What::TimedOut { .. } | What::TalkLost { .. } => {
            true
        }
        What::Noted { note, .. } => !matches!(note, Note::Committed { .. }),
        What::Applied { .. } => true,
        _ => Milestones::is_one(what),
    }
}

fn line(t: &Cluster, event: &Event) -> String {
    let told = tell::line(t.run(), event);
    let (time, rest) = told.split_once('#').expect("a time and a number");
    let clause = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    format!("{}  {clause}", time.trim_end())
}

fn ledger(t: &Cluster) -> Vec<String> {
    let report = t.report();
    let writes = report.writes;
    let mut lines = vec![format!(
        "{} begun, {} acknowledged, {} failed, {} unknown, {} lost",
        writes.invoked, writes.acknowledged, writes.failed, writes.unknown, writes.lost
    )];
    lines.extend(report.lost.iter().map(|l| format!("lost: {} = {}: {}", l.key, l.value, l.why)));
    let overwritten = report.overwritten.iter();
    lines
        .extend(overwritten.map(|o| {
            format!("overwritten unseen: {} = {} by {}: {}", o.key, o.value, o.by, o.why)
        }));
    lines.extend(report.verdicts.iter().map(|v| format!("{}: {}", v.promise, v.verdict)));
    lines
}
