//! SVG as text: elements with attributes, every text and every value escaped.
//!
//! It writes presentation attributes only: a picture holds no style sheet and no script, so it shows
//! under the strictest policy and in programs that know neither.

use crate::figures::px;

/// A document being written.
#[derive(Default)]
pub struct Svg {
    text: String,
    open: Vec<&'static str>,
}

/// An element whose attributes are being written.
pub struct Tag<'a> {
    svg: &'a mut Svg,
    name: &'static str,
}

impl Svg {
    /// Begins an element.
    pub fn tag(&mut self, name: &'static str) -> Tag<'_> {
        self.text.push('<');
        self.text.push_str(name);
        Tag { svg: self, name }
    }

    /// A group whose origin is at a place.
    pub fn group_at(&mut self, x: f64, y: f64) {
        self.tag("g").put("transform", &format!("translate({} {})", px(x), px(y))).open();
    }

    /// Ends the element that was opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
            if self.open.len() <= 1 {
                self.text.push('\n');
            }
        }
    }

    /// The document; whatever is still open ends.
    #[must_use]
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }
}

impl Tag<'_> {
    /// An attribute.
    #[must_use]
    pub fn put(self, name: &str, value: &str) -> Self {
        self.svg.text.push(' ');
        self.svg.text.push_str(name);
        self.svg.text.push_str("=\"");
        escape(value, &mut self.svg.text);
        self.svg.text.push('"');
        self
    }

    /// An attribute that is a length.
    #[must_use]
    pub fn num(self, name: &str, value: f64) -> Self {
        self.put(name, &px(value))
    }

    /// Two attributes that are a place.
    #[must_use]
    pub fn at(self, x: f64, y: f64) -> Self {
        self.num("x", x).num("y", y)
    }

    /// Two attributes that are a size.
    #[must_use]
    pub fn size(self, width: f64, height: f64) -> Self {
        self.num("width", width).num("height", height)
    }

    /// What fills it and what draws its outline, so wide.
    #[must_use]
    pub fn ink(self, fill: &str, stroke: &str, width: f64) -> Self {
        self.put("fill", fill).put("stroke", stroke).num("stroke-width", width)
    }

    /// Ends an element that holds nothing.
    pub fn leaf(self) {
        self.svg.text.push_str("/>");
    }

    /// Elements follow inside, up to [`Svg::close`].
    pub fn open(self) {
        self.svg.text.push('>');
        self.svg.open.push(self.name);
    }

    /// A text inside, and its end.
    pub fn text(self, text: &str) {
        self.svg.text.push('>');
        escape(text, &mut self.svg.text);
        self.svg.text.push_str("</");
        self.svg.text.push_str(self.name);
        self.svg.text.push('>');
    }
}

/// Writes a text so that it stays a text; what no XML may hold becomes the sign for that.
pub fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            '\t' | '\n' | '\r' => into.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                into.push('\u{fffd}');
            }
            // Letters that turn the direction of what follows would reach out of their text.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => into.push('\u{fffd}'),
            _ => into.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_text_stays_a_text() {
        let mut svg = Svg::default();
        svg.tag("g").put("id", "\"><script>").open();
        svg.tag("text").num("x", 1.25).text("</text><script>alert('&')</script>\0\u{202e}");
        assert_eq!(
            svg.finish(),
            "<g id=\"&quot;&gt;&lt;script&gt;\"><text x=\"1.3\">&lt;/text&gt;&lt;script&gt;alert(\
             &#39;&amp;&#39;)&lt;/script&gt;\u{fffd}\u{fffd}</text></g>\n"
        );
    }
}
