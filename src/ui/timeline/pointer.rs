//! A pointer that drags the playhead, on the diagram and on the whole run: on what carries
//! `data-drag`.

use crate::ui::intent::Intent;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

/// Seeks to the time at the pointer, from where it is pressed until it is let go.
pub fn dragged(
    send: &Callback<Intent>,
    time_at: impl Fn(f64) -> f64 + 'static,
) -> Callback<PointerEvent> {
    let send = send.clone();
    Callback::from(move |event: PointerEvent| {
        let pressed = event.buttons() & 1 == 1;
        let below = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let held = below.and_then(|below| below.closest("[data-drag]").ok().flatten());
        if let Some(held) = held.filter(|_| pressed) {
            if event.type_() == "pointerdown" {
                let _ = held.set_pointer_capture(event.pointer_id());
            }
            let x = f64::from(event.client_x()) - held.get_bounding_client_rect().left();
            send.emit(Intent::Seek(time_at(x)));
        }
    })
}
