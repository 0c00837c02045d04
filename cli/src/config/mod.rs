//! `tactful.toml`: found as ruff finds its own, the nearest one above each file.

mod command;
mod file;
mod find;
mod settings;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use tactful::{Analyzer, Severity};
use tactful_reader::Why;

use crate::args::FailOn;
use crate::report::{Problem, display};

pub(crate) use command::run;
pub(crate) use find::Configs;
pub(crate) use settings::Settings;

use file::Text;
pub(crate) use file::did_you_mean;
use settings::Patch;

/// Names that a configuration may have; the first wins.
pub(crate) const NAMES: [&str; 2] = [".tactful.toml", "tactful.toml"];

/// A value, and where it was said.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) path: String,
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
}

impl<T> Placed<T> {
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), line: self.line, column: self.column, message: message.into() }
    }

    fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { value: change(self.value), path: self.path, line: self.line, column: self.column }
    }
}

impl Placed<PathBuf> {
    /// A file that the command line names: it is told by its own name.
    pub(crate) fn file(path: &Path) -> Placed<PathBuf> {
        Placed { value: path.to_owned(), path: "command line".into(), line: None, column: None }
    }
}

impl Placed<String> {
    /// What was said on the command line.
    pub(crate) fn option(name: &str, value: &str) -> Placed<String> {
        Placed { value: value.to_owned(), path: name.to_owned(), line: None, column: None }
    }
}

/// How severe a rule is for a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warning,
    Hint,
    Off,
}

impl Level {
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Hint => Some(Severity::Hint),
            Level::Off => None,
        }
    }
}

/// When a run fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Gate {
    /// When a finding is at least this severe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fail_on: Option<FailOn>,
    /// When the score is below this.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "score")]
    #[schemars(range(max = 100))]
    pub(crate) min_score: Option<u32>,
}

impl Gate {
    /// This one, and where it says nothing, what the other does.
    pub(crate) fn or(self, other: Gate) -> Gate {
        Gate { fail_on: self.fail_on.or(other.fail_on), min_score: self.min_score.or(other.min_score) }
    }
}

/// A score as a configuration says it.
fn score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let number = i64::deserialize(deserializer)?;
    let score = u32::try_from(number).ok().filter(|score| *score <= 100);
    let expected = || serde::de::Error::custom(format!("expected a score from 0 to 100, found {number}"));
    score.map(Some).ok_or_else(expected)
}

/// A configuration, with those that it extends.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The files it was read from: its own, that one's `extend`, and so on; none where nothing is configured.
    pub(crate) files: Vec<PathBuf>,
    /// Whether it is the user's own, and no project's.
    users: bool,
    settings: Settings,
    overrides: Vec<(Files, Patch)>,
    exclude: Vec<Files>,
    pub(crate) gate: Gate,
    /// By family.
    pub(crate) gates: Vec<(Placed<String>, Gate)>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) suppressions: Vec<Suppression>,
}

impl Config {
    /// Its file's folder; `None` where no project is configured.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.files.first().filter(|_| !self.users)?.parent()
    }

    /// Which of its overrides are for the file at `path`, which is absolute.
    pub(crate) fn overrides(&self, path: &Path) -> Vec<bool> {
        self.overrides.iter().map(|(files, _)| files.has(path)).collect()
    }

    /// Its settings with those overrides.
    pub(crate) fn settings(&self, overrides: &[bool]) -> Settings {
        let chosen = self.overrides.iter().zip(overrides).filter(|(_, chosen)| **chosen);
        chosen.fold(self.settings.clone(), |mut settings, ((_, patch), _)| {
            settings.add(patch.clone());
            settings
        })
    }

    /// The rules and families that it names, but for those that the settings of every file hold.
    fn rules(&self) -> impl Iterator<Item = &Placed<String>> {
        let families = self.gates.iter().map(|(family, _)| family);
        let rules = self.suppressions.iter().flat_map(|suppression| &suppression.rules);
        let overrides = self.overrides.iter().flat_map(|(_, patch)| patch.rules());
        families.chain(rules).chain(overrides.filter(|rule| rule.value != "all"))
    }

    /// Says which of the rules that it names there is not.
    pub(crate) fn holds_for(&self, analyzer: &Analyzer) -> Result<(), Problem> {
        let unknown = self.rules().find(|rule| is_on(analyzer, &rule.value).is_none());
        unknown.map_or(Ok(()), |unknown| Err(no_such_rule(analyzer, unknown)))
    }

    /// Whether the file at `path`, which is absolute, is not to be checked.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        let own = |own: &PathBuf| path.starts_with(fs::canonicalize(own).as_ref().unwrap_or(own));
        self.exclude.iter().any(|files| files.has(path)) || self.settings.files().chain(&self.files).any(own)
    }
}

