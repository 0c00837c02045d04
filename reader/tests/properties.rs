//! What holds for any reply in any format: the file's bytes at a place in its text say the words that stand there, and no file is too odd to read.
//!
//! Files are written and places are decoded by code of this test's own, or by other libraries than the reader's where there are any.

#[path = "../../src/proptest_settings.rs"]
mod proptest_settings;

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use proptest_settings::settings;
use tactful_reader::{Contents, Encoding, Entry, Problem, Profile, Reader, Source};

/// The built-in profiles, and before them one that knows replies by the names this test gives.
fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let profile = r#"
            [profile]
            name = "properties"
            title = "Replies of a test"
            [entry]
            each = ["$.reply[*]", "$[*]", "$"]
            id = "$.id"
            locale = "$.lang"
            [[text]]
            plain = "$.text"
            [[text]]
            html = "$.html"
        "#;
        Reader::new().with_profile(Profile::parse(profile).unwrap())
    })
}

// Replies

/// What is hard to write in one format or another.
const PIECES: [&str; 62] = [
    "We",
    "can't",
    "refund",
    "año",
    "å",
    "é",
    "e\u{301}",
    "5 €",
    "🙂",
    "\"",
    "\"no\"",
    "'",
    "'sí'",
    "“no”",
    "‘nej’",
    "& ",
    "< ",
    ">",
    "a < b",
    "\\",
    "\\n",
    "C:\\temp",
    "\t",
    ": ",
    "key: value",
    " #",
    "# x",
    "{{ name }}",
    "{{ name | default: 'friend' }}",
    "%{x}",
    "{a}",
    "[b]",
    "- item",
    "* star",
    "  leading",
    "trailing  ",
    "\n",
    "\n\n",
    "\n\n\n",
    "\n- item",
    "=",
    "=3D",
    "100%",
    "`code`",
    "_u_",
    "|",
    ",",
    ";",
    "\u{a0}",
    "\u{200b}",
    "!",
    "?",
    "@",
    "~",
    "null",
    "true",
    "1.5",
    "https://x.example/?a=1",
    "— así",
    "Hej då",
    "lo siento",
    "…",
];

/// A reply of some of those, never blank, and now and then very long.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 1..25);
    (pieces, prop::sample::select(&[" ", ""][..]), prop::sample::select(&[0, 0, 0, 0, 0, 0, 0, 300][..])).prop_map(
        |(pieces, glue, long)| {
            let text = format!("{}{}", pieces.join(glue), " lång rad".repeat(long));
            // Comments of template languages are not told.
            let text = text.replace("{#", "{ #").replace("{!", "{ !");
            if text.trim().is_empty() { "Nej".to_owned() } else { text }
        },
    )
}

/// Replies of which one has words: a file of signs alone holds none.
fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 1..4).prop_map(with_words)
}

fn with_words(mut texts: Vec<String>) -> Vec<String> {
    if let Some(last) = texts.last_mut() {
        last.push_str(" vi kan inte");
    }
    texts
}

struct Reply {
    id: String,
    locale: &'static str,
    text: String,
}

fn replies(texts: &[String]) -> Vec<Reply> {
    let locales = ["sv", "es", "en"].into_iter().cycle();
    texts
        .iter()
        .zip(locales)
        .enumerate()
        .map(|(index, (text, locale))| Reply { id: format!("r{index}"), locale, text: text.clone() })
        .collect()
}

// What is asked of each

/// What a test knows of the format it writes.
struct Notation<'n> {
    /// The name of the file.
    name: &'n str,
    /// Whether a part of a file says some words.
    says: &'n dyn Fn(&str, &str) -> bool,
    /// Whether the text from one offset to another, which stands in that part of the file, may have no exact place.
    apart: &'n dyn Fn(&str, usize, usize, &str) -> bool,
    /// White space does not count.
    loose: bool,
    /// What is written by `edit` is always read as it was meant. Elsewhere a command must read it again, and how often it differs is counted.
    sure: bool,
}

/// How edits fared.
#[derive(Default)]
struct Edits {
    made: Cell<usize>,
    none: Cell<usize>,
    differ: RefCell<Vec<String>>,
    /// Files that were not tried, for the writer could not write them.
    passed: Cell<usize>,
}

/// Runs `test` over what `strategy` makes, alike on every run.
fn property<T: Debug>(
    name: &str,
    strategy: impl Strategy<Value = T>,
    test: impl Fn(T, &Edits) -> Result<(), TestCaseError>,
) {
    let edits = Edits::default();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    if let Err(error) = TestRunner::new(settings(cases)).run(&strategy, |value| test(value, &edits)) {
        panic!("{name}: {error}");
    }
    let differ = edits.differ.borrow();
    eprintln!(
        "{name}: {} edits, {} refused, {} read otherwise, {} files passed over",
        edits.made.get(),
        edits.none.get(),
        differ.len(),
        edits.passed.get()
    );
    let mut examples: Vec<&String> = differ.iter().collect();
    examples.sort_by_key(|example| example.len());
    examples.iter().take(4).for_each(|example| eprintln!("    {example}"));
    assert!(edits.passed.get() * 2 < cases as usize, "{name}: the writer fails too often");
}

fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The words of a text alone. Blanks that HTML does not know count as words.
fn loose(text: &str) -> String {
    text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn same(notation: &Notation<'_>, one: &str, other: &str) -> bool {
    if notation.loose { loose(one) == loose(other) } else { unix(one) == unix(other) }
}

/// The file's text in every encoding that it can be in, if `legacy` in that of old Windows programs, too.
fn encoded(file: &str, legacy: bool) -> Vec<(Vec<u8>, Encoding)> {
    let units = |bytes: fn(u16) -> [u8; 2]| file.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mut all = vec![
        (file.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", file.as_bytes()].concat(), Encoding::Utf8),
        ([&b"\xFF\xFE"[..], &units(u16::to_le_bytes)].concat(), Encoding::Utf16Le),
        ([&b"\xFE\xFF"[..], &units(u16::to_be_bytes)].concat(), Encoding::Utf16Be),
    ];
    if let Some(bytes) = windows(file).filter(|_| legacy)
        // Some words are good UTF-8 by chance.
        && std::str::from_utf8(&bytes).is_err()
        && !bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
    {
        all.push((bytes, Encoding::Windows1252));
    }
    all
}

fn windows(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| match c {
        '€' => Some(0x80),
        '…' => Some(0x85),
        '‘' => Some(0x91),
        '“' => Some(0x93),
        '”' => Some(0x94),
        '’' => Some(0x92),
        '—' => Some(0x97),
        '\0'..='\x7f' | '\u{a0}'..='\u{ff}' => u8::try_from(c as u32).ok(),
        _ => None,
    };
    text.chars().map(byte).collect()
}

/// The file's text in the file's encoding, without a mark.
fn bytes_of(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => windows(text).unwrap(),
        _ => text.as_bytes().to_vec(),
    }
}

/// The entries that were written: those of fallbacks are the reader's.
fn written(contents: Contents) -> Vec<Entry> {
    contents.entries.into_iter().filter(|entry| !entry.within.ends_with("fallback")).collect()
}

fn fail<T>(why: String) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(why))
}

