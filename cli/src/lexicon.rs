//! `tactful lexicon check`: proves lexicons by their own examples.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use tactful::{Language, Lexicon};

use crate::Outcome;
use crate::args;
use crate::config::Placed;
use crate::load::lexicons;

pub(crate) fn run(lexicon: &args::Lexicon) -> Result<Outcome, Box<dyn Error>> {
    let args::LexiconCommand::Check { paths } = &lexicon.command;
    let paths: Vec<Placed<PathBuf>> = paths.iter().map(|path| Placed::file(path)).collect();
    let files = lexicons(&paths)?;
    if files.is_empty() {
        return Err("there is no lexicon to check: expected .toml files".into());
    }
    let mut languages: BTreeMap<Language, Vec<Lexicon>> = BTreeMap::new();
    for file in files {
        languages.entry(file.language()).or_default().push(file);
    }
    let mut outcome = Outcome::Clean;
    for (language, files) in languages {
        match Lexicon::check(&files) {
            Ok(proven) => {
                let (phrases, patterns, examples) = (proven.phrases, proven.patterns, proven.examples);
                let rewrites = proven.rewrites;
                anstream::println!(
                    "{language}: {phrases} phrases, {patterns} patterns, {rewrites} rewrites, {examples} examples: all hold"
                );
            }
            Err(errors) => {
                errors.iter().for_each(|error| anstream::eprintln!("{error}"));
                let noun = if errors.len() == 1 { "entry does" } else { "entries do" };
                anstream::eprintln!("{language}: {} {noun} not hold", errors.len());
                outcome = Outcome::Trouble;
            }
        }
    }
    Ok(outcome)
}
