//! `tactful explain` and `tactful rules`: the catalogue, for people; and for the reports that carry it.

use std::error::Error;
use std::fmt::Write as _;

use tactful::{Analyzer, Language, Lexicon, Rule, RuleId, Severity};

use crate::Outcome;
use crate::args;

/// How many examples of each kind are shown.
const EXAMPLES: usize = 4;

/// What there is to say of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Explanation {
    pub(crate) id: String,
    pub(crate) severity: Severity,
    pub(crate) opt_in: bool,
    pub(crate) title: String,
    pub(crate) message: String,
    pub(crate) why: String,
    source: String,
    flagged: Vec<String>,
    fine: Vec<String>,
}

impl Explanation {
    /// Of `rule`, in `language`, with the examples that `lexicons` give.
    fn new(rule: &Rule, severity: Severity, language: &str, lexicons: &[Lexicon]) -> Explanation {
        let message = rule.message(language);
        let (mut flagged, mut fine) = (Vec::new(), Vec::new());
        for example in lexicons.iter().flat_map(|lexicon| lexicon.examples(&rule.id)) {
            if example.fires { flagged.push(example.text) } else { fine.push(example.text) }
        }
        Explanation {
            id: rule.id.to_string(),
            severity,
            opt_in: rule.opt_in,
            title: message.title.to_string(),
            message: message.message.to_string(),
            why: message.why.to_string(),
            source: rule.source.to_string(),
            flagged: few(flagged),
            fine: few(fine),
        }
    }

    /// Of every rule that is on.
    pub(crate) fn all(analyzer: &Analyzer, language: &str) -> Result<Vec<Explanation>, tactful::Error> {
        let lexicons = Lexicon::builtin(&Language::new(language))?;
        let on = analyzer.rules().filter_map(|rule| Some((rule, analyzer.severity(rule)?)));
        Ok(on.map(|(rule, severity)| Explanation::new(rule, severity, language, &lexicons)).collect())
    }

    /// As a terminal shows it.
    pub(crate) fn text(&self) -> String {
        let opt_in = if self.opt_in { ", off unless asked for" } else { "" };
        let mut text = format!("{} ({}{opt_in}): {}\n\n", self.id, self.severity, self.title);
        let _ = write!(text, "{}\n\nWhy: {}\nSource: {}\n", self.message, self.why, self.source);
        for (title, examples) in [("Flagged", &self.flagged), ("Fine", &self.fine)] {
            if !examples.is_empty() {
                let _ = writeln!(text, "\n{title}:");
            }
            for example in examples {
                let _ = writeln!(text, "  {example}");
            }
        }
        text
    }

    /// The same as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("{}\n\n**Why:** {}\n\n**Source:** {}\n", self.message, self.why, self.source);
        for (title, examples) in [("Flagged", &self.flagged), ("Fine", &self.fine)] {
            if !examples.is_empty() {
                let _ = writeln!(text, "\n**{title}:**\n");
            }
            for example in examples {
                let _ = writeln!(text, "- {}", crate::report::markdown_text(example));
            }
        }
        text
    }
}

/// Some examples, spread over the rule's phrases, so that they differ.
fn few(examples: Vec<&str>) -> Vec<String> {
    let step = examples.len().div_ceil(EXAMPLES).max(1);
    examples.into_iter().step_by(step).map(str::to_owned).collect()
}

pub(crate) fn run(explain: &args::Explain) -> Result<Outcome, Box<dyn Error>> {
    // Selecting the rule tells whether there is one, and which was meant.
    let analyzer = Analyzer::builder().select([explain.rule.as_str()]).build()?;
    let id = RuleId::new(&explain.rule)?;
    let rule = analyzer.rules().find(|rule| rule.id == id).ok_or("there is no such rule")?;
    let language = Language::new(&explain.lang);
    let lexicons = Lexicon::builtin(&language)?;
    let explanation = Explanation::new(rule, rule.severity, language.code(), &lexicons);
    anstream::print!("{}", explanation.text());
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
