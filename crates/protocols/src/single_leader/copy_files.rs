//! Copying data files page by page while writes go on: what administrators do who take a running
//! database's files for its data.
//!
//! Every page is read at a moment of its own, and the copy is opened as if all were of the last
//! one: it says that it stands where the leader stood at the end, and goes on with the log from
//! there. A change to a page that had been read already is in neither, so half a transfer may be
//! missing, or a row; and nothing complains. A snapshot is of one moment (see `catch_up`).

use std::rc::Rc;

use super::SingleLeader;
use super::message::Message;
use super::role::{Feeding, Files, Incoming, Role};
use engine::base::{Key, NodeId, Position, SimTime, Span};
use engine::protocol::facts::Pages;
use engine::protocol::parts::{Data, frame};
use engine::protocol::{Effects, FrameRef, Note};

impl SingleLeader {
    /// Begins to copy the files as they are listed now: pages that come later are not in the list.
    pub(super) fn list_files(&mut self, node: NodeId, out: &mut Effects<'_, Self>) {
        let pages = self.data.pages(self.knobs.catch_up.page_keys);
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(node.index()) else { return };
        progress.feeding = Feeding::Files(Files { page: 0, pages, confirmed: 0, tick: u32::MAX });
        out.note(Note::CopyFiles { node, pages });
    }

    /// Reads the next page for a follower, as it is now, and after the last one what the database
    /// keeps beside its pages: how far its log goes, and what sessions wrote.
    pub(super) fn read_page(
        data: &Data,
        files: &mut Files,
        page_keys: u32,
        out: &mut Effects<'_, Self>,
    ) -> Option<(u32, FrameRef)> {
        let number = files.page;
        if number > files.pages {
            return None;
        }
        files.page += 1;
        let last = number == files.pages;
        let bytes = out.records.store(|bytes| {
            if last { data.write_control(bytes) } else { data.write_page(bytes, number, page_keys) }
        });
        Some((number, bytes))
    }

    /// A page arrives, read when the leader stood at `at`.
    pub(super) fn on_page(
        &mut self,
        now: SimTime,
        (from, since): (NodeId, SimTime),
        (number, of): (u32, u32),
        at: Position,
        bytes: FrameRef,
        out: &mut Effects<'_, Self>,
    ) {
        let epoch = self.reign.epoch;
        let Some(follower) = self.attempt(from, since) else { return };
        if follower.attached || (follower.incoming.is_none() && number > 0) {
            return;
        }
        let total = of + 1;
        let incoming =
            follower.incoming.get_or_insert_with(|| Incoming { total, ..Incoming::default() });
        if incoming.total != total {
            return;
        }
        if number == incoming.got {
            incoming.got += 1;
            incoming.pieces.push(bytes);
            if number < of {
                incoming.read_at.push(at);
                out.note(Note::PageCopied { page: number + 1, at });
            }
        }
        let upto = incoming.got;
        out.send(from, Message::PageConfirm { epoch, since, upto });
        if upto == total {
            self.open_files(now, out);
        }
    }

    /// All pages are here: they are opened as a database, whatever moments they are of.
    fn open_files(&mut self, now: SimTime, out: &mut Effects<'_, Self>) {
        let Role::Follower(follower) = &mut self.role else { return };
        let Some(mut incoming) = follower.incoming.take() else { return };
        follower.detach(now);
        let control = incoming.pieces.pop().unwrap_or_default();
        let Ok(mut data) = Data::read(out.records.bytes(control)) else { return };
        let keys = self.knobs.catch_up.page_keys;
        for (page, piece) in (0..).zip(incoming.pieces) {
            if data.read_page(out.records.bytes(piece), Key(page * keys)).is_err() {
                return;
            }
        }
        let position = data.applied();
        data.ends_with(out.records.find(position, data.end().chain));
        let frame = frame::write_snapshot(out.records, |bytes| data.write(bytes));
        let pages = u32::try_from(incoming.read_at.len()).unwrap_or(u32::MAX);
        self.copied = Some(Rc::new(Pages { read_at: incoming.read_at, of: pages, opened: true }));
        self.adopt(data, frame, Note::FilesOpened { position }, out);
    }

    /// A follower confirms so many pages.
    pub(super) fn on_page_confirm(
        &mut self,
        now: SimTime,
        (from, since): (NodeId, SimTime),
        upto: u32,
    ) {
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(progress) = leader.progress.get_mut(from.index()) else { return };
        progress.heard = now;
        if let (Feeding::Files(files), true) = (&mut progress.feeding, progress.since == since) {
            files.confirmed = files.confirmed.max(upto.min(files.pages + 1));
            files.page = files.page.max(files.confirmed);
        }
    }

    /// The pages of a copy, for readers: as they come, and what the database was opened from.
    pub(super) fn describe_pages(&self) -> Option<Rc<Pages>> {
        let Role::Follower(follower) = &self.role else { return self.copied.clone() };
        match &follower.incoming {
            Some(incoming) if !incoming.read_at.is_empty() => Some(Rc::new(Pages {
                read_at: incoming.read_at.clone(),
                of: incoming.total - 1,
                opened: false,
            })),
            _ => self.copied.clone(),
        }
    }
}

/// The pause after a page; nothing is sent again sooner than this after the last one.
pub(super) const LEAST_PAUSE: Span = Span::from_millis(10);
