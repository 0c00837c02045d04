//! Built-in lexicons as they are embedded: compiled, so that a process need not. `lexicons/compiled/` is made of the sources by the test below.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::rule::{Message, Rule, RuleId};
use crate::rules::Rules;
use crate::{Error, Language, Severity, shared};

/// The catalogue, in plain words.
#[derive(Serialize, Deserialize)]
struct Catalogue {
    rules: Vec<Entry>,
    /// Pairs of rules of which the first wins.
    beats: Vec<(usize, usize)>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    severity: String,
    opt_in: bool,
    source: String,
    /// Language, title, message, why.
    messages: Vec<(String, String, String, String)>,
}

pub(super) fn read_engine(file: &'static [u8]) -> Result<Engine, Error> {
    read(file)
}

pub(super) fn read_rules(file: &'static [u8]) -> Result<Rules, Error> {
    let catalogue: Catalogue = read(file)?;
    let mut rules = Rules::default();
    for entry in catalogue.rules {
        let message = |(language, title, message, why): (String, String, String, String)| {
            (Language::new(&language), Message { title: title.into(), message: message.into(), why: why.into() })
        };
        rules.push(Rule {
            id: RuleId::new(&entry.id)?,
            severity: entry.severity.parse::<Severity>()?,
            opt_in: entry.opt_in,
            source: entry.source.into(),
            messages: entry.messages.into_iter().map(message).collect(),
        });
    }
    rules.rank(catalogue.beats.into_iter().map(|(higher, lower)| vec![higher, lower]));
    Ok(rules)
}

fn read<T: DeserializeOwned>(file: &'static [u8]) -> Result<T, Error> {
    shared::read(file).map_err(|error| Error::new(format!("lexicons/compiled is not of this version: {error}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::{env, fs};

    use super::*;
    use crate::lexicon::builtin;

    fn catalogue(rules: &Rules) -> Catalogue {
        let entry = |rule: &Rule| Entry {
            id: rule.id.to_string(),
            severity: rule.severity.to_string(),
            opt_in: rule.opt_in,
            source: rule.source.to_string(),
            messages: rule
                .messages
                .iter()
                .map(|(language, text)| {
                    (language.to_string(), text.title.to_string(), text.message.to_string(), text.why.to_string())
                })
                .collect(),
        };
        Catalogue { rules: rules.list.iter().map(entry).collect(), beats: rules.beaten() }
    }

    fn file<T: Serialize>(of: &T) -> Vec<u8> {
        shared::write(of).unwrap()
    }

    /// `TACTFUL_UPDATE=1 cargo test --lib compiled` makes the files anew.
    #[test]
    fn compiled_lexicons_are_those_of_their_sources() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/compiled");
        let mut files = vec![("rules.bin".to_owned(), file(&catalogue(&builtin::source_rules().unwrap())))];
        for language in builtin::languages() {
            let engine = builtin::compile_source(&language).unwrap().unwrap();
            files.push((format!("{language}.bin"), file(&engine)));
        }
        let update = env::var_os("TACTFUL_UPDATE").is_some();
        for (name, made) in files {
            let path = folder.join(&name);
            if update {
                fs::write(&path, &made).unwrap();
            }
            let kept = fs::read(&path).unwrap_or_default();
            assert!(
                made == kept,
                "lexicons/compiled/{name} is not of its sources: TACTFUL_UPDATE=1 cargo test --lib compiled"
            );
        }
    }
}
