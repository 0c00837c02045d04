//! `tactful check`: walk, read, analyze, report.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tactful::{Analyzer, Draft, Lexicon, Report};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::reader::{self, Lines};
use crate::report::{Counts, Document, Problem, Reply, Summary, Terminal, display};
use crate::walk::{Target, targets};

/// What became of one file.
#[derive(Debug, Default)]
struct Checked {
    read: bool,
    /// For programs.
    replies: Vec<Reply>,
    /// For people.
    rendered: String,
    problems: Vec<Problem>,
    counts: Counts,
    scores: Vec<u32>,
    /// Replies.
    judged: usize,
    unknown: usize,
    words: usize,
    fails: bool,
}

pub(crate) fn run(check: &Check) -> Result<Outcome, Box<dyn Error>> {
    let analyzer = analyzer(check)?;
    let (targets, mut problems) = targets(check);
    let terminal = Terminal::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build()?;
    let checked: Vec<Checked> =
        pool.install(|| targets.par_iter().map(|target| file(target, check, &analyzer, &terminal)).collect());
    let mut document = Document { version: 1, replies: Vec::new(), errors: Vec::new(), summary: Summary::default() };
    let (mut fails, mut unknown) = (false, 0);
    let mut scores: Vec<u32> = Vec::new();
    let mut out = anstream::stdout().lock();
    for one in checked {
        fails |= one.fails;
        unknown += one.unknown;
        problems.extend(one.problems);
        scores.extend(one.scores);
        let summary = &mut document.summary;
        summary.files += usize::from(one.read);
        summary.replies += one.judged;
        summary.words += one.words;
        summary.findings.error += one.counts.error;
        summary.findings.warning += one.counts.warning;
        summary.findings.hint += one.counts.hint;
        document.replies.extend(one.replies);
        out.write_all(one.rendered.as_bytes())?;
    }
    problems.sort();
    if !scores.is_empty() {
        let mean = f64::from(scores.iter().sum::<u32>()) / scores.len() as f64;
        document.summary.score = Some(mean.round() as u32);
    }
    for problem in &problems {
        anstream::eprintln!("tactful: {problem}");
    }
    let nothing = targets.is_empty() && problems.is_empty();
    if nothing {
        let paths: Vec<String> = check.paths.iter().map(|path| display(path)).collect();
        anstream::eprintln!(
            "tactful: there is nothing to check in {}: expected .txt, .md or .jsonl files",
            paths.join(", ")
        );
    }
    let trouble = nothing || !problems.is_empty();
    match check.format {
        Format::Json => {
            document.errors = problems;
            serde_json::to_writer(&mut out, &document)?;
            out.write_all(b"\n")?;
        }
        Format::Text if document.summary.replies > 0 => {
            out.write_all(closing_line(&document.summary, unknown).as_bytes())?
        }
        Format::Text => {}
    }
    out.flush()?;
    Ok(if trouble {
        Outcome::Trouble
    } else if fails && !check.exit_zero {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// The last line of the report for people.
fn closing_line(summary: &Summary, unknown: usize) -> String {
    let many = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let mut line = many(summary.replies, "reply", "replies");
    line += &format!(" in {}: ", many(summary.files, "file", "files"));
    let found = summary.findings;
    if found.error + found.warning + found.hint == 0 {
        line += "nothing to mend";
    } else {
        line += &many(found.error, "error", "errors");
        line += &format!(", {}", many(found.warning, "warning", "warnings"));
        line += &format!(", {}", many(found.hint, "hint", "hints"));
    }
    if let Some(score) = summary.score {
        line += &format!("; score {score} of 100");
    }
    if unknown > 0 {
        line += &format!("; {} in no language known here", many(unknown, "reply", "replies"));
    }
    line + "\n"
}

fn file(target: &Target, check: &Check, analyzer: &Analyzer, terminal: &Terminal) -> Checked {
    let path = match target {
        Target::File(path) => path,
        Target::Stdin => &check.stdin_filename,
    };
    let mut checked = Checked::default();
    let loaded = match target {
        Target::File(path) => reader::load(path, check.max_size),
        Target::Stdin => reader::load_from(io::stdin().lock(), path, check.max_size),
    };
    let text = match loaded {
        Ok(text) => text,
        Err(problem) => {
            checked.problems.push(problem);
            return checked;
        }
    };
    checked.read = true;
    let (entries, problems) = reader::read(path, &text);
    checked.problems = problems;
    let lines = Lines::new(&text);
    let name = display(path);
    for entry in &entries {
        let mut draft = Draft::new(&entry.text);
        if let Some(language) = &entry.language {
            draft = draft.language(language);
        }
        let report = analyzer.analyze_draft(&draft);
        checked.tally(&report, &entry.text, check);
        match check.format {
            Format::Json => checked.replies.push(Reply::new(&name, entry, &report, &text, &lines)),
            Format::Text => checked.rendered += &terminal.render(&name, entry, &report, &text, &lines),
        }
    }
    checked
}

impl Checked {
    fn tally(&mut self, report: &Report, text: &str, check: &Check) {
        self.judged += 1;
        self.words += text.split_whitespace().count();
        self.unknown += usize::from(report.language().is_none() && report.findings().is_empty());
        self.scores.extend(report.score());
        for finding in report.findings() {
            self.counts.add(finding.severity);
            self.fails |= check.fail_on.fails(finding.severity);
        }
    }
}

fn analyzer(check: &Check) -> Result<Analyzer, Box<dyn Error>> {
    let mut builder = Analyzer::builder().enable(&check.extend_select).ignore(&check.ignore).own_names(&check.own_name);
    if check.lang != "auto" {
        builder = builder.language(&check.lang);
    }
    if !check.select.is_empty() {
        builder = builder.select(&check.select);
    }
    builder = match check.message_lang.as_str() {
        "reply" => builder.message_language_of_reply(),
        language => builder.message_language(language),
    };
    for lexicon in lexicons(&check.lexicon)? {
        builder = builder.lexicon(lexicon);
    }
    Ok(builder.fragments(check.fragments).build()?)
}

/// The lexicon files that paths name, and those in the folders they name.
pub(crate) fn lexicons(paths: &[PathBuf]) -> Result<Vec<Lexicon>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = fs::read_dir(path).map_err(|error| named(path, &error))?;
            for entry in entries {
                let file = entry.map_err(|error| named(path, &error))?.path();
                if file.extension().is_some_and(|ending| ending == "toml") {
                    files.push(file);
                }
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    let mut lexicons = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| named(&file, &error))?;
        lexicons.push(Lexicon::parse(&display(&file), &text)?);
    }
    Ok(lexicons)
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", display(path))
}
