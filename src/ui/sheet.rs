//! Sheets over the page, and the mistakes of people: what, where, how to fix.

use super::editor::files::Files;
use super::editor::notice::notice;
use super::intent::{Intent, Sheet};
use super::keys::key_list;
use super::parts::placed;
use super::player::Player;
use super::{browser, share, words};
use lab::Looking;
use scenario::Problem;
use yew::prelude::*;

/// What stands over the page, and what each of these sheets goes on with.
pub struct Sheets {
    /// The one that is open.
    pub open: Option<Sheet>,
    placed: Option<Sheet>,
    /// Whether single keys are listened to.
    pub listening: bool,
    /// What the share sheet hands on.
    pub share: Option<share::State>,
    /// What the editor and files go on with.
    pub files: Files,
}

impl Default for Sheets {
    fn default() -> Self {
        let (open, placed, share, files) = (None, None, None, Files::default());
        Self { open, placed, listening: true, share, files }
    }
}

impl Sheets {
    /// Closes the sheet; what was said about a file gives way to the editor. Tells whether one was open.
    pub fn close(&mut self) -> bool {
        let back = self.open == Some(Sheet::Notice { back: true });
        let next = back.then_some(Sheet::Editor);
        std::mem::replace(&mut self.open, next).is_some()
    }

    /// Does what is wished of the share sheet.
    pub fn share(
        &mut self,
        wish: share::Wish,
        player: &Player,
        looking: &Looking,
        send: &Callback<Intent>,
    ) {
        if wish == share::Wish::Open {
            self.share = Some(share::State::new(&player.session, looking));
            self.open = Some(Sheet::Share);
        }
        if let Some(state) = &mut self.share {
            state.update(wish, player, looking, send);
        }
    }

    /// A sheet that has just opened takes the focus; one that closed gives it back to what opened it.
    pub fn place(&mut self) {
        if self.open == self.placed {
            return;
        }
        if let Some(sheet) = browser::html_of(SHEET) {
            placed::focus_first(&sheet);
        }
        match (self.placed, self.open) {
            (Some(Sheet::Keys), None) => placed::focus_on("#keys"),
            (Some(Sheet::Share), None) => placed::focus_on("#share"),
            (Some(Sheet::Editor | Sheet::Notice { .. }), None) => placed::focus_on("#edit"),
            _ => {}
        }
        self.placed = self.open;
    }
}

/// The id of the sheet.
pub const SHEET: &str = "sheet";

/// A sheet over the page; it holds the focus until it is closed.
#[inline(never)]
pub fn sheet(sheets: &Sheets, send: &Callback<Intent>) -> Html {
    let close = send.reform(|_: MouseEvent| Intent::Escape);
    html! {
        <div class="veil">
            <div class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title"
                id={SHEET} onkeydown={trap()}>
                { match sheets.open {
                    Some(Sheet::Keys) => key_list(sheets.listening, send),
                    Some(Sheet::Share) => sheets.share.iter()
                        .map(|state| share::body(state, send)).collect(),
                    Some(Sheet::Notice { .. }) => sheets.files.notice.iter().map(notice).collect(),
                    Some(Sheet::Editor) | None => Html::default(),
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
        let inside = browser::target::<web_sys::Element>(&event);
        let body = inside.and_then(|inside| inside.closest("[role=dialog]").ok().flatten());
        if let Some(body) = body.filter(|_| event.key() == "Tab") {
            placed::walk_inside(&body, &event);
        }
    })
}

/// Mistakes in what was asked for, and a way on.
pub fn problems(problems: &[Problem], send: &Callback<Intent>) -> Html {
    if problems.is_empty() {
        return Html::default();
    }
    html! {
        <section class="problems full" role="alert">
            { for problems.iter().map(|problem| html! {
                <div data-problem={problem.mistake.id()}>
                    <b>{ problem.mistake.what() }</b>
                    <dl>
                        <dt>{ words::WHERE }</dt><dd>{ &problem.at }</dd>
                        <dt>{ words::FIX }</dt><dd>{ problem.mistake.fix() }</dd>
                    </dl>
                </div>
            }) }
            <div><button type="button" class="button"
                onclick={send.reform(|_: MouseEvent| Intent::Dismiss)}>{ words::GO_ON
                    }</button></div>
        </section>
    }
}
