//! Every recorded event as a line of JSON.

use crate::Lab;
use scenario::Json;
use view::TraceLine;
use view::number::{clock, count};

/// Everything that was recorded up to the playhead.
pub fn trace(lab: &Lab) -> String {
    let mut text = String::new();
    lab.each_trace_line(&mut |event| {
        text.push_str(&line(event).to_string());
        text.push('\n');
    });
    text
}

/// What the run has forgotten of itself.
pub fn left_out(lab: &Lab) -> Option<String> {
    let trace = lab.run().observer().trace();
    let oldest = trace.oldest().filter(|_| trace.has_forgotten())?;
    let (before, from) = (count((oldest.id.0 - 1).into()), clock(oldest.at));
    Some(format!("the {before} events before {from} are forgotten"))
}

/// An event as one line.
#[must_use]
pub fn line(line: &TraceLine) -> Json {
    let name = |name: &Option<String>| name.as_deref().map_or(Json::Null, Json::from);
    let maybe = |number: Option<u32>| number.map_or(Json::Null, |it| Json::Number(it.into()));
    Json::object([
        ("event", Json::Number(line.event.into())),
        ("at_ms", line.at_ms.into()),
        ("cause", maybe(line.cause)),
        ("sort", line.sort.into()),
        ("from", name(&line.from)),
        ("to", name(&line.to)),
        ("operation", maybe(line.operation)),
        ("text", Json::text(&*line.text)),
    ])
}
