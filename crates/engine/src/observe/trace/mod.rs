//! The trace: what happened, in order, each event with the event that caused it.
//!
//! It is bounded: when it is full, the oldest events are forgotten and it says so. The digest of
//! the run folds every event, forgotten or not. It does not know what any event means.

mod code;
mod packed;
mod words;

use crate::base::{Chunked, Digest, EventId, SimTime};
use crate::world::Event;
use packed::Packed;

/// Forgetting happens in steps of this many events, so that it costs nothing per event.
const FORGET_AT_ONCE: usize = 4_096;

/// The events of a run.
#[derive(Clone, Debug)]
pub struct Trace {
    // Event number k stands at index k - 1.
    events: Chunked<Packed>,
    limit: usize,
    digest: Digest,
}

impl Trace {
    /// An empty trace that keeps at least the last `limit` events.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { events: Chunked::default(), limit: limit as usize, digest: Digest::default() }
    }

    /// Appends an event. Their numbers have no gaps.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn push(&mut self, event: &Event) {
        debug_assert_eq!(event.id.0 as usize, self.events.len() + 1, "events are counted from 1");
        let packed = Packed::pack(event);
        self.digest.fold(packed.fingerprint());
        self.events.push(packed);
        if self.events.len() - self.events.first() >= self.limit + FORGET_AT_ONCE {
            self.events.forget_before(self.events.len() - self.limit);
        }
    }

    /// The fingerprint of everything that has happened so far: equal on every machine.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// How many events have happened, forgotten ones included.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }

    /// Whether nothing has happened yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether the oldest events were forgotten.
    #[must_use]
    pub fn has_forgotten(&self) -> bool {
        self.events.first() > 0
    }

    /// The oldest event still held.
    #[must_use]
    pub fn oldest(&self) -> Option<Event> {
        self.at(self.events.first())
    }

    /// The newest event.
    #[must_use]
    pub fn newest(&self) -> Option<Event> {
        self.at(self.events.len().checked_sub(1)?)
    }

    /// The event with this number, unless forgotten or still to come.
    #[must_use]
    pub fn get(&self, id: EventId) -> Option<Event> {
        self.at((id.0 as usize).checked_sub(1)?)
    }

    /// When the event with this number happened, unless forgotten or still to come.
    #[must_use]
    pub fn when(&self, id: EventId) -> Option<SimTime> {
        Some(self.events.get((id.0 as usize).checked_sub(1)?)?.at())
    }

    /// The events with `from <= time < to`, in order.
    pub fn window(&self, from: SimTime, to: SimTime) -> impl Iterator<Item = Event> + '_ {
        self.iter_from_index(self.first_at(from)).take_while(move |event| event.at < to)
    }

    /// The events from number `id` on, in order.
    pub fn from_event(&self, id: EventId) -> impl Iterator<Item = Event> + '_ {
        self.iter_from_index((id.0 as usize).saturating_sub(1))
    }

    /// All events still held, in order.
    pub fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        self.iter_from_index(0)
    }

    /// The event, its cause, the cause of that, … until what began by itself or was forgotten.
    pub fn causes(&self, id: EventId) -> impl Iterator<Item = Event> + '_ {
        core::iter::successors(self.get(id), |event| self.get(event.cause))
    }

    /// The last event before `time`.
    #[must_use]
    pub fn last_before(&self, time: SimTime) -> Option<Event> {
        self.at(self.first_at(time).checked_sub(1)?)
    }

    /// Bytes of heap held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.events.heap_bytes()
    }

    fn at(&self, index: usize) -> Option<Event> {
        self.events.get(index).and_then(|packed| packed.unpack(number(index)))
    }

    fn iter_from_index(&self, index: usize) -> impl Iterator<Item = Event> + '_ {
        let start = index.max(self.events.first());
        self.events
            .iter_from(start)
            .enumerate()
            .filter_map(move |(offset, packed)| packed.unpack(number(start + offset)))
    }

    /// Index of the first held event that is not before `time`.
    fn first_at(&self, time: SimTime) -> usize {
        self.events.partition_point(|packed| packed.at() < time)
    }
}

fn number(index: usize) -> EventId {
    EventId(u32::try_from(index + 1).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::NodeId;
    use crate::world::What;

    fn filled(limit: u32, events: u32) -> Trace {
        let mut trace = Trace::new(limit);
        for number in 1..=events {
            trace.push(&Event {
                id: EventId(number),
                at: SimTime::from_micros(u64::from(number / 3) * 10),
                cause: EventId(number / 2),
                what: What::Crashed { node: NodeId(u8::try_from(number % 100).unwrap()) },
            });
        }
        trace
    }

    #[test]
    fn a_window_holds_exactly_the_events_of_its_time() {
        let trace = filled(1 << 20, 1_000);
        let ids: Vec<u32> = trace
            .window(SimTime::from_micros(1_000), SimTime::from_micros(1_020))
            .map(|event| event.id.0)
            .collect();
        assert_eq!(ids, vec![300, 301, 302, 303, 304, 305]);
        assert_eq!(trace.last_before(SimTime::from_micros(1_000)).unwrap().id, EventId(299));
    }

    #[test]
    fn the_oldest_are_forgotten_and_the_rest_keep_their_numbers() {
        let trace = filled(1_000, 20_000);
        assert!(trace.has_forgotten());
        assert_eq!(trace.get(EventId(100)), None);
        assert_eq!(trace.get(EventId(19_500)).unwrap().id, EventId(19_500));
        let held = trace.iter().count();
        assert!((1_000..=1_000 + FORGET_AT_ONCE + 256).contains(&held), "{held}");
        assert_eq!(trace.iter().next(), trace.oldest());
        assert_eq!(trace.newest().unwrap().id, EventId(20_000));
    }

    #[test]
    fn forgetting_does_not_change_the_digest() {
        assert_eq!(filled(1_000, 20_000).digest(), filled(1 << 20, 20_000).digest());
        assert_ne!(filled(1_000, 20_000).digest(), filled(1_000, 19_999).digest());
    }

    #[test]
    fn causes_lead_back_to_what_began_by_itself() {
        let trace = filled(1_000, 100);
        let chain: Vec<u32> = trace.causes(EventId(100)).map(|event| event.id.0).collect();
        assert_eq!(chain, vec![100, 50, 25, 12, 6, 3, 1]);
    }
}
