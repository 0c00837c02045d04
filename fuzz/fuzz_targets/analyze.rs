//! Any text gives a sound report: `RUSTC_BOOTSTRAP=1 cargo fuzz run analyze`.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tactful::{Analyzer, Draft};
use unicode_segmentation::UnicodeSegmentation;

fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| Analyzer::builder().select(["all"]).build().unwrap())
}

fuzz_target!(|text: &str| {
    let boundaries: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
    let drafts = ["en", "es", "sv"].map(|language| Draft::new(text).language(language));
    for draft in drafts.into_iter().chain([Draft::new(text)]) {
        let report = analyzer().analyze_draft(&draft);
        for span in report.findings().iter().filter_map(|finding| finding.span) {
            assert!(!text[span.start..span.end].is_empty());
            assert!([span.start, span.end].iter().all(|edge| boundaries.binary_search(edge).is_ok()));
        }
        for suggestion in report.findings().iter().flat_map(|finding| finding.suggestions()) {
            assert!(suggestion.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
            assert!(suggestion.apply(text) != text);
        }
        let _ = (report.steps(), report.form_of_address(), report.score());
    }
});