/// A set of files.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    patterns: Gitignore,
}

impl Files {
    /// The files that `patterns` name, from `folder` on.
    ///
    /// # Errors
    ///
    /// If one of them is no pattern: where it is.
    fn new(folder: &Path, patterns: Vec<Placed<String>>) -> Result<Files, Problem> {
        let mut builder = GitignoreBuilder::new(folder);
        for pattern in &patterns {
            let expected = |error: ignore::Error| {
                let reason = error.to_string();
                let reason = reason.rsplit(": ").next().unwrap_or_default().to_owned();
                pattern.problem(format!("expected a pattern like \"drafts/**/*.md\": {reason}"))
            };
            if pattern.value.trim().is_empty() {
                return Err(pattern.problem("expected a pattern like \"drafts/**/*.md\", found none"));
            }
            builder.add_line(None, &pattern.value).map_err(expected)?;
        }
        let patterns = builder.build().map_err(|error| Problem::of_file(folder, error.to_string()))?;
        Ok(Files { folder: folder.to_owned(), patterns })
    }

    fn has(&self, path: &Path) -> bool {
        path.strip_prefix(&self.folder)
            .is_ok_and(|inside| self.patterns.matched_path_or_any_parents(inside, false).is_ignore())
    }
}

/// Findings that somebody decided to live with.
#[derive(Clone, Debug)]
pub(crate) struct Suppression {
    pub(crate) rules: Vec<Placed<String>>,
    files: Option<Files>,
    entries: Vec<String>,
    locale: Option<String>,
    /// Where it was said, and why.
    pub(crate) reason: Placed<String>,
}

impl Suppression {
    /// Whether it is about a reply: of the file at `path`, which is absolute, with that id, title and locale.
    pub(crate) fn is_about(&self, path: &Path, name: Option<&str>, locale: Option<&str>) -> bool {
        let of_locale = |wanted: &String| {
            locale.is_some_and(|locale| {
                let rest = locale.get(..wanted.len()).filter(|head| head.eq_ignore_ascii_case(wanted));
                rest.is_some() && !locale[wanted.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        };
        self.files.as_ref().is_none_or(|files| files.has(path))
            && (self.entries.is_empty() || name.is_some_and(|name| self.entries.iter().any(|entry| entry == name)))
            && self.locale.as_ref().is_none_or(of_locale)
    }

    /// Whether it silences a rule.
    pub(crate) fn silences(&self, rule: &str) -> bool {
        self.rules.iter().any(|selector| names(&selector.value, rule))
    }
}

/// Whether `selector` names `rule`: by its id, or its family.
pub(crate) fn names(selector: &str, rule: &str) -> bool {
    rule.strip_prefix(selector).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a rule, or one of a family, is on; `None` if there is none.
pub(crate) fn is_on(analyzer: &Analyzer, selector: &str) -> Option<bool> {
    let named = || analyzer.rules().filter(|rule| names(selector, rule.id.as_str()));
    named().next()?;
    Some(named().any(|rule| analyzer.severity(rule).is_some()))
}

/// That there is no such rule, and which may be meant.
fn no_such_rule(analyzer: &Analyzer, rule: &Placed<String>) -> Problem {
    let known: Vec<&str> = analyzer.rules().flat_map(|rule| [rule.id.as_str(), rule.id.family()]).collect();
    let near = did_you_mean(&rule.value, known.iter());
    rule.problem(format!("there is no rule or family \"{}\"{near}", rule.value))
}

/// Why a text was left out, by its name.
fn why(name: &Placed<String>) -> Result<Why, Problem> {
    let known = Why::ALL.map(Why::as_str);
    Why::ALL.into_iter().find(|why| why.as_str() == name.value).ok_or_else(|| {
        let near = did_you_mean(&name.value, known.iter());
        name.problem(format!("expected one of {}, found \"{}\"{near}", known.join(", "), name.value))
    })
}

impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<String> = self.files.iter().map(|file| display(file)).collect();
        f.write_str(&if files.is_empty() { "no configuration".to_owned() } else { files.join(", which extends ") })
    }
}
