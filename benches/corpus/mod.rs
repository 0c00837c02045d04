//! Replies written for measuring: `<language>/{clean,typical,risky}.txt`, one after the other with a line `%` between.

#![allow(dead_code, reason = "each bench uses its part")]

pub mod larger;

use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use tactful::Analyzer;

pub const LANGUAGES: [&str; 3] = ["es", "sv", "en"];

/// How much there is to find in a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Clean,
    /// About one finding a reply.
    Typical,
    /// Four findings a reply or more.
    Risky,
}

pub const KINDS: [Kind; 3] = [Kind::Clean, Kind::Typical, Kind::Risky];

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Clean => "clean",
            Kind::Typical => "typical",
            Kind::Risky => "risky",
        }
    }

    /// Stops where the replies are not what their file promises, so that no figure is printed for a wrong answer.
    pub fn prove(self, name: &str, analyzer: &Analyzer, replies: &[String]) {
        let found: Vec<usize> = replies.iter().map(|reply| analyzer.analyze(reply).findings().len()).collect();
        let total: usize = found.iter().sum();
        let holds = match self {
            Kind::Clean => total == 0,
            // From 0.8 to 1.3 a reply.
            Kind::Typical => {
                found.iter().all(|&n| n <= 2) && 10 * total >= 8 * found.len() && 10 * total <= 13 * found.len()
            }
            Kind::Risky => found.iter().all(|&n| n >= 4),
        };
        assert!(holds, "{name}: findings by reply are {found:?}");
    }
}

fn benches() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches")
}

/// The replies of a corpus, about a kilobyte each.
pub fn replies(language: &str, kind: Kind) -> Vec<String> {
    let path = benches().join("corpus").join(language).join(kind.name()).with_extension("txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.split("\n%\n").map(|reply| reply.trim().to_owned()).collect()
}

/// The replies of a kind in all languages, taking turns.
pub fn mixed(kind: Kind) -> Vec<String> {
    alternating(&LANGUAGES.map(|language| replies(language, kind)))
}

/// These lists taking turns, until the shortest ends.
pub fn alternating(lists: &[Vec<String>]) -> Vec<String> {
    let shortest = lists.iter().map(Vec::len).min().unwrap_or(0);
    (0..shortest).flat_map(|n| lists.iter().map(move |list| list[n].clone())).collect()
}

/// Steps of about 200 bytes: whole sentences and paragraphs of a reply.
pub fn steps(replies: &[String]) -> Vec<String> {
    let mut steps = Vec::new();
    for reply in replies {
        let mut rest = reply.as_str();
        while rest.len() >= 150 {
            let ends = rest.char_indices().filter(|&(at, c)| {
                let after = rest[at + c.len_utf8()..].chars().next();
                match c {
                    '\n' => after == Some('\n'),
                    '.' | '!' | '?' => after.is_none_or(char::is_whitespace),
                    _ => false,
                }
            });
            let end = ends.map(|(at, c)| at + c.len_utf8()).min_by_key(|end| end.abs_diff(200)).unwrap_or(rest.len());
            let (step, after) = rest.split_at(end);
            if (150..=260).contains(&step.trim().len()) {
                steps.push(step.trim().to_owned());
            }
            rest = after.trim_start();
        }
    }
    steps
}

/// One text of at most `size` bytes: whole replies, over and over, with blank lines between.
pub fn joined(replies: &[String], size: usize) -> String {
    let mut text = replies[0].clone();
    for reply in replies.iter().cycle().skip(1) {
        if text.len() + 2 + reply.len() > size {
            return text;
        }
        text.push_str("\n\n");
        text.push_str(reply);
    }
    text
}

/// An analyzer that is told the language, or one that detects it among all.
pub fn analyzer(given: Option<&str>) -> Analyzer {
    let builder = Analyzer::builder();
    match given {
        Some(language) => builder.languages([language]).language(language),
        None => builder,
    }
    .build()
    .unwrap()
}

/// The textbook way to find phrases, as fast as it goes: one automaton over 500 phrases of the language.
pub fn bare(language: &str) -> AhoCorasick {
    let phrases = fs::read_to_string(benches().join("phrases").join(language).with_extension("txt")).unwrap();
    assert_eq!(phrases.lines().count(), 500);
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(phrases.lines())
        .unwrap()
}

/// How many phrases the automaton finds.
pub fn count_bare(bare: &AhoCorasick, replies: &[String]) -> usize {
    replies.iter().map(|reply| bare.find_overlapping_iter(std::hint::black_box(reply.as_str())).count()).sum()
}

/// How many findings there are.
pub fn count(analyzer: &Analyzer, replies: &[String]) -> usize {
    replies.iter().map(|reply| analyzer.analyze(std::hint::black_box(reply)).findings().len()).sum()
}

pub fn bytes(replies: &[String]) -> u64 {
    replies.iter().map(|reply| reply.len() as u64).sum()
}

/// Ten thousand replies of all languages, as a help desk has them: four clean or typical ones for each risky.
pub fn batch() -> Vec<String> {
    let pool: Vec<Vec<String>> =
        [Kind::Clean, Kind::Typical, Kind::Clean, Kind::Typical, Kind::Risky].map(mixed).into();
    let turns = pool.iter().map(Vec::len).max().unwrap_or(0);
    let round: Vec<&String> =
        (0..turns).flat_map(|n| pool.iter().map(move |replies| &replies[n % replies.len()])).collect();
    round.into_iter().cycle().take(10_000).cloned().collect()
}

/// Reads a batch on so many threads, an equal share each; the number of findings.
pub fn read_batch(analyzer: &Analyzer, replies: &[String], threads: usize) -> usize {
    std::thread::scope(|scope| {
        let chunks = replies.chunks(replies.len().div_ceil(threads));
        let readers: Vec<_> = chunks.map(|chunk| scope.spawn(move || count(analyzer, chunk))).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    })
}
