//! The JSON report, version 1.

use serde::Serialize;
use tactful::{Applicability, FormOfAddress, Language, Report, Severity, Span, Steps};
use tactful_reader::{Entry, Position, Source};

use super::{Counts, Problem};

/// The whole report.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) version: u32,
    pub(crate) replies: Vec<Reply>,
    pub(crate) errors: Vec<Problem>,
    pub(crate) summary: Summary,
}

/// All replies together.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) replies: usize,
    /// The mean of the replies' scores; null where none was judged.
    pub(crate) score: Option<u32>,
    pub(crate) findings: Counts,
    pub(crate) words: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Reply {
    path: String,
    id: Option<String>,
    title: Option<String>,
    /// Where in the file it is, in the file's own terms.
    within: Option<String>,
    language: Option<Language>,
    form_of_address: Option<FormOfAddress>,
    score: Option<u32>,
    steps: Steps,
    findings: Vec<Finding>,
    #[serde(skip)]
    start: Place,
}

#[derive(Debug, Serialize)]
struct Finding {
    rule: String,
    pattern: String,
    severity: Severity,
    softened: u8,
    text: Option<String>,
    range: Option<Span>,
    location: Location,
    message: String,
    why: String,
    suggestions: Vec<Suggestion>,
    fingerprint: String,
}

#[derive(Debug, Serialize)]
struct Suggestion {
    /// The sentences that change, as they would read.
    text: String,
    applicability: Applicability,
    edits: Vec<Edit>,
    holes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

#[derive(Debug, Serialize)]
struct Location {
    start: Place,
    end: Place,
    /// Whether the file's bytes there are just the words; else they stand somewhere in them.
    exact: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: usize,
}

impl From<Position> for Place {
    fn from(Position { line, column, offset }: Position) -> Place {
        Place { line, column, offset }
    }
}

impl Reply {
    pub(crate) fn new(path: &str, entry: &Entry, report: &Report, source: &Source) -> Reply {
        let place = |start: usize, end: usize| {
            let place = entry.map.place(start, end);
            let at = |offset: usize| Place::from(source.position(offset));
            Location { start: at(place.range.start), end: at(place.range.end), exact: place.exact }
        };
        let mut reply = Reply {
            path: path.to_owned(),
            id: entry.id.clone(),
            title: entry.title.clone(),
            within: Some(entry.within.clone()).filter(|within| !within.is_empty()),
            language: report.language().cloned(),
            form_of_address: report.form_of_address().cloned(),
            score: report.score(),
            steps: report.steps(),
            findings: Vec::new(),
            start: place(0, 0).start,
        };
        for finding in report.findings() {
            let text = finding.span.map(|span| span.of(&entry.text).to_owned());
            let (start, end) = finding.span.map_or((0, 0), |span| (span.start, span.end));
            let suggestions = finding.suggestions().iter().map(|one| Suggestion::new(one, &entry.text)).collect();
            reply.push(finding, text, place(start, end), suggestions);
        }
        reply
    }

    /// Findings that comparing it with its variants made, and its score with them.
    pub(crate) fn add(&mut self, findings: &[tactful::Finding], score: Option<u32>) {
        let own = std::mem::take(&mut self.findings);
        for finding in findings {
            self.push(finding, None, Location { start: self.start, end: self.start, exact: true }, Vec::new());
        }
        // Those of the whole reply come first, by rule.
        self.findings.extend(own);
        self.findings.sort_by(|one, other| (one.range, &one.rule).cmp(&(other.range, &other.rule)));
        self.score = score;
    }

    fn push(
        &mut self,
        finding: &tactful::Finding,
        text: Option<String>,
        location: Location,
        suggestions: Vec<Suggestion>,
    ) {
        let id = self.id.as_deref().unwrap_or("");
        let language = self.language.as_ref().map_or("", Language::code);
        let words = normal(text.as_deref().unwrap_or(""));
        let hash = format!("{:016x}", fingerprint(&[finding.rule.as_str(), &self.path, id, language, &words]));
        let nth = self.findings.iter().filter(|other| other.fingerprint.starts_with(&hash)).count();
        self.findings.push(Finding {
            rule: finding.rule.to_string(),
            pattern: finding.pattern.to_string(),
            severity: finding.severity,
            softened: finding.softened,
            text,
            range: finding.span,
            location,
            message: finding.message.to_string(),
            why: finding.why.to_string(),
            suggestions,
            fingerprint: if nth == 0 { hash } else { format!("{hash}:{}", nth + 1) },
        });
    }
}

impl Suggestion {
    fn new(suggestion: &tactful::Suggestion, text: &str) -> Suggestion {
        let edit = |edit: &tactful::Edit| Edit { start: edit.span.start, end: edit.span.end, text: edit.text.clone() };
        Suggestion {
            text: suggestion.excerpt(text),
            applicability: suggestion.applicability,
            edits: suggestion.edits.iter().map(edit).collect(),
            holes: suggestion.holes.clone(),
        }
    }
}

/// The matched words as a fingerprint sees them: case, spaces and line ends aside.
fn normal(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// FNV-1a of the parts. Named and fixed, because it is stored: std's hasher may change with Rust.
fn fingerprint(parts: &[&str]) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    parts.iter().fold(0xcbf2_9ce4_8422_2325, |hash, part| step(part.bytes().fold(hash, step), 0))
}
