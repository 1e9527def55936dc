//! The bar: name, scenario, seed, link, theme.

use super::intent::{Intent, Sheet};
use super::share::Wish;
use super::shared::Shared;
use super::{browser, words};
use scenario::{Entry, Mistake, Problem, Protocols};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The built-in scenarios of a protocol: its title, and name and title of each.
pub type Group = (&'static str, Vec<(&'static str, &'static str)>);

/// The built-in scenarios of these protocols, grouped by protocol.
pub fn scenarios(protocols: Protocols) -> Vec<Group> {
    let group = |entry: &Entry| {
        (entry.card.title, entry.presets.iter().map(|preset| (preset.name, preset.title)).collect())
    };
    protocols.iter().map(group).collect()
}

/// The seed that somebody typed.
pub fn seed_of(text: &str) -> Result<u32, Vec<Problem>> {
    text.trim().parse().map_err(|_| {
        let mistake = Mistake::WrongType { found: "a text", wanted: words::SEED_IS.to_owned() };
        vec![Problem { mistake, at: "seed".to_owned() }]
    })
}

/// What the bar shows.
#[derive(PartialEq)]
pub struct Props {
    /// The scenario's name.
    pub scenario: AttrValue,
    /// The built-in scenarios, grouped by protocol.
    pub scenarios: Shared<Vec<Group>>,
    /// The seed.
    pub seed: u64,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// A title, or that there is none.
fn titled(title: &str) -> &str {
    if title.trim().is_empty() { words::UNTITLED } else { title }
}

fn is_built_in(scenarios: &[Group], name: &str) -> bool {
    scenarios.iter().any(|(_, titles)| titles.iter().any(|(known, _)| *known == name))
}

/// The id of the choice of scenarios.
const CHOICE: &str = "scenario";

/// Lets the choice show what plays: an option that a reader has chosen once ignores what is written on it.
pub fn show_choice(scenarios: &[Group], name: &str) {
    let wanted = if is_built_in(scenarios, name) { name } else { "" };
    let select = browser::html_of(CHOICE).and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
    if let Some(select) = select.filter(|select| select.value() != wanted) {
        select.set_value(wanted);
    }
}

/// The bar.
pub fn header(props: &Props) -> Html {
    let send = &props.send;
    let pick = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = browser::target::<HtmlSelectElement>(&event) {
                // Chosen by a pointer: the keys are the page's again.
                if !select.matches(":focus-visible").unwrap_or(true) {
                    let _ = select.blur();
                }
                send.emit(Intent::Open(select.value()));
            }
        })
    };
    let sow = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = browser::target::<HtmlInputElement>(&event) {
                send.emit(Intent::Seed(input.value()));
            }
        })
    };
    let known = is_built_in(&props.scenarios, &props.scenario);
    html! {
        <header class="header">
            <span class="mark">{ words::NAME_FIRST }<b>{ words::NAME_REST }</b></span>
            <div class="run">
                <label class="scenario"><span>{ words::SCENARIO }</span>
                    <select id={CHOICE} onchange={pick}>
                        if !known {
                            <option value="" selected=true>{ titled(&props.scenario) }</option>
                        }
                        { for props.scenarios.iter().map(|(protocol, titles)| html! {
                            <optgroup label={*protocol}>
                                { for titles.iter().map(|(name, title)| html! {
                                    <option value={*name}
                                        selected={*name == props.scenario.as_str()}>{ title
                                        }</option>
                                }) }
                            </optgroup>
                        }) }
                    </select>
                </label>
                <label><span>{ words::SEED }</span>
                    <input id="seed" type="text" inputmode="numeric" pattern="[0-9]*"
                        value={props.seed.to_string()} onchange={sow} />
                </label>
                <button type="button" class="button" id="edit"
                    onclick={send.reform(|_: MouseEvent| Intent::Sheet(Some(Sheet::Editor)))}>{
                        words::editor::EDIT }</button>
                <button type="button" class="button" id="share"
                    onclick={send.reform(|_: MouseEvent| Intent::Sharing(Wish::Open))}>{ words::SHARE }</button>
                <button type="button" class="button" id="theme"
                    onclick={send.reform(|_: MouseEvent| Intent::Theme)}>{ words::THEME }</button>
                <button type="button" class="button square" id="keys" aria-label={words::KEYS}
                    title={words::KEYS}
                    onclick={send.reform(|_: MouseEvent| Intent::Sheet(Some(Sheet::Keys)))}>{ "?"
                        }</button>
            </div>
        </header>
    }
}
