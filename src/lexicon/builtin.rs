//! The lexicons that ship with tactful.

use std::sync::Arc;

use once_cell::sync::{Lazy, OnceCell};

use crate::engine::Engine;
use crate::rules::Rules;
use crate::{Error, Language};

use super::Lexicon;
use super::compile::{Base, compile};
use super::compiled::{read_engine, read_rules};

/// A language's files, embedded. To add a language, add its folder under `lexicons/` and its name here.
macro_rules! embedded {
    ($($language:literal),*) => {
        [$(Embedded { language: $language, files: embedded!(@files $language,
            "language", "messages", "acts", "refusal", "blame", "excuse", "deflection", "apology", "promise", "attitude", "clarity", "rewrites"),
            compiled: include_bytes!(concat!("../../lexicons/compiled/", $language, ".bin")),
            engine: OnceCell::new(), from_source: OnceCell::new() }),*]
    };
    (@files $language:literal, $($file:literal),*) => {
        &[$((
            concat!("lexicons/", $language, "/", $file, ".toml"),
            include_str!(concat!("../../lexicons/", $language, "/", $file, ".toml")),
        )),*]
    };
}

static EMBEDDED: [Embedded; 3] = embedded!["en", "es", "sv"];

struct Embedded {
    language: &'static str,
    files: &'static [(&'static str, &'static str)],
    compiled: &'static [u8],
    engine: OnceCell<Arc<Engine>>,
    from_source: OnceCell<Arc<Engine>>,
}

impl Embedded {
    fn lexicons(&self) -> Result<Vec<Lexicon>, Error> {
        self.files.iter().map(|(name, text)| Lexicon::parse(name, text)).collect()
    }

    fn compile(&self, mut rules: Rules) -> Result<Engine, Error> {
        let compiled = compile(&self.lexicons()?, Base::Language, &mut rules);
        compiled.map_err(|errors| errors.into_iter().next().unwrap_or_else(|| Error::new("no lexicon")))
    }
}

/// A language compiled from its source, as nothing else of this process knows it.
#[cfg(test)]
pub(super) fn compile_source(language: &Language) -> Option<Result<Engine, Error>> {
    find(language).map(|embedded| embedded.compile(source_rules()?))
}

/// The languages with a built-in lexicon.
pub(crate) fn languages() -> impl Iterator<Item = Language> {
    EMBEDDED.iter().map(|embedded| Language::new(embedded.language))
}

/// The files of a built-in lexicon.
pub(super) fn lexicons(language: &Language) -> Option<Result<Vec<Lexicon>, Error>> {
    find(language).map(Embedded::lexicons)
}

/// What to say of a language that has no lexicon.
pub(crate) fn unknown(language: &Language) -> Error {
    let known: Vec<&str> = EMBEDDED.iter().map(|embedded| embedded.language).collect();
    Error::new(format!("there is no lexicon for \"{language}\": expected one of {}", known.join(", ")))
}

fn find(language: &Language) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|embedded| embedded.language == language.code())
}

/// The built-in engine of a language, read on first use and shared by the whole process.
pub(crate) fn engine(language: &Language) -> Option<Result<Arc<Engine>, Error>> {
    let embedded = find(language)?;
    let build = || read_engine(embedded.compiled).map(Arc::new);
    Some(embedded.engine.get_or_try_init(build).cloned())
}

/// The same, compiled from its source, with all that a team's own lexicon may use.
pub(crate) fn source_engine(language: &Language) -> Option<Result<Arc<Engine>, Error>> {
    let embedded = find(language)?;
    Some(embedded.from_source.get_or_try_init(|| embedded.compile(rules().clone()).map(Arc::new)).cloned())
}

/// The catalogue: the built-in rules, with their messages in every language.
pub(crate) fn rules() -> &'static Rules {
    static RULES: Lazy<Rules> = Lazy::new(|| {
        let compiled = include_bytes!("../../lexicons/compiled/rules.bin");
        read_rules(compiled).expect("the embedded rules are proven by the tests")
    });
    &RULES
}

/// The catalogue from its sources.
#[cfg(test)]
pub(super) fn source_rules() -> Result<Rules, Error> {
    let shared = include_str!("../../lexicons/rules.toml");
    let files = EMBEDDED.iter().flat_map(|embedded| embedded.files);
    let messages = files.filter(|(name, _)| name.ends_with("/messages.toml"));
    let messages: Vec<Lexicon> = messages.map(|(name, text)| Lexicon::parse(name, text)).collect::<Result<_, _>>()?;
    super::compile::read_rules("lexicons/rules.toml", shared, &messages)
}
