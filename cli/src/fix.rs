//! Suggestions made in the files themselves: `--fix` writes them, `--diff` shows them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use similar::TextDiff;
use tactful::{Applicability, Edit, Finding, Report, RuleId, Span};
use tactful_reader::{Contents, Entry, Reader, Source};

/// Rounds after which a file is left as it then is: each makes what the one before uncovered.
const ROUNDS: usize = 20;

/// A file in which suggestions are made.
pub(crate) struct Fixing<'f> {
    pub(crate) reader: &'f Reader,
    pub(crate) path: &'f Path,
    /// How sure a suggestion must be.
    pub(crate) least: Applicability,
}

/// What is found in an entry.
pub(crate) struct Judged {
    pub(crate) report: Report,
    /// The findings that are suppressed: nothing is written for them.
    pub(crate) stay: Vec<(RuleId, Option<Span>)>,
}

/// What is to be written for one entry.
struct Change {
    /// The entry, by its place among the file's.
    entry: usize,
    /// In the file's text, in order.
    edits: Vec<(Range<usize>, String)>,
    /// How the entry must read then.
    text: String,
}

impl Fixing<'_> {
    /// `source` with every suggestion made that is sure enough, until none is left. Bytes outside the edits stay as they are, and the file
    /// reads as before but for them: what its notation cannot say exactly is not made.
    ///
    /// `suppressed` tells what is suppressed in the file as it then reads; with that `judge` judges each of its entries.
    pub(crate) fn fixed<D>(
        &self,
        source: &Source,
        suppressed: impl Fn(&Source, &Contents) -> D,
        judge: impl Fn(&Source, &D, &Entry) -> Option<Judged>,
    ) -> Source {
        let mut source = source.clone();
        let mut contents = self.reader.read(self.path, &source);
        let mut done: HashSet<usize> = HashSet::new();
        for _ in 0..ROUNDS {
            let mut changes: Vec<Change> = Vec::new();
            let suppressed = suppressed(&source, &contents);
            for (number, entry) in contents.entries.iter().enumerate() {
                if done.contains(&number) {
                    continue;
                }
                match judge(&source, &suppressed, entry).and_then(|judged| self.change(number, entry, &judged)) {
                    Some(change) => changes.push(change),
                    None => drop(done.insert(number)),
                }
            }
            let changes: Vec<&Change> = changes.iter().collect();
            let good = self.good(&source, &contents, &changes);
            done.extend(
                changes
                    .iter()
                    .map(|change| change.entry)
                    .filter(|&entry| good.iter().all(|change| change.entry != entry)),
            );
            match self.made(&source, &contents, &good) {
                Some(made) => (source, contents) = made,
                None => break,
            }
        }
        source
    }

    /// What to write for the suggestions about an entry; `None` if there is nothing that can be written.
    fn change(&self, number: usize, entry: &Entry, judged: &Judged) -> Option<Change> {
        let written =
            |edit: &Edit| entry.edit(edit.span.start, edit.span.end, &with_line_ends(&edit.text, &entry.text));
        let stays =
            |finding: &Finding| judged.stay.iter().any(|(rule, span)| (rule, span) == (&finding.rule, &finding.span));
        let made = judged.report.edits(|finding, suggestion| {
            !stays(finding)
                && suggestion.applicability >= self.least
                && suggestion.edits.iter().all(|edit| written(edit).is_some())
        });
        let edits: Vec<(Range<usize>, String)> = made.iter().filter_map(written).collect();
        let spans = made.iter().map(|edit| (Range::from(edit.span), with_line_ends(&edit.text, &entry.text)));
        let text = spliced(&entry.text, spans);
        (!edits.is_empty()).then_some(Change { entry: number, edits, text })
    }

    /// Those of `changes` with which the file reads as it should.
    fn good<'c>(&self, source: &Source, contents: &Contents, changes: &[&'c Change]) -> Vec<&'c Change> {
        if changes.is_empty() || self.made(source, contents, changes).is_some() {
            return changes.to_vec();
        }
        if changes.len() == 1 {
            return Vec::new();
        }
        // One of them reads otherwise: each half by itself.
        let (head, tail) = changes.split_at(changes.len() / 2);
        let mut good = self.good(source, contents, head);
        good.extend(self.good(source, contents, tail));
        good
    }

    /// The file with `changes` made. `None` if there are none, or if it would read otherwise than it should.
    fn made(&self, source: &Source, contents: &Contents, changes: &[&Change]) -> Option<(Source, Contents)> {
        let mut edits: Vec<(Range<usize>, String)> =
            changes.iter().flat_map(|change| change.edits.iter().cloned()).collect();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        if edits.is_empty() || edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
            return None;
        }
        let new = source.with_text(spliced(source.text(), edits.into_iter()));
        new.encode(new.text())?;
        let read = self.reader.read(self.path, &new);
        reads_as(contents, &read, changes).then_some((new, read))
    }
}

/// Whether a file reads as before but for the changes.
fn reads_as(before: &Contents, after: &Contents, changes: &[&Change]) -> bool {
    let texts: HashMap<usize, &str> = changes.iter().map(|change| (change.entry, change.text.as_str())).collect();
    before.problems.len() == after.problems.len()
        && before.entries.len() == after.entries.len()
        && before.entries.iter().zip(&after.entries).enumerate().all(|(number, (before, after))| {
            let text = texts.get(&number).copied().unwrap_or(&before.text);
            after.text == text && before.skipped == after.skipped && before.id == after.id
        })
}

/// `text` with `edits` made: in order, not overlapping.
fn spliced(text: &str, edits: impl Iterator<Item = (Range<usize>, String)>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (range, words) in edits {
        new.push_str(&text[at..range.start]);
        new.push_str(&words);
        at = range.end;
    }
    new.push_str(&text[at..]);
    new
}

/// `new` with the line ends of `text`.
fn with_line_ends(new: &str, text: &str) -> String {
    if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() }
}

/// What changes, as a unified diff; empty where nothing does.
pub(crate) fn diff(name: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    TextDiff::from_lines(old, new).unified_diff().header(name, name).to_string()
}