/// Reads `file` in every encoding: it holds `replies`, and each of their words stands where its map says.
fn verify(notation: &Notation<'_>, file: &str, replies: &[Reply], edits: &Edits) -> Result<(), TestCaseError> {
    let path = Path::new(notation.name);
    let legacy = ["txt", "html", "csv", "tsv", "liquid"].iter().any(|ending| notation.name.ends_with(ending));
    for (bytes, encoding) in encoded(file, legacy) {
        let source = reader()
            .source(path, bytes.clone())
            .map_err(|problem| TestCaseError::fail(format!("{encoding}: {problem:?} {file:?}")))?;
        prop_assert_eq!((source.text(), source.encoding()), (file, encoding));
        let contents = reader().read(path, &source);
        prop_assert!(contents.problems.is_empty(), "{:?}\n{}", contents.problems, file);
        for fallback in contents.entries.iter().filter(|entry| entry.within.ends_with("fallback")) {
            prop_assert_eq!(&fallback.text, "friend");
            let place = fallback.map.place(0, 6);
            prop_assert!(
                !place.exact || source.text().get(place.range).is_some_and(|slice| (notation.says)(slice, "friend"))
            );
        }
        let entries = written(contents);
        let told: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
        let meant: Vec<&str> = replies.iter().map(|reply| reply.text.as_str()).collect();
        prop_assert_eq!(told.len(), meant.len(), "{:?}\n{}", told, file);
        for (entry, reply) in entries.iter().zip(replies) {
            prop_assert!(
                same(notation, &entry.text, &reply.text),
                "told {:?}\nnot {:?}\nin {:?}",
                entry.text,
                reply.text,
                file
            );
            if !reply.id.is_empty() {
                prop_assert_eq!(entry.id.as_deref(), Some(reply.id.as_str()));
            }
            if !reply.locale.is_empty() {
                prop_assert_eq!(entry.locale.as_ref().map(|(locale, _)| locale.as_str()), Some(reply.locale));
            }
            verify_places(notation, entry, &source, &bytes)?;
        }
    }
    verify_edits(notation, file, edits)
}

/// Every character, the whole, and others spread over the text.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let last = edges.len() - 1;
    let singles = edges.windows(2).take(400).map(|pair| (pair[0], pair[1]));
    let others = (0..80).map(|index| {
        let from = index * 7919 % last.max(1);
        (edges[from], edges[(from + 1 + index * 31 % 40).min(last)])
    });
    singles.chain(others).chain([(0, text.len())]).collect()
}

fn verify_places(notation: &Notation<'_>, entry: &Entry, source: &Source, bytes: &[u8]) -> Result<(), TestCaseError> {
    let (file, text) = (source.text(), entry.text.as_str());
    for (start, end) in spans(text) {
        let words = &text[start..end];
        let place = entry.map.place(start, end);
        let Some(slice) = file.get(place.range.clone()) else {
            return fail(format!("{words:?} has no place: {place:?} in {file:?}"));
        };
        if place.exact && !(notation.says)(slice, words) {
            return fail(format!("{words:?} is not what {slice:?} says, at {place:?} in {file:?}"));
        }
        if !place.exact && !(notation.apart)(text, start, end, slice) {
            return fail(format!("{words:?} has no exact place, {slice:?} at {place:?} in {file:?}"));
        }
        let (from, to) = (source.position(place.range.start), source.position(place.range.end));
        let there = bytes.get(from.offset..to.offset);
        if there != Some(&*bytes_of(slice, source.encoding())) {
            return fail(format!("{slice:?} is not at {from:?} to {to:?} in {:?}: {file:?}", source.encoding()));
        }
    }
    Ok(())
}

/// What is put in, in turn.
const WORDS: [&str; 10] = [
    "x",
    "",
    "señor \"Å\" 'o'",
    "a & b",
    "a < b > c",
    "uno\ndos",
    "slut: # \\n \\",
    "- 'x",
    "“🙂” e\u{301}",
    "a, b; c | d\te",
];

fn verify_edits(notation: &Notation<'_>, file: &str, edits: &Edits) -> Result<(), TestCaseError> {
    let path = Path::new(notation.name);
    let read = |file: &str| written(reader().read(path, &reader().source(path, file.as_bytes().to_vec()).unwrap()));
    for (index, entry) in read(file).iter().enumerate() {
        let spans = spans(&entry.text);
        for (turn, words) in WORDS.iter().enumerate() {
            let (start, end) = spans[(turn * 37 + file.len()) % spans.len()];
            let meant = format!("{}{words}{}", &entry.text[..start], &entry.text[end..]);
            // A file without words may be none of replies.
            if meant.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).count()
                < 2
            {
                continue;
            }
            edits.made.set(edits.made.get() + 1);
            let Some((range, put)) = entry.edit(start, end, words) else {
                edits.none.set(edits.none.get() + 1);
                continue;
            };
            let mut edited = file.to_owned();
            edited.replace_range(range, &put);
            let told = read(&edited).into_iter().nth(index).map(|entry| entry.text);
            if !told.as_deref().is_some_and(|told| same(notation, told, &meant)) {
                let why = format!(
                    "{words:?} for {:?} of {:?}, written {put:?}: {told:?} in {edited:?}",
                    &entry.text[start..end],
                    entry.text
                );
                if notation.sure {
                    return fail(why);
                }
                edits.differ.borrow_mut().push(why);
            }
        }
    }
    Ok(())
}

/// Nothing is apart.
fn never(_: &str, _: usize, _: usize, _: &str) -> bool {
    false
}

/// Whether an offset is within a run of blanks that holds a line end: such a run may be said as a whole.
fn in_line_end(text: &str, start: usize, end: usize, _: &str) -> bool {
    [start, end].into_iter().any(|at| {
        let before = text[..at].len() - text[..at].trim_end_matches([' ', '\t', '\n']).len();
        let after = text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\n']).len();
        before > 0 && after > 0 && text[at - before..at + after].contains('\n')
    })
}

/// Whether tags stand between the words.
fn has_tags(text: &str, start: usize, end: usize, slice: &str) -> bool {
    slice.contains('<') || in_line_end(text, start, end, slice)
}

fn ends(crlf: bool, file: String) -> String {
    if crlf { unix(&file).replace('\n', "\r\n") } else { file }
}

// Plain text

#[test]
fn plain_text_is_read_as_it_stands() {
    let notation =
        Notation { name: "reply.txt", says: &|slice, words| slice == words, apart: &never, loose: false, sure: true };
    property("text", (text(), any::<bool>()), |(text, crlf), edits| {
        // A first line in capitals is a title.
        let file = ends(crlf, format!("så {}", text.trim_start()));
        verify(&notation, &file, &[Reply { id: String::new(), locale: "", text: file.clone() }], edits)
    });
}

