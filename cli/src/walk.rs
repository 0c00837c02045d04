//! Which files to check.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use tactful_reader::Format;

use crate::args::Scope;
use crate::baseline;
use crate::config::NAMES;
use crate::report::Problem;

/// A file to check.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// Somebody named it: it must hold replies.
    Named(PathBuf),
    /// It was found in a folder: it may hold none.
    Found(PathBuf),
    Stdin,
}

impl Target {
    /// The file's path; `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Target::Named(path) | Target::Found(path) => Some(path),
            Target::Stdin => None,
        }
    }
}

/// The files that `scope` names, and those of known formats in the folders it names; sorted, each once. What could not be walked is told.
pub(crate) fn walk(scope: &Scope) -> (Vec<Target>, Vec<Problem>) {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for path in &scope.paths {
        if path.as_os_str() == "-" {
            targets.push(Target::Stdin);
        } else if path.is_dir() {
            folder(path, scope, &mut targets, &mut problems);
        } else if !path.exists() && path.symlink_metadata().is_err() {
            problems.push(Problem::of_file(path, "there is no such file or folder"));
        } else if Format::of(path).is_none() {
            problems.push(Problem::of_file(
                path,
                "its ending tells no format that replies are kept in: see tactful check --help",
            ));
        } else {
            targets.push(Target::Named(path.clone()));
        }
    }
    // By path, named before found.
    targets.sort_by(|one, other| one.path().cmp(&other.path()).then_with(|| one.cmp(other)));
    // A file that is named twice, or by a link, is one file.
    let mut seen: HashSet<PathBuf> = HashSet::new();
    targets.retain(|target| {
        target.path().is_none_or(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.into())))
    });
    let stdin = targets.iter().filter(|target| target.path().is_none()).count();
    targets.drain(..stdin.saturating_sub(1));
    (targets, problems)
}

fn folder(path: &Path, scope: &Scope, targets: &mut Vec<Target>, problems: &mut Vec<Problem>) {
    let walk = WalkBuilder::new(path)
        .standard_filters(!scope.no_ignore)
        .hidden(!scope.hidden)
        .require_git(false)
        .add_custom_ignore_filename(".tactfulignore")
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let file = entry.file_type().is_some_and(|kind| !kind.is_dir());
                let known = Format::of(entry.path()).is_some() && !is_about_the_project(entry.path());
                if file && known && !entry.path_is_symlink() {
                    let path = entry.into_path();
                    // `tactful check` walks `.`: names without it read better.
                    let plain = path.strip_prefix("./").map(Path::to_path_buf);
                    targets.push(Target::Found(plain.unwrap_or(path)));
                }
            }
            Err(error) => problems.push(Problem::of_walk(path, &error)),
        }
    }
}

/// README, LICENSE and CHANGELOG files and our own are no replies: by the whole name, or as they are often written, in capitals, with more after it.
fn is_about_the_project(path: &Path) -> bool {
    let name = path.file_stem().map(|name| name.to_string_lossy()).unwrap_or_default();
    let lower = name.to_lowercase();
    let own = |own: &str| path.file_name().is_some_and(|name| name == own);
    let is = |rest: &str| {
        rest.is_empty() || rest.starts_with('.') || (rest.starts_with(['-', '_']) && *name == *name.to_uppercase())
    };
    NAMES.into_iter().chain([baseline::NAME]).any(own)
        || ["readme", "license", "licence", "changelog"].iter().any(|about| lower.strip_prefix(about).is_some_and(is))
}
