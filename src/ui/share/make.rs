//! What the wishes of the share sheet do.

use super::{State, Wish, files, film};
use crate::ui::browser;
use crate::ui::intent::Intent;
use crate::ui::player::Player;
use crate::ui::session::{Begun, Session};
use crate::ui::words;
use lab::export::{EXPORTS, Export, Kind, Options};
use lab::{Lab, Looking};
use view::picture::Theme;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Callback};

impl State {
    /// Does what is wished of the sheet. What takes a while reports to `send`.
    pub fn update(
        &mut self,
        wish: Wish,
        player: &Player,
        looking: &Looking,
        send: &Callback<Intent>,
    ) {
        let session = &player.session;
        match wish {
            Wish::Open => {
                if let Ok(shared) = &self.link {
                    browser::put_into_address(&shared.link);
                }
            }
            Wish::Copied(well) => {
                self.remark = (if well { words::COPIED } else { words::NOT_COPIED }).into();
            }
            Wish::FromHere(here) => self.lead(session, looking, here),
            Wish::Copy(text) => browser::copy(&text, send),
            Wish::HandOn => browser::hand_on(&self.title, &self.address),
            Wish::Choose(choice) => self.choice = choice,
            Wish::Preview(shown) => self.preview = shown,
            Wish::Caption(caption) => self.caption = caption,
            Wish::RunFile => {
                let text = session.lab().opening(looking).file();
                let name = file_name(session, "run.json");
                self.made(files::save(&text, "application/json", &name));
            }
            Wish::File(export) => self.file(export, session),
            Wish::Png(export) => self.png(export, session, send.clone()),
            Wish::Film => self.film(player, send.clone()),
            Wish::Made(well) => self.made(well),
        }
    }

    fn made(&mut self, well: bool) {
        self.remark = (if well { "" } else { words::NOT_MADE }).into();
    }

    fn options(&self) -> Options {
        let theme = if browser::is_dark() { Theme::Dark } else { Theme::Light };
        Options { theme, caption: self.caption.to_string(), link: self.address.to_string() }
    }

    fn file(&mut self, export: Export, session: &Session) {
        let Some(kind) = kind_of(export) else { return };
        let text = session.lab().export(export, &self.options());
        let name = file_name(session, &format!("{}.{}", kind.name, kind.extension));
        self.made(files::save(&text, kind.media_type, &name));
        if let Some(left_out) = session.lab().left_out(export) {
            self.remark = left_out.into();
        }
    }

    fn png(&self, export: Export, session: &Session, send: Callback<Intent>) {
        let Some(kind) = kind_of(export) else { return };
        let svg = session.lab().export(export, &self.options());
        let name = file_name(session, &format!("{}.png", kind.name));
        spawn_local(async move {
            let made = files::png(&svg).await.and_then(|blob| files::download(&blob, &name));
            report(&send, made);
        });
    }

    /// A film of a copy of the run, so that what the reader watches meanwhile is not disturbed.
    fn film(&mut self, player: &Player, send: Callback<Intent>) {
        let (lab, pace, options) = (player.session.lab(), player.pace.clone(), self.options());
        let name = file_name(&player.session, "film.webm");
        let copy = Lab::open(&lab.opening(&Looking::default()), lab.scenario().protocols);
        let Ok(copy) = copy else { return self.made(false) };
        self.remark = AttrValue::from(words::FILMING);
        spawn_local(async move {
            let made = film::film(Begun::of(copy).session, pace, options).await;
            report(&send, made.and_then(|blob| files::download(&blob, &name)));
        });
    }
}

fn kind_of(export: Export) -> Option<&'static Kind> {
    EXPORTS.iter().find(|kind| kind.export == export)
}

/// `replicarium-NAME-ENDING`, of letters that every file system takes.
fn file_name(session: &Session, ending: &str) -> String {
    let safe = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    let name: String = session.name().chars().take(60).map(safe).collect();
    format!("replicarium-{name}-{ending}")
}

fn report(send: &Callback<Intent>, made: Result<(), JsValue>) {
    send.emit(Intent::Sharing(Wish::Made(made.is_ok())));
}
