//! The report for people: the words underlined, why, and the rule's id.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use tactful::{Applicability, Finding, Report, Severity};

use crate::reader::{Entry, Lines};

use super::clean;

/// Renders findings.
#[derive(Debug)]
pub(crate) struct Terminal {
    renderer: Renderer,
}

/// How many bytes of a line are shown on each side of the words.
const WINDOW: usize = 100;

impl Terminal {
    pub(crate) fn new() -> Terminal {
        // Colours are taken away again by the stream where it has none.
        Terminal { renderer: Renderer::styled().term_width(200) }
    }

    /// A reply's findings, ready to print.
    pub(crate) fn render(&self, path: &str, entry: &Entry, report: &Report, file: &str, lines: &Lines) -> String {
        let mut out = String::new();
        for finding in report.findings() {
            out.push_str(&self.finding(path, entry, finding, file, lines));
            out.push_str("\n\n");
        }
        out
    }

    fn finding(&self, path: &str, entry: &Entry, finding: &Finding, file: &str, lines: &Lines) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            _ => Level::INFO.with_name("hint"),
        };
        let title = level.primary_title(finding.message.as_ref()).id(finding.rule.as_str());
        let span = finding.span.map_or(0..0, Range::from);
        let (line, column) = lines.position(file, entry.map.source(span.start));
        let origin = match &entry.id {
            Some(id) => format!("{} [{}]", clean(path), clean(id)),
            None => clean(path),
        };
        let note = if finding.softened > 0 {
            format!("{} (milder here: the reply says what can be done)", finding.why)
        } else {
            finding.why.to_string()
        };
        let (source, shown) = excerpt(&entry.text, span.clone());
        let shown_column = source[..shown.start].chars().count() + 1;
        let primary = match finding.span {
            Some(_) => AnnotationKind::Primary.span(shown),
            None => AnnotationKind::Primary.span(0..0).label("the whole reply"),
        };
        let snippet = Snippet::source(source).line_start(line).annotation(primary);
        let group = Group::with_title(title);
        let group = if shown_column == column {
            group.element(snippet.path(origin))
        } else {
            // An excerpt that was cut or decoded does not know its place.
            group.element(Origin::path(origin).line(line).char_column(column)).element(snippet)
        };
        let group = group.element(Level::NOTE.with_name("why").message(note));
        let group = finding.suggestions().iter().fold(group, |group, suggestion| {
            // `--fix` makes the certain ones.
            let name = if suggestion.applicability == Applicability::MachineApplicable { "fix" } else { "try" };
            let text = clean(&suggestion.excerpt(&entry.text)).replace('\n', " ");
            group.element(Level::HELP.with_name(name).message(text))
        });
        self.renderer.render(&[group])
    }
}

/// The lines of `text` around `span`, cut to a window where they are long, and where in them the span is.
fn excerpt(text: &str, span: Range<usize>) -> (String, Range<usize>) {
    let first = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let last = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let start = boundary(text, first.max(span.start.saturating_sub(WINDOW)));
    let end = boundary(text, last.min(span.end + WINDOW));
    let (head, tail) = (if start > first { "…" } else { "" }, if end < last { "…" } else { "" });
    let before = format!("{head}{}", clean(&text[start..span.start]));
    let words = clean(&text[span.start..span.end]);
    let after = format!("{}{tail}", clean(text[span.end..end].trim_end_matches('\r')));
    let shown = before.len()..before.len() + words.len();
    (format!("{before}{words}{after}"), shown)
}

/// The character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
