//! The three parts of the share sheet: link, embedding, files.

use super::super::browser;
use super::super::intent::Intent;
use super::super::parts::panel::panel;
use super::super::words;
use super::{Choice, Props, Wish, qr, snippets};
use lab::export::{EXPORTS, Kind};
use yew::prelude::*;

fn wish<E: 'static>(props: &Props, wish: Wish) -> Callback<E> {
    props.send.reform(move |_: E| Intent::Sharing(wish.clone()))
}

fn button(props: &Props, label: &'static str, wanted: Wish) -> Html {
    html! { <button type="button" class="button" onclick={wish::<MouseEvent>(props, wanted)}>{ label }</button> }
}

fn switch(props: &Props, label: &'static str, on: bool, wanted: Wish) -> Html {
    html! {
        <button type="button" class="button" aria-pressed={on.to_string()}
            onclick={wish::<MouseEvent>(props, wanted)}>{ label }</button>
    }
}

/// The link, its code, and the number by which two runs are compared.
pub fn link(props: &Props) -> Html {
    let state = &props.state;
    let moment = switch(props, words::FROM_HERE, state.from_here, Wish::FromHere(!state.from_here));
    let shared = match &state.link {
        Ok(shared) => shared,
        Err(long) => {
            return html! {
                <section><p class="warning" id="too-long">{ words::too_long(long.letters) }</p></section>
            };
        }
    };
    html! {
        <section aria-label={words::LINK_LABEL}>
            <p>{ words::LINK_SAYS }</p>
            if shared.left_out > 0 { <p class="warning">{ words::left_out(shared.left_out) }</p> }
            <code id="link" tabindex="0">{ &state.address }</code>
            <div class="actions">
                <button type="button" class="button filled" data-stop="" id="copy-link"
                    onclick={wish::<MouseEvent>(props, Wish::Copy(state.address.clone()))}>{ words::COPY }</button>
                if state.can_hand_on { { button(props, words::HAND_ON, Wish::HandOn) } }
                { moment }
            </div>
            <details>
                <summary>{ words::QR }</summary>
                { panel(qr::Props { address: state.address.clone() }, qr::code) }
            </details>
            <p><b>{ words::DIGEST }</b>{ " " }<output id="digest">{ &state.digest }</output>{ " " }
                <small>{ words::digest(state.now_ms) }</small></p>
        </section>
    }
}

/// Three snippets, and what they show.
pub fn embed(props: &Props) -> Html {
    let state = &props.state;
    let Ok(shared) = &state.link else { return Html::default() };
    let choice = state.choice;
    let controls = words::CONTROLS_OF[choice.controls].0;
    let base = browser::folder();
    let text: AttrValue =
        snippets::snippet(&base, &shared.link, &state.title, choice, controls).into();
    let forms = words::FORMS.iter().enumerate().map(|(form, (label, _))| {
        switch(props, label, form == choice.form, Wish::Choose(Choice { form, ..choice }))
    });
    html! {
        <details class="embedding">
            <summary>{ words::EMBED }</summary>
            <div class="actions" role="group" aria-label={words::EMBED}>{ for forms }</div>
            <p>{ words::FORMS[choice.form].1 }</p>
            <div class="actions">
                <label>{ words::CONTROLS }{ " " }<select onchange={choose_controls(props)}>
                    { for words::CONTROLS_OF.iter().enumerate().map(|(place, (_, label))| html! {
                        <option value={place.to_string()} selected={place == choice.controls}>{ label }</option>
                    }) }
                </select></label>
                { switch(props, words::AUTOPLAY, choice.autoplay,
                    Wish::Choose(Choice { autoplay: !choice.autoplay, ..choice })) }
            </div>
            <code id="snippet" class="snippet" tabindex="0">{ &text }</code>
            <div class="actions">
                { button(props, words::COPY, Wish::Copy(text.clone())) }
                { switch(props, words::PREVIEW, state.preview, Wish::Preview(!state.preview)) }
            </div>
            if state.preview {
                <iframe class="preview" title={words::PREVIEW}
                    src={snippets::frame_address(&base, &shared.link, choice, controls)} />
            }
        </details>
    }
}

fn choose_controls(props: &Props) -> Callback<Event> {
    let (send, choice) = (props.send.clone(), props.state.choice);
    Callback::from(move |event: Event| {
        if let Some(controls) = browser::chosen_place(&event) {
            send.emit(Intent::Sharing(Wish::Choose(Choice { controls, ..choice })));
        }
    })
}

fn take_caption(props: &Props) -> Callback<Event> {
    let send = props.send.clone();
    Callback::from(move |event: Event| {
        if let Some(input) = browser::target::<web_sys::HtmlInputElement>(&event) {
            send.emit(Intent::Sharing(Wish::Caption(input.value().into())));
        }
    })
}

/// Everything that can be taken away.
pub fn files(props: &Props) -> Html {
    let picture = |kind: &&Kind| kind.extension == "svg";
    let row = |kind: &Kind| {
        html! {
            <tr>
                <th scope="row"><button type="button" class="button" data-file={kind.name}
                    onclick={wish::<MouseEvent>(props, Wish::File(kind.export))}>{ kind.name }</button></th>
                <td>{ kind.about }</td>
            </tr>
        }
    };
    let dots = |kind: &Kind| {
        html! {
            <tr>
                <th scope="row"><button type="button" class="button" data-png={kind.name}
                    onclick={wish::<MouseEvent>(props, Wish::Png(kind.export))}>{ kind.name }{ " " }{ words::PNG }</button></th>
                <td>{ kind.about }{ words::PNG_SAYS }</td>
            </tr>
        }
    };
    html! {
        <details open={props.state.link.is_err()}>
            <summary>{ words::FILES }</summary>
            <label class="caption">{ words::CAPTION }{ " " }<input type="text" id="caption" maxlength="120"
                value={&props.state.caption} onchange={take_caption(props)} /></label>
            <table><tbody>
                <tr>
                    <th scope="row"><button type="button" class="button" data-file="run"
                        onclick={wish::<MouseEvent>(props, Wish::RunFile)}>{ words::RUN_FILE }</button></th>
                    <td>{ words::RUN_FILE_SAYS }</td>
                </tr>
                { for EXPORTS.iter().map(row) }
                { for EXPORTS.iter().filter(picture).map(dots) }
                if props.state.can_film {
                    <tr>
                        <th scope="row"><button type="button" class="button" data-file="film"
                            onclick={wish::<MouseEvent>(props, Wish::Film)}>{ words::FILM }</button></th>
                        <td>{ words::FILM_SAYS }</td>
                    </tr>
                }
            </tbody></table>
        </details>
    }
}
