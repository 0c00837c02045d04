//! Lexicons of the user's own, from files.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tactful::Lexicon;

use crate::report::display;

/// The lexicon files that paths name, and those in the folders they name.
pub(crate) fn lexicons(paths: &[PathBuf]) -> Result<Vec<Lexicon>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = fs::read_dir(path).map_err(|error| named(path, &error))?;
            for entry in entries {
                let file = entry.map_err(|error| named(path, &error))?.path();
                if file.extension().is_some_and(|ending| ending == "toml") {
                    files.push(file);
                }
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    let mut lexicons = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| named(&file, &error))?;
        lexicons.push(Lexicon::parse(&display(&file), &text)?);
    }
    Ok(lexicons)
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", display(path))
}
