//! Suggestions made in the files themselves: `--fix` writes them, `--diff` shows them.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use similar::TextDiff;
use tactful::{Applicability, Report};
use tempfile::NamedTempFile;

use crate::reader::{self, Entry};
use crate::report::Problem;

/// Rounds after which a file is left as it then is: each makes what the one before uncovered.
const ROUNDS: usize = 20;

/// `text`, what the file at `path` holds, with every suggestion made that is at least as sure as `least`, until none is left. Bytes outside the
/// edits stay as they are, and the file reads as the same number of replies.
pub(crate) fn fixed(path: &Path, text: &str, least: Applicability, judge: impl Fn(&Entry) -> Report) -> String {
    let mut text = text.to_owned();
    let mut done: HashSet<usize> = HashSet::new();
    for _ in 0..ROUNDS {
        let (entries, problems) = reader::read(path, &text);
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            if done.contains(&number) {
                continue;
            }
            let made = judge(entry).edits(least);
            if made.is_empty() {
                done.insert(number);
            }
            edits.extend(made.iter().map(|edit| {
                let (start, end) = (entry.map.source(edit.span.start), entry.map.source(edit.span.end));
                (start, end, entry.layer.encode(&with_line_ends(&edit.text, &entry.text)))
            }));
        }
        if edits.is_empty() {
            break;
        }
        edits.sort();
        let mut new = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end, words) in &edits {
            new.push_str(&text[at..*start]);
            new.push_str(words);
            at = *end;
        }
        new.push_str(&text[at..]);
        let read = reader::read(path, &new);
        if (read.0.len(), read.1.len()) != (entries.len(), problems.len()) {
            break;
        }
        text = new;
    }
    text
}

/// `new` with the line ends of `text`.
fn with_line_ends(new: &str, text: &str) -> String {
    if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() }
}

/// What changes, as a unified diff; empty where nothing does.
pub(crate) fn diff(name: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    TextDiff::from_lines(old, new).unified_diff().header(name, name).to_string()
}

/// Writes `new` in place of `old`, whole or not at all: beside the file first, then over it. The file keeps its mode.
///
/// # Errors
///
/// If it holds anything else than `old` by now, may not be written, or the disk refuses.
pub(crate) fn write(path: &Path, old: &str, new: &str) -> Result<(), Problem> {
    let problem = |message: String| Problem::of_file(path, message);
    let failed = |error: io::Error| problem(format!("it could not be written: {error}"));
    // A link stays one: what it names is written.
    let target = fs::canonicalize(path).map_err(failed)?;
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(problem("it may not be written (read-only)".into()));
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut beside = NamedTempFile::new_in(folder).map_err(failed)?;
    beside.write_all(new.as_bytes()).map_err(failed)?;
    beside.as_file().set_permissions(permissions).map_err(failed)?;
    beside.as_file().sync_all().map_err(failed)?;
    if fs::read(&target).map_err(failed)? != old.as_bytes() {
        return Err(problem("it changed while it was read, and was left as it is: run the command again".into()));
    }
    beside.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reply.txt");
        fs::write(&path, "theirs").unwrap();
        let problem = write(&path, "ours", "new").unwrap_err();
        assert!(problem.message.starts_with("it changed while it was read"), "{problem}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        write(&path, "theirs", "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
