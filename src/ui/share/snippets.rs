//! What goes into somebody else's page: three forms of the same run, as text to be copied.
//!
//! It knows the attributes of the element and the frame's query; what they do, the frame decides.

/// What the snippet is to show.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Choice {
    /// The place of the form in the list of forms.
    pub form: usize,
    /// The place of the set of controls in the list of sets.
    pub controls: usize,
    /// Whether it plays by itself when in sight.
    pub autoplay: bool,
}

/// The height that a frame is given, in pixels.
const HEIGHT: u32 = 480;

/// The address of a frame that shows this.
#[must_use]
pub fn frame_address(base: &str, link: &str, choice: Choice, controls: &str) -> String {
    let autoplay = if choice.autoplay { "&autoplay" } else { "" };
    format!("{base}?embed&controls={controls}{autoplay}#{link}")
}

/// The text to be copied. `base` is the folder of the page, `link` what stands behind the hash.
#[must_use]
pub fn snippet(base: &str, link: &str, title: &str, choice: Choice, controls: &str) -> String {
    let frame = || {
        format!(
            "<iframe src=\"{}\"\n  title=\"{}\" width=\"100%\" height=\"{HEIGHT}\" loading=\"lazy\"\n  \
             sandbox=\"allow-scripts allow-popups\" style=\"border: 0\"></iframe>",
            escaped(&frame_address(base, link, choice, controls)),
            escaped(title)
        )
    };
    match choice.form {
        0 => {
            let autoplay = if choice.autoplay { " autoplay" } else { "" };
            format!(
                "<script type=\"module\" src=\"{0}embed/replicarium-lab.js\"></script>\n\
                 <replicarium-lab link=\"{1}\"\n  controls=\"{controls}\"{autoplay} height=\"{HEIGHT}\"></replicarium-lab>",
                escaped(base),
                escaped(link)
            )
        }
        1 => frame(),
        _ => format!("{}\n<script src=\"{}embed/resize.js\"></script>", frame(), escaped(base)),
    }
}

/// A text as part of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://example.org/a/";

    #[test]
    fn the_element_is_one_script_and_one_tag() {
        let choice = Choice { autoplay: true, ..Choice::default() };
        let text = snippet(BASE, "v1.AbC", "A run", choice, "minimal");
        let expected = "<script type=\"module\" src=\"https://example.org/a/embed/replicarium-lab.js\"></script>\n\
             <replicarium-lab link=\"v1.AbC\"\n  controls=\"minimal\" autoplay height=\"480\"></replicarium-lab>";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_frame_says_all_in_its_address_and_its_title_cannot_break_out() {
        let choice = Choice { form: 1, ..Choice::default() };
        let text = snippet(BASE, "v1.AbC", "\"><script>alert(1)</script>", choice, "full");
        assert!(
            text.starts_with(
                "<iframe src=\"https://example.org/a/?embed&amp;controls=full#v1.AbC\""
            ),
            "{text}"
        );
        assert!(!text.contains("<script>"), "{text}");
        let fitting = snippet(BASE, "v1.AbC", "A run", Choice { form: 2, ..choice }, "full");
        assert!(
            fitting.ends_with("<script src=\"https://example.org/a/embed/resize.js\"></script>"),
            "{fitting}"
        );
    }
}
