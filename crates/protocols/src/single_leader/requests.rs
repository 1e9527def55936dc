//! What a node does when a client asks, and what readers may see of it.

use super::knobs::{Detect, Mode};
use super::message::Message;
use super::role::{Feeding, Role, Unapplied, Waiting};
use super::{Mark, SingleLeader};
use engine::base::{NodeId, OpId, Position, SimTime};
use engine::protocol::facts::{Feeding as FeedingFacts, FollowerFacts, WaitingFacts};
use engine::protocol::note::{NodeLimit, StepDown};
use engine::protocol::parts::frame;
use engine::protocol::parts::phi::Accrual;
use engine::protocol::record::transfer;
use engine::protocol::{
    Command, Effects, FrameRef, NodeFacts, Note, Outcome, Post, Record, RecordRef, Request,
    Role as RoleFacts, client::Refusal,
};

/// Requests that may wait at a leader.
const MOST_WAITING: usize = 100_000;

impl SingleLeader {
    #[inline]
    pub(super) fn on_request(
        &mut self,
        now: SimTime,
        request: Request,
        out: &mut Effects<'_, Self>,
    ) {
        let fencing = self.knobs.failover.fencing;
        if fencing && request.epoch > self.reign.epoch && matches!(self.role, Role::Leader(_)) {
            // The client has heard of a later leader: this one must not take anything any more.
            self.enter_epoch(now, request.epoch, StepDown::ToldByClient, out);
        }
        match request.command {
            Command::Write { .. } | Command::Swap { .. } | Command::Transfer { .. } => {
                self.on_write(now, request, out);
            }
            Command::Read { key, at_leader } => {
                let outcome = self.read(now, key, (at_leader, request.seen), out);
                out.reply(request.id, outcome);
            }
        }
    }

    fn read(
        &mut self,
        now: SimTime,
        key: engine::base::Key,
        (at_leader, seen): (bool, Position),
        out: &mut Effects<'_, Self>,
    ) -> Outcome {
        let epoch = self.reign.epoch;
        let leads = matches!(self.role, Role::Leader(_));
        let serves = leads && self.serves();
        if at_leader && !leads {
            return Outcome::NotLeader { post: Post::Leader, leader: self.leader(), epoch };
        }
        if leads && !self.holds_lease(now, out) {
            return Outcome::Unavailable { why: Refusal::LeaseOver, epoch };
        }
        if at_leader && !serves {
            return Outcome::Unavailable { why: Refusal::Applying, epoch };
        }
        if self.reign.fresh {
            return Outcome::Unavailable { why: Refusal::Copying, epoch };
        }
        let slot = self.data.get(key);
        let applied = self.data.applied();
        // What a leader lacks was lost when it began to lead: nobody else has it.
        if !serves && applied < seen {
            return Outcome::Unavailable { why: Refusal::Behind, epoch };
        }
        Outcome::Value { value: slot.value, version: slot.version, applied, epoch }
    }

    #[inline]
    fn on_write(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let epoch = self.reign.epoch;
        if !matches!(self.role, Role::Leader(_)) {
            let (post, leader) = (Post::Leader, self.leader());
            return out.reply(request.id, Outcome::NotLeader { post, leader, epoch });
        }
        if !self.holds_lease(now, out) {
            let why = Refusal::LeaseOver;
            return out.reply(request.id, Outcome::Unavailable { why, epoch });
        }
        if !self.serves() {
            let why = Refusal::Applying;
            return out.reply(request.id, Outcome::Unavailable { why, epoch });
        }
        let known = self.already_written(&request);
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.waiting.len() >= MOST_WAITING {
            out.note(Note::Limit(NodeLimit::Waiting));
            return out.reply(request.id, Outcome::Unavailable { why: Refusal::Busy, epoch });
        }
        match known {
            Some(position) if position <= self.answerable() => {
                out.reply(request.id, Outcome::Written { position, epoch });
            }
            Some(position) => self.owe(now, position, (request, true), out),
            None if request.idempotent
                && self.data.may_have_forgotten(request.client, request.number) =>
            {
                // To write it might be to write it twice.
                out.reply(request.id, Outcome::Unavailable { why: Refusal::TooOld, epoch });
            }
            None if self.too_few_in_step() => {
                let why = Refusal::TooFewInStep;
                out.reply(request.id, Outcome::Unavailable { why, epoch });
            }
            None if !self.condition_holds(request.command, out) => {
                self.not_equal(now, request, out)
            }
            None => self.take_write(now, request, out),
        }
    }

