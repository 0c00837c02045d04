//! What holds for any file: shared by the targets named `read_*`.

use std::path::Path;
use std::sync::OnceLock;

use tactful_reader::{Contents, Encoding, Entry, Problem, Profile, Reader, Source};

/// Spans of one entry that are tried: a long text has too many.
const SPANS: usize = 24;

/// The built-in profiles, and one that takes every value for a reply: most files of a fuzzer's have no shape that a tool's export has.
fn readers() -> &'static [Reader; 2] {
    static READERS: OnceLock<[Reader; 2]> = OnceLock::new();
    READERS.get_or_init(|| {
        let any = "[profile]\nname = \"any\"\ntitle = \"Any value\"\n[entry]\neach = \"$\"\n[[text]]\nmixed = [\"$..*\", \"$\"]\n";
        [Reader::new(), Reader::new().with_profile(Profile::parse(any).unwrap())]
    })
}

/// Reads `bytes` as a file called `name`: every place of every entry is sound, and so is every problem's.
pub fn check(name: &str, bytes: &[u8]) {
    let path = Path::new(name);
    for reader in readers() {
        match reader.source(path, bytes.to_vec()) {
            Ok(source) => {
                let Contents { entries, problems, .. } = reader.read(path, &source);
                problems.iter().for_each(|problem| assert_within(problem, source.text()));
                entries.iter().for_each(|entry| assert_sound(entry, &source, bytes));
            }
            Err(problem) => {
                assert!(problem.line.is_some_and(|line| line > 0) && problem.column.is_some_and(|column| column > 0))
            }
        }
    }
}

/// Its place, if it has one, is in the file, or just behind a line of it.
fn assert_within(problem: &Problem, text: &str) {
    assert_eq!(problem.line.is_some(), problem.column.is_some());
    let (Some(line), Some(column)) = (problem.line, problem.column) else { return };
    let words = line.checked_sub(1).and_then(|index| text.split('\n').nth(index));
    assert!(words.is_some_and(|words| (1..=words.chars().count() + 1).contains(&column)), "{problem:?}");
}

fn assert_sound(entry: &Entry, source: &Source, bytes: &[u8]) {
    let text = entry.text.as_str();
    let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let stride = (edges.len() / SPANS).max(1);
    let mut from = 0;
    for pair in edges.windows(2).step_by(stride) {
        let place = assert_placed(entry, source, bytes, pair[0], pair[1]);
        assert!(from <= place.start, "the text and its source are in one order: {} after {from}", place.start);
        from = place.start;
        let end = edges[edges.len() - 1].min(pair[1] + 40);
        assert_placed(
            entry,
            source,
            bytes,
            pair[0],
            (pair[1]..=end).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(end),
        );
        assert_placed(entry, source, bytes, pair[0], pair[0]);
    }
    assert_placed(entry, source, bytes, 0, text.len());
}

/// A span's place is in the file, on characters' boundaries, and its bytes are where the file's position says; no words come from nowhere.
fn assert_placed(entry: &Entry, source: &Source, bytes: &[u8], start: usize, end: usize) -> std::ops::Range<usize> {
    let place = entry.map.place(start, end);
    let Some(slice) = source.text().get(place.range.clone()) else { panic!("{start}..{end} has no place: {place:?}") };
    assert!(start == end || !slice.is_empty(), "{start}..{end} comes from nothing: {place:?}");
    // A byte order mark stands before what is encoded.
    let mark = source.encode("").map_or(0, |mark| mark.len());
    let (from, to) = (source.position(place.range.start), source.position(place.range.end));
    if source.encoding() != Encoding::Windows1252 || source.encode(slice).is_some() {
        assert_eq!(
            source.encode(slice).map(|encoded| encoded[mark..].to_vec()).as_deref(),
            bytes.get(from.offset..to.offset)
        );
    }
    for words in ["", "x", "a \"b\" 'c' & <d>\n- é \\ # : 🙂\t\u{1}"] {
        if let Some((range, _)) = entry.edit(start, end, words) {
            assert!(place.exact && range == place.range);
        }
    }
    place.range
}
