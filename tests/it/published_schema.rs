//! The schema that the page and other editors fetch is the one that the program writes.

use replicarium::protocols::PROTOCOLS;
use replicarium::scenario::schema::schema;

#[test]
fn the_published_schema_is_what_the_program_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/scenario.schema.json");
    let now = format!("{}\n", schema(PROTOCOLS));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == now,
        "www/scenario.schema.json is old: UPDATE=1 cargo test --test it schema"
    );
}
