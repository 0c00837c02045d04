//! The hot path: how fast a reply is read, beside the textbook way to find phrases.
//!
//! `cargo bench --bench analyze` prints MB/s for each; `analyze/<corpus>/<language>/1kB/bare` is a bare automaton on the same replies.
//! For the ratios themselves, measured side by side: `cargo bench --bench ratios`.

#![allow(missing_docs, reason = "criterion's macros write functions")]

mod corpus;

use std::hint::black_box;
use std::time::Duration;

use corpus::{Kind, LANGUAGES};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tactful::Analyzer;

fn short(group: &mut BenchmarkGroup<'_, WallTime>, samples: usize) {
    group.sample_size(samples).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
}

/// The replies of a kind in four sizes, each with what is read at once.
///
/// Steps of clean replies are those in which nothing is found: the rules about the whole reply may miss something in a piece of one.
fn sizes(kind: Kind, replies: &[String], analyzers: &[&Analyzer]) -> [(&'static str, Vec<String>); 4] {
    let mut steps = corpus::steps(replies);
    if kind == Kind::Clean {
        steps.retain(|step| analyzers.iter().all(|analyzer| analyzer.analyze(step).findings().is_empty()));
    }
    assert!(steps.len() >= 10, "{} steps of 200 bytes", steps.len());
    [
        ("200B", steps),
        ("1kB", replies.to_vec()),
        ("20kB", vec![corpus::joined(replies, 20_000)]),
        ("1MB", vec![corpus::joined(replies, 1_000_000)]),
    ]
}

/// `analyze` by corpus, language and size, with the language given and detected; at a kilobyte, the bare automaton beside it.
fn analyze(c: &mut Criterion) {
    let mut group = c.benchmark_group("analyze");
    let detecting = corpus::analyzer(None);
    for kind in corpus::KINDS {
        for language in LANGUAGES.into_iter().chain(["mixed"]) {
            let told = LANGUAGES.contains(&language).then(|| corpus::analyzer(Some(language)));
            let replies = if told.is_some() { corpus::replies(language, kind) } else { corpus::mixed(kind) };
            let analyzers: Vec<(&str, &Analyzer)> =
                told.iter().map(|told| ("given", told)).chain([("detected", &detecting)]).collect();
            let readers: Vec<&Analyzer> = analyzers.iter().map(|&(_, analyzer)| analyzer).collect();
            for (size, texts) in sizes(kind, &replies, &readers) {
                short(&mut group, if size == "1MB" { 10 } else { 20 });
                group.throughput(Throughput::Bytes(corpus::bytes(&texts)));
                let name = format!("{}/{language}/{size}", kind.name());
                for &(how, analyzer) in &analyzers {
                    if size == "1kB" {
                        kind.prove(&name, analyzer, &texts);
                    }
                    let found = corpus::count(analyzer, &texts);
                    assert_eq!(found == 0, kind == Kind::Clean, "{name}/{how}: {found} findings");
                    group.bench_function(BenchmarkId::new(&name, how), |b| {
                        b.iter(|| corpus::count(analyzer, &texts));
                    });
                }
                if size == "1kB" && told.is_some() && kind != Kind::Risky {
                    let bare = corpus::bare(language);
                    group.bench_function(BenchmarkId::new(&name, "bare"), |b| {
                        b.iter(|| corpus::count_bare(&bare, &texts));
                    });
                }
            }
        }
    }
    group.finish();
}

/// Ten thousand replies of all languages through one analyzer, on one thread and on two.
fn batch(c: &mut Criterion) {
    let mut group = c.benchmark_group("batch");
    short(&mut group, 10);
    let analyzer = corpus::analyzer(None);
    let replies = corpus::batch();
    group.throughput(Throughput::Bytes(corpus::bytes(&replies)));
    let found = corpus::read_batch(&analyzer, &replies, 1);
    assert!(found > replies.len() / 2 && found == corpus::read_batch(&analyzer, &replies, 2), "{found} findings");
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("threads", threads), |b| {
            b.iter(|| corpus::read_batch(&analyzer, &replies, threads));
        });
    }
    group.finish();
}

