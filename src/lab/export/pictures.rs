//! Pictures of the run: what stands on them beside what they show.

use super::Options;
use crate::lab::Lab;
use crate::view::number::clock;
use crate::view::picture::{self, Caption, Scene};

/// The stage at the playhead.
pub fn stage(lab: &Lab, options: &Options) -> String {
    let (stage, chips) = (lab.stage(), lab.chips());
    let scene = Scene { stage: &stage, chips: &chips, now_ms: lab.now().as_millis_f64() };
    picture::stage(&scene, options.theme, &caption(lab, options))
}

fn caption(lab: &Lab, options: &Options) -> Caption {
    let title = &lab.scenario().title;
    let untitled = || lab.scenario().system.card().title.to_owned();
    Caption {
        title: if title.is_empty() { untitled() } else { title.clone() },
        caption: options.caption.clone(),
        link: options.link.clone(),
        moment: format!("{} · seed {}", clock(lab.now()), lab.scenario().seed()),
        sentence: Some(lab.sentence()),
    }
}
