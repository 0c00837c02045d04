//! JSON Lines: an object a line, with `text`, and perhaps `id`, `title` and `lang`.

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::report::Problem;

use super::front_matter::Scalar;
use super::{Entry, Layer, SourceMap};

#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    text: &'l RawValue,
    #[serde(default)]
    id: Option<Scalar>,
    #[serde(default)]
    title: Option<Scalar>,
    #[serde(default)]
    lang: Option<Scalar>,
}

/// The replies of a file; a line that cannot be read costs that line alone.
pub(super) fn read(path: &Path, text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let bom = if start == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        if line[bom..].trim().is_empty() {
            continue;
        }
        match entry(&line[bom..], start + bom) {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                let message = error.to_string();
                // The crate counts lines within this one; the place is said once, by us.
                let message = message.split(" at line ").next().unwrap_or_default();
                let column = line.get(..error.column().saturating_sub(1)).map_or(1, |head| head.chars().count() + 1);
                problems.push(Problem {
                    line: Some(number + 1),
                    column: Some(column),
                    ..Problem::of_file(path, format!("expected a JSON object with \"text\": {message}"))
                });
            }
        }
    }
    (entries, problems)
}

fn entry(line: &str, at: usize) -> serde_json::Result<Entry> {
    let Line { text: raw, id, title, lang } = serde_json::from_str(line)?;
    let raw = raw.get();
    let text: String = serde_json::from_str(raw)?;
    // The value borrows from the line: the distance between the two is its place.
    let start = raw.as_ptr() as usize - line.as_ptr() as usize;
    Ok(Entry {
        id: id.map(Scalar::into_string),
        title: title.map(Scalar::into_string),
        language: lang.map(Scalar::into_string),
        map: map(raw, &text, at + start),
        layer: Layer::JsonString,
        text,
    })
}

/// From the decoded `text` to the bytes of the string `raw`, which stands at `source` in the file.
fn map(raw: &str, text: &str, source: usize) -> SourceMap {
    let mut map = SourceMap::shifted(source + 1);
    let bytes = raw.as_bytes();
    let (mut at, mut decoded) = (1, 0);
    while let Some(escape) = raw[at..].find('\\') {
        decoded += escape;
        at += escape;
        map.mark(decoded, source + at);
        let letter = text[decoded..].chars().next().map_or(0, char::len_utf8);
        // `\n`, `\u00e9`, or a surrogate pair of two.
        at += match bytes.get(at + 1) {
            Some(b'u') if letter == 4 => 12,
            Some(b'u') => 6,
            _ => 2,
        };
        decoded += letter;
        map.mark(decoded, source + at);
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_file() {
        let line = r#"{"id": 7, "text": "a\nb\u00e9\ud83d\ude42c\"d", "lang": "en"}"#;
        let entry = entry(line, 100).unwrap();
        assert_eq!(entry.text, "a\nbé🙂c\"d");
        assert_eq!(entry.id.as_deref(), Some("7"));
        for (word, source) in
            [("a", "a"), ("\n", "\\n"), ("b", "b"), ("é", "\\u00e9"), ("🙂", "\\ud83d"), ("c", "c"), ("d", "d\"")]
        {
            let at = entry.map.source(entry.text.find(word).unwrap()) - 100;
            assert!(line[at..].starts_with(source), "{word:?} at {at}");
        }
    }
}
