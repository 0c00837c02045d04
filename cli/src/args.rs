//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
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
    /// Work on lexicons.
    Lexicon(Lexicon),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Files and folders; - is standard input. Folders are walked as ripgrep does: the text, Markdown, HTML, template, JSON, JSON Lines, YAML, TOML,
    /// CSV, gettext and mail files that no ignore file names, except README, LICENSE and CHANGELOG. `tactful inspect` shows what is read in them.
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// The language of replies that do not say theirs: es, sv, en, or auto to detect it.
    #[arg(long, value_name = "LANG", default_value = "auto")]
    pub(crate) lang: String,
    /// The language of messages: es, sv, en, or reply for each reply's own.
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) message_lang: String,
    /// Run these rules alone: ids, families or all.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Run these rules too: the way to turn opt-in rules on.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Leave these rules out.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// A lexicon of your own to add: a file, or a folder of them.
    #[arg(long, value_name = "PATH")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// A profile of your own, which tells where in your tool's files the replies are: a file, or a folder of them.
    #[arg(long, value_name = "PATH")]
    pub(crate) profile: Vec<PathBuf>,
    /// Judge what is left out for these reasons, too: internal, inactive, twin, untranslated, fuzzy, introduction or note.
    #[arg(long, value_name = "WHY", value_delimiter = ',', value_parser = why)]
    pub(crate) include: Vec<Why>,
    /// A name that counts as "we": the company's, a product's.
    #[arg(long, value_name = "NAME")]
    pub(crate) own_name: Vec<String>,
    /// The texts are fragments to be inserted into replies: the rules about whole replies rest.
    #[arg(long)]
    pub(crate) fragments: bool,
    /// Make the suggestions whose meaning is certain, in the files themselves; standard input is printed as it then reads.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Make those, too, that a person should look at; with --fix or --diff.
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what --fix would change, write nothing, and exit with 1 if that is anything.
    #[arg(long, conflicts_with = "format")]
    pub(crate) diff: bool,
    /// Exit with 1 when a finding is at least this severe.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) fail_on: FailOn,
    /// Exit with 0 whatever is found.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The largest file to read: bytes, or with K, M or G.
    #[arg(long, value_name = "SIZE", default_value = "10M", value_parser = size)]
    pub(crate) max_size: u64,
    /// What to call standard input; its ending tells the format.
    #[arg(long, value_name = "NAME", default_value = "stdin.txt")]
    pub(crate) stdin_filename: PathBuf,
    /// Walk into what ignore files name.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Walk into hidden files and folders.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// How many threads to use; 0 is one for each core.
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// The files; - is standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
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
