//! `tactful check`: walk, read, analyze, report.

use std::error::Error;
use std::io::{self, Write};

use rayon::prelude::*;
use tactful::{Analyzer, Applicability, Draft, Report};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::fix;
use crate::load::lexicons;
use crate::reader::{self, Entry, Lines};
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
    /// Findings that `--fix` can make go, and that it can with `--unsafe-fixes`.
    fixable: (usize, usize),
    /// What `--fix` made of standard input.
    fixed: Option<String>,
}

pub(crate) fn run(check: &Check) -> Result<Outcome, Box<dyn Error>> {
    let analyzer = analyzer(check)?;
    let (targets, mut problems) = targets(check);
    let terminal = Terminal::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build()?;
    let checked: Vec<Checked> =
        pool.install(|| targets.par_iter().map(|target| file(target, check, &analyzer, &terminal)).collect());
    let mut document = Document { version: 1, replies: Vec::new(), errors: Vec::new(), summary: Summary::default() };
    let mut totals = Totals::default();
    let mut fails = false;
    let mut scores: Vec<u32> = Vec::new();
    let mut stdout = anstream::stdout().lock();
    let fixed: Option<&String> = checked.iter().find_map(|one| one.fixed.as_ref());
    if let Some(fixed) = fixed {
        stdout.write_all(fixed.as_bytes())?;
    }
    // Where standard output carries the reply itself, the report goes beside it.
    let mut out: Box<dyn Write> = if fixed.is_some() { Box::new(anstream::stderr()) } else { Box::new(stdout) };
    for one in checked {
        fails |= one.fails;
        totals.unknown += one.unknown;
        totals.fixable.0 += one.fixable.0;
        totals.fixable.1 += one.fixable.1;
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
        Format::Text if document.summary.replies > 0 && !check.diff => {
            out.write_all(closing_line(&document.summary, totals).as_bytes())?
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

/// What the last line tells beside the summary.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    unknown: usize,
    fixable: (usize, usize),
}

/// The last line of the report for people.
fn closing_line(summary: &Summary, Totals { unknown, fixable }: Totals) -> String {
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
    match fixable {
        (0, 0) => {}
        (certain, 0) => line += &format!("; {certain} fixable with --fix"),
        (0, likely) => line += &format!("; {likely} fixable with --fix --unsafe-fixes"),
        (certain, likely) => {
            line += &format!("; {certain} fixable with --fix, {likely} more with --unsafe-fixes");
        }
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
    let judge = |entry: &Entry| {
        let draft = Draft::new(&entry.text);
        analyzer.analyze_draft(&match &entry.language {
            Some(language) => draft.language(language),
            None => draft,
        })
    };
    let name = display(path);
    let text = if check.fix || check.diff {
        let least = if check.unsafe_fixes { Applicability::MaybeIncorrect } else { Applicability::MachineApplicable };
        let fixed = fix::fixed(path, &text, least, judge);
        if check.diff {
            checked.problems = reader::read(path, &text).1;
            checked.rendered = fix::diff(&name, &text, &fixed);
            checked.fails = !checked.rendered.is_empty();
            return checked;
        }
        match target {
            Target::File(path) if fixed != text => {
                if let Err(problem) = fix::write(path, &text, &fixed) {
                    checked.problems.push(problem);
                    return checked;
                }
            }
            Target::File(_) => {}
            Target::Stdin => checked.fixed = Some(fixed.clone()),
        }
        fixed
    } else {
        text
    };
    let (entries, problems) = reader::read(path, &text);
    checked.problems = problems;
    let lines = Lines::new(&text);
    for entry in &entries {
        let report = judge(entry);
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
            if check.format == Format::Text {
                let surest = finding.suggestions().iter().map(|suggestion| suggestion.applicability).max();
                self.fixable.0 += usize::from(surest == Some(Applicability::MachineApplicable));
                self.fixable.1 += usize::from(surest == Some(Applicability::MaybeIncorrect));
            }
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
