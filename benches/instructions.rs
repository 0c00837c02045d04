//! Instructions a byte of the main cases, counted by valgrind: the same on a noisy machine as on a quiet one.
//!
//! `cargo bench --bench instructions` prints a table in Markdown; it needs valgrind, and says so where there is none.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what it is for")]

mod corpus;

use std::env;
use std::process::{Command, ExitCode};

use corpus::{Kind, LANGUAGES};
use tactful::Analyzer;

/// How often the replies are read while somebody counts.
const TIMES: usize = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if let [_, case, language, kind] = arguments.as_slice()
        && case == "--case"
    {
        let kind = corpus::KINDS.into_iter().find(|known| known.name() == kind).unwrap();
        run(language, kind);
        return ExitCode::SUCCESS;
    }
    // `cargo test` runs it too, without this.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    println!("| instructions a byte | {} |", LANGUAGES.join(" | "));
    println!("| --- |{}", " ---: |".repeat(LANGUAGES.len()));
    for kind in corpus::KINDS {
        let mut row = format!("| {} |", kind.name());
        for language in LANGUAGES {
            match counted(language, kind) {
                Ok(count) => row += &format!(" {count:.0} |"),
                Err(error) => {
                    eprintln!("instructions are counted by valgrind: {error}");
                    return ExitCode::FAILURE;
                }
            }
        }
        println!("{row}");
    }
    ExitCode::SUCCESS
}

/// Reads a corpus: before anybody counts until all is warm, and then.
fn run(language: &str, kind: Kind) {
    let analyzer = corpus::analyzer(Some(language));
    let replies = corpus::replies(language, kind);
    kind.prove(language, &analyzer, &replies);
    assert_eq!(counted_part(&analyzer, &replies), TIMES * corpus::count(&analyzer, &replies));
}

#[inline(never)]
fn counted_part(analyzer: &Analyzer, replies: &[String]) -> usize {
    (0..TIMES).map(|_| corpus::count(analyzer, replies)).sum()
}

/// Instructions a byte, as callgrind counts them in another process.
fn counted(language: &str, kind: Kind) -> Result<f64, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_part*"])
        .arg(program)
        .args(["--case", language, kind.name()])
        .output()
        .map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stderr);
    let count = told.lines().find_map(|line| line.split("Collected :").nth(1)?.trim().parse::<f64>().ok());
    let count = count.filter(|&count| output.status.success() && count > 0.0).ok_or_else(|| told.to_string())?;
    Ok(count / (TIMES as u64 * corpus::bytes(&corpus::replies(language, kind))) as f64)
}
