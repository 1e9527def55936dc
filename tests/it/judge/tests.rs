//! Both judges on the built-in scenarios, the cases and short random runs.

use std::path::Path;
use std::sync::Mutex;

use replicarium::scenario::{self, Json, PROTOCOLS, parse, presets};

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
fn judged(name: &str, document: &Json) -> Option<(String, Tally)> {
    let scenario = scenario::Scenario::read(document, PROTOCOLS).ok()?;
    let mut run = scenario.run();
    let until = run.until();
    run.advance(until, u32::MAX);
    let (lines, tally) = tally::compared(&tally::audited(&*run), &super::of(&*run));
    let lines: Vec<String> = lines.iter().map(|line| format!("{name}: {line}")).collect();
    Some((lines.join("\n"), tally))
}

#[test]
fn both_judges_agree_on_the_built_in_scenarios_and_the_cases() {
    let all = Mutex::new(Tally::default());
    let wrong = each(&documents(), |(name, document)| {
        let (wrong, tally) = judged(name, document)?;
        all.lock().expect("no panic").add(&tally);
        Some(wrong).filter(|wrong| !wrong.is_empty())
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    println!("{}", all.into_inner().expect("no panic").table());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
