//! What the arguments ask for.

use lexopt::{Arg, Parser, ValueExt as _};

use super::mistake::Mistake;
use super::sweep::Range;
use lab::export::{Export, Options};
use scenario::history::{Bounds, Model};
use view::picture::Theme;

/// What to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Play and report.
    Run { play: Play, json: bool, expect_holds: bool },
    /// Play and print the run as a file of another kind; without one, every event.
    Trace { play: Play, export: Option<Export>, options: Options },
    /// Judge a recorded history.
    Check { judge: Judge, json: bool, expect_holds: bool },
    /// Many runs, added up.
    Sweep(Range),
    /// Shards, added up.
    Merge { files: Vec<String>, json: bool },
    /// Print the schema.
    Schema,
    /// List the built-in scenarios.
    Scenarios { json: bool },
    /// List the protocols.
    Protocols,
    /// Play every built-in scenario and print its digest.
    Digests,
    /// Print the help.
    Help,
}

/// What to play.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Play {
    /// A name or a file.
    pub scenario: String,
    /// Another seed than the scenario's.
    pub seed: Option<f64>,
    /// Stop there instead of at the scenario's end.
    pub until_ms: Option<f64>,
}

/// What to judge, and how.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Judge {
    /// A file.
    pub history: String,
    /// What it is about; `None`: its functions say it.
    pub model: Option<Model>,
    /// The value of every key at the beginning, as it was typed.
    pub initial: Option<String>,
    /// How much may be spent on one key.
    pub bounds: Bounds,
}

/// The commands, for the mistake of asking for another.
pub const COMMANDS: &[&str] = &[
    "run",
    "trace",
    "sweep",
    "merge",
    "check",
    "scenarios",
    "presets",
    "protocols",
    "schema",
    "digests",
    "help",
];

/// Reads the arguments.
///
/// # Errors
/// The first mistake in them.
pub fn read(mut parser: Parser) -> Result<Command, Mistake> {
    let word = match parser.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help),
        Some(Arg::Value(word)) => word.string()?,
        Some(option) => return Err(unknown(&option, &[])),
    };
    match word.as_str() {
        "run" => run(parser),
        "trace" => trace(parser),
        "sweep" => sweep(parser),
        "merge" => merge(parser),
        "check" => check(parser),
        "schema" => alone(parser, Command::Schema),
        "scenarios" | "presets" => scenarios(parser),
        "protocols" => alone(parser, Command::Protocols),
        "digests" => alone(parser, Command::Digests),
        "help" => Ok(Command::Help),
        _ => Err(Mistake::UnknownCommand { found: word }),
    }
}

fn alone(mut parser: Parser, command: Command) -> Result<Command, Mistake> {
    match parser.next()? {
        None => Ok(command),
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help),
        Some(more) => Err(unknown(&more, &[])),
    }
}

fn scenarios(mut parser: Parser) -> Result<Command, Mistake> {
    let mut json = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("json") => json = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(unknown(&other, &["--json"])),
        }
    }
    Ok(Command::Scenarios { json })
}

fn run(mut parser: Parser) -> Result<Command, Mistake> {
    let (mut play, mut json, mut expect_holds) = (Play::default(), false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("json") => json = true,
            Arg::Long("expect") => {
                choice("--expect", &parser.value()?.string()?, "holds")?;
                expect_holds = true;
            }
            Arg::Long("seed") => play.seed = Some(number("--seed", &mut parser)?),
            Arg::Long("until") => play.until_ms = Some(number("--until", &mut parser)?),
            Arg::Value(name) if play.scenario.is_empty() => play.scenario = name.string()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => {
                return Err(unknown(&other, &["--seed", "--until", "--json", "--expect"]));
            }
        }
    }
    let play = with_scenario(play, "run")?;
    Ok(Command::Run { play, json, expect_holds })
}

fn trace(mut parser: Parser) -> Result<Command, Mistake> {
    let (mut play, mut options, mut export) = (Play::default(), Options::default(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("format") => {
                let found = parser.value()?.string()?;
                export = Some(Export::named(&found).ok_or(Mistake::UnknownFormat { found })?);
            }
            Arg::Long("theme") => {
                let found = parser.value()?.string()?;
                let only = "light or --theme dark";
                let wrong = Mistake::BadChoice { option: "--theme", found: found.clone(), only };
                options.theme = Theme::named(&found).ok_or(wrong)?;
            }
            Arg::Long("caption") => options.caption = line("--caption", &mut parser)?,
            Arg::Long("link") => options.link = line("--link", &mut parser)?,
            Arg::Long("seed") => play.seed = Some(number("--seed", &mut parser)?),
            Arg::Long("until") => play.until_ms = Some(number("--until", &mut parser)?),
            Arg::Value(name) if play.scenario.is_empty() => play.scenario = name.string()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => {
                let known = &["--format", "--seed", "--until", "--theme", "--caption", "--link"];
                return Err(unknown(&other, known));
            }
        }
    }
    Ok(Command::Trace { play: with_scenario(play, "trace")?, export, options })
}

