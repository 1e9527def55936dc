//! The sheet that every picture is drawn on: size, title, the large line, the foot with caption and
//! link; and the few kinds of words that stand on it.

use super::ink::{Colour, MONO, SANS, SERIF, Theme, of_tone};
use super::svg::Svg;
use crate::figures::px;
use crate::types::{Sentence, Tone};
use crate::words::cards::shortened;

/// Width of every picture, in pixels.
pub const WIDTH: f64 = 1_200.0;
/// Height of a picture of the stage: that of the cards by which pages are announced.
pub const HEIGHT: f64 = 630.0;
/// Room at the sides.
pub const SIDE: f64 = 32.0;
/// Room for caption and link.
pub const FOOT: f64 = 46.0;

/// Letters of the large line that fit side by side, whatever the reader's fonts.
const LARGE_LETTERS: usize = 74;
/// Lines of it.
const LARGE_LINES: usize = 3;
/// Letters of the reason.
const WHY_LETTERS: usize = 145;
/// Lines of it.
const WHY_LINES: usize = 2;
/// Letters of the title.
const TITLE_LETTERS: usize = 100;
/// Letters at the foot, caption and link together.
const FOOT_LETTERS: usize = 128;
/// The caption gets so many of them where the link would have all.
const CAPTION_LETTERS: usize = 72;

/// What stands on a picture beside what it shows.
#[derive(Clone, Default, Debug)]
pub struct Caption {
    /// The heading of the scenario.
    pub title: String,
    /// A line of the reader's own at the foot.
    pub caption: String,
    /// Where the run can be opened.
    pub link: String,
    /// Time and seed.
    pub moment: String,
    /// What became of the promises.
    pub sentence: Option<Sentence>,
}

impl Caption {
    /// The same in words, for those who hear it.
    pub(super) fn told(&self) -> String {
        let mut told = self.moment.clone();
        let mut add = |text: &str| {
            if !text.is_empty() {
                told.push_str(". ");
                told.push_str(text.trim_end_matches('.'));
            }
        };
        if let Some(sentence) = &self.sentence {
            let parts: Vec<&str> = sentence.parts.iter().map(|(_, text)| text.as_str()).collect();
            add(&parts.join(" "));
            add(&sentence.why);
        }
        add(&self.caption);
        add(&self.link);
        told
    }
}

/// A picture being drawn.
pub struct Sheet {
    /// The text so far.
    pub(super) svg: Svg,
    theme: Theme,
}

impl Sheet {
    /// A sheet of this height with its head and foot. Returns where the head ends.
    pub(super) fn new(
        theme: Theme,
        height: impl FnOnce(f64) -> f64,
        with: &Caption,
        told: &str,
    ) -> (Self, f64) {
        let large = large_lines(with.sentence.as_ref());
        let why = with
            .sentence
            .as_ref()
            .map_or_else(Vec::new, |s| wrapped(&s.why, WHY_LETTERS, WHY_LINES));
        let head = 66.0 + 34.0 * count(large.len()) + 22.0 * count(why.len());
        let height = height(head);
        let mut sheet = Self { svg: Svg::default(), theme };
        let size = format!("0 0 {} {}", px(WIDTH), px(height));
        let root = sheet.svg.tag("svg").put("xmlns", "http://www.w3.org/2000/svg");
        let root = root.size(WIDTH, height).put("viewBox", &size).put("role", "img");
        root.put("font-family", SANS).put("fill", Colour::Ink.of(theme)).open();
        sheet.svg.tag("title").text(&with.title);
        sheet.svg.tag("desc").text(told);
        let paper = sheet.of(Colour::Paper);
        sheet.svg.tag("rect").size(WIDTH, height).put("fill", paper).leaf();
        sheet.bold(SIDE, 40.0, 15.0, Colour::Soft, &shortened(&with.title, TITLE_LETTERS));
        sheet.rightwards(WIDTH - SIDE, 40.0, 15.0, Colour::Faint, SANS, &with.moment);
        let mut y = 48.0;
        for line in &large {
            y += 34.0;
            sheet.large(y, line);
        }
        y += 4.0;
        for line in &why {
            y += 22.0;
            sheet.words(SIDE, y, 15.0, Colour::Soft, line);
        }
        sheet.foot(height - 17.0, with);
        (sheet, head)
    }

