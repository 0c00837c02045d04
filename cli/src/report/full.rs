//! The report for people: the words underlined, why, what to write instead, and the rule's id.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rayon::prelude::*;
use tactful::{Applicability, Severity};

use super::clean;
use super::model::{Document, Finding, Reply};

pub(crate) fn render(document: &Document) -> String {
    // Colours are taken away again by the stream where it has none.
    let renderer = Renderer::styled().term_width(200);
    let reply = |reply: &Reply| -> String {
        reply.findings.iter().map(|finding| renderer.render(&[group(reply, finding)]) + "\n\n").collect()
    };
    document.replies.par_iter().map(reply).collect()
}

fn group<'f>(reply: &Reply, finding: &'f Finding) -> Group<'f> {
    let start = finding.location.start;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        _ => Level::INFO.with_name("hint"),
    };
    let group = Group::with_title(level.primary_title(clean(&finding.message)).id(finding.rule.as_str()));
    let origin = || Origin::path(whose(reply)).line(start.line).char_column(start.column);
    let group = match &finding.excerpt {
        None => group.element(origin()),
        Some(excerpt) => {
            let primary = match finding.range {
                Some(_) => AnnotationKind::Primary.span(excerpt.shown.clone()),
                None => AnnotationKind::Primary.span(0..0).label("the whole reply"),
            };
            let snippet = Snippet::source(&excerpt.lines).line_start(start.line).annotation(primary);
            if excerpt.column() == start.column {
                group.element(snippet.path(whose(reply)))
            } else {
                // An excerpt that was cut or decoded does not know its place.
                group.element(origin()).element(snippet)
            }
        }
    };
    let milder = if finding.softened > 0 { " (milder here: the reply says what can be done)" } else { "" };
    let group = group.element(Level::NOTE.with_name("why").message(format!("{}{milder}", clean(&finding.why))));
    finding.suggestions.iter().fold(group, |group, suggestion| {
        // `--fix` makes the certain ones.
        let name = if suggestion.applicability == Applicability::MachineApplicable { "fix" } else { "try" };
        let text = clean(&suggestion.text).replace('\n', " ");
        group.element(Level::HELP.with_name(name).message(text))
    })
}

/// A file's name, and of one that holds several replies, which it is.
pub(super) fn whose(reply: &Reply) -> String {
    let title = reply.title.as_ref().filter(|title| reply.id.as_ref() != Some(title));
    let title = title.map(|title| format!("\"{title}\""));
    let names = match &reply.within {
        Some(within) => [reply.id.clone(), title, Some(within.clone())],
        None => [reply.id.clone(), None, None],
    };
    let names: Vec<String> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return clean(&reply.path);
    }
    clean(&format!("{} [{}]", reply.path, names.join(", ")))
}
