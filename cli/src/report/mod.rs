//! What is told: of each reply, of what could not be read, of all together.

mod json;
mod terminal;

use std::path::Path;

use serde::Serialize;
use tactful::Severity;

pub(crate) use json::{Document, Reply, Summary};
pub(crate) use terminal::{Terminal, Whose};

/// Something that could not be read, where, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) message: String,
}

impl Problem {
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

/// A path as reports print it: with `/`, whatever the system.
pub(crate) fn display(path: &Path) -> String {
    let path = path.display().to_string();
    if std::path::MAIN_SEPARATOR == '/' { path } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Text of somebody else's, without what would steer a terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) error: usize,
    pub(crate) warning: usize,
    pub(crate) hint: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.error += other.error;
        self.warning += other.warning;
        self.hint += other.hint;
    }
}

impl Counts {
    pub(crate) fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            _ => self.hint += 1,
        }
    }
}
