//! What a `tactful.toml` may say, and where in it each thing is said.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Gate, Level, Placed, score};
use crate::args::FailOn;
use crate::report::{Problem, display};

/// The configuration of tactful. Paths are relative to the file's folder; patterns for files are written as in a .gitignore file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "tactful.toml")]
pub(super) struct File {
    /// Another configuration, which this one is added to: a value here stands in place of that one's, a list or a table is added to it.
    #[schemars(with = "Option<PathBuf>")]
    pub(super) extend: Option<Spanned<PathBuf>>,
    /// The language of replies that do not say theirs: es, sv, en or a lexicon's own; auto to detect it.
    #[schemars(with = "Option<String>")]
    pub(super) lang: Option<Spanned<String>>,
    /// The language of messages: es, sv, en, or reply for each reply's own.
    #[schemars(with = "Option<String>")]
    pub(super) message_lang: Option<Spanned<String>>,
    /// Run these rules alone: ids, families or all.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) select: Option<Vec<Spanned<String>>>,
    /// Run these rules too: the way to turn opt-in rules on.
    #[schemars(with = "Vec<String>")]
    pub(super) extend_select: Vec<Spanned<String>>,
    /// Leave these rules out.
    #[schemars(with = "Vec<String>")]
    pub(super) ignore: Vec<Spanned<String>>,
    /// How severe a rule, or a family, is for this team.
    #[schemars(with = "BTreeMap<String, Level>")]
    pub(super) severity: BTreeMap<Spanned<String>, Level>,
    /// Names that count as "we": the company's, its products'.
    pub(super) own_names: Vec<String>,
    /// Lexicons of the team's own: files, or folders of them.
    #[schemars(with = "Vec<PathBuf>")]
    pub(super) lexicons: Vec<Spanned<PathBuf>>,
    /// Profiles of the team's own, which tell where in a tool's files the replies are: files, or folders of them.
    #[schemars(with = "Vec<PathBuf>")]
    pub(super) profiles: Vec<Spanned<PathBuf>>,
    /// Judge what is left out for these reasons, too: internal, inactive, twin, untranslated, fuzzy, introduction or note.
    #[schemars(with = "Vec<String>")]
    pub(super) include: Vec<Spanned<String>>,
    /// Whether the texts are fragments to be inserted into replies: the rules about whole replies rest.
    pub(super) fragments: Option<bool>,
    /// Files not to check: patterns.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Spanned<String>>,
    /// Fail when a finding is at least this severe.
    pub(super) fail_on: Option<FailOn>,
    /// Fail when the score of all replies together is below this.
    #[serde(deserialize_with = "score")]
    #[schemars(range(max = 100))]
    pub(super) min_score: Option<u32>,
    /// The same for the rules of one family.
    #[schemars(with = "BTreeMap<String, Gate>")]
    pub(super) gates: BTreeMap<Spanned<String>, Gate>,
    /// Where the baseline is; `tactful-baseline.json` beside this file unless said otherwise.
    pub(super) baseline: Option<PathBuf>,
    /// What is otherwise for some files.
    #[serde(rename = "override")]
    pub(super) overrides: Vec<Override>,
    /// Findings that somebody decided to live with.
    pub(super) suppress: Vec<Suppress>,
}

/// What is otherwise for some files. Of several that match, each is added to those before it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Override {
    /// Which files: patterns.
    #[schemars(with = "Vec<String>")]
    pub(super) files: Spanned<Vec<Spanned<String>>>,
    /// The language of replies that do not say theirs.
    #[schemars(with = "Option<String>")]
    pub(super) lang: Option<Spanned<String>>,
    /// Run these rules alone.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) select: Option<Vec<Spanned<String>>>,
    /// Run these rules too.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) extend_select: Vec<Spanned<String>>,
    /// Leave these rules out.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) ignore: Vec<Spanned<String>>,
    /// How severe a rule, or a family, is.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Level>")]
    pub(super) severity: BTreeMap<Spanned<String>, Level>,
    /// Judge what is left out for these reasons, too.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) include: Vec<Spanned<String>>,
    /// Whether the texts are fragments.
    pub(super) fragments: Option<bool>,
}

