//! Files for the reader: text or dots, made in the page and handed to the browser's downloads.
//!
//! Where the browser refuses something, nothing is handed over and the caller hears of it.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, Url,
};

/// Dots for a unit of a picture: sharp on the screens of today.
const SCALE: f64 = 2.0;

/// A text as a file of this media type.
fn blob_of(text: &str, media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)
}

/// Hands a file to the browser's downloads.
pub fn download(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let document = super::super::browser::document().ok_or(JsValue::NULL)?;
    let address = Url::create_object_url_with_blob(blob)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The browser has taken hold of it by the next turn.
    let let_go = Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&address);
    });
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    window.set_timeout_with_callback_and_timeout_and_arguments_0(let_go.unchecked_ref(), 10_000)?;
    Ok(())
}

/// Hands a text of this media type to the browser's downloads. Tells whether the browser took it.
pub fn save(text: &str, media_type: &str, name: &str) -> bool {
    blob_of(text, media_type).and_then(|blob| download(&blob, name)).is_ok()
}

/// Draws a picture on a canvas of its own size times `scale`.
pub async fn draw(svg: &str, canvas: &HtmlCanvasElement, scale: f64) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(&blob_of(svg, "image/svg+xml")?)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&address);
    let decoded = JsFuture::from(image.decode()).await;
    let _ = Url::revoke_object_url(&address);
    decoded?;
    let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture's size")]
    let (wide, high) = ((width * scale) as u32, (height * scale) as u32);
    if (canvas.width(), canvas.height()) != (wide, high) {
        canvas.set_width(wide);
        canvas.set_height(high);
    }
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        f64::from(wide),
        f64::from(high),
    )
}

/// A canvas that is not on the page.
pub fn canvas() -> Result<HtmlCanvasElement, JsValue> {
    let document = super::super::browser::document().ok_or(JsValue::NULL)?;
    Ok(document.create_element("canvas")?.dyn_into()?)
}

/// A picture as dots.
pub async fn png(svg: &str) -> Result<Blob, JsValue> {
    let canvas = canvas()?;
    draw(svg, &canvas, SCALE).await?;
    let promise = Promise::new(&mut |done, failed| {
        let given = Closure::once_into_js(move |blob: JsValue| {
            let _ = done.call1(&JsValue::NULL, &blob);
        });
        if let Err(error) = canvas.to_blob(given.unchecked_ref()) {
            let _ = failed.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}

/// Waits a while of the reader's time.
pub async fn wait(ms: i32) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, ms);
        }
    });
    JsFuture::from(promise).await.map(drop)
}
