//! Majority promotion: a follower that hears nothing asks the others for their votes (Raft,
//! section 5.2), and gets them only if its log is up to date (section 5.4.1).

use super::knobs::{Choose, Promote};
use super::message::Message;
use super::role::{Candidate, Role, bit};
use super::{Mark, SingleLeader, Timer};
use engine::base::{Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::parts::frame::Reign;
use engine::protocol::parts::quorum::majority;
use engine::protocol::{Effects, Note};

impl SingleLeader {
    /// The leader was silent for too long: take it for dead.
    pub(super) fn on_silence(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(follower) = &mut self.role else { return };
        if self.reign.fresh {
            return self.arm_silence(now, out);
        }
        follower.suspects_since = Some(now);
        if let Some(leader) = follower.leader {
            out.note(Note::Suspected { leader, epoch: self.reign.epoch });
        }
        match self.knobs.failover.promote {
            Promote::ByHand => {}
            Promote::FirstToNotice => self.begin_survey(now, out),
            Promote::Majority => self.seek_votes(now, out),
        }
    }

    /// Asks for votes in the next epoch, as soon as the own vote is durable.
    pub(super) fn begin_campaign(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let epoch = self.reign.next_epoch();
        self.role = Role::Candidate(Candidate { votes: 0, asked: now });
        let reign = Reign { epoch, voted_for: Some(self.me), leading: false, ..self.reign };
        self.set_reign(reign, Mark::Candidacy(epoch), out);
        out.note(Note::AskedForVotes { epoch });
        let (from, to) = self.election_range();
        out.set_timer_within(Timer::Election, from, to);
    }

    pub(super) fn on_candidacy_flushed(
        &mut self,
        now: SimTime,
        epoch: Epoch,
        out: &mut Effects<'_, Self>,
    ) {
        let end = self.reach();
        let Role::Candidate(candidate) = &mut self.role else { return };
        if self.reign.epoch != epoch {
            return;
        }
        candidate.votes |= bit(self.me);
        candidate.asked = now;
        for node in self.others() {
            out.send(node, Message::VoteRequest { epoch, last: end.position, of: end.epoch });
        }
        self.count_votes(now, out);
    }

    /// The range from which silence and elections are drawn. Under a fixed priority each rank
    /// waits one spread longer than the one before, so that the first one alive asks first.
    pub(super) fn election_range(&self) -> (Span, Span) {
        let (from, to) = self.knobs.failover.election_timeout;
        match &self.knobs.failover.choose {
            Choose::MostUpToDate => (from, to),
            Choose::Priority(_) => {
                let wait =
                    (to - from).max(self.knobs.failover.heartbeat).times(self.rank(self.me).into());
                (from + wait, from + wait)
            }
        }
    }

    /// A node's place in the priority list; nodes not named come last, in order.
    pub(super) fn rank(&self, node: NodeId) -> u16 {
        let Choose::Priority(list) = &self.knobs.failover.choose else { return 0 };
        let named = list.iter().position(|named| *named == node);
        let unnamed = || {
            let before = (0..node.0).map(NodeId).filter(|other| !list.contains(other));
            list.len() + before.count()
        };
        u16::try_from(named.unwrap_or_else(unnamed)).unwrap_or(u16::MAX)
    }

    /// Whether a vote for a later epoch may be given at all: not while a leader was heard lately,
    /// for that leader counts on it (Raft, section 6, and its leases), nor soon after another vote,
    /// for its candidate may lead by now and counts on it too. Without leader stickiness neither
    /// counts.
    pub(super) fn may_vote_anew(&self, now: SimTime) -> bool {
        let sticky = self.knobs.failover.leader_stickiness;
        match &self.role {
            Role::Leader(leader) => self.knobs.failover.fencing && !(sticky && leader.lease_held),
            Role::Follower(_) => self.leader_is_quiet(now),
            Role::Candidate(_) => true,
            Role::Surveyor(_) | Role::Stranded(_) => false,
        }
    }

    /// The same for a vote in this epoch: not in one that this node has had a part in before.
    pub(super) fn may_vote(&self, now: SimTime, epoch: Epoch) -> bool {
        epoch >= self.reign.next_epoch() && self.may_vote_anew(now)
    }

    fn leader_is_quiet(&self, now: SimTime) -> bool {
        let sticky = self.knobs.failover.leader_stickiness;
        !sticky || now.since(self.heard_leader) >= self.lease()
    }

    /// Somebody asks for a vote.
    pub(super) fn on_vote_request(
        &mut self,
        now: SimTime,
        from: NodeId,
        last: Position,
        of: Epoch,
        out: &mut Effects<'_, Self>,
    ) {
        // A later epoch got past `may_vote_anew`; its number is entered whatever the vote.
        let epoch = self.reign.epoch;
        let given = self.would_vote(now, from, last, of);
        if !given {
            return out.send(from, Message::Vote { epoch, given: false });
        }
        self.heard_leader = now;
        if let Role::Follower(follower) = &mut self.role
            && follower.poll.take().is_some()
        {
            out.cancel_timer(Timer::Election);
        }
        let reign = Reign { voted_for: Some(from), leading: false, ..self.reign };
        self.set_reign(reign, Mark::Vote(from, epoch), out);
        out.note(Note::Voted { candidate: from, epoch });
        self.arm_silence(now, out);
    }

    fn would_vote(&self, now: SimTime, candidate: NodeId, last: Position, of: Epoch) -> bool {
        let Role::Follower(follower) = &self.role else { return false };
        let free = match self.reign.voted_for {
            Some(voted) => voted == candidate,
            None => self.leader_is_quiet(now),
        };
        // A node that has thrown its data away cannot vouch for what it had confirmed. One that
        // never had any has confirmed nothing.
        let knows = !self.reign.emptied && follower.leader.is_none();
        free && knows && self.is_up_to_date(last, of)
    }

    /// Raft, section 5.4.1: the later epoch of the last record wins, then the longer log. Under a
    /// fixed priority nobody asks how old a candidate's data is.
    pub(super) fn is_up_to_date(&self, last: Position, of: Epoch) -> bool {
        match self.knobs.failover.choose {
            Choose::Priority(_) => true,
            Choose::MostUpToDate => {
                let own = self.reach();
                (of, last) >= (own.epoch, own.position)
            }
        }
    }

    /// A vote came in.
    pub(super) fn on_vote(
        &mut self,
        now: SimTime,
        from: NodeId,
        given: bool,
        out: &mut Effects<'_, Self>,
    ) {
        let Role::Candidate(candidate) = &mut self.role else { return };
        if given {
            candidate.votes |= bit(from);
            self.count_votes(now, out);
        }
    }

    fn count_votes(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Candidate(candidate) = &self.role else { return };
        if candidate.votes.count_ones() >= u32::from(majority(self.nodes)) {
            let (votes, asked) = (candidate.votes, candidate.asked);
            self.begin_reign(now, votes, asked, out);
        }
    }

    /// The election, the question before it, or the survey took too long.
    pub(super) fn on_election_over(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        match &self.role {
            Role::Candidate(_) => self.seek_votes(now, out),
            Role::Follower(follower) if follower.poll.is_some() => self.seek_votes(now, out),
            Role::Surveyor(_) => self.appoint_the_best(now, out),
            Role::Leader(_) | Role::Follower(_) | Role::Stranded(_) => {}
        }
    }
}
