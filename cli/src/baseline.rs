//! The baseline: findings that were there before, which are not told again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::args::{self, BaselineCommand, BaselineRun, Scope};
use crate::config::Configs;
use crate::judge::{Judged, Judging};
use crate::load::reason;
use crate::progress::Progress;
use crate::project::Project;
use crate::report::{Document, Finding, Problem, Reply, Wanted, clean, display, many};
use crate::write;

/// What it is called where nobody says otherwise.
pub(crate) const NAME: &str = "tactful-baseline.json";

/// Known findings. A line each in the file, in an order of their own, so that a change shows as itself.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    path: PathBuf,
    known: Vec<Known>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Known>,
}

/// A known finding. Its fingerprint tells it; the rest tells people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    fingerprint: String,
}

impl Baseline {
    /// Reads the one at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is none: where, and what was expected.
    pub(crate) fn read(path: &Path) -> Result<Baseline, Problem> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Problem::of_file(path, "there is no baseline here: tactful baseline write makes one")
            }
            _ => Problem::of_file(path, reason(&error)),
        })?;
        let file: File = serde_json::from_str(&text).map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let message = format!("expected a baseline, as tactful baseline write makes it: {message}");
            Problem { line: Some(error.line()), column: Some(error.column()), ..Problem::of_file(path, message) }
        })?;
        if file.version != 1 {
            let message = format!("expected a baseline of version 1, found version {}", file.version);
            return Err(Problem::of_file(path, message));
        }
        Ok(Baseline { path: path.to_owned(), known: file.findings })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the findings that it knows out of a report, and says which of its own were not found there, of files that `looked` says were judged
    /// for the rule.
    pub(crate) fn apply(&self, report: &mut Document, looked: impl Fn(&str, &str) -> bool) -> Vec<Problem> {
        let mut found: HashMap<&str, bool> =
            self.known.iter().map(|known| (known.fingerprint.as_str(), false)).collect();
        for reply in &mut report.replies {
            let before = reply.findings.len();
            reply.retain(|finding| match found.get_mut(finding.fingerprint.as_str()) {
                Some(found) => {
                    *found = true;
                    false
                }
                None => true,
            });
            report.summary.known += before - reply.findings.len();
        }
        let stale = |known: &&Known| !found[known.fingerprint.as_str()] && looked(&known.file, &known.rule);
        self.known.iter().filter(stale).map(|known| self.stale(known)).collect()
    }

    fn stale(&self, known: &Known) -> Problem {
        let entry = known.entry.as_ref().map_or_else(String::new, |entry| format!(" [{entry}]"));
        let message = format!("{} is not found in {}{entry} any more: tactful baseline prune", known.rule, known.file);
        Problem::of_file(&self.path, message)
    }

    fn text(&self) -> serde_json::Result<String> {
        let lines: Vec<String> = self.known.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let lines: Vec<String> = lines.into_iter().map(|line| format!("    {line}")).collect();
        let findings = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
        Ok(format!("{{\n  \"version\": 1,\n  \"findings\": {findings}\n}}\n"))
    }

    fn write(&mut self) -> Result<(), Box<dyn Error>> {
        self.known.sort();
        self.known.dedup();
        Ok(write::whole(&self.path, self.text()?.as_bytes())?)
    }
}

/// The findings of a report, to be known from now on.
fn known(report: &Document) -> Vec<Known> {
    let of_reply = |reply: &Reply| -> Vec<Known> {
        let known = |finding: &Finding| Known {
            file: reply.known_as.clone(),
            entry: reply.name().map(str::to_owned),
            rule: finding.rule.clone(),
            words: finding.text.clone(),
            fingerprint: finding.fingerprint.clone(),
        };
        reply.findings.iter().map(known).collect()
    };
    report.replies.iter().flat_map(of_reply).collect()
}

pub(crate) fn run(baseline: &args::Baseline) -> Result<Outcome, Box<dyn Error>> {
    match &baseline.command {
        BaselineCommand::Write { run, without_words } => write(run, !without_words),
        BaselineCommand::Prune(run) => prune(run),
        BaselineCommand::Show { file } => show(file.as_deref()),
    }
}