// JSON

fn json_says(slice: &str, words: &str) -> bool {
    serde_json::from_str::<String>(&format!("\"{slice}\"")).is_ok_and(|said| said == words)
}

/// `json` with no character beyond ASCII, slashes escaped as PHP does.
fn ascii(json: &str) -> String {
    let mut ascii = String::new();
    for c in json.chars() {
        match c {
            '/' => ascii.push_str("\\/"),
            '\0'..='\x7f' => ascii.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| ascii.push_str(&format!("\\u{unit:04X}"))),
        }
    }
    ascii
}

fn json_of(replies: &[Reply], key: &str) -> Vec<serde_json::Value> {
    replies.iter().map(|reply| serde_json::json!({ "id": reply.id, "lang": reply.locale, key: reply.text })).collect()
}

/// With characters that only escapes can say.
fn texts_with_controls() -> impl Strategy<Value = Vec<String>> {
    (texts(), prop::sample::select(&["", "\u{8}", "\u{c}a", "\u{1}", "\r\n", "\u{7f}", "\u{2028}"][..])).prop_map(
        |(mut texts, odd)| {
            texts[0].push_str(odd);
            texts[0].push('.');
            texts
        },
    )
}

#[test]
fn json_leads_back_to_its_escapes() {
    // A line end within a string is always an escape.
    let notation = Notation { name: "replies.json", says: &json_says, apart: &never, loose: false, sure: true };
    property("JSON", (texts_with_controls(), 0..4, any::<bool>()), |(texts, style, crlf), edits| {
        let replies = replies(&texts);
        let values = json_of(&replies, "text");
        let file = match style {
            0 => serde_json::to_string(&values).unwrap(),
            1 => ascii(&serde_json::to_string(&values).unwrap()),
            2 => format!("// Ours\n{}\n", serde_json::to_string_pretty(&values).unwrap()),
            _ => ascii(&serde_json::to_string_pretty(&values).unwrap()),
        };
        verify(&notation, &ends(crlf, file), &replies, edits)
    });
}

#[test]
fn json_lines_lead_back_to_their_escapes() {
    let notation = Notation { name: "replies.jsonl", says: &json_says, apart: &never, loose: false, sure: true };
    property("JSON Lines", (texts_with_controls(), any::<bool>(), any::<bool>()), |(texts, short, crlf), edits| {
        let replies = replies(&texts);
        let lines: Vec<String> = json_of(&replies, "text").iter().map(|value| value.to_string()).collect();
        let lines = lines.join("\n\n");
        verify(&notation, &ends(crlf, if short { ascii(&lines) } else { lines }), &replies, edits)
    });
}

// CSV

/// Two marks say one.
fn csv_says(slice: &str, words: &str) -> bool {
    slice.matches('"').count() == words.matches('"').count() * 2 && slice.replace("\"\"", "\"") == words
}

#[test]
fn csv_leads_back_to_its_fields() {
    let delimiters = prop::sample::select(&[(b',', "a.csv"), (b';', "a.csv"), (b'\t', "a.tsv"), (b'|', "a.csv")][..]);
    property(
        "CSV",
        (texts(), delimiters, any::<bool>(), any::<bool>(), any::<bool>()),
        |(texts, (delimiter, name), quoted, crlf, crlf_in), edits| {
            let texts: Vec<String> = texts.into_iter().map(|text| ends(crlf_in, text)).collect();
            let replies = replies(&texts);
            let mut builder = csv::WriterBuilder::new();
            builder.delimiter(delimiter);
            builder.terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') });
            builder.quote_style(if quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary });
            let mut writer = builder.from_writer(Vec::new());
            writer.write_record(["id", "text", "lang"]).unwrap();
            for reply in &replies {
                writer.write_record([&reply.id, &reply.text, reply.locale]).unwrap();
            }
            let file = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            // What stands bare may need marks once it is edited.
            let notation = Notation { name, says: &csv_says, apart: &never, loose: false, sure: quoted };
            verify(&notation, &file, &replies, edits)
        },
    );
}

// YAML

/// Where lines of a text stand in a YAML file of this test.
const INDENT: &str = "    ";

fn yaml_file(replies: &[Reply], scalar: impl Fn(&str) -> String) -> String {
    replies
        .iter()
        .map(|reply| format!("- id: {}\n  lang: {}\n  text: {}\n", reply.id, reply.locale, scalar(&reply.text)))
        .collect()
}

#[derive(serde::Deserialize)]
struct Texts {
    text: String,
}

/// Whether another reader of YAML finds `replies` in `file`.
fn is_yaml(file: &str, replies: &[Reply]) -> bool {
    let read: Result<Vec<Texts>, _> = serde_saphyr::from_str(file);
    read.is_ok_and(|read| read.iter().map(|one| &one.text).eq(replies.iter().map(|reply| &reply.text)))
}

/// Line ends with the blanks around them, as a space or as one line end fewer.
fn folded(slice: &str) -> String {
    let mut said = String::new();
    let mut rest = slice;
    while let Some(at) = rest.find('\n') {
        said.push_str(rest[..at].trim_end_matches([' ', '\t', '\r']));
        let after = rest[at..].trim_start_matches([' ', '\t', '\r', '\n']);
        let ends = rest[at..rest.len() - after.len()].matches('\n').count();
        said.push_str(if ends == 1 { " ".to_owned() } else { "\n".repeat(ends - 1) }.as_str());
        rest = after;
    }
    said + rest
}

/// Escapes of a double-quoted scalar, without folding.
fn yaml_unescaped(slice: &str) -> Option<String> {
    let mut said = String::new();
    let mut chars = slice.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            said.push(c);
            continue;
        }
        let digits = match chars.next()? {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '\n' => {
                while chars.next_if(|c| [' ', '\t', '\n'].contains(c)).is_some() {}
                continue;
            }
            letter => {
                said.push(match letter {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '_' => '\u{a0}',
                    'P' => '\u{2029}',
                    'L' => '\u{2028}',
                    '"' | '\\' | '/' | ' ' => letter,
                    _ => return None,
                });
                continue;
            }
        };
        let code: String = chars.by_ref().take(digits).collect();
        said.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
    }
    Some(said)
}

/// Spaces between words as line ends, one in `every`.
fn broken(text: &str, every: usize, end: &str) -> String {
    let mut broken = String::new();
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            let plain = !broken.ends_with([' ', '\n', '\t'])
                && !word.starts_with(['\n', '\t'])
                && !word.is_empty()
                && !broken.is_empty();
            broken.push_str(if plain && index % every == 0 { end } else { " " });
        }
        broken.push_str(word);
    }
    broken
}

