//! A summary in Markdown: what GitHub shows below a job, and what can be posted as a comment.

use std::io::{self, Write};

use super::model::{Document, Finding, Reply};
use super::{Counts, one_line, summary};
use crate::explain::Explanation;

/// How many findings are listed: the page is a summary.
const LISTED: usize = 50;

pub(super) fn write(report: &Document, rules: &[Explanation], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## tactful\n\n{}.", text(&summary::line(report)))?;
    if report.summary.findings.all() > 0 {
        families(report, out)?;
        findings(report, rules, out)?;
    }
    for (title, problems) in [("Could not be read", &report.errors), ("Not needed any more", &report.notices)] {
        if !problems.is_empty() {
            writeln!(out, "\n### {title}\n")?;
        }
        for problem in problems.iter().take(LISTED) {
            writeln!(out, "- {}", text(&problem.to_string()))?;
        }
        more(problems.len(), out)?;
    }
    Ok(())
}

fn families(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n| family | errors | warnings | hints |\n| --- | ---: | ---: | ---: |")?;
    for (family, languages) in &report.summary.families {
        let Counts { error, warning, hint } = languages.values().copied().sum();
        writeln!(out, "| {} | {error} | {warning} | {hint} |", text(family))?;
    }
    Ok(())
}

fn findings(report: &Document, rules: &[Explanation], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n| where | what | instead |\n| --- | --- | --- |")?;
    let all = || report.replies.iter().flat_map(|reply| reply.findings.iter().map(move |finding| (reply, finding)));
    // Errors before the rest, where not all are listed.
    let mut listed: Vec<(&Reply, &Finding)> = all().collect();
    listed.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    for (reply, finding) in listed.iter().take(LISTED) {
        let start = finding.location.start;
        let name = reply.name().map_or_else(String::new, |name| format!(" ({})", text(name)));
        let title = rules.iter().find(|rule| rule.id == finding.rule).map_or(&*finding.message, |rule| &rule.title);
        let words = finding.text.as_ref().map_or_else(String::new, |words| format!(": “{}”", text(words)));
        let instead = finding.suggestions.first().map_or_else(String::new, |suggestion| text(&suggestion.text));
        let place = format!("{}:{}", text(&reply.file), start.line);
        let (severity, rule) = (finding.severity, &finding.rule);
        writeln!(out, "| {place}{name} | {severity} `{rule}` {}{words} | {instead} |", text(title))?;
    }
    more(listed.len(), out)
}

fn more(all: usize, out: &mut dyn Write) -> io::Result<()> {
    if all > LISTED { writeln!(out, "\nand {} more", all - LISTED) } else { Ok(()) }
}

/// Text that is shown as it stands: nothing in it is markup.
pub(crate) fn text(text: &str) -> String {
    let mut escaped = String::new();
    let text = one_line(text);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let names = chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            // What follows would be a person who is told, an issue that is linked; GitHub looks after entities are gone.
            '@' | '#' if names => escaped.extend([c, '\u{200b}']),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '!' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    // An address would be a link.
    escaped.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
}
