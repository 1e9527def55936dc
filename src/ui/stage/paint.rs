//! What moves on the stage between two renderings: chips and countdowns, changed in place.

use crate::ui::figures::px;
use crate::ui::layout::Plan;
use crate::ui::shape::{chip_look, chip_size};
use crate::ui::words;
use lab::EventId;
use view::{Chip, ChipLook, Stage};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements of the stage that are moved in every frame.
#[derive(Default)]
pub struct Painter {
    layer: Option<Element>,
    chips: Vec<Slot>,
    rings: Vec<RingElements>,
    still: bool,
}

struct Slot {
    id: u64,
    group: Element,
    seen: bool,
}

struct RingElements {
    node: u8,
    group: Element,
    left: Element,
    text: Element,
    // What they show: text, what is left, low, fired.
    shown: (String, String, bool, bool),
}

impl Painter {
    /// A painter; `still`: things jump instead of gliding.
    #[must_use]
    pub fn new(still: bool) -> Self {
        Self { still, ..Self::default() }
    }

    /// Finds the elements again after a rendering.
    pub fn find(&mut self, document: &Document, stage: &Stage) {
        let layer = document.get_element_by_id(CHIP_LAYER);
        if self.layer != layer {
            self.chips.clear();
            self.layer = layer;
        }
        self.rings.clear();
        let Ok(found) = document.query_selector_all(".ring") else { return };
        let wearers = stage.nodes.iter().filter(|node| node.ring.is_some());
        for (index, node) in (0..found.length()).zip(wearers) {
            let group = found.item(index).and_then(|node| node.dyn_into::<Element>().ok());
            let Some(group) = group else { continue };
            if let (Ok(Some(left)), Ok(Some(text))) =
                (group.query_selector(".left"), group.query_selector("text"))
            {
                let shown = (String::new(), String::new(), false, false);
                self.rings.push(RingElements { node: node.node, group, left, text, shown });
            }
        }
    }

    /// The message whose chip holds an element.
    pub fn message_at(&self, element: &Element) -> Option<EventId> {
        let group = element.closest(".chip").ok().flatten()?;
        let slot = self.chips.iter().find(|slot| slot.group == group)?;
        u32::try_from(slot.id).ok().map(EventId)
    }

    /// Moves every chip to where it is now.
    pub fn chips(&mut self, document: &Document, chips: &[Chip], plan: &Plan, now_ms: f64) {
        let Some(layer) = self.layer.clone() else { return };
        for slot in &mut self.chips {
            slot.seen = false;
        }
        for chip in chips {
            let Some(lane) = plan.lane(chip.from, chip.to) else { continue };
            let whole = (chip.arrives_ms - chip.sent_ms).max(0.001);
            let share = ((now_ms - chip.sent_ms) / whole).clamp(0.0, 1.0);
            let point = lane.at(if self.still { 0.5 } else { share });
            let group = match self.chips.iter_mut().find(|slot| slot.id == chip.id) {
                Some(slot) => {
                    slot.seen = true;
                    slot.group.clone()
                }
                None => {
                    let Some(group) = create(document, chip) else { continue };
                    let _ = layer.append_child(&group);
                    self.chips.push(Slot { id: chip.id, group: group.clone(), seen: true });
                    group
                }
            };
            set(&group, "transform", &format!("translate({} {})", px(point.x), px(point.y)));
        }
        self.chips.retain(|slot| {
            if !slot.seen {
                leave(document, &slot.group);
            }
            slot.seen
        });
    }

    /// Lets every countdown show what is left of it; `figures`: in figures, too.
    pub fn rings(&mut self, stage: &Stage, now_ms: f64, figures: bool) {
        for ring in &mut self.rings {
            let view = stage
                .nodes
                .iter()
                .find(|node| node.node == ring.node)
                .and_then(|node| node.ring.as_ref());
            let Some(view) = view else { continue };
            let (share, low) = view.share(now_ms);
            let text = match view.phi(now_ms) {
                _ if !figures => ring.shown.0.clone(),
                Some(phi) => words::phi(phi),
                None => words::ring_text(view.fires_ms - now_ms),
            };
            let fired = view.fired_ms.is_some();
            let shown = (text, px(100.0 - 100.0 * share), low, fired);
            if shown == ring.shown {
                continue;
            }
            if shown.0 != ring.shown.0 {
                ring.text.set_text_content(Some(&shown.0));
            }
            set(&ring.left, "stroke-dashoffset", &shown.1);
            set(&ring.group, "data-low", if low { "true" } else { "false" });
            set(&ring.group, "data-fired", if fired { "true" } else { "false" });
            ring.shown = shown;
        }
    }
}

/// The id of the layer that holds the chips.
pub const CHIP_LAYER: &str = "chips";

/// A chip goes; if it had the focus, the stage gets it back.
fn leave(document: &Document, group: &Element) {
    let focused = document.active_element().is_some_and(|active| &active == group);
    group.remove();
    if focused
        && let Ok(Some(stop)) = document.query_selector(".node[data-stop]")
        && let Some(stop) = stop.dyn_ref::<web_sys::SvgElement>()
    {
        let _ = stop.focus();
    }
}

fn create(document: &Document, chip: &Chip) -> Option<Element> {
    let group = document.create_element_ns(Some(SVG), "g").ok()?;
    set(&group, "class", "chip");
    set(&group, "data-look", chip_look(chip.look));
    set(&group, "data-chip", &chip.id.to_string());
    let title = words::chip_label(chip);
    let beat = chip.look == ChipLook::Beat;
    set(&group, "role", "button");
    set(&group, "tabindex", "-1");
    set(&group, "data-stop", "");
    set(&group, "aria-label", &title);
    let (width, height) = chip_size(chip);
    let body = shape(document, "rect", width, height)?;
    set(&body, "class", "body");
    set(&body, "rx", if beat { "4.5" } else { "5" });
    let aim = shape(document, "rect", f64::max(width, 24.0), 24.0)?;
    set(&aim, "class", "aim");
    let _ = group.append_child(&body);
    let _ = group.append_child(&aim);
    if !beat {
        let text = document.create_element_ns(Some(SVG), "text").ok()?;
        set(&text, "y", "4");
        text.set_text_content(Some(&chip.label));
        let _ = group.append_child(&text);
    }
    Some(group)
}

fn shape(document: &Document, name: &str, width: f64, height: f64) -> Option<Element> {
    let element = document.create_element_ns(Some(SVG), name).ok()?;
    set(&element, "x", &px(-width / 2.0));
    set(&element, "y", &px(-height / 2.0));
    set(&element, "width", &px(width));
    set(&element, "height", &px(height));
    Some(element)
}

fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