/// Checks one style: what its writer cannot write is passed over.
fn yaml_style(
    name: &str,
    sure: bool,
    says: impl Fn(&str, &str) -> bool,
    mend: impl Fn(String) -> String,
    scalar: impl Fn(&str, usize) -> String,
) {
    // The indentation of a block's next line belongs to no word, so that words on two lines are apart.
    let block = name.contains("literal") || name.contains("YAML, folded");
    let apart = |text: &str, start: usize, end: usize, slice: &str| {
        in_line_end(text, start, end, slice) || (block && slice.contains('\n'))
    };
    let notation = Notation { name: "replies.yaml", says: &says, apart: &apart, loose: false, sure };
    property(name, (texts(), any::<bool>(), 1_usize..6), |(texts, crlf, every), edits| {
        let replies = replies(&texts.into_iter().map(&mend).collect::<Vec<_>>());
        let file = yaml_file(&replies, |text| scalar(text, every));
        if !is_yaml(&file, &replies) {
            edits.passed.set(edits.passed.get() + 1);
            return Ok(());
        }
        verify(&notation, &ends(crlf, file), &replies, edits)
    });
}

/// A text that folds: no blanks around line ends.
fn foldable(text: String) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let text = lines.join("\n").trim().to_owned();
    if text.is_empty() { "Nej".to_owned() } else { text }
}

/// Line ends doubled where the text has them, and each line indented.
fn flow_lines(text: &str, every: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| broken(line, every, &format!("\n{INDENT}"))).collect();
    let mut flow = lines[0].clone();
    for (index, line) in lines.iter().enumerate().skip(1) {
        // A run of line ends needs one more.
        let first = index == 1 || !lines[index - 1].is_empty();
        flow.push_str(if first { "\n\n" } else { "\n" });
        flow.push_str(if line.is_empty() { "" } else { INDENT });
        flow.push_str(line);
    }
    flow
}

#[test]
fn yaml_plain_scalars_lead_back() {
    // Most marks end, or change, a plain scalar.
    let mend = |text: String| {
        let text = foldable(text.replace(": ", " ").replace(" #", " ").replace(['\t', '\u{a0}'], " "));
        let lines: Vec<String> =
            text.lines().map(|line| if line.is_empty() { String::new() } else { format!("Nej {line} x") }).collect();
        foldable(lines.join("\n"))
    };
    yaml_style("YAML, plain", false, |slice, words| folded(slice) == words, mend, flow_lines);
}

#[test]
fn yaml_single_quoted_scalars_lead_back() {
    let says = |slice: &str, words: &str| {
        slice.matches('\'').count().is_multiple_of(2) && folded(&slice.replace("''", "'")) == words
    };
    yaml_style("YAML, single", false, says, foldable, |text, every| {
        format!("'{}'", flow_lines(&text.replace('\'', "''"), every))
    });
}

#[test]
fn yaml_double_quoted_scalars_lead_back() {
    let says = |slice: &str, words: &str| {
        // A line end that is escaped takes its blanks with it before others fold.
        let mut mended = String::new();
        let slice = unix(slice);
        let mut rest = slice.as_str();
        while let Some(at) = rest.find("\\\n") {
            let escaped = rest[..at].len() - rest[..at].trim_end_matches('\\').len();
            let keep = if escaped % 2 == 1 { at + 2 } else { at };
            mended.push_str(&rest[..keep]);
            rest = if escaped % 2 == 1 { &rest[keep..] } else { rest[at + 2..].trim_start_matches([' ', '\t', '\n']) };
        }
        mended.push_str(rest);
        yaml_unescaped(&folded(&mended)).is_some_and(|said| said == words)
    };
    let scalar = |text: &str, every: usize| {
        let mut scalar = String::from("\"");
        for (index, c) in text.chars().enumerate() {
            if index > 0 && (index + every).is_multiple_of(29) && !c.is_whitespace() {
                scalar.push_str(&format!("\\\n{INDENT}"));
            }
            match c {
                '"' | '\\' => scalar.extend(['\\', c]),
                '\n' => scalar.push_str("\\n"),
                '\t' => scalar.push_str("\\t"),
                '\u{a0}' => scalar.push_str("\\_"),
                ' ' if index % 7 == 3 => scalar.push_str("\\ "),
                'é' => scalar.push_str("\\xE9"),
                'å' if index % 2 == 0 => scalar.push_str("\\u00e5"),
                '🙂' if index % 2 == 0 => scalar.push_str("\\U0001F642"),
                _ => scalar.push(c),
            }
        }
        scalar + "\""
    };
    yaml_style("YAML, double", true, says, |text| text, scalar);
    yaml_style("YAML, double, folded", false, says, foldable, |text, every| {
        format!("\"{}\"", flow_lines(&text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t"), every))
    });
}

/// A block scalar's header: what ends it, and how far it is indented where its first line does not tell.
fn header(mark: &str, text: &str, told: bool) -> String {
    let told = if told || text.starts_with([' ', '\n', '\t']) { "2" } else { "" };
    let body = text.trim_end_matches('\n');
    let chomp = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    format!("{mark}{told}{chomp}")
}

#[test]
fn yaml_literal_blocks_lead_back() {
    let says = |slice: &str, words: &str| {
        let lines: Vec<String> = unix(slice)
            .split('\n')
            .enumerate()
            .map(|(index, line)| {
                let spaces = line
                    .bytes()
                    .take(if index == 0 { 0 } else { INDENT.len() })
                    .take_while(|&byte| byte == b' ')
                    .count();
                line[spaces..].to_owned()
            })
            .collect();
        lines.join("\n") == words
    };
    let scalar = |text: &str, every: usize| {
        let mut scalar = header("|", text, every == 3);
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            scalar.push('\n');
            if !line.is_empty() {
                scalar.push_str(INDENT);
                scalar.push_str(line);
            }
        }
        scalar
    };
    let started = |text: String| text.trim_start_matches('\n').to_owned();
    yaml_style("YAML, literal", false, says, started, scalar);
    yaml_style(
        "YAML, literal, with line ends",
        false,
        says,
        |text| started(text.replace("{{ name }}", "\n")) + "\n",
        scalar,
    );
}

#[test]
fn yaml_folded_blocks_lead_back() {
    let says = |slice: &str, words: &str| {
        let said = folded(slice);
        // The last line end is no space.
        said == words || (words.ends_with('\n') && said.trim_end() == words.trim_end())
    };
    let scalar = |text: &str, every: usize| {
        let body = text.strip_suffix('\n').unwrap_or(text);
        format!("{}\n{INDENT}{}", header(">", text, false), flow_lines(body, every))
    };
    yaml_style("YAML, folded", false, says, foldable, scalar);
    yaml_style("YAML, folded, with a line end", false, says, |text| foldable(text) + "\n", scalar);
}

// TOML

fn toml_says(open: &str, close: &str, slice: &str, words: &str) -> bool {
    // Half a line end is no TOML.
    let half = |said: &str| said.ends_with('\r').then(|| said.len() - 1);
    if let (Some(slice_end), Some(words_end)) = (half(slice), half(words)) {
        return toml_says(open, close, &slice[..slice_end], &words[..words_end]);
    }
    let read: Result<toml::Table, _> = toml::from_str(&format!("x = {open}{slice}{close}\n"));
    read.is_ok_and(|table| table["x"].as_str().is_some_and(|said| unix(said) == unix(words)))
}

fn toml_style(
    name: &str,
    (open, close): (&str, &str),
    sure: bool,
    mend: fn(String) -> String,
    scalar: impl Fn(&str, usize) -> String,
) {
    let says = |slice: &str, words: &str| toml_says(open, close, slice, words);
    let notation = Notation { name: "replies.toml", says: &says, apart: &never, loose: false, sure };
    property(name, (texts(), any::<bool>(), 1_usize..6), |(texts, crlf, every), edits| {
        let replies = replies(&texts.into_iter().map(mend).collect::<Vec<_>>());
        let mut file = String::new();
        for reply in &replies {
            let scalar = scalar(&reply.text, every);
            file.push_str(&format!(
                "[[reply]]\nid = '{}'\nlang = \"{}\"\ntext = {open}{scalar}{close}\n\n",
                reply.id, reply.locale
            ));
        }
        verify(&notation, &ends(crlf, file), &replies, edits)
    });
}

fn toml_escaped(text: &str, special: &[char], every: usize) -> String {
    let mut escaped = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            'é' if index % 2 == 0 => escaped.push_str("\\u00e9"),
            '🙂' if every > 2 => escaped.push_str("\\U0001F642"),
            '\n' if special.contains(&c) => escaped.push_str("\\n"),
            '\t' if every > 3 => escaped.push_str("\\t"),
            '"' | '\\' if special.contains(&c) => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[test]
fn toml_strings_lead_back() {
    let as_is = |text| text;
    toml_style("TOML, basic", ("\"", "\""), true, as_is, |text, every| toml_escaped(text, &['"', '\\', '\n'], every));
    let short = |text: String| text.replace('\'', "’").replace('\n', " ");
    toml_style("TOML, literal", ("'", "'"), false, short, |text, _| text.to_owned());
    toml_style("TOML, multi-line", ("\"\"\"\n", "\"\"\""), false, as_is, |text, every| {
        // A line end that is escaped says nothing, nor do the blanks after it.
        toml_escaped(text, &['"', '\\'], every).replace("refund", "re\\\n  \n   fund")
    });
    let fewer = |text: String| text.replace("''", "'’");
    toml_style("TOML, multi-line literal", ("'''\n", "'''"), false, fewer, |text, _| text.to_owned());
}

// HTML

const ENTITIES: [(&str, &str); 10] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("nbsp", "\u{a0}"),
    ("#39", "'"),
    ("ntilde", "ñ"),
    ("#233", "é"),
    ("#xE5", "å"),
    ("euro", "€"),
];

/// What HTML says, its blanks aside.
fn html_said(slice: &str) -> String {
    let (mut said, mut rest) = (String::new(), slice);
    while let Some(at) = rest.find(['<', '&']) {
        said.push_str(&rest[..at]);
        let close = if rest[at..].starts_with('<') { '>' } else { ';' };
        let Some(end) = rest[at..].find(close) else { break };
        let inside = &rest[at + 1..at + end];
        if close == '>' {
            said.push_str(if ["p", "/p", "br", "br/"].contains(&inside) { "\n" } else { "" });
        } else {
            said.push_str(ENTITIES.iter().find(|(name, _)| *name == inside).map_or("\u{fffd}", |(_, c)| c));
        }
        rest = &rest[at + end + 1..];
    }
    said + rest
}

fn html_says(slice: &str, words: &str) -> bool {
    loose(&html_said(slice)) == loose(words)
}

/// A reply as paragraphs, with entities and tags here and there.
fn html_of(text: &str, every: usize) -> String {
    let mut html = String::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        for (index, word) in paragraph.split(' ').enumerate() {
            html.push_str(if index > 0 { " " } else { "" });
            let mut written = word
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\u{a0}', "&nbsp;")
                .replace('\n', "<br>");
            if (index + every).is_multiple_of(3) {
                for (name, c) in &ENTITIES[5..] {
                    written = written.replace(c, &format!("&{name};"));
                }
            }
            // Template code is what it is, tags or none.
            let code = paragraph.contains("{{") || word.is_empty();
            html.push_str(&match (index + every) % 5 {
                0 if !code => format!("<b>{written}</b>"),
                1 if !code => format!("<span class=\"a > b\">{written}</span>").replace(" class=\"a > b\"", ""),
                _ => written,
            });
        }
        html.push_str("</p>\n");
    }
    html
}

