//! Where things are drawn: the geometry of the stage for a width and a number of nodes.
//!
//! Nodes keep their places for the whole run, whoever leads, so that a reader finds them again. It
//! knows rectangles and lanes, not what they mean.

use super::types::End;

/// A point on the stage, in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A rectangle on the stage.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Place {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Place {
    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }

    fn around(middle: Point, w: f64, h: f64) -> Self {
        Self { x: middle.x - w / 2.0, y: middle.y - h / 2.0, w, h }
    }

    /// Where a line from the middle towards `to` leaves the rectangle, a little outside of it.
    fn edge(&self, to: Point) -> Point {
        let from = self.middle();
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let across = if dx.abs() > 0.01 { (self.w / 2.0 + GAP) / dx.abs() } else { f64::INFINITY };
        let along = if dy.abs() > 0.01 { (self.h / 2.0 + GAP) / dy.abs() } else { f64::INFINITY };
        let share = across.min(along).min(0.48);
        Point { x: from.x + dx * share, y: from.y + dy * share }
    }
}

/// How much a card shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Detail {
    /// Everything.
    #[default]
    Full,
    /// Fewer cells, one line of positions: for many nodes.
    Compact,
}

/// Where everything on the stage is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// Width of the drawing.
    pub width: f64,
    /// Height of the drawing.
    pub height: f64,
    /// One place per node.
    pub nodes: Vec<Place>,
    /// One place per client face.
    pub clients: Vec<Place>,
    /// How much a card shows.
    pub detail: Detail,
    /// Whether nodes stand below one another.
    pub downwards: bool,
}

/// A straight way for chips.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lane {
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

impl Lane {
    /// The point this share of the way along, 0 to 1.
    #[must_use]
    pub fn at(&self, share: f64) -> Point {
        Point {
            x: self.from.x + (self.to.x - self.from.x) * share,
            y: self.from.y + (self.to.y - self.from.y) * share,
        }
    }

    /// Whether two ways cross.
    #[must_use]
    pub fn crosses(&self, other: &Self) -> bool {
        let side = |a: Point, b: Point, c: Point| {
            (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0.0
        };
        side(self.from, self.to, other.from) != side(self.from, self.to, other.to)
            && side(other.from, other.to, self.from) != side(other.from, other.to, self.to)
    }

    /// The corners of an arrow's tip at its end.
    #[must_use]
    pub fn tip(&self) -> [Point; 3] {
        let (x, y) = self.direction();
        let corner = |back: f64, aside: f64| Point {
            x: self.to.x - x * back - y * aside,
            y: self.to.y - y * back + x * aside,
        };
        [corner(0.0, 0.0), corner(8.0, 4.0), corner(8.0, -4.0)]
    }

    /// Its direction, of length one.
    fn direction(&self) -> (f64, f64) {
        let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        let length = libm::sqrt(dx * dx + dy * dy).max(1.0);
        (dx / length, dy / length)
    }

    fn shifted(self, by: f64) -> Self {
        let (dx, dy) = self.direction();
        let (x, y) = (-dy * by, dx * by);
        Self {
            from: Point { x: self.from.x + x, y: self.from.y + y },
            to: Point { x: self.to.x + x, y: self.to.y + y },
        }
    }
}

/// Space between a card and what points at it.
const GAP: f64 = 7.0;
/// Distance of a link's two directions from its middle line.
const APART: f64 = 6.0;
/// The most client faces that are drawn.
pub const FACES: usize = 6;

const FULL: (f64, f64) = (246.0, 114.0);
const COMPACT: (f64, f64) = (168.0, 88.0);
const FACE: (f64, f64) = (168.0, 54.0);
const MARGIN: f64 = 14.0;

impl Plan {
    /// Places for so many nodes, one of them perhaps a service, and clients on a drawing of this
    /// width.
    #[must_use]
    pub fn new(width: f64, nodes: usize, clients: usize, service: Option<u8>) -> Self {
        let clients = clients.min(FACES);
        let narrow = match nodes {
            0..=3 => 620.0,
            4 | 5 => 780.0,
            6 | 7 => 850.0,
            _ => 940.0,
        };
        let mut plan = if width < narrow {
            Self::downwards(width, nodes, clients)
        } else {
            Self::around(width, nodes, clients)
        };
        // Whoever serves no client stands last, wherever its name belongs.
        let service = service.map(usize::from).filter(|place| *place < plan.nodes.len());
        if let Some(service) = service {
            plan.nodes[service..].rotate_right(1);
        }
        plan
    }

