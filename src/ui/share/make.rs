//! What the wishes of the share sheet do.

use super::super::app::App;
use super::super::browser;
use super::super::intent::{Intent, Sheet};
use super::super::session::Looking;
use super::super::words;
use super::{State, Wish, files, film};
use lab::export::{EXPORTS, Export, Options};
use view::picture::Theme;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Callback};

impl App {
    /// What is looked at now.
    pub(in crate::ui) fn looking(&self) -> Looking {
        let window = self.window;
        Looking {
            selected: self.selected,
            window_ms: window.fixed.map(|_| (window.from_ms, window.to_ms)),
            dark: browser::chosen_theme(),
        }
    }

    /// Does what is wished of the share sheet.
    pub(in crate::ui) fn sharing(&mut self, wish: Wish) -> bool {
        let looking = self.looking();
        if wish == Wish::Open {
            self.open_share();
        }
        let Some(state) = &mut self.handed_on else { return false };
        match wish {
            Wish::Open => {}
            Wish::Copied(well) => {
                state.remark = (if well { words::COPIED } else { words::NOT_COPIED }).into()
            }
            Wish::FromHere(here) => state.lead(&self.session, &looking, here),
            Wish::Copy(text) => browser::copy(&text, &self.send),
            Wish::HandOn => browser::hand_on(&state.title, &state.address),
            Wish::Choose(choice) => state.choice = choice,
            Wish::Preview(shown) => state.preview = shown,
            Wish::Caption(caption) => state.caption = caption,
            Wish::RunFile => {
                let text = self.session.opening(&looking).file();
                self.hand_over(&text, "application/json", "run.json");
            }
            Wish::File(export) => self.file(export),
            Wish::Png(export) => self.png(export),
            Wish::Film => self.film(),
            Wish::Made(well) => state.remark = (if well { "" } else { words::NOT_MADE }).into(),
        }
        true
    }

    fn options(&self) -> Options {
        let of = |said: fn(&State) -> &AttrValue| {
            self.handed_on.as_ref().map_or_else(String::new, |state| said(state).to_string())
        };
        let (link, caption) = (of(|state| &state.address), of(|state| &state.caption));
        let theme = if browser::is_dark() { Theme::Dark } else { Theme::Light };
        Options { theme, caption, link }
    }

    fn file(&mut self, export: Export) {
        let Some(kind) = EXPORTS.iter().find(|kind| kind.export == export) else { return };
        let text = self.session.export(export, &self.options());
        self.hand_over(&text, kind.media_type, &format!("{}.{}", kind.name, kind.extension));
        if let Some(left_out) = self.session.left_out(export) {
            self.remark(left_out);
        }
    }

    fn hand_over(&mut self, text: &str, media_type: &str, ending: &str) {
        let name = self.file_name(ending);
        let handed =
            files::blob_of(text, media_type).and_then(|blob| files::download(&blob, &name));
        self.remark(if handed.is_ok() { "" } else { words::NOT_MADE });
    }

    fn png(&self, export: Export) {
        let Some(kind) = EXPORTS.iter().find(|kind| kind.export == export) else { return };
        let svg = self.session.export(export, &self.options());
        let (name, send) = (self.file_name(&format!("{}.png", kind.name)), self.send.clone());
        spawn_local(async move {
            let made = files::png(&svg).await.and_then(|blob| files::download(&blob, &name));
            tell(&send, made);
        });
    }

    fn film(&mut self) {
        let Some(copy) = self.session.copy() else { return self.remark(words::NOT_MADE) };
        let (pace, options) = (self.pace.clone(), self.options());
        let (name, send) = (self.file_name("film.webm"), self.send.clone());
        self.remark(words::FILMING);
        spawn_local(async move {
            let made = film::film(copy, pace, options).await;
            tell(&send, made.and_then(|blob| files::download(&blob, &name)));
        });
    }

    fn remark(&mut self, text: impl Into<AttrValue>) {
        if let Some(state) = &mut self.handed_on {
            state.remark = text.into();
        }
    }

    /// `replicarium-NAME-ENDING`, of letters that every file system takes.
    fn file_name(&self, ending: &str) -> String {
        let safe = |letter: char| {
            if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
        };
        let name: String = self.session.scenario().chars().take(60).map(safe).collect();
        format!("replicarium-{name}-{ending}")
    }

    /// Opens the sheet.
    fn open_share(&mut self) {
        let state = State::new(&self.session, &self.looking());
        if let Ok(shared) = &state.link {
            browser::put_into_address(&shared.link);
        }
        self.handed_on = Some(state);
        self.sheet = Some(Sheet::Share);
    }
}

fn tell(send: &Callback<Intent>, made: Result<(), JsValue>) {
    send.emit(Intent::Sharing(Wish::Made(made.is_ok())));
}
