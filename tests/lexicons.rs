//! The built-in lexicons hold, and the repository agrees with itself about them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tactful::{Analyzer, Language, Lexicon};

const LANGUAGES: [&str; 3] = ["en", "es", "sv"];

fn folder(language: &str) -> Vec<Lexicon> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons").join(language);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = format!("lexicons/{language}/{}", path.file_name().unwrap().to_string_lossy());
        Lexicon::parse(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
    };
    paths.iter().map(read).collect()
}

#[test]
fn every_phrase_is_proven_by_its_examples() {
    let mut errors = Vec::new();
    for language in LANGUAGES {
        match Lexicon::check(&folder(language)) {
            Ok(proven) => assert!(proven.patterns > 500, "{language} has {} patterns", proven.patterns),
            Err(found) => errors.extend(found),
        }
    }
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_file_on_disk_is_embedded() {
    for language in LANGUAGES {
        let embedded = Lexicon::builtin(&Language::new(language)).unwrap();
        assert_eq!(
            embedded.len(),
            folder(language).len(),
            "{language}: add new files to `embedded!` in src/lexicon/builtin.rs"
        );
    }
    let on_disk: BTreeSet<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<String> =
        Analyzer::new().unwrap().languages().map(|language| language.code().to_owned()).collect();
    assert_eq!(on_disk, known);
}

#[test]
fn every_rule_speaks_every_language() {
    let analyzer = Analyzer::new().unwrap();
    for rule in analyzer.rules() {
        for language in LANGUAGES {
            let told = rule.messages.iter().find(|(known, _)| known.code() == language);
            let (_, message) = told.unwrap_or_else(|| panic!("{} has no message in {language}", rule.id));
            assert!(!message.title.is_empty() && message.message.len() > 20 && message.why.len() > 20, "{}", rule.id);
        }
    }
}

#[test]
fn every_rule_about_words_has_phrases_in_every_language() {
    // These look at the reply as a whole, or count.
    let computed = ["apology/repeated", "clarity/mixed-address"];
    let analyzer = Analyzer::new().unwrap();
    for language in LANGUAGES {
        let lexicon = Lexicon::builtin(&Language::new(language)).unwrap();
        for rule in analyzer.rules() {
            let whole = rule.id.family() == "structure" || computed.contains(&rule.id.as_str());
            let proven = lexicon.iter().flat_map(|file| file.examples(&rule.id)).count();
            assert_eq!(proven == 0, whole, "{} in {language}", rule.id);
        }
    }
}

#[test]
fn a_mistake_is_named_by_file_line_and_entry() {
    let told = |text: &str| match Lexicon::parse("own.toml", text) {
        Ok(lexicon) => Lexicon::check(&[lexicon]).unwrap_err()[0].to_string(),
        Err(error) => error.to_string(),
    };
    let phrase = |pattern: &str, risky: &str, fine: &str| {
        format!(
            "language = \"en\"\n[[rule]]\nid = \"refusal/policy\"\n[[rule.phrase]]\nid = \"own\"\nmatch = [\"{pattern}\"]\nrisky = [\"{risky}\"]\nfine = [\"{fine}\"]\n"
        )
    };
    let cases = [
        (phrase("house custom", "It is house custom.", "Our house."), ""),
        (
            phrase("house (custom", "It is house custom.", "Our house."),
            "own.toml:6:24: expected ')', in \"house (custom\"",
        ),
        (phrase("house @custom", "It is house custom.", "Our house."), "own.toml:6:17: there is no word list @custom"),
        (
            phrase("house <thing>", "It is house custom.", "Our house."),
            "own.toml:6:17: there is no token class <thing>",
        ),
        (phrase("_ ... _", "It is house custom.", "Our house."), "own.toml:6:11: it needs at least one plain word"),
        (phrase("house custom", "It is a custom.", "Our house."), "own.toml:7:10: en/refusal/policy/own must fire on"),
        (
            phrase("house custom", "It is house custom.", "A house custom."),
            "own.toml:8:9: en/refusal/policy/own must stay silent on",
        ),
        (
            phrase("house", "My house.", "").replace("refusal/policy", "refusal"),
            "own.toml:3:6: expected a rule id like",
        ),
        (
            phrase("house", "My house.", "").replace("refusal/policy", "acme/x"),
            "own.toml:3:6: acme/x is not in the catalogue",
        ),
        (phrase("house", "My house.", "").replace("match", "matches"), "own.toml:6:1: unknown field `matches`"),
        ("language = \"de\"".to_owned(), "own.toml:1:12: there is no built-in lexicon for \"de\""),
        ("language = ".to_owned(), "own.toml:1:"),
    ];
    for (text, expected) in cases {
        if expected.is_empty() {
            assert!(Lexicon::check(&[Lexicon::parse("own.toml", &text).unwrap()]).is_ok());
        } else {
            let told = told(&text);
            assert!(told.starts_with(expected), "expected {expected:?}, found {told:?}");
        }
    }
}