    /// Clients in a column at the left, nodes on an ellipse, the first one nearest to the clients.
    fn around(width: f64, nodes: usize, clients: usize) -> Self {
        let roomy = match nodes {
            0..=3 => width >= 760.0,
            4 => width >= 840.0,
            5 => width >= 960.0,
            _ => false,
        };
        let (detail, (w, h)) =
            if roomy { (Detail::Full, FULL) } else { (Detail::Compact, COMPACT) };
        let height = match nodes {
            0..=3 => 372.0,
            4..=6 => 470.0,
            _ => 640.0,
        };
        let faces_to = if clients > 0 { MARGIN + FACE.0 } else { 0.0 };
        let way = if clients > 0 { 70.0 } else { MARGIN };
        let left = faces_to + way + w / 2.0;
        let right = width - MARGIN - w / 2.0;
        let (rx, ry) = ((right - left) / 2.0, height / 2.0 - MARGIN - h / 2.0);
        let centre = Point { x: (left + right) / 2.0, y: height / 2.0 };
        let ring: Vec<Point> = (0..nodes).map(|node| on_circle(node, nodes)).collect();
        // Stretched so that the outermost cards touch the edges, whatever their number.
        let (far_x, far_y) = ring.iter().fold((0.01_f64, 0.01_f64), |far, point| {
            (far.0.max(point.x), far.1.max(point.y.abs()))
        });
        let place = |point: &Point| {
            let x = (point.x + 1.0) * 2.0 / (far_x + 1.0) - 1.0;
            let y = if nodes > 2 { point.y / far_y } else { 0.0 };
            Place::around(Point { x: centre.x + rx * x, y: centre.y + ry * y }, w, h)
        };
        let nodes = ring.iter().map(place).collect();
        let step = (height - 2.0 * MARGIN) / share_of(clients);
        let clients = (0..clients)
            .map(|client| {
                let y = MARGIN + step * (count(client) + 0.5);
                Place::around(Point { x: MARGIN + FACE.0 / 2.0, y }, FACE.0, FACE.1)
            })
            .collect();
        Self { width, height, nodes, clients, detail, downwards: false }
    }

    /// Clients in a row at the top, nodes below one another, to and fro.
    fn downwards(width: f64, nodes: usize, clients: usize) -> Self {
        let (detail, (w, h)) =
            if nodes <= 5 { (Detail::Full, FULL) } else { (Detail::Compact, COMPACT) };
        let side = 8.0;
        let clients = clients.min(2);
        let face = (width - 2.0 * side - 8.0 * (share_of(clients) - 1.0)) / share_of(clients);
        let face = face.min(FACE.0 * 1.3);
        let top = if clients > 0 { side + FACE.1 + 46.0 } else { side };
        // Few nodes stand to and fro, so that their ways pass beside one another; many stand in rows, as many in each as
        // have room.
        let (columns, gap) =
            if nodes <= 5 { (1, 44.0) } else { (in_a_row(width - 2.0 * side, w), 26.0) };
        let step = h + gap;
        let across = if columns > 1 { (width - 2.0 * side - w) / count(columns - 1) } else { 0.0 };
        let places = (0..nodes)
            .map(|node| {
                let x = match columns {
                    1 if node % 2 == 0 => side,
                    1 => width - side - w,
                    _ => side + across * count(node % columns),
                };
                Place { x, y: top + step * count(node / columns), w, h }
            })
            .collect();
        let clients = (0..clients)
            .map(|client| Place {
                x: side + (face + 8.0) * count(client),
                y: side,
                w: face,
                h: FACE.1,
            })
            .collect();
        let height = top + step * count(nodes.div_ceil(columns)) - gap + side;
        Self { width, height, nodes: places, clients, detail, downwards: true }
    }

