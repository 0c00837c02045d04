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
    pub(super) message: BTreeMap<Text, MessageEntry>,
    #[serde(default)]
    pub(super) rule: Vec<RuleEntry>,
    #[serde(default)]
    pub(super) act: Vec<ActEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    pub(super) precedence: Vec<Vec<String>>,
    pub(super) rule: Vec<SharedRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SharedRule {
    pub(super) id: String,
    pub(super) severity: String,
    #[serde(default)]
    pub(super) opt_in: bool,
    pub(super) source: String,
}
