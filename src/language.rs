//! Languages as data: what a lexicon says of its language.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::document::{Folding, Symbols, TokenKind, WordId, symbol};
use crate::pattern::PatternSet;
use crate::shared::{Late, Numbers};

/// A language, by its code (`es`, `sv`, `en`). Data, not a closed list: a language is a lexicon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Arc<str>);

impl Language {
    /// The language with this code: lower case, without a region. Whether there is a lexicon for it, `build()` tells.
    pub fn new(code: &str) -> Language {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        Language(primary.to_ascii_lowercase().into())
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// How a reply addresses the customer, as its lexicon names it: `tu`, `vos`, `usted`, `vosotros`, `ustedes`, `du`, `ni`, `you`. It fixes
/// the number too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FormOfAddress(Arc<str>);

impl FormOfAddress {
    pub(crate) fn new(name: &str) -> FormOfAddress {
        FormOfAddress(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormOfAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for FormOfAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a lexicon's `language.toml` says of its language.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tongue {
    #[serde(deserialize_with = "language")]
    pub(crate) language: Language,
    pub(crate) folding: Folding,
    /// Words before a dot that ends no sentence.
    pub(crate) abbreviations: Abbreviations,
    pub(crate) greetings: Symbols,
    pub(crate) attributions: Attributions,
    /// The words that the engine tells apart.
    pub(crate) dictionary: Late<Dictionary>,
    pub(crate) function_words: Symbols,
    /// The words of the lexicon's examples: weak signs of the language, for texts with no other.
    pub(crate) vocabulary: Late<Symbols>,
    /// Words that alone name no matter.
    pub(crate) generic: Late<Symbols>,
    /// Signs of each form of address, strong ones first, then weak ones.
    pub(crate) address: Late<Signs>,
    pub(crate) classes: Vec<Class>,
}

fn language<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Language, D::Error> {
    Ok(Language::new(&String::deserialize(deserializer)?))
}

/// Forms of address, each with its signs.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Signs(pub(crate) [Vec<(FormOfAddress, PatternSet)>; 2]);

impl<'de> Deserialize<'de> for Signs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Signs, D::Error> {
        let named = <[Vec<(String, PatternSet)>; 2]>::deserialize(deserializer)?;
        let form = |(form, signs): (String, PatternSet)| (FormOfAddress::new(&form), signs);
        Ok(Signs(named.map(|forms| forms.into_iter().map(form).collect())))
    }
}

/// A token class of a lexicon's `[regex]` table. Compiled when a token first asks.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Class {
    pub(crate) name: Box<str>,
    pub(crate) source: Box<str>,
    #[serde(skip)]
    compiled: OnceCell<Option<Regex>>,
}

impl Class {
    pub(crate) fn new(name: &str, source: &str) -> Class {
        Class { name: name.into(), source: source.into(), compiled: OnceCell::new() }
    }

    pub(crate) fn compile(&self) -> Result<Regex, regex::Error> {
        Regex::new(&format!("^(?i:{})$", self.source))
    }

    /// Whether the whole of `word` is of the class.
    pub(crate) fn holds(&self, word: &str) -> bool {
        self.compiled.get_or_init(|| self.compile().ok()).as_ref().is_some_and(|regex| regex.is_match(word))
    }
}

/// Lines that head quoted history. Compiled when a line first asks.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attributions {
    sources: Vec<Box<str>>,
    #[serde(skip)]
    compiled: OnceCell<Option<Regex>>,
}

impl Attributions {
    /// Of regular expressions that were each found to be right.
    pub(crate) fn new<'s>(sources: impl IntoIterator<Item = &'s str>) -> Attributions {
        Attributions { sources: sources.into_iter().map(Into::into).collect(), compiled: OnceCell::new() }
    }

    pub(crate) fn hold(&self, line: &str) -> bool {
        let compile = || Regex::new(&format!("(?i)(?:{})", self.sources.join(")|(?:"))).ok();
        !self.sources.is_empty()
            && self.compiled.get_or_init(compile).as_ref().is_some_and(|regex| regex.is_match(line))
    }
}

