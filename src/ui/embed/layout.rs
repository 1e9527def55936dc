//! How a frame is laid out: what is played, the sentence, the stage, and as many controls as were asked for.

use super::{Controls, Embed};
use crate::ui::app::App;
use crate::ui::browser::full_link;
use crate::ui::page::{give_back_focus, on_key, stage_props, timeline_props};
use crate::ui::parts::panel::panel;
use crate::ui::timeline::overview::overview;
use crate::ui::timeline::pace_bar::pace_bar;
use crate::ui::{sentence, sheet, stage, timeline, words};
use yew::prelude::*;

/// The id of the whole frame.
pub const FRAME: &str = "frame";

/// The whole frame.
#[inline(never)]
pub fn page(app: &App) -> Html {
    let Some(embed) = &app.embed else { return Html::default() };
    let (send, views) = (&app.send, &app.views);
    let controls = embed.look.controls;
    html! {
        <div class="embed" id={FRAME} data-controls={controls.word()} onkeydown={on_key(app)}
            onclick={give_back_focus()}>
            { head(app) }
            // The page around has a main part of its own.
            <main aria-label={Embed::title(&app.player.session)}>
                { sheet::problems(&app.problems, send) }
                <div class="promise">
                    { panel(sentence::Props { sentence: views.sentence.clone() },
                        sentence::sentence) }
                </div>
                { panel(stage_props(app), stage::stage) }
                if controls != Controls::None { { panel(timeline_props(app), time) } }
            </main>
            <div class="hidden-text" role="status" aria-live="polite"
                id="voice">{ &app.voice.text }</div>
            if app.sheets.open.is_some() { { sheet::sheet(&app.sheets, send) } }
        </div>
    }
}

/// What is played, and the way to the same run with everything around it.
fn head(app: &App) -> Html {
    html! {
        <header class="embed-head">
            <span>{ Embed::title(&app.player.session) }</span>
            <a href={full_link(&app.address)} target="_blank" rel="noopener">{
                words::OPEN_PAGE }</a>
        </header>
    }
}

/// Pace and scrubber.
fn time(props: &timeline::Props) -> Html {
    props.painter.paint(props);
    html! {
        <section class="embed-time timeline" id="timeline" aria-label={words::TIMELINE}>
            { pace_bar(props) }
            { overview(props) }
        </section>
    }
}
