//! `tactful check`: judge, report, and say whether that is good enough.

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tactful::Applicability;

use crate::Outcome;
use crate::args::{Check, Format, Output};
use crate::baseline::{self, Baseline};
use crate::config::did_you_mean;
use crate::explain::Explanation;
use crate::gate::{Gates, mean};
use crate::judge::{Fixes, Judged, Judging};
use crate::progress::Progress;
use crate::project::Project;
use crate::report::{About, Document, Problem, Wanted, display, many};
use crate::write;

pub(crate) fn run(check: &Check) -> Result<Outcome, Box<dyn Error>> {
    let mut project = Project::new(&check.scope.paths)?;
    let known = baseline(check, &project)?;
    if let Some(known) = &known {
        project = project.with_baseline(known.path());
    }
    let formats: Vec<Format> = check.output.iter().filter_map(|output| output.format).chain([check.format]).collect();
    let mut written: Vec<&Path> = check.output.iter().map(|output| &*output.path).collect();
    written.extend(known.as_ref().map(Baseline::path));
    let mut judging = Judging::new(&check.scope, project, Wanted::of(&formats), &written)?;
    let gates = gates(check, &judging)?;
    judging.fixes = fixes(check);
    if let Some(revision) = &check.since {
        judging.since(revision)?;
    }
    if printed(check).is_none_or(Format::is_for_people) && !check.quiet {
        judging.progress = Progress::new();
    }
    let mut judged = judging.run()?;
    if let Some(known) = known {
        let stale = known.apply(&mut judged.document, |file, rule| judged.looked.at(file, rule));
        // What was mended just now is no news.
        judged.document.notices.extend(stale.into_iter().filter(|_| !check.fix));
    }
    sum(&mut judged.document);
    let written = report(check, &judged, &formats)?;
    Ok(outcome(check, &judged, &gates, written))
}

/// The baseline that the command line names, or the configuration, or that is there; not beside `--fix` and `--diff`, which tell nothing of it.
fn baseline(check: &Check, project: &Project) -> Result<Option<Baseline>, Problem> {
    if check.no_baseline || check.diff {
        return Ok(None);
    }
    let path = match &check.baseline {
        Some(path) => Some(path.clone()),
        None => baseline::find(project, Some(&check.scope), None)?,
    };
    path.map(|path| Baseline::read(&path)).transpose()
}

fn fixes(check: &Check) -> Option<Fixes> {
    let least = if check.unsafe_fixes { Applicability::MaybeIncorrect } else { Applicability::MachineApplicable };
    match (check.diff, check.fix) {
        (true, _) => Some(Fixes::Diff(least)),
        (_, true) => Some(Fixes::Write(least)),
        _ => None,
    }
}

/// What is asked of the run, of families that there are.
fn gates(check: &Check, judging: &Judging<'_>) -> Result<Gates, String> {
    let gates = Gates::new(check, judging.config());
    let known: HashSet<&str> = judging.rules().map(|rule| rule.id.family()).collect();
    if let Some(family) = gates.families().find(|family| !known.contains(family)) {
        let near = did_you_mean(family, known.iter());
        return Err(format!("--fail-on, --min-score: there is no family of rules \"{family}\"{near}"));
    }
    Ok(gates)
}

/// Fills in what the replies come to together.
fn sum(document: &mut Document) {
    let summary = &mut document.summary;
    summary.replies = document.replies.len();
    summary.score = mean(document.replies.iter().filter_map(|reply| reply.score));
    for reply in &document.replies {
        let language = reply.language.as_deref().unwrap_or("unknown");
        for finding in &reply.findings {
            summary.findings.add(finding.severity);
            let family = summary.families.entry(finding.family().to_owned()).or_default();
            family.entry(language.to_owned()).or_default().add(finding.severity);
        }
    }
}

/// The format of what is printed; `None` if it all goes to files.
fn printed(check: &Check) -> Option<Format> {
    let elsewhere = check.output.iter().any(|output| output.format.is_none());
    (!elsewhere).then_some(check.format)
}

