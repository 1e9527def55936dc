//! The sentences beside types, read where they stand: in the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The sentences of one type.
#[derive(Clone, Default, Debug)]
pub struct Doc {
    /// Of the type.
    pub of_type: String,
    members: BTreeMap<String, String>,
}

impl Doc {
    /// Of a field or a variant.
    pub fn of_member(&self, name: &str) -> &str {
        self.members.get(name).map_or("", String::as_str)
    }
}

/// Files that were read, by the path of their module.
#[derive(Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    /// The sentences of the type `replicarium_view::a::b::Name`.
    pub fn doc_of(&mut self, path: &str) -> Doc {
        let path = path.split('<').next().unwrap_or_default();
        let (module, name) = path.rsplit_once("::").expect("a path");
        let text = self.0.entry(module.to_owned()).or_insert_with(|| source(module));
        let lines: Vec<&str> = text.lines().collect();
        let opens = |line: &&str| {
            let rest = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "));
            let rest = rest.and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with([' ', '<']))
        };
        let at = lines.iter().position(opens);
        let at = at.unwrap_or_else(|| panic!("{name} does not stand in {module}"));
        let mut doc = Doc { of_type: told_before(&lines[..at]), members: BTreeMap::new() };
        let members = lines[at + 1..].iter().take_while(|line| **line != "}");
        for (offset, line) in members.enumerate() {
            let Some(member) =
                line.strip_prefix("    ").filter(|rest| !rest.starts_with([' ', '/']))
            else {
                continue;
            };
            let member = member.trim_start_matches("pub ");
            let end = member.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            let before = told_before(&lines[..at + 1 + offset]);
            doc.members.insert(member[..end.unwrap_or(member.len())].to_owned(), before);
        }
        doc
    }
}

fn source(module: &str) -> String {
    let (package, inside) = module.split_once("::").unwrap_or((module, "lib"));
    let inside = inside.replace("::", "/");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = match package.strip_prefix("replicarium_") {
        Some(layer) => root.join("crates").join(layer).join("src"),
        None => root.join("src"),
    };
    let read = |path: String| fs::read_to_string(base.join(path)).ok();
    read(format!("{inside}.rs"))
        .or_else(|| read(format!("{inside}/mod.rs")))
        .unwrap_or_else(|| panic!("there is no source of {module}"))
}

/// The sentence that ends right before a line, attributes aside; links of Rust lose their brackets.
fn told_before(lines: &[&str]) -> String {
    let above = lines.iter().rev().map(|line| line.trim());
    let doc: Vec<&str> = above
        .skip_while(|line| line.starts_with("#["))
        .map_while(|line| line.strip_prefix("/// "))
        .collect();
    let doc: Vec<&str> = doc.into_iter().rev().collect();
    doc.join(" ").replace("[`", "`").replace("`]", "`")
}
