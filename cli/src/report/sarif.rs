//! SARIF 2.1.0, as GitHub's code scanning reads it: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use tactful::Severity;

use super::model::{Document, Finding, InFile, Location as Where, Place, Reply};
use super::{About, Problem, clean, json, summary};
use crate::explain::Explanation;

#[derive(Serialize)]
struct Log<'l> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'l>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    automation_details: Automation,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Found<'r>>,
}

#[derive(Serialize)]
struct Tool<'t> {
    driver: Driver<'t>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'d> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'d>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'r> {
    id: &'r str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    default_configuration: Configuration,
    properties: Properties<'r>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties<'p> {
    tags: [&'p str; 2],
    #[serde(rename = "problem.severity")]
    severity: &'static str,
    precision: &'static str,
}

#[derive(Serialize)]
struct Automation {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'f> {
    rule_id: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints<'f>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints<'f> {
    primary_location_line_hash: &'f str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fully_qualified_name: Option<String>,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'f> {
    description: Text,
    artifact_changes: [Change<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'c> {
    artifact_location: Artifact,
    replacements: [Replacement<'c>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'r> {
    deleted_region: Region,
    inserted_content: Content<'r>,
}

#[derive(Serialize)]
struct Content<'c> {
    text: &'c str,
}

pub(super) fn write(report: &Document, about: &About<'_>, out: &mut dyn Write) -> io::Result<()> {
    let About { rules, project } = about;
    let places: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), at)).collect();
    let findings = report.replies.iter().flat_map(|reply| reply.findings.iter().map(move |finding| (reply, finding)));
    let told = report.errors.iter().map(|error| ("error", error));
    let told = told.chain(report.notices.iter().map(|notice| ("note", notice)));
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "tactful",
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(rule).collect(),
            },
        },
        automation_details: Automation { id: "tactful/" },
        invocations: [Invocation {
            execution_successful: report.errors.is_empty(),
            tool_execution_notifications: told
                .map(|(level, problem)| notification(level, problem, &problem.file(project)))
                .collect(),
        }],
        column_kind: "unicodeCodePoints",
        results: findings.map(|(reply, finding)| found(reply, finding, &places)).collect(),
    };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    json::line(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

fn rule(rule: &Explanation) -> Rule<'_> {
    Rule {
        id: &rule.id,
        name: name(&rule.id),
        short_description: Text { text: sentence(&rule.title) },
        full_description: Text { text: rule.message.clone() },
        help: Help { text: rule.text(), markdown: rule.markdown() },
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties {
            tags: ["tone", rule.id.split('/').next().unwrap_or_default()],
            severity: match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                _ => "recommendation",
            },
            precision: "high",
        },
    }
}

/// `RefusalFlatNo`: how names of rules are written in SARIF.
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    id.split(['/', '-']).map(capital).collect()
}

fn sentence(title: &str) -> String {
    if title.ends_with('.') { title.to_owned() } else { format!("{title}.") }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "note",
    }
}

fn found<'f>(reply: &'f Reply, finding: &'f Finding, places: &BTreeMap<&str, usize>) -> Found<'f> {
    let Where { start, end, .. } = finding.location;
    let named = reply.name().is_some() || reply.within.is_some();
    let logical = named.then(|| Logical {
        name: reply.name().map(clean),
        fully_qualified_name: reply.within.as_deref().map(clean),
        kind: "member",
    });
    let artifact = || Artifact { uri: uri(&reply.file) };
    let region = match finding.range {
        Some(_) => span(start, end),
        // The line it begins on.
        None => Region { start_line: start.line, start_column: start.column, end_line: None, end_column: None },
    };
    let fix = |InFile { start, end, text }: &'f InFile| Fix {
        description: Text {
            text: format!("Write what {} should say.", reply.name().map_or_else(|| "it".into(), clean)),
        },
        artifact_changes: [Change {
            artifact_location: artifact(),
            replacements: [Replacement { deleted_region: span(*start, *end), inserted_content: Content { text } }],
        }],
    };
    Found {
        rule_id: &finding.rule,
        rule_index: places.get(finding.rule.as_str()).copied(),
        level: level(finding.severity),
        message: Text { text: plain(&summary::advice(finding)) },
        locations: [Location {
            physical_location: Physical { artifact_location: artifact(), region: Some(region) },
            logical_locations: logical.into_iter().collect(),
        }],
        partial_fingerprints: Fingerprints { primary_location_line_hash: &finding.fingerprint },
        fixes: finding.ready().map(fix).collect(),
    }
}

fn span(start: Place, end: Place) -> Region {
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: Some(end.line),
        end_column: Some(end.column),
    }
}

fn notification(level: &'static str, problem: &Problem, file: &str) -> Notification {
    let start = problem.line.map(|line| Region {
        start_line: line,
        start_column: problem.column.unwrap_or(1),
        end_line: None,
        end_column: None,
    });
    let physical = Physical { artifact_location: Artifact { uri: uri(file) }, region: start };
    Notification {
        level,
        message: Text { text: plain(&problem.message) },
        locations: [Location { physical_location: physical, logical_locations: Vec::new() }],
    }
}

/// Text that is to be read as it stands: in a message `[words](place)` would be a link (section 3.11.6).
fn plain(text: &str) -> String {
    let text = clean(text);
    if text.contains("](") { text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]") } else { text }
}

/// What a path may not hold as it is (RFC 3986).
const OTHERS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A file's path from the root, as a URI.
fn uri(file: &str) -> String {
    let encoded = utf8_percent_encode(file, OTHERS).to_string();
    match file.split('/').next() {
        Some("") => format!("file://{encoded}"),
        // A name with a colon would be a scheme.
        Some(first) if first.contains(':') => format!("./{encoded}"),
        _ => encoded,
    }
}
