//! GitHub's workflow commands, which it shows beside the lines of a pull request:
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use std::io::{self, Write};

use tactful::Severity;

use super::model::{Document, Finding, Reply};
use super::{Problem, clean, summary};
use crate::project::Project;

pub(super) fn write(report: &Document, project: &Project, out: &mut dyn Write) -> io::Result<()> {
    for reply in &report.replies {
        for finding in &reply.findings {
            command(reply, finding, out)?;
        }
    }
    for (name, problems) in [("error", &report.errors), ("notice", &report.notices)] {
        for problem in problems {
            let Problem { line, column, message, .. } = problem;
            let file = problem.file(project);
            let place = line.map_or_else(String::new, |line| format!(",line={line}"));
            let place = column.map_or_else(|| place.clone(), |column| format!("{place},col={column}"));
            writeln!(out, "::{name} file={}{place},title=tactful::{}", property(&file), data(message))?;
        }
    }
    // It shows ten of each kind only: the last line counts them all.
    writeln!(out, "::notice title=tactful::{}", data(&summary::line(report)))
}

fn command(reply: &Reply, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "notice",
    };
    let (start, end) = (finding.location.start, finding.location.end);
    let place = match finding.range {
        // Columns are for places within one line.
        _ if start.line != end.line => format!("line={},endLine={}", start.line, end.line),
        Some(_) => format!("line={},endLine={},col={},endColumn={}", start.line, end.line, start.column, end.column),
        None => format!("line={},col={}", start.line, start.column),
    };
    let title = match reply.name() {
        Some(reply) => format!("{} in {reply}", finding.rule),
        None => finding.rule.clone(),
    };
    let message = format!("{}\n{}", summary::advice(finding), finding.why);
    writeln!(out, "::{name} file={},{place},title={}::{}", property(&reply.file), property(&title), data(&message))
}

/// Text of a message: what would end the line is escaped.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\n', "%0A")
}

/// Text of a property: what would end that, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
