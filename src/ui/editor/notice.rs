//! What is said about an opened file that is no scenario: a history's verdict in words, or what the
//! file is not.

use crate::ui::words::editor as words;
use lab::dropped::Dropped;
use scenario::Json;
use scenario::history::{Bounds, Recorded};
use yew::prelude::*;

/// A heading and paragraphs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The heading.
    pub heading: &'static str,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// What it is, for those who look for it by name.
    pub kind: &'static str,
}

/// Steps of the checker: about a second of work, and no more memory than a phone has.
const STEPS: u64 = 3_000_000;
const MEMORY_BYTES: u64 = 64 << 20;
/// Operations of a proof or of an order that are told.
const TOLD: usize = 8;

impl Notice {
    /// Why a file is not opened.
    pub fn foreign(why: &str) -> Self {
        let lines = vec![why.to_owned(), words::OURS.to_owned()];
        Self { heading: words::FOREIGN, lines, kind: "foreign" }
    }

    /// What is to be said of a text of this kind; `None`: it is a document or a run, which is opened.
    pub fn of(kind: Dropped, text: &str) -> Option<Self> {
        match kind {
            Dropped::Document | Dropped::Run => None,
            Dropped::History => Some(judged(text)),
            Dropped::Foreign(why) => Some(Self::foreign(why)),
        }
    }
}

/// The verdict on a history.
fn judged(text: &str) -> Notice {
    let mut history = match Recorded::read(text, None) {
        Ok(history) => history,
        Err(problems) => {
            let line = |problem: &scenario::history::Problem| {
                words::at(&problem.place(), &problem.mistake.what(), &problem.mistake.fix())
            };
            let lines = problems.iter().map(line).collect();
            return Notice { heading: words::BAD_HISTORY, lines, kind: "bad-history" };
        }
    };
    let counts = words::operations(history.operations(), history.keys(), history.unknown());
    let mut lines = vec![counts, words::read_as(history.format.title(), history.marks)];
    let bounds = Bounds { steps: STEPS, memory_bytes: MEMORY_BYTES };
    let judged = history.judge_within(bounds, STEPS);
    let (heading, kind) = match judged.linearizable {
        Some(true) => (words::LINEARIZABLE, "linearizable"),
        Some(false) => (words::NOT_LINEARIZABLE, "not-linearizable"),
        None => (words::UNDECIDED, "undecided"),
    };
    if let Some(failure) = judged.failure {
        lines.push(words::stuck(&failure.key.to_string(), failure.longest.len()));
        lines.extend(failure.stuck.iter().take(TOLD).map(operation));
        lines.extend(failure.why);
        lines.extend(
            failure.hint.map(|hint| words::hint(&hint.initial.to_string(), hint.linearizable)),
        );
    } else if let Some(undecided) = judged.undecided {
        let on = match undecided.key {
            Json::Null => String::new(),
            key => format!("{key}: "),
        };
        lines.push(format!("{on}{}.", undecided.why));
        lines.push(words::GIVEN_UP.to_owned());
    } else if let Some(order) = judged.orders.iter().find(|order| !order.is_empty()) {
        lines.push(words::order(&order.key.to_string(), order.len(), judged.orders.len()));
        lines.extend(history.in_order(order, 0, TOLD).iter().map(operation));
    }
    Notice { heading, lines, kind }
}

fn operation(operation: &Json) -> String {
    let text = |name: &str| match operation.field(name) {
        Some(Json::Text(word)) if name == "f" => word.clone(),
        Some(json) => json.to_string(),
        None => String::new(),
    };
    let lines = operation.field("lines").or_else(|| operation.field("records"));
    let lines = lines.map_or(&[][..], Json::elements);
    let lines: Vec<String> = lines.iter().map(Json::to_string).collect();
    words::operation(&lines.join("–"), &text("process"), &text("f"), &text("value"))
}

/// The notice in a sheet.
pub fn notice(notice: &Notice) -> Html {
    html! {
        <div class="file-notice" data-notice={notice.kind}>
            <h2 id="sheet-title">{ notice.heading }</h2>
            { for notice.lines.iter().map(|line| html! { <p>{ line }</p> }) }
        </div>
    }
}
