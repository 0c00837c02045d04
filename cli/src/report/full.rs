//! The report for people: the words underlined, why, and the rule's id.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use tactful::{Applicability, Finding, Report, Severity};
use tactful_reader::{Entry, Position, Source};

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
    pub(crate) fn render(&self, path: &str, entry: &Entry, report: &Report, source: &Source) -> String {
        let finding = |finding| self.finding(path, entry, finding, source) + "\n\n";
        report.findings().iter().map(finding).collect()
    }

    /// A finding that comparing a reply with its variants made, ready to print.
    pub(crate) fn compared(&self, whose: &Whose, finding: &Finding) -> String {
        let origin = Origin::path(whose.name.as_str()).line(whose.line).char_column(whose.column);
        let note = Level::NOTE.with_name("why").message(finding.why.as_ref());
        self.renderer.render(&[title(finding).element(origin).element(note)]) + "\n\n"
    }

    fn finding(&self, path: &str, entry: &Entry, finding: &Finding, source: &Source) -> String {
        let span = finding.span.map_or(0..0, Range::from);
        let place = entry.map.place(span.start, span.end);
        let Position { line, column, .. } = source.position(place.range.start);
        let origin = whose(path, entry);
        let note = if finding.softened > 0 {
            format!("{} (milder here: the reply says what can be done)", finding.why)
        } else {
            finding.why.to_string()
        };
        let (lines, shown) = excerpt(&entry.text, span.clone());
        let shown_column = lines[..shown.start].chars().count() + 1;
        let primary = match finding.span {
            Some(_) => AnnotationKind::Primary.span(shown),
            None => AnnotationKind::Primary.span(0..0).label("the whole reply"),
        };
        let snippet = Snippet::source(lines).line_start(line).annotation(primary);
        let group = title(finding);
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

/// Whose finding it is, where its text is no longer at hand.
#[derive(Debug)]
pub(crate) struct Whose {
    name: String,
    line: usize,
    column: usize,
}

impl Whose {
    pub(crate) fn new(path: &str, entry: &Entry, source: &Source) -> Whose {
        let Position { line, column, .. } = source.position(entry.map.place(0, 0).range.start);
        Whose { name: whose(path, entry), line, column }
    }
}

/// A file's name, and of one that holds several replies, which it is.
fn whose(path: &str, entry: &Entry) -> String {
    let title =
        entry.title.as_ref().filter(|title| entry.id.as_ref() != Some(title)).map(|title| format!("\"{title}\""));
    let names: Vec<String> = [entry.id.clone(), title, Some(entry.within.clone())]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() || entry.within.is_empty() {
        return match &entry.id {
            Some(id) => clean(&format!("{path} [{id}]")),
            None => clean(path),
        };
    }
    clean(&format!("{path} [{}]", names.join(", ")))
}

fn title(finding: &Finding) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        _ => Level::INFO.with_name("hint"),
    };
    Group::with_title(level.primary_title(finding.message.as_ref()).id(finding.rule.as_str()))
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
