//! The stage as a picture: the cluster at one moment, with what became of the promises above it.

use super::ink::{Colour, MONO, Theme, of_look, of_tone};
use super::sheet::{Caption, FOOT, HEIGHT, SIDE, Sheet, WIDTH};
use crate::figures::px;
use crate::layout::{Lane, Plan, Point};
use crate::shape::{RING, RING_NAMED, RING_RADIUS, chip_size, sign};
use crate::types::{Chip, ChipLook, ClientFace, End, KeyRing, LinkView, Stage, Tone};
use crate::words::cards as words;

/// Room between the panel's edge and what stands in it.
const INSIDE: f64 = 6.0;
/// Drawings are not made larger than this: a card should not look like a poster of a card.
const LARGEST: f64 = 1.2;

/// Letters of what a client was told, inside the curve of its face.
const FACE_LETTERS: usize = 23;

/// What a picture of the stage shows.
pub struct Scene<'a> {
    /// The cluster.
    pub stage: &'a Stage,
    /// What is in flight.
    pub chips: &'a [Chip],
    /// The playhead.
    pub now_ms: f64,
}

/// Draws the stage.
#[must_use]
pub fn stage(scene: &Scene<'_>, theme: Theme, with: &Caption) -> String {
    let (mut sheet, head) = Sheet::new(theme, |_| HEIGHT, with, &told(scene, with));
    let (width, height) = (WIDTH - 2.0 * SIDE, HEIGHT - FOOT - head);
    let (panel, line) = (sheet.of(Colour::Panel), sheet.of(Colour::Line));
    let frame = sheet.svg.tag("rect").at(SIDE, head).size(width, height).num("rx", 12.0);
    frame.ink(panel, line, 1.0).leaf();
    let (plan, scale) = plan(scene.stage, width, height - 2.0 * INSIDE);
    let left = SIDE + (width - plan.width * scale) / 2.0;
    let top = head + (height - plan.height * scale) / 2.0;
    let scale = format!("translate({} {}) scale({})", px(left), px(top), thousandths(scale));
    sheet.svg.tag("g").put("transform", &scale).open();
    sheet.cluster(scene, &plan);
    sheet.svg.close();
    sheet.svg.finish()
}

/// Places for everything, and how much they are to be scaled to fill the panel.
fn plan(stage: &Stage, width: f64, height: f64) -> (Plan, f64) {
    let (nodes, clients) = (stage.nodes.len(), stage.clients.len());
    let wide = Plan::new(WIDTH * 2.0, nodes, clients, stage.service);
    let scale = (height / wide.height).min(LARGEST);
    (Plan::new(width / scale, nodes, clients, stage.service), scale)
}

/// The picture in words.
fn told(scene: &Scene<'_>, with: &Caption) -> String {
    scene.stage.nodes.iter().fold(with.told(), |mut told, node| {
        told.push_str(". ");
        told.push_str(&words::node_label(node));
        told
    })
}

impl Sheet {
    fn cluster(&mut self, scene: &Scene<'_>, plan: &Plan) {
        let stage = scene.stage;
        for client in stage.clients.iter().take(plan.clients.len()) {
            self.talk(client, plan);
        }
        for link in &stage.links {
            for (from, to, cut) in [(link.a, link.b, link.cut_ab), (link.b, link.a, link.cut_ba)] {
                let Some(lane) = plan.lane(End::Node(from), End::Node(to)) else { continue };
                let look = if cut {
                    (Colour::Lost, 1.5, "2 6")
                } else if link.disturbed {
                    (Colour::Wait, 1.5, "8 3")
                } else if stage.is_next(from, to) {
                    (Colour::Leader, 2.5, "none")
                } else if stage.steps_back(link) {
                    (Colour::Hair, 1.0, "none")
                } else {
                    (Colour::Line, 1.5, "none")
                };
                self.way(&lane, look);
            }
        }
        if let Some(ring) = &stage.ring {
            self.key_ring(ring, plan.centre(RING));
        }
        // What clients say passes behind the cards that stand in its way.
        let marks = visible(scene, plan);
        for (chip, at) in marks.iter().filter(|(chip, _)| !within(chip)) {
            self.chip(chip, *at);
        }
        for (card, place) in stage.nodes.iter().zip(&plan.nodes) {
            self.card(card, place, plan.detail, scene.now_ms);
        }
        for link in stage.links.iter().filter(|link| link.cut_ab || link.cut_ba) {
            self.cut(link, plan);
        }
        for (client, place) in stage.clients.iter().zip(&plan.clients) {
            self.svg.group_at(place.x, place.y);
            self.face(client, place.w, place.h);
            self.svg.close();
        }
        for (chip, at) in marks.iter().filter(|(chip, _)| within(chip)) {
            self.chip(chip, *at);
        }
    }

