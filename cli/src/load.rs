//! Files of the user's own: lexicons, profiles, libraries.

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tactful::Lexicon;
use tactful_reader::{Profile, Reader};

use crate::report::{Problem, display};

/// The lexicon files that paths name, and those in the folders they name.
pub(crate) fn lexicons(paths: &[PathBuf]) -> Result<Vec<Lexicon>, Box<dyn Error>> {
    let parse = |(name, text): (String, String)| Ok(Lexicon::parse(&name, &text)?);
    toml_files(paths)?.into_iter().map(parse).collect()
}

/// A reader that knows the profiles that paths name, and those in the folders they name, before its own.
pub(crate) fn reader(paths: &[PathBuf]) -> Result<Reader, Box<dyn Error>> {
    let mut reader = Reader::new();
    // The last one added is tried first.
    for (name, text) in toml_files(paths)?.into_iter().rev() {
        reader = reader.with_profile(Profile::parse(&text).map_err(|problem| format!("{name}:{problem}"))?);
    }
    Ok(reader)
}

/// The TOML files that paths name, and those in the folders they name, each with its text.
fn toml_files(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let first = files.len();
            let entries = fs::read_dir(path).map_err(|error| named(path, &error))?;
            for entry in entries {
                let file = entry.map_err(|error| named(path, &error))?.path();
                if file.extension().is_some_and(|ending| ending == "toml") {
                    files.push(file);
                }
            }
            files[first..].sort();
        } else {
            files.push(path.clone());
        }
    }
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).map_err(|error| named(&file, &error))?;
        Ok((display(&file), text))
    };
    files.into_iter().map(read).collect()
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {}", display(path), reason(error))
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

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".into(),
        _ => error.to_string(),
    }
}
