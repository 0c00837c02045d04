//! `tactful check`: walk, read, analyze, compare, report.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::Path;

use rayon::prelude::*;
use tactful::{Analyzer, Applicability, Draft, Finding, Report, Variant};
use tactful_reader::{Contents, Entry, Reader, Source};

use crate::Outcome;
use crate::args::{Check, Format};
use crate::fix::{self, Fixing};
use crate::load::{self, lexicons};
use crate::report::{Counts, Document, Problem, Reply, Summary, Terminal, Whose, display};
use crate::walk::{Target, targets};

/// What the check works with.
struct Checker<'c> {
    check: &'c Check,
    analyzer: Analyzer,
    reader: Reader,
    terminal: Terminal,
    /// Names, hashed, of entries that have variants.
    compared: HashSet<u64>,
}

/// What became of one file.
#[derive(Debug, Default)]
struct Checked {
    /// Whether it could be read.
    read: bool,
    /// Whether it is a file of keys and values that no profile knows.
    unknown: bool,
    replies: Vec<Judged>,
    problems: Vec<Problem>,
    /// What `--diff` shows.
    diff: String,
    /// What `--fix` made of standard input.
    fixed: Option<Vec<u8>>,
}

/// What is kept of a reply once it is judged: not its text.
#[derive(Debug)]
struct Judged {
    told: Told,
    counts: Counts,
    score: Option<u32>,
    words: usize,
    /// In no language known here.
    unknown: bool,
    fails: bool,
    /// Findings that `--fix` can make go, and that it can with `--unsafe-fixes`.
    fixable: (usize, usize),
    /// By what its variants are found, its own locale, and what it does.
    variant: Option<(String, String, Variant)>,
}

/// A reply in the report.
#[derive(Debug)]
enum Told {
    /// For programs.
    Json(Box<Reply>),
    /// For people: its findings as they are printed, and whose they are.
    Text(String, Option<Whose>),
}

