//! Asking first (pre-vote): a node that takes its leader for dead begins an epoch only if a majority
//! would vote for it. So a node that was away or half cut off does not come back with a higher epoch
//! and depose a leader that all others hear (Ongaro, *Consensus: Bridging Theory and Practice*,
//! section 9.6; etcd since 3.4). And how a candidate that nobody heard comes back without fencing.

use super::SingleLeader;
use super::message::Message;
use super::role::{Follower, Poll, Role, bit};
use super::{Mark, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime};
use engine::protocol::note::{PreVoteRefusal, StepDown};
use engine::protocol::parts::frame::Reign;
use engine::protocol::parts::quorum::majority;
use engine::protocol::{Effects, Note};

impl SingleLeader {
    /// Seeks to become the leader: asks first, or asks for votes at once, as the knob says.
    pub(super) fn seek_votes(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        if self.knobs.failover.pre_vote {
            self.begin_poll(now, out);
        } else {
            self.begin_campaign(now, out);
        }
    }

    /// Whether it takes part in no epoch that somebody leads, and seeks votes.
    pub(super) fn seeks_votes(&self) -> bool {
        match &self.role {
            Role::Candidate(_) => true,
            Role::Follower(follower) => follower.leader.is_none() && follower.poll.is_some(),
            Role::Leader(_) | Role::Surveyor(_) | Role::Stranded(_) => false,
        }
    }

    /// Asks all others whether they would vote for it in the next epoch. It stays the follower that
    /// it is: its epoch, its vote and its place in the leader's log are as they were.
    fn begin_poll(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let (epoch, end) = (self.reign.next_epoch(), self.reach());
        if let Role::Candidate(_) = self.role {
            let suspects_since = Some(now);
            self.role = Role::Follower(Follower { suspects_since, ..Follower::of(None, now) });
        }
        let Role::Follower(follower) = &mut self.role else { return };
        follower.poll = Some(Box::new(Poll { epoch, votes: bit(self.me) }));
        out.note(Note::AskedForPreVotes { epoch });
        for node in self.others() {
            out.send(node, Message::PreVoteRequest { epoch, last: end.position, of: end.epoch });
        }
        let (from, to) = self.election_range();
        out.set_timer_within(Timer::Election, from, to);
        self.count_pre_votes(now, out);
    }

    /// Somebody asks whether this node would vote for it. The answer binds nobody.
    pub(super) fn on_pre_vote_request(
        &mut self,
        now: SimTime,
        from: NodeId,
        epoch: Epoch,
        end: (Position, Epoch),
        out: &mut Effects<'_, Self>,
    ) {
        let Some(why) = self.reason_against(now, epoch, end) else {
            return out.send(from, Message::PreVote { epoch, given: true });
        };
        out.note(Note::RefusedPreVote { candidate: from, why });
        out.send(from, Message::PreVote { epoch: self.reign.highest(), given: false });
    }

    /// Why this node would not vote for somebody in `epoch` whose log ends there, if it would not.
    fn reason_against(
        &self,
        now: SimTime,
        epoch: Epoch,
        (last, of): (Position, Epoch),
    ) -> Option<PreVoteRefusal> {
        if !self.may_vote_anew(now) {
            let leader = self.leader();
            return Some(leader.map_or(PreVoteRefusal::Bound, PreVoteRefusal::HearsLeader));
        }
        if epoch < self.reign.next_epoch() {
            return Some(PreVoteRefusal::LaterEpoch);
        }
        if self.reign.emptied {
            return Some(PreVoteRefusal::Emptied);
        }
        (!self.is_up_to_date(last, of)).then_some(PreVoteRefusal::LogBehind)
    }

    /// Somebody says whether it would vote for this node.
    pub(super) fn on_pre_vote(
        &mut self,
        now: SimTime,
        from: NodeId,
        epoch: Epoch,
        given: bool,
        out: &mut Effects<'_, Self>,
    ) {
        let Role::Follower(Follower { poll: Some(poll), suspects_since, .. }) = &mut self.role
        else {
            return;
        };
        if given && poll.epoch == epoch {
            poll.votes |= bit(from);
            return self.count_pre_votes(now, out);
        }
        if !given && epoch > self.reign.epoch {
            // Others are in a later epoch, in which this node has to ask.
            let since = *suspects_since;
            self.enter_epoch(now, epoch, StepDown::LaterEpoch { by: from }, out);
            if let Role::Follower(follower) = &mut self.role {
                follower.suspects_since = since;
            }
            out.cancel_timer(Timer::Silence);
            self.begin_poll(now, out);
        }
    }

    fn count_pre_votes(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(follower) = &self.role else { return };
        let votes = follower.poll.as_ref().map_or(0, |poll| poll.votes.count_ones());
        if votes >= u32::from(majority(self.nodes)) {
            self.begin_campaign(now, out);
        }
    }

    /// Without fencing nobody turns away an older epoch: who seeks votes in a later one and hears a
    /// leader follows it in its epoch, and remembers up to where it has had a part. (With fencing it
    /// turns that leader away, which frees it as well: etcd's pull request 5468.)
    pub(super) fn rejoin(&mut self, now: SimTime, epoch: Epoch, out: &mut Effects<'_, Self>) {
        let seen = self.reign.highest();
        let reign = Reign { epoch, voted_for: None, leading: false, seen, ..self.reign };
        self.set_reign(reign, Mark::Reign, out);
        self.become_follower(now, out);
    }
}

/// Why a leader stops that is sent this from a later epoch.
pub(super) fn why_step_down(from: NodeId, message: &Message) -> StepDown {
    match message {
        Message::Fence { leader, .. } => StepDown::TurnedAway { by: from, leader: *leader },
        Message::VoteRequest { .. } => StepDown::AskedForVote { by: from },
        leads if leads.is_from_leader() => StepDown::Replaced { by: from },
        _ => StepDown::LaterEpoch { by: from },
    }
}
