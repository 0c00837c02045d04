//! The way by triggers finds what a naive scan of every pattern alone finds.

use proptest::prelude::*;

use super::*;
use crate::lexicon::{builtin_languages, builtin_source_engine};
use crate::proptest_settings::settings;

fn engines() -> Vec<Arc<Engine>> {
    builtin_languages().map(|language| builtin_source_engine(&language).unwrap().unwrap()).collect()
}

/// Both paths over `text`; the naive one for one pass's patterns.
fn assert_same(engine: &Engine, text: &str) {
    let document = Document::new(text, 0, &engine.tongue);
    for pass in Pass::ALL {
        let of_pass: Vec<usize> = (0..engine.body.patterns.len())
            .filter(|&pattern| pass_of(engine.body.phrases[engine.body.owners.at(pattern) as usize].owner) == pass)
            .collect();
        let naive = engine.scan(&document, of_pass.iter().copied());
        let mut found = Vec::new();
        engine.matches(&document, pass, &[], &mut Search::default(), &mut found);
        assert_eq!(found, naive, "{text:?}");
    }
}

/// The words that patterns of a language look for, as agents spell them.
fn vocabulary(engine: &Engine) -> Vec<String> {
    let triggers = (0..engine.body.patterns.len()).flat_map(|pattern| &engine.body.patterns.at(pattern).triggers);
    let sides = triggers.flat_map(|trigger| [Some(&trigger.first), trigger.then.as_ref()]).flatten();
    let mut words: Vec<String> = sides
        .flat_map(|side| side.words.iter().map(|word| &word.folded).chain(&side.heads).chain(&side.tails))
        .map(ToString::to_string)
        .collect();
    words.sort();
    words.dedup();
    words
        .extend(["no", "no,", "we", "can't", "vi", "kan", "inte", "le", "se", "podemos", "i", "du"].map(str::to_owned));
    words
}

#[test]
fn on_examples_of_every_spelling() {
    for engine in engines() {
        let code = engine.tongue.language.code().to_owned();
        let samples = std::fs::read_dir(format!("examples/canned-responses/{code}")).unwrap();
        for path in samples {
            let text = std::fs::read_to_string(path.unwrap().path()).unwrap();
            for spelled in spellings(&text) {
                assert_same(&engine, &spelled);
            }
        }
    }
}

/// A text in NFC, NFD, CRLF, capitals, without accents, with curly apostrophes and an emoji.
fn spellings(text: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    vec![
        text.to_owned(),
        text.nfd().collect(),
        text.replace('\n', "\r\n"),
        text.to_uppercase(),
        text.nfd().filter(|&c| !is_combining_mark(c)).collect(),
        text.replace('\'', "’").replace(' ', "\u{a0}"),
        text.replace(". ", ". 🙂 "),
    ]
}

proptest! {
    #![proptest_config(settings(200))]

    #[test]
    fn on_random_text_of_lexicon_words(
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12), 1..60),
        spelling in 0usize..7,
    ) {
        for engine in engines() {
            let words = vocabulary(&engine);
            let mut text = String::new();
            for (index, glue) in &picks {
                let word: &String = index.get(&words);
                text.push_str(word);
                text.push_str(["", " ", " ", " ", " ", " ", " ", ", ", ". ", "\n", "? ", " “"][*glue]);
            }
            assert_same(&engine, &spellings(&text)[spelling]);
        }
    }
}
