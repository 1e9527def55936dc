//! The words of the share sheet.

use view::number::clock_ms;

/// The heading.
pub const SHARE_THIS: &str = "Share this run";
/// What a link holds.
pub const LINK_SAYS: &str =
    "The link holds the scenario, the seed, everything that you did, and all branches.";
/// Copies a link or a snippet.
pub const COPY: &str = "Copy";
/// The browser's own way of handing on.
pub const HAND_ON: &str = "Send to…";
/// Whether the link opens where the playhead stands.
pub const FROM_HERE: &str = "Open at this moment";
/// The label of the link.
pub const LINK_LABEL: &str = "Link";
/// What the digest is for.
#[must_use]
pub fn digest(now_ms: f64) -> String {
    format!(
        "Everything that happened up to {}, in one number: the same in every browser and on the command line.",
        clock_ms(now_ms)
    )
}
/// The digest.
pub const DIGEST: &str = "Digest";
/// Futures that had no room.
#[must_use]
pub fn left_out(futures: usize) -> String {
    let other = if futures == 1 { "one other future" } else { "other futures" };
    format!("The link shows this future; {other} had no room in it. The file below holds them all.")
}
/// A run that is too long.
#[must_use]
pub fn too_long(letters: usize) -> String {
    format!(
        "This run is too long for a link: it would have {letters} letters, and many programs cut links off at 2,000. Hand it on as a file; drop the file on the page to open it."
    )
}
/// The code for phones.
pub const QR: &str = "A code for phones and classrooms";
/// For those who do not see it.
pub const QR_ALT: &str = "QR code of the link";
/// A link that no code holds.
pub const QR_TOO_LONG: &str = "The link is too long for a code that a camera can read.";
/// Embedding.
pub const EMBED: &str = "Put it into a page of yours";
/// What of the page is shown.
pub const CONTROLS: &str = "Controls";
/// The three sets.
pub const CONTROLS_OF: [(&str, &str); 3] = [("full", "all"), ("minimal", "few"), ("none", "none")];
/// Starts by itself.
pub const AUTOPLAY: &str = "Play when in sight";
/// The three forms and what they are for.
pub const FORMS: [(&str, &str); 3] = [
    ("Element", "One script tag, light until played; the page can steer it and hear of it."),
    ("Frame", "Works wherever frames do, also where scripts are stripped."),
    ("Frame that fits", "A frame, and a small script that gives it the height that it needs."),
];
/// Shows what the snippet shows.
pub const PREVIEW: &str = "Preview";
/// Files.
pub const FILES: &str = "Take it away as a file";
/// The whole run.
pub const RUN_FILE: &str = "the run";
/// What it is for.
pub const RUN_FILE_SAYS: &str = "everything that the link holds; opened by dropping it on the page";
/// The reader's own line at the foot of pictures.
pub const CAPTION: &str = "Caption of pictures";
/// A picture of dots.
pub const PNG: &str = "PNG";
/// How large it is.
pub const PNG_SAYS: &str = ", double size";
/// The film.
pub const FILM: &str = "film";
/// What it is.
pub const FILM_SAYS: &str = "ten seconds from this moment on, as a WebM video";
/// While it is made.
pub const FILMING: &str = "Recording ten seconds…";
/// Something could not be made.
pub const NOT_MADE: &str = "This browser could not make that file.";
/// Something was copied.
pub const COPIED: &str = "Copied.";
/// Something could not be copied.
pub const NOT_COPIED: &str =
    "This browser does not let the page copy: select the text and copy it by hand.";
