//! Texts as they are put together from their sources.

use std::ops::Range;

use crate::SourceMap;

/// What a customer reads, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prose {
    pub(crate) text: String,
    pub(crate) map: SourceMap,
}

impl Prose {
    /// More of `source`, as it stands there.
    pub(crate) fn push(&mut self, source: &str, part: Range<usize>) {
        self.text.push_str(&source[part.clone()]);
        self.map.push_verbatim(part.start, part.len());
    }

    /// Words that a part of the source stands for.
    pub(crate) fn push_unit(&mut self, words: &str, part: Range<usize>) {
        self.text.push_str(words);
        self.map.push_unit(words.len(), part);
    }

    /// Words that stand somewhere in a part of the source.
    pub(crate) fn push_within(&mut self, words: &str, part: Range<usize>) {
        self.text.push_str(words);
        self.map.push_within(words.len(), part);
    }

    /// A part of it.
    pub(crate) fn slice(&self, part: Range<usize>) -> Prose {
        Prose { text: self.text[part.clone()].to_owned(), map: self.map.slice(part) }
    }

    /// Without blanks at its ends.
    pub(crate) fn trimmed(self) -> Prose {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        if (start, end) == (0, self.text.len()) { self } else { self.slice(start..end) }
    }
}
