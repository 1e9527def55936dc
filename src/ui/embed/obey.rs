//! What the page around asks for, carried out; whoever gave an id gets an answer.

use super::tell::Note;
use super::{END_MS, Embed, Wish};
use crate::ui::app::App;
use crate::ui::browser;
use crate::ui::intent::Intent;
use crate::ui::pace::Pace;
use crate::ui::session::Problem;
use scenario::embed::{Id, Message, Order, Source};

impl App {
    /// Carries out a wish from outside. Tells whether anything is to be drawn anew.
    #[inline(never)]
    pub fn embedded(&mut self, wish: Wish) -> bool {
        match wish {
            Wish::Seen(seen) => {
                let Some(embed) = &mut self.embed else { return false };
                let came = seen && !embed.seen;
                embed.seen = seen;
                self.pace.stand_still();
                if came {
                    // Nothing could be measured while it was out of sight.
                    self.measure();
                }
                came
            }
            Wish::Heard(Message { id, order }) => {
                let problems = match order.map_err(|problem| vec![problem]) {
                    Ok(order) => self.obey(order),
                    Err(problems) => Err(problems),
                };
                self.refresh();
                self.answer(id.as_ref(), problems.err().unwrap_or_default());
                true
            }
        }
    }

    fn obey(&mut self, order: Order) -> Result<(), Vec<Problem>> {
        match order {
            Order::State => {}
            Order::Play if self.pace.playing => {}
            Order::Pause if !self.pace.playing => {}
            Order::Play | Order::Pause => drop(self.reduce(Intent::TogglePlay)),
            Order::Seek(ms) => {
                let playing = self.pace.playing;
                self.reduce(Intent::Seek(ms));
                self.pace.playing = playing && ms < self.session.until_ms();
            }
            Order::Act(json) => {
                let action = self.session.action(&json)?;
                self.reduce(Intent::Act(action));
            }
            Order::Set(name, value) => self.set(&name, &value).map_err(|problem| vec![problem])?,
            Order::Load(source, seed) => self.load(source, seed)?,
        }
        Ok(())
    }

    /// Another run, from its start; it plays on if the one before did.
    fn load(&mut self, source: Source, seed: Option<u32>) -> Result<(), Vec<Problem>> {
        let playing = self.pace.playing;
        let mut begun = match source {
            Source::Link(link) => self.session.load(&link)?,
            Source::Document(document) => self.session.load_file(&document.to_string())?,
        };
        if let Some(seed) = seed {
            begun.session.reseed(seed)?;
        }
        self.open(Ok(begun));
        let Some(Embed { look, .. }) = &self.embed else { return Ok(()) };
        self.pace = Pace::starting(playing);
        if let Some(speed) = look.speed {
            self.pace.set(speed);
        }
        if look.theme.chosen().is_some() {
            browser::set_theme(look.theme.chosen());
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let Some(embed) = &mut self.embed else { return Ok(()) };
        embed.look.set(name, value)?;
        let look = embed.look.clone();
        match name {
            "theme" => {
                browser::set_theme(look.theme.chosen());
                self.timeline_painter.forget_ink();
            }
            "speed" => match look.speed {
                Some(speed) => self.pace.set(speed),
                None => self.pace.automatic = true,
            },
            // The room for the stage is another now.
            "controls" => self.send.emit(Intent::Resized),
            _ => {}
        }
        Ok(())
    }

    fn answer(&mut self, id: Option<&Id>, problems: Vec<Problem>) {
        let Some(id) = id else {
            problems.iter().for_each(|problem| Note::new("error").with_problem(problem).send());
            return;
        };
        let note = Note::new("answer").with_id(id);
        match problems.first() {
            None => note.with("ok", true).with("state", self.state()).send(),
            Some(first) => note.with("ok", false).with_problem(first).send(),
        }
    }

    /// At the end of a run that is to start over: shows the end for a while, then starts over. Tells whether it
    /// does.
    #[inline(never)]
    pub fn starts_over(&mut self, wall_ms: f64) -> bool {
        let Some(embed) = self.embed.as_mut().filter(|embed| embed.look.looping) else {
            return false;
        };
        let since = *embed.ended_wall_ms.get_or_insert(wall_ms);
        if wall_ms - since >= END_MS {
            embed.ended_wall_ms = None;
            self.session.seek(0.0);
            self.window.show(0.0, self.session.until_ms());
            self.pace.skips.clear();
            self.pace.stand_still();
        }
        true
    }
}
