//! `tactful`: checks drafts and canned replies for the words that will cost the customer's goodwill.

mod args;
mod baseline;
mod check;
mod config;
mod explain;
mod fingerprint;
mod fix;
mod gate;
mod inspect;
mod judge;
mod lexicon;
mod load;
mod manual;
mod progress;
mod project;
mod report;
mod since;
mod suppress;
mod walk;
mod write;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// What the process tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Clean,
    Findings,
    Trouble,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Trouble => 2,
        })
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.write_global();
    let outcome = match &args.command {
        Command::Check(check) => check::run(check),
        Command::Inspect(inspect) => inspect::run(inspect),
        Command::Explain(explain) => explain::run(explain),
        Command::Rules(rules) => explain::list(rules),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Config(config) => config::run(config),
        Command::Lexicon(lexicon) => lexicon::run(lexicon),
        Command::Schema => manual::schema(),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man => manual::man(),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        // Whoever read our output has had enough.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("tactful: {error}");
            Outcome::Trouble.into()
        }
    }
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    kind.or(json) == Some(std::io::ErrorKind::BrokenPipe)
}