    fn talk(&mut self, client: &ClientFace, plan: &Plan) {
        let ends = (End::Client(client.client), End::Node(client.talks_to));
        let Some(lane) = plan.lane(ends.0, ends.1) else { return };
        let line = self.of(Colour::Line);
        self.line(&lane, line, 1.5, "1 5", "round");
    }

    fn line(&mut self, lane: &Lane, colour: &str, width: f64, dashes: &str, cap: &str) {
        let line = self.svg.tag("line").num("x1", lane.from.x).num("y1", lane.from.y);
        let line = line.num("x2", lane.to.x).num("y2", lane.to.y);
        let line = line.put("stroke", colour).num("stroke-width", width);
        line.put("stroke-dasharray", dashes).put("stroke-linecap", cap).leaf();
    }

    /// One direction of a link; its tip, unless it steps back.
    fn way(&mut self, lane: &Lane, (colour, width, dashes): (Colour, f64, &str)) {
        let value = self.of(colour);
        self.line(lane, value, width, dashes, "butt");
        if colour != Colour::Hair {
            let corners = lane.tip().map(|corner| format!("{} {}", px(corner.x), px(corner.y)));
            let tip = self.svg.tag("path").put("d", &format!("M{}z", corners.join("L")));
            tip.put("fill", value).leaf();
        }
    }

    /// The cross on a link of which a direction is cut.
    fn cut(&mut self, link: &LinkView, plan: &Plan) {
        let (a, b) = (End::Node(link.a), End::Node(link.b));
        let (Some(there), Some(back)) = (plan.lane(a, b), plan.lane(b, a)) else { return };
        let (p, q) = (there.at(0.5), back.at(0.5));
        let (lost, wash) = (self.of(Colour::Lost), self.of(Colour::LostWash));
        self.svg.group_at(f64::midpoint(p.x, q.x), f64::midpoint(p.y, q.y));
        self.svg.tag("circle").num("r", 9.5).ink(wash, lost, 1.5).leaf();
        self.svg.tag("path").put("d", "M-4-4 4 4M4-4-4 4").ink("none", lost, 2.5).leaf();
        self.svg.close();
    }

    fn face(&mut self, client: &ClientFace, width: f64, height: f64) {
        let (fill, stroke) = match client.tone {
            Tone::Lost => (Colour::LostWash, Colour::Lost),
            Tone::Wait => (Colour::WaitWash, Colour::Wait),
            _ => (Colour::Sunk, Colour::Hair),
        };
        let (fill, stroke) = (self.of(fill), self.of(stroke));
        let frame = self.svg.tag("rect").size(width, height).num("rx", 27.0);
        frame.ink(fill, stroke, 1.0).leaf();
        self.bold(17.0, 23.0, 13.5, Colour::Ink, &client.name);
        self.words(40.0, 23.0, 11.0, Colour::Faint, &words::asks(client.talks_to));
        let told =
            words::shortened(&format!("{} {}", sign(client.tone), client.brief), FACE_LETTERS);
        self.words(17.0, 40.0, 11.0, of_tone(client.tone), &told);
    }

