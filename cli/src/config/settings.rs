//! What is set for a file: of its configuration, that one's overrides, and the command line.

use std::path::PathBuf;

use serde::Serialize;
use tactful::{Analyzer, AnalyzerBuilder, Language, Rule};
use tactful_reader::{Reader, Why};

use super::{Level, Placed, is_on, names, no_such_rule};
use crate::load;
use crate::report::{Problem, display};

/// How files are read and judged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) message_lang: Option<Placed<String>>,
    pub(crate) own_names: Vec<String>,
    pub(crate) lexicons: Vec<Placed<PathBuf>>,
    pub(crate) profiles: Vec<Placed<PathBuf>>,
    /// What may be otherwise for some files.
    pub(crate) patch: Patch,
}

/// The settings that may be otherwise for some files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    pub(crate) lang: Option<Placed<String>>,
    pub(crate) select: Option<Vec<Placed<String>>>,
    pub(crate) extend_select: Vec<Placed<String>>,
    pub(crate) ignore: Vec<Placed<String>>,
    pub(crate) severity: Vec<(Placed<String>, Level)>,
    pub(crate) include: Vec<Why>,
    pub(crate) fragments: Option<bool>,
}

impl Settings {
    /// Adds what is said nearer by: a value stands in place of this one, a list is added to it.
    pub(crate) fn add(&mut self, patch: Patch) {
        let own = &mut self.patch;
        own.lang = patch.lang.or(own.lang.take());
        own.select = patch.select.or(own.select.take());
        own.extend_select.extend(patch.extend_select);
        own.ignore.extend(patch.ignore);
        own.severity.retain(|(rule, _)| !patch.severity.iter().any(|(nearer, _)| nearer.value == rule.value));
        own.severity.extend(patch.severity);
        own.include.extend(patch.include);
        own.fragments = patch.fragments.or(own.fragments);
    }

    /// The same for settings that are for every file.
    pub(crate) fn extend(&mut self, nearer: Settings) {
        self.message_lang = nearer.message_lang.or(self.message_lang.take());
        self.own_names.extend(nearer.own_names);
        self.lexicons.extend(nearer.lexicons);
        self.profiles.extend(nearer.profiles);
        self.add(nearer.patch);
    }

