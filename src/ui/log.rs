//! The run in words, the equal alternative to what is drawn; and the polite voice that says each
//! change.

use super::intent::Intent;
use super::player::Wish;
use super::shape::tone;
use super::shared::Shared;
use super::words;
use lab::EventId;
use view::LogLine;
use view::number::clock_ms;
use yew::prelude::*;

/// What the log shows.
#[derive(PartialEq)]
pub struct Props {
    /// State changes, oldest first.
    pub lines: Shared<Vec<LogLine>>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The log behind a disclosure; newest first.
pub fn log(props: &Props) -> Html {
    html! {
        <details class="panel log" id="log">
            <summary><b>{ words::LOG }</b><span>{ words::LOG_SAYS }</span></summary>
            <div class="lines" role="log" aria-live="off" tabindex="0" aria-label={words::LOG}>
                { for props.lines.iter().rev().map(|one| line(one, &props.send)) }
                if props.lines.is_empty() { <p class="empty">{ words::NOTHING_YET }</p> }
            </div>
        </details>
    }
}

fn line(line: &LogLine, send: &Callback<Intent>) -> Html {
    let event = line.event;
    html! {
        <button type="button" key={event} data-event={event.to_string()}
            onclick={send.reform(move |_: MouseEvent| Intent::Time(Wish::SeekEvent(EventId(event))))}>
            <time>{ clock_ms(line.at_ms) }</time><span
                class={format!("tone-{}", tone(line.tone))}>{ &line.text }</span>
        </button>
    }
}

/// What the live region says next: new lines, not more often than people can listen.
#[derive(Default)]
pub struct Voice {
    said_event: u32,
    said_wall_ms: f64,
    /// What stands in the live region.
    pub text: String,
}

/// Lines one after the other, each a sentence with one full stop.
fn joined(lines: &[&str]) -> String {
    let sentence = |line: &&str| format!("{}.", line.trim_end_matches('.'));
    lines.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

const PAUSE_MS: f64 = 1_600.0;
const LINES: usize = 3;

impl Voice {
    /// Says what is new since the last time, at most the last three lines. Tells whether it spoke.
    pub fn hear(&mut self, lines: &[LogLine], wall_ms: f64) -> bool {
        let last = lines.last().map_or(0, |line| line.event);
        if last < self.said_event {
            // The reader went back: what comes now is new again.
            self.said_event = last;
        }
        if last == self.said_event || wall_ms - self.said_wall_ms < PAUSE_MS {
            return false;
        }
        let news = lines.iter().filter(|line| line.event > self.said_event);
        let news: Vec<&str> = news.map(|line| line.text.as_str()).collect();
        self.text = joined(&news[news.len().saturating_sub(LINES)..]);
        self.said_event = last;
        self.said_wall_ms = wall_ms;
        true
    }
}
