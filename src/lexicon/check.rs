//! A lexicon proven by its own examples.

use std::collections::HashSet;

use crate::document::Document;
use crate::engine::Engine;
use crate::{Analyzer, Error};

use super::compile::{Base, compile};
use super::source::{PhraseEntry, RewriteEntry, Text};
use super::{Checked, Lexicon, builtin_rules, builtin_source_engine};

pub(super) fn check(lexicons: &[Lexicon]) -> Result<Checked, Vec<Error>> {
    let mut rules = builtin_rules().clone();
    let Some(first) = lexicons.first() else {
        return Err(vec![Error::new("expected at least one lexicon file")]);
    };
    let engine = if lexicons.iter().any(Lexicon::is_language) {
        compile(lexicons, Base::Language, &mut rules)?
    } else {
        let language = first.language();
        let Some(base) = builtin_source_engine(&language) else {
            let message =
                format!("there is no built-in lexicon for \"{language}\" to add to: expected a file with its `name`");
            return Err(vec![first.error(&first.file.language, message)]);
        };
        compile(lexicons, Base::Engine(&*base.map_err(|error| vec![error])?), &mut rules)?
    };
    let mut proof = Proof { engine: &engine, errors: Vec::new(), phrase: 0, patterns: 0, examples: 0 };
    for lexicon in lexicons {
        let rules = lexicon.file.rule.iter().flat_map(|rule| &rule.phrase);
        let acts = lexicon.file.act.iter().flat_map(|act| &act.phrase);
        rules.chain(acts).for_each(|entry| proof.phrase(lexicon, entry));
    }
    let Proof { mut errors, phrase: phrases, patterns, mut examples, .. } = proof;
    let mut rewrites = 0;
    let analyzer = writer(lexicons).map_err(|error| vec![error])?;
    for lexicon in lexicons {
        for entry in &lexicon.file.rewrite {
            rewrites += 1;
            examples += entry.examples.len();
            errors.extend(rewrite(&analyzer, lexicon, entry));
        }
    }
    if errors.is_empty() { Ok(Checked { phrases, patterns, rewrites, examples }) } else { Err(errors) }
}

/// An analyzer of the lexicons' language that runs every rule.
fn writer(lexicons: &[Lexicon]) -> Result<Analyzer, Error> {
    let language = lexicons[0].language();
    let builder = Analyzer::builder().languages([language.code()]).language(language.code()).select(["all"]);
    lexicons.iter().cloned().fold(builder, crate::AnalyzerBuilder::lexicon).build()
}

/// What of a rewrite's examples does not hold.
fn rewrite(analyzer: &Analyzer, lexicon: &Lexicon, entry: &RewriteEntry) -> Vec<Error> {
    let mut errors = Vec::new();
    let name = entry.id.get_ref();
    let mut unproven: HashSet<&str> = entry.rules.iter().map(|rule| rule.get_ref().as_str()).collect();
    for example in &entry.examples {
        let (before, after) = (example.before.get_ref(), example.after.get_ref());
        let report = analyzer.analyze(before);
        let mut written = Vec::new();
        for (finding, suggestions) in report.findings().iter().zip(report.every_suggestion()) {
            if !entry.rules.iter().any(|rule| rule.get_ref() == finding.rule.as_str()) {
                continue;
            }
            let own = |id: &str| id.rsplit('/').next() == Some(name);
            for suggestion in suggestions.iter().filter(|suggestion| own(&suggestion.rewrite)) {
                let text = suggestion.apply(before);
                if text == *after {
                    unproven.remove(finding.rule.as_str());
                }
                written.push(text);
            }
        }
        if !written.contains(after) {
            let found: Vec<&str> = report.findings().iter().map(|finding| finding.rule.as_str()).collect();
            let instead = if written.is_empty() {
                let why = "it does not fit, would be found fault with itself, or loses an amount, date, order number, placeholder or address";
                format!("writes nothing there ({why}); found: {}", found.join(", "))
            } else {
                format!("writes \"{}\"", written.join("\" or \""))
            };
            let message = format!("{name} must make \"{after}\" of \"{before}\", but {instead}");
            errors.push(lexicon.error(&example.before, message));
        }
    }
    for rule in unproven {
        errors.push(lexicon.error(&entry.id, format!("{name}: no example shows it for {rule}")));
    }
    errors
}

struct Proof<'e> {
    engine: &'e Engine,
    errors: Vec<Error>,
    /// The phrase that comes next, in the order in which they were compiled.
    phrase: usize,
    patterns: usize,
    examples: usize,
}

impl Proof<'_> {
    fn phrase(&mut self, lexicon: &Lexicon, entry: &PhraseEntry) {
        let id = &self.engine.body.phrases[self.phrase].id;
        let mut fired = HashSet::new();
        for example in &entry.risky {
            let found = self.fires(example);
            if found.is_empty() {
                let message = format!("{id} must fire on \"{}\", and does not", example.get_ref());
                self.errors.push(lexicon.error(example, message));
            }
            fired.extend(found);
        }
        for example in &entry.fine {
            if let Some(&pattern) = self.fires(example).iter().min() {
                let first = self.engine.patterns_of(self.phrase).next().unwrap_or(0);
                let source = entry.patterns[pattern - first].get_ref();
                let message = format!("{id} must stay silent on \"{}\", but \"{source}\" fires", example.get_ref());
                self.errors.push(lexicon.error(example, message));
            }
        }
        for (pattern, source) in self.engine.patterns_of(self.phrase).zip(&entry.patterns) {
            self.patterns += 1;
            if !fired.contains(&pattern) {
                let message = format!("{id}: no risky example fires \"{}\"", source.get_ref());
                self.errors.push(lexicon.error(source, message));
            }
        }
        self.examples += entry.risky.len() + entry.fine.len();
        self.phrase += 1;
    }

    /// The patterns of the current phrase that an example fires.
    fn fires(&self, example: &Text) -> HashSet<usize> {
        let document = Document::new(example.get_ref(), 0, &self.engine.tongue);
        let patterns: Vec<usize> = self.engine.patterns_of(self.phrase).collect();
        self.engine.scan(&document, patterns.iter().copied()).into_iter().map(|found| found.pattern).collect()
    }
}
