//! How the stage is laid out in a frame of a given size: the layout that can be drawn largest.

use crate::ui::layout::Plan;

/// Wider drawings than the frame are tried in so many steps of a tenth of its width.
const STEPS: u32 = 14;

/// The plan that, shrunk into `room` (width and height), is drawn largest; never larger than its own size.
pub fn plan(room: (f64, f64), nodes: usize, clients: usize, service: Option<u8>) -> Plan {
    let of = |step: u32| {
        let width = room.0 * (1.0 + f64::from(step) / 10.0);
        Plan::new(width, nodes, clients, service)
    };
    let mut best = of(0);
    for step in 1..=STEPS {
        let next = of(step);
        // A little larger is not worth another layout.
        if scale(&next, room) > scale(&best, room) * 1.02 {
            best = next;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_nodes_stay_readable_in_the_usual_frames() {
        for (room, least) in [((638.0, 220.0), 0.55), ((358.0, 250.0), 0.5), ((638.0, 372.0), 0.99)]
        {
            let plan = plan(room, 3, 2, None);
            assert!(scale(&plan, room) >= least, "{room:?}: {}", scale(&plan, room));
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
