//! # Single-leader replication
//!
//! **The problem.** Several machines shall hold the same data, so that it survives the loss of one
//! and can be read from many.
//!
//! **The idea.** One node, the leader, takes all writes and puts them into its log, one after the
//! other. The log is shipped to the followers, who apply it in the same order. When the leader
//! falls silent for too long, a follower takes its place in a new epoch.
//!
//! **What it gives up.** Writes stop while nobody leads. How many followers must confirm before a
//! client is told "saved" is a choice between latency, availability and loss: nobody
//! (asynchronous), some (semi-synchronous), all (synchronous).
//!
//! **Sources.** Kleppmann, *Designing Data-Intensive Applications*, chapter 5; the PostgreSQL
//! manual (log-shipping standby servers, `synchronous_standby_names`, replication slots); the MySQL
//! manual (semi-synchronous replication); Ongaro and Ousterhout, *In Search of an Understandable
//! Consensus Algorithm* (votes, the up-to-date check, epochs, which it calls terms); Ongaro,
//! *Consensus: Bridging Theory and Practice* (pre-vote, leader stickiness, leases).
//!
//! The parent module of this one knows no other protocol, and this one knows no world.

mod acknowledge;
mod applying;
mod boot;
mod catch_up;
mod controls;
mod copy_files;
mod election;
mod feed;
mod fields;
mod follow;
pub mod knobs;
mod lead;
mod message;
#[cfg(test)]
mod paper_tests;
mod pre_vote;
pub mod presets;
mod requests;
mod retention;
mod role;
#[cfg(test)]
mod step_tests;
mod survey;

pub use message::{Batch, Message};

use engine::base::{Epoch, NodeId, Position, SimTime, Span};
use engine::protocol::facts::{Extent, Pages};
use engine::protocol::note::StepDown;
use engine::protocol::parts::backlog::Backlog;
use engine::protocol::parts::{Data, Log, frame};
use engine::protocol::{
    Admin, Boot, Card, Command, Effects, FaultModel, FrameRef, Input, MessageFacts, NodeFacts,
    Note, Policy, Post, Promise, Protocol, RecordRef, Records, Request, Shape, TimerKind,
    TimerName,
};
use frame::Reign;
use knobs::{Knobs, Promote};
use role::Role;

/// One node of a single-leader cluster.
#[derive(Clone, Debug)]
pub struct SingleLeader {
    me: NodeId,
    nodes: u8,
    knobs: std::rc::Rc<Knobs>,
    reign: Reign,
    log: Log,
    // Durable up to here.
    flushed: Position,
    // Invariant: committed <= log.last().
    committed: Position,
    // Applied up to here. Invariant: data.applied() <= log.last(), and <= flushed unless confirmations
    // are given from memory.
    data: Data,
    // Received, and waiting for the applier.
    backlog: Backlog,
    // The data as of the log's base: what a rewind starts from.
    base_data: Data,
    // Grows whenever records leave the log's end: marks of earlier flushes mean nothing then.
    era: u32,
    // Disk extents written since the process's disk was new.
    extents: u32,
    // A leader was heard, or a vote given, or the process started, which may have promised a
    // leader something that it no longer remembers: no vote for others for a while.
    heard_leader: SimTime,
    // The last epoch that this node led in, as far as its disk tells.
    led_in: Option<Epoch>,
    // The files that the data was opened from, if it was; only for readers.
    copied: Option<std::rc::Rc<Pages>>,
    role: Role,
}

/// Timers of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// A leader's next heartbeat.
    Heartbeat,
    /// The leader was silent for too long.
    Silence,
    /// The election, the question whether a majority would vote, or the survey takes too long.
    Election,
    /// Confirmations take too long.
    Degrade,
    /// The next piece of a snapshot may go out.
    Piece,
}

