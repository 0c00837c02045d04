//! What holds for every suggestion: the finding goes, nothing else comes, and the rest of the reply stays.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

#[path = "../src/proptest_settings.rs"]
mod proptest_settings;

use proptest::prelude::*;
use proptest_settings::settings;
use tactful::{Analyzer, Applicability, Draft, Finding, Language, Lexicon, Report, Severity, Suggestion};

const LANGUAGES: [&str; 3] = ["en", "es", "sv"];

/// Stand in for a hole, a noun phrase each.
const NEUTRAL: [(&str, &str); 3] = [("en", "a new lamp"), ("es", "una lámpara nueva"), ("sv", "en ny lampa")];

/// An analyzer of one language that runs every rule.
fn analyzer(language: &str) -> &'static Analyzer {
    static ANALYZERS: OnceLock<BTreeMap<&str, Analyzer>> = OnceLock::new();
    let build = |language| {
        let builder = Analyzer::builder().languages([language]).language(language);
        (language, builder.select(["all"]).build().unwrap())
    };
    &ANALYZERS.get_or_init(|| LANGUAGES.into_iter().map(build).collect())[language]
}

/// Replies to try suggestions on: the examples of the repository, and those that prove the lexicon, some of them together.
fn replies(language: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/canned-responses").join(language);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut replies: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let lexicon = Lexicon::builtin(&Language::new(language)).unwrap();
    let rules: Vec<_> = analyzer(language).rules().map(|rule| rule.id.clone()).collect();
    let risky: Vec<&str> = lexicon
        .iter()
        .flat_map(|file| rules.iter().flat_map(|rule| file.examples(rule)))
        .filter(|example| example.fires)
        .map(|example| example.text)
        .collect();
    // Every rule has its share of every few.
    replies.extend(risky.iter().step_by(7).map(|text| (*text).to_owned()));
    replies.extend(risky.chunks(3).step_by(29).map(|texts| texts.join(" ")));
    replies
}

/// A suggestion made, its holes filled.
fn made(language: &str, text: &str, suggestion: &Suggestion) -> String {
    let neutral = NEUTRAL.iter().find(|(known, _)| *known == language).unwrap().1;
    suggestion.holes.iter().fold(suggestion.apply(text), |text, hole| text.replace(&format!("{{{hole}}}"), neutral))
}

/// How often a report names each rule.
fn counts(report: &Report) -> BTreeMap<&str, (isize, Severity)> {
    let mut counts = BTreeMap::new();
    for finding in report.findings() {
        let count = counts.entry(finding.rule.as_str()).or_insert((0, finding.severity));
        *count = (count.0 + 1, count.1.max(finding.severity));
    }
    counts
}

/// What a rewrite may not lose: order numbers, amounts, dates, placeholders, addresses.
fn precious(text: &str) -> impl Iterator<Item = &str> {
    let edge = |c: char| !c.is_alphanumeric() && !"{}%[]€$£".contains(c);
    let months = ["january", "may", "june", "enero", "mayo", "junio", "januari", "maj", "juni"];
    let money = ["€", "kr", "euros", "kronor", "pounds", "dollars"];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(edge)).collect();
    let holds = move |at: usize| {
        let (word, next) = (words[at], words[at + 1..].iter().find(|word| **word != "de" && **word != "of"));
        let next = next.map_or(String::new(), |next| next.to_lowercase());
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let named = months.contains(&next.as_str()) || money.contains(&next.as_str());
        let precious = digits >= 4
            || (digits > 0 && word.contains(['€', '$', '£']))
            || (number && named)
            || word.contains("://")
            || word.contains("{{");
        precious.then_some(word)
    };
    (0..text.split_whitespace().count()).filter_map(holds)
}

fn each_suggestion(language: &str, mut check: impl FnMut(&str, &Report, &Finding, &Suggestion)) -> usize {
    let mut seen = 0;
    for text in replies(language) {
        let report = analyzer(language).analyze(&text);
        for finding in report.findings() {
            for suggestion in finding.suggestions() {
                check(&text, &report, finding, suggestion);
                seen += 1;
            }
        }
    }
    seen
}

