//! Documents as the bytes of links: every built-in scenario is what it was, and damaged bytes are refused.

use protocols::PROTOCOLS;
use replicarium_scenario::link::packed::{packed, unpacked};
use replicarium_scenario::{Scenario, presets};

#[test]
fn every_built_in_scenario_is_what_it_was_in_far_fewer_bytes() {
    for preset in presets(PROTOCOLS) {
        let document = Scenario::read(&preset.document(), PROTOCOLS).unwrap().short();
        assert_eq!(unpacked(&packed(&document)).as_ref(), Some(&document));
        let (bytes, text) = (packed(&document), document.to_string());
        assert!(
            bytes.len() * 5 < text.len() * 3,
            "{}: {} of {}",
            preset.name,
            bytes.len(),
            text.len()
        );
    }
}

#[test]
fn bytes_with_one_bit_turned_or_cut_short_are_refused() {
    let bytes = packed(&presets(PROTOCOLS).next().unwrap().document());
    for at in 0..bytes.len() {
        assert_eq!(unpacked(&bytes[..at]), None, "the first {at} bytes");
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[at] ^= 1 << bit;
            assert_eq!(unpacked(&other), None, "bit {bit} of byte {at}");
        }
    }
}
