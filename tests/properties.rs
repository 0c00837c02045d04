//! What holds for any text at all.

use std::sync::OnceLock;

#[path = "../src/proptest_settings.rs"]
mod proptest_settings;

use proptest::prelude::*;
use proptest_settings::settings;
use tactful::{Analyzer, Report};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| Analyzer::builder().select(["all"]).build().unwrap())
}

/// Findings are in order, do not overlap, and lie on grapheme boundaries.
fn assert_sound(text: &str, report: &Report) {
    let spans: Vec<_> = report.findings().iter().map(|finding| finding.span).collect();
    assert!(spans.iter().map(|span| span.map(|span| span.start)).is_sorted(), "{text:?}: {spans:?}");
    // The rules that count may share their words with others.
    let counts = ["apology/repeated", "clarity/mixed-address"];
    let placed = report.findings().iter().filter(|finding| !counts.contains(&finding.rule.as_str()));
    let placed: Vec<_> = placed.filter_map(|finding| finding.span).collect();
    assert!(placed.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text:?}: {placed:?}");
    let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
    for span in spans.iter().flatten() {
        assert!(!span.is_empty(), "{text:?}");
        for edge in [span.start, span.end] {
            assert!(boundaries.binary_search(&edge).is_ok(), "{text:?}: {edge} is within a grapheme");
        }
    }
    let (steps, score) = (report.steps(), report.score());
    assert_eq!((steps, score), (report.steps(), report.score()));
    let _ = report.form_of_address();
    let placeholders = tactful::placeholders(text);
    assert!(placeholders.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{text:?}: {placeholders:?}");
    for placeholder in placeholders {
        let within = |span: tactful::Span| placeholder.span.start < span.start && span.end < placeholder.span.end;
        assert!(!placeholder.span.of(text).is_empty() && placeholder.fallback.is_none_or(within), "{text:?}");
    }
    let _ = report.variant();
}

/// Words that patterns look for, marks that masks look for, and others.
const PIECES: [&str; 48] = [
    "no",
    "No.",
    "we can't",
    "refund",
    "you",
    "policy",
    "it's our policy",
    "sorry",
    "but",
    "if you",
    "unfortunately",
    "the courier",
    "lo siento",
    "no podemos",
    "política",
    "de la empresa",
    "usted",
    "si no",
    "se calma",
    "vi kan",
    "inte",
    "tyvärr",
    "enligt",
    "avtalet",
    "du borde ha",
    "läst",
    "jag",
    ",",
    ".",
    "?",
    "\n",
    "\n\n",
    "\r\n",
    "\"",
    "“",
    "”",
    "«",
    "»",
    "{{name}}",
    "{{ x | default: '",
    "' }}",
    "<a href=\"",
    "%}",
    "{",
    "<b>",
    "> ",
    "🙂",
    "e\u{301}",
];

proptest! {
    #![proptest_config(settings(500))]

    #[test]
    fn any_text_gives_a_sound_report(text in "\\PC{0,200}") {
        assert_sound(&text, &analyzer().analyze(&text));
    }

    #[test]
    fn any_mixture_of_pieces_gives_a_sound_report(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
        glue in prop::sample::select(&[" ", ""][..]),
        language in prop::sample::select(&["en", "es", "sv"][..]),
    ) {
        let text = pieces.join(glue);
        assert_sound(&text, &analyzer().analyze(&text));
        let draft = tactful::Draft::new(&text).language(language).customer_message("Where is my refund?");
        assert_sound(&text, &analyzer().analyze_draft(&draft));
    }

    #[test]
    fn both_normal_forms_give_the_same_words(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        let text = pieces.join(" ");
        let words = |text: String| -> Vec<(String, Option<String>)> {
            let report = analyzer().analyze(&text);
            let of = |finding: &tactful::Finding| {
                (finding.rule.to_string(), finding.span.map(|span| span.of(&text).nfc().collect()))
            };
            report.findings().iter().map(of).collect()
        };
        prop_assert_eq!(words(text.nfc().collect()), words(text.nfd().collect()));
    }
}

#[test]
fn alone_in_a_batch_or_on_many_threads_a_report_is_the_same() {
    let texts =
        ["No. It's our policy.", "Nej, det går inte.", "No podemos devolverle el dinero.", "", "Thanks, all done!"];
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    let alone: Vec<String> = texts.iter().map(|text| json(&analyzer().analyze(text))).collect();
    let batch: Vec<String> = analyzer().analyze_batch(texts).iter().map(json).collect();
    assert_eq!(alone, batch);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let here: Vec<String> = texts.iter().map(|text| json(&analyzer().analyze(text))).collect();
                assert_eq!(alone, here);
            });
        }
    });
}
