//! Plain text and Markdown: a file is a reply.

use std::path::Path;

use crate::report::Problem;

use super::{Entry, Layer, SourceMap, front_matter};

pub(super) fn read(path: &Path, text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    match front_matter::split(&text[start..]) {
        Ok((matter, body)) => {
            let at = start + body;
            let entry = Entry {
                id: matter.id.map(front_matter::Scalar::into_string),
                title: matter.title.map(front_matter::Scalar::into_string),
                language: matter.lang.map(front_matter::Scalar::into_string),
                text: text[at..].to_owned(),
                map: SourceMap::shifted(at),
                layer: Layer::Plain,
            };
            (vec![entry], Vec::new())
        }
        Err((line, message)) => {
            let message = format!("the front matter could not be read: {message}");
            (Vec::new(), vec![Problem { line: Some(line), column: Some(1), ..Problem::of_file(path, message) }])
        }
    }
}
