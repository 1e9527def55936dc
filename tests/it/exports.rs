//! Every file that a run leaves as, of every scenario kept ready: well formed, in agreement with the
//! run, and with nothing in it that a hostile document could make it do.

use std::collections::BTreeMap;

use replicarium::lab::export::{EXPORTS, Export, Options};
use replicarium::lab::{Lab, SimTime, Span};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::history::{Bounds, Recorded};
use replicarium::scenario::{Json, parse, presets};
use replicarium::view::picture::Theme;

use crate::cli::{File, check_mistake, says};
use crate::support::parallel::each;

fn played(document: &Json, share: f64) -> Lab {
    let mut lab = Lab::load(document, PROTOCOLS).expect("a scenario");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a run")]
    let to = SimTime::from_micros((lab.until().as_millis_f64() * 1_000.0 * share) as u64);
    while lab.now() < to {
        lab.advance(to.since(lab.now()), u32::MAX);
    }
    lab
}

/// Looks at a lab of every preset, played so far.
fn everywhere(share: f64, look: impl Fn(&str, &Lab) + Sync) {
    let all: Vec<_> = presets(PROTOCOLS).map(|preset| (preset.name, preset.document())).collect();
    assert!(all.len() > 30);
    each(&all, |(name, document)| look(name, &played(document, share)));
}

/// What a picture may be made of: no links, no styles, no scripts, nothing from elsewhere.
const ELEMENTS: &[&str] =
    &["svg", "title", "desc", "g", "rect", "circle", "line", "path", "text", "tspan"];
const ATTRIBUTES: &[&str] = &[
    "width",
    "height",
    "viewBox",
    "role",
    "font-family",
    "font-size",
    "font-weight",
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "x",
    "y",
    "rx",
    "r",
    "cx",
    "cy",
    "x1",
    "y1",
    "x2",
    "y2",
    "d",
    "transform",
    "text-anchor",
    "overflow",
];

/// Reads a picture; returns its size and all its texts.
#[track_caller]
fn picture(text: &str) -> ((String, String), Vec<String>) {
    let document = roxmltree::Document::parse(text).expect("XML");
    let root = document.root_element();
    let size = |name| root.attribute(name).expect("a size").to_owned();
    let (width, height) = (size("width"), size("height"));
    assert_eq!(root.attribute("viewBox"), Some(format!("0 0 {width} {height}").as_str()));
    let mut texts = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name();
        assert_eq!(name.namespace(), Some("http://www.w3.org/2000/svg"));
        assert!(ELEMENTS.contains(&name.name()), "<{}>", name.name());
        for attribute in node.attributes() {
            assert!(ATTRIBUTES.contains(&attribute.name()), "{}", attribute.name());
            let value = attribute.value();
            assert!(!value.contains("url(") && !value.contains("NaN") && !value.contains("inf"));
        }
        texts.extend(node.text().map(str::to_owned));
    }
    ((width, height), texts)
}

#[test]
fn pictures_of_every_scenario_are_well_formed_and_of_the_stated_size() {
    for (share, theme) in [(0.0, Theme::Dark), (0.45, Theme::Light), (1.0, Theme::Dark)] {
        everywhere(share, |name, lab| {
            let options = Options { theme, caption: "A caption".to_owned(), ..Options::default() };
            let stage = lab.export(Export::Stage, &options);
            assert_eq!(picture(&stage).0, ("1200".to_owned(), "630".to_owned()), "{name}");
            let (_, texts) = picture(&lab.export(Export::SpaceTime, &options));
            assert_eq!(texts.first(), Some(&lab.scenario().title), "{name}");
            assert!(texts.iter().any(|text| text == "A caption"), "{name}");
        });
    }
}

/// A log read as ShiViz does: two lines an event, after what its expression passes over.
fn shiviz(log: &str) -> Vec<(String, BTreeMap<String, u32>)> {
    let lines: Vec<&str> = log.lines().skip_while(|line| line.starts_with('#')).collect();
    let events = lines.chunks(2).map(|pair| {
        let [_, stamp] = pair else { panic!("two lines an event: {pair:?}") };
        let (host, clock) = stamp.split_once(' ').expect("host and clock");
        let Ok(Json::Object(clock)) = parse(clock) else { panic!("{stamp}") };
        let count = |count: &Json| count.as_number().expect("a count") as u32;
        (host.to_owned(), clock.iter().map(|(host, time)| (host.clone(), count(time))).collect())
    });
    events.collect()
}

