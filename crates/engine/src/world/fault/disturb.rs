//! A link loses, doubles and delays what passes on it, one way.

use super::{Action, Arguments, Fault, Offer, Seen, Takes};
use crate::base::Span;
use crate::base::number::span;
use crate::world::Target;

/// Share of messages that a link loses which a reader disturbs.
const LOSS: f64 = 0.3;
/// How much longer a link takes that a reader slows.
const LONGER: Span = Span::from_millis(100);

pub(super) static DISTURB: Fault = Fault {
    word: "disturb",
    doc: "From now on a link loses, doubles and delays.",
    takes: &[
        Takes::Link,
        Takes::Loss("loss", "Share that is lost."),
        Takes::Duplicate("duplicate", "Share that arrives twice."),
        Takes::Span("extra_ms", "Added delay."),
    ],
    usual: Arguments::NONE,
    perform: |with, machinery| {
        let (from, to) = machinery.ends(with.node, with.to)?;
        machinery.disturb(from, to, with.loss, with.duplicate, with.span);
        Ok(())
    },
    order: |with| {
        let (from, to) = (with.node.words(), with.to.words());
        format!("from {from} to {to}: {}", disturbance(with))
    },
    offers: |seen| match seen {
        Seen::Link(link) if !link.disturbed => {
            let (from, to) = (Target::Node(link.a), Target::Node(link.b));
            let lose = disturb(from, to, LOSS, 0.0, Span::ZERO);
            let slow = disturb(from, to, 0.0, 0.0, LONGER);
            vec![
                Offer::breaks(
                    "Lose messages",
                    "Three of ten messages one way get lost.",
                    'l',
                    lose,
                ),
                Offer::breaks("Slow it", "Each message one way takes 100 ms longer.", 's', slow),
            ]
        }
        _ => Vec::new(),
    },
    brings_back: false,
};

fn disturbance(with: &Arguments) -> String {
    let mut parts = Vec::new();
    if with.loss > 0.0 {
        parts.push(format!("lose {}", percent(with.loss)));
    }
    if with.duplicate > 0.0 {
        parts.push(format!("double {}", percent(with.duplicate)));
    }
    if with.span > Span::ZERO {
        parts.push(format!("delay by {}", span(with.span)));
    }
    if parts.is_empty() { "disturb nothing".to_owned() } else { parts.join(", ") }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability")]
fn percent(share: f64) -> String {
    format!("{} %", (share.clamp(0.0, 1.0) * 100.0 + 0.5) as u32)
}

/// From now on the link loses, doubles and delays like this, not the way back, whatever disturbed it before.
/// `loss` and `duplicate` are probabilities in place of the setup's, `extra` is added to each delay.
#[must_use]
pub const fn disturb(from: Target, to: Target, loss: f64, duplicate: f64, extra: Span) -> Action {
    let with = Arguments { node: from, to, loss, duplicate, span: extra, ..DISTURB.usual };
    Action { fault: &DISTURB, with }
}