/// Texts as a browser shows them: code of templates is not written with entities.
fn shown() -> impl Strategy<Value = Vec<String>> {
    let plain = |text: String| text.replace("{{ name | default: 'friend' }}", "{{ x }}");
    prop::collection::vec(text().prop_map(plain), 1..4).prop_map(with_words)
}

#[test]
fn html_leads_back_to_its_words() {
    let notation = Notation { name: "reply.html", says: &html_says, apart: &has_tags, loose: true, sure: false };
    property("HTML", (shown(), any::<bool>(), 1_usize..6), |(texts, crlf, every), edits| {
        let reply = Reply { id: String::new(), locale: "", text: texts[0].clone() };
        verify(&notation, &ends(crlf, html_of(&texts[0], every)), &[reply], edits)
    });
}

#[test]
fn html_within_json_leads_back_to_its_words() {
    let says = |slice: &str, words: &str| {
        serde_json::from_str::<String>(&format!("\"{slice}\"")).is_ok_and(|html| html_says(&html, words))
    };
    let notation = Notation { name: "replies.json", says: &says, apart: &has_tags, loose: true, sure: false };
    property("HTML in JSON", (shown(), any::<bool>(), 1_usize..6), |(texts, short, every), edits| {
        let written: Vec<String> = texts.iter().map(|text| html_of(text, every)).collect();
        let file = serde_json::to_string(&json_of(&replies(&written), "html")).unwrap();
        verify(&notation, &if short { ascii(&file) } else { file }, &replies(&texts), edits)
    });
    property("Zendesk macros", (shown(), any::<bool>(), 1_usize..6), |(texts, short, every), edits| {
        let macros: Vec<serde_json::Value> = replies(&texts)
            .iter()
            .map(|reply| {
                let actions = serde_json::json!([{ "field": "status", "value": "solved" }, { "field": "comment_value_html", "value": html_of(&reply.text, every) }]);
                serde_json::json!({ "id": reply.id, "title": "Late", "active": true, "actions": actions })
            })
            .collect();
        let file = serde_json::json!({ "macros": macros, "count": texts.len() }).to_string();
        let meant: Vec<Reply> = replies(&texts).into_iter().map(|reply| Reply { locale: "", ..reply }).collect();
        verify(&notation, &if short { ascii(&file) } else { file }, &meant, edits)
    });
}