/// What a flush is remembered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// The log up to here, if nothing was cut off since.
    Log {
        /// Where the log ended when the flush was asked for.
        position: Position,
        /// How often records had left the log's end by then; if more did since, the mark is void.
        era: u32,
    },
    /// The own candidacy in this epoch.
    Candidacy(Epoch),
    /// The vote for this node in this epoch.
    Vote(NodeId, Epoch),
    /// A new epoch that was heard of.
    Reign,
    /// A snapshot that was received, or made of copied files.
    Snapshot {
        /// The snapshot holds the data as of this position.
        position: Position,
        /// How often records had left the log's end by then; if more did since, the mark is void.
        era: u32,
    },
    /// A snapshot that stands for the front of the log.
    Front {
        /// The first disk extent that is still needed, as this process counts them from 0.
        first_extent: u32,
    },
}

impl scenario::Offered for SingleLeader {
    const KNOBS: &'static [scenario::knobs::Entry] = controls::KNOBS;
    const PRESETS: &'static [scenario::Preset] = presets::PRESETS;
}

impl Protocol for SingleLeader {
    const CARD: Card = Card {
        id: "single-leader",
        title: "Single leader",
        sentence: "One node takes all writes and ships its log to the others.",
        source: "Kleppmann, Designing Data-Intensive Applications, chapter 5",
        data: Shape::Line,
        promises: &[
            (Promise::AcknowledgedWritesSurvive, FaultModel::Minority),
            (Promise::OneLeader, FaultModel::Minority),
            (Promise::Linearizable, FaultModel::Minority),
            (Promise::ReplicasAgree, FaultModel::Minority),
            (Promise::ReplicasConverge, FaultModel::Minority),
            (Promise::NothingAppliedTwice, FaultModel::Minority),
        ],
        service: false,
        red: ("Power off the leader", Post::Leader),
        adds: "Add a follower",
        promotes: true,
    };
    type Knobs = Knobs;
    type Message = Message;
    type Timer = Timer;
    type Mark = Mark;

    fn boot(boot: &Boot<'_, Self>, out: &mut Effects<'_, Self>) -> Self {
        boot::start(boot, out)
    }

    #[inline]
    fn step(&mut self, now: SimTime, input: Input<Self>, out: &mut Effects<'_, Self>) {
        match input {
            Input::Message { from, message } => self.on_message(now, from, message, out),
            Input::Timer(Timer::Heartbeat) => self.on_heartbeat_due(now, out),
            Input::Timer(Timer::Silence) => self.on_silence(now, out),
            Input::Timer(Timer::Election) => self.on_election_over(now, out),
            Input::Timer(Timer::Degrade) => self.on_degrade_due(now, out),
            Input::Timer(Timer::Piece) => self.on_piece_due(out),
            Input::Request(request) => self.on_request(now, request, out),
            Input::Flushed(mark) => self.on_flushed(now, mark, out),
            Input::Applied(position) => self.on_applied(position, out),
            Input::PeerClosed(peer) => self.on_peer_closed(now, peer, out),
            Input::Admin(Admin::Promote) => self.on_ordered_to_lead(now, out),
            Input::Admin(Admin::CopyAfresh) => self.on_ordered_to_copy(now, out),
            Input::Admin(Admin::Join(node)) => self.on_join(now, node),
        }
    }

    fn policy(knobs: &Knobs) -> Policy {
        Policy::Leads(knobs.policy())
    }

    #[inline]
    fn describe(message: &Message, records: &Records) -> MessageFacts {
        message.facts(records)
    }

    fn serves(&self, request: &Request) -> bool {
        let anywhere = matches!(request.command, Command::Read { at_leader: false, .. });
        anywhere || matches!(self.role, Role::Leader(_))
    }

    fn facts(&self) -> NodeFacts {
        self.describe_node()
    }

    fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    fn extent(&self) -> Extent {
        let leads = matches!(self.role, Role::Leader(_));
        Extent {
            epoch: self.reign.epoch,
            authority: leads,
            alone: self.accepts_writes(),
            copy: true,
            last: self.log.last(),
            applied: self.data.applied(),
        }
    }

