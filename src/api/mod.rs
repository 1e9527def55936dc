//! What scripts call in the compiled program: in a page, in a worker, in Node.
//!
//! Every function decodes, calls the lab, encodes: plain objects, names in camelCase, times in
//! milliseconds. It decides nothing about a run.

#[cfg(feature = "api")]
mod arguments;
#[cfg(feature = "api")]
mod class;
#[cfg(feature = "api")]
mod lists;
#[cfg(feature = "api")]
mod mistake;
#[cfg(feature = "probe")]
mod probe;
#[cfg(feature = "api")]
mod session;
#[cfg(feature = "api")]
mod source;
#[cfg(feature = "api")]
mod values;
#[cfg(feature = "api")]
mod views;

use scenario::Protocols;
use std::cell::Cell;

thread_local! {
    // The program has one thread.
    static PROTOCOLS: Cell<Protocols> = const { Cell::new(&[]) };
}

/// What scripts can play from now on.
pub fn serve(protocols: Protocols) {
    PROTOCOLS.set(protocols);
}

fn served() -> Protocols {
    PROTOCOLS.get()
}
