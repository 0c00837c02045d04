//! What it costs to run the command, beside `typos`, which reads the same files for misspellings: one reply, and a library of 5,000.
//!
//! `cargo bench -p tactful-cli` prints a table in Markdown. `typos` is looked for on the PATH, or where TYPOS says.

#![allow(clippy::print_stdout, reason = "the table is what it is for")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const FILES: usize = 5_000;
const LANGUAGES: [&str; 3] = ["es", "sv", "en"];
const TACTFUL: &str = env!("CARGO_BIN_EXE_tactful");

fn main() {
    // `cargo test` runs it too, without this.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let library = folder.path().join("library");
    write_library(&library);
    let single = folder.path().join("reply.md");
    let reply = replies("en", "clean").into_iter().find(|reply| (900..=1_100).contains(&reply.len())).unwrap();
    fs::write(&single, reply).unwrap();

    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).to_string();
    let tactful = Program { path: TACTFUL.into(), arguments: vec!["check", "--isolated", "--threads", &threads] };
    let typos = Program {
        path: std::env::var_os("TYPOS").unwrap_or_else(|| "typos".into()),
        arguments: vec!["--isolated", "--threads", &threads],
    };
    let found = tactful.findings(&library);
    println!("{FILES} files, {found} findings, {threads} threads\n");
    let typos = match typos.files(&library) {
        Some(files) => {
            assert_eq!(files, FILES, "typos reads other files than tactful");
            Some(typos)
        }
        None => {
            println!("No typos to measure against: `cargo install typos-cli`, or set TYPOS to where it is.\n");
            None
        }
    };

    println!("| what | tactful | bar | typos | ratio | bar | memory | bar |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let both = |path: &Path, rounds: usize| measure(&tactful, typos.as_ref(), path, rounds);
    row("one reply", &both(&single, 21), Some(10.0), 0.6, tactful.memory(&single), Some(15.0));
    row("the library", &both(&library, 5), None, 0.5, tactful.memory(&library), None);
}

/// A command that is measured.
struct Program<'a> {
    path: OsString,
    arguments: Vec<&'a str>,
}

impl Program<'_> {
    /// Ready to run; what it prints goes nowhere.
    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).arg(path).current_dir(path.parent().unwrap());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Milliseconds that it takes.
    fn run(&self, path: &Path) -> f64 {
        let mut command = self.command(path);
        let start = Instant::now();
        let status = command.status().unwrap();
        let taken = start.elapsed();
        // Both say with 1 or 2 that they found something. None is a signal.
        assert!(status.code().is_some_and(|code| code <= 2), "{}: {status}", self.path.display());
        taken.as_secs_f64() * 1e3
    }

    /// How much tactful finds: that it read what it should.
    fn findings(&self, path: &Path) -> usize {
        let output = self.command(path).args(["--format", "json"]).stdout(Stdio::piped()).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["summary"]["files"], FILES);
        let found = report["summary"]["findings"].as_object().unwrap();
        found.values().filter_map(serde_json::Value::as_u64).sum::<u64>() as usize
    }

    /// How many files typos reads; `None` if there is none.
    fn files(&self, path: &Path) -> Option<usize> {
        let output = self.command(path).arg("--files").stdout(Stdio::piped()).output().ok()?;
        Some(output.stdout.iter().filter(|&&byte| byte == b'\n').count())
    }

    /// Peak memory in megabytes, where GNU time is there to tell.
    fn memory(&self, path: &Path) -> Option<f64> {
        let command = self.command(path);
        let mut timed = Command::new("/usr/bin/time");
        timed.args(["-f", "%M"]).arg(command.get_program()).args(command.get_args());
        timed.current_dir(path.parent().unwrap()).stdin(Stdio::null()).stdout(Stdio::null());
        let output = timed.output().ok()?;
        // Its own line is the last; above it stands what the command said, and its exit code.
        let kilobytes: f64 = String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse().ok()?;
        Some(kilobytes / 1024.0)
    }
}