    /// Where a round thing of this radius that belongs to all nodes stands: in their middle, or beside the first one.
    #[must_use]
    pub fn centre(&self, radius: f64) -> Point {
        let middles = self.nodes.iter().map(Place::middle);
        let first = middles.clone().next().unwrap_or_default();
        if self.downwards {
            return Point { x: self.width - radius, y: first.y };
        }
        let sum =
            middles.fold(Point::default(), |sum, at| Point { x: sum.x + at.x, y: sum.y + at.y });
        let count = share_of(self.nodes.len());
        Point { x: sum.x / count, y: sum.y / count }
    }

    /// The place of one end of a message's way.
    #[must_use]
    pub fn place(&self, end: End) -> Option<&Place> {
        match end {
            End::Node(node) => self.nodes.get(usize::from(node)),
            End::Client(client) => {
                let client = usize::from(client);
                // Clients without a face speak from the last one.
                self.clients.get(client).or_else(|| self.clients.last())
            }
        }
    }

    /// The way from one end to the other. The two directions lie side by side.
    #[must_use]
    pub fn lane(&self, from: End, to: End) -> Option<Lane> {
        let (a, b) = (self.place(from)?, self.place(to)?);
        let (start, stop) = self.anchors(a, b);
        let from_point = a.edge_towards(start, stop);
        let to_point = b.edge_towards(stop, start);
        Some(Lane { from: from_point, to: to_point }.shifted(APART))
    }

    /// The points that a way aims at: the middles, but on a narrow stage, where cards stand below
    /// one another, a point at the side on which the way passes the cards between.
    fn anchors(&self, a: &Place, b: &Place) -> (Point, Point) {
        let (mut from, mut to) = (a.middle(), b.middle());
        if self.downwards {
            let near = (from.y - to.y).abs() < a.h.max(b.h) * 2.2;
            let left = a.x + b.x < self.width - a.w;
            if (a.x - b.x).abs() < 1.0 && !near {
                let x = if left { a.x + 34.0 } else { a.x + a.w - 34.0 };
                from.x = x;
                to.x = x;
            }
        }
        (from, to)
    }
}

impl Place {
    /// Like [`Place::edge`], seen from `from` instead of the middle.
    fn edge_towards(&self, from: Point, to: Point) -> Point {
        let middle = self.middle();
        let shift = Point { x: from.x - middle.x, y: from.y - middle.y };
        let edge = self.edge(Point { x: to.x - shift.x, y: to.y - shift.y });
        Point { x: edge.x + shift.x, y: edge.y + shift.y }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of things on a screen")]
fn count(number: usize) -> f64 {
    number as f64
}

/// No letter of a card's small type is wider, in pixels.
const LETTER: f64 = 6.2;

/// Where a bar with words behind it lies on a card of this width: its length from [`BAR_LEFT`] on, and the right end of the
/// words. They end where the card does, and the bar has what they leave.
#[must_use]
pub fn bar_and_words(card: f64, words: &str) -> (f64, f64) {
    let right = card - 12.0;
    ((right - count(words.chars().count()) * LETTER - 8.0 - BAR_LEFT).max(0.0), right)
}

/// Where a bar on a card begins.
pub const BAR_LEFT: f64 = 14.0;

/// How many cards of this width stand beside one another with some room between them; at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of cards")]
fn in_a_row(width: f64, card: f64) -> usize {
    let room = 10.0;
    (libm::floor((width + room) / (card + room)) as usize).max(1)
}

/// A node's point on a circle around zero, the first at the left.
fn on_circle(node: usize, of: usize) -> Point {
    let turn = count(node) / share_of(of);
    Point { x: -cosine(turn), y: -cosine(turn - 0.25) }
}

/// The cosine of so many turns, by its series: a drawing needs no more, and a library's weighs
/// kilobytes.
fn cosine(turns: f64) -> f64 {
    let turns = turns - libm::floor(turns + 0.5);
    let square = (core::f64::consts::TAU * turns) * (core::f64::consts::TAU * turns);
    let (mut sum, mut term, mut step) = (1.0, 1.0, 0.0);
    while step < 20.0 {
        term *= -square / ((step + 1.0) * (step + 2.0));
        sum += term;
        step += 2.0;
    }
    sum
}

fn share_of(of: usize) -> f64 {
    count(of.max(1))
}

#[cfg(test)]
mod tests;
