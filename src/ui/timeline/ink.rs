//! The colours of the canvas: read once from the style sheet's tokens, again when the theme
//! changes.

use view::picture::ink::{Colour, EVERY_COLOUR};
use web_sys::{CssStyleDeclaration, Element};

/// Colours and fonts for drawing.
pub struct Ink {
    colours: Vec<String>,
    /// The font of all words.
    pub font: String,
}

impl Ink {
    /// Reads the tokens in force at an element.
    #[must_use]
    pub fn of_element(element: &Element) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(element).ok()??;
        let colours = EVERY_COLOUR.iter().map(|colour| read(&style, colour.token())).collect();
        Some(Self { colours, font: format!("11.5px {}", read(&style, "--sans")) })
    }

    /// A colour as it is now.
    #[must_use]
    pub fn of(&self, colour: Colour) -> &str {
        // The colours stand in the order of their list.
        self.colours.get(colour as usize).map_or("", String::as_str)
    }
}

fn read(style: &CssStyleDeclaration, name: &str) -> String {
    style.get_property_value(name).unwrap_or_default().trim().to_owned()
}
