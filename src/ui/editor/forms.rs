//! The document as a form: every field of the schema with the control that fits, in groups that fold.

use super::{Happening, Wrong};
use crate::ui::browser::{chosen_place, target};
use crate::ui::shared::Shared;
use crate::ui::words;
use crate::ui::words::editor as said;
use scenario::Json;
use scenario::text::Guide;
use scenario::text::edit::one_line;
use scenario::text::form::{Control, Field, form};
use std::collections::BTreeSet;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the form shows.
#[derive(PartialEq)]
pub struct Props {
    /// What may stand where.
    pub guide: Shared<Guide>,
    /// What the text says.
    pub document: Shared<Json>,
    /// The groups that are open.
    pub folds: Shared<BTreeSet<String>>,
    /// What is wrong.
    pub wrongs: Shared<Vec<Wrong>>,
    /// Whether the text is JSON at present.
    pub readable: bool,
    /// Told what the reader does.
    pub send: Callback<Happening>,
}

/// How deep groups lie in one another.
const DEPTH: u32 = 12;
/// Letters of an element's heading.
const HEADING: usize = 56;

/// Ends the id of a value that stands beside the choice of its kind.
const BESIDE: &str = "-value";

/// The whole form.
pub fn forms(props: &Props) -> Html {
    html! {
        // While its fields rest, the keyboard still scrolls it.
        <section class="form" aria-label={said::FORM}
            tabindex={(!props.readable).then_some("0")}>
            if !props.readable { <p class="tone-wait" id="form-rests">{ said::FORM_RESTS }</p> }
            <fieldset disabled={!props.readable}>
                <legend class="hidden-text">{ said::FORM }</legend>
                { fields(props, "", None, DEPTH) }
            </fieldset>
        </section>
    }
}

fn fields(props: &Props, path: &str, fallback: Option<&Json>, depth: u32) -> Html {
    if depth == 0 {
        return Html::default();
    }
    let all = form(&props.guide, &props.document, path, fallback);
    all.iter().map(|field| one(props, field, depth)).collect()
}

fn id_of(path: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("form-{}", path.chars().map(letter).collect::<String>())
}

/// What has the focus after a field or an element is left out: its control, or its list.
pub fn beside(path: &str) -> String {
    let stays =
        if path.ends_with(']') { path.rsplit_once('[').map_or("", |(list, _)| list) } else { path };
    let id = id_of(stays);
    format!("#{id}, #{id}-fold")
}

fn one(props: &Props, field: &Field, depth: u32) -> Html {
    let id = id_of(&field.path);
    let wrong = props.wrongs.iter().find(|wrong| wrong.problem.at == field.path);
    let folds = folds(&field.control);
    let open = folds && props.folds.contains(&field.path);
    let told = format!("{id}-told");
    let label = if folds {
        let onclick = {
            let path = field.path.clone();
            props.send.reform(move |_: MouseEvent| Happening::Fold(path.clone()))
        };
        html! { <button type="button" class="fold" id={format!("{id}-fold")} {onclick}
        aria-expanded={open.to_string()}>{ heading(field) }</button> }
    } else {
        html! { <label for={id.clone()}>{ &field.name }</label> }
    };
    html! {
        <div class="knob" key={field.path.clone()} data-path={field.path.clone()}
            data-given={field.given.to_string()}>
            { label }
            <span class="field">
                { control(props, field, &field.control, &id, &told) }
                { leave_out(props, field) }
            </span>
            if !field.told.is_empty() { <p id={told}>{ &field.told }</p> }
            if let Some(wrong) = wrong {
                <p class="tone-lost">{ wrong.problem.mistake.what() }</p>
            }
            if open { <div class="inner">{ fields(props, &field.path, Some(&field.value), depth - 1)
                }</div> }
        </div>
    }
}

/// Whether a field has fields or elements of its own.
fn folds(control: &Control) -> bool {
    match control {
        Control::Group | Control::List { .. } => true,
        Control::Choice { within, .. } => folds(within),
        _ => false,
    }
}

/// The name; of an element, its number and what is in it.
fn heading(field: &Field) -> String {
    if !field.path.ends_with(']') {
        return field.name.clone();
    }
    let line = one_line(&field.value).replace(['"', '{', '}'], "");
    format!("{}: {}", field.name, words::shortened(line.trim(), HEADING))
}

/// The button that leaves a field or an element out.
fn leave_out(props: &Props, field: &Field) -> Html {
    let element = field.path.ends_with(']');
    if !field.given || !(field.free || element) {
        return Html::default();
    }
    let path = field.path.clone();
    let onclick = props.send.reform(move |_: MouseEvent| Happening::LeaveOut(path.clone()));
    let label = said::leave_out(&field.path);
    html! { <button type="button" class="button square" aria-label={label.clone()} title={label}
    {onclick}>{ "×" }</button> }
}