    /// The lexicons and profiles, which hold no replies.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.lexicons.iter().chain(&self.profiles).map(|placed| &placed.value)
    }

    /// The language of messages; `None` for each reply's own.
    pub(crate) fn message_language(&self) -> Option<&str> {
        Some(self.message_lang.as_ref().map_or("en", |lang| &lang.value)).filter(|lang| *lang != "reply")
    }

    /// A reader that knows the profiles.
    pub(crate) fn reader(&self) -> Result<Reader, Problem> {
        load::reader(&self.profiles)
    }

    /// An analyzer that judges so.
    pub(crate) fn analyzer(&self) -> Result<Analyzer, Problem> {
        let patch = &self.patch;
        let values =
            |rules: &[Placed<String>]| -> Vec<String> { rules.iter().map(|rule| rule.value.clone()).collect() };
        let mut builder = self.with_lexicons()?.enable(values(&patch.extend_select)).ignore(values(&patch.ignore));
        builder = builder.ignore(self.off()?).own_names(&self.own_names).fragments(patch.fragments.unwrap_or_default());
        if let Some(select) = &patch.select {
            builder = builder.select(values(select));
        }
        for (rule, level) in &patch.severity {
            if let Some(severity) = level.severity() {
                builder = builder.severity(&rule.value, severity);
            }
        }
        if let Some(lang) = patch.lang.as_ref().filter(|lang| lang.value != "auto") {
            builder = builder.language(&lang.value);
        }
        builder = match self.message_language() {
            None => builder.message_language_of_reply(),
            Some(language) => builder.message_language(language),
        };
        let analyzer = builder.build().map_err(|error| self.blamed(&error))?;
        match self.message_lang.as_ref().filter(|lang| lang.value != "reply") {
            Some(lang) if !analyzer.languages().any(|known| *known == Language::new(&lang.value)) => {
                let known: Vec<&str> = analyzer.languages().map(Language::code).collect();
                Err(lang.problem(format!(
                    "there are no messages in \"{}\": expected one of {}, reply",
                    lang.value,
                    known.join(", ")
                )))
            }
            _ => Ok(analyzer),
        }
    }

    /// The rules whose severity is `off`: those of a family, but for the ones that have a severity of their own.
    fn off(&self) -> Result<Vec<String>, Problem> {
        let levels = || self.patch.severity.iter().map(|(rule, level)| (rule.value.as_str(), *level));
        let off: Vec<&str> = levels().filter(|(_, level)| *level == Level::Off).map(|(rule, _)| rule).collect();
        let is_kept = |id: &str| levels().any(|(rule, level)| rule == id && level != Level::Off);
        let parted = |family: &&str| levels().any(|(rule, _)| rule != *family && names(family, rule) && is_kept(rule));
        let (parted, whole): (Vec<&str>, Vec<&str>) = off.into_iter().partition(parted);
        let mut off: Vec<String> = whole.into_iter().map(str::to_owned).collect();
        if !parted.is_empty() {
            let analyzer = self.with_lexicons()?.build().map_err(|error| self.blamed(&error))?;
            let named = |rule: &&Rule| parted.iter().any(|family| names(family, rule.id.as_str()));
            let rules = analyzer.rules().filter(named).map(|rule| rule.id.to_string());
            off.extend(rules.filter(|id| !is_kept(id)));
        }
        Ok(off)
    }

    fn with_lexicons(&self) -> Result<AnalyzerBuilder, Problem> {
        let lexicons = load::lexicons(&self.lexicons)?;
        Ok(lexicons.into_iter().fold(Analyzer::builder(), AnalyzerBuilder::lexicon))
    }

    /// What is wrong with the settings, where it was said.
    fn blamed(&self, error: &tactful::Error) -> Problem {
        let told = |message: String| match error.source_name() {
            Some(source) => Problem { path: source.into(), line: error.line(), column: error.column(), message },
            None => Problem { path: "configuration".into(), line: None, column: None, message },
        };
        let own = told(error.message().to_owned());
        // Lexicons say themselves where they are wrong.
        if error.source_name().is_some() {
            return own;
        }
        let builds = |builder: AnalyzerBuilder| builder.build().is_ok();
        let Ok(lexicons) = self.with_lexicons() else { return own };
        if let Some(lang) = self.patch.lang.as_ref().filter(|lang| lang.value != "auto")
            && !builds(lexicons.clone().language(&lang.value))
        {
            return lang.problem(error.message());
        }
        let Ok(analyzer) = lexicons.build() else { return own };
        let wrong = |rule: &&Placed<String>| rule.value != "all" && is_on(&analyzer, &rule.value).is_none();
        self.patch.rules().find(wrong).map_or(own, |rule| no_such_rule(&analyzer, rule))
    }

    /// As TOML, for people.
    pub(super) fn shown(&self) -> Shown {
        let Settings { message_lang, own_names, lexicons, profiles, patch } = self;
        let text = |said: &Option<Placed<String>>, otherwise: &str| {
            said.as_ref().map_or_else(|| otherwise.to_owned(), |said| said.value.clone())
        };
        let list = |said: &[Placed<String>]| said.iter().map(|said| said.value.clone()).collect();
        let paths = |said: &[Placed<PathBuf>]| said.iter().map(|said| display(&said.value)).collect();
        Shown {
            lang: text(&patch.lang, "auto"),
            message_lang: text(message_lang, "en"),
            select: patch.select.as_deref().map(list),
            extend_select: list(&patch.extend_select),
            ignore: list(&patch.ignore),
            own_names: own_names.clone(),
            lexicons: paths(lexicons),
            profiles: paths(profiles),
            include: patch.include.iter().map(|why| why.as_str()).collect(),
            fragments: patch.fragments.unwrap_or_default(),
            severity: patch.severity.iter().map(|(rule, level)| (rule.value.clone(), *level)).collect(),
        }
    }
}

impl Patch {
    /// Every mention of a rule.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Placed<String>> {
        let Patch { select, extend_select, ignore, severity, .. } = self;
        let lists = select.iter().flatten().chain(extend_select).chain(ignore);
        lists.chain(severity.iter().map(|(rule, _)| rule))
    }
}

/// Settings as `config show` prints them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Shown {
    lang: String,
    message_lang: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<Vec<String>>,
    extend_select: Vec<String>,
    ignore: Vec<String>,
    own_names: Vec<String>,
    lexicons: Vec<String>,
    profiles: Vec<String>,
    include: Vec<&'static str>,
    fragments: bool,
    severity: std::collections::BTreeMap<String, Level>,
}
