//! The figures that are promised, each against its bar: both sides are measured in turns in one run, so that whatever else the machine
//! does falls on both.
//!
//! `cargo bench --bench ratios` prints a table in Markdown, in less than a minute.

#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod corpus;

use std::hint::black_box;
use std::time::{Duration, Instant};

use corpus::{Kind, LANGUAGES};

const ROUNDS: usize = 31;
/// What one measurement takes at least: well above the clock's own grain.
const SAMPLE: Duration = Duration::from_millis(4);
/// What a pass through the batch may take.
const BATCH: Duration = Duration::from_millis(250);

fn main() {
    // `cargo test` runs it too, without this.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| what | ns/byte | MB/s | against | ns/byte | MB/s | ratio of times | bar | |");
    println!("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |");
    let detecting = corpus::analyzer(None);
    for language in LANGUAGES {
        let given = corpus::analyzer(Some(language));
        let bare = corpus::bare(language);
        for (kind, bar) in [(Kind::Clean, 1.0), (Kind::Typical, 0.5)] {
            let replies = corpus::replies(language, kind);
            kind.prove(language, &given, &replies);
            let measured = side_by_side(|| corpus::count_bare(&bare, &replies), || corpus::count(&given, &replies));
            let name = format!("{} {language}", kind.name());
            row(&measured, corpus::bytes(&replies), ["bare automaton", &name], Bar::AtLeast(bar));
        }
        let replies = [Kind::Clean, Kind::Typical].map(|kind| corpus::replies(language, kind)).concat();
        assert_eq!(corpus::count(&given, &replies), corpus::count(&detecting, &replies));
        let measured = side_by_side(|| corpus::count(&detecting, &replies), || corpus::count(&given, &replies));
        let names = [&format!("{language} detected"), &format!("{language} given")];
        row(&measured, corpus::bytes(&replies), names.map(String::as_str), Bar::AtMost(1.3));
    }
    for language in LANGUAGES {
        let given = corpus::analyzer(Some(language));
        let replies = corpus::replies(language, Kind::Clean);
        for (times, bar) in [(4, Bar::None), (16, Bar::AtLeast(0.5))] {
            let larger = corpus::larger::analyzer(language, times);
            let measured = side_by_side(|| corpus::count(&given, &replies), || corpus::count(&larger, &replies));
            let name = format!("clean {language}, lexicon x{times}");
            row(&measured, corpus::bytes(&replies), ["lexicon x1", &name], bar);
        }
    }
    let batch = corpus::batch();
    let (taken, _) = time(|| corpus::read_batch(&detecting, &batch[..100], 1), 1);
    let fits = 100.0 * BATCH.as_secs_f64() / taken;
    let batch = &batch[..(fits as usize).clamp(300, batch.len())];
    let measured =
        side_by_side(|| corpus::read_batch(&detecting, batch, 1), || corpus::read_batch(&detecting, batch, 2));
    let names = [&format!("{} replies, one thread", batch.len()), "two threads"];
    row(&measured, corpus::bytes(batch), names, Bar::AtLeast(1.7));
}

enum Bar {
    AtLeast(f64),
    AtMost(f64),
    /// It is told, and nothing is promised.
    None,
}

/// Seconds that each side takes in each round.
struct Measured {
    first: Vec<f64>,
    second: Vec<f64>,
}

/// Times two functions in turns.
fn side_by_side(first: impl Fn() -> usize, second: impl Fn() -> usize) -> Measured {
    let times = |taken: f64| (SAMPLE.as_secs_f64() / taken).ceil().max(1.0) as usize;
    // The second pass is warm.
    let (first_times, second_times) = (times(time(&first, 2).1), times(time(&second, 2).1));
    let mut measured = Measured { first: Vec::new(), second: Vec::new() };
    for round in 0..ROUNDS {
        // Who goes first changes, so that neither always follows the other.
        for side in [round % 2, 1 - round % 2] {
            if side == 0 {
                measured.first.push(time(&first, first_times).0 / first_times as f64);
            } else {
                measured.second.push(time(&second, second_times).0 / second_times as f64);
            }
        }
    }
    measured
}

/// The seconds of so many runs, and of the last alone.
fn time(run: impl Fn() -> usize, times: usize) -> (f64, f64) {
    let start = Instant::now();
    let mut last = start;
    for _ in 0..times {
        last = Instant::now();
        black_box(run());
    }
    (start.elapsed().as_secs_f64(), last.elapsed().as_secs_f64())
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A line of the table. The ratio is the first side's time by the second's, the median of all rounds.
fn row(measured: &Measured, bytes: u64, [first, second]: [&str; 2], bar: Bar) {
    let cells = |seconds: &[f64]| {
        let median = median(seconds.iter().copied());
        format!("{:.3} | {:.1}", median * 1e9 / bytes as f64, bytes as f64 / median / 1e6)
    };
    let ratio = median(measured.first.iter().zip(&measured.second).map(|(first, second)| first / second));
    let verdict = |holds: bool| if holds { "held" } else { "missed" };
    let (verdict, limit) = match bar {
        Bar::AtLeast(least) => (verdict(ratio >= least), format!(">= {least:.1}")),
        Bar::AtMost(most) => (verdict(ratio <= most), format!("<= {most:.1}")),
        Bar::None => ("", String::new()),
    };
    let (first, second) =
        (format!("{first} | {}", cells(&measured.first)), format!("{second} | {}", cells(&measured.second)));
    // What the bar is for stands first.
    let (what, against) = if matches!(bar, Bar::AtMost(_)) { (first, second) } else { (second, first) };
    println!("| {what} | {against} | {ratio:.3} | {limit} | {verdict} |");
}