/// Letters of a line on a picture.
const LINE_LETTERS: usize = 4_000;

/// A line of words.
fn line(option: &'static str, parser: &mut Parser) -> Result<String, Mistake> {
    let found = parser.value()?.string()?;
    let letters = found.chars().count();
    let long = Mistake::TooLong { option, letters, most: LINE_LETTERS };
    if letters > LINE_LETTERS { Err(long) } else { Ok(found) }
}

fn check(mut parser: Parser) -> Result<Command, Mistake> {
    let (mut judge, mut json, mut expect_holds) = (Judge::default(), false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("json") => json = true,
            Arg::Long("expect") => {
                choice("--expect", &parser.value()?.string()?, "holds")?;
                expect_holds = true;
            }
            Arg::Long("model") => {
                let found = parser.value()?.string()?;
                let only = "register or --model kv";
                let wrong = Mistake::BadChoice { option: "--model", found: found.clone(), only };
                judge.model = Some(Model::of(&found).ok_or(wrong)?);
            }
            Arg::Long("initial") => judge.initial = Some(parser.value()?.string()?),
            Arg::Long("steps") => judge.bounds.steps = whole("--steps", &mut parser)?,
            Arg::Long("memory-mb") => {
                let megabytes = whole("--memory-mb", &mut parser)?;
                judge.bounds.memory_bytes = megabytes.saturating_mul(1 << 20);
            }
            Arg::Value(name) if judge.history.is_empty() => judge.history = name.string()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => {
                let known =
                    &["--model", "--initial", "--json", "--expect", "--steps", "--memory-mb"];
                return Err(unknown(&other, known));
            }
        }
    }
    if judge.history.is_empty() {
        return Err(Mistake::MissingHistory);
    }
    Ok(Command::Check { judge, json, expect_holds })
}

fn sweep(mut parser: Parser) -> Result<Command, Mistake> {
    let mut range = Range::default();
    let mut seeds = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("seeds") => seeds = Some(seeds_of(&parser.value()?.string()?)?),
            Arg::Long("jobs") => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few")]
                let jobs = number("--jobs", &mut parser)? as usize;
                range.jobs = Some(jobs);
            }
            Arg::Long("json") => range.json = true,
            Arg::Long("shard") => range.shard = true,
            Arg::Value(name) if range.scenario.is_empty() => range.scenario = name.string()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(unknown(&other, &["--seeds", "--jobs", "--json", "--shard"])),
        }
    }
    (range.from, range.to) = seeds.unwrap_or((0, 1_000));
    if range.scenario.is_empty() {
        return Err(Mistake::MissingScenario { command: "sweep" });
    }
    Ok(Command::Sweep(range))
}

/// `A..B`: from A up to but not including B.
fn seeds_of(text: &str) -> Result<(u64, u64), Mistake> {
    let parsed = text.split_once("..").and_then(|(from, to)| {
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        (from < to).then_some((from, to))
    });
    parsed.ok_or_else(|| Mistake::BadSeeds { found: text.to_owned() })
}

fn merge(mut parser: Parser) -> Result<Command, Mistake> {
    let (mut files, mut json) = (Vec::new(), false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("json") => json = true,
            Arg::Value(name) => files.push(name.string()?),
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(unknown(&other, &["--json"])),
        }
    }
    if files.is_empty() {
        return Err(Mistake::MissingScenario { command: "merge" });
    }
    Ok(Command::Merge { files, json })
}

fn with_scenario(play: Play, command: &'static str) -> Result<Play, Mistake> {
    if play.scenario.is_empty() { Err(Mistake::MissingScenario { command }) } else { Ok(play) }
}

/// A number that is not negative.
fn number(option: &'static str, parser: &mut Parser) -> Result<f64, Mistake> {
    let found = parser.value()?.string()?;
    let number = found.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or(Mistake::BadNumber { option, found })
}

/// A whole number that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, not negative")]
fn whole(option: &'static str, parser: &mut Parser) -> Result<u64, Mistake> {
    let found = number(option, parser)?;
    let whole = found as u64;
    let written = || Mistake::BadNumber { option, found: found.to_string() };
    if libm::floor(found) == found { Ok(whole) } else { Err(written()) }
}

fn choice(option: &'static str, found: &str, only: &'static str) -> Result<(), Mistake> {
    let wrong = || Mistake::BadChoice { option, found: found.to_owned(), only };
    if found == only { Ok(()) } else { Err(wrong()) }
}

fn unknown(argument: &Arg<'_>, known: &'static [&'static str]) -> Mistake {
    let found = match argument {
        Arg::Short(letter) => format!("-{letter}"),
        Arg::Long(name) => format!("--{name}"),
        Arg::Value(value) => value.to_string_lossy().into_owned(),
    };
    Mistake::UnknownArgument { found, known }
}
