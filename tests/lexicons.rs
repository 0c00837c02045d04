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
        // What is made of the others.
        .filter(|folder| folder != "compiled")
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
            let whole = matches!(rule.id.family(), "structure" | "variants") || computed.contains(&rule.id.as_str());
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

#[test]
fn a_mistake_in_a_rewrite_is_named_by_file_line_and_entry() {
    let told = |text: &str| match Lexicon::parse("own.toml", text) {
        Ok(lexicon) => Lexicon::check(&[lexicon]).unwrap_err()[0].to_string(),
        Err(error) => error.to_string(),
    };
    let rewrite =
        |lines: &str| format!("language = \"en\"\n[[rewrite]]\nid = \"own\"\nrules = [\"refusal/flat-no\"]\n{lines}");
    let examples = "examples = [{ before = \"No.\", after = \"Yes.\" }]\n";
    let cases = [
        ("text = \"What <who> can do is {offer}.\"\n", "own.toml:5:14: there is no <who> in [inflect]"),
        ("text = \"What {offer\"\n", "own.toml:5:14: expected a name and '}'"),
        ("text = \"$what.\"\n", "own.toml:5:9: there is no `match` to capture $what"),
        ("match = [\"no what=_\"]\ntext = \"$that\"\n", "own.toml:6:9: not every pattern captures $that"),
        ("match = [\"no what=_\"]\ntext = \"$what.past\"\n", "own.toml:6:9: $what is captured by no table of forms"),
        ("match = [\"no what=\"]\ntext = \"\"\n", "own.toml:5:19: expected what to capture"),
        ("place = \"margin\"\ntext = \"\"\n", "own.toml:5:9: expected a place (match, words, clause,"),
        ("place = \"match\"\ntext = \"\"\n", "own.toml:3:6: place = \"match\" needs a `match`"),
        (
            "when = \"never\"\ntext = \"\"\n",
            "own.toml:5:8: expected \"offered\", \"bare\" or \"last\", found \"never\"",
        ),
        ("certain = true\ntext = \"I can {offer}.\"\n", "own.toml:3:6: what has holes cannot be certain"),
        ("text = \"I can help.\"\n", "own.toml:6:24: own must make \"Yes.\" of \"No.\", but writes \"I can help.\""),
    ];
    for (lines, expected) in cases {
        let told = told(&rewrite(&format!("{lines}{examples}")));
        assert!(told.starts_with(expected), "expected {expected:?}, found {told:?}");
    }
    let capture = "language = \"en\"\n[[rule]]\nid = \"refusal/policy\"\n[[rule.phrase]]\nid = \"own\"\nmatch = [\"what=house custom\"]\nrisky = [\"House custom.\"]\nfine = [\"Our house.\"]\n";
    assert!(told(capture).starts_with("own.toml:6:11: only a rewrite's pattern captures words"), "{}", told(capture));
    let inflect = "language = \"en\"\n[inflect]\nour = { i = \"my\" }\n";
    assert!(told(inflect).starts_with("own.toml:3:1: <our> needs a form for each of"), "{}", told(inflect));
}

#[test]
fn a_rewrite_captures_what_its_pattern_took() {
    let rewrite = |pattern: &str, text: &str, before: &str, after: &str| {
        let own = format!(
            "language = \"en\"\n[[rule]]\nid = \"acme/tea\"\nseverity = \"hint\"\nmessage = \"m\"\nwhy = \"w\"\n[[rule.phrase]]\nid = \"tea\"\nmatch = [\"tea\"]\nrisky = [\"Tea.\"]\nfine = [\"Cake.\"]\n[forms.verb]\ncolumns = [\"base\", \"past\"]\nrows = [[\"drink\", \"drank\"], [\"make\", \"made\"]]\nendings.it = {{ yt = \"it\" }}\n[[rewrite]]\nid = \"own\"\nrules = [\"acme/tea\"]\nmatch = [\"{pattern}\"]\ntext = \"{text}\"\nexamples = [{{ before = \"{before}\", after = \"{after}\" }}]\n"
        );
        let checked = Lexicon::check(&[Lexicon::parse("own.toml", &own).unwrap()]);
        assert!(checked.is_ok(), "{}", checked.unwrap_err()[0]);
    };
    rewrite(
        "tea what=(_ ...3) here",
        "coffee $what there",
        "We serve tea with cold milk here.",
        "We serve coffee with cold milk there.",
    );
    // Of two gaps the last takes the least; a definite step takes what it can.
    rewrite("tea one=(_ ...3) two=...3 here", "$two, $one", "Buy tea for two of us here.", "Buy for two of us.");
    rewrite("tea [for who=_] here", "coffee $who", "Buy tea here.", "Buy coffee.");
    rewrite("tea [for who=_] here", "coffee $who", "Buy tea for {{name}} here.", "Buy coffee {{name}}.");
    rewrite("what=...3 [please] tea", "$what", "I want it please tea.", "I want it.");
    rewrite("(x=_ a tea | tea y=_) [z=please]", "$x$y", "Buy tea bags.", "Buy bags.");
    rewrite("verb=<verb.base> tea", "$verb.past coffee", "You drink tea.", "You drank coffee.");
    rewrite("verb=<verb.base+it> tea", "$verb.past $verb.ending", "You makeyt tea.", "You made it.");
}
