//! What the page around asks for, carried out; whoever gave an id gets an answer.

use super::tell::{Note, Watched};
use super::{END_MS, Embed};
use crate::ui::browser;
use crate::ui::intent::Intent;
use crate::ui::player::{self, Player};
use crate::ui::session::Begun;
use crate::ui::stage;
use scenario::Problem;
use scenario::embed::{Id, Order, Source};

/// What the page is to do for an order that was heard.
pub enum Step {
    /// No more than to show what is new.
    Show,
    /// To look at the page again: its colours may be others now, and the room for the stage.
    Look,
    /// This.
    Do(Intent),
    /// To play this, and then call [`Embed::opened`] with whether time passed before.
    Open(Box<Begun>, bool),
}

impl Embed {
    /// It came into sight, or went out of it. Tells whether it came.
    pub fn seen(&mut self, seen: bool, player: &mut Player) -> bool {
        player.pace.stand_still();
        !std::mem::replace(&mut self.seen, seen) && seen
    }

    /// Does what it can of an order, and tells what is left for the page to do.
    ///
    /// # Errors
    /// What is wrong with the order.
    #[inline(never)]
    pub fn obey(&mut self, order: Order, player: &mut Player) -> Result<Step, Vec<Problem>> {
        let playing = player.pace.playing;
        match order {
            Order::Play if !playing => player.update(player::Wish::TogglePlay),
            Order::Pause if playing => player.update(player::Wish::TogglePlay),
            Order::State | Order::Play | Order::Pause => {}
            Order::Seek(ms) => {
                player.update(player::Wish::Seek(ms));
                player.pace.playing = playing && ms < player.session.until_ms();
            }
            Order::Act(json) => {
                let run = player.session.lab().run();
                let action = scenario::action_of(&json, run.view().nodes.count(), run.faults())?;
                return Ok(Step::Do(Intent::Stage(stage::Wish::Act(action))));
            }
            Order::Set(name, value) => {
                self.look.set(&name, &value).map_err(|problem| vec![problem])?;
                match name.as_str() {
                    "theme" => browser::set_theme(self.look.theme.chosen()),
                    "speed" => match self.look.speed {
                        Some(speed) => player.pace.set(speed),
                        None => player.pace.automatic = true,
                    },
                    _ => {}
                }
                return Ok(Step::Look);
            }
            Order::Load(source, seed) => {
                let protocols = player.session.lab().scenario().protocols;
                let mut begun = match source {
                    Source::Link(link) => Begun::link(&link, protocols)?,
                    Source::Document(document) => Begun::file(&document.to_string(), protocols)?,
                };
                if let Some(seed) = seed {
                    begun.session.reseed(seed)?;
                }
                return Ok(Step::Open(Box::new(begun), playing));
            }
        }
        Ok(Step::Show)
    }

    /// Another run was opened: it plays on if the one before did, and looks as the page around wants.
    pub fn opened(&self, player: &mut Player, playing: bool) {
        self.pace(player, playing);
        if self.chose_theme() {
            browser::set_theme(self.look.theme.chosen());
        }
    }

    /// Answers an order.
    pub fn answer(&self, id: Option<&Id>, problems: &[Problem], watched: &Watched<'_>) {
        let Some(id) = id else {
            problems.iter().for_each(|problem| Note::new("error").with_problem(problem).send());
            return;
        };
        let note = Note::new("answer").with_id(id);
        match problems.first() {
            None => note.with("ok", true).with("state", watched.state()).send(),
            Some(first) => note.with("ok", false).with_problem(first).send(),
        }
    }

    /// At the end of a run that is to start over: shows the end for a while, then starts over. Tells whether it
    /// does.
    #[inline(never)]
    pub fn starts_over(&mut self, wall_ms: f64, player: &mut Player) -> bool {
        if !self.look.looping {
            return false;
        }
        let since = *self.ended_wall_ms.get_or_insert(wall_ms);
        if wall_ms - since >= END_MS {
            self.ended_wall_ms = None;
            player.start_over();
        }
        true
    }
}
