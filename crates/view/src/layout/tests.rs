//! Everything fits its stage, and nothing lies on anything else.

use super::*;

fn overlap(a: &Place, b: &Place) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

#[test]
fn two_to_nine_nodes_fit_a_screen_without_overlap_on_phone_and_desk() {
    for width in [344.0, 390.0, 600.0, 700.0, 820.0, 860.0, 900.0, 980.0, 1_200.0] {
        for nodes in 2..=9 {
            let plan = Plan::new(width, nodes, 2, Some(2));
            let all: Vec<_> = plan.nodes.iter().chain(&plan.clients).collect();
            assert!(
                width < 390.0 || plan.height <= 880.0,
                "{nodes} nodes on {width} are {} px high",
                plan.height
            );
            for (index, a) in all.iter().enumerate() {
                assert!(a.x >= 0.0 && a.x + a.w <= width + 0.5, "{width} {nodes} {a:?}");
                assert!(a.y >= 0.0 && a.y + a.h <= plan.height + 0.5, "{width} {nodes} {a:?}");
                for b in &all[..index] {
                    assert!(!overlap(a, b), "{nodes} nodes on {width}: {a:?} {b:?}");
                }
            }
        }
    }
}

#[test]
fn words_behind_a_bar_end_inside_the_card() {
    for words in ["0 bytes of 55 KB", "512 bytes of 6.4 KB", "999 bytes of 999 bytes"] {
        for card in [FULL.0, COMPACT.0] {
            let (bar, right) = bar_and_words(card, words);
            assert!(bar >= 0.0 && right < card, "{words}");
            assert!(BAR_LEFT + bar + count(words.chars().count()) * LETTER <= right.max(150.0));
        }
    }
}

#[test]
fn the_two_directions_of_a_link_lie_apart() {
    let plan = Plan::new(980.0, 3, 2, None);
    let there = plan.lane(End::Node(0), End::Node(1)).unwrap().at(0.5);
    let back = plan.lane(End::Node(1), End::Node(0)).unwrap().at(0.5);
    let distance = (there.x - back.x).abs() + (there.y - back.y).abs();
    assert!(distance > 8.0);
}
