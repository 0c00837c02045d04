//! Rewrites: what we can do instead of the words that were found, as a lexicon writes it.

mod addition;
mod clause;
mod forms;
mod proof;
mod replacement;
mod text;
mod workshop;

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::Applicability;
use crate::pattern::{Context, Pattern, PatternSet};
use crate::reading::Voice;
use crate::shared::Late;

pub(crate) use clause::Clauses;
pub(crate) use forms::{FormSet, FormTables, Table};
pub(crate) use proof::Judge;
pub(crate) use text::{Inflections, Text};
pub(crate) use workshop::{Target, Workshop};

/// One way to put it better.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rewrite {
    /// `es/refusal/inability/hasta`
    pub(crate) id: Arc<str>,
    /// The rule whose findings it is for, by its index among the analyzer's rules.
    pub(crate) rule: usize,
    pub(crate) place: Place,
    pub(crate) when: When,
    /// Where it fits, and what it reuses; none where it fits every finding of its rules.
    pub(crate) patterns: Late<Vec<Pattern>>,
    pub(crate) text: Text,
    /// The text where something stands before it in its sentence, in a language that changes the order of words then.
    pub(crate) fronted: Option<Text>,
    #[serde(deserialize_with = "applicability")]
    pub(crate) applicability: Applicability,
}

/// What a rewrite's text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// What its pattern reports.
    Match,
    /// The words of the finding.
    Words,
    /// The clause they stand in.
    Clause,
    /// The whole sentence.
    Sentence,
    /// Nothing: it is put in after the greeting.
    Opening,
    /// Nothing: it is put in before the closing.
    Ending,
    /// Nothing: it is put in after the first refusal; one that a reason may make good goes before.
    Refusal,
}

impl Place {
    const NAMES: [(&'static str, Place); 7] = [
        ("match", Place::Match),
        ("words", Place::Words),
        ("clause", Place::Clause),
        ("sentence", Place::Sentence),
        ("opening", Place::Opening),
        ("ending", Place::Ending),
        ("refusal", Place::Refusal),
    ];

    pub(crate) fn named(name: &str) -> Option<Place> {
        Place::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, place)| place)
    }

    pub(crate) fn names() -> String {
        Place::NAMES.map(|(name, _)| name).join(", ")
    }

    /// Whether it adds to the reply, and takes no words' place.
    pub(crate) fn is_addition(self) -> bool {
        matches!(self, Place::Opening | Place::Ending | Place::Refusal)
    }
}

/// For which findings a rewrite is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum When {
    #[default]
    Always,
    /// The same or the next sentence says what can be done.
    Offered,
    /// They do not.
    Bare,
    /// No other rewrite fits.
    Last,
}

impl When {
    const NAMES: [(&'static str, When); 3] = [("offered", When::Offered), ("bare", When::Bare), ("last", When::Last)];

    pub(crate) fn named(name: &str) -> Option<When> {
        When::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, when)| when)
    }
}

/// What words of a rewrite agree with, beside the form of address: who speaks, how it is spelt.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Variant {
    /// The value where nothing shows one.
    pub(crate) default: Box<str>,
    /// The values, and the words that show each.
    pub(crate) signs: Vec<(Box<str>, Late<PatternSet>)>,
}

impl Variant {
    /// The value that most words of some sentences show.
    fn shown<'c>(&self, contexts: impl IntoIterator<Item = Context<'c>>) -> Option<Box<str>> {
        let mut counts = vec![0; self.signs.len()];
        for context in contexts {
            for (count, (_, patterns)) in counts.iter_mut().zip(&self.signs) {
                patterns.each_match(&context, |_| *count += 1);
            }
        }
        let most = *counts.iter().max()?;
        let leads = counts.iter().filter(|&&count| count == most).count() == 1;
        let at = counts.iter().position(|&count| count == most)?;
        (most > 0 && leads).then(|| self.signs[at].0.clone())
    }
}

/// What a lexicon has for writing, beside its rewrites.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Grammar {
    pub(crate) clauses: Late<Clauses>,
    pub(crate) variants: Vec<Variant>,
    /// The form of address where a reply shows none.
    pub(crate) address: Box<str>,
    /// What stands for a hole when a suggestion is proven.
    pub(crate) neutral: Box<str>,
    /// Known while a lexicon is compiled.
    #[serde(skip)]
    pub(crate) words: Inflections,
    #[serde(skip)]
    pub(crate) forms: FormTables,
}

/// All that a lexicon has for writing.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Writing {
    pub(crate) grammar: Grammar,
    pub(crate) rewrites: Vec<Rewrite>,
}

fn applicability<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Applicability, D::Error> {
    let number = u32::deserialize(deserializer)?;
    Applicability::ALL.get(number as usize).copied().ok_or_else(|| D::Error::custom("an applicability"))
}

/// The rewrites of a rule: those of a team's own lexicon first.
fn rewrites_of(voice: &Voice, rule: usize) -> Vec<&Rewrite> {
    let engines = voice.own.iter().chain([&voice.base]);
    engines.flat_map(|engine| &engine.writing.rewrites).filter(|rewrite| rewrite.rule == rule).collect()
}