#[test]
fn shiviz_logs_have_valid_clocks() {
    everywhere(0.5, |name, lab| {
        let events = shiviz(&lab.export(Export::ShiViz, &Options::default()));
        assert!(events.len() > 50, "{name}");
        let mut seen: BTreeMap<String, Vec<BTreeMap<String, u32>>> = BTreeMap::new();
        let mut arrows = 0;
        for (host, clock) in events {
            let own = seen.entry(host.clone()).or_default();
            assert_eq!(clock[&host] as usize, own.len() + 1, "{name}: {host} counts by one");
            let mut before = own.last().cloned().unwrap_or_default();
            own.push(clock.clone());
            // Whatever is new comes with the whole clock of the event that it names.
            for (other, time) in clock.iter().filter(|(other, _)| **other != host) {
                let theirs = seen.get(other).and_then(|all| all.get(*time as usize - 1));
                let theirs = theirs.unwrap_or_else(|| panic!("{name}: {other} {time} is to come"));
                arrows += u32::from(before.get(other).is_none_or(|known| known < time));
                for (third, known) in theirs {
                    assert!(clock[third] >= *known, "{name}: {host} forgets {third}");
                }
            }
            for (other, time) in core::mem::take(&mut before) {
                assert!(clock[&other] >= time, "{name}: a clock runs backwards");
            }
        }
        assert!(arrows > 10, "{name}: {arrows} messages");
    });
}

#[test]
fn mermaid_diagrams_stay_within_what_mermaid_takes_and_escape_what_it_reads() {
    everywhere(0.5, |name, lab| {
        let text = lab.export(Export::Mermaid, &Options::default());
        assert!(text.len() < 50_000, "{name}: {}", text.len());
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        for line in lines {
            let line = line.trim_start();
            let words = line.split_once(": ").map_or(line, |(_, words)| words);
            let plain = words.replace(|letter: char| letter.is_ascii_digit(), "");
            let bare = plain.replace("#;", "");
            assert!(!bare.contains(['#', ';', ':', '%', '<', '>', '{', '`']), "{name}: {line}");
        }
    });
}

#[test]
fn the_figures_add_up_to_the_report() {
    everywhere(0.7, |name, lab| {
        let text = lab.export(Export::Metrics, &Options::default());
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert!(!rows.is_empty() && rows.len() <= 500, "{name}: {}", rows.len());
        assert!(rows.iter().all(|row| row.len() == head.len()), "{name}");
        let place = |column: &str| head.iter().position(|name| *name == column).expect(column);
        let sum = |column: &str| -> u32 {
            rows.iter().map(|row| row[place(column)].parse::<u32>().expect("a number")).sum()
        };
        let writes = lab.report().writes;
        assert_eq!(sum("writes_invoked"), writes.invoked, "{name}");
        assert_eq!(sum("writes_acknowledged"), writes.acknowledged, "{name}");
        assert_eq!(sum("writes_lost"), writes.lost, "{name}");
        for row in rows {
            for figure in row.iter().filter(|figure| !figure.is_empty()) {
                assert!(figure.parse::<f64>().is_ok_and(f64::is_finite), "{name}: {figure}");
            }
        }
    });
}

#[test]
fn the_lag_of_followers_is_that_of_the_run_itself() {
    let preset = presets(PROTOCOLS).find(|preset| preset.name == "async-leader-crash");
    let lab = played(&preset.expect("it is built in").document(), 0.4);
    let text = lab.export(Export::Metrics, &Options::default());
    let rows: Vec<Vec<u32>> = text
        .lines()
        .skip(1)
        .map(|row| row.split(',').rev().take(6).map(|figure| figure.parse().unwrap_or(0)).collect())
        .collect();
    // From the end: what n3 has not applied, what it has not received, and so on.
    let last = rows.last().expect("a row");
    let behind = [last[5], last[3], last[1]];
    let nodes = lab.stage().nodes;
    let positions = nodes.iter().map(|node| node.positions.expect("it runs").last);
    let positions: Vec<u32> = positions.collect();
    for (most, last) in behind.iter().zip(&positions) {
        assert!(*most >= positions[0] - last, "no less than at its end: {behind:?}, {positions:?}");
    }
    let most = rows.iter().flat_map(|row| [row[5], row[3], row[1]]).max();
    assert_eq!(most, Some(lab.report().max_lag));
    assert!(behind[1] > 0, "messages are on their way");
}

