//! The lines around words, as people are shown them.

use std::ops::Range;

use super::clean;

/// How many bytes of a line are shown on each side of the words.
const WINDOW: usize = 100;

/// The lines that words stand in, cut to a window where they are long.
#[derive(Debug)]
pub(crate) struct Excerpt {
    pub(crate) lines: String,
    /// Where in the lines the words are.
    pub(crate) shown: Range<usize>,
}

impl Excerpt {
    /// The lines of `text` around `span`.
    pub(crate) fn new(text: &str, span: Range<usize>) -> Excerpt {
        let first = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let last = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
        let start = boundary(text, first.max(span.start.saturating_sub(WINDOW)));
        let end = boundary(text, last.min(span.end + WINDOW));
        let (head, tail) = (if start > first { "…" } else { "" }, if end < last { "…" } else { "" });
        let before = format!("{head}{}", clean(&text[start..span.start]));
        let words = clean(&text[span.start..span.end]);
        let after = format!("{}{tail}", clean(text[span.end..end].trim_end_matches('\r')));
        let shown = before.len()..before.len() + words.len();
        Excerpt { lines: format!("{before}{words}{after}"), shown }
    }

    /// The column, from 1, at which the words stand in it.
    pub(crate) fn column(&self) -> usize {
        self.lines[..self.shown.start].chars().count() + 1
    }
}

/// The character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
