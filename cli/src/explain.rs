//! `tactful explain` and `tactful rules`: the catalogue, for people.

use std::error::Error;

use tactful::{Analyzer, Language, Lexicon, RuleId};

use crate::Outcome;
use crate::args;

/// How many examples of each kind are shown.
const EXAMPLES: usize = 4;

pub(crate) fn run(explain: &args::Explain) -> Result<Outcome, Box<dyn Error>> {
    let language = Language::new(&explain.lang);
    // Selecting the rule tells whether there is one, and which was meant.
    let analyzer = Analyzer::builder().select([explain.rule.as_str()]).build()?;
    let id = RuleId::new(&explain.rule)?;
    let rule = analyzer.rules().find(|rule| rule.id == id).ok_or("there is no such rule")?;
    let message = rule.message(language.code());
    let opt_in = if rule.opt_in { ", off unless asked for" } else { "" };
    anstream::println!("{} ({}{opt_in}): {}\n", rule.id, rule.severity, message.title);
    anstream::println!("{}\n\nWhy: {}\nSource: {}", message.message, message.why, rule.source);
    let lexicons = Lexicon::builtin(&language)?;
    let (mut risky, mut fine) = (Vec::new(), Vec::new());
    for example in lexicons.iter().flat_map(|lexicon| lexicon.examples(&id)) {
        if example.fires { risky.push(example.text) } else { fine.push(example.text) }
    }
    for (title, examples) in [("Flagged", risky), ("Fine", fine)] {
        if !examples.is_empty() {
            anstream::println!("\n{title}:");
        }
        // Spread over the rule's phrases, so that they differ.
        for example in examples.iter().step_by(examples.len().div_ceil(EXAMPLES).max(1)) {
            anstream::println!("  {example}");
        }
    }
    Ok(Outcome::Clean)
}

pub(crate) fn list(rules: &args::Rules) -> Result<Outcome, Box<dyn Error>> {
    let analyzer = Analyzer::builder().languages([rules.lang.as_str()]).build()?;
    for rule in analyzer.rules() {
        let title = &rule.message(&rules.lang).title;
        let state = if rule.opt_in { "opt-in" } else { "" };
        anstream::println!("{:<30} {:<8} {state:<7} {title}", rule.id, rule.severity);
    }
    Ok(Outcome::Clean)
}
