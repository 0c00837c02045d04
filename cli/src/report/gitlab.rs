//! GitLab's Code Quality report: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;
use tactful::Severity;

use super::json;
use super::model::{Document, Finding, Place, Reply};

#[derive(Serialize)]
struct Issue<'i> {
    description: String,
    check_name: &'i str,
    fingerprint: &'i str,
    severity: &'static str,
    location: Location<'i>,
}

#[derive(Serialize)]
struct Location<'l> {
    path: &'l str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

impl From<Place> for Point {
    fn from(Place { line, column, .. }: Place) -> Point {
        Point { line, column }
    }
}

pub(super) fn write(report: &Document, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.replies.iter().flat_map(|reply| reply.findings.iter().map(move |finding| (reply, finding)));
    let issues: Vec<Issue> = findings.map(|(reply, finding)| issue(reply, finding)).collect();
    json::line(&issues, out)
}

fn issue<'i>(reply: &'i Reply, finding: &'i Finding) -> Issue<'i> {
    let location = &finding.location;
    Issue {
        // GitLab does not show the check's name.
        description: format!("{}: {}", finding.rule, finding.message),
        check_name: &finding.rule,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            _ => "info",
        },
        location: Location {
            path: &reply.file,
            positions: Positions { begin: location.start.into(), end: location.end.into() },
        },
    }
}
