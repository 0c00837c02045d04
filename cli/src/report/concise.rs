//! One line a finding: `replies/late.md:3:1: error[refusal/policy] Quoting the rule …`

use std::io::{self, Write};

use super::model::Document;
use super::{heading, one_line};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    for reply in &report.replies {
        for finding in &reply.findings {
            let start = finding.location.start;
            let name = reply.name().map_or_else(String::new, |name| format!(" [{}]", one_line(name)));
            let (path, message) = (heading(&reply.path), one_line(&finding.message));
            let (line, column) = (start.line, start.column);
            writeln!(out, "{path}:{line}:{column}: {}[{}]{name} {message}", finding.severity, finding.rule)?;
        }
    }
    Ok(())
}
