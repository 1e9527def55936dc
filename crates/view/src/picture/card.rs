//! A node's card as it stands on the page's stage: role, epoch, the end of its log, its positions.

use super::ink::{Colour, MONO};
use super::sheet::Sheet;
use super::svg::Svg;
use crate::figures::px;
use crate::layout::{BAR_LEFT, Detail, Place, bar_and_words};
use crate::shape::{CELL_PITCH, PAGE_PITCH, node_path};
use crate::types::{Cell, CellLook, HashTree, NodeCard, NodeLook, PageView, Ring};
use crate::words::cards as words;

/// How the outline of a card is drawn: fill, stroke, width, dashes.
type Outline = (Colour, Colour, f64, &'static str);

fn outline(look: NodeLook) -> Outline {
    match look {
        NodeLook::Leader => (Colour::LeaderWash, Colour::Leader, 2.5, ""),
        NodeLook::Follower => (Colour::Panel, Colour::Line, 1.5, ""),
        NodeLook::Candidate => (Colour::Panel, Colour::Wait, 2.5, ""),
        NodeLook::CatchingUp => (Colour::Panel, Colour::Write, 1.5, "2 3"),
        NodeLook::Stranded => (Colour::Panel, Colour::Lost, 1.5, "8 4"),
        NodeLook::Tail => (Colour::Panel, Colour::Leader, 2.5, ""),
        NodeLook::Outside => (Colour::Panel, Colour::Wait, 1.5, "8 4"),
        NodeLook::Service => (Colour::Sunk, Colour::Edge, 1.5, "1 4"),
        NodeLook::Paused => (Colour::Sunk, Colour::Wait, 1.5, "10 4 2 4"),
        NodeLook::Crashed | NodeLook::PoweredOff => (Colour::Sunk, Colour::Down, 1.5, "5 4"),
    }
}

fn is_down(node: &NodeCard) -> bool {
    matches!(node.look, NodeLook::Crashed | NodeLook::PoweredOff)
}

impl Sheet {
    /// Draws a card at its place.
    pub(super) fn card(&mut self, node: &NodeCard, place: &Place, detail: Detail, now_ms: f64) {
        let full = detail == Detail::Full;
        let (fill, stroke, width, dashes) = outline(node.look);
        let (shape, role) = match node.look {
            NodeLook::Leader | NodeLook::Tail => (Colour::Leader, Colour::Leader),
            NodeLook::Candidate => (Colour::Wait, Colour::Soft),
            NodeLook::Crashed | NodeLook::PoweredOff => (Colour::Down, Colour::Soft),
            _ => (Colour::Follower, Colour::Soft),
        };
        let (fill, stroke, shape) = (self.of(fill), self.of(stroke), self.of(shape));
        self.svg.group_at(place.x, place.y);
        let frame = self.svg.tag("rect").size(place.w, place.h).num("rx", 12.0);
        frame.ink(fill, stroke, width).put("stroke-dasharray", or_none(dashes)).leaf();
        let sign = self.svg.tag("path").put("d", node_path(node.look)).put("fill", shape);
        sign.put("transform", "translate(13 10)").leaf();
        self.bold(40.0, 27.0, 18.0, Colour::Ink, &node.name);
        let after = if node.name.len() > 2 { 82.0 } else { 71.0 };
        let text = words::role_and_epoch(node, full);
        let size = if full { 13.5 } else { 12.5 };
        if node.look == NodeLook::Leader {
            self.bold(after, 27.0, size, role, &text);
        } else {
            self.words(after, 27.0, size, role, &text);
        }
        if let Some(ring) = &node.ring {
            self.countdown(ring, node.suspicion.is_some(), place.w - 26.0, now_ms);
        }
        let shown = if full { node.cells.len() } else { node.cells.len().min(8) };
        self.svg.group_at(if full { 13.0 } else { 12.0 }, 38.0);
        let mut x = 0.0;
        for cell in &node.cells[node.cells.len() - shown..] {
            cell_at(self, cell, x, is_down(node));
            x += CELL_PITCH;
        }
        self.svg.close();
        if full {
            self.below(node, place)
        } else {
            self.below_compact(node, place)
        }
        self.svg.close();
    }

    fn below(&mut self, node: &NodeCard, place: &Place) {
        let second = place.w / 2.0 + 4.0;
        if !node.pages.is_empty() {
            self.pages(&node.pages);
        } else if let Some(at) = node.positions {
            let rows = [
                (14.0, 76.0, words::LAST, at.last),
                (second, 76.0, words::FLUSHED, at.flushed),
                (14.0, 90.0, words::COMMITTED, at.committed),
                (second, 90.0, words::APPLIED, at.applied),
            ];
            for (x, y, name, position) in rows {
                self.mono(x, y, 11.0, Colour::Soft, &words::position(name, position));
            }
        }
        if let Some(tree) = &node.tree {
            self.tree(tree, place.w - 28.0);
        }
        if let Some(received) = node.snapshot {
            return self.fill(received, place, 97.0);
        }
        let y = if node.positions.is_some() || node.tree.is_some() { 106.0 } else { 82.0 };
        let (text, colour) = match (&node.remark, node.suspicion.as_ref().or(node.awaited.as_ref()))
        {
            (Some(remark), _) => (remark.as_str(), Colour::Soft),
            (None, Some(text)) => (text.as_str(), Colour::Leader),
            (None, None) => return,
        };
        self.words(14.0, y, 11.0, colour, &words::shortened(text, 38));
    }

    fn below_compact(&mut self, node: &NodeCard, place: &Place) {
        if let Some(received) = node.snapshot {
            return self.fill(received, place, 68.0);
        }
        if let Some(at) = node.positions {
            let text = words::two_positions(at.last, at.committed);
            self.mono(12.0, 77.0, 11.0, Colour::Soft, &text);
        }
    }

    /// A countdown as what is left of a circle; a suspicion as what has gathered of it.
    fn countdown(&mut self, ring: &Ring, accrues: bool, x: f64, now_ms: f64) {
        const RADIUS: f64 = 12.5;
        let (share, low) = ring.share(now_ms);
        let text = match ring.phi(now_ms) {
            Some(phi) => words::phi(phi),
            None => words::ring_text(ring.fires_ms - now_ms),
        };
        let colour = match (low, accrues) {
            (true, _) => Colour::Wait,
            (false, true) => Colour::Edge,
            (false, false) => Colour::Leader,
        };
        let (track, left) = (self.of(Colour::Hair), self.of(colour));
        self.svg.group_at(x, 22.0);
        self.svg.tag("circle").num("r", RADIUS).ink("none", track, 4.5).leaf();
        let round = RADIUS * core::f64::consts::TAU;
        if share > 0.0 {
            let arc = self.svg.tag("circle").num("r", RADIUS).ink("none", left, 4.5);
            let dashes = format!("{} {}", px(round * share), px(round));
            arc.put("stroke-dasharray", &dashes).put("transform", "rotate(-90)").leaf();
        }
        self.centred(3.7, 11.0, Colour::Ink, &text);
        self.svg.close();
    }

    /// How much of a snapshot has arrived, in bytes.
    fn fill(&mut self, (done, of): (u32, u32), place: &Place, y: f64) {
        let told = words::bytes_of(done, of);
        let (whole, _) = bar_and_words(place.w, &told);
        let part = whole * f64::from(done) / f64::from(of.max(1));
        let (sunk, line, write) =
            (self.of(Colour::Sunk), self.of(Colour::Line), self.of(Colour::Write));
        let track = self.svg.tag("rect").at(14.0, y).size(whole, 10.0).num("rx", 3.0);
        track.ink(sunk, line, 1.0).leaf();
        let bar = self.svg.tag("rect").at(14.0, y).size(part.min(whole), 10.0).num("rx", 3.0);
        bar.put("fill", write).leaf();
        self.mono(BAR_LEFT + whole + 8.0, y + 9.0, 11.0, Colour::Soft, &told);
    }

    /// The pages of a copy: which, the moment that each is of, and its age by colour.
    fn pages(&mut self, pages: &[PageView]) {
        let mut x = 13.0;
        for page in pages {
            let (fill, stroke) = match page.age {
                0 => (Colour::GoodWash, Colour::Good),
                1 => (Colour::LeaderWash, Colour::Leader),
                2 => (Colour::FollowerWash, Colour::Write),
                3 => (Colour::WaitWash, Colour::Wait),
                _ => (Colour::LostWash, Colour::Lost),
            };
            let (fill, stroke) = (self.of(fill), self.of(stroke));
            self.svg.group_at(x + 13.0, 66.0);
            let leaf = self.svg.tag("rect").at(-13.0, 0.0).size(26.0, 28.0).num("rx", 2.5);
            leaf.ink(fill, stroke, 1.5).leaf();
            self.centred(12.0, 9.0, Colour::Ink, &page.name);
            self.centred(23.0, 8.0, Colour::Ink, &words::page_at(page.at));
            self.svg.close();
            x += PAGE_PITCH;
        }
    }

    /// The tree as rows of ranges; those that differ are filled and higher.
    fn tree(&mut self, tree: &HashTree, width: f64) {
        let (hair, line, write) =
            (self.of(Colour::Hair), self.of(Colour::Line), self.of(Colour::Write));
        let mut y = 66.0;
        for ranges in &tree.levels {
            let each = width / f64::from(u32::try_from(ranges.len()).unwrap_or(1).max(1));
            let mut x = 14.0;
            for differs in ranges {
                let range = self.svg.tag("rect").at(x + 0.5, y);
                let range = range.size(each - 1.0, if *differs { 6.0 } else { 3.0 });
                let colours = if *differs { (write, write, 1.5) } else { (hair, line, 1.0) };
                range.ink(colours.0, colours.1, colours.2).leaf();
                x += each;
            }
            y += 7.0;
        }
    }
}

/// One log record.
fn cell_at(sheet: &mut Sheet, cell: &Cell, x: f64, down: bool) {
    let (fill, stroke, text) = match cell.look {
        CellLook::Committed if down => (None, Colour::Down, Colour::Faint),
        CellLook::Committed => (Some(Colour::Cell), Colour::Cell, Colour::OnFill),
        CellLook::Replicating => (Some(Colour::Write), Colour::Write, Colour::OnFill),
        CellLook::Waiting => (None, Colour::Wait, Colour::Wait),
        CellLook::Lost => (Some(Colour::Lost), Colour::Lost, Colour::OnLost),
        CellLook::Parted => (None, Colour::Lost, Colour::Lost),
        CellLook::EpochMark => (Some(Colour::Leader), Colour::Leader, Colour::OnFill),
    };
    let (fill, stroke) = (fill.map_or("none", |fill| sheet.of(fill)), sheet.of(stroke));
    let cross = sheet.of(Colour::OnLost);
    let svg: &mut Svg = &mut sheet.svg;
    svg.group_at(x + 7.7, 0.0);
    if cell.look == CellLook::EpochMark {
        svg.tag("path").put("d", "M0 1 6.3 11 0 21-6.3 11z").put("fill", fill).leaf();
    } else {
        let record = svg.tag("rect").at(-7.7, 0.0).size(15.4, 22.0).num("rx", 2.5);
        let record = record.ink(fill, stroke, 1.5);
        let dashes = if cell.look == CellLook::Parted { "3 2" } else { "none" };
        record.put("stroke-dasharray", dashes).leaf();
    }
    if cell.look == CellLook::Lost {
        svg.tag("path").put("d", "M-4.5 5l9 12m0-12-9 12").ink("none", cross, 1.5).leaf();
    } else {
        let number = (cell.position % 100).to_string();
        let colour = sheet.of(text);
        let words = sheet.svg.tag("text").num("y", 14.3).put("text-anchor", "middle");
        let words = words.put("font-family", MONO).num("font-size", 9.0).put("font-weight", "600");
        words.put("fill", colour).text(&number);
    }
    sheet.svg.close();
}

fn or_none(dashes: &'static str) -> &'static str {
    if dashes.is_empty() { "none" } else { dashes }
}
