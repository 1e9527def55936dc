//! The rules of the house that a compiler does not check: how long things may be, which words are not used, and that lists and folders agree.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Concrete protocols: named by themselves, by `scenario` and by tests, never by the world.
const CONCRETE: &[&str] = &["single_leader", "chain", "leaderless", "multi_leader"];

fn files_under(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.file_name().is_some_and(|name| name == "node_modules") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn short(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The source without its tests, which may name anything.
fn production(text: &str) -> &str {
    text.split("\n#[cfg(test)]").next().unwrap_or(text)
}

/// Files that only tests are made of.
fn is_test(path: &Path) -> bool {
    let file = path.file_stem().unwrap_or_default().to_string_lossy();
    file.ends_with("tests") || ["golden", "fake"].contains(&file.as_ref())
}

/// Whether a file is a rule of a concrete protocol.
fn protocol(name: &str) -> bool {
    CONCRETE.iter().any(|id| name.contains(&format!("protocols/src/{id}/")))
}

#[track_caller]
fn nothing_wrong(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}\n  {}", wrong.join("\n  "));
}

/// What judges a second time, and what of the program it must not look at.
#[test]
fn the_independent_judge_shares_nothing_with_the_audits() {
    const MEET: &[&str] = &["mod.rs", "tally.rs", "tests.rs", "planted.rs"];
    const AUDITS: &[&str] = &[
        "audit",
        "sessions()",
        "shown::",
        "ledger",
        "lineage",
        "reigns",
        "agreement",
        "totals()",
        "linearizable::",
        "remains",
        "report",
    ];
    let mut wrong = Vec::new();
    for path in files_under("tests/it/judge", &[".rs"]) {
        let (name, text) = (short(&path), read(&path));
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.collect::<Vec<&str>>().join("\n");
        let file = name.trim_start_matches("tests/it/judge/");
        let border = file == "border.rs";
        // Where both judges meet, the audits are named; nothing is judged there.
        if MEET.contains(&file) {
            continue;
        }
        if !border && (code.contains("replicarium") || code.contains("crate::")) {
            wrong.push(format!("{name} names the program"));
        }
        let audits = AUDITS.iter().filter(|word| border && code.contains(**word));
        wrong.extend(audits.map(|word| format!("{name} names {word}")));
    }
    nothing_wrong(&wrong, "what the judge needs passes its border as plain values");
}

#[test]
fn the_world_and_the_observers_know_no_concrete_protocol() {
    let mut wrong = Vec::new();
    for folder in
        ["crates/engine/src", "crates/scenario/src", "crates/view/src", "crates/lab/src", "src"]
    {
        for path in files_under(folder, &[".rs"]) {
            // The words of a packed link have their numbers for ever; that some are names of protocols means nothing there.
            if is_test(&path) || path.ends_with("link/vocabulary.rs") {
                continue;
            }
            let text = read(&path);
            let text = production(&text);
            for protocol in CONCRETE {
                let id = protocol.replace('_', "-");
                if text.contains(&format!("{protocol}::")) || text.contains(&format!("\"{id}\"")) {
                    wrong.push(format!("{} names {protocol}", short(&path)));
                }
            }
        }
    }
    nothing_wrong(&wrong, "ask the protocol's card or the node's facts instead");
}

#[test]
fn the_engine_has_no_clock_no_hash_order_and_no_ambient_luck() {
    const FORBIDDEN: &[&str] = &[
        "std::time",
        "Instant::now",
        "SystemTime",
        "HashMap",
        "HashSet",
        "thread_rng",
        "std::fs",
        "std::env",
        "println!",
    ];
    let mut wrong = Vec::new();
    for folder in [
        "crates/engine/src",
        "crates/protocols/src",
        "crates/scenario/src",
        "crates/view/src",
        "crates/lab/src",
    ] {
        for path in files_under(folder, &[".rs"]).iter().filter(|path| !is_test(path)) {
            let text = read(path);
            for word in FORBIDDEN.iter().filter(|word| production(&text).contains(**word)) {
                wrong.push(format!("{} uses {word}", short(path)));
            }
        }
    }
    nothing_wrong(&wrong, "a run depends on its scenario and its seed alone");
}

#[test]
fn every_file_says_what_it_is_and_is_short_enough_to_read() {
    let mut wrong = Vec::new();
    for path in ["crates", "src", "tests", "benches"].iter().flat_map(|f| files_under(f, &[".rs"]))
    {
        let (name, text) = (short(&path), read(&path));
        if !text.starts_with("//!") {
            wrong.push(format!("{name} does not open with //!"));
        }
        let most = if protocol(&name) { 600 } else { 400 };
        let lines = text.lines().count();
        if lines > most {
            wrong.push(format!("{name} has {lines} lines, {most} at most"));
        }
    }
    for path in ["www", "tests", "scripts"]
        .iter()
        .flat_map(|f| files_under(f, &[".js", ".mjs", ".css", ".sh"]))
    {
        let lines = read(&path).lines().count();
        if lines > 400 {
            wrong.push(format!("{} has {lines} lines, 400 at most", short(&path)));
        }
    }
    nothing_wrong(&wrong, "split it along its subject");
}

#[test]
fn words_that_this_project_does_not_use() {
    let words = ["master", "slave", "TODO", "FIXME", "XXX", "unimplemented!", "todo!("];
    let mut wrong = Vec::new();
    for path in ["crates", "src", "tests", "benches", "www"]
        .iter()
        .flat_map(|f| files_under(f, &[".rs", ".css", ".js", ".json"]))
    {
        let name = short(&path);
        if name.ends_with("tidy.rs") || name.contains("package-lock") {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{name}:{}: {word}", number + 1));
            }
        }
        let file = path.file_stem().unwrap_or_default().to_string_lossy().to_string();
        if ["utils", "common", "helpers", "manager", "misc"].contains(&file.as_str()) {
            wrong.push(format!("{name}: name it after what it is"));
        }
    }
    nothing_wrong(&wrong, "see the words of GLOSSARY.md");
}

