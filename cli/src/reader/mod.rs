//! Files into replies, with the way back from a reply's text to the file's bytes.

mod front_matter;
mod jsonl;
mod map;
mod text;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

pub(crate) use map::{Lines, SourceMap};

use crate::report::Problem;

/// A reply as it was read.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) text: String,
    /// From the text to the file.
    pub(crate) map: SourceMap,
    /// How the text is written in the file.
    pub(crate) layer: Layer,
}

/// How a text is written in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// As it is.
    Plain,
    /// Within a JSON string.
    JsonString,
}

impl Layer {
    /// `text` as it is written there.
    pub(crate) fn encode(self, text: &str) -> String {
        match self {
            Layer::Plain => text.to_owned(),
            Layer::JsonString => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}

/// A known type of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A reply, perhaps with front matter.
    Text,
    /// A reply a line.
    JsonLines,
}

impl Kind {
    pub(crate) fn of(path: &Path) -> Option<Kind> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" | "md" | "markdown" => Some(Kind::Text),
            "jsonl" | "ndjson" => Some(Kind::JsonLines),
            _ => None,
        }
    }
}

/// The text of a file, at most `limit` bytes of it.
pub(crate) fn load(path: &Path, limit: u64) -> Result<String, Problem> {
    let problem = |message: String| Problem::of_file(path, message);
    let metadata = fs::metadata(path).map_err(|error| problem(reason(&error)))?;
    if !metadata.is_file() {
        return Err(problem("expected a regular file".into()));
    }
    let file = File::open(path).map_err(|error| problem(reason(&error)))?;
    load_from(file, path, limit)
}

/// The text that `source` gives, at most `limit` bytes of it.
pub(crate) fn load_from(source: impl Read, path: &Path, limit: u64) -> Result<String, Problem> {
    let problem = |message: String| Problem::of_file(path, message);
    let mut bytes = Vec::new();
    source.take(limit + 1).read_to_end(&mut bytes).map_err(|error| problem(reason(&error)))?;
    if bytes.len() as u64 > limit {
        return Err(problem(format!("it is larger than {limit} bytes, the limit (--max-size)")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let head = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        let (line, column) = Lines::new(&head).position(&head, at);
        Problem { line: Some(line), column: Some(column), ..problem("expected UTF-8 text, found other bytes".into()) }
    })
}

/// The replies in a file's text, and what in it could not be read.
pub(crate) fn read(path: &Path, text: &str) -> (Vec<Entry>, Vec<Problem>) {
    match Kind::of(path) {
        Some(Kind::JsonLines) => jsonl::read(path, text),
        _ => text::read(path, text),
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".into(),
        _ => error.to_string(),
    }
}
