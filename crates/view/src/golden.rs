//! Compares what a builder made, as text, with the text that was read and accepted before.

use std::path::PathBuf;

/// Compares with `tests/goldens/view-{name}.txt`; `UPDATE=1` accepts what there is now.
#[track_caller]
pub fn check(name: &str, text: &str) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("tests/goldens").join(format!("view-{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let line = known.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |line| line + 1);
    assert!(
        known == text,
        "{} differs from line {line} on; read the difference, then accept it with UPDATE=1\n{text}",
        path.display()
    );
}