    /// Whether a write may be taken as far as its own condition goes: a compare-and-set looks at what
    /// the key will be once everything in the log is applied. Nothing can come between, since this
    /// leader alone appends.
    fn condition_holds(&self, command: Command, out: &Effects<'_, Self>) -> bool {
        let Command::Swap { key, expected, .. } = command else { return true };
        let mut data = self.data.clone();
        while let Some(reference) = self.log.get(data.applied().next()) {
            let Some(record) = out.records.get(reference) else { break };
            data.apply(reference, record);
        }
        data.get(key).value == expected
    }

    /// A compare-and-set found another value. Its client is told once that value is committed: what a
    /// change of leaders may still take back must not be the reason.
    fn not_equal(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let position = self.log.last();
        if position > self.committed {
            return self.owe(now, position, (request, false), out);
        }
        let (why, epoch) = (Refusal::NotEqual, self.reign.epoch);
        out.reply(request.id, Outcome::Unavailable { why, epoch });
    }

    /// Where this write of this session stands already, if an earlier attempt was taken.
    fn already_written(&self, request: &Request) -> Option<Position> {
        let Role::Leader(leader) = &self.role else { return None };
        let highest = leader.highest.get(request.client.index()).copied().unwrap_or(0);
        if !request.idempotent || request.number > highest {
            return None;
        }
        self.find_unapplied(request).or_else(|| self.data.find(request.client, request.number))
    }

    /// The same among writes that are not applied yet: newest first.
    fn find_unapplied(&self, request: &Request) -> Option<Position> {
        let Role::Leader(leader) = &self.role else { return None };
        let same = |w: &&Unapplied| (w.client, w.number) == (request.client, request.number);
        leader.unapplied.iter().rev().find(same).map(|write| write.position)
    }

    /// Puts a write into the log and ships it.
    #[inline]
    fn take_write(&mut self, now: SimTime, request: Request, out: &mut Effects<'_, Self>) {
        let (key, value, bytes) = match request.command {
            Command::Write { key, value, bytes } | Command::Swap { key, value, bytes, .. } => {
                (key, value, bytes)
            }
            Command::Transfer { from, to, amount } => (from, transfer(to, amount), 0),
            Command::Read { .. } => return,
        };
        let number = if request.idempotent { request.number } else { 0 };
        let record = Record {
            position: self.log.last().next(),
            epoch: self.reign.epoch,
            op: request.id.op,
            client: request.client,
            number,
            key,
            value,
            value_bytes: bytes,
            parent: RecordRef::NONE,
            chain: 0,
            frame: FrameRef::default(),
        };
        let position = self.append(record, out);
        if let (Role::Leader(leader), true) = (&mut self.role, number > 0) {
            leader.remember(Unapplied { client: request.client, number, position });
        }
        out.note(Note::Appended { op: request.id.op, position });
        self.owe(now, position, (request, true), out);
        self.ship(out);
        // With a disk that takes no time, or `on: received` without followers, this may be it.
        self.advance_commit(now, out);
    }

    /// Appends a record of the own epoch: to the log, to the disk, and asks for the flush.
    pub(super) fn append(&mut self, draft: Record, out: &mut Effects<'_, Self>) -> Position {
        let end = self.log.end();
        let chain = draft.chain_after(end.chain);
        let record = Record { parent: end.record, chain, ..draft };
        let reference = frame::write_record(out.records, record);
        let extent = self.extents;
        if let Some(record) = out.records.get(reference) {
            self.log.push(reference, record, extent);
            let frame = record.frame;
            self.write(frame, out);
        }
        out.flush(Mark::Log { position: record.position, era: self.era });
        record.position
    }

    /// The mark that opens an epoch.
    pub(super) fn epoch_mark(&self) -> Record {
        Record {
            position: self.log.last().next(),
            epoch: self.reign.epoch,
            op: OpId::NONE,
            client: engine::base::ClientId(0),
            number: 0,
            key: engine::base::Key(0),
            value: 0,
            value_bytes: 0,
            parent: RecordRef::NONE,
            chain: 0,
            frame: FrameRef::default(),
        }
    }

    #[inline]
    fn owe(
        &mut self,
        now: SimTime,
        position: Position,
        (request, saved): (Request, bool),
        out: &mut Effects<'_, Self>,
    ) {
        let Role::Leader(leader) = &mut self.role else { return };
        let waiting = Waiting { position, id: request.id, since: now, saved };
        let place =
            leader.waiting.iter().rposition(|w| w.position <= position).map_or(0, |i| i + 1);
        leader.waiting.insert(place, waiting);
        self.arm_degrade(now, out);
    }