#[test]
fn html_within_csv_leads_back_to_its_words() {
    let says = |slice: &str, words: &str| html_says(&slice.replace("\"\"", "\""), words);
    let notation = Notation { name: "replies.csv", says: &says, apart: &has_tags, loose: true, sure: false };
    property("HTML in CSV", (shown(), any::<bool>(), 1_usize..6), |(texts, crlf, every), edits| {
        let field = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let row = |reply: Reply| format!("{};{};{}\n", reply.id, reply.locale, field(&html_of(&reply.text, every)));
        let file = format!("id;lang;html\n{}", replies(&texts).into_iter().map(row).collect::<String>());
        verify(&notation, &ends(crlf, file), &replies(&texts), edits)
    });
}

// Markdown

/// What is written, and what it says.
const MARKDOWN: [(&str, &str); 23] = [
    ("We", "We"),
    ("**can't**", "can't"),
    ("*no*", "no"),
    ("_nej_", "nej"),
    ("~~aldrig~~", "aldrig"),
    ("***så***", "så"),
    ("5 \\* 3", "5 * 3"),
    ("&amp;", "&"),
    ("&ntilde;", "ñ"),
    ("&#233;", "é"),
    ("{{ name }}", "{{ name }}"),
    ("ñå🙂", "ñå🙂"),
    ("e\u{301}", "e\u{301}"),
    ("x \\#1", "x #1"),
    ("\\[a\\]", "[a]"),
    ("\n\n", "\n\n"),
    ("\n", "\n"),
    ("`a*b`", "`a*b`"),
    ("[guide](https://x.example)", "[guide](https://x.example)"),
    ("a_b_c", "a_b_c"),
    ("“så”", "“så”"),
    ("*|NAME|*", "*|NAME|*"),
    ("\n\n> cita\n\n", "\n\n> cita\n\n"),
];

fn markdown_says(slice: &str, words: &str) -> bool {
    let (mut said, mut rest) = (String::new(), slice);
    let mut code = false;
    while let Some(c) = rest.chars().next() {
        let entity = rest
            .strip_prefix('&')
            .and_then(|rest| ENTITIES.iter().find(|(name, _)| rest.starts_with(&format!("{name};"))));
        match (c, entity) {
            (_, Some((name, c))) => {
                said.push_str(c);
                rest = &rest[name.len() + 2..];
                continue;
            }
            // Within code a backslash is one.
            ('\\', _) if !code && rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                said.push_str(&rest[1..2]);
                rest = &rest[2..];
                continue;
            }
            ('`', _) => code = !code,
            _ => {}
        }
        said.push(c);
        rest = &rest[c.len_utf8()..];
    }
    // A part of code has backslashes, too.
    loose(&said) == loose(words) || loose(slice) == loose(words)
}

fn markdown() -> impl Strategy<Value = (String, String)> {
    prop::collection::vec(prop::sample::select(&MARKDOWN[..]), 1..25).prop_map(|pieces| {
        let join = |said: fn(&(&'static str, &'static str)) -> &'static str| {
            format!("Hej {} .", pieces.iter().map(said).collect::<Vec<_>>().join(" "))
        };
        (join(|piece| piece.0), join(|piece| piece.1))
    })
}

/// Whether marks stand between the words.
fn has_marks(_: &str, _: usize, _: usize, slice: &str) -> bool {
    slice.contains(['*', '_', '~', '\\'])
}

#[test]
fn markdown_leads_back_to_its_words() {
    let notation = Notation { name: "reply.md", says: &markdown_says, apart: &has_marks, loose: true, sure: false };
    property("Markdown", (markdown(), any::<bool>()), |((file, text), crlf), edits| {
        verify(&notation, &ends(crlf, file), &[Reply { id: String::new(), locale: "", text }], edits)
    });
}

#[test]
fn a_subject_in_front_matter_leads_back() {
    let says = |slice: &str, words: &str| markdown_says(slice, words) || json_says(slice, words);
    let notation = Notation { name: "reply.md", says: &says, apart: &has_marks, loose: true, sure: false };
    property(
        "front matter",
        (text(), markdown(), any::<bool>(), any::<bool>()),
        |(subject, (body, text), toml, crlf), edits| {
            let quoted = serde_json::to_string(&subject).unwrap();
            let file = match toml {
                true => format!("+++\nid = 'late'\nlang = 'sv'\nsubject = {quoted}\n+++\n{body}"),
                false => format!("---\nid: late\nlang: sv\nsubject: {quoted}\n---\n{body}"),
            };
            let reply = |text: String| Reply { id: "late".into(), locale: "sv", text };
            verify(&notation, &ends(crlf, file), &[reply(subject), reply(text)], edits)
        },
    );
}

// Gettext

/// Strings, one after the other, with the escapes of C.
fn gettext_says(slice: &str, words: &str) -> bool {
    let (mut said, mut chars) = (String::new(), slice.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => said.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(c) => c,
                None => return false,
            }),
            // One string ends, the next begins.
            '"' => {
                if !chars.by_ref().any(|c| c == '"') {
                    return false;
                }
            }
            _ => said.push(c),
        }
    }
    said == words
}

#[test]
fn gettext_leads_back_to_its_strings() {
    let notation = Notation { name: "sv.po", says: &gettext_says, apart: &never, loose: false, sure: true };
    // What looks like HTML is read as HTML.
    let plain = |text: String| text.replace('<', "‹").replace('&', "och");
    property(
        "gettext",
        (prop::collection::vec(text().prop_map(plain), 1..4), any::<bool>(), 0..3),
        |(texts, crlf, style), edits| {
            let replies: Vec<Reply> =
                replies(&texts).into_iter().map(|reply| Reply { locale: "sv", ..reply }).collect();
            let mut file = String::from(
                "# Ours\nmsgid \"\"\nmsgstr \"\"\n\"Language: sv\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n",
            );
            for reply in &replies {
                let escaped =
                    reply.text.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t").replace('\n', "\\n");
                let written = match style {
                    0 => escaped,
                    1 => format!("\"\n\"{}", escaped.replace("\\n", "\\n\"\n\"")),
                    _ => escaped.replace(' ', " \"\n  \""),
                };
                file.push_str(&format!(
                    "\n#: a.c:1\nmsgctxt \"{}\"\nmsgid \"of {}\"\nmsgstr \"{written}\"\n",
                    reply.id, reply.id
                ));
            }
            verify(&notation, &ends(crlf, file), &replies, edits)
        },
    );
}

// Mail

fn quoted_printable(text: &str) -> String {
    let (mut written, mut column) = (String::new(), 0);
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let last = after.starts_with('\n') || after.is_empty();
        let one = match c {
            '\n' => "\n".to_owned(),
            ' ' | '\t' if last => format!("={:02X}", c as u32),
            '\t' | ' '..='~' if c != '=' => c.to_string(),
            _ => c.to_string().bytes().map(|byte| format!("={byte:02X}")).collect(),
        };
        if c == '\n' {
            column = 0;
        } else if column + one.len() > 70 {
            written.push_str("=\n");
            column = 0;
        }
        column += one.len();
        written.push_str(&one);
    }
    written
}

