//! The JSON report, version 1, as one document or line by line.

use std::io::{self, Write};

use serde::Serialize;

use super::Problem;
use super::model::{Document, Reply, Summary};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    out.write_all(b"\n")
}

/// A line of JSON Lines: each says what it is.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'l> {
    Reply(&'l Reply),
    Error(&'l Problem),
    Notice(&'l Problem),
    Summary(&'l Summary),
}

pub(super) fn write_lines(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    let lines = report.replies.iter().map(Line::Reply);
    let lines = lines.chain(report.errors.iter().map(Line::Error)).chain(report.notices.iter().map(Line::Notice));
    for line in lines.chain([Line::Summary(&report.summary)]) {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
