//! A pointer that drags the playhead, on the diagram and on the whole run: on what carries
//! `data-drag`.

use crate::ui::browser::target;
use crate::ui::intent::Intent;
use crate::ui::player::Wish;
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
        let held =
            target::<Element>(&event).and_then(|below| below.closest("[data-drag]").ok().flatten());
        if let Some(held) = held.filter(|_| pressed) {
            if event.type_() == "pointerdown" {
                let _ = held.set_pointer_capture(event.pointer_id());
            }
            let x = f64::from(event.client_x()) - held.get_bounding_client_rect().left();
            send.emit(Intent::Time(Wish::Seek(time_at(x))));
        }
    })
}