    /// A colour's value.
    pub(super) fn of(&self, colour: Colour) -> &'static str {
        colour.of(self.theme)
    }

    /// Ordinary words.
    pub(super) fn words(&mut self, x: f64, y: f64, size: f64, colour: Colour, text: &str) {
        let fill = self.of(colour);
        self.svg.tag("text").at(x, y).num("font-size", size).put("fill", fill).text(text);
    }

    /// Heavy words.
    pub(super) fn bold(&mut self, x: f64, y: f64, size: f64, colour: Colour, text: &str) {
        let fill = self.of(colour);
        let words = self.svg.tag("text").at(x, y).num("font-size", size);
        words.put("font-weight", "700").put("fill", fill).text(text);
    }

    /// Numbers and names.
    pub(super) fn mono(&mut self, x: f64, y: f64, size: f64, colour: Colour, text: &str) {
        let fill = self.of(colour);
        let words = self.svg.tag("text").at(x, y).num("font-size", size);
        words.put("font-family", MONO).put("fill", fill).text(text);
    }

    /// Numbers around the origin of their group.
    pub(super) fn centred(&mut self, y: f64, size: f64, colour: Colour, text: &str) {
        let fill = self.of(colour);
        let words = self.svg.tag("text").num("y", y).num("font-size", size);
        let words = words.put("font-family", MONO).put("text-anchor", "middle");
        words.put("fill", fill).text(text);
    }

    fn rightwards(&mut self, x: f64, y: f64, size: f64, colour: Colour, font: &str, text: &str) {
        let fill = self.of(colour);
        let words = self.svg.tag("text").at(x, y).num("font-size", size);
        let words = words.put("font-family", font).put("text-anchor", "end");
        words.put("fill", fill).text(text);
    }

    /// One line of the large sentence, each part in the colour of its tone.
    fn large(&mut self, y: f64, parts: &[(Tone, String)]) {
        let words = self.svg.tag("text").at(SIDE, y).num("font-size", 27.0);
        words.put("font-family", SERIF).open();
        for (tone, text) in parts {
            let (fill, weight) =
                (self.of(of_tone(*tone)), if *tone == Tone::Lost { "700" } else { "400" });
            self.svg.tag("tspan").put("fill", fill).put("font-weight", weight).text(text);
        }
        self.svg.close();
    }

    /// The name, the caption, the link.
    fn foot(&mut self, y: f64, with: &Caption) {
        let leader = self.of(Colour::Leader);
        let name = self.svg.tag("text").at(SIDE, y).num("font-size", 17.0);
        name.put("font-family", SERIF).put("font-weight", "700").open();
        self.svg.tag("tspan").text("Replic");
        self.svg.tag("tspan").put("fill", leader).text("arium");
        self.svg.close();
        let link = with.link.chars().count();
        let most = if link == 0 { FOOT_LETTERS } else { FOOT_LETTERS.saturating_sub(link) };
        let caption = shortened(&with.caption, most.max(CAPTION_LETTERS));
        let rest = FOOT_LETTERS - caption.chars().count().min(FOOT_LETTERS - 12);
        self.words(SIDE + 128.0, y, 15.0, Colour::Soft, &caption);
        let link = shortened(&with.link, rest);
        self.rightwards(WIDTH - SIDE, y, 13.0, Colour::Leader, MONO, &link);
    }
}

/// Words and their tones, set in lines.
fn large_lines(sentence: Option<&Sentence>) -> Vec<Vec<(Tone, String)>> {
    let Some(sentence) = sentence else { return Vec::new() };
    let mut lines: Vec<Vec<(Tone, String)>> = vec![Vec::new()];
    let mut letters = 0;
    for (tone, text) in &sentence.parts {
        for word in text.split_whitespace() {
            let long = word.chars().count() + 1;
            if letters + long > LARGE_LETTERS && letters > 0 {
                if lines.len() == LARGE_LINES {
                    add(&mut lines, *tone, "…");
                    return lines;
                }
                lines.push(Vec::new());
                letters = 0;
            }
            add(&mut lines, *tone, &shortened(word, LARGE_LETTERS));
            letters += long;
        }
    }
    lines
}

/// Adds a word to the last line, after a space.
fn add(lines: &mut [Vec<(Tone, String)>], tone: Tone, word: &str) {
    let Some(line) = lines.last_mut() else { return };
    let space = if line.is_empty() { "" } else { " " };
    match line.last_mut() {
        Some((same, text)) if *same == tone => {
            text.push_str(space);
            text.push_str(word);
        }
        _ => line.push((tone, format!("{space}{word}"))),
    }
}

/// A text in lines of so many letters, at most so many lines.
fn wrapped(text: &str, letters: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let (word, full) = (shortened(word, letters), lines.len() == most);
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < letters => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(line) if full => {
                line.push('…');
                break;
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}