pub(crate) fn run(check: &Check) -> Result<Outcome, Box<dyn Error>> {
    let mut checker = Checker {
        check,
        analyzer: analyzer(check)?,
        reader: load::reader(&check.profile)?,
        terminal: Terminal::new(),
        compared: HashSet::new(),
    };
    let (targets, mut problems) = targets(check);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build()?;
    checker.compared = pool.install(|| checker.with_variants(&targets));
    let mut checked: Vec<Checked> = pool.install(|| targets.par_iter().map(|target| checker.file(target)).collect());
    checker.compare(&mut checked);
    let mut document = Document { version: 1, replies: Vec::new(), errors: Vec::new(), summary: Summary::default() };
    let mut totals = Totals::default();
    let mut fails = false;
    let mut scores: Vec<u32> = Vec::new();
    let mut stdout = anstream::stdout().lock();
    let fixed: Option<&Vec<u8>> = checked.iter().find_map(|one| one.fixed.as_ref());
    if let Some(fixed) = fixed {
        stdout.write_all(fixed)?;
    }
    // Where standard output carries the reply itself, the report goes beside it.
    let mut out: Box<dyn Write> = if fixed.is_some() { Box::new(anstream::stderr()) } else { Box::new(stdout) };
    for one in checked {
        let summary = &mut document.summary;
        summary.files += usize::from(one.read && !one.unknown);
        summary.replies += one.replies.len();
        totals.other_files += usize::from(one.unknown);
        problems.extend(one.problems);
        fails |= !one.diff.is_empty();
        out.write_all(one.diff.as_bytes())?;
        for reply in one.replies {
            fails |= reply.fails;
            scores.extend(reply.score);
            totals.unknown += usize::from(reply.unknown);
            totals.fixable.0 += reply.fixable.0;
            totals.fixable.1 += reply.fixable.1;
            summary.words += reply.words;
            summary.findings += reply.counts;
            match reply.told {
                Told::Json(reply) => document.replies.push(*reply),
                Told::Text(rendered, _) => out.write_all(rendered.as_bytes())?,
            }
        }
    }
    problems.sort();
    if !scores.is_empty() {
        let mean = f64::from(scores.iter().sum::<u32>()) / scores.len() as f64;
        document.summary.score = Some(mean.round() as u32);
    }
    for problem in &problems {
        anstream::eprintln!("tactful: {problem}");
    }
    let nothing = document.summary.files == 0 && problems.is_empty();
    if nothing {
        let paths: Vec<String> = check.paths.iter().map(|path| display(path)).collect();
        let others = match totals.other_files {
            0 => String::new(),
            others => format!(" ({} of keys and values that no profile knows)", many(others, "file", "files")),
        };
        anstream::eprintln!(
            "tactful: there is nothing to check in {}{others}: expected files of replies; tactful inspect FILE shows what is read in one",
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
        Format::Text if (document.summary.replies > 0 || !trouble) && !check.diff => {
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
    other_files: usize,
}

/// The last line of the report for people.
fn closing_line(summary: &Summary, Totals { unknown, fixable, other_files }: Totals) -> String {
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
    if other_files > 0 {
        line += &format!("; {} of keys and values hold no replies known here", many(other_files, "file", "files"));
    }
    line + "\n"
}

fn many(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl Checker<'_> {
    fn file(&self, target: &Target) -> Checked {
        let mut checked = Checked::default();
        let path = target.path().unwrap_or(&self.check.stdin_filename);
        let result = match target.path() {
            None => self.content(target, path, io::stdin().lock(), &mut checked),
            Some(path) => load::open(path).and_then(|file| self.content(target, path, file, &mut checked)),
        };
        checked.problems.extend(result.err());
        checked
    }

    fn content(&self, target: &Target, path: &Path, content: impl Read, checked: &mut Checked) -> Result<(), Problem> {
        let told = |problem| Problem::of_contents(path, problem);
        if !self.check.fix && !self.check.diff {
            for part in self.reader.parts(path, content, self.check.max_size) {
                let (source, contents) = part.map_err(told)?;
                self.part(target, path, &source, contents, checked);
            }
            return Ok(());
        }
        let source = self.reader.whole(path, content, self.check.max_size).map_err(told)?;
        let least =
            if self.check.unsafe_fixes { Applicability::MaybeIncorrect } else { Applicability::MachineApplicable };
        let fixing = Fixing { reader: &self.reader, path, least };
        let fixed = fixing.fixed(&source, |entry| self.report(entry));
        if self.check.diff {
            let contents = self.reader.read(path, &source);
            if self.is_unknown(target, path, &contents, checked) {
                return Ok(());
            }
            checked.problems.extend(contents.problems.into_iter().map(told));
            checked.diff = fix::diff(&display(path), source.text(), fixed.text());
            return Ok(());
        }
        let encoded = |source: &Source| source.encode(source.text()).unwrap_or_default();
        match target.path() {
            None => checked.fixed = Some(encoded(&fixed)),
            Some(path) if fixed.text() != source.text() => fix::write(path, &encoded(&source), &encoded(&fixed))?,
            Some(_) => {}
        }
        self.part(target, path, &fixed, self.reader.read(path, &fixed), checked);
        Ok(())
    }

    /// Whether a file is one of keys and values that no profile knows: told of one that somebody named.
    fn is_unknown(&self, target: &Target, path: &Path, contents: &Contents, checked: &mut Checked) -> bool {
        checked.read = true;
        let unknown = contents.is_unknown() && contents.problems.is_empty();
        match target {
            Target::Found(_) => checked.unknown = unknown && checked.replies.is_empty(),
            _ if unknown => {
                let message = "no profile knows it: tactful inspect shows those that were tried";
                checked.problems.push(Problem::of_file(path, message));
            }
            _ => {}
        }
        unknown
    }

    /// Judges the replies of a file, or of a part of one.
    fn part(&self, target: &Target, path: &Path, source: &Source, contents: Contents, checked: &mut Checked) {
        checked.problems.extend(contents.problems.iter().map(|problem| Problem::of_contents(path, problem.clone())));
        if self.is_unknown(target, path, &contents, checked) {
            return;
        }
        let name = display(path);
        let judged = contents.entries.into_par_iter().filter_map(|entry| {
            let report = self.report(&entry)?;
            Some(self.judged(&name, &entry, &report, source))
        });
        checked.replies.par_extend(judged);
    }

    /// What there is to say of a reply; `None` where it is not to be judged.
    fn report(&self, entry: &Entry) -> Option<Report> {
        if entry.skipped.is_some_and(|why| !self.check.include.contains(&why)) {
            return None;
        }
        let draft = Draft::new(&entry.text).fragment(entry.fragment);
        Some(self.analyzer.analyze_draft(&match &entry.locale {
            Some((locale, _)) => draft.language(locale),
            None => draft,
        }))
    }

    fn judged(&self, path: &str, entry: &Entry, report: &Report, source: &Source) -> Judged {
        let variant = entry.variant_of.clone().zip(entry.locale.clone());
        let variant = variant.filter(|(name, _)| self.compared.contains(&hashed(name)));
        let variant = variant.map(|(name, (locale, _))| (name, locale, report.variant()));
        let mut judged = Judged {
            told: match self.check.format {
                Format::Json => Told::Json(Box::new(Reply::new(path, entry, report, source))),
                Format::Text => Told::Text(
                    self.terminal.render(path, entry, report, source),
                    variant.as_ref().map(|_| Whose::new(path, entry, source)),
                ),
            },
            counts: Counts::default(),
            score: report.score(),
            words: entry.text.split_whitespace().count(),
            unknown: report.language().is_none() && report.findings().is_empty(),
            fails: false,
            fixable: (0, 0),
            variant,
        };
        for finding in report.findings() {
            judged.count(finding, self.check);
            if self.check.format == Format::Text {
                let surest = finding.suggestions().iter().map(|suggestion| suggestion.applicability).max();
                judged.fixable.0 += usize::from(surest == Some(Applicability::MachineApplicable));
                judged.fixable.1 += usize::from(surest == Some(Applicability::MaybeIncorrect));
            }
        }
        judged
    }

    /// Which entries stand in more than one locale: what a reply does is found out for those alone, and reading is quick beside that.
    fn with_variants(&self, targets: &[Target]) -> HashSet<u64> {
        let on = |rule: &tactful::Rule| rule.id.family() == "variants" && self.analyzer.severity(rule).is_some();
        if self.check.diff || !self.analyzer.rules().any(on) {
            return HashSet::new();
        }
        let names = |target: &Target| -> Vec<(u64, u64)> {
            // Standard input can be read but once, and is not compared.
            let Some(path) = target.path() else { return Vec::new() };
            let Ok(file) = load::open(path) else { return Vec::new() };
            let parts = self.reader.parts(path, file, self.check.max_size).map_while(Result::ok);
            let entries = parts.flat_map(|(_, contents)| contents.entries);
            entries.filter_map(|entry| Some((hashed(&entry.variant_of?), hashed(&entry.locale?.0)))).collect()
        };
        let names: Vec<Vec<(u64, u64)>> = targets.par_iter().map(names).collect();
        let mut first: HashMap<u64, u64> = HashMap::new();
        let mut several = HashSet::new();
        for (name, locale) in names.into_iter().flatten() {
            if *first.entry(name).or_insert(locale) != locale {
                several.insert(name);
            }
        }
        several
    }

    /// Compares the variants of each entry, wherever they stand, and adds what is found to their replies.
    fn compare(&self, checked: &mut [Checked]) {
        let mut entries: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for (file, one) in checked.iter().enumerate() {
            for (at, reply) in one.replies.iter().enumerate() {
                if let Some((name, ..)) = &reply.variant {
                    entries.entry(name).or_default().push((file, at));
                }
            }
        }
        let mut found: Vec<((usize, usize), Vec<Finding>)> = Vec::new();
        for places in entries.into_values().filter(|places| places.len() > 1) {
            let variants: Vec<&(String, String, Variant)> =
                places.iter().filter_map(|&(file, at)| checked[file].replies[at].variant.as_ref()).collect();
            let mut locales: Vec<&str> = variants.iter().map(|(_, locale, _)| locale.as_str()).collect();
            locales.sort_unstable();
            locales.dedup();
            // Two of one locale: a name that is used twice.
            if locales.len() < variants.len() {
                continue;
            }
            let variants: Vec<Variant> = variants.into_iter().map(|(_, _, variant)| variant.clone()).collect();
            found.extend(places.into_iter().zip(self.analyzer.compare(&variants)));
        }
        for ((file, at), findings) in found.into_iter().filter(|(_, findings)| !findings.is_empty()) {
            let reply = &mut checked[file].replies[at];
            for finding in &findings {
                reply.count(finding, self.check);
            }
            reply.score = reply.variant.as_ref().and_then(|(_, _, variant)| variant.score_with(&findings));
            match &mut reply.told {
                Told::Json(json) => json.add(&findings, reply.score),
                Told::Text(rendered, whose) => {
                    if let Some(whose) = whose {
                        rendered.extend(findings.iter().map(|finding| self.terminal.compared(whose, finding)));
                    }
                }
            }
        }
    }
}

fn hashed(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

impl Judged {
    fn count(&mut self, finding: &Finding, check: &Check) {
        self.counts.add(finding.severity);
        self.fails |= check.fail_on.fails(finding.severity);
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
