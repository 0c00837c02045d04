//! Lexicons as large as one likes, in the style of the real one.

use std::collections::HashMap;
use std::fs;

use tactful::{Analyzer, Lexicon};
use toml::{Table, Value};

use super::{Kind, benches, replies};

/// An analyzer of a language whose lexicon stands in it so many times: as it is, and in copies that say the same of other things: the commonest
/// words stay, the others give way to such as are about as frequent.
pub fn analyzer(language: &str, times: usize) -> Analyzer {
    let mut builder = Analyzer::builder().languages([language]).language(language);
    let files = lexicon(language);
    let words = by_frequency(language, &files);
    for copy in 1..times {
        for (name, file) in &files {
            let mut file = file.clone();
            renew(&mut file, copy, &words);
            let text = toml::to_string(&file).unwrap();
            builder = builder.lexicon(Lexicon::parse(&format!("{name}-{copy}"), &text).unwrap());
        }
    }
    builder.build().unwrap()
}

/// The files of a language that hold phrases of rules and acts.
fn lexicon(language: &str) -> Vec<(String, Table)> {
    let folder = benches().parent().unwrap().join("lexicons").join(language);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let file: Table = fs::read_to_string(path).unwrap().parse().unwrap();
        let phrases = file.contains_key("rule") || file.contains_key("act");
        phrases.then(|| (path.file_stem().unwrap().to_string_lossy().into_owned(), file))
    };
    paths.iter().filter_map(read).collect()
}

/// The words of the replies and of the lexicon, the most frequent first, and the place of each.
struct Words {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

fn by_frequency(language: &str, files: &[(String, Table)]) -> Words {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for reply in [Kind::Clean, Kind::Typical].iter().flat_map(|&kind| replies(language, kind)) {
        each_word(&reply.to_lowercase(), |word| {
            *counts.entry(word.to_owned()).or_default() += 1;
            None
        });
    }
    for (_, file) in files {
        each_pattern(&mut file.clone(), &mut |pattern| {
            each_word(pattern, |word| {
                counts.entry(word.to_owned()).or_default();
                None
            });
        });
    }
    let mut list: Vec<(String, usize)> = counts.into_iter().filter(|(word, _)| !word.contains('\'')).collect();
    list.sort_by(|(word, count), (other, many)| many.cmp(count).then_with(|| word.cmp(other)));
    let list: Vec<String> = list.into_iter().map(|(word, _)| word).collect();
    let places = list.iter().enumerate().map(|(place, word)| (word.clone(), place)).collect();
    Words { list, places }
}

/// So many words every phrase is made with.
const COMMONEST: usize = 128;

/// Makes a file its copy of that number.
fn renew(file: &mut Table, copy: usize, words: &Words) {
    for group in ["rule", "act"] {
        for entry in file.get_mut(group).and_then(Value::as_array_mut).into_iter().flatten() {
            for phrase in entry.get_mut("phrase").and_then(Value::as_array_mut).into_iter().flatten() {
                let Some(Value::String(id)) = phrase.get_mut("id") else { continue };
                id.push_str(&format!("-{copy}"));
            }
        }
    }
    each_pattern(file, &mut |pattern| {
        // Of each sixteen words in order, the copies trade places.
        let other = |word: &str| {
            let place = words.places.get(word).filter(|&&place| place >= COMMONEST)?;
            words.list.get(place ^ copy).cloned()
        };
        *pattern = each_word(pattern, other);
    });
}

/// Calls `found` for each pattern of a file.
fn each_pattern(file: &mut Table, found: &mut impl FnMut(&mut String)) {
    for (key, value) in file.iter_mut() {
        match value {
            Value::Table(lists) if key == "words" => {
                lists.iter_mut().filter_map(|(_, list)| list.as_array_mut()).for_each(|list| each_text(list, found));
            }
            Value::Array(list) if key == "match" || key == "except" => each_text(list, found),
            Value::Array(list) => {
                list.iter_mut().filter_map(Value::as_table_mut).for_each(|table| each_pattern(table, found));
            }
            _ => {}
        }
    }
}

fn each_text(list: &mut [Value], found: &mut impl FnMut(&mut String)) {
    for text in list {
        if let Value::String(text) = text {
            found(text);
        }
    }
}

/// `pattern` with each word that `other` has another for; names and parts of words stay.
fn each_word(pattern: &str, mut other: impl FnMut(&str) -> Option<String>) -> String {
    let mut made = String::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let is_letter = |c: char| c.is_alphabetic() || c == '\'';
        let (between, after) = rest.split_at(rest.find(is_letter).unwrap_or(rest.len()));
        let (word, after) = after.split_at(after.find(|c| !is_letter(c)).unwrap_or(after.len()));
        made.push_str(between);
        let joined = between.ends_with(['@', '<', '*', '-', '_']) || after.starts_with(['>', '*', '-', '_', '=']);
        let other = if word.is_empty() || joined { None } else { other(word) };
        made.push_str(other.as_deref().unwrap_or(word));
        rest = after;
    }
    made
}
