//! Gettext catalogues. Values come from the parser; their places from the lines that begin with `msgstr`, in the same order.

use std::ops::Range;

use ferrocat_po::{BorrowedMsgStr, BorrowedPoFile, BorrowedPoItem, parse_po_borrowed};

use crate::SourceMap;
use crate::entry::{Entry, Layer, Why};
use crate::locale::{self, LocaleFrom};
use crate::profile::short;
use crate::quoting::{Quoting, align};
use crate::recovery::{Patch, recovered};
use crate::select::{Part, is_sentence, kind_of, parts};

/// The entries of a catalogue, and what in it could not be read.
pub(crate) fn read(text: &str) -> (Vec<Entry>, Vec<(usize, String)>) {
    recovered(text, entries, patches)
}

fn entries(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    // Values do not cross lines, so that what ends a line does not matter to them.
    let lines = text.replace("\r\n", " \n");
    let catalogue: BorrowedPoFile<'_> = parse_po_borrowed(&lines).map_err(|error| {
        let at = error.position().map_or(0, |position| position.offset());
        (at.min(text.len()), format!("expected a gettext catalogue: {}", error.message()))
    })?;
    let header = catalogue.headers.iter().find(|header| header.key.eq_ignore_ascii_case("language"));
    let locale = header.and_then(|header| locale::of_value(&header.value));
    let places = places(text);
    let mut next = usize::from(!catalogue.headers.is_empty());
    let mut entries = Vec::new();
    for item in catalogue.items.iter().filter(|item| !item.obsolete) {
        for value in values(item) {
            // The next that says this; a line that the parser reads otherwise is passed over.
            let found = (next..places.len().min(next + NEAR)).find_map(|at| {
                let place = &places[at];
                align(&text[place.clone()], value, Quoting::Gettext, place.start).map(|map| (at, map))
            });
            let (at, map) = found.unwrap_or_else(|| {
                // A mark that is not closed: somewhere from there on.
                let whole = places.get(next).cloned().unwrap_or(0..text.len());
                let whole = if whole.start == whole.end { whole.start..text.len() } else { whole };
                (next, SourceMap::within(whole, value.len()))
            });
            next = at + 1;
            entries.extend(entry(item, value, &map, locale.as_deref()));
        }
    }
    Ok(entries)
}

/// Places that are tried for a value.
const NEAR: usize = 4;

fn values<'i>(item: &'i BorrowedPoItem<'_>) -> Vec<&'i str> {
    match &item.msgstr {
        BorrowedMsgStr::None => Vec::new(),
        BorrowedMsgStr::Singular(value) => vec![value],
        BorrowedMsgStr::Plural(values) => values.iter().map(|value| &**value).collect(),
    }
}

/// What stands between the first and the last quotation mark of each `msgstr`, in the order of the file; obsolete ones left out.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        let start = at + line.len() - words.len();
        let marks = || Some((start + words.find('"')? + 1, start + words.rfind('"')?));
        let value =
            words.strip_prefix("msgstr").map(|rest| rest.trim_start_matches(|c: char| "[]0123456789".contains(c)));
        if let (Some(true), Some((first, last))) = (value.map(|value| value.starts_with([' ', '\t'])), marks()) {
            open = true;
            places.push(first..last.max(first));
        } else if open && words.starts_with('"') {
            if let (Some(place), Some((_, last))) = (places.last_mut(), marks()) {
                place.end = last.max(place.end);
            }
        } else {
            open = false;
        }
        at += line.len();
    }
    places
}

fn entry(item: &BorrowedPoItem<'_>, value: &str, outer: &SourceMap, locale: Option<&str>) -> Vec<Entry> {
    let fuzzy = item.flags.iter().any(|flag| flag == "fuzzy");
    let why = if value.trim().is_empty() {
        Some(Why::Untranslated)
    } else if fuzzy {
        Some(Why::Fuzzy)
    } else {
        None
    };
    let context = item.msgctxt.as_deref().filter(|context| !context.is_empty());
    let of = |part: Part| {
        let mut entry = part.entry(outer);
        entry.layers.push(Layer::Value(Quoting::Gettext));
        entry.id = context.map(str::to_owned);
        entry.within = short(context.unwrap_or(&item.msgid));
        entry.fragment |= is_sentence(&entry.text);
        entry.skipped = why;
        entry.locale = entry.locale.or_else(|| locale.map(|locale| (locale.to_owned(), LocaleFrom::Header)));
        entry.variant_of =
            Some(format!("{}\u{4}{}", context.unwrap_or_default(), item.msgid)).filter(|_| item.msgid_plural.is_none());
        entry
    };
    parts(kind_of(value), value).into_iter().map(of).collect()
}

/// What to leave out: the lines up to the blank ones around `error`.
fn patches(text: &str, error: usize) -> Vec<Vec<Patch>> {
    let error = (0..=error.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = text[..error].rfind("\n\n").map_or(0, |at| at + 2);
    let start = text[..error].rfind("\r\n\r\n").map_or(start, |at| start.max(at + 4));
    let ends = ["\n\n", "\r\n\r\n"].iter().filter_map(|end| text[error..].find(end)).min();
    vec![vec![Patch::Blank(start..ends.map_or(text.len(), |at| error + at))]]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: sv\\n\"\n\n";

    #[test]
    fn values_and_their_places() {
        for end in ["\n", "\r\n"] {
            let file = format!(
                "{HEAD}#, fuzzy\nmsgid \"a\"\nmsgstr \"x\"\n\nmsgctxt \"c\"\nmsgid \"b\"\nmsgstr \"\"\n\"Hej \\\"du\\\"\\n\"\n\"på dig. Nej.\"\n\n#~ msgid \"o\"\n#~ msgstr \"gammal\"\n\nmsgid \"n\"\nmsgid_plural \"ns\"\nmsgstr[0] \"ett\"\nmsgstr[1] \"två\"\n"
            )
            .replace('\n', end);
            let (entries, problems) = read(&file);
            assert_eq!(problems, []);
            let texts: Vec<(&str, Option<Why>)> =
                entries.iter().map(|entry| (entry.text.as_str(), entry.skipped)).collect();
            assert_eq!(
                texts,
                [("x", Some(Why::Fuzzy)), ("Hej \"du\"\npå dig. Nej.", None), ("ett", None), ("två", None)]
            );
            let entry = &entries[1];
            assert_eq!((entry.id.as_deref(), entry.fragment), (Some("c"), false));
            assert_eq!(entry.locale, Some(("sv".into(), LocaleFrom::Header)));
            let at = entry.text.find("på dig").unwrap();
            assert_eq!(&file[entry.map.place(at, at + 7).range], "på dig");
            let quote = entry.text.find("\"du\"").unwrap();
            assert_eq!(&file[entry.map.place(quote, quote + 4).range], "\\\"du\\\"");
        }
    }

    #[test]
    fn a_broken_message_costs_itself() {
        let (entries, problems) = read(&format!("{HEAD}msgid \"a\"\nmsgtsr \"x\"\n\nmsgid \"b\"\nmsgstr \"y\"\n"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(entries.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>(), ["y"]);
    }
}