fn quoted_printable_said(slice: &str) -> Option<String> {
    let slice = unix(slice).replace("=\n", "");
    let (mut said, mut bytes) = (Vec::new(), slice.bytes());
    while let Some(byte) = bytes.next() {
        said.push(match byte {
            b'=' => u8::from_str_radix(std::str::from_utf8(&[bytes.next()?, bytes.next()?]).ok()?, 16).ok()?,
            _ => byte,
        });
    }
    String::from_utf8(said).ok()
}

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| -> String {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0, |bits: usize, &byte| bits << 8 | usize::from(byte));
        (0..4)
            .map(|index| if index > group.len() { '=' } else { letters[bits >> (18 - 6 * index) & 63] as char })
            .collect()
    };
    let lines: Vec<String> = bytes.chunks(57).map(|line| line.chunks(3).map(group).collect()).collect();
    lines.join("\n")
}

/// A mail of one body, or of a plain one and its HTML.
fn mail(kind: &str, encoding: &str, body: &str, multipart: bool) -> String {
    let part = format!("Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}\n");
    let head = "From: A <a@x.example>\nSubject: Hej\nContent-Language: sv\nMIME-Version: 1.0\n";
    match multipart {
        true => format!("{head}Content-Type: multipart/mixed; boundary=\"=b\"\n\n--=b\n{part}--=b--\n"),
        false => format!("{head}{part}"),
    }
}

fn mail_style(
    name: &str,
    encoding: &'static str,
    says: impl Fn(&str, &str) -> bool,
    apart: &dyn Fn(&str, usize, usize, &str) -> bool,
    write: fn(&str) -> String,
) {
    let notation = Notation { name: "reply.eml", says: &says, apart, loose: true, sure: false };
    let subject = || Reply { id: String::new(), locale: "sv", text: "Hej".into() };
    property(name, (text(), any::<bool>(), any::<bool>()), |(text, multipart, crlf), edits| {
        let file = mail("text/plain", encoding, &write(&text), multipart);
        let meant = Reply { id: String::new(), locale: "sv", text };
        verify(&notation, &ends(crlf, file), &[subject(), meant], edits)
    });
}

#[test]
fn mails_lead_back_to_their_bodies() {
    mail_style("mail, 8bit", "8bit", |slice, words| loose(slice) == loose(words), &never, str::to_owned);
    let says = |slice: &str, words: &str| {
        slice == words || quoted_printable_said(slice).is_some_and(|said| loose(&said) == loose(words))
    };
    mail_style("mail, quoted-printable", "quoted-printable", says, &in_line_end, quoted_printable);
    // No word of base64 stands by itself: only the subject has a place of its own.
    mail_style(
        "mail, base64",
        "base64",
        |slice, words| slice == words,
        &|_, _, _, _| true,
        |text| base64(text.as_bytes()),
    );
}

#[test]
fn html_mails_lead_back_to_their_words() {
    let says = |slice: &str, words: &str| {
        slice == words || quoted_printable_said(slice).is_some_and(|html| html_says(&html, words))
    };
    // A line that goes on may part them, too.
    let apart =
        |text: &str, start: usize, end: usize, slice: &str| has_tags(text, start, end, slice) || slice.contains('\n');
    let notation = Notation { name: "reply.eml", says: &says, apart: &apart, loose: true, sure: false };
    property(
        "HTML mail",
        (shown(), any::<bool>(), any::<bool>(), 1_usize..6),
        |(texts, multipart, crlf, every), edits| {
            let file = mail("text/html", "quoted-printable", &quoted_printable(&html_of(&texts[0], every)), multipart);
            let reply = |text: &str| Reply { id: String::new(), locale: "sv", text: text.to_owned() };
            verify(&notation, &ends(crlf, file), &[reply("Hej"), reply(&texts[0])], edits)
        },
    );
}

// What was never meant to be read

/// A small file of each format.
const FILES: [(&str, &str); 13] = [
    ("a.txt", "---- SÍ\nNo {{ x | default: 'ñ' }} {# c #}\n\n---- B ----\nHej då, vi kan inte.\n"),
    (
        "a.md",
        "---\nid: x\nsubject: 'it''s'\n---\n# A *b*\n\n> Hej **då** &amp; \\*nej\\*\n\n## B\n\n```\ncode å\n```\n\n- a\n- [b](c)\n\n---\n\nT\n=\n\n| a | b |\n|---|---|\n| `c` | d |\n",
    ),
    (
        "a.html",
        "<html lang=es><title>Sí</title><p title='a &lt; b'>N&ouml; <b>no</b> &amp; {{ x }}<br>ä<blockquote>q<p>r</blockquote><a href=\"x\">y</a><ul><li>z</ul><pre>p\n q</pre><!-- c --><style>s</style>",
    ),
    (
        "a.liquid",
        "{% if a < b %}<p>Hej &aring;{% endif %} {{ y | default: \"vän\" }}</p>{% comment %}x{% endcomment %}",
    ),
    (
        "a.json",
        "[{\"id\": 1, \"lang\": \"sv\", \"text\": \"Hej \\u00e5 \\ud83d\\ude42 \\\"du\\\"\"}, // c\n {\"html\": \"<p>Nej &amp; ja<\\/p>\", \"text\": \"Nej\"},]",
    ),
    ("a.jsonl", "{\"id\": 1, \"text\": \"Hej \\u00e5\"}\r\n\n{\"text\": \"Två\\nrader\", \"lang\": \"es\"}\n"),
    (
        "a.yaml",
        "- id: a\n  text: Hej\n    på dig\n- {text: \"x \\u00e5 \\\n  y\", lang: sv}\n- text: |2-\n     a\n\n    b\n- &x\n  text: >+\n    a\n    b\n\n- text: 'it''s\n\n    so'\n- *x\n",
    ),
    (
        "a.toml",
        "[[reply]]\nid = 'a'\ntext = \"\"\"\nHej \\\n  å \\u00e9\"\"\"\n[[reply]]\ntext = '''it's'''\n[[reply]]\ntext = \"a\\tb\"\nx = {y = [1, 2]}\n",
    ),
    ("a.csv", "id;text;lang\r\n1;\"Hej \"\"du\"\"\nå\";sv\r\n2;bare ñ;es\r\n\r\n3;\"<p>a &amp; b</p>\"\r\n"),
    ("a.tsv", "id\ttext\n1\tHej å\n2\t\"b\tc\"\n"),
    (
        "a.po",
        "msgid \"\"\nmsgstr \"Language: sv\\n\"\n\n#, fuzzy\nmsgid \"a\"\nmsgstr \"\"\n\"x \\\"å\\\"\\n\"\n\"y\"\n\nmsgid \"n\"\nmsgid_plural \"ns\"\nmsgstr[0] \"ett\"\nmsgstr[1] \"<b>två</b>\"\n",
    ),
    (
        "a.eml",
        "Subject: =?utf-8?q?f=C3=B6r?=\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHej p=C3=A5 =\ndig\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+TsOkZTwvcD4=\n--b--\n",
    ),
    (
        "b.eml",
        "Subject: Hej\nContent-Language: sv\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Hej p=E5 dig &amp; =3D</p>\n",
    ),
];

