//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tactful_reader::Why;

/// Reads replies before the customer does, and points at the words that will cost their goodwill.
#[derive(Debug, Parser)]
#[command(name = "tactful", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t, global = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check replies: files, folders, or - for standard input.
    Check(Box<Check>),
    /// Show what is read in a file, and why.
    Inspect(Inspect),
    /// Explain a rule: what it flags, why, and its examples.
    Explain(Explain),
    /// List the rules.
    Rules(Rules),
    /// Keep a list of findings that are known, so that only new ones are told.
    Baseline(Box<Baseline>),
    /// Show, begin or describe the configuration, tactful.toml.
    Config(Config),
    /// Work on lexicons.
    Lexicon(Lexicon),
    /// Print the JSON Schema of the JSON report.
    Schema,
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

/// What to read, and how to judge it.
#[derive(Debug, clap::Args)]
pub(crate) struct Scope {
    /// Files and folders; - is standard input. Folders are walked as ripgrep does: the text, Markdown, HTML, template, JSON, JSON Lines, YAML, TOML,
    /// CSV, gettext and mail files that no ignore file names, except README, LICENSE and CHANGELOG. `tactful inspect` shows what is read in them.
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The configuration of every file, in place of the tactful.toml nearest to each.
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub(crate) config: Option<PathBuf>,
    /// Leave every configuration aside.
    #[arg(long, conflicts_with = "config", help_heading = "Configuration")]
    pub(crate) isolated: bool,
    /// The language of replies that do not say theirs: es, sv, en, or auto to detect it, which is the default.
    #[arg(long, value_name = "LANG", help_heading = "Judging")]
    pub(crate) lang: Option<String>,
    /// The language of messages: es, sv, en (the default), or reply for each reply's own.
    #[arg(long, value_name = "LANG", help_heading = "Judging")]
    pub(crate) message_lang: Option<String>,
    /// Run these rules alone: ids, families or all.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    pub(crate) select: Vec<String>,
    /// Run these rules too: the way to turn opt-in rules on.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    pub(crate) extend_select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    pub(crate) ignore: Vec<String>,
    /// A lexicon of your own to add: a file, or a folder of them.
    #[arg(long, value_name = "PATH", help_heading = "Judging")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// A profile of your own, which tells where in your tool's files the replies are: a file, or a folder of them.
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    pub(crate) profile: Vec<PathBuf>,
    /// Judge what is left out for these reasons, too: internal, inactive, twin, untranslated, fuzzy, introduction or note.
    #[arg(long, value_name = "WHY", value_delimiter = ',', value_parser = why, help_heading = "Judging")]
    pub(crate) include: Vec<Why>,
    /// A name that counts as "we": the company's, a product's.
    #[arg(long, value_name = "NAME", help_heading = "Judging")]
    pub(crate) own_name: Vec<String>,
    /// The texts are fragments to be inserted into replies: the rules about whole replies rest.
    #[arg(long, help_heading = "Judging")]
    pub(crate) fragments: bool,
    /// The largest file to read: bytes, or with K, M or G.
    #[arg(long, value_name = "SIZE", default_value = "10M", value_parser = size, help_heading = "Files")]
    pub(crate) max_size: u64,
    /// What to call standard input; its ending tells the format, its folder the configuration.
    #[arg(long, value_name = "NAME", default_value = "stdin.txt", help_heading = "Files")]
    pub(crate) stdin_filename: PathBuf,
    /// Walk into what ignore files name.
    #[arg(long, help_heading = "Files")]
    pub(crate) no_ignore: bool,
    /// Walk into hidden files and folders.
    #[arg(long, help_heading = "Files")]
    pub(crate) hidden: bool,
    /// Take files that are named as if they had been found in a folder: pass over what the configuration excludes, and what holds no replies.
    #[arg(long, help_heading = "Files")]
    pub(crate) force_exclude: bool,
    /// How many threads to use; 0 is one for each core.
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, help_heading = "Files")]
    pub(crate) threads: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// How to write the report.
    #[arg(long, value_enum, default_value_t, help_heading = "Report")]
    pub(crate) format: Format,
    /// Write the report to this file instead; as FORMAT=FILE another one beside it, as often as you like.
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = output, help_heading = "Report")]
    pub(crate) output: Vec<Output>,
    /// Judge only what changed since this git revision, or since the branch left it.
    #[arg(long, value_name = "REV", conflicts_with_all = ["fix", "diff"], help_heading = "Only what is new")]
    pub(crate) since: Option<String>,
    /// The findings that are known and not told; by default the configuration's, or tactful-baseline.json beside it.
    #[arg(long, value_name = "FILE", help_heading = "Only what is new")]
    pub(crate) baseline: Option<PathBuf>,
    /// Tell findings that the baseline knows, too.
    #[arg(long, conflicts_with = "baseline", help_heading = "Only what is new")]
    pub(crate) no_baseline: bool,
    /// Make the suggestions whose meaning is certain, in the files themselves; standard input is printed as it then reads.
    #[arg(long, help_heading = "Rewrites")]
    pub(crate) fix: bool,
    /// Make those, too, that a person should look at; with --fix or --diff.
    #[arg(long, help_heading = "Rewrites")]
    pub(crate) unsafe_fixes: bool,
    /// Print what --fix would change, write nothing, and exit with 1 if that is anything.
    #[arg(long, conflicts_with_all = ["format", "output"], help_heading = "Rewrites")]
    pub(crate) diff: bool,
    /// Exit with 1 when a finding is at least this severe (error, warning, hint or never; warning is the default); as FAMILY=SEVERITY for one family.
    #[arg(long, value_name = "[FAMILY=]SEVERITY", value_delimiter = ',', value_parser = limit::<FailOn>, help_heading = "Exit code")]
    pub(crate) fail_on: Vec<Limit<FailOn>>,
    /// Exit with 1 when the score of all replies together is below this; as FAMILY=SCORE for what the rules of one family leave of it.
    #[arg(long, value_name = "[FAMILY=]SCORE", value_delimiter = ',', value_parser = limit::<Score>, help_heading = "Exit code")]
    pub(crate) min_score: Vec<Limit<Score>>,
    /// Exit with 1 when a suppression or an entry of the baseline is not needed any more.
    #[arg(long, help_heading = "Exit code")]
    pub(crate) deny_unused: bool,
    /// Exit with 0 whatever is found.
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_zero: bool,
    /// Print no last line and no progress, only the report.
    #[arg(short, long, help_heading = "Report")]
    pub(crate) quiet: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Baseline {
    #[command(subcommand)]
    pub(crate) command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Write every finding there is now to the baseline.
    Write {
        #[command(flatten)]
        run: Box<BaselineRun>,
        /// Leave the words that were found out of the file: they may be confidential.
        #[arg(long)]
        without_words: bool,
    },
    /// Take out of the baseline what is not found any more.
    Prune(Box<BaselineRun>),
    /// Show what the baseline holds.
    Show {
        /// The baseline; by default the configuration's, or tactful-baseline.json beside it.
        file: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct BaselineRun {
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// The baseline; by default the configuration's, or tactful-baseline.json beside it.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show what is set for a file or a folder, and by which configuration.
    Show {
        /// The file or folder.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// The configuration, in place of the nearest tactful.toml.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Write a tactful.toml with every setting explained.
    Init {
        /// The folder it is for.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Print the JSON Schema of the configuration, for editors.
    Schema,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// The files; - is standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: InspectFormat,
    /// A profile of your own: a file, or a folder of them.
    #[arg(long, value_name = "PATH")]
    pub(crate) profile: Vec<PathBuf>,
    /// The largest file to read: bytes, or with K, M or G.
    #[arg(long, value_name = "SIZE", default_value = "10M", value_parser = size)]
    pub(crate) max_size: u64,
    /// What to call standard input; its ending tells the format.
    #[arg(long, value_name = "NAME", default_value = "stdin.txt")]
    pub(crate) stdin_filename: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The rule's id, as reports print it.
    pub(crate) rule: String,
    /// The language to explain it in: es, sv or en.
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// The language of the titles: es, sv or en.
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Lexicon {
    #[command(subcommand)]
    pub(crate) command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LexiconCommand {
    /// Prove a lexicon by its own examples.
    Check {
        /// Files and folders; the files of one language are proven together.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the words, why, and what to write instead.
    #[default]
    #[value(alias = "text")]
    Full,
    /// For people: one line a finding.
    Concise,
    /// For people: one line a finding under each file's name.
    Grouped,
    /// One JSON document; `tactful schema` describes it.
    Json,
    /// A JSON object a line: replies, then errors and notices, then the summary.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub's annotations; with GITHUB_STEP_SUMMARY set, its step summary, too.
    Github,
    /// A summary in Markdown.
    Markdown,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
    /// reviewdog's rdjson, suggestions included.
    Rdjson,
    /// The same a diagnostic a line.
    Rdjsonl,
    /// A page to open in a browser.
    Html,
}

/// How `inspect` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
}

/// A report to be written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    /// `None` for what `--format` says.
    pub(crate) format: Option<Format>,
    pub(crate) path: PathBuf,
}

/// How severe a finding must be to fail a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailOn {
    Error,
    #[default]
    Warning,
    Hint,
    Never,
}

impl FailOn {
    /// Whether a finding of that severity fails the run.
    pub(crate) fn fails(self, severity: tactful::Severity) -> bool {
        match self {
            FailOn::Error => severity >= tactful::Severity::Error,
            FailOn::Warning => severity >= tactful::Severity::Warning,
            FailOn::Hint => severity >= tactful::Severity::Hint,
            FailOn::Never => false,
        }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(name: &str) -> Result<FailOn, String> {
        <FailOn as ValueEnum>::from_str(name, false).map_err(|_| "expected error, warning, hint or never".into())
    }
}

/// A score from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Score(pub(crate) u32);

impl FromStr for Score {
    type Err = String;

    fn from_str(number: &str) -> Result<Score, String> {
        let score = number.parse().ok().filter(|score| *score <= 100);
        score.map(Score).ok_or_else(|| "expected a score from 0 to 100".into())
    }
}

/// Something asked of all rules, or of one family's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit<T> {
    pub(crate) family: Option<String>,
    pub(crate) value: T,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// `80`, or `refusal=90`.
fn limit<T: FromStr<Err = String>>(text: &str) -> Result<Limit<T>, String> {
    let (family, value) = text.split_once('=').map_or((None, text), |(family, value)| (Some(family), value));
    Ok(Limit { family: family.map(str::to_owned), value: value.parse()? })
}

/// `report.txt`, or `sarif=report.sarif`.
fn output(text: &str) -> Result<Output, String> {
    let (name, path) = text.split_once('=').map_or((None, text), |(name, path)| (Some(name), path));
    let format = name.map(|name| {
        let names = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
        Format::from_str(name, false).map_err(|_| format!("expected FORMAT=FILE, with one of {}", names.join(", ")))
    });
    if path.is_empty() || path == "-" {
        return Err("expected the name of a file: without --output the report is printed".into());
    }
    Ok(Output { format: format.transpose()?, path: path.into() })
}

fn why(name: &str) -> Result<Why, String> {
    let names: Vec<&str> = Why::ALL.iter().map(|why| why.as_str()).collect();
    let known = Why::ALL.into_iter().find(|why| why.as_str() == name);
    known.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// `10M` in bytes.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].to_ascii_uppercase().trim_end_matches(['B', 'I']) {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err("expected a size like 500K, 10M or 1G".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "expected a size like 500K, 10M or 1G".to_owned())?;
    number.checked_mul(unit).ok_or_else(|| "that is more than any file".into())
}