#[test]
fn the_checker_reads_every_history_and_agrees_with_the_audit() {
    let agreed = std::sync::atomic::AtomicU32::new(0);
    everywhere(1.0, |name, lab| {
        let text = lab.export(Export::History, &Options::default());
        // Money that moves between keys, and counters, are no registers.
        let apart = lab.left_out(Export::History).is_some();
        let is_none = name.starts_with("copy-") || name == "multi-leader-counter";
        assert_eq!(apart, is_none, "{name}");
        let judged = match Recorded::read(&text, None) {
            Ok(mut history) => history.judge(Bounds::default()),
            Err(problems) => panic!("{name}: {}", problems[0]),
        };
        // A deletion is a write of nothing, which the lines say as they can.
        let verdicts = lab.report().verdicts;
        let said = verdicts.iter().find(|row| row.promise == "linearizable").map(|row| row.verdict);
        let says = match judged.linearizable {
            Some(true) => "holds",
            Some(false) => "broken",
            None => panic!("{name}: undecided"),
        };
        match said {
            Some("holds" | "broken") if !apart && !name.contains("deletion") => {
                assert_eq!(said, Some(says), "{name}");
                agreed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
            _ => {}
        }
    });
    assert!(agreed.into_inner() > 20);
}

#[test]
fn the_exported_scenario_plays_the_same_run_with_what_the_reader_did() {
    let preset = presets(PROTOCOLS).find(|preset| preset.name == "semi-sync-leader-crash");
    let mut lab = Lab::load(&preset.expect("it is built in").document(), PROTOCOLS).expect("loads");
    lab.advance(Span::from_millis(700), u32::MAX);
    lab.act(replicarium::engine::world::fault::power_off(replicarium::lab::Target::Leader));
    lab.finish();
    let text = lab.export(Export::Scenario, &Options::default());
    let again = played(&parse(&text).expect("JSON"), 1.0);
    assert_eq!(again.digest(), lab.digest());
}

/// What would like to be more than a text.
const HOSTILE: &[&str] = &[
    "</text></svg><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "]]>&lt;!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "end; n1->>n2: forged %%{init: {}}%% #lt; `x`",
    "{\"n1\": 1}\u{202e}\u{0}",
    "line\nbreak\r\nsequenceDiagram\nn1 {\"n1\": 9}",
];

#[test]
fn hostile_titles_captions_and_links_stay_texts() {
    for hostile in HOSTILE {
        let mut document = Json::object([("format", Json::Number(1.0))]);
        document.set("cluster.nodes", Json::Number(3.0));
        document.set("cluster.protocol", Json::text(PROTOCOLS[0].card.id));
        document.put("title", Json::text(*hostile));
        let mut lab = Lab::load(&document, PROTOCOLS).expect("a title may be any text");
        lab.advance(Span::from_millis(900), u32::MAX);
        let options = Options {
            theme: Theme::Light,
            caption: (*hostile).to_owned(),
            link: (*hostile).to_owned(),
        };
        for export in [Export::Stage, Export::SpaceTime] {
            let text = lab.export(export, &options);
            let (_, texts) = picture(&text);
            let clean = |letter: char| if "\n\r".contains(letter) { ' ' } else { letter };
            let shown: String = hostile.chars().map(clean).collect();
            let shown = shown.replace(['\u{202e}', '\u{0}'], "\u{fffd}");
            assert_eq!(texts[0], shown);
            assert!(texts.iter().filter(|text| **text == shown).count() >= 2, "{hostile}");
        }
        let diagram = lab.export(Export::Mermaid, &options);
        let title = diagram.lines().nth(1).expect("a title").trim();
        let numbers_left_out = title.replace(|letter: char| letter.is_ascii_digit(), "");
        assert!(!numbers_left_out.replace("#;", "").contains(['#', ';', '%', '{', '<', '>', ':']));
        assert!(diagram.lines().nth(2).is_some_and(|line| line.starts_with("    participant")));
        assert!(shiviz(&lab.export(Export::ShiViz, &options)).len() > 20);
    }
}

#[test]
fn the_command_line_prints_every_format_and_says_which_there_are() {
    for kind in EXPORTS {
        let text = says(&["trace", "async-leader-crash", "--until", "300", "--format", kind.name]);
        assert!(text.len() > 100, "{}", kind.name);
        assert_eq!(Export::named(kind.name), Some(kind.export));
    }
    let dark = ["--format", "stage", "--theme", "dark", "--caption", "A & B", "--until", "10"];
    let text = says(&[&["trace", "async-leader-crash"], &dark[..]].concat());
    assert!(text.contains("#0e1417") && text.contains(">A &amp; B<"));
    check_mistake(&["trace", "async-leader-crash", "--format", "png"], "cli/unknown-format");
    check_mistake(&["trace", "async-leader-crash", "--theme", "blue"], "cli/bad-choice");
    let long = "x".repeat(5_000);
    check_mistake(&["trace", "async-leader-crash", "--caption", &long], "cli/too-long");
}

#[test]
fn check_takes_the_history_that_trace_prints() {
    let history = says(&["trace", "sync-leader-crash", "--format", "history"]);
    let file = File::new("history.jsonl", &history);
    assert!(says(&["check", file.path()]).contains("Linearizable"));
    let stale = says(&["trace", "follower-reads-stale", "--format", "history"]);
    let file = File::new("stale.jsonl", &stale);
    assert!(says(&["check", file.path()]).contains("Not linearizable"));
}
