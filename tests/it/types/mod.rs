//! The TypeScript declarations that scripts get are made from the Rust types and from the schema of
//! a scenario. `UPDATE=1` writes them anew.

mod schema;
mod sources;

use std::fs;
use std::path::Path;

use replicarium::engine::protocol::Card;
use replicarium::lab::export::Kind;
use replicarium::lab::plain::{BranchLine, Passed, Reached};
use replicarium::lab::plain::{Plain, Shape, ShapeKind, Shapes};
use replicarium::lab::{Comparison, report::Report};
use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::Preset;
use replicarium::view::{
    Chip, Inspector, Ledger, LogLine, OperationLine, Overview, Sentence, Stage, Timeline,
    TraceLine, VerdictView,
};
use sources::Sources;

/// Everything that a script is given.
fn shapes() -> Shapes {
    let mut shapes = Shapes::default();
    let all: [fn(&mut Shapes); 19] = [
        Preset::declare,
        Card::declare,
        Kind::declare,
        Passed::declare,
        Reached::declare,
        Report::declare,
        TraceLine::declare,
        OperationLine::declare,
        BranchLine::declare,
        Comparison::declare,
        Sentence::declare,
        Stage::declare,
        Chip::declare,
        Ledger::declare,
        Timeline::declare,
        Overview::declare,
        VerdictView::declare,
        Inspector::declare,
        LogLine::declare,
    ];
    all.iter().for_each(|declare| declare(&mut shapes));
    shapes
}

fn declaration(shape: &Shape, sources: &mut Sources) -> String {
    let Shape { name, path, of } = shape;
    let doc = sources.doc_of(path);
    let mut text = format!("\n{}", comment(&doc.of_type, ""));
    match of {
        ShapeKind::Text(declared) => text += &format!("{declared}\n"),
        ShapeKind::Fields(fields) => {
            text += &format!("export interface {name} {{\n");
            for (field, camel, kind) in fields {
                text += &comment(doc.of_member(field), "  ");
                text += &format!("  {camel}: {};\n", bracketed(kind));
            }
            text += "}\n";
        }
        ShapeKind::Words(words) => {
            text += &format!("export type {name} =");
            for (variant, word) in words {
                text += &format!("\n{}  | '{word}'", comment(doc.of_member(variant), "  "));
            }
            text += ";\n";
        }
    }
    text
}

/// `A | null[]` means something else than a list of either.
fn bracketed(kind: &str) -> String {
    match kind.strip_suffix("[]").filter(|of| of.contains(" | ") && !of.starts_with('[')) {
        Some(of) => format!("({of})[]"),
        None => kind.to_owned(),
    }
}

fn comment(doc: &str, indent: &str) -> String {
    if doc.is_empty() { String::new() } else { format!("{indent}/** {doc} */\n") }
}

#[test]
fn the_types_that_scripts_get_are_those_of_the_program() {
    let mut sources = Sources::default();
    let mut text = "// What scripts are given and give. Made from the Rust types and the schema of a scenario:\n\
                    // UPDATE=1 cargo test --test it types\n"
        .to_owned();
    text += &schema::declarations(&replicarium::scenario::schema::schema(PROTOCOLS));
    for shape in &shapes().all {
        text += &declaration(shape, &mut sources);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api/types.d.ts");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("src/api can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{} is not made from these types; if this is meant: UPDATE=1 cargo test --test it types",
        path.display()
    );
}

#[test]
fn every_field_that_scripts_get_is_described() {
    let mut sources = Sources::default();
    for Shape { name, path, of } in &shapes().all {
        let doc = sources.doc_of(path);
        assert!(!doc.of_type.is_empty(), "{name} is not described");
        let members: Vec<&str> = match of {
            ShapeKind::Fields(fields) => fields.iter().map(|(field, ..)| *field).collect(),
            ShapeKind::Words(words) => words.iter().map(|(word, _)| *word).collect(),
            ShapeKind::Text(_) => Vec::new(),
        };
        for member in members {
            assert!(!doc.of_member(member).is_empty(), "{name}: {member} is not described");
        }
    }
}
