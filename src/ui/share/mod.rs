//! The share sheet: the run as a link, as a code, as a piece of somebody else's page, as a file.
//!
//! What is handed on is fixed when the sheet opens: time may go on behind it.

pub mod files;
mod film;
mod make;
mod qr;
mod sections;
mod snippets;

use super::browser;
use super::intent::Intent;
use super::parts::panel::panel;
use super::session::Session;
use super::words;
use lab::export::Export;
use lab::{Lab, Looking, Shared, TooLong};
use yew::prelude::*;

pub use snippets::Choice;

/// What the sheet hands on.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// The part of an address behind the hash.
    pub link: Result<Shared, TooLong>,
    /// The whole address.
    pub address: AttrValue,
    /// Whether it leads to the moment at which the sheet was opened.
    pub from_here: bool,
    /// The moment, in milliseconds.
    pub now_ms: f64,
    /// Everything that happened up to it, in a number.
    pub digest: AttrValue,
    /// The heading of the scenario.
    pub title: AttrValue,
    /// A line at the foot of pictures.
    pub caption: AttrValue,
    /// How a piece of a page is to look.
    pub choice: Choice,
    /// Whether that is shown.
    pub preview: bool,
    /// What became of the last thing that was asked for.
    pub remark: AttrValue,
    /// Whether the browser has a way of its own to hand things on.
    pub can_hand_on: bool,
    /// Whether the browser records films.
    pub can_film: bool,
}

/// What a reader wants of the sheet.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// Open the sheet.
    Open,
    /// The link leads to this moment, or to the start.
    FromHere(bool),
    /// Copy a text.
    Copy(AttrValue),
    /// A text was copied, or could not be.
    Copied(bool),
    /// Hand the link on in the browser's way.
    HandOn,
    /// The snippet is to look like this.
    Choose(Choice),
    /// Show what the snippet shows, or not.
    Preview(bool),
    /// Pictures are to have this line at their foot.
    Caption(AttrValue),
    /// The whole run as a file.
    RunFile,
    /// A file of this kind.
    File(Export),
    /// A picture of this kind, as dots.
    Png(Export),
    /// Ten seconds as a film.
    Film,
    /// Something that takes a while went well, or did not.
    Made(bool),
}

impl State {
    /// The sheet for the run as it stands.
    #[must_use]
    pub fn new(session: &Session, looking: &Looking) -> Self {
        let lab = session.lab();
        let link = lab.share(looking);
        Self {
            address: address(&link),
            link,
            from_here: true,
            now_ms: session.now_ms(),
            digest: format!("{:016x}", lab.digest()).into(),
            title: lab.scenario().title.clone().into(),
            caption: AttrValue::default(),
            choice: Choice::default(),
            preview: false,
            remark: AttrValue::default(),
            can_hand_on: browser::can_hand_on(),
            can_film: film::is_possible(),
        }
    }

    /// The link leads to the moment, or to the start.
    fn lead(&mut self, session: &Session, looking: &Looking, from_here: bool) {
        self.from_here = from_here;
        let (lab, share) =
            (session.lab(), if from_here { Lab::share } else { Lab::share_from_start });
        self.link = share(lab, looking);
        self.address = address(&self.link);
    }
}

fn address(link: &Result<Shared, TooLong>) -> AttrValue {
    link.as_ref().map_or_else(|_| String::new(), |shared| browser::full_link(&shared.link)).into()
}

/// What the sheet shows.
#[derive(PartialEq)]
pub struct Props {
    /// The state.
    pub state: State,
    /// Told every wish.
    pub send: Callback<Intent>,
}

/// The sheet's body.
pub fn body(state: &State, send: &Callback<Intent>) -> Html {
    panel(Props { state: state.clone(), send: send.clone() }, whole)
}

fn whole(props: &Props) -> Html {
    html! {
        <div class="share">
            <h2 id="sheet-title">{ words::SHARE_THIS }</h2>
            { sections::link(props) }
            { sections::embed(props) }
            { sections::files(props) }
            <p class="remark" role="status">{ &props.state.remark }</p>
        </div>
    }
}
