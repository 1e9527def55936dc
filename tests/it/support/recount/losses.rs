//! Why writes were lost, recounted.

use super::{Found, Recount, back, demand, leads, promoted_in, stop};
use replicarium::engine::base::{Epoch, EventId, NodeId, NodeSet, OpId, Position, SimTime};
use replicarium::engine::observe::ledger::{Death, DeathKind};
use replicarium::engine::observe::{LostWrite, Reason, Why};
use replicarium::engine::protocol::{Note, Outcome, RecordRef};
use replicarium::engine::world::{Dropped, Event, What};

impl Recount<'_> {
    pub(super) fn lost(&self, lost: &LostWrite) -> Found {
        let (op, why) = (lost.op, &lost.why);
        let taken = self.event(why.taken)?;
        let took = matches!(taken.what, What::Requested { node, op: o, .. } if (node, o) == (why.took, op));
        demand(took, "it was taken there")?;
        let told = self.event(why.told)?;
        let saved = matches!(
            told.what,
            What::Told { op: o, outcome: Outcome::Written { .. }, ends: true, .. } if o == op
        );
        demand(saved && told.at == why.acknowledged, "its client was told")?;
        let promoted =
            (why.promoted != EventId::NONE).then(|| self.event(why.promoted)).transpose()?;
        if let Some(event) = promoted {
            demand(leads(event, why.chosen), "the chosen one began to lead")?;
        }
        let until = promoted.map_or(lost.event, |event| event.id);
        if let Some(death) = why.death {
            demand(death.event > why.taken, "it stopped after it had taken the write")?;
            self.death(why.by, &death, until)?;
        }
        demand(why.events().is_sorted(), "its events are in order")?;
        match why.reason {
            Reason::OlderLeader { epoch, event } => {
                let written = self.place(op).map_or(Epoch(0), |(epoch, _)| epoch);
                let later = self.between(EventId::NONE, event).iter().any(|known| {
                    leads(known, why.chosen) && promoted_in(known).is_some_and(|e| e > epoch)
                });
                demand(written > epoch && !later, "it leads an epoch older than the write's")
            }
            Reason::TooLate { late } => {
                let promoted = promoted.ok_or("nobody was promoted")?;
                let after = promoted.id < taken.id && taken.at.since(promoted.at) == late;
                demand(after, "it was taken so long after the promotion")
            }
            Reason::NeverWritten => {
                let records = self.run.view().records;
                let all = 0..u32::try_from(records.len()).unwrap_or(u32::MAX);
                let all = all.map(RecordRef);
                let mut of_it = all.filter_map(|at| records.get(at)).filter(|r| r.op == op);
                demand(of_it.next().is_none(), "no record of it was ever made")
            }
            Reason::CutBack { event } => self.cut_back(op, why, event),
            Reason::Discarded { node, event } => {
                let position = self.place(op).map_or(Position::ZERO, |(_, position)| position);
                let so = matches!(self.event(event)?.what, What::Noted { node: n, note: Note::Discarded { from, to } }
                    if n == node && (from..=to).contains(&position));
                let came = |e: &Event| matches!(e.what, What::Delivered { to, .. } if to == node);
                demand(
                    so && self.messages(op).any(came),
                    "it had arrived there and was thrown away",
                )
            }
            Reason::OwnLog | Reason::NoReplica { .. } | Reason::Undeleted { .. } => Ok(()),
            Reason::NotChosen { .. } | Reason::HoldersDown { .. } | Reason::NotKept { .. } => {
                self.arrived(op, why, until)
            }
            _ => self.not_arrived(op, why, until),
        }
    }

    /// A node stopped at that event, and was not back before somebody noticed or led next.
    pub(super) fn death(&self, node: NodeId, death: &Death, until: EventId) -> Found {
        let event = self.event(death.event)?;
        demand(stop(event) == Some((node, death.kind)) && event.at == death.at, "it stopped so")?;
        if let Some((kind, at, id)) = death.before {
            let before = self.event(id)?;
            demand(stop(before) == Some((node, kind)) && before.at == at, "it had stopped before")?;
            let back = self.between(id, death.event).iter().any(|event| back(event, node));
            demand(!back, "it did not go on in between")?;
        }
        let meanwhile = self.between(death.event, until);
        let noticed = |event: &Event| matches!(event.what, What::Noted { note: Note::Suspected { leader, .. }, .. } if leader == node);
        let first = meanwhile.iter().find(|event| back(event, node) || noticed(event));
        demand(first.is_none_or(noticed), "it was not back before anybody noticed")
    }

    fn cut_back(&self, op: OpId, why: &Why, event: EventId) -> Found {
        let position = self.place(op).map_or(Position::ZERO, |(_, position)| position);
        let cut = match self.event(event)?.what {
            What::Noted { node, note: Note::Rewound { from, to } } => {
                node == why.by && to < position && position <= from
            }
            What::Noted {
                node,
                note: Note::SnapshotInstalled { .. } | Note::FilesOpened { .. },
            } => node == why.by,
            _ => false,
        };
        demand(cut, "its log was cut back or copied")
    }

    /// What is said to have arrived somewhere before the leader led.
    fn arrived(&self, op: OpId, why: &Why, until: EventId) -> Found {
        let given = self.given(op, why.took, until);
        let delivered = |node: NodeId| given.contains(&node);
        let copied = |node: NodeId| {
            let copies = |event: &Event| {
                let what = |note| {
                    matches!(note, Note::SnapshotInstalled { .. } | Note::FilesOpened { .. })
                };
                matches!(event.what, What::Noted { node: n, note } if n == node && what(note))
            };
            self.between(EventId::NONE, until).iter().any(copies)
        };
        match why.reason {
            Reason::NotChosen { holders } => {
                let had = |node| delivered(node) || copied(node);
                demand(holders.iter().all(had), "they had it before the other led")?;
                demand(!holders.iter().any(|node| self.is_down(node, until)), "they ran then")
            }
            Reason::HoldersDown { holders, only } => {
                demand(holders.iter().all(delivered), "they had received it before the other led")?;
                let down = |node| self.is_down(node, until);
                demand(holders.iter().all(down), "they did not run then")?;
                let all = (0..self.run.view().nodes.count()).map(NodeId);
                let mut rest =
                    all.filter(|n| ![why.by, why.took].contains(n) && !holders.contains(*n));
                demand(!only || !rest.any(delivered), "nobody else had received it")
            }
            Reason::NotKept { holders } => {
                demand(holders.iter().all(delivered), "it had arrived there")?;
                let dropped = |node| self.drops(op, node, until);
                demand(holders.iter().all(dropped), "they dropped it before the other led")
            }
            _ => Ok(()),
        }
    }

    /// Whether a node did not run when the leader began.
    fn is_down(&self, node: NodeId, until: EventId) -> bool {
        let all = self.between(EventId::NONE, until);
        let last = all.iter().rev().find(|event| {
            stop(event).is_some_and(|(n, kind)| n == node && kind != DeathKind::Pause)
                || matches!(event.what, What::Started { node: n } if n == node)
        });
        last.is_some_and(|event| stop(event).is_some())
    }

    /// Whether a node stopped, cut its log or copied another one between a write's arrival there and the
    /// leader's beginning.
    fn drops(&self, op: OpId, node: NodeId, until: EventId) -> bool {
        let there = |event: &&Event| matches!(event.what, What::Delivered { to, .. } if to == node);
        let Some(first) = self.messages(op).find(|event| there(event)) else { return false };
        let since = self.between(first.id, until);
        since.iter().any(|event| match event.what {
            What::Noted { node: n, ref note } => {
                let cuts = matches!(
                    note,
                    Note::Rewound { .. }
                        | Note::SnapshotInstalled { .. }
                        | Note::FilesOpened { .. }
                );
                n == node && cuts
            }
            _ => stop(event).is_some_and(|(n, _)| n == node),
        })
    }

    /// What is said not to have arrived anywhere before the leader led.
    fn not_arrived(&self, op: OpId, why: &Why, until: EventId) -> Found {
        let own = |node: NodeId| node == why.by || node == why.took;
        let early = self.messages(op).filter(|event| event.id < until);
        let arrived =
            early.filter(|event| matches!(event.what, What::Delivered { to, .. } if !own(to)));
        demand(arrived.count() == 0, "it had not arrived anywhere when the other began to lead")?;
        let sent: Vec<EventId> = self
            .messages(op)
            .filter(|event| event.id < until && matches!(event.what, What::Sent { .. }))
            .map(|event| event.id)
            .collect();
        let of_these = |event: &&Event| sent.contains(&event.cause);
        let later = |event: &&Event| matches!(event.what, What::Delivered { .. });
        let ends = || self.messages(op).filter(of_these);
        match why.reason {
            Reason::NeverSent { .. } => demand(sent.is_empty(), "it had not been sent"),
            Reason::OnItsWay { to, event, .. } => {
                demand(
                    sent.contains(&event) && !ends().any(|e| later(&e)),
                    "it is still on its way",
                )?;
                let waits = |node: NodeId| {
                    let to_it = |id: &&EventId| matches!(self.event(**id).map(|e| e.what), Ok(What::Sent { to, .. }) if to == node);
                    let mut unended = sent.iter().filter(to_it);
                    unended.any(|id| ends().all(|event| event.cause != *id))
                };
                demand(to.iter().all(waits), "nothing became of what was sent to them yet")
            }
            Reason::ArrivedLate { to, at, event } => {
                let delivered = self.event(event)?;
                let there =
                    matches!(delivered.what, What::Delivered { to: node, .. } if node == to);
                demand(
                    there && delivered.at == at && event > until,
                    "it arrived there then, later",
                )?;
                demand(
                    ends().filter(later).all(|e| e.id >= event),
                    "it arrived nowhere before that",
                )
            }
            Reason::DiedOnItsWay { to, event, .. } => {
                demand(!ends().any(|e| later(&e)), "it never arrived")?;
                let died =
                    |e: &Event| matches!(e.what, What::Lost { why: Dropped::SenderLostPower, .. });
                demand(died(self.event(event)?), "it died on its way")?;
                let of_node = |node| {
                    ends().any(|e| died(e) && matches!(e.what, What::Lost { to, .. } if to == node))
                };
                demand(to.iter().all(of_node), "it died on its way to each of them")
            }
            Reason::NotDelivered { to, why: how, event } => {
                demand(!ends().any(|e| later(&e)), "it never arrived")?;
                let lost = self.event(event)?;
                let so = matches!(lost.what, What::Lost { why, to: node, .. } if why == how && to.contains(node));
                demand(so && ends().any(|e| e.id == event), "it got lost so")
            }
            Reason::LinkCut { to, since, event } => self.link_cut(why, to, since, event),
            _ => Ok(()),
        }
    }

    /// A link that had been cut since then when the write was taken.
    fn link_cut(&self, why: &Why, to: NodeSet, since: SimTime, event: EventId) -> Found {
        let cut = self.event(event)?;
        let link = match cut.what {
            What::LinkCut { from, to: node } if from == why.took => {
                to.contains(node).then_some(node)
            }
            _ => None,
        };
        let node = link.ok_or("untrue: the link was cut")?;
        let healed = What::LinkHealed { from: why.took, to: node };
        let whole = self.between(event, why.taken).iter().any(|event| event.what == healed);
        demand(!whole && cut.at == since && event <= why.taken, "it had been cut since then")?;
        // From then on there was no way to any of them.
        let before = self.between(EventId::NONE, EventId(event.0 + 1));
        let cut = |node: NodeId| {
            let changes = before.iter().rev().find_map(|event| match event.what {
                What::LinkCut { from, to } if (from, to) == (why.took, node) => Some(true),
                What::LinkHealed { from, to } if (from, to) == (why.took, node) => Some(false),
                _ => None,
            });
            changes == Some(true)
        };
        demand(to.iter().all(cut), "all of these links were cut then")
    }
}
