//! How far a long run has come, for whoever sits at the terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error; `None` where nobody watches.
#[derive(Debug, Default)]
pub(crate) struct Progress(Option<ProgressBar>);

/// Runs that end sooner show none.
const PATIENCE: Duration = Duration::from_millis(500);

impl Progress {
    /// One that is shown at a terminal.
    pub(crate) fn new() -> Progress {
        Progress(io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::hidden();
            bar.set_style(
                ProgressStyle::with_template("{bar:30} {pos} of {len} files").unwrap_or(ProgressStyle::default_bar()),
            );
            bar
        }))
    }

    /// There are so many files.
    pub(crate) fn begin(&self, files: usize) {
        if let Some(bar) = &self.0 {
            bar.set_length(files as u64);
        }
    }

    /// One more is judged.
    pub(crate) fn step(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
            if bar.is_hidden() && bar.elapsed() > PATIENCE {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
        }
    }

    pub(crate) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