#[test]
fn a_suggestion_made_leaves_no_finding_and_brings_none() {
    for language in LANGUAGES {
        let mut wrong = Vec::new();
        let seen = each_suggestion(language, |text, report, finding, suggestion| {
            let after = made(language, text, suggestion);
            let again = analyzer(language).analyze(&after);
            let (before, now) = (counts(report), counts(&again));
            let rule = finding.rule.as_str();
            let stays = now.get(rule).is_some_and(|now| now.0 >= before[rule].0);
            let new = now.iter().find(|(rule, (count, severity))| {
                *severity >= Severity::Warning && *count > before.get(*rule).map_or(0, |before| before.0)
            });
            if stays || new.is_some() {
                wrong.push(format!("{rule} {}: {text:?} -> {after:?}: {new:?}", suggestion.rewrite));
            }
        });
        assert!(seen > 1_000, "{language}: {seen}");
        assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn outside_its_edits_nothing_changes_and_what_is_precious_survives() {
    for language in LANGUAGES {
        each_suggestion(language, |text, _, finding, suggestion| {
            let after = suggestion.apply(text);
            let (mut at, mut now) = (0, 0);
            for edit in &suggestion.edits {
                assert!(at <= edit.span.start && edit.span.start <= edit.span.end, "{text:?}");
                let kept = &text[at..edit.span.start];
                assert_eq!(&after[now..now + kept.len()], kept);
                now += kept.len() + edit.text.len();
                at = edit.span.end;
            }
            assert_eq!(&after[now..], &text[at..]);
            if finding.rule.family() != "promise" {
                for word in precious(text) {
                    assert!(after.contains(word), "{word} is lost by {}: {text:?} -> {after:?}", suggestion.rewrite);
                }
            }
            let holes = suggestion.holes.iter().all(|hole| after.contains(&format!("{{{hole}}}")));
            assert!(holes, "{after:?}");
            assert_eq!(suggestion.applicability == Applicability::HasPlaceholders, !suggestion.holes.is_empty());
        });
    }
}

/// Words that show another form of address than the one they stand under.
const FOREIGN: [(&str, &[&str]); 8] = [
    ("tu", &["usted", "ustedes", "vos", "os", "vosotros", "vuestro", "vuestra", "su", "sus", "le", "les"]),
    ("vos", &["usted", "ustedes", "tú", "os", "vosotros", "vuestro", "vuestra", "su", "sus", "le", "les"]),
    ("usted", &["tú", "vos", "tu", "tus", "te", "ti", "os", "vosotros", "vuestro", "vuestra"]),
    ("vosotros", &["usted", "ustedes", "tú", "vos", "tu", "tus", "te", "ti", "su", "sus", "le", "les"]),
    ("ustedes", &["tú", "vos", "tu", "tus", "te", "ti", "os", "vosotros", "vuestro", "vuestra"]),
    ("du", &["ni", "er", "ert", "era"]),
    ("ni", &["du", "dig", "din", "ditt", "dina"]),
    ("you", &[]),
];

#[test]
fn a_suggestion_keeps_the_form_of_address() {
    for language in LANGUAGES {
        each_suggestion(language, |text, report, finding, suggestion| {
            let Some(form) = report.form_of_address() else { return };
            // A reply that mixes forms is mended by changing one.
            if counts(report).contains_key("clarity/mixed-address") {
                return;
            }
            let after = made(language, text, suggestion);
            let again = analyzer(language).analyze(&after);
            let now = again.form_of_address();
            assert!(now.is_none_or(|now| now == form), "{form} -> {now:?}: {} {text:?} -> {after:?}", finding.rule);
            let words = |text: &str| -> Vec<String> {
                text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect()
            };
            let (_, foreign) = FOREIGN.iter().find(|(known, _)| *known == form.as_str()).unwrap();
            let old = words(text);
            for word in suggestion.edits.iter().flat_map(|edit| words(&edit.text)) {
                let new = foreign.contains(&word.as_str()) && !old.contains(&word);
                assert!(!new, "\"{word}\" under {form}: {} {text:?} -> {after:?}", suggestion.rewrite);
            }
        });
    }
}

#[test]
fn what_is_fixed_is_fixed() {
    for language in LANGUAGES {
        for text in replies(language) {
            for least in [Applicability::MachineApplicable, Applicability::MaybeIncorrect] {
                let once = analyzer(language).analyze(&text).fixed(&text, least);
                let twice = analyzer(language).analyze(&once).fixed(&once, least);
                assert_eq!(once, twice, "{text:?}");
            }
        }
    }
}

/// Pieces that rewrites look for, in three languages, and marks that get in their way.
const PIECES: [&str; 34] = [
    "we can't refund",
    "order 4471",
    "until it arrives",
    "because it was made to measure",
    "but I'll send",
    "unfortunately",
    "I'm sorry",
    "Hi Ana,",
    "you must send",
    "no podemos enviarlo",
    "hasta el lunes",
    "lo siento",
    "porque",
    "pero",
    "se ha producido un error",
    "usted",
    "¿",
    "vi kan inte byta",
    "utan kvitto",
    "eftersom",
    "jag är ledsen",
    "obviously",
    "{{name}}",
    "https://shop.example/faq",
    "34,95 €",
    ".",
    ",",
    "?",
    "(",
    ")",
    "\n",
    "\r\n\r\n",
    "🙂",
    "e\u{301}",
];

proptest! {
    #![proptest_config(settings(300))]

    #[test]
    fn any_text_may_be_asked_for_suggestions(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        glue in prop::sample::select(&[" ", ""][..]),
        language in prop::sample::select(&LANGUAGES[..]),
    ) {
        let text = pieces.join(glue);
        let report = analyzer(language).analyze_draft(&Draft::new(&text));
        for suggestion in report.findings().iter().flat_map(Finding::suggestions) {
            for edit in &suggestion.edits {
                prop_assert!(text.is_char_boundary(edit.span.start) && text.is_char_boundary(edit.span.end));
            }
            prop_assert!(suggestion.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
            prop_assert!(suggestion.apply(&text) != text);
            let _ = (suggestion.apply("another"), suggestion.apply(""), suggestion.excerpt(&text), suggestion.excerpt("é"));
        }
        let once = report.fixed(&text, Applicability::MaybeIncorrect);
        let twice = analyzer(language).analyze(&once).fixed(&once, Applicability::MaybeIncorrect);
        prop_assert_eq!(twice, once);
    }
}
