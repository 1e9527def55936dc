//! Pictures of a run as SVG: the stage at one moment, and the space-time view of a stretch.
//!
//! They are drawn from the same structs and with the same places, shapes and words as the page, and
//! show wherever a picture can be shown: no fonts, scripts or style sheets come with them.

mod card;
pub mod diagram;
pub mod ink;
mod sheet;
mod space_time;
mod stage;
mod svg;

pub use ink::Theme;
pub use sheet::Caption;
pub use space_time::{Stretch, space_time};
pub use stage::{Scene, stage};