#[test]
fn raw_colours_live_in_tokens_css_alone() {
    let mut wrong = Vec::new();
    for path in files_under("www/css", &[".css"]) {
        let (name, text) = (short(&path), read(&path));
        if text.contains("!important") {
            wrong.push(format!("{name} uses !important"));
        }
        if name.ends_with("tokens.css") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("/*").next().unwrap_or(line);
            let colour = code.match_indices('#').any(|(at, _)| {
                let digits = code[at + 1..].chars().take_while(char::is_ascii_hexdigit).count();
                code[..at].contains(':') && [3, 4, 6, 8].contains(&digits)
            });
            if colour || code.contains("rgb(") || code.contains("hsl(") {
                wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    nothing_wrong(&wrong, "name the colour in tokens.css");
}

#[test]
fn every_style_sheet_and_every_preset_is_listed() {
    let index = read(&Path::new(ROOT).join("index.html"));
    let mut wrong: Vec<String> = files_under("www/css", &[".css"])
        .iter()
        .filter(|path| !index.contains(&short(path)))
        .map(|path| format!("{} is not in index.html", short(path)))
        .collect();
    let listed: Vec<&str> =
        replicarium::scenario::presets(replicarium::protocols::PROTOCOLS).map(|p| p.name).collect();
    for path in files_under("crates/protocols/src", &[".json"]) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().to_string();
        if !listed.contains(&name.as_str()) {
            wrong.push(format!("{name} is not in PRESETS"));
        }
    }
    nothing_wrong(&wrong, "one file and one line");
}

#[test]
fn the_documents_name_only_what_exists() {
    let mut wrong = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(&Path::new(ROOT).join(document));
        assert!(!text.is_empty(), "{document} is missing");
        for quoted in text.split('`').skip(1).step_by(2) {
            let path = quoted.trim_end_matches('/');
            let looks_like_a_path = (path.starts_with("src/")
                || path.starts_with("crates/")
                || path.starts_with("tests/")
                || path.starts_with("benches/")
                || path.starts_with("www/")
                || path.starts_with("scripts/"))
                && !path.contains(['*', '<', ' ', 'N']);
            if looks_like_a_path && !Path::new(ROOT).join(path).exists() {
                wrong.push(format!("{document} names {path}"));
            }
        }
    }
    nothing_wrong(&wrong, "documents say what is true now");
}
