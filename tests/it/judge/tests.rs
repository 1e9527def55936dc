//! Both judges on the built-in scenarios, the cases and short random runs.

use std::path::Path;
use std::sync::Mutex;

use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::link::Opening;
use replicarium::scenario::{self, Json, parse, presets};

use super::runs;
use super::tally::{self, Tally};
use crate::support::parallel::each;

fn documents() -> Vec<(String, Json)> {
    let presets = presets(PROTOCOLS).map(|preset| (preset.name.to_owned(), preset.document()));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let cases = files.iter().map(std::fs::DirEntry::path).filter_map(|path| {
        let json = path.extension().is_some_and(|extension| extension == "json");
        let name =
            path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("in it").display().to_string();
        let text = std::fs::read_to_string(&path).expect("a file");
        json.then(|| (name, parse(&text).expect("JSON")))
    });
    presets.chain(cases).collect()
}

/// What both say of a document's run; nothing if it is refused.
fn judged(name: &str, document: &Json) -> Result<(String, Tally), Vec<scenario::Problem>> {
    let scenario = scenario::Scenario::read(document, PROTOCOLS)?;
    let mut run = scenario.run();
    let until = run.until();
    run.advance(until, u32::MAX);
    let (lines, tally) = tally::compared(&tally::audited(&*run), &super::of(&*run));
    let lines: Vec<String> = lines.iter().map(|line| format!("{name}: {line}")).collect();
    Ok((lines.join("\n"), tally))
}

#[test]
fn both_judges_agree_on_the_built_in_scenarios_and_the_cases() {
    let all = Mutex::new(Tally::default());
    let wrong = each(&documents(), |(name, document)| {
        let (wrong, tally) = judged(name, document).ok()?;
        all.lock().expect("no panic").add(&tally);
        Some(wrong).filter(|wrong| !wrong.is_empty())
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    println!("{}", all.into_inner().expect("no panic").table());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Short random runs by default; `JUDGE_RUNS` says another number, `FROM` where to begin.
const RUNS: u64 = 50_000;

/// Runs told with the line that runs them again and their link.
const TOLD: usize = 5;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn both_judges_agree_on_short_random_runs_of_every_protocol() {
    let from = number("SEED").or(number("FROM")).unwrap_or(0);
    let runs = number("SEED").map_or_else(|| number("JUDGE_RUNS").unwrap_or(RUNS), |_| 1);
    let seeds: Vec<u64> = (from..from + runs).collect();
    let all = Mutex::new(Tally::default());
    let wrong = each(&seeds, |seed| {
        let text = runs::document(*seed);
        let document = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let name = format!("seed {seed}");
        if number("SEED").is_some() {
            println!("{text}");
        }
        let (wrong, tally) = judged(&name, &document)
            .unwrap_or_else(|problems| panic!("{name}: {problems:?}\n{text}"));
        all.lock().expect("no panic").add(&tally);
        let link = || Opening::of(document).link();
        (!wrong.is_empty()).then(|| format!("{wrong}\n  {}\n  link: #{}", again(*seed), link()))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    let all = all.into_inner().expect("no panic");
    println!("{}", all.table());
    let heads = wrong.iter().filter_map(|text| text.lines().next());
    let heads = heads.take(100).collect::<Vec<&str>>().join("\n");
    let told = wrong.iter().take(TOLD).map(String::as_str).collect::<Vec<&str>>().join("\n");
    assert!(wrong.is_empty(), "{} runs\n{told}\n\n{heads}", wrong.len());
    assert!(all.undecided() * 100 < all.judgements(), "one in a hundred may stay undecided");
}

fn again(seed: u64) -> String {
    format!(
        "again: SEED={seed} cargo test --test it judge::tests::both_judges_agree_on_short -- --nocapture"
    )
}
