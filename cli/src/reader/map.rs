//! Places: from decoded text to a file's bytes, and from bytes to lines and columns.

/// From offsets in a decoded text to offsets in its file. Where the two run in step, one mark serves a whole run.
#[derive(Debug, Default)]
pub(crate) struct SourceMap {
    /// Decoded and source offsets from which both run in step.
    marks: Vec<(usize, usize)>,
}

impl SourceMap {
    /// The text stands in the file as it is, from `source` on.
    pub(crate) fn shifted(source: usize) -> SourceMap {
        SourceMap { marks: vec![(0, source)] }
    }

    /// From `decoded` on, the text runs in step with the file from `source` on.
    pub(crate) fn mark(&mut self, decoded: usize, source: usize) {
        self.marks.push((decoded, source));
    }

    /// Where an offset of the text is in the file.
    pub(crate) fn source(&self, decoded: usize) -> usize {
        let index = self.marks.partition_point(|&(mark, _)| mark <= decoded);
        let (mark, source) = index.checked_sub(1).map_or((0, 0), |last| self.marks[last]);
        let at = source + (decoded - mark);
        // Within an escape: its start.
        self.marks.get(index).map_or(at, |&(_, next)| at.min(next))
    }
}

/// Where each line of a file starts.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Lines {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Lines { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line and the column in code points, both from 1, of an offset in `text`.
    pub(crate) fn position(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|&start| start <= at);
        let start = self.starts[line - 1];
        (line, text[start..at].chars().count() + 1)
    }
}
