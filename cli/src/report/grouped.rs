//! A heading a file, and under it a line a finding.

use std::io::{self, Write};

use super::model::{Document, Reply};
use super::{heading, one_line};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    let found: Vec<&Reply> = report.replies.iter().filter(|reply| !reply.findings.is_empty()).collect();
    for file in found.chunk_by(|one, other| one.path == other.path) {
        writeln!(out, "{}", heading(&file[0].path))?;
        let places = |reply: &&Reply| -> Vec<String> {
            let place = |start: super::model::Place| format!("{}:{}", start.line, start.column);
            reply.findings.iter().map(|finding| place(finding.location.start)).collect()
        };
        let widest = file.iter().flat_map(places).map(|place| place.len()).max().unwrap_or(0);
        for reply in file {
            for (place, finding) in places(reply).iter().zip(&reply.findings) {
                let name = reply.name().map_or_else(String::new, |name| format!("[{}] ", one_line(name)));
                let (severity, rule, message) = (finding.severity, &finding.rule, one_line(&finding.message));
                writeln!(out, "  {place:>widest$}  {severity:<7}  {rule:<28}  {name}{message}")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