/// A text of `size` bytes made of these replies over and over, cut wherever that is.
fn repeated(replies: &[String], size: usize) -> String {
    let mut text = String::new();
    for reply in replies.iter().cycle() {
        if text.len() >= size {
            break;
        }
        text.extend([reply.as_str(), "\n\n"]);
    }
    let end = (0..=size).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.truncate(end);
    text
}

/// That the time grows with the length alone: clean, risky and adversarial text of three sizes.
fn length(c: &mut Criterion) {
    let analyzer = corpus::analyzer(Some("en"));
    let texts: [(&str, Vec<String>); 5] = [
        ("clean", corpus::replies("en", Kind::Clean)),
        ("risky", corpus::replies("en", Kind::Risky)),
        ("anchor", vec!["policy ".repeat(100)]),
        ("quotes", vec!["\"a “b ".repeat(100)]),
        ("no", vec!["no ".repeat(100)]),
    ];
    for (name, replies) in texts {
        let mut group = c.benchmark_group(format!("length/{name}"));
        short(&mut group, 10);
        for size in [1_000, 100_000, 10_000_000] {
            let text = repeated(&replies, size);
            assert!(name != "risky" || !analyzer.analyze(&text).findings().is_empty());
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |b| b.iter(|| analyzer.analyze(black_box(&text))));
        }
        group.finish();
    }
}

/// `analyze` on replies with findings, alone and with the suggestions for every finding asked for.
fn suggestions(c: &mut Criterion) {
    let mut group = c.benchmark_group("suggestions");
    short(&mut group, 10);
    for language in LANGUAGES {
        let analyzer = corpus::analyzer(Some(language));
        let mut replies = [corpus::replies(language, Kind::Typical), corpus::replies(language, Kind::Risky)].concat();
        replies.retain(|reply| !analyzer.analyze(reply).findings().is_empty());
        group.throughput(Throughput::Bytes(corpus::bytes(&replies)));
        group.bench_function(BenchmarkId::new("none", language), |b| b.iter(|| corpus::count(&analyzer, &replies)));
        let all = |reply: &String| -> usize {
            let report = analyzer.analyze(black_box(reply));
            report.findings().iter().map(|finding| finding.suggestions().len()).sum()
        };
        assert!(replies.iter().map(all).sum::<usize>() > replies.len());
        group.bench_function(BenchmarkId::new("all", language), |b| b.iter(|| replies.iter().map(all).sum::<usize>()));
    }
    group.finish();
}

/// What the first `build()` of a process costs. Later ones are cached, so only a lexicon given as files is compiled each time.
fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build/from-source");
    short(&mut group, 10);
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
    // The engines themselves are made once a process: see `cargo bench -p tactful-cli --bench command` for that.
    let mut group = c.benchmark_group("build/embedded");
    short(&mut group, 10);
    for languages in [&["es"][..], &["sv"], &["en"], &LANGUAGES] {
        group.bench_function(languages.join("+"), |b| {
            b.iter(|| Analyzer::builder().languages(languages.iter().copied()).build().unwrap());
        });
    }
    group.finish();
}

/// What can be had alone of what `analyze` does: sentences and tokens, with the language given and detected.
fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("stages");
    short(&mut group, 20);
    let detecting = corpus::analyzer(None);
    for language in LANGUAGES {
        let given = corpus::analyzer(Some(language));
        let replies = corpus::replies(language, Kind::Clean);
        group.throughput(Throughput::Bytes(corpus::bytes(&replies)));
        let tokens = |analyzer: &Analyzer| -> usize {
            let of = |reply: &String| -> usize {
                analyzer.document(black_box(reply)).sentences().map(|sentence| sentence.tokens().len()).sum()
            };
            replies.iter().map(of).sum()
        };
        assert_eq!(tokens(&given), tokens(&detecting));
        assert!(tokens(&given) > 100 * replies.len(), "{} tokens", tokens(&given));
        group.bench_function(BenchmarkId::new("read", language), |b| b.iter(|| tokens(&given)));
        group.bench_function(BenchmarkId::new("detect-and-read", language), |b| b.iter(|| tokens(&detecting)));
        group.bench_function(BenchmarkId::new("analyze", language), |b| b.iter(|| corpus::count(&given, &replies)));
    }
    group.finish();
}

criterion_group!(benches, analyze, stages, batch, build, suggestions, length);
criterion_main!(benches);