fn write(run: &BaselineRun, words: bool) -> Result<Outcome, Box<dyn Error>> {
    let (path, judged) = judge(run)?;
    // Of what this run did not look at, what was known stays so.
    let mut known_now = known(&judged.document);
    if path.exists() {
        let before = Baseline::read(&path)?.known;
        known_now.extend(before.into_iter().filter(|known| !judged.looked.at(&known.file, &known.rule)));
    }
    if !words {
        known_now.iter_mut().for_each(|known| known.words = None);
    }
    let mut baseline = Baseline { path, known: known_now };
    baseline.write()?;
    let findings = many(baseline.known.len(), "finding", "findings");
    anstream::println!("{}: {findings} known from now on", clean(&display(&baseline.path)));
    Ok(told(&judged.document.errors))
}

fn prune(run: &BaselineRun) -> Result<Outcome, Box<dyn Error>> {
    let (path, judged) = judge(run)?;
    let mut baseline = Baseline::read(&path)?;
    let found: HashSet<String> = known(&judged.document).into_iter().map(|known| known.fingerprint).collect();
    let before = baseline.known.len();
    baseline.known.retain(|known| found.contains(&known.fingerprint) || !judged.looked.at(&known.file, &known.rule));
    let (gone, left) = (before - baseline.known.len(), baseline.known.len());
    if gone > 0 {
        baseline.write()?;
    }
    anstream::println!("{}: {gone} taken out, {left} left", clean(&display(&baseline.path)));
    Ok(told(&judged.document.errors))
}

fn show(file: Option<&Path>) -> Result<Outcome, Box<dyn Error>> {
    let project = Project::new(&[])?;
    let path = match file {
        Some(file) => file.to_owned(),
        None => find(&project, None, None)?.ok_or_else(none)?,
    };
    let baseline = Baseline::read(&path)?;
    let mut files: BTreeMap<&str, Vec<&Known>> = BTreeMap::new();
    for known in &baseline.known {
        files.entry(&known.file).or_default().push(known);
    }
    for (file, known) in &files {
        anstream::println!("{}", clean(file));
        for Known { entry, rule, words, .. } in known {
            let entry = entry.as_ref().map_or_else(String::new, |entry| format!("  [{entry}]"));
            let words = words.as_ref().map_or_else(String::new, |words| format!("  {words}"));
            let line = format!("  {rule:<28}{entry}{words}");
            anstream::println!("{}", clean(&line).replace('\n', " "));
        }
    }
    let findings = many(baseline.known.len(), "known finding", "known findings");
    anstream::println!("{findings} in {}", many(files.len(), "file", "files"));
    Ok(Outcome::Clean)
}

/// Where the baseline is: as the configuration says, or the nearest one from beside it up to the project's root. `otherwise` is the name that it gets
/// beside the configuration where there is none.
pub(crate) fn find(
    project: &Project,
    scope: Option<&Scope>,
    otherwise: Option<&str>,
) -> Result<Option<PathBuf>, Problem> {
    let mut configs = scope.map_or_else(|| Ok(Configs::default()), Configs::new)?;
    let config = configs.of_folder(&project.here)?;
    if let Some(path) = &config.baseline {
        return Ok(Some(project.shown(path)));
    }
    let nearest = config.folder().unwrap_or(&project.root);
    let above = nearest.ancestors().take_while(|folder| folder.starts_with(&project.root));
    let there = above.map(|folder| folder.join(NAME)).find(|path| path.is_file());
    let usual = there.or_else(|| otherwise.map(|name| nearest.join(name)));
    Ok(usual.map(|path| project.shown(&path)))
}

fn none() -> String {
    format!("there is no baseline: tactful baseline write makes {NAME}")
}

/// Where the baseline is to be, and what there is to be known.
fn judge(run: &BaselineRun) -> Result<(PathBuf, Judged), Box<dyn Error>> {
    let project = Project::new(&run.scope.paths)?;
    let path = match &run.baseline {
        Some(path) => path.clone(),
        None => find(&project, Some(&run.scope), Some(NAME))?.ok_or_else(none)?,
    };
    let mut judging = Judging::new(&run.scope, project.with_baseline(&path), Wanted::default(), &[&path])?;
    judging.progress = Progress::new();
    Ok((path, judging.run()?))
}

/// Says what could not be read.
fn told(errors: &[Problem]) -> Outcome {
    for error in errors {
        anstream::eprintln!("tactful: {error}");
    }
    if errors.is_empty() { Outcome::Clean } else { Outcome::Trouble }
}
