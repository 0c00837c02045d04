//! The JSON report, version 1.

use serde::Serialize;
use tactful::{Applicability, FormOfAddress, Language, Report, Severity, Span, Steps};

use crate::reader::{Entry, Lines};

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
    language: Option<Language>,
    form_of_address: Option<FormOfAddress>,
    score: Option<u32>,
    steps: Steps,
    findings: Vec<Finding>,
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
}

#[derive(Debug, Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: usize,
}

impl Reply {
    pub(crate) fn new(path: &str, entry: &Entry, report: &Report, file: &str, lines: &Lines) -> Reply {
        let place = |at: usize| {
            let offset = entry.map.source(at);
            let (line, column) = lines.position(file, offset);
            Place { line, column, offset }
        };
        let mut seen: Vec<u64> = Vec::new();
        let findings = report.findings().iter().map(|finding| {
            let text = finding.span.map(|span| span.of(&entry.text).to_owned());
            let (start, end) = finding.span.map_or((0, 0), |span| (span.start, span.end));
            let language = report.language().map_or("", Language::code);
            let id = entry.id.as_deref().unwrap_or("");
            let hash =
                fingerprint(&[finding.rule.as_str(), path, id, language, &normal(text.as_deref().unwrap_or(""))]);
            let nth = seen.iter().filter(|&&other| other == hash).count();
            seen.push(hash);
            Finding {
                rule: finding.rule.to_string(),
                pattern: finding.pattern.to_string(),
                severity: finding.severity,
                softened: finding.softened,
                range: finding.span,
                location: Location { start: place(start), end: place(end) },
                message: finding.message.to_string(),
                why: finding.why.to_string(),
                suggestions: finding.suggestions().iter().map(|one| Suggestion::new(one, &entry.text)).collect(),
                fingerprint: if nth == 0 { format!("{hash:016x}") } else { format!("{hash:016x}:{}", nth + 1) },
                text,
            }
        });
        Reply {
            path: path.to_owned(),
            id: entry.id.clone(),
            title: entry.title.clone(),
            language: report.language().cloned(),
            form_of_address: report.form_of_address().cloned(),
            score: report.score(),
            steps: report.steps(),
            findings: findings.collect(),
        }
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