/// Words before a dot that ends no sentence, by the symbols of their folded forms.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Abbreviations {
    whole: Symbols,
    /// Only before a number, or before the word that stands with it in the list («no de»).
    numbering: Symbols,
    /// The longest, in bytes.
    longest: usize,
}

impl Abbreviations {
    pub(crate) fn new(whole: &[String], numbering: &[String], folding: &Folding) -> Abbreviations {
        let symbols = |words: &[String]| words.iter().map(|word| symbol(&folding.fold(word))).collect();
        let longest = whole.iter().chain(numbering).map(String::len).max().unwrap_or(0);
        Abbreviations { whole: symbols(whole), numbering: symbols(numbering), longest }
    }
}

/// The words that an engine tells apart, each with a number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Dictionary {
    /// Open addressing by a symbol's lowest bits: its upper 40 bits, and the word's number in the lower 24; 0 is free. The lower half of each
    /// slot, then the upper.
    slots: Numbers,
}

/// The bits of a slot that hold a word's number.
const NUMBER: u64 = (1 << 24) - 1;

impl Dictionary {
    /// Numbers below this are of kinds of tokens and of words that no dictionary has.
    pub(crate) const KINDS: WordId = 16;

    /// The most words it can hold.
    pub(crate) const MOST: usize = NUMBER as usize - Dictionary::KINDS as usize;

    /// The words in order of their numbers, [`MOST`](Dictionary::MOST) at most.
    pub(crate) fn new(words: &[u64]) -> Dictionary {
        let mut slots = vec![0; (2 * words.len()).next_power_of_two().max(2)];
        let mask = slots.len() - 1;
        for (id, symbol) in (Dictionary::KINDS..).zip(words) {
            let mut at = *symbol as usize & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = (symbol & !NUMBER) | u64::from(id);
        }
        Dictionary { slots: slots.iter().flat_map(|slot: &u64| [*slot as u32, (slot >> 32) as u32]).collect() }
    }

    fn slot(&self, at: usize) -> u64 {
        u64::from(self.slots.at(2 * at)) | u64::from(self.slots.at(2 * at + 1)) << 32
    }

    /// The number of a token's word, or else of its kind.
    pub(crate) fn id(&self, symbol: u64, kind: TokenKind) -> WordId {
        let Some(mask) = (self.slots.len() / 2).checked_sub(1) else { return Dictionary::kind(kind) };
        let mut at = symbol as usize & mask;
        loop {
            let slot = self.slot(at);
            if slot == 0 {
                return Dictionary::kind(kind);
            }
            if (slot ^ symbol) & !NUMBER == 0 {
                return (slot & NUMBER) as WordId;
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of a kind of token; that of a word stands for all that are not in the dictionary.
    pub(crate) fn kind(kind: TokenKind) -> WordId {
        kind as WordId
    }
}

impl Tongue {
    /// Whether `word` is short enough for an abbreviation.
    pub(crate) fn may_abbreviate(&self, word: &str) -> bool {
        !word.is_empty() && word.len() <= self.abbreviations.longest + ACCENTS
    }

    /// Whether a dot after `word` ends no sentence, given the word that follows.
    pub(crate) fn is_abbreviation(&self, word: &str, following: &str, scratch: &mut String) -> bool {
        let Abbreviations { whole, numbering, longest } = &self.abbreviations;
        let alone = self.folding.symbol(word, scratch);
        if whole.contains(&alone) || (following.starts_with(|c: char| c.is_ascii_digit()) && numbering.contains(&alone))
        {
            return true;
        }
        if following.len() > longest + ACCENTS {
            return false;
        }
        scratch.clear();
        self.folding.fold_into(word, scratch);
        scratch.push(' ');
        scratch.push_str(following);
        numbering.contains(&symbol(scratch))
    }

    /// Whether `line` begins as a greeting does.
    pub(crate) fn is_greeting(&self, line: &str, scratch: &mut String) -> bool {
        let first = line.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        first.is_some_and(|word| self.greetings.contains(&self.folding.symbol(word, scratch)))
    }
}

/// How many bytes accents and capitals may add to a word's folded form.
const ACCENTS: usize = 4;