/// Its place, if it has one, is in the file, or just behind a line of it.
fn assert_within(problem: &Problem, text: &str) {
    assert_eq!(problem.line.is_some(), problem.column.is_some());
    let (Some(line), Some(column)) = (problem.line, problem.column) else { return };
    let words = line.checked_sub(1).and_then(|index| text.split('\n').nth(index));
    assert!(
        words.is_some_and(|words| (1..=words.chars().count() + 1).contains(&column)),
        "{problem:?} is not in {text:?}"
    );
}

/// Reads `bytes`, whatever they are: places are in the file, and words come from somewhere. What is wrong, if anything.
fn fault(name: &str, bytes: &[u8]) -> Option<String> {
    let path = Path::new(name);
    let source = match reader().source(path, bytes.to_vec()) {
        Ok(source) => source,
        Err(problem) => {
            assert_within(&problem, &String::from_utf8_lossy(bytes));
            return None;
        }
    };
    let contents = reader().read(path, &source);
    contents.problems.iter().for_each(|problem| assert_within(problem, source.text()));
    for entry in &contents.entries {
        for (start, end) in spans(&entry.text).into_iter().step_by(7).chain([(0, 0), (0, entry.text.len())]) {
            let place = entry.map.place(start, end);
            let slice = source.text().get(place.range.clone());
            if slice.is_none_or(|slice| slice.is_empty() && start < end) {
                return Some(format!("{:?} is at {place:?} of {name}: {:?}", &entry.text[start..end], source.text()));
            }
            let _ = entry.edit(start, end, "a \"b\" 'c' & <d>\n- é \\ # :");
        }
    }
    None
}

/// No file has a fault; the shortest of each file is told.
fn assert_none(faults: impl Fn(&str, &str) -> Vec<String>) {
    let least = FILES.iter().filter_map(|(name, file)| faults(name, file).into_iter().min_by_key(|fault| fault.len()));
    let least: Vec<String> = least.collect();
    assert!(least.is_empty(), "{}", least.join("\n"));
}

#[test]
fn a_file_that_is_cut_is_read() {
    assert_none(|name, file| (0..=file.len()).filter_map(|end| fault(name, &file.as_bytes()[..end])).collect());
}

#[test]
fn a_file_with_a_wrong_byte_is_read() {
    let others = [0, b'\n', b'"', b'\\', b'{', b'<', b'-', b' ', 0xC3, 0xFF];
    assert_none(|name, file| {
        let changed = (0..file.len()).flat_map(|at| others.map(|byte| (at, byte)));
        let with = |(at, byte)| {
            let mut bytes = file.as_bytes().to_vec();
            bytes[at] = byte;
            fault(name, &bytes)
        };
        changed.filter_map(with).collect()
    });
}

/// Reads a file where `tactful` does: on a thread with a stack of 2 MB. What takes its time is told.
fn read_on_a_thread(name: &'static str, file: String) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let started = std::time::Instant::now();
        let (path, len) = (Path::new(name), file.len());
        let head: String = file.chars().take(30).collect();
        if let Ok(source) = reader().source(path, file.into_bytes()) {
            let _ = reader().read(path, &source);
        }
        if started.elapsed().as_secs() > 1 {
            eprintln!("{name}, {len} bytes, {head:?}: {:?}", started.elapsed());
        }
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn deep_files_end() {
    for depth in [1_000, 100_000] {
        let deep = |open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
        for name in ["a.json", "a.jsonl", "a.yaml"] {
            for open in ["[", "{", "{\"a\":", "[{\"text\":"] {
                read_on_a_thread(name, open.repeat(depth));
            }
            read_on_a_thread(name, deep("[", "]"));
            read_on_a_thread(name, format!("{}\"We can not\"{}", "{\"text\":".repeat(depth), "}".repeat(depth)));
        }
        read_on_a_thread("a.yaml", "- ".repeat(depth));
        read_on_a_thread("a.toml", format!("x = {}", deep("[", "]")));
        read_on_a_thread("a.toml", format!("x = {}", deep("{a=", "}")));
        read_on_a_thread("a.toml", deep("[[", "]]"));
        read_on_a_thread("a.toml", format!("[{}a]\nb = 1", "a.".repeat(depth)));
        for tag in ["<div>", "<blockquote>", "<a href=x>", "<li>"] {
            read_on_a_thread("a.html", tag.repeat(depth));
        }
        for mark in [">", "> ", "- ", "* > "] {
            read_on_a_thread("a.md", format!("{}a", mark.repeat(depth)));
        }
        read_on_a_thread("a.md", format!("---\ntitle: {}\n---\nNej", "[".repeat(depth)));
        read_on_a_thread("a.md", format!("+++\ntitle = {}\n+++\nNej", "[".repeat(depth)));
    }
}

#[test]
fn aliases_of_aliases_end() {
    let level = |level: usize| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", "));
    read_on_a_thread("a.yaml", format!("a0: &a0 We can not\n{}", (1..60).map(level).collect::<String>()));
    read_on_a_thread("a.yaml", (0..100_000).map(|index| format!("- &a{index} We can not\n")).collect());
}

/// What is looked for to a file's end at each of its places takes the square of the file's length: a flood of it is kept small.
const SLOW: [&str; 4] = ["{#", "{{!--", "&", "&#"];

const FLOODS: [&str; 24] = [
    "{{",
    "<",
    "&",
    "&#",
    "*",
    "\\",
    "\"",
    "|",
    "=",
    "\n",
    "{%",
    "{#",
    "{{!--",
    "<!--",
    "_",
    "`",
    "[",
    "'",
    "*|",
    "${",
    "We can't. ",
    "*\n",
    "a: ",
    "<a b=\"",
];

#[test]
fn floods_end() {
    for flood in FLOODS {
        let size = if SLOW.contains(&flood) { 50_000 } else { 200_000 };
        let flood = flood.repeat(size / flood.len());
        for name in
            ["a.txt", "a.md", "a.html", "a.liquid", "a.json", "a.jsonl", "a.yaml", "a.toml", "a.csv", "a.po", "a.eml"]
        {
            read_on_a_thread(name, flood.clone());
        }
        let quoted = serde_json::to_string(&flood).unwrap();
        read_on_a_thread("a.json", format!("[{{\"text\": {quoted}}}]"));
        read_on_a_thread("a.yaml", format!("- text: {quoted}\n"));
        read_on_a_thread("a.toml", format!("[[reply]]\ntext = {quoted}\n"));
        read_on_a_thread("a.csv", format!("id,text\n1,\"{}\"\n", flood.replace('"', "\"\"")));
        read_on_a_thread("a.po", format!("msgid \"a\"\nmsgstr {quoted}\n"));
        read_on_a_thread("a.eml", format!("Subject: a\nContent-Type: text/html\n\n{flood}\n"));
    }
}