/// Milliseconds of each round, the two in turns; the second list is empty without typos.
fn measure(tactful: &Program<'_>, typos: Option<&Program<'_>>, path: &Path, rounds: usize) -> [Vec<f64>; 2] {
    let mut taken = [Vec::new(), Vec::new()];
    // The first round warms the file cache.
    for round in 0..=rounds {
        let programs = [Some(tactful), typos];
        for (program, taken) in programs.iter().zip(&mut taken) {
            let milliseconds = program.map(|program| program.run(path));
            taken.extend(milliseconds.filter(|_| round > 0));
        }
    }
    taken
}

fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// A line of the table. The ratio is the median of all rounds.
fn row(
    what: &str,
    [tactful, typos]: &[Vec<f64>; 2],
    bar: Option<f64>,
    most: f64,
    memory: Option<f64>,
    limit: Option<f64>,
) {
    let cell = |value: Option<f64>, unit: &str| value.map_or("-".to_owned(), |value| format!("{value:.1} {unit}"));
    let against = |value: Option<f64>, bar: Option<f64>, unit: &str| match (value, bar) {
        (Some(value), Some(bar)) => format!("<= {bar}{unit}, {}", if value <= bar { "held" } else { "missed" }),
        _ => "-".to_owned(),
    };
    let ratio = median(tactful.iter().zip(typos).map(|(tactful, typos)| tactful / typos));
    let taken = median(tactful.iter().copied());
    println!(
        "| {what} | {} | {} | {} | {} | {} | {} | {} |",
        cell(taken, "ms"),
        against(taken, bar, " ms"),
        cell(median(typos.iter().copied()), "ms"),
        ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
        against(ratio, Some(most), ""),
        cell(memory, "MB"),
        against(memory, limit, " MB"),
    );
}

/// The replies that the library's benches read.
fn replies(language: &str, kind: &str) -> Vec<String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "benches", "corpus", language].iter().collect();
    let text = fs::read_to_string(path.join(kind).with_extension("txt")).unwrap();
    text.split("\n%\n").map(|reply| reply.trim().to_owned()).collect()
}

/// Writes 5,000 replies of one to two kilobytes, the same ones every time. Of fifty, 32 are made of clean ones, 17 of typical ones and one
/// of risky ones: a little over one finding each. Half of them say their language in front matter.
fn write_library(folder: &Path) {
    let mut pools = BTreeMap::new();
    for language in LANGUAGES {
        fs::create_dir_all(folder.join(language)).unwrap();
        for kind in ["clean", "typical", "risky"] {
            pools.insert((language, kind), replies(language, kind));
        }
    }
    let mut dice = Dice(7);
    for number in 0..FILES {
        let language = LANGUAGES[number % LANGUAGES.len()];
        let kind = match number % 50 {
            0..32 => "clean",
            32..49 => "typical",
            _ => "risky",
        };
        let reply = recombined(&pools[&(language, kind)], &mut dice);
        let matter = format!("---\nid: reply-{number:04}\nlang: {language}\n---\n\n");
        let matter = if number / 3 % 2 == 0 { matter.as_str() } else { "" };
        fs::write(folder.join(language).join(format!("reply-{number:04}.md")), format!("{matter}{reply}\n")).unwrap();
    }
}

/// A reply with paragraphs of another one before its end.
fn recombined(pool: &[String], dice: &mut Dice) -> String {
    let reply = &pool[dice.below(pool.len())];
    let mut paragraphs: Vec<&str> = reply.split("\n\n").collect();
    let mut size = reply.len();
    let wanted = 1_000 + dice.below(800);
    while size < wanted {
        let other: Vec<&str> = pool[dice.below(pool.len())].split("\n\n").collect();
        // Neither its greeting nor its signature.
        let paragraph = other[1 + dice.below(other.len().saturating_sub(2).max(1))];
        if size + paragraph.len() + 2 <= 2_000 {
            paragraphs.insert(paragraphs.len() - 1, paragraph);
        }
        size += paragraph.len() + 2;
    }
    paragraphs.join("\n\n")
}

/// A linear congruential generator: Knuth's, as in MMIX.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