fn control(props: &Props, field: &Field, control: &Control, id: &str, told: &str) -> Html {
    let set = {
        let (send, path) = (props.send.clone(), field.path.clone());
        move |value: Json| send.emit(Happening::Set(path.clone(), value))
    };
    let by = (!field.told.is_empty()).then(|| told.to_owned());
    // A value beside a choice, or what folds, has no label of its own.
    let bare = id.ends_with(BESIDE) || folds(&field.control);
    let name = bare.then(|| field.path.clone());
    let id = id.to_owned();
    match control {
        Control::Number { min, max, whole } => {
            number(props, field, (*min, *max, *whole), (id, name, by))
        }
        Control::Switch => {
            let onchange = Callback::from(move |event: Event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    set(Json::Bool(input.checked()));
                }
            });
            let checked = field.value == Json::Bool(true);
            html! { <input {id} type="checkbox" {checked} aria-label={name} aria-describedby={by} {onchange} /> }
        }
        Control::Words(words) => {
            let options: Vec<(String, Json)> = words
                .iter()
                .map(|(word, about)| (titled(word, about), Json::text(word.as_str())))
                .collect();
            let chosen = options.iter().position(|(_, word)| *word == field.value);
            select(id, (name, by), options, chosen, set)
        }
        Control::Text(offers) => {
            let onchange = Callback::from(move |event: Event| {
                if let Some(input) = target::<HtmlInputElement>(&event) {
                    set(Json::text(input.value()));
                }
            });
            let list = (!offers.is_empty()).then(|| format!("{id}-list"));
            let value = field.value.as_text().unwrap_or_default().to_owned();
            html! {
                <>
                    <input {id} type="text" {value} list={list.clone()} aria-label={name} aria-describedby={by}
                        {onchange} />
                    if let Some(list) = list {
                        <datalist id={list}>{ for offers.iter().map(|offer| html! {
                            <option value={offer.clone()} /> }) }</datalist>
                    }
                </>
            }
        }
        Control::Choice { kinds, chosen, within } => html! {
            <>
                { if folds(within) || **within == Control::Fixed { Html::default() } else {
                    self::control(props, field, within, &format!("{id}{BESIDE}"), told) } }
                { select(id, (name, by), kinds.clone(), Some(*chosen), set) }
            </>
        },
        Control::List { blank, most } => add(props, field, blank, *most),
        Control::Group | Control::Fixed => Html::default(),
    }
}

/// A number within bounds; emptied, it is left out.
fn number(
    props: &Props,
    field: &Field,
    (min, max, whole): (f64, f64, bool),
    (id, name, by): (String, Option<String>, Option<String>),
) -> Html {
    let (send, path, free) = (props.send.clone(), field.path.clone(), field.free);
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = target::<HtmlInputElement>(&event) else { return };
        let number = input.value_as_number();
        if !number.is_nan() {
            send.emit(Happening::Set(path.clone(), Json::Number(number)));
        } else if free && input.value().is_empty() {
            send.emit(Happening::LeaveOut(path.clone()));
        }
    });
    let value = field.value.as_number().map(|number| Json::Number(number).to_string());
    html! { <input {id} type="number" {value} min={Json::Number(min).to_string()}
    max={Json::Number(max).to_string()} step={if whole { "1" } else { "any" }}
    aria-label={name} aria-describedby={by} {onchange} /> }
}

fn titled(word: &str, about: &str) -> String {
    if about.is_empty() || about == word { word.to_owned() } else { format!("{word}: {about}") }
}

/// One of several values, by what they are called.
fn select(
    id: String,
    (name, by): (Option<String>, Option<String>),
    options: Vec<(String, Json)>,
    chosen: Option<usize>,
    set: impl Fn(Json) + 'static,
) -> Html {
    let values: Vec<Json> = options.iter().map(|(_, value)| value.clone()).collect();
    let onchange = Callback::from(move |event: Event| {
        if let Some(value) = chosen_place(&event).and_then(|place| values.get(place)) {
            set(value.clone());
        }
    });
    html! {
        <select {id} aria-label={name} aria-describedby={by} {onchange}>
            { for options.iter().enumerate().map(|(number, (name, _))| html! {
                <option value={number.to_string()} selected={chosen == Some(number)}>{ name }</option>
            }) }
        </select>
    }
}

/// The button that adds an element.
fn add(props: &Props, field: &Field, blank: &Json, most: usize) -> Html {
    let count = field.value.elements().len();
    let (path, blank) = (format!("{}[{count}]", field.path), blank.clone());
    let (whole, all) = (field.path.clone(), field.value.clone());
    let given = field.given;
    let (send, folded) = (props.send.clone(), !props.folds.contains(&field.path));
    let onclick = Callback::from(move |_: MouseEvent| {
        if given {
            send.emit(Happening::Set(path.clone(), blank.clone()));
        } else {
            let mut all = all.clone();
            all.push(blank.clone());
            send.emit(Happening::Set(whole.clone(), all));
        }
        if folded {
            send.emit(Happening::Fold(whole.clone()));
        }
    });
    html! { <button type="button" class="button" disabled={count >= most} {onclick}
    aria-label={format!("{} {}", said::ADD, field.path)}>{ said::ADD }</button> }
}
