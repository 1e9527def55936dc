//! The page as a frame in somebody else's page: smaller, quiet until it is asked, and awake only while it is seen.
//!
//! It adds to the page what a frame needs; what a frame does is the page's own.

mod fit;
mod hear;
mod layout;
mod obey;
mod tell;

pub use layout::page;
pub use obey::Step;
pub use tell::Watched;

use super::intent::{Intent, Sheet};
use super::layout::Plan;
use super::pace::Pace;
use super::player::Player;
use super::session::Session;
use super::{browser, stage, words};
use hear::Ears;
use lab::SimTime;
use scenario::Problem;
use scenario::embed::{Controls, Look, Message};
use tell::Told;
use yew::Callback;

/// What the outside wants of a frame.
#[derive(Clone, PartialEq, Debug)]
pub enum Wish {
    /// It came into sight, or went out of it.
    Seen(bool),
    /// The page around says something.
    Heard(Message),
}

/// A frame's own state.
pub struct Embed {
    look: Look,
    /// Mistakes of the address, until the run has begun.
    mistakes: Vec<Problem>,
    seen: bool,
    /// Height of the room for the stage.
    room: f64,
    /// When the end was reached, in wall time, if the run is to start over.
    ended_wall_ms: Option<f64>,
    told: Told,
    _ears: Ears,
}

/// How long the end is shown before the run starts over, in wall time.
const END_MS: f64 = 1_600.0;
/// Height of the room for the stage before the first measure.
const UNMEASURED: f64 = 260.0;

impl Embed {
    /// What the address says, if it is a frame's.
    #[inline(never)]
    pub fn open(send: &Callback<Intent>) -> Option<Self> {
        let (look, mistakes) = Look::read(&browser::frame_query()?)?;
        browser::set_theme(look.theme.chosen());
        let told = Told::default();
        let ears = Ears::open(send);
        let (seen, room, ended_wall_ms) = (false, UNMEASURED, None);
        Some(Self { look, mistakes, seen, room, ended_wall_ms, told, _ears: ears })
    }

    /// Begins the run as the attributes say.
    #[inline(never)]
    pub fn begin(&mut self, player: &mut Player, problems: &mut Vec<Problem>) {
        problems.append(&mut self.mistakes);
        if let Some(seed) = self.look.seed {
            problems.extend(player.session.reseed(seed).err().into_iter().flatten());
        }
        if let Some(ms) = self.look.start_ms {
            player.session.seek(SimTime::from_millis_f64(ms));
        }
        player.show_now();
        self.pace(player, self.look.play || self.look.autoplay && !player.still);
    }

    /// Plays from here on, or stands still, as fast as the attributes say.
    fn pace(&self, player: &mut Player, playing: bool) {
        player.pace = Pace::starting(playing);
        if let Some(speed) = self.look.speed {
            player.pace.set(speed);
        }
    }

    /// Whether the page around chose light or dark, whatever a link says.
    pub fn chose_theme(&self) -> bool {
        self.look.theme.chosen().is_some()
    }

    /// Whether somebody can see it.
    pub fn is_seen(&self) -> bool {
        self.seen
    }

    /// Whether a reader cannot wish this here: what the controls do not show, keys do not do either.
    pub fn forbids(&self, intent: &Intent) -> bool {
        let looks = matches!(
            intent,
            Intent::Frame(_)
                | Intent::Resized
                | Intent::Embed(_)
                | Intent::Stage(stage::Wish::Select(_))
                | Intent::Dismiss
                | Intent::Escape
        );
        let sheet = matches!(intent, Intent::Sheet(Some(Sheet::Share)));
        let share = sheet || matches!(intent, Intent::Sharing(_) | Intent::Theme | Intent::Open(_));
        let acts = matches!(
            intent,
            Intent::Stage(
                stage::Wish::Act(_)
                    | stage::Wish::Deed
                    | stage::Wish::Menu(..)
                    | stage::Wish::Touch(_)
            )
        );
        match (self.look.controls, intent) {
            // What the key stands for is asked again when it is known.
            (_, Intent::Key(key)) => {
                let meant = super::keys::intent(key);
                meant.is_none_or(|meant| self.forbids(&meant))
            }
            (Controls::Full, _) => share,
            (Controls::Minimal, _) => share || acts || matches!(intent, Intent::Sheet(Some(_))),
            (Controls::None, _) => !looks,
        }
    }

    /// Where everything on the stage is: as large as the frame allows.
    pub fn plan(&self, width: f64, nodes: usize, clients: usize, service: Option<u8>) -> Plan {
        fit::plan((width, self.room), nodes, clients, service)
    }

    /// Measures the room for the stage.
    pub fn measure(&mut self) {
        self.room = browser::html_of("stage")
            .map(|stage| f64::from(stage.client_height()))
            .filter(|height| *height > 0.0)
            .unwrap_or(UNMEASURED);
    }

    fn title(session: &Session) -> String {
        let scenario = session.lab().scenario();
        format!("{} · {} {}", scenario.title, words::SEED, scenario.seed())
    }
}
