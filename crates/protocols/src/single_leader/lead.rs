//! Leading: beginning a reign, heartbeats, being ordered to lead.

use std::collections::VecDeque;

use super::message::Message;
use super::role::{Feeding, Leader, Progress, Role, Unapplied};
use super::{Mark, SingleLeader, Timer};
use engine::base::{NodeId, Position, SimTime, Span};
use engine::protocol::parts::frame::Reign;
use engine::protocol::{Effects, Note, Records};

impl SingleLeader {
    /// Begins to lead in the present epoch. `voters` are the nodes whose votes were asked for at
    /// `asked`: having voted, they count as having been heard.
    pub(super) fn begin_reign(
        &mut self,
        now: SimTime,
        voters: u128,
        asked: SimTime,
        out: &mut Effects<'_, Self>,
    ) {
        self.settle_backlog(out);
        let reign = Reign { leading: true, fresh: false, emptied: false, ..self.reign };
        self.set_reign(reign, Mark::Reign, out);
        self.led_in = Some(self.reign.epoch);
        out.note(Note::Promoted { epoch: self.reign.epoch, position: self.log.last() });
        let mut leader = self.new_leader(now, out.records);
        leader.found = self.found(out.applying);
        for (node, progress) in (0_u8..).map(NodeId).zip(&mut leader.progress) {
            if voters & super::role::bit(node) != 0 {
                progress.answered = asked;
            }
        }
        leader.reign_starts = self.log.last().next();
        self.role = Role::Leader(Box::new(leader));
        out.cancel_timer(Timer::Silence);
        out.cancel_timer(Timer::Election);
        let mark = self.epoch_mark();
        self.append(mark, out);
        self.note_synchronous(out);
        out.set_timer(Timer::Heartbeat, Span::ZERO);
    }

    pub(super) fn new_leader(&self, now: SimTime, records: &Records) -> Leader {
        let unapplied: VecDeque<Unapplied> = (self.data.applied().0 + 1..=self.log.last().0)
            .filter_map(|position| records.get(self.log.get(Position(position))?))
            .filter(|record| record.number > 0)
            .map(|r| Unapplied { client: r.client, number: r.number, position: r.position })
            .collect();
        let mut leader = Leader {
            // Under synchronous replication a new leader must wait for every other node: any of
            // them may have been waited for by its predecessor.
            progress: (0..self.nodes).map(|_| Progress::unknown(now, true)).collect(),
            waiting: VecDeque::new(),
            reign_starts: Position::ZERO,
            degraded: false,
            rearm_at: Position::ZERO,
            degrade_armed: false,
            piece_armed: false,
            lease_held: true,
            highest: self.data.highest_numbers(),
            unapplied: VecDeque::new(),
            found: Position::ZERO,
            synchronous: 0,
        };
        unapplied.into_iter().for_each(|write| leader.remember(write));
        leader
    }

    /// Time to say "I am alive" and to look after the followers.
    pub(super) fn on_heartbeat_due(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let (epoch, committed, stamp) = (self.reign.epoch, self.committed, out.clock);
        let Role::Leader(leader) = &self.role else { return };
        for node in self.others() {
            let progress = leader.progress.get(node.index());
            let greet =
                progress.is_none_or(|p| matches!(p.feeding, Feeding::Unknown | Feeding::GivenUp));
            out.send(node, Message::Heartbeat { epoch, committed, sent: now, stamp, greet });
        }
        out.set_timer(Timer::Heartbeat, self.knobs.failover.heartbeat);
        self.look_after(now, out);
        self.holds_lease(now, out);
    }

    /// An administrator orders this node to lead: PostgreSQL's `pg_promote`.
    pub(super) fn on_ordered_to_lead(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        if matches!(self.role, Role::Leader(_)) {
            return;
        }
        let epoch = self.reign.next_epoch();
        self.reign = Reign { epoch, voted_for: Some(self.me), ..self.reign };
        // The administrator vouches for the others: the lease begins as if all had answered.
        self.begin_reign(now, u128::MAX, now, out);
    }
}
