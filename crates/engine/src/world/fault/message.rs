//! A hand on a message in flight: drop it, delay it, double it, deliver it now.

use super::{Action, Arguments, Fault, Meddling, Offer, Seen, Takes};
use crate::base::number::span;
use crate::base::{EventId, Span};

/// How long a reader's delay holds a message back.
const DELAY: Span = Span::from_millis(500);
/// How much later the second of a message comes that a reader doubles.
const DOUBLE: Span = Span::from_millis(5);
/// How much later, where a document does not say it.
const USUAL: Arguments = Arguments { span: Span::from_millis(100), ..Arguments::NONE };
const LATER: Takes = Takes::Span("by_ms", "How much later.");

pub(super) static DROP_MESSAGE: Fault = Fault {
    word: "drop-message",
    doc: "A message in flight is lost.",
    takes: &[Takes::Message],
    usual: Arguments::NONE,
    perform: |with, machinery| machinery.meddle(with.message, Meddling::Drop),
    order: |_| "drop a message in flight".to_owned(),
    offers: |seen| match *seen {
        Seen::Message(id) => {
            vec![Offer::breaks("Drop it", "It never arrives.", 'x', drop_message(id))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

pub(super) static DELAY_MESSAGE: Fault = Fault {
    word: "delay-message",
    doc: "A message arrives later.",
    takes: &[Takes::Message, LATER],
    usual: USUAL,
    perform: |with, machinery| machinery.meddle(with.message, Meddling::Delay(with.span)),
    order: |with| format!("delay a message in flight by {}", span(with.span)),
    offers: |seen| match *seen {
        Seen::Message(id) => {
            let help = "It arrives half a second later.";
            vec![Offer::breaks("Delay it", help, 'z', delay_message(id, DELAY))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

pub(super) static DUPLICATE_MESSAGE: Fault = Fault {
    word: "duplicate-message",
    doc: "A message in flight arrives twice.",
    takes: &[Takes::Message, LATER],
    usual: USUAL,
    perform: |with, machinery| machinery.meddle(with.message, Meddling::Double(with.span)),
    order: |_| "double a message in flight".to_owned(),
    offers: |seen| match *seen {
        Seen::Message(id) => {
            vec![Offer::breaks(
                "Double it",
                "It arrives twice.",
                '2',
                duplicate_message(id, DOUBLE),
            )]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

pub(super) static DELIVER_NOW: Fault = Fault {
    word: "deliver-now",
    doc: "A message in flight arrives now.",
    takes: &[Takes::Message],
    usual: Arguments::NONE,
    perform: |with, machinery| machinery.meddle(with.message, Meddling::DeliverNow),
    order: |_| "deliver a message in flight at once".to_owned(),
    offers: |seen| match *seen {
        Seen::Message(id) => {
            vec![Offer::mends("Deliver it now", "It arrives at once.", 'n', deliver_now(id))]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

const fn on(fault: &'static Fault, message: EventId, span: Span) -> Action {
    Action { fault, with: Arguments { message, span, ..fault.usual } }
}

/// A message in flight, named by the event of its sending, is lost.
#[must_use]
pub const fn drop_message(message: EventId) -> Action {
    on(&DROP_MESSAGE, message, Span::ZERO)
}

/// A message in flight arrives so much later.
#[must_use]
pub const fn delay_message(message: EventId, by: Span) -> Action {
    on(&DELAY_MESSAGE, message, by)
}

/// A message in flight arrives twice, the second so much after the first.
#[must_use]
pub const fn duplicate_message(message: EventId, by: Span) -> Action {
    on(&DUPLICATE_MESSAGE, message, by)
}

/// A message in flight arrives now.
#[must_use]
pub const fn deliver_now(message: EventId) -> Action {
    on(&DELIVER_NOW, message, Span::ZERO)
}
