//! The link as a code that a phone's camera reads: dark squares on a light ground, with the quiet edge that readers of
//! codes ask for, in either theme (ISO/IEC 18004).

use super::super::words;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;
use yew::prelude::*;

/// Squares of quiet around a code.
const QUIET: i32 = 4;

/// What the code says.
#[derive(PartialEq)]
pub struct Props {
    /// The whole address.
    pub address: AttrValue,
}

/// The code.
pub fn code(props: &Props) -> Html {
    let Ok(code) = QrCode::encode_text(&props.address, QrCodeEcc::Low) else {
        return html! { <p>{ words::QR_TOO_LONG }</p> };
    };
    let size = code.size() + 2 * QUIET;
    html! {
        <svg class="qr" role="img" aria-label={words::QR_ALT} viewBox={format!("0 0 {size} {size}")}
            shape-rendering="crispEdges">
            <rect class="ground" width={size.to_string()} height={size.to_string()} />
            <path d={dark(&code)} />
        </svg>
    }
}

/// A path of one unit square for every dark one.
fn dark(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    path
}
