//! Files of the user's own: lexicons, profiles, libraries.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tactful::Lexicon;
use tactful_reader::{Profile, Reader};

use crate::config::Placed;
use crate::report::{Problem, display};

/// The lexicon files that paths name, and those in the folders they name.
pub(crate) fn lexicons(paths: &[Placed<PathBuf>]) -> Result<Vec<Lexicon>, Problem> {
    let parse = |(path, text): (PathBuf, String)| {
        Lexicon::parse(&display(&path), &text).map_err(|error| Problem {
            line: error.line(),
            column: error.column(),
            ..Problem::of_file(&path, error.message())
        })
    };
    toml_files(paths)?.into_iter().map(parse).collect()
}

/// A reader that knows the profiles that paths name, and those in the folders they name, before its own.
pub(crate) fn reader(paths: &[Placed<PathBuf>]) -> Result<Reader, Problem> {
    let mut reader = Reader::new();
    // The last one added is tried first.
    for (path, text) in toml_files(paths)?.into_iter().rev() {
        reader = reader.with_profile(Profile::parse(&text).map_err(|problem| Problem::of_contents(&path, problem))?);
    }
    Ok(reader)
}

/// The TOML files that paths name, and those in the folders they name, each with its text.
fn toml_files(paths: &[Placed<PathBuf>]) -> Result<Vec<(PathBuf, String)>, Problem> {
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for named in paths {
        let path = &named.value;
        // Whoever named it is told, where they did.
        let blamed = |error: &io::Error| named.problem(format!("{}: {}", display(path), reason(error)));
        let mut found = vec![path.clone()];
        if path.is_dir() {
            let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
            let entries = entries.map_err(|error| blamed(&error))?;
            found = entries.into_iter().map(|entry| entry.path()).collect();
            found.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
            found.sort();
        }
        for path in found {
            let text = fs::read_to_string(&path).map_err(|error| blamed(&error))?;
            files.push((path, text));
        }
    }
    Ok(files)
}

/// The file at `path`, to be read.
pub(crate) fn open(path: &Path) -> Result<File, Problem> {
    let problem = |message: String| Problem::of_file(path, message);
    let metadata = fs::metadata(path).map_err(|error| problem(reason(&error)))?;
    // A pipe would wait for a writer.
    if !metadata.is_file() {
        return Err(problem("expected a regular file".into()));
    }
    File::open(path).map_err(|error| problem(reason(&error)))
}

/// Why it could not be read, in words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".into(),
        _ => error.to_string(),
    }
}
