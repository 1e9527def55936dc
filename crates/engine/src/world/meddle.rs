//! The fate of a message in flight, changed by somebody's hand.

use crate::base::{EventId, SimTime};
use crate::protocol::Protocol;

use super::event::{Dropped, Refused, What};
use super::fault::{Done, Meddling};
use super::pending::Pending;
use super::state::World;
use super::watch::Observer;

impl<P: Protocol, O: Observer> World<P, O> {
    /// Changes the fate of the message that the event `message` sent.
    pub(super) fn change_fate(&mut self, message: EventId, how: Meddling) -> Done {
        let named =
            |pending: &Pending<P>| matches!(pending, Pending::Message(f) if f.sent_by == message);
        let mut found = self.queue.take_all(named);
        if found.is_empty() {
            return Err((None, Refused::NotInFlight));
        }
        let event = self.emit(What::Meddled { message }, message);
        let (at, pending) = found.remove(0);
        for (moment, double) in found {
            self.queue.push(moment, double);
        }
        let at: SimTime = at.time();
        match how {
            Meddling::Drop => self.never_arrives(pending, Dropped::ByHand, event),
            Meddling::Delay(by) => self.queue.push(self.sequence.at(at + by), pending),
            Meddling::DeliverNow => self.queue.push(self.sequence.at(self.now), pending),
            Meddling::Double(by) => {
                self.queue.push(self.sequence.at(at), pending.clone());
                self.queue.push(self.sequence.at(at + by), pending);
            }
        }
        Ok(())
    }
}
