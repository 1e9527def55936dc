//! How the editor looks: the sheet with its buttons, the text with numbered lines and mistakes at
//! theirs, and the list of what may come next.

use super::typing::{OFFERS, offer_id, scroll};
use super::{Editor, Happening, files, forms};
use crate::ui::browser::target;
use crate::ui::intent::Intent;
use crate::ui::parts::panel::panel;
use crate::ui::words::editor as words;
use crate::ui::{sheet, words as page_words};
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Line numbers that are shown; a scenario is shorter.
const NUMBERED: usize = 30_000;

impl Editor {
    /// The sheet over the page.
    pub(super) fn sheet(&self, context: &Context<Self>) -> Html {
        html! {
            <div class="veil">
                <div class="sheet editor" role="dialog" aria-modal="true"
                    aria-labelledby="sheet-title" id={sheet::SHEET} onkeydown={sheet::trap()}
                    data-sound={(self.count == 0).to_string()}
                    data-resting={self.resting.is_none().to_string()}>
                    { self.head(context) }
                    <div class="halves">
                        <section class="written">{ self.code(context) }{ self.wrongs(context) }</section>
                        { panel(self.form(context), forms::forms) }
                    </div>
                </div>
            </div>
        }
    }

    fn head(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let button = |id: &'static str,
                      word: &'static str,
                      filled: bool,
                      what: fn() -> Happening| {
            let onclick = link.callback(move |_: MouseEvent| what());
            html! {
                <button type="button" {id} class={classes!("button", filled.then_some("filled"))}
                    {onclick}>{ word }</button>
            }
        };
        let send = context.props().send.clone();
        let opened = Callback::from(move |event: Event| {
            let Some(input) = target::<HtmlInputElement>(&event) else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                files::read(file, send.clone());
            }
            // The same file can be chosen again.
            input.set_value("");
        });
        html! {
            <div class="head">
                <div>
                    <h2 id="sheet-title">{ words::EDITOR }</h2>
                    <p>{ if self.stale { words::KEPT } else { words::EDITOR_SAYS } }</p>
                </div>
                <div class="actions">
                    { button("edit-run", words::RUN, true, || Happening::Run) }
                    { button("edit-format", words::FORMAT, false, || Happening::Format) }
                    { button("edit-reset", words::RESET, false, || Happening::Reset) }
                    { button("edit-save", words::DOWNLOAD, false, || Happening::Save) }
                    <label class="button"><span>{ words::OPEN }</span>
                        <input id="edit-open" class="hidden-text" type="file"
                            accept=".json,.jsonl,.edn,.txt,.log,application/json" onchange={opened} /></label>
                    <button type="button" class="button" id="edit-close"
                        onclick={self.close(context)}>{ page_words::CLOSE }</button>
                </div>
            </div>
        }
    }

    fn code(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let typed = link.callback(|event: InputEvent| {
            let letter = event.data().is_some_and(|data| {
                data.chars().all(|c| c.is_alphanumeric() || "\"_-".contains(c))
            });
            Happening::Typed(letter && !event.is_composing())
        });
        let code = self.code.clone();
        let scrolled = Callback::from(move |event: Event| {
            let area = target::<HtmlTextAreaElement>(&event);
            if let (Some(code), Some(area)) = (code.cast::<HtmlElement>(), area) {
                scroll(&code, &area);
            }
        });
        let active = self.offers.as_ref().map(|_| offer_id(self.chosen));
        let owned = self.offers.as_ref().map(|_| OFFERS);
        html! {
            <div class="code" ref={&self.code}>
                <div class="numbers" aria-hidden="true"><pre>{ self.numbers() }</pre></div>
                <div class="page-of-code">
                    <div class="marks" aria-hidden="true">
                        { for self.wrongs.iter().enumerate().map(|(number, wrong)| html! {
                            <p key={number} id={format!("mark-{number}")}><span>{
                                wrong.problem.mistake.what() }</span></p>
                        }) }
                    </div>
                    <textarea id="text" ref={&self.area} wrap="off" spellcheck="false"
                        autocomplete="off" autocapitalize="off" aria-label={words::TEXT} data-stop=""
                        aria-autocomplete="list" aria-haspopup="listbox" aria-controls={owned}
                        aria-activedescendant={active} aria-describedby="wrongs"
                        aria-invalid={(self.count > 0).to_string()}
                        oninput={typed} onkeydown={self.on_key(context)} onscroll={scrolled}
                        onclick={link.callback(|_: MouseEvent| Happening::Close)} />
                    { self.list(context) }
                </div>
            </div>
        }
    }

    /// The numbers of the lines, those with mistakes marked.
    fn numbers(&self) -> Html {
        let lines = self.text.matches('\n').count().min(NUMBERED) + 1;
        let mut wrong: Vec<usize> = self.wrongs.iter().map(|w| w.spot.line as usize).collect();
        wrong.sort_unstable();
        wrong.dedup();
        let numbers =
            |from: usize, to: usize| (from..to).map(|n| format!("{n}\n")).collect::<String>();
        let mut from = 1;
        let mut parts = Vec::new();
        for line in wrong.into_iter().filter(|line| *line <= lines) {
            parts.push(html! { { numbers(from, line) } });
            parts.push(html! { <b>{ format!("● {line}\n") }</b> });
            from = line + 1;
        }
        parts.push(html! { { numbers(from, lines + 1) } });
        parts.into_iter().collect()
    }

    fn list(&self, context: &Context<Self>) -> Html {
        let Some(offers) = &self.offers else { return Html::default() };
        // A tap must not take the focus from the text.
        let hold = Callback::from(|event: PointerEvent| event.prevent_default());
        let keep = Callback::from(|event: MouseEvent| event.prevent_default());
        html! {
            <ul id={OFFERS} role="listbox" aria-label={words::OFFERS} onpointerdown={hold}
                onmousedown={keep}>
                { for offers.all.iter().enumerate().map(|(number, one)| {
                    let onclick = context.link().callback(move |_: MouseEvent| Happening::Take(number));
                    html! {
                        <li key={number} id={offer_id(number)} role="option" {onclick}
                            aria-selected={(number == self.chosen).to_string()}>
                            <code>{ &one.label }</code><span>{ &one.told }</span>
                        </li>
                    }
                }) }
            </ul>
        }
    }

    /// The mistakes, each a way to its place.
    fn wrongs(&self, context: &Context<Self>) -> Html {
        let more = self.count.saturating_sub(self.wrongs.len());
        html! {
            <div class="wrongs" id="wrongs">
                <p role="status" class={if self.count == 0 { "tone-good" } else { "tone-lost" }}>{
                    self.verdict() }</p>
                <ul>
                    { for self.wrongs.iter().enumerate().map(|(number, wrong)| {
                        let (offset, at) = (wrong.spot.offset, wrong.spot);
                        let onclick = context.link().callback(move |_: MouseEvent| Happening::Show(offset));
                        html! {
                            <li key={number}><button type="button" {onclick}
                                data-problem={wrong.problem.mistake.id()}>
                                <b>{ words::spot(at.line, at.column) }</b>{ " " }
                                { wrong.problem.mistake.what() }{ ": " }
                                <span>{ wrong.problem.mistake.fix() }</span>
                            </button></li>
                        }
                    }) }
                </ul>
                if more > 0 { <p>{ words::more_mistakes(more) }</p> }
            </div>
        }
    }
}

/// Where files can be dropped, while one is held over the page.
pub fn drop_target(send: &Callback<Intent>) -> Html {
    let leave = send.reform(|_: MouseEvent| Intent::File(files::Wish::Dragging(false)));
    html! { <div class="veil drop" id="drop" onclick={leave}><p>{ words::DROP }</p></div> }
}
