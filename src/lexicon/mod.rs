//! Lexicons: words as data, read from TOML, proven by their own examples.

mod builtin;
mod check;
mod compile;
mod compiled;
mod source;

use std::sync::Arc;

use crate::{Error, Language, RuleId};

pub(crate) use builtin::{
    engine as builtin_engine, languages as builtin_languages, rules as builtin_rules,
    source_engine as builtin_source_engine, unknown as unknown_language,
};
pub(crate) use compile::{Base, compile};

/// One file of a lexicon, read. A folder's files together make a language; a team's own may be one file with a few phrases.
///
/// ```
/// use tactful::{Analyzer, Lexicon};
///
/// let own = r#"
/// language = "en"
///
/// [[rule]]
/// id = "acme/jargon"
/// severity = "warning"
/// message = "Customers don't know our internal names."
/// why = "A word the customer has to look up is a word too many."
///
/// [[rule.phrase]]
/// id = "tier-two"
/// match = ["(tier | level) (2 | two)"]
/// risky = ["I've passed it to tier 2."]
/// fine = ["The car park has two levels."]
/// "#;
/// let analyzer = Analyzer::builder().languages(["en"]).lexicon(Lexicon::parse("own.toml", own)?).build()?;
/// let report = analyzer.analyze("I've passed your question to tier 2, and they will call you today at five.");
/// assert_eq!(report.findings()[0].rule.as_str(), "acme/jargon");
/// # Ok::<(), tactful::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lexicon {
    name: Arc<str>,
    text: Arc<str>,
    file: Arc<source::File>,
}

impl Lexicon {
    /// Reads a lexicon file. `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// If it is not TOML of the form `lexicons/README.md` describes. Patterns are read by
    /// [`build`](crate::AnalyzerBuilder::build); examples are run by [`check`](Lexicon::check).
    pub fn parse(name: &str, text: &str) -> Result<Lexicon, Error> {
        let file = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Error::at(name, text, offset, error.message())
        })?;
        Ok(Lexicon { name: name.into(), text: text.into(), file: Arc::new(file) })
    }

    /// The language it is for.
    pub fn language(&self) -> Language {
        Language::new(self.file.language.get_ref())
    }

    /// Whether it describes a language (`name = …`), rather than adding to one.
    pub fn is_language(&self) -> bool {
        self.file.name.is_some()
    }

    /// The files of a built-in lexicon.
    ///
    /// # Errors
    ///
    /// If there is none for that language.
    pub fn builtin(language: &Language) -> Result<Vec<Lexicon>, Error> {
        builtin::lexicons(language).unwrap_or_else(|| Err(builtin::unknown(language)))
    }

    /// The examples that prove a rule's phrases, in order.
    pub fn examples(&self, rule: &RuleId) -> impl Iterator<Item = Example<'_>> {
        let entries = self.file.rule.iter().filter(move |entry| entry.id.get_ref() == rule.as_str());
        entries.flat_map(|entry| &entry.phrase).flat_map(|phrase| {
            let risky = phrase.risky.iter().map(|text| Example { text: text.get_ref(), fires: true });
            risky.chain(phrase.fine.iter().map(|text| Example { text: text.get_ref(), fires: false }))
        })
    }

    /// Proves files of one language by their own examples: every risky example fires its phrase, every fine one stays silent, and every
    /// pattern is fired by some example. Without a file that [describes the language](Lexicon::is_language), the built-in one of that
    /// language is added to.
    ///
    /// # Errors
    ///
    /// All that does not hold, each with its file, line and entry.
    pub fn check(lexicons: &[Lexicon]) -> Result<Checked, Vec<Error>> {
        check::check(lexicons)
    }

    fn error(&self, entry: &source::Text, message: impl Into<String>) -> Error {
        Error::at(&self.name, &self.text, entry.span().start, message)
    }
}

/// A sentence that proves a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example<'l> {
    /// The sentence.
    pub text: &'l str,
    /// Whether the phrase must fire on it, or stay silent.
    pub fires: bool,
}

/// What [`Lexicon::check`] proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Phrases.
    pub phrases: usize,
    /// Patterns in them.
    pub patterns: usize,
    /// Rewrites.
    pub rewrites: usize,
    /// Examples that ran.
    pub examples: usize,
}
