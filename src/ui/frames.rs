//! The one place that knows the wall clock: it asks the browser for frames while something moves.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use yew::Callback;

type Tick = Closure<dyn FnMut(f64)>;

/// Asks for frames while it is wanted.
pub struct Frames {
    asked: Rc<Cell<bool>>,
    wanted: Rc<Cell<bool>>,
    tick: Rc<RefCell<Option<Tick>>>,
}

impl Frames {
    /// Calls back with the wall time, in milliseconds, once for each frame.
    #[must_use]
    pub fn new(on_frame: Callback<f64>) -> Self {
        let asked = Rc::new(Cell::new(false));
        let wanted = Rc::new(Cell::new(false));
        let tick: Rc<RefCell<Option<Tick>>> = Rc::default();
        let closure = {
            let (asked, wanted, tick) = (Rc::clone(&asked), Rc::clone(&wanted), Rc::clone(&tick));
            Closure::new(move |wall_ms: f64| {
                asked.set(false);
                on_frame.emit(wall_ms);
                if wanted.get() {
                    ask(&asked, &tick);
                }
            })
        };
        *tick.borrow_mut() = Some(closure);
        Self { asked, wanted, tick }
    }

    /// Whether frames are wanted from now on; one more is drawn in any case.
    pub fn want(&self, wanted: bool) {
        self.wanted.set(wanted);
        ask(&self.asked, &self.tick);
    }
}

fn ask(asked: &Cell<bool>, tick: &RefCell<Option<Tick>>) {
    if asked.get() {
        return;
    }
    if let (Some(window), Some(tick)) = (web_sys::window(), tick.borrow().as_ref()) {
        let request = window.request_animation_frame(tick.as_ref().unchecked_ref());
        asked.set(request.is_ok());
    }
}