    fn record_at(&self, position: Position) -> Option<RecordRef> {
        self.log.get(position)
    }

    fn state_digest(&self) -> u64 {
        self.data.digest()
    }
}

impl TimerName for Timer {
    const COUNT: usize = 5;

    fn slot(self) -> usize {
        self as usize
    }

    fn from_slot(slot: usize) -> Self {
        const ALL: [Timer; Timer::COUNT] =
            [Timer::Heartbeat, Timer::Silence, Timer::Election, Timer::Degrade, Timer::Piece];
        ALL[slot]
    }

    fn kind(self) -> TimerKind {
        match self {
            Self::Heartbeat => TimerKind::Heartbeat,
            Self::Silence => TimerKind::Silence,
            Self::Election => TimerKind::Election,
            Self::Degrade => TimerKind::Degrade,
            Self::Piece => TimerKind::Piece,
        }
    }
}

impl SingleLeader {
    /// Sorts out epochs, then hands the message to its rule.
    #[inline]
    fn on_message(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: Message,
        out: &mut Effects<'_, Self>,
    ) {
        let epoch = message.epoch();
        if epoch != self.reign.epoch && !self.on_other_epoch(now, from, &message, out) {
            return;
        }
        match message {
            Message::Append { prev, records, committed, .. } => {
                self.on_append(now, from, prev, &records, committed, out);
            }
            Message::Confirm { since, received, flushed, applied, .. } => {
                self.on_confirm(now, from, since, [received, flushed, applied], out);
            }
            Message::Heartbeat { committed, sent, stamp, greet, .. } => {
                self.on_heartbeat(now, from, committed, (sent, stamp), greet, out);
            }
            Message::Alive { sent, since, last, .. } => {
                self.on_alive(now, from, sent, (since, last), out);
            }
            Message::Hello { since, at, of, chain, flushed, fresh, .. } => {
                self.on_hello(now, from, since, (at, of, chain), (flushed, fresh), out);
            }
            Message::Compare { since, at, of, .. } => {
                self.on_compare(now, from, since, (at, of), out);
            }
            Message::Continue { since, from: position, .. } => {
                self.on_continue(now, from, since, position, out);
            }
            Message::Gone { .. } => {}
            Message::Piece { since, position, bytes, offset, total, .. } => {
                self.on_piece(now, (from, since), (position, total), (bytes, offset), out);
            }
            Message::PieceConfirm { since, position, upto, .. } => {
                self.on_piece_confirm(now, (from, since), position, upto);
            }
            Message::Page { since, number, of, at, bytes, .. } => {
                self.on_page(now, (from, since), (number, of), at, bytes, out);
            }
            Message::PageConfirm { since, upto, .. } => {
                self.on_page_confirm(now, (from, since), upto);
            }
            Message::PreVoteRequest { last, of, .. } => {
                self.on_pre_vote_request(now, from, epoch, (last, of), out);
            }
            Message::PreVote { given, .. } => self.on_pre_vote(now, from, epoch, given, out),
            Message::VoteRequest { last, of, .. } => self.on_vote_request(now, from, last, of, out),
            Message::Vote { given, .. } => self.on_vote(now, from, given, out),
            Message::Survey { epoch } => self.on_survey(now, from, epoch, out),
            Message::Standing { epoch, last, of } => {
                self.on_standing(now, from, epoch, last, of, out);
            }
            Message::Appoint { epoch } => self.on_appoint(now, epoch, out),
            Message::Fence { .. } => {}
        }
    }

