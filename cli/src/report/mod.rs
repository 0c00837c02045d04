//! What is told: of each reply, of what could not be read, of all together. One file a format, all written from one [`Document`].

mod checkstyle;
mod concise;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod grouped;
mod html;
mod json;
mod junit;
mod markdown;
mod model;
mod rdjson;
mod sarif;
mod summary;

use std::io::{self, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use tactful::Severity;

use crate::args::Format;
use crate::explain::Explanation;
use crate::project::Project;

pub(crate) use markdown::text as markdown_text;
pub(crate) use model::{Document, Finding, Origin, Reply, Wanted};

/// What some formats tell beside what was found.
pub(crate) struct About<'a> {
    /// The rules that are on; none where no format carries them.
    pub(crate) rules: &'a [Explanation],
    pub(crate) project: &'a Project,
}

impl Format {
    /// Whether it is for people at a terminal.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Format::Full | Format::Concise | Format::Grouped)
    }

    /// Writes the report; `last_line` is for people, who are told what it all comes to.
    pub(crate) fn write(
        self,
        report: &Document,
        about: &About<'_>,
        last_line: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Format::Full => out.write_all(full::render(report).as_bytes()),
            Format::Concise => concise::write(report, out),
            Format::Grouped => grouped::write(report, out),
            Format::Json => json::write(report, out),
            Format::Jsonl => json::write_lines(report, out),
            Format::Sarif => sarif::write(report, about, out),
            Format::Github => github::write(report, about.project, out),
            Format::Markdown => markdown::write(report, about.rules, out),
            Format::Gitlab => gitlab::write(report, out),
            Format::Junit => junit::write(report, about.project, out),
            Format::Checkstyle => checkstyle::write(report, out),
            Format::Rdjson => rdjson::write(report, out),
            Format::Rdjsonl => rdjson::write_lines(report, out),
            Format::Html => html::write(report, about.rules, out),
        }?;
        if self.is_for_people() && last_line { summary::write(report, out) } else { Ok(()) }
    }
}

impl Wanted {
    /// What replies must tell so that reports in these formats can be written.
    pub(crate) fn of(formats: &[Format]) -> Wanted {
        Wanted {
            suggestions: formats.iter().any(|format| !matches!(format, Format::Gitlab | Format::Checkstyle)),
            excerpts: formats.contains(&Format::Full),
            texts: formats.contains(&Format::Html),
            acts: formats.iter().any(|format| matches!(format, Format::Json | Format::Html)),
        }
    }
}

/// The JSON Schema of the JSON report.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(Document)
}

/// Something that could not be read, where, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) message: String,
}

impl Problem {
    /// Its path from the root of `project`.
    pub(crate) fn file(&self, project: &Project) -> String {
        project.file(&project.absolute(Path::new(&self.path)))
    }

    pub(crate) fn of_file(path: &Path, message: impl Into<String>) -> Problem {
        Problem { path: display(path), line: None, column: None, message: message.into() }
    }

    /// What of the file at `path` could not be read.
    pub(crate) fn of_contents(path: &Path, problem: tactful_reader::Problem) -> Problem {
        Problem { path: display(path), line: problem.line, column: problem.column, message: problem.message }
    }

    /// What the walk of `root` could not enter or read.
    pub(crate) fn of_walk(root: &Path, error: &ignore::Error) -> Problem {
        match error {
            ignore::Error::WithPath { path, err } => Problem::of_walk(path, err),
            ignore::Error::WithDepth { err, .. } => Problem::of_walk(root, err),
            ignore::Error::WithLineNumber { line, err } => {
                Problem { line: Some(*line as usize), ..Problem::of_walk(root, err) }
            }
            _ => Problem::of_file(root, error.to_string()),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&clean(&self.path))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}", clean(&self.message))
    }
}

impl std::error::Error for Problem {}

/// A path as reports print it: with `/`, whatever the system.
pub(crate) fn display(path: &Path) -> String {
    let path = path.display().to_string();
    if std::path::MAIN_SEPARATOR == '/' { path } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Text of somebody else's, without what would steer a terminal or the log of a job, turn the words around it, or break XML.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    // GitHub's runner obeys `##[…]` wherever in a line it stands: a space that nobody sees parts it.
    text.replace("\r\n", "\n").replace("##[", "##\u{200b}[").chars().map(shown).collect()
}

/// The same on one line.
fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path that begins a line: one that begins like a command of GitHub's runner is none.
fn heading(path: &str) -> String {
    let path = one_line(path);
    if path.starts_with("::") { format!("./{path}") } else { path }
}

/// `3 replies`
pub(crate) fn many(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Counts {
    pub(crate) error: usize,
    pub(crate) warning: usize,
    pub(crate) hint: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            _ => self.hint += 1,
        }
    }

    pub(crate) fn all(self) -> usize {
        self.error + self.warning + self.hint
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), |all, one| Counts {
            error: all.error + one.error,
            warning: all.warning + one.warning,
            hint: all.hint + one.hint,
        })
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let errors = many(self.error, "error", "errors");
        let warnings = many(self.warning, "warning", "warnings");
        write!(f, "{errors}, {warnings}, {}", many(self.hint, "hint", "hints"))
    }
}
