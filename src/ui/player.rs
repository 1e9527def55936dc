//! What plays: the run, how fast time passes, and the stretch of it that is in sight. The timeline's wishes come here, and
//! every panel that moves the run is handed this.

use super::browser;
use super::pace::{PACES, Pace};
use super::session::{Begun, FIRST_FORESIGHT, Session};
use super::timeline::axis::Window;
use lab::{Action, EventId, Looking, Selection, SimTime};

/// What a reader wants of time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Wish {
    /// Play, or pause.
    TogglePlay,
    /// To the next event worth seeing.
    Step,
    /// To the event worth seeing before.
    StepBack,
    /// To the previous or next of the paces (-1 or +1).
    Faster(i8),
    /// One of the paces, from the slider.
    PaceTo(usize),
    /// The automatic pace, on or off.
    ToggleAutomatic,
    /// To this simulated time, in milliseconds.
    Seek(f64),
    /// By so many ten-thousandths of the width of the window.
    SeekBy(i32),
    /// To the start.
    ToStart,
    /// To the end of what is known.
    ToEnd,
    /// To just before an event.
    SeekEvent(EventId),
    /// Closer (-1), wider (+1), or following the pace (0).
    Zoom(i8),
    /// Look at another future.
    Branch(u32),
}

/// The run and how it is watched.
pub struct Player {
    /// The run.
    pub session: Session,
    /// How fast its time passes.
    pub pace: Pace,
    /// What the diagram shows of it.
    pub window: Window,
    /// Nothing glides, and nothing plays by itself.
    pub still: bool,
}

impl Player {
    /// Plays what was opened, unless it was opened at a moment to be looked at.
    pub fn new(begun: Begun, still: bool) -> Self {
        let Begun { session, looking, at_a_moment } = begun;
        let pace = Pace::starting(!still && !at_a_moment);
        let mut player = Self { session, pace, window: Window::looking(&looking), still };
        player.show_now();
        player
    }

    /// Another run takes the place of this one. Without a window of its own it is shown as wide as the one before.
    pub fn open(&mut self, begun: Begun) {
        let fixed = self.window.fixed;
        let chosen = begun.looking.window_ms.is_some();
        *self = Self::new(begun, self.still);
        if !chosen {
            self.window = Window { fixed, ..Window::default() };
            self.show_now();
        }
    }

    /// The run begins again, playing.
    pub fn begin(&mut self) {
        self.window = Window { fixed: self.window.fixed, ..Window::default() };
        self.pace = Pace::starting(!self.still);
    }

    /// Does what is wished of time.
    pub fn update(&mut self, wish: Wish) {
        match wish {
            Wish::TogglePlay => {
                if !self.pace.playing && self.session.lab().at_end() {
                    self.session.seek(SimTime::ZERO);
                    self.pace.skips.clear();
                }
                self.pace.playing = !self.pace.playing;
                self.pace.stand_still();
            }
            Wish::Faster(by) => self.pace.shift(by),
            Wish::PaceTo(place) => self.pace.set(PACES.get(place).copied().unwrap_or(1.0)),
            Wish::ToggleAutomatic => self.pace.automatic = !self.pace.automatic,
            Wish::Zoom(wider) => {
                self.window.zoom(wider, self.session.now_ms(), self.session.until_ms());
            }
            Wish::Branch(number) => {
                self.session.at_rest().switch(number as usize);
                self.show_now();
            }
            Wish::Seek(ms) => self.seek(ms),
            Wish::SeekBy(share) => self.seek(self.session.now_ms() + self.window.share(share)),
            Wish::ToStart => self.seek(0.0),
            Wish::ToEnd => self.seek(self.session.lab().known().as_millis_f64()),
            Wish::SeekEvent(event) => self.jump(|session| session.seek_event(event)),
            Wish::Step => self.jump(|session| _ = session.at_rest().step()),
            Wish::StepBack => self.jump(|session| session.at_rest().step_back()),
        }
    }

    fn seek(&mut self, ms: f64) {
        let to = SimTime::from_millis_f64(ms.clamp(0.0, self.session.until_ms()));
        self.pace.stand_still();
        self.jump(|session| session.seek(to));
    }

    fn jump(&mut self, to: impl FnOnce(&mut Session)) {
        self.pace.playing = false;
        to(&mut self.session);
        self.show_now();
    }

    /// Brings the playhead into sight.
    pub fn show_now(&mut self) {
        self.window.show(self.session.now_ms(), self.session.until_ms());
    }

    /// Does something to the cluster; what follows plays.
    pub fn act(&mut self, action: &Action) {
        self.session.act(action);
        if !self.still && !self.session.lab().at_end() {
            self.pace.playing = true;
            self.pace.stand_still();
        }
    }

    /// Begins a future in which the scenario's script happens as well, from where the reader began to act.
    pub fn keep_script(&mut self) {
        let lab = self.session.at_rest();
        if lab.keep_script() {
            lab.foresee(FIRST_FORESIGHT);
        }
        self.pace.playing = !self.still;
        self.pace.stand_still();
        self.show_now();
    }

    /// Starts over, as it plays.
    pub fn start_over(&mut self) {
        self.session.seek(SimTime::ZERO);
        self.show_now();
        self.pace.skips.clear();
        self.pace.stand_still();
    }

    /// Lets time pass since the last frame. Tells whether the run came to its end.
    pub fn pass(&mut self, wall_ms: f64) -> bool {
        let now = self.session.lab().now();
        let to = self.pace.elapse(wall_ms, now, self.session.is_going());
        if self.pace.playing && (to > now || self.session.is_going()) {
            self.session.go(to);
            let end = self.session.until_ms();
            self.window.follow(self.session.now_ms(), self.pace.speed, end, self.still);
        }
        self.session.lab().at_end()
    }

    /// What is looked at, for a link.
    pub fn looking(&self, selected: Option<Selection>) -> Looking {
        let window = self.window;
        Looking {
            selected,
            window_ms: window.fixed.map(|_| (window.from_ms, window.to_ms)),
            dark: browser::chosen_theme(),
        }
    }
}
