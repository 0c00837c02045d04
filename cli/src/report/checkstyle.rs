//! Checkstyle's XML, which many CI servers read.

use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use quick_xml::writer::Writer;
use tactful::Severity;

use super::model::{Document, Finding, Reply};
use super::{clean, one_line};

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("checkstyle").with_attributes([("version", "4.3")])))?;
    let found: Vec<&Reply> = report.replies.iter().filter(|reply| !reply.findings.is_empty()).collect();
    for file in found.chunk_by(|one, other| one.file == other.file) {
        let name = clean(&file[0].file);
        xml.write_event(Event::Start(BytesStart::new("file").with_attributes([("name", &*name)])))?;
        for finding in file.iter().flat_map(|reply| &reply.findings) {
            xml.write_event(Event::Empty(error(finding)))?;
        }
        xml.write_event(Event::End(BytesEnd::new("file")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
    drop(xml);
    out.write_all(b"\n")
}

fn error(finding: &Finding) -> BytesStart<'static> {
    let start = finding.location.start;
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "info",
    };
    BytesStart::new("error").with_attributes([
        ("line", &*start.line.to_string()),
        ("column", &*start.column.to_string()),
        ("severity", severity),
        ("message", &*one_line(&finding.message)),
        ("source", &*format!("tactful.{}", finding.rule.replace('/', "."))),
    ])
}
