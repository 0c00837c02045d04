//! The JSON report, version 1, as one document or line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::Problem;
use super::model::{Document, Reply, Summary};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    line(report, out)
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
        self::line(&line, out)?;
    }
    Ok(())
}

/// A value on a line of its own.
pub(super) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Plain))?;
    out.write_all(b"\n")
}

/// JSON on one line that a terminal can show: the control characters that JSON allows are escaped, too.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, control)) = rest.char_indices().find(|(_, c)| c.is_control()) {
            write!(out, "{}\\u{:04x}", &rest[..at], u32::from(control))?;
            rest = &rest[at + control.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}
