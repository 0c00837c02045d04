//! reviewdog's diagnostic format: <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>. Columns are in bytes of UTF-8.

use std::io::{self, Write};

use serde::Serialize;
use tactful::Severity;

use super::model::{Document, Finding, InFile, Location, Place, Reply};
use super::{json, summary};

#[derive(Serialize)]
struct DiagnosticResult<'d> {
    source: Source,
    diagnostics: Vec<Diagnostic<'d>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'d> {
    message: String,
    location: FileLocation<'d>,
    severity: &'static str,
    source: Source,
    code: Code<'d>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'d>>,
}

#[derive(Serialize)]
struct FileLocation<'l> {
    path: &'l str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code<'c> {
    value: &'c str,
}

#[derive(Serialize)]
struct Suggestion<'s> {
    range: Range,
    text: &'s str,
}

impl From<Place> for Point {
    fn from(place: Place) -> Point {
        Point { line: place.line, column: place.utf8_column }
    }
}

impl Range {
    fn new(start: Place, end: Place) -> Range {
        Range { start: start.into(), end: end.into() }
    }
}

const SOURCE: Source = Source { name: "tactful" };

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    let result = DiagnosticResult { source: SOURCE, diagnostics: diagnostics(report).collect() };
    json::line(&result, out)
}

pub(super) fn write_lines(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    diagnostics(report).try_for_each(|diagnostic| json::line(&diagnostic, out))
}

fn diagnostics(report: &Document) -> impl Iterator<Item = Diagnostic<'_>> {
    report.replies.iter().flat_map(|reply| reply.findings.iter().map(|finding| diagnostic(reply, finding)))
}

fn diagnostic<'d>(reply: &'d Reply, finding: &'d Finding) -> Diagnostic<'d> {
    let Location { start, end, .. } = finding.location;
    Diagnostic {
        message: format!("{}\n{}", summary::advice(finding), finding.why),
        location: FileLocation { path: &reply.file, range: Range::new(start, end) },
        severity: match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            _ => "INFO",
        },
        source: SOURCE,
        code: Code { value: &finding.rule },
        suggestions: finding
            .ready()
            .map(|InFile { start, end, text }| Suggestion { range: Range::new(*start, *end), text })
            .collect(),
    }
}
