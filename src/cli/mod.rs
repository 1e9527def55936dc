//! The command line: plays scenarios, prints reports and traces, judges histories, tells what is
//! built in.
//!
//! It reads arguments and files and prints; what a run is and how it goes is the lab's business.

mod args;
mod check;
mod mistake;
mod report;
mod summary;
mod sweep;

use std::fmt::Write as _;
use std::io::{BufWriter, Read as _, Write};
use std::process::ExitCode;

use lab::export::{self, Export};
use lab::{self, Lab, SimTime};
use scenario::{Json, Protocols, Scenario, link, preset, presets, schema::schema};

use args::{Command, Play};
use mistake::Mistake;

/// What `replicarium help` says.
const HELP: &str = "\
Replicarium: a playground in which a replicated database really runs.

  replicarium run SCENARIO [--seed N] [--until MS] [--json] [--expect holds]
      one run; its report
  replicarium trace SCENARIO [--format jsonl|shiviz|mermaid|svg|stage|csv|history|scenario]
                    [--until MS] [--seed N] [--theme light|dark] [--caption TEXT] [--link TEXT]
      the run as a file of another kind: jsonl (an event a line; this, unless another is asked
      for), shiviz (a log with vector clocks, for ShiViz as it stands), mermaid (a sequence
      diagram), svg (a picture of the space-time view), stage (a picture of the cluster), csv
      (figures over time), history (for `check`), scenario (to play it again); --until is the
      moment that pictures show; theme, caption and link are for pictures
  replicarium check HISTORY [--model register|kv] [--initial VALUE] [--json] [--expect holds]
                    [--steps N] [--memory-mb N]
      whether a recorded history is linearizable: an order that works, or what cannot be ordered
      and where its value could have come from; --initial is the value of every key at first
  replicarium sweep SCENARIO [--seeds A..B] [--jobs N] [--json] [--shard]
      many runs at once, seeds A to B-1: distributions of what was lost, of waiting, of staleness
  replicarium merge SHARD... [--json]
      adds up what `sweep --shard` has printed
  replicarium scenarios [--json]
                             what is built in, by name
  replicarium protocols      what can be run
  replicarium schema         the JSON Schema of a scenario
  replicarium digests        the digest of every built-in scenario
  replicarium help           this text

