//! JUnit's XML: a suite a file, in it a case for each clean reply and for each finding.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::model::{Document, Finding, Reply};
use super::{clean, many};
use crate::project::Project;

pub(super) fn write(report: &Document, project: &Project, out: &mut dyn Write) -> io::Result<()> {
    let mut junit = Report::new("tactful");
    for file in report.replies.chunk_by(|one, other| one.file == other.file) {
        let mut suite = TestSuite::new(clean(&file[0].file));
        for reply in file {
            if reply.findings.is_empty() {
                suite.add_test_case(case(reply, name(reply), TestCaseStatus::success()));
            }
            suite.add_test_cases(reply.findings.iter().map(|finding| failed(reply, finding)));
        }
        junit.add_test_suite(suite);
    }
    for problem in &report.errors {
        let file = clean(&problem.file(project));
        let mut suite = TestSuite::new(file.as_str());
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(problem.to_string());
        let mut case = TestCase::new("can be read", status);
        case.set_classname(file.as_str());
        suite.add_test_case(case);
        junit.add_test_suite(suite);
    }
    // A server that expects reports takes one without a case for a failure.
    if report.replies.is_empty() && report.errors.is_empty() {
        let mut suite = TestSuite::new("tactful");
        let name = format!("{} to check", many(0, "reply", "replies"));
        suite.add_test_case(TestCase::new(name, TestCaseStatus::success()));
        junit.add_test_suite(suite);
    }
    junit.serialize(&mut *out).map_err(io::Error::other)?;
    Ok(())
}

fn failed(reply: &Reply, finding: &Finding) -> TestCase {
    let start = finding.location.start;
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.severity.as_str());
    status.set_message(clean(&finding.message));
    let place = format!("{}:{}:{}", reply.file, start.line, start.column);
    let words = finding.text.as_ref().map_or_else(String::new, |text| format!("\n{text}"));
    let tries: String = finding.suggestions.iter().map(|suggestion| format!("\ntry: {}", suggestion.text)).collect();
    status.set_description(clean(&format!("{place}: {}{words}\nwhy: {}{tries}", finding.severity, finding.why)));
    let mut name = finding.rule.clone();
    if let Some(reply) = reply.name() {
        name += &format!(" in {}", clean(reply));
    }
    case(reply, name, status)
}

fn case(reply: &Reply, name: String, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(clean(&reply.file));
    case
}

fn name(reply: &Reply) -> String {
    reply.name().map_or_else(|| format!("reply at line {}", reply.start.line), clean)
}