/// Writes the reports, those in files first: whoever reads what is printed may stop. Gives whether every file could be written.
fn report(check: &Check, judged: &Judged, formats: &[Format]) -> Result<bool, Box<dyn Error>> {
    let rules = explained(judged, formats)?;
    let about = About { rules: &rules, project: &judged.project };
    let mut written = true;
    let mut told = |result: Result<(), Problem>| {
        if let Err(problem) = result {
            anstream::eprintln!("tactful: {problem}");
            written = false;
        }
    };
    for Output { format, path } in &check.output {
        let format = format.unwrap_or(check.format);
        let mut bytes = Vec::new();
        let mut out: Box<dyn Write> = if format.is_for_people() {
            Box::new(anstream::StripStream::new(&mut bytes))
        } else {
            Box::new(&mut bytes)
        };
        format.write(&judged.document, &about, !check.quiet, &mut out)?;
        drop(out);
        told(write::whole(path, &bytes));
    }
    if formats.contains(&Format::Github) {
        told(step_summary(&judged.document, &about));
    }
    let mut stdout = io::stdout().lock();
    stdout.write_all(judged.diff.as_bytes())?;
    if let Some(fixed) = &judged.fixed {
        stdout.write_all(fixed)?;
    }
    // Where standard output carries the reply itself, the report goes beside it. What is for programs holds no colours to take away.
    let mut out: Box<dyn Write> = match judged.fixed {
        Some(_) => Box::new(anstream::stderr()),
        None if check.format.is_for_people() => Box::new(anstream::AutoStream::auto(stdout)),
        None => Box::new(stdout),
    };
    if let Some(format) = printed(check).filter(|_| !check.diff) {
        format.write(&judged.document, &about, !check.quiet, &mut out)?;
    }
    out.flush()?;
    Ok(written)
}

/// What there is to say of the rules, for the formats that carry that.
fn explained(judged: &Judged, formats: &[Format]) -> Result<Vec<Explanation>, tactful::Error> {
    let carry = [Format::Sarif, Format::Html, Format::Markdown, Format::Github];
    if !formats.iter().any(|format| carry.contains(format)) {
        return Ok(Vec::new());
    }
    Explanation::all(&judged.analyzer, judged.document.message_language.as_deref().unwrap_or("en"))
}

/// Adds the summary to the page that GitHub shows below the job, if it asks for one.
fn step_summary(document: &Document, about: &About<'_>) -> Result<(), Problem> {
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    // Other steps wrote there, too.
    let file = OpenOptions::new().append(true).create(true).open(&path);
    let written = file.and_then(|mut file| Format::Markdown.write(document, about, true, &mut file));
    written.map_err(|error| Problem::of_file(&path, format!("the step's summary could not be written: {error}")))
}

/// Says what went wrong, and what the caller is to make of it all.
fn outcome(check: &Check, judged: &Judged, gates: &Gates, written: bool) -> Outcome {
    let document = &judged.document;
    for problem in document.errors.iter().chain(&document.notices) {
        anstream::eprintln!("tactful: {problem}");
    }
    let low = gates.low_scores(document);
    for score in &low {
        anstream::eprintln!("tactful: {score}");
    }
    let nothing = document.summary.files == 0 && document.errors.is_empty() && check.since.is_none();
    if nothing {
        anstream::eprintln!("tactful: {}", nothing_to_check(&check.scope.paths, document.other_files));
    }
    // Whoever passes over files knows that there may be none.
    let trouble = (nothing && !check.scope.force_exclude) || !document.errors.is_empty() || !written;
    let unused = check.deny_unused && !document.notices.is_empty();
    let fails = gates.fails(document) || !low.is_empty() || unused || !judged.diff.is_empty();
    match (trouble, fails) {
        (true, _) => Outcome::Trouble,
        (_, true) if !check.exit_zero => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

fn nothing_to_check(paths: &[PathBuf], others: usize) -> String {
    let paths: Vec<String> = paths.iter().map(|path| display(Path::new(path))).collect();
    let others = match others {
        0 => String::new(),
        others => format!(" ({} of keys and values that no profile knows)", many(others, "file", "files")),
    };
    format!(
        "there is nothing to check in {}{others}: expected files of replies; tactful inspect FILE shows what is read in one",
        paths.join(", ")
    )
}
