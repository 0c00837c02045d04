use serde::Serialize;

/// A place in a text: UTF-8 byte offsets, half-open, so that `&text[span.start..span.end]` is what it covers.
///
/// Every span tactful reports lies on grapheme boundaries of the text it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`.
    ///
    /// # Panics
    ///
    /// If `start` is after `end`.
    pub fn new(start: usize, end: usize) -> Span {
        assert!(start <= end, "a span must not end ({end}) before it starts ({start})");
        Span { start, end }
    }

    /// The bytes it covers.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies in it; the end does not.
    pub fn contains(&self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether the two share a byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The words it covers in `text`.
    ///
    /// # Panics
    ///
    /// If `text` is not the text the span belongs to.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }

    /// The same place in a text that this one's begins in, at `offset`.
    pub(crate) fn shifted(self, offset: usize) -> Span {
        Span { start: self.start + offset, end: self.end + offset }
    }
}

impl From<Span> for std::ops::Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}
