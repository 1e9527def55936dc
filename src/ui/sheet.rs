//! Sheets over the page, and the mistakes of people: what, where, how to fix.

use super::editor::notice::{Notice, notice};
use super::intent::{Intent, Sheet};
use super::keys::{self, key_list};
use super::parts::placed;
use super::session::Problem;
use super::share;
use super::words;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What the sheet shows.
#[derive(PartialEq)]
pub struct Props {
    /// Which sheet.
    pub sheet: Sheet,
    /// What the share sheet hands on.
    pub share: Option<share::State>,
    /// What is said about a file.
    pub notice: Option<Notice>,
    /// Whether single keys are listened to.
    pub listening: bool,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The id of the sheet.
pub const SHEET: &str = "sheet";

/// A sheet over the page; it holds the focus until it is closed.
#[inline(never)]
pub fn sheet(props: &Props) -> Html {
    let close = props.send.reform(|_: MouseEvent| Intent::Escape);
    html! {
        <div class="veil">
            <div class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title"
                id={SHEET} onkeydown={trap()}>
                { match props.sheet {
                    Sheet::Keys => html! {
                        { key_list(&keys::Props { listening: props.listening, send:
                            props.send.clone() }) } },
                    Sheet::Share => props.share.as_ref()
                        .map_or_else(Html::default, |state| share::body(state, &props.send)),
                    Sheet::Editor => Html::default(),
                    Sheet::Notice { .. } => props.notice.iter().map(notice).collect(),
                } }
                <div class="actions"><button type="button" class="button filled" data-stop=""
                    onclick={close}>{ words::CLOSE }</button></div>
            </div>
        </div>
    }
}

/// Tab walks inside the sheet only.
pub fn trap() -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let inside = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let body = inside.and_then(|inside| inside.closest("[role=dialog]").ok().flatten());
        if let Some(body) = body.filter(|_| event.key() == "Tab") {
            placed::walk_inside(&body, &event);
        }
    })
}

/// What the list of mistakes shows.
#[derive(PartialEq)]
pub struct ProblemsProps {
    /// The mistakes.
    pub problems: Vec<Problem>,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// Mistakes in what was asked for, and a way on.
pub fn problems(props: &ProblemsProps) -> Html {
    if props.problems.is_empty() {
        return Html::default();
    }
    html! {
        <section class="problems full" role="alert">
            { for props.problems.iter().map(|problem| html! {
                <div data-problem={problem.mistake.id()}>
                    <b>{ problem.mistake.what() }</b>
                    <dl>
                        <dt>{ words::WHERE }</dt><dd>{ &problem.at }</dd>
                        <dt>{ words::FIX }</dt><dd>{ problem.mistake.fix() }</dd>
                    </dl>
                </div>
            }) }
            <div><button type="button" class="button"
                onclick={props.send.reform(|_: MouseEvent| Intent::Dismiss)}>{ words::GO_ON
                    }</button></div>
        </section>
    }
}