SCENARIO is a name from `replicarium scenarios`, a link (in quotes: what was done in the shown future is
done again), a file of a scenario or a run, or - for standard input.
HISTORY is a file or -: Jepsen's history.edn or history.txt, its records as JSON (one a line, or an array),
or Porcupine's operations as JSON. A record is {\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",
\"value\":1}; type is invoke, ok, fail (it did not happen) or info (nobody knows); f is read, write, cas
(value [expected,new]; ok, unless \"applied\" is false, says that it was applied) or get, put, append. Without a
key there is one register; a value may be [key value]. Records of :nemesis are passed over. Each key may
cost --steps N (200000000) and --memory-mb N (512); a history that costs more stays undecided.

Exit codes: 0 the run went through, whatever it came to; 1 --expect holds was given and a promise
was broken, or a history was not shown to be linearizable; 2 a mistake in the input.
";

/// Does what the program's arguments ask for.
#[must_use]
pub fn main(protocols: Protocols) -> ExitCode {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = args::read(lexopt::Parser::from_env())
        .and_then(|command| act(command, protocols, &mut out));
    let flushed = out.flush();
    match (done, flushed) {
        (Ok(code), Ok(())) => code,
        // Whoever read the output has seen enough.
        (Ok(_) | Err(Mistake::OutputClosed), _) => ExitCode::SUCCESS,
        (Err(mistake), _) => {
            eprintln!("{mistake}");
            ExitCode::from(2)
        }
    }
}

fn act(command: Command, protocols: Protocols, out: &mut impl Write) -> Result<ExitCode, Mistake> {
    let text = match command {
        Command::Run { play, json, expect_holds } => {
            return run(&played(&play, protocols)?, json, expect_holds, out);
        }
        Command::Trace { play, export, options } => {
            let lab = played(&play, protocols)?;
            match export {
                None | Some(Export::Trace) => return trace(&lab, out),
                Some(export) => {
                    if let Some(note) = lab.left_out(export) {
                        eprintln!("note: {note}");
                    }
                    lab.export(export, &options)
                }
            }
        }
        Command::Check { judge, json, expect_holds } => {
            return check::check(&judge, json, expect_holds, out);
        }
        Command::Sweep(range) => {
            let document = document(&range.scenario, protocols)?;
            return sweep::sweep(&range, &document, protocols, out);
        }
        Command::Merge { files, json } => return sweep::merge(&files, json, out),
        Command::Schema => schema(protocols).pretty(),
        Command::Scenarios { json: false } => scenarios(protocols),
        Command::Scenarios { json: true } => offered(protocols).pretty(),
        Command::Protocols => cards(protocols),
        Command::Digests => digests(protocols)?,
        Command::Help => HELP.to_owned(),
    };
    out.write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn run(lab: &Lab, json: bool, expect: bool, out: &mut impl Write) -> Result<ExitCode, Mistake> {
    let report = lab.report();
    let text = if json { report::told(lab, &report).pretty() } else { summary::text(lab, &report) };
    out.write_all(text.as_bytes())?;
    let broken = report.verdicts.iter().any(|row| row.verdict == "broken");
    Ok(if broken && expect { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn trace(lab: &Lab, out: &mut impl Write) -> Result<ExitCode, Mistake> {
    let mut written = Ok(());
    lab.each_trace_line(&mut |line| {
        if written.is_ok() {
            written = writeln!(out, "{}", export::trace_line(line));
        }
    });
    written?;
    Ok(ExitCode::SUCCESS)
}

/// The run that `play` asks for, played to where it asks.
fn played(play: &Play, protocols: Protocols) -> Result<Lab, Mistake> {
    let mut document = document(&play.scenario, protocols)?;
    if let Some(seed) = play.seed {
        document.put("seed", Json::Number(seed));
    }
    let until = play.until_ms;
    let meant = Scenario::read(&document, protocols).map_err(Mistake::Scenario)?;
    let ends = Lab::start(meant).until().as_millis_f64();
    if let Some(until) = until.filter(|until| *until > ends) {
        document.put("until_ms", Json::Number(until));
    }
    let mut lab = Lab::load(&document, protocols).map_err(Mistake::Scenario)?;
    let to = until.map_or(lab.until(), SimTime::from_millis_f64);
    while lab.now() < to.min(lab.until()) {
        lab.advance(to.since(lab.now()), u32::MAX);
    }
    Ok(lab)
}

/// A built-in scenario by name, what a link leads to, or what a file holds.
fn document(name: &str, protocols: Protocols) -> Result<Json, Mistake> {
    if let Some(preset) = preset(protocols, name) {
        return Ok(preset.document());
    }
    if link::is_link(name) && !std::path::Path::new(name).exists() {
        return link::read(name, protocols)
            .map(|opening| opening.scripted())
            .map_err(Mistake::Scenario);
    }
    let text = text_of(name).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Mistake::UnknownScenario { found: name.to_owned() },
        _ => Mistake::UnreadableFile { path: name.to_owned(), why: error.to_string() },
    })?;
    link::read_file(&text).map(|opening| opening.scripted()).map_err(Mistake::Scenario)
}

/// The text of a file, or of standard input.
fn text_of(name: &str) -> std::io::Result<String> {
    let invalid = |error| std::io::Error::new(std::io::ErrorKind::InvalidData, error);
    String::from_utf8(bytes_of(name)?).map_err(invalid)
}

/// What a file holds, or standard input.
fn bytes_of(name: &str) -> std::io::Result<Vec<u8>> {
    if name != "-" {
        return std::fs::read(name);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
}

/// The scenarios, grouped by protocol.
fn scenarios(protocols: Protocols) -> String {
    let width = presets(protocols).map(|preset| preset.name.len()).max().unwrap_or(0);
    protocols.iter().zip(0..).fold(String::new(), |mut text, (entry, place)| {
        let gap = if place == 0 { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", entry.card.title);
        for preset in entry.presets {
            let _ = writeln!(text, "  {:width$}  {}", preset.name, preset.about);
        }
        text
    })
}

/// The same as data, for programs that list them.
fn offered(protocols: Protocols) -> Json {
    let listed = protocols.iter().map(|entry| {
        let presets = entry.presets.iter().map(|preset| {
            let texts = [("name", preset.name), ("title", preset.title), ("about", preset.about)];
            Json::object(texts.map(|(field, text)| (field, Json::text(text))))
        });
        let card = entry.card;
        Json::object([
            ("protocol", Json::text(card.id)),
            ("title", Json::text(card.title)),
            ("sentence", Json::text(card.sentence)),
            ("scenarios", Json::List(presets.collect())),
        ])
    });
    Json::List(listed.collect())
}

fn cards(protocols: Protocols) -> String {
    protocols.iter().fold(String::new(), |mut text, entry| {
        let card = entry.card;
        let _ = writeln!(text, "{}  {}: {}", card.id, card.title, card.sentence);
        text
    })
}

fn digests(protocols: Protocols) -> Result<String, Mistake> {
    presets(protocols).try_fold(String::new(), |mut text, preset| {
        let digest = lab::digest_of(preset, protocols).map_err(Mistake::Scenario)?;
        let _ = writeln!(text, "{} {digest:016x}", preset.name);
        Ok(text)
    })
}
