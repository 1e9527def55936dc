//! A film of the run: the stage, drawn picture by picture on a canvas that the browser records.
//!
//! It plays a copy of the run, so that what the reader watches meanwhile is not disturbed. A recorder takes pictures as
//! they come, so the film is made in its own time.

use super::files::{canvas, draw, wait};
use crate::ui::pace::Pace;
use crate::ui::session::Session;
use js_sys::{Array, Promise, Reflect};
use lab::export::{Export, Options};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobEvent, BlobPropertyBag, MediaRecorder, MediaRecorderOptions};

/// How long a film is.
const LENGTH_MS: i32 = 10_000;
/// From one picture to the next.
const PICTURE_MS: i32 = 80;
const MEDIA_TYPE: &str = "video/webm";

/// Whether this browser can record.
#[must_use]
pub fn is_possible() -> bool {
    let known = Reflect::get(&js_sys::global(), &"MediaRecorder".into());
    known.is_ok_and(|known| known.is_function()) && MediaRecorder::is_type_supported(MEDIA_TYPE)
}

/// Records ten seconds of what happens from the playhead of `session` on.
pub async fn film(mut session: Session, pace: Pace, options: Options) -> Result<Blob, JsValue> {
    let canvas = canvas()?;
    draw(&session.lab().export(Export::Stage, &options), &canvas, 1.0).await?;
    let wanted = MediaRecorderOptions::new();
    wanted.set_mime_type(MEDIA_TYPE);
    let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(
        &canvas.capture_stream()?,
        &wanted,
    )?;
    let pieces = Array::new();
    let keep = pieces.clone();
    let given = Closure::<dyn FnMut(BlobEvent)>::new(move |event: BlobEvent| {
        if let Some(piece) = event.data() {
            keep.push(&piece);
        }
    });
    recorder.set_ondataavailable(Some(given.as_ref().unchecked_ref()));
    recorder.start()?;
    let drawn = play(&mut session, pace, &options, &canvas).await;
    let over = Promise::new(&mut |done, _| recorder.set_onstop(Some(&done)));
    recorder.stop()?;
    JsFuture::from(over).await?;
    drawn?;
    let kind = BlobPropertyBag::new();
    kind.set_type(MEDIA_TYPE);
    Blob::new_with_blob_sequence_and_options(&pieces, &kind)
}

async fn play(
    session: &mut Session,
    mut pace: Pace,
    options: &Options,
    canvas: &web_sys::HtmlCanvasElement,
) -> Result<(), JsValue> {
    pace.playing = true;
    pace.stand_still();
    for picture in 0..LENGTH_MS / PICTURE_MS {
        pace.plan = session.plan();
        let to =
            pace.elapse(f64::from(picture * PICTURE_MS), session.lab().now(), session.is_going());
        session.go(to);
        draw(&session.lab().export(Export::Stage, options), canvas, 1.0).await?;
        wait(PICTURE_MS).await?;
    }
    Ok(())
}
