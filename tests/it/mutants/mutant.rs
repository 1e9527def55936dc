//! A single-leader node that goes wrong in one way: it hears, or does, something else than the real
//! one. Everything else is delegated to the real one.

use core::fmt::Debug;

use replicarium::engine::base::{NodeId, Position, SimTime};
use replicarium::engine::protocol::{
    Boot, Card, Effect, Effects, Input, MessageFacts, NodeFacts, Policy, Protocol, RecordRef,
    Records,
};
use replicarium::protocols::single_leader::knobs::Knobs;
use replicarium::protocols::single_leader::{Mark, Message, SingleLeader, Timer};

/// What a fault can see of the node that it is in.
#[derive(Clone, Copy)]
pub struct Inside<'a> {
    /// The node's name.
    pub me: NodeId,
    /// The real node.
    pub node: &'a SingleLeader,
}

/// One way of going wrong.
pub trait Fault: Clone + Debug + Default + 'static {
    /// What the node makes of what it is told; `None`: it did not hear.
    fn hear(
        &mut self,
        _inside: Inside<'_>,
        input: Input<SingleLeader>,
        _records: &mut Records,
    ) -> Option<Input<SingleLeader>> {
        Some(input)
    }

    /// What it makes of what is to be done: appended to `done`.
    fn act(
        &mut self,
        _inside: Inside<'_>,
        effect: Effect<SingleLeader>,
        done: &mut Vec<Effect<SingleLeader>>,
    ) {
        done.push(effect);
    }
}

/// A node with a fault.
#[derive(Clone, Debug)]
pub struct Mutant<F: Fault> {
    me: NodeId,
    node: SingleLeader,
    fault: F,
}

impl<F: Fault> Mutant<F> {
    fn pass(&mut self, wishes: Vec<Effect<SingleLeader>>, out: &mut Effects<'_, Self>) {
        let mut done = Vec::new();
        for effect in wishes {
            let inside = Inside { me: self.me, node: &self.node };
            self.fault.act(inside, effect, &mut done);
        }
        for effect in done {
            match effect {
                Effect::Send { to, message } => out.send(to, message),
                Effect::SetTimer { timer, from, to } => out.set_timer_within(timer, from, to),
                Effect::CancelTimer(timer) => out.cancel_timer(timer),
                Effect::Write(frame) => out.write(frame),
                Effect::Flush(mark) => out.flush(mark),
                Effect::Apply { position, arrived } => out.apply(position, arrived),
                Effect::StopApplying => out.stop_applying(),
                Effect::Discard { keep } => out.discard(keep),
                Effect::Reply { id, outcome } => out.reply(id, outcome),
                Effect::Direct(directions) => out.direct(directions),
                Effect::Note(note) => out.note(note),
            }
        }
    }
}

impl<F: Fault> Protocol for Mutant<F> {
    const CARD: Card = SingleLeader::CARD;
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        let Boot { me, nodes, now, knobs, disk, added, applied, service } = *boot;
        let mut wishes = Vec::new();
        let node = SingleLeader::boot(
            &Boot { me, nodes, now, knobs, disk, added, applied, service },
            &mut Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying),
        );
        let mut mutant = Self { me, node, fault: F::default() };
        mutant.pass(wishes, out);
        mutant
    }

    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        let input = match input {
            Input::Message { from, message } => Input::Message { from, message },
            Input::Timer(timer) => Input::Timer(timer),
            Input::Request(request) => Input::Request(request),
            Input::Flushed(mark) => Input::Flushed(mark),
            Input::Applied(position) => Input::Applied(position),
            Input::PeerClosed(node) => Input::PeerClosed(node),
            Input::Admin(order) => Input::Admin(order),
        };
        let inside = Inside { me: self.me, node: &self.node };
        let Some(heard) = self.fault.hear(inside, input, out.records) else { return };
        let mut wishes = Vec::new();
        self.node.step(
            now,
            heard,
            &mut Effects::new(&mut wishes, out.records).at(out.clock).applying(out.applying),
        );
        self.pass(wishes, out);
    }

    fn policy(knobs: &Knobs) -> Policy {
        SingleLeader::policy(knobs)
    }

    fn describe(message: &Message, records: &Records) -> MessageFacts {
        SingleLeader::describe(message, records)
    }

    fn facts(&self) -> NodeFacts {
        self.node.facts()
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        self.node.record_at(position)
    }

    fn state_digest(&self) -> u64 {
        self.node.state_digest()
    }
}