/// Findings that somebody decided to live with, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Suppress {
    /// Which rules: ids or families.
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub(super) rules: Spanned<Vec<Spanned<String>>>,
    /// In which files: patterns; in every one unless said.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) files: Vec<Spanned<String>>,
    /// In which replies: their ids, or their titles where they have none; in every one unless said.
    #[serde(default)]
    pub(super) entries: Vec<String>,
    /// In which locale: `sv`, or `es` for `es-MX`, too; in every one unless said.
    pub(super) locale: Option<String>,
    /// Why, for whoever reads this next year.
    #[schemars(with = "String", length(min = 1))]
    pub(super) reason: Spanned<String>,
}

/// A file's text, to tell places in it.
#[derive(Debug)]
pub(super) struct Text<'t> {
    path: &'t Path,
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'t> Text<'t> {
    pub(super) fn new(path: &'t Path, text: &'t str) -> Text<'t> {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Text { path, text, lines }
    }

    pub(super) fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        let line = self.lines.partition_point(|start| *start <= span.start);
        let column = self.text.get(self.lines[line - 1]..span.start).map_or(1, |before| before.chars().count() + 1);
        Problem { path: display(self.path), line: Some(line), column: Some(column), message: message.into() }
    }

    pub(super) fn placed<T>(&self, value: Spanned<T>) -> Placed<T> {
        let Problem { path, line, column, .. } = self.problem(value.span(), "");
        Placed { value: value.into_inner(), path, line, column }
    }
}

/// Reads a configuration.
///
/// # Errors
///
/// If it is not TOML or says something that it may not: where, and what was expected.
pub(super) fn parse(path: &Path, text: &str) -> Result<File, Problem> {
    toml::from_str(text).map_err(|error| {
        let message = tactful_message(error.message());
        Text::new(path, text).problem(error.span().unwrap_or(0..0), message)
    })
}

/// serde's message on one line, with the nearest key that there is.
fn tactful_message(message: &str) -> String {
    let named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match named.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") && !known.is_empty() => {
            let expected = known.join(", ");
            format!("there is no key \"{unknown}\" here; expected {expected}{}", did_you_mean(unknown, known.iter()))
        }
        Some((unknown, known)) if message.starts_with("unknown variant") && !known.is_empty() => {
            let expected = known.join(", ");
            format!("expected one of {expected}, found \"{unknown}\"{}", did_you_mean(unknown, known.iter()))
        }
        Some((missing, _)) if message.starts_with("missing field") => format!("expected the key \"{missing}\" here"),
        _ => wrong_type(message).unwrap_or_else(|| message.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

/// serde's message about a value of another type, in TOML's words.
fn wrong_type(message: &str) -> Option<String> {
    if message == "wanted string or table" {
        return Some("expected a text in quotes".into());
    }
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let expected = match expected {
        "a sequence" => "a list",
        "a map" => "a table",
        "a boolean" => "true or false",
        "a string" | "path string" => "a text in quotes",
        expected if expected.starts_with("struct ") => "a table",
        expected => expected,
    };
    let found = found.replace("map", "a table").replace("sequence", "a list").replace('`', "");
    Some(format!("expected {expected}, found {found}"))
}

/// `; did you mean "ignore"?`, where something comes near.
pub(crate) fn did_you_mean<'n>(name: &str, known: impl Iterator<Item = &'n (impl AsRef<str> + ?Sized + 'n)>) -> String {
    let near = |known: &'n _| (strsim::jaro_winkler(name, AsRef::<str>::as_ref(known)), AsRef::<str>::as_ref(known));
    let best = known.map(near).max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((likeness, known)) if likeness > 0.75 => format!("; did you mean \"{known}\"?"),
        _ => String::new(),
    }
}
