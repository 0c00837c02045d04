//! Lexicon files as they are written: TOML with the place of every entry.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(super) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub(super) language: Text,
    /// Of `language.toml`: the language itself.
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) fold: String,
    #[serde(default)]
    pub(super) strict: Vec<String>,
    #[serde(default)]
    pub(super) function_words: Vec<String>,
    #[serde(default)]
    pub(super) abbreviations: Vec<String>,
    #[serde(default)]
    pub(super) numbering: Vec<String>,
    #[serde(default)]
    pub(super) greetings: Vec<String>,
    #[serde(default)]
    pub(super) attributions: Vec<Text>,
    #[serde(default)]
    pub(super) generic: Vec<String>,
    #[serde(default)]
    pub(super) address: BTreeMap<String, Vec<Text>>,
    #[serde(default)]
    pub(super) address_weak: BTreeMap<String, Vec<Text>>,
    #[serde(default)]
    pub(super) regex: BTreeMap<String, Text>,
    /// Of any file.
    #[serde(default)]
    pub(super) words: BTreeMap<Text, Vec<Text>>,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "read where the catalogue is compiled"))]
    pub(super) message: BTreeMap<Text, MessageEntry>,
    #[serde(default)]
    pub(super) rule: Vec<RuleEntry>,
    #[serde(default)]
    pub(super) act: Vec<ActEntry>,
    #[serde(default)]
    pub(super) rewrite: Vec<RewriteEntry>,
    #[serde(default)]
    pub(super) inflect: BTreeMap<Text, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) forms: BTreeMap<String, FormsEntry>,
    #[serde(default)]
    pub(super) variant: BTreeMap<String, VariantEntry>,
    pub(super) grammar: Option<GrammarEntry>,
}

/// One way to put what a rule finds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RewriteEntry {
    pub(super) id: Text,
    pub(super) rules: Vec<Text>,
    pub(super) place: Option<Text>,
    pub(super) when: Option<Text>,
    #[serde(rename = "match", default)]
    pub(super) patterns: Vec<Text>,
    pub(super) text: Text,
    pub(super) fronted: Option<Text>,
    #[serde(default)]
    pub(super) certain: bool,
    pub(super) examples: Vec<RewriteExample>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RewriteExample {
    pub(super) before: Text,
    pub(super) after: Text,
}

/// The forms of words, a row a word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormsEntry {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) endings: BTreeMap<String, BTreeMap<String, String>>,
}

/// What words agree with, and what shows it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantEntry {
    pub(super) default: Text,
    pub(super) signs: BTreeMap<String, Vec<Text>>,
}

/// What rewrites need to know of the language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct GrammarEntry {
    pub(super) address: Text,
    pub(super) neutral: String,
    pub(super) since: String,
    #[serde(default)]
    pub(super) inverts: bool,
    #[serde(default)]
    pub(super) capital: Vec<String>,
    #[serde(default)]
    pub(super) subject: Vec<String>,
    #[serde(default)]
    pub(super) softener: Vec<Text>,
    #[serde(default)]
    pub(super) but: Vec<Text>,
    #[serde(default)]
    pub(super) because: Vec<Text>,
    #[serde(default)]
    pub(super) waits: BTreeMap<String, Vec<Text>>,
    #[serde(default)]
    pub(super) owing: Vec<Text>,
    #[serde(default)]
    pub(super) and: Vec<Text>,
    #[serde(default)]
    pub(super) subordinate: Vec<Text>,
    #[serde(default)]
    pub(super) condition: Vec<Text>,
    #[serde(default)]
    pub(super) anaphor: Vec<Text>,
    #[serde(default)]
    pub(super) start: Vec<Text>,
    #[serde(default)]
    pub(super) contrast: Vec<Text>,
    #[serde(default)]
    pub(super) link: Vec<Text>,
    #[serde(default)]
    pub(super) relative: Vec<Text>,
    #[serde(default)]
    pub(super) keep: Vec<Text>,
    #[serde(default)]
    pub(super) promised: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "read where the catalogue is compiled"))]
pub(super) struct MessageEntry {
    pub(super) title: String,
    pub(super) message: String,
    pub(super) why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub(super) id: Text,
    pub(super) severity: Option<Text>,
    pub(super) message: Option<String>,
    pub(super) why: Option<String>,
    #[serde(default)]
    pub(super) except: Vec<Text>,
    #[serde(default)]
    pub(super) phrase: Vec<PhraseEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActEntry {
    pub(super) id: Text,
    #[serde(default)]
    pub(super) except: Vec<Text>,
    pub(super) phrase: Vec<PhraseEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseEntry {
    pub(super) id: Text,
    #[serde(rename = "match")]
    pub(super) patterns: Vec<Text>,
    #[serde(default)]
    pub(super) except: Vec<Text>,
    #[serde(default)]
    pub(super) statement: bool,
    /// Must fire; an act's are called `yes`.
    #[serde(alias = "yes")]
    pub(super) risky: Vec<Text>,
    /// Must not fire; an act's are called `no`.
    #[serde(alias = "no")]
    pub(super) fine: Vec<Text>,
}

/// `rules.toml`: what every language shares.
#[cfg(test)]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    pub(super) precedence: Vec<Vec<String>>,
    pub(super) rule: Vec<SharedRule>,
}

#[cfg(test)]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SharedRule {
    pub(super) id: String,
    pub(super) severity: String,
    #[serde(default)]
    pub(super) opt_in: bool,
    pub(super) source: String,
}
