//! How the stage is laid out in a frame of a given size: the layout that can be drawn largest.
//!
//! Besides the page's own layouts it knows two for little room: one pressed flat, and one with nodes in pairs below one
//! another.

use crate::ui::layout::{Detail, Place, Plan};

/// Wider drawings than the frame are tried in so many steps of a tenth of its width.
const STEPS: u32 = 14;
/// How high drawings are pressed.
const HEIGHTS: [f64; 4] = [236.0, 270.0, 310.0, 340.0];
const MARGIN: f64 = 10.0;
/// A card that shows little, and a client's face.
const CARD: (f64, f64) = (168.0, 88.0);
const FACE: (f64, f64) = (168.0, 54.0);
/// Room between cards for what flies between them.
const WAY: f64 = 44.0;
/// Room between cards that stand closest.
const CLOSEST: f64 = 24.0;

/// The plan that, shrunk into `room` (width and height), is drawn largest; never larger than its own size.
pub fn plan(room: (f64, f64), nodes: usize, clients: usize, service: Option<u8>) -> Plan {
    let mut best = Plan::new(room.0, nodes, clients, service);
    let mut consider = |next: Plan| {
        // A little larger is not worth another layout.
        if scale(&next, room) > scale(&best, room) * 1.02 {
            best = next;
        }
    };
    for step in 1..=STEPS {
        let width = room.0 * (1.0 + f64::from(step) / 10.0);
        consider(Plan::new(width, nodes, clients, service));
    }
    for step in 0..=STEPS {
        let width = room.0 * (1.0 + f64::from(step) / 10.0);
        let plan = Plan::new(width, nodes, clients, service);
        HEIGHTS.iter().filter_map(|height| flat(&plan, *height)).for_each(&mut consider);
        if service.is_none() && width >= 2.0 * (CARD.0 + MARGIN) + WAY {
            consider(paired(width, nodes, clients));
        }
    }
    best
}

/// The height that a frame of this width gives its stage if it is asked for its own height.
pub fn natural(width: f64, nodes: usize, clients: usize, service: Option<u8>) -> f64 {
    let plan = plan((width, f64::INFINITY), nodes, clients, service);
    plan.height * scale(&plan, (width, f64::INFINITY))
}

/// By how much a plan shrinks to fit.
fn scale(plan: &Plan, (width, height): (f64, f64)) -> f64 {
    (width / plan.width).min(height / plan.height).min(1.0)
}

/// A plan pressed to a height, with as many faces as find room; nothing if cards would come too close.
fn flat(plan: &Plan, height: f64) -> Option<Plan> {
    let card = plan.nodes.first().filter(|_| !plan.downwards && plan.height > height)?.h;
    let top = plan.nodes.iter().fold(f64::INFINITY, |top, node| top.min(node.y));
    let room = height - 2.0 * MARGIN - card;
    let before = plan.nodes.iter().fold(1.0_f64, |most, node| most.max(node.y - top));
    let mut flat = Plan { height, ..plan.clone() };
    for node in &mut flat.nodes {
        node.y = MARGIN + (node.y - top) * room / before;
    }
    let mut faces = flat.clients.len();
    let step = |faces: usize| (height - 2.0 * MARGIN) / share(faces);
    while faces > 1 && step(faces) < FACE.1 {
        faces -= 1;
    }
    flat.clients.truncate(faces);
    for (index, face) in flat.clients.iter_mut().enumerate() {
        face.y = MARGIN + step(faces) * (share(index + 1) - 0.5) - face.h / 2.0;
    }
    let apart = |a: &Place, b: &Place| {
        let x = (b.x - a.x - a.w).max(a.x - b.x - b.w);
        x.max(b.y - a.y - a.h).max(a.y - b.y - b.h) >= CLOSEST
    };
    let mut pairs = flat.nodes.iter().enumerate();
    pairs.all(|(index, a)| flat.nodes[..index].iter().all(|b| apart(a, b))).then_some(flat)
}

/// Two faces at the top, the first node below them in the middle, the others in pairs below it.
fn paired(width: f64, nodes: usize, clients: usize) -> Plan {
    let clients = clients.min(2);
    let aside = [MARGIN, width - MARGIN - CARD.0];
    let face = |index: usize| Place { x: aside[index], y: MARGIN, w: FACE.0, h: FACE.1 };
    let top = MARGIN + if clients > 0 { FACE.1 + WAY } else { 0.0 };
    let row = |number: usize| top + (CARD.1 + WAY) * share(number);
    let place = |node: usize| {
        let (x, y) = match node {
            0 => ((width - CARD.0) / 2.0, top),
            _ => (aside[(node - 1) % 2], row(node.div_ceil(2))),
        };
        Place { x, y, w: CARD.0, h: CARD.1 }
    };
    let height = row(nodes / 2) + CARD.1 + MARGIN;
    Plan {
        width,
        height,
        nodes: (0..nodes).map(place).collect(),
        clients: (0..clients).map(face).collect(),
        detail: Detail::Compact,
        downwards: true,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of things on a screen")]
fn share(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_nodes_stay_readable_in_the_usual_frames() {
        let cases = [
            ((638.0, 176.0), 0.7),
            ((358.0, 236.0), 0.65),
            ((638.0, 372.0), 0.99),
            ((700.0, 240.0), 0.95),
        ];
        for (room, least) in cases {
            let plan = plan(room, 3, 6, None);
            assert!(scale(&plan, room) >= least, "{room:?}: {}", scale(&plan, room));
        }
    }

    #[test]
    fn whatever_the_frame_everything_is_inside_and_apart() {
        for width in [320.0, 360.0, 480.0, 640.0, 800.0, 1_200.0] {
            for height in [90.0, 176.0, 236.0, 400.0, f64::INFINITY] {
                for nodes in 2..=9 {
                    let plan = plan((width, height), nodes, 6, None);
                    let all: Vec<_> = plan.nodes.iter().chain(&plan.clients).collect();
                    for (index, a) in all.iter().enumerate() {
                        assert!(
                            a.x >= 0.0 && a.x + a.w <= plan.width + 0.5,
                            "{width} {height} {nodes} {a:?}"
                        );
                        assert!(
                            a.y >= 0.0 && a.y + a.h <= plan.height + 0.5,
                            "{width} {height} {nodes} {a:?}"
                        );
                        for b in &all[..index] {
                            let over = a.x < b.x + b.w
                                && b.x < a.x + a.w
                                && a.y < b.y + b.h
                                && b.y < a.y + a.h;
                            assert!(!over, "{width} {height} {nodes}: {a:?} {b:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn with_room_to_spare_nothing_is_shrunk() {
        let plan = plan((980.0, 2_000.0), 3, 2, None);
        assert!((plan.width - 980.0).abs() < 0.1, "{}", plan.width);
        assert!((scale(&plan, (980.0, 2_000.0)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_frame_that_is_given_the_height_that_it_asks_for_asks_for_no_other() {
        for width in [320.0, 360.0, 480.0, 640.0, 980.0] {
            let height = natural(width, 3, 2, None);
            let plan = plan((width, height), 3, 2, None);
            let drawn = plan.height * scale(&plan, (width, height));
            assert!((drawn - height).abs() < 1.0, "{width}: {drawn} instead of {height}");
        }
    }
}
