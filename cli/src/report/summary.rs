//! The last line of a report for people.

use std::io::{self, Write};

use tactful::Applicability;

use super::many;
use super::model::{Document, Finding};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    // Of what could not be read at all there is no more to say.
    if report.summary.replies == 0 && !report.errors.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", line(report))
}

/// `48 replies in 3 files: 1 error, 0 warnings, 2 hints; score 98 of 100`
pub(super) fn line(report: &Document) -> String {
    let summary = &report.summary;
    let (replies, files) = (many(summary.replies, "reply", "replies"), many(summary.files, "file", "files"));
    let found = summary.findings;
    let mut line = format!("{replies} in {files}: ");
    line += &if found.all() == 0 { "nothing to mend".to_owned() } else { found.to_string() };
    if let Some(score) = summary.score {
        line += &format!("; score {score} of 100");
    }
    let unknown = report.replies.iter().filter(|reply| reply.language.is_none() && reply.findings.is_empty()).count();
    if unknown > 0 {
        line += &format!("; {} in no language known here", many(unknown, "reply", "replies"));
    }
    let surest = |wanted: Applicability| {
        let findings = report.replies.iter().flat_map(|reply| &reply.findings);
        findings.filter(|finding| finding.surest() == Some(wanted)).count()
    };
    match (surest(Applicability::MachineApplicable), surest(Applicability::MaybeIncorrect)) {
        (0, 0) => {}
        (certain, 0) => line += &format!("; {certain} fixable with --fix"),
        (0, likely) => line += &format!("; {likely} fixable with --fix --unsafe-fixes"),
        (certain, likely) => {
            line += &format!("; {certain} fixable with --fix, {likely} more with --unsafe-fixes");
        }
    }
    if summary.suppressed > 0 {
        line += &format!("; {} suppressed", summary.suppressed);
    }
    if summary.known > 0 {
        line += &format!("; {} known to the baseline", summary.known);
    }
    if report.other_files > 0 {
        line +=
            &format!("; {} of keys and values hold no replies known here", many(report.other_files, "file", "files"));
    }
    line
}

/// What to write instead, for formats that have room for one suggestion.
pub(super) fn advice(finding: &Finding) -> String {
    match finding.suggestions.first() {
        Some(suggestion) => format!("{} Try: {}", finding.message, suggestion.text),
        None => finding.message.clone(),
    }
}
