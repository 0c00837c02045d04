//! The hot path: how fast a reply is read, beside the textbook way to find phrases.
//!
//! `cargo bench` prints MB/s for each; the ratio of `analyze/clean` to `bare` on the same text is the figure to watch.

#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tactful::Analyzer;

const LANGUAGES: [&str; 3] = ["es", "sv", "en"];

/// The replies of the example library in a language, without their front matter.
fn examples(language: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/canned-responses").join(language);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let body = |text: String| text.splitn(3, "---\n").nth(2).unwrap_or("").trim_start().to_owned();
    paths.iter().map(|path| body(fs::read_to_string(path).unwrap())).collect()
}

fn analyzer(language: &str) -> Analyzer {
    Analyzer::builder().languages([language]).language(language).build().unwrap()
}

/// Replies in which nothing is found, of about a kilobyte each.
fn clean(language: &str, analyzer: &Analyzer) -> Vec<String> {
    let clean: Vec<String> = examples(language)
        .into_iter()
        .filter(|text| text.len() > 600 && analyzer.analyze(text).findings().is_empty())
        .collect();
    assert!(clean.len() >= 3, "{language} has {} clean replies of a kilobyte", clean.len());
    clean
}

/// A text of `size` bytes made of these replies over and over, with a blank line between.
fn repeated(replies: &[String], size: usize) -> String {
    let mut text: String =
        replies.iter().cycle().flat_map(|reply| [reply.as_str(), "\n\n"]).take(2 + 2 * size / 200).collect();
    let end = (0..=size.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.truncate(end);
    text
}

/// `analyze` on clean replies of a kilobyte, and a bare automaton over 500 phrases of the language on the same replies.
fn clean_replies(c: &mut Criterion) {
    let mut group = c.benchmark_group("clean");
    for language in LANGUAGES {
        let analyzer = analyzer(language);
        let replies = clean(language, &analyzer);
        let bytes: usize = replies.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::new("analyze", language), |b| {
            b.iter(|| replies.iter().map(|reply| analyzer.analyze(black_box(reply)).findings().len()).sum::<usize>());
        });
        let phrases = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/phrases/{language}.txt"));
        let phrases = fs::read_to_string(phrases).unwrap();
        assert_eq!(phrases.lines().count(), 500);
        let bare = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(phrases.lines())
            .unwrap();
        group.bench_function(BenchmarkId::new("bare", language), |b| {
            b.iter(|| {
                replies.iter().map(|reply| bare.find_overlapping_iter(black_box(reply.as_str())).count()).sum::<usize>()
            });
        });
    }
    group.finish();
}

/// That the time grows with the length alone: clean, risky and adversarial text of three sizes.
fn length(c: &mut Criterion) {
    let analyzer = analyzer("en");
    let risky = examples("en");
    let clean = clean("en", &analyzer);
    let texts: [(&str, Vec<String>); 5] = [
        ("clean", clean),
        ("risky", risky),
        ("anchor", vec!["policy ".repeat(100)]),
        ("quotes", vec!["\"a “b ".repeat(100)]),
        ("no", vec!["no ".repeat(100)]),
    ];
    for (name, replies) in texts {
        let mut group = c.benchmark_group(format!("length/{name}"));
        group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        for size in [1_000, 100_000, 10_000_000] {
            let text = repeated(&replies, size);
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(|| analyzer.analyze(black_box(&text))));
        }
        group.finish();
    }
}

/// `analyze` on replies with findings, alone and with the suggestions for every finding asked for.
fn suggestions(c: &mut Criterion) {
    let mut group = c.benchmark_group("suggestions");
    for language in LANGUAGES {
        let analyzer = analyzer(language);
        let mut replies = examples(language);
        replies.retain(|text| !analyzer.analyze(text).findings().is_empty());
        let bytes: usize = replies.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::new("none", language), |b| {
            b.iter(|| replies.iter().map(|reply| analyzer.analyze(black_box(reply)).findings().len()).sum::<usize>());
        });
        let all = |reply: &String| -> usize {
            let report = analyzer.analyze(black_box(reply));
            report.findings().iter().map(|finding| finding.suggestions().len()).sum()
        };
        assert!(replies.iter().map(all).sum::<usize>() > replies.len());
        group.bench_function(BenchmarkId::new("all", language), |b| b.iter(|| replies.iter().map(all).sum::<usize>()));
    }
    group.finish();
}

/// Compiling a language's lexicon, whole: what the first `build()` of a process costs.
fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    group.sample_size(10);
    for language in LANGUAGES {
        let files = tactful::Lexicon::builtin(&tactful::Language::new(language)).unwrap();
        group.bench_function(language, |b| {
            b.iter(|| {
                let builder = Analyzer::builder().languages([language]);
                files.iter().cloned().fold(builder, |builder, file| builder.lexicon(file)).build().unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, clean_replies, length, suggestions, build);
criterion_main!(benches);