    /// A message where it is now.
    fn chip(&mut self, chip: &Chip, at: Point) {
        let (width, height) = chip_size(chip);
        let beat = chip.look == ChipLook::Beat;
        let look = of_look(chip.look);
        let (fill, stroke, outline, text) = match chip.look {
            ChipLook::Read => (Colour::Panel, look, 1.5, look),
            ChipLook::Election => (Colour::Panel, look, 2.5, look),
            _ => (look, Colour::Panel, if beat { 0.0 } else { 1.5 }, Colour::OnFill),
        };
        let (fill, stroke, text) = (self.of(fill), self.of(stroke), self.of(text));
        self.svg.group_at(at.x, at.y);
        let body = self.svg.tag("rect").at(-width / 2.0, -height / 2.0).size(width, height);
        let body = body.num("rx", if beat { 4.5 } else { 5.0 });
        body.ink(fill, stroke, outline).leaf();
        if !chip.label.is_empty() && !beat {
            let words = self.svg.tag("text").num("y", 4.0).put("text-anchor", "middle");
            let words = words.put("font-family", MONO).num("font-size", 11.0);
            words.put("font-weight", "600").put("fill", text).text(&chip.label);
        }
        self.svg.close();
    }

    /// The ring with its stretches; where they are few, each wears the name of its node.
    fn key_ring(&mut self, ring: &KeyRing, at: Point) {
        let (hair, line, sunk) =
            (self.of(Colour::Hair), self.of(Colour::Line), self.of(Colour::Sunk));
        let named = ring.arcs.len() <= RING_NAMED;
        let round = RING_RADIUS * core::f64::consts::TAU;
        self.svg.group_at(at.x, at.y);
        self.svg.tag("circle").num("r", RING_RADIUS).ink("none", hair, 20.0).leaf();
        let mut odd = false;
        for (from, to, node) in &ring.arcs {
            let length = (to - from).max(0.002) * round;
            let arc = self.svg.tag("circle").num("r", RING_RADIUS);
            let arc = arc.ink("none", if odd { sunk } else { line }, 18.0);
            let arc = arc.put("stroke-dasharray", &format!("{} {}", px(length), px(round)));
            arc.put("transform", &format!("rotate({})", px(from * 360.0 - 90.0))).leaf();
            odd = !odd;
            if named && to - from > 0.035 {
                let turn = f64::midpoint(*from, *to) * 360.0;
                let radius = px(RING_RADIUS);
                let there =
                    format!("rotate({}) translate(0 -{radius}) rotate({})", px(turn), px(-turn));
                self.svg.tag("g").put("transform", &there).open();
                self.centred(3.5, 9.0, Colour::Soft, &words::node_name(*node));
                self.svg.close();
            }
        }
        self.svg.close();
    }
}

/// Whether a message passes between nodes.
fn within(chip: &Chip) -> bool {
    matches!((chip.from, chip.to), (End::Node(_), End::Node(_)))
}

/// The messages that can be seen, and where they are now: what waits at a paused node lies in a
/// pile, of which only the top shows.
fn visible<'a>(scene: &Scene<'a>, plan: &Plan) -> Vec<(&'a Chip, Point)> {
    let mut marks: Vec<(&Chip, Point)> = Vec::with_capacity(scene.chips.len());
    for chip in scene.chips {
        let Some(lane) = plan.lane(chip.from, chip.to) else { continue };
        let whole = (chip.arrives_ms - chip.sent_ms).max(0.001);
        let at = lane.at(((scene.now_ms - chip.sent_ms) / whole).clamp(0.0, 1.0));
        let hides = |(below, place): &(&Chip, Point)| {
            let near = (place.x - at.x).abs() < 0.5 && (place.y - at.y).abs() < 0.5;
            near && chip_size(below).0 <= chip_size(chip).0
        };
        marks.retain(|mark| !hides(mark));
        marks.push((chip, at));
    }
    marks
}

fn thousandths(value: f64) -> String {
    crate::figures::decimals(value, 3)
}
