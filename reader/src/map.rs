//! From offsets in a reply's text back to its file.

use std::ops::Range;

/// Where words of a reply stand in their file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file's text, half-open.
    pub range: Range<usize>,
    /// Whether those bytes decode to just these words. Where they cannot (base64, words with tags between them), the range is the smallest
    /// that holds them.
    pub exact: bool,
}

/// From a decoded text to the text it was decoded from.
///
/// A list of runs: most stand in the source as they are, an escape stands for what it says, and between two runs there may be source that
/// says nothing (tags, indentation).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    text: Range<usize>,
    source: Range<usize>,
    kind: RunKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunKind {
    /// Byte for byte.
    Verbatim,
    /// The one as a whole is the other: `&amp;`, `\n`, a folded line end.
    Unit,
    /// The text is somewhere in there.
    Within,
}

impl SourceMap {
    /// Of a text that stands in its source as it is, from `source` on.
    pub(crate) fn verbatim(source: usize, len: usize) -> SourceMap {
        let mut map = SourceMap::default();
        map.push_verbatim(source, len);
        map
    }

    /// Of a text of which only its whole range in the source is known.
    pub(crate) fn within(source: Range<usize>, len: usize) -> SourceMap {
        let mut map = SourceMap::default();
        map.push_within(len, source);
        map
    }

    /// How long the text is so far.
    pub(crate) fn text_len(&self) -> usize {
        self.runs.last().map_or(0, |run| run.text.end)
    }

    /// The next `len` bytes of the text stand in the source at `source`.
    pub(crate) fn push_verbatim(&mut self, source: usize, len: usize) {
        if len == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.kind == RunKind::Verbatim
            && last.source.end == source
        {
            last.source.end += len;
            last.text.end += len;
            return;
        }
        self.push(len, source..source + len, RunKind::Verbatim);
    }

    /// The next `len` bytes of the text are what `source` as a whole says.
    pub(crate) fn push_unit(&mut self, len: usize, source: Range<usize>) {
        self.push(len, source, RunKind::Unit);
    }

    /// The next `len` bytes of the text stand somewhere in `source`.
    pub(crate) fn push_within(&mut self, len: usize, source: Range<usize>) {
        self.push(len, source, RunKind::Within);
    }

    fn push(&mut self, len: usize, source: Range<usize>, kind: RunKind) {
        let start = self.text_len();
        self.runs.push(Run { text: start..start + len, source, kind });
    }

    /// The map of a part of the text.
    pub(crate) fn slice(&self, part: Range<usize>) -> SourceMap {
        let mut slice = SourceMap::default();
        let first = self.runs.partition_point(|run| run.text.end <= part.start);
        for run in self.runs[first..].iter().take_while(|run| run.text.start < part.end) {
            let start = run.text.start.max(part.start);
            let end = run.text.end.min(part.end);
            match run.kind {
                RunKind::Verbatim => slice.push_verbatim(run.source.start + (start - run.text.start), end - start),
                kind if (start..end) == run.text => slice.push(end - start, run.source.clone(), kind),
                _ => slice.push(end - start, run.source.clone(), RunKind::Within),
            }
        }
        slice
    }

    /// The map from this text to what `outer`'s text was decoded from, where this one's source is `outer`'s text.
    pub(crate) fn through(&self, outer: &SourceMap) -> SourceMap {
        let mut composed = SourceMap::default();
        for run in &self.runs {
            if run.kind == RunKind::Verbatim {
                for part in outer.slice(run.source.clone()).runs {
                    composed.push_run(part);
                }
                continue;
            }
            let place = outer.place(run.source.start, run.source.end);
            let kind = if place.exact { run.kind } else { RunKind::Within };
            composed.push(run.text.len(), place.range, kind);
        }
        composed
    }

    fn push_run(&mut self, run: Run) {
        match run.kind {
            RunKind::Verbatim => self.push_verbatim(run.source.start, run.source.len()),
            kind => self.push(run.text.len(), run.source, kind),
        }
    }

    /// Where the bytes from `start` to `end` of the text stand.
    pub fn place(&self, start: usize, end: usize) -> Place {
        let Some(last) = self.runs.last() else {
            return Place { range: 0..0, exact: start == end };
        };
        if start == end {
            return Place { range: self.point(start)..self.point(start), exact: true };
        }
        let first = self.runs.partition_point(|run| run.text.end <= start);
        let Some(head) = self.runs.get(first) else {
            return Place { range: last.source.end..last.source.end, exact: false };
        };
        let (mut exact, mut at) = (true, head.source.start);
        let mut to = head.source.end;
        for run in self.runs[first..].iter().take_while(|run| run.text.start < end) {
            let whole = run.text.start >= start && run.text.end <= end;
            exact &= run.source.start == at && (run.kind == RunKind::Verbatim || (run.kind == RunKind::Unit && whole));
            at = run.source.end;
            to = match run.kind {
                RunKind::Verbatim => run.source.end - run.text.end.saturating_sub(end),
                _ => run.source.end,
            };
        }
        let from = match head.kind {
            RunKind::Verbatim => head.source.start + (start - head.text.start),
            _ => head.source.start,
        };
        Place { range: from..to.max(from), exact }
    }

    /// Where something put in before the byte at `at` belongs: after what stands before it, if that is in step.
    fn point(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|run| run.text.start < at);
        let before = next.checked_sub(1).map(|index| &self.runs[index]);
        match (before, self.runs.get(next)) {
            (Some(run), _) if at < run.text.end => match run.kind {
                RunKind::Verbatim => run.source.start + (at - run.text.start),
                _ => run.source.start,
            },
            (Some(run), _) => run.source.end,
            (None, Some(run)) => run.source.start,
            (None, None) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a&amp;b<i>c</i>` read as `a&bc`.
    fn html() -> SourceMap {
        let mut map = SourceMap::verbatim(0, 1);
        map.push_unit(1, 1..6);
        map.push_verbatim(6, 1);
        map.push_verbatim(10, 1);
        map
    }

    #[test]
    fn escapes_are_whole_and_tags_between_words_are_told() {
        let map = html();
        assert_eq!(map.place(0, 3), Place { range: 0..7, exact: true });
        assert_eq!(map.place(1, 2), Place { range: 1..6, exact: true });
        assert_eq!(map.place(3, 4), Place { range: 10..11, exact: true });
        assert_eq!(map.place(2, 4), Place { range: 6..11, exact: false });
        assert_eq!(map.place(3, 3), Place { range: 7..7, exact: true });
    }

    #[test]
    fn maps_compose() {
        // The HTML above as a string of JSON at 100, its `&` written `\u0026`.
        let mut json = SourceMap::verbatim(100, 1);
        json.push_unit(1, 101..107);
        json.push_verbatim(107, 13);
        let map = html().through(&json);
        assert_eq!(map.place(0, 3), Place { range: 100..112, exact: true });
        assert_eq!(map.place(1, 2), Place { range: 101..111, exact: true });
        assert_eq!(map.place(3, 4), Place { range: 115..116, exact: true });
    }

    #[test]
    fn a_part_keeps_its_places() {
        let part = html().slice(1..4);
        assert_eq!(part.place(0, 1), Place { range: 1..6, exact: true });
        assert_eq!(part.text_len(), 3);
    }
}