    /// A message of another epoch than the own. Says whether it is to be handled.
    fn on_other_epoch(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: &Message,
        out: &mut Effects<'_, Self>,
    ) -> bool {
        let epoch = message.epoch();
        let leads = matches!(self.role, Role::Leader(_));
        match message {
            // These speak of an epoch to come; their rules compare it themselves.
            Message::Survey { .. }
            | Message::Standing { .. }
            | Message::Appoint { .. }
            | Message::PreVoteRequest { .. }
            | Message::PreVote { .. } => return true,
            Message::VoteRequest { .. }
                if epoch > self.reign.epoch && !self.may_vote(now, epoch) =>
            {
                return false;
            }
            _ => {}
        }
        if epoch < self.reign.epoch {
            return self.on_older_epoch(now, from, message, out);
        }
        if leads && !self.knobs.failover.fencing {
            return false;
        }
        let why = pre_vote::why_step_down(from, message);
        self.enter_epoch(now, epoch, why, out);
        if let Message::Fence { leader: Some(leader), .. } = message {
            self.believe_in(now, *leader, out);
        }
        true
    }

    /// A message of an older epoch. With fencing, whoever claims something in it is turned away;
    /// without, a leader is followed by whom nobody leads in a later one.
    fn on_older_epoch(
        &mut self,
        now: SimTime,
        from: NodeId,
        message: &Message,
        out: &mut Effects<'_, Self>,
    ) -> bool {
        let epoch = message.epoch();
        let claims = message.is_from_leader() || matches!(message, Message::VoteRequest { .. });
        if claims && self.knobs.failover.fencing {
            out.note(Note::Fenced { from, epoch });
            let leader = self.leader();
            out.send(from, Message::Fence { epoch: self.reign.epoch, leader });
        } else if matches!(message, Message::Heartbeat { .. }) && self.seeks_votes() {
            self.rejoin(now, epoch, out);
            return true;
        }
        false
    }

    /// Hears of a later epoch: stops leading or campaigning and waits for its leader.
    fn enter_epoch(
        &mut self,
        now: SimTime,
        epoch: Epoch,
        why: StepDown,
        out: &mut Effects<'_, Self>,
    ) {
        let was = self.reign;
        if let Role::Leader(_) = self.role {
            out.note(Note::SteppedDown { epoch: was.epoch, later: epoch, why });
        }
        let reign = Reign { epoch, voted_for: None, leading: false, ..was };
        self.set_reign(reign, Mark::Reign, out);
        if !matches!(self.role, Role::Stranded(_)) {
            self.become_follower(now, out);
        }
    }

    /// Writes down what must not be forgotten, and answers with `mark` when it is durable.
    fn set_reign(&mut self, reign: Reign, mark: Mark, out: &mut Effects<'_, Self>) {
        self.reign = reign;
        let frame = frame::write_reign(out.records, reign);
        self.write(frame, out);
        out.flush(mark);
    }

    #[inline]
    fn write(&mut self, frame: FrameRef, out: &mut Effects<'_, Self>) {
        self.extents += 1;
        out.write(frame);
    }

    /// Whom it believes to lead.
    fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Leader(_) => Some(self.me),
            // Who asks for another does not send clients there.
            Role::Follower(follower) => follower.leader.filter(|_| follower.poll.is_none()),
            Role::Stranded(leader) => Some(*leader),
            Role::Candidate(_) | Role::Surveyor(_) => None,
        }
    }

    /// All other nodes.
    fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        (0..self.nodes).map(NodeId).filter(move |node| *node != me)
    }

    /// Span for which a heard leader keeps its lease, and for which no vote is given to others.
    fn lease(&self) -> Span {
        let failover = &self.knobs.failover;
        failover.timeout.min(failover.election_timeout.0)
    }

    fn votes_decide(&self) -> bool {
        self.knobs.failover.promote == Promote::Majority
    }

    fn on_join(&mut self, now: SimTime, node: NodeId) {
        self.nodes = self.nodes.max(node.0 + 1);
        if let Role::Leader(leader) = &mut self.role {
            leader.progress.resize(usize::from(self.nodes), role::Progress::unknown(now, false));
        }
    }
}