    pub(super) fn describe_node(&self) -> NodeFacts {
        let (role, snapshot, suspects_since) = match &self.role {
            Role::Leader(_) => (RoleFacts::Leader, None, None),
            Role::Follower(f) => {
                let copying = self.reign.fresh || f.incoming.is_some();
                let role = if copying { RoleFacts::CatchingUp } else { RoleFacts::Follower };
                let bytes = f.incoming.as_ref().filter(|i| i.read_at.is_empty());
                (role, bytes.map(|i| (i.got, i.total)), f.suspects_since)
            }
            Role::Candidate(c) => (RoleFacts::Candidate, None, Some(c.asked)),
            Role::Surveyor(s) => (RoleFacts::Candidate, None, Some(s.since)),
            Role::Stranded(_) => (RoleFacts::Stranded, None, None),
        };
        let degraded = matches!(&self.role, Role::Leader(leader) if leader.degraded);
        NodeFacts {
            role,
            epoch: self.reign.epoch,
            leader: self.leader(),
            accepts_writes: self.accepts_writes(),
            authority: role == RoleFacts::Leader,
            row: Vec::new(),
            base: self.log.base(),
            last: self.log.last(),
            flushed: self.flushed,
            committed: self.committed,
            applied: self.data.applied(),
            snapshot,
            followers: self.describe_followers(),
            waiting: self.describe_waiting(),
            degraded,
            store: None,
            suspects_since,
            accrual: self.accrual(),
            pages: self.describe_pages(),
            accounts: self.data.accounts(),
            applies_first: self.applies_first(),
        }
    }

    /// Whether it would take a write now.
    pub(super) fn accepts_writes(&self) -> bool {
        self.serves() && matches!(&self.role, Role::Leader(leader) if leader.lease_held)
    }

    /// How this follower's suspicion grows, where it accumulates.
    fn accrual(&self) -> Option<Accrual> {
        let Detect::Phi(phi) = self.knobs.failover.detect else { return None };
        let Role::Follower(follower) = &self.role else { return None };
        follower.arrivals.expect(&phi)
    }

    fn describe_followers(&self) -> Vec<FollowerFacts> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        let facts = |node: NodeId| {
            let progress = leader.progress.get(node.index())?;
            let feeding = match progress.feeding {
                Feeding::Unknown => FeedingFacts::Unknown,
                Feeding::GivenUp => FeedingFacts::GivenUp,
                Feeding::Log if progress.caught_up => FeedingFacts::Streaming,
                Feeding::Log => FeedingFacts::CatchingUp,
                Feeding::Snapshot(outgoing) => {
                    FeedingFacts::Snapshot { sent: outgoing.confirmed, of: outgoing.frame.len }
                }
                Feeding::Files(files) => {
                    FeedingFacts::Files { sent: files.confirmed.min(files.pages), of: files.pages }
                }
            };
            Some(FollowerFacts {
                node,
                feeding,
                synchronous: leader.synchronous & super::role::bit(node) != 0,
                received: progress.received,
                flushed: progress.flushed,
                applied: progress.applied,
                heard: progress.heard,
            })
        };
        self.others().filter_map(facts).collect()
    }

    fn describe_waiting(&self) -> Option<WaitingFacts> {
        let Role::Leader(leader) = &self.role else { return None };
        let oldest = leader.waiting.front()?;
        let behind = |node: &NodeId| {
            leader.progress.get(node.index()).is_some_and(|p| self.confirmed(p) < oldest.position)
        };
        let asked = |node: &NodeId| match self.knobs.acknowledge.mode {
            Mode::Asynchronous => false,
            Mode::SemiSyncAny(_) => true,
            Mode::SemiSyncFirst(..) | Mode::Synchronous | Mode::InSync(_) => {
                leader.synchronous & super::role::bit(*node) != 0
            }
        };
        Some(WaitingFacts {
            nodes: self.others().filter(asked).filter(behind).collect(),
            needed: self.needed(),
            since: oldest.since,
            writes: u32::try_from(leader.waiting.len()).unwrap_or(u32::MAX),
        })
    }
}

impl Message {
    /// A confirmation of how far a node's log agrees with its leader's.
    #[inline]
    pub(super) fn confirm(node: &SingleLeader) -> Self {
        let since = match &node.role {
            Role::Follower(follower) => follower.since,
            Role::Leader(_) | Role::Candidate(_) | Role::Surveyor(_) | Role::Stranded(_) => {
                SimTime::NEVER
            }
        };
        Self::Confirm {
            epoch: node.reign.epoch,
            since,
            received: node.log.last(),
            flushed: node.flushed,
            applied: node.data.applied(),
        }
    }
}
