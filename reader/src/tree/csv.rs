//! Tables: CSV and its kin, whatever stands between their fields.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::{Node, Parsed, Value};
use crate::quoting::Quoting;

/// The rows of a table as a list of tables by the names of its first row. A row of another length is told, and left out.
pub(crate) fn table(text: &str) -> Parsed {
    // Spreadsheets may say it in a line of its own.
    let told = text.strip_prefix("sep=").and_then(|rest| Some((*rest.as_bytes().first()?, rest.get(1..)?.find('\n')?)));
    let mut rows = match told {
        Some((delimiter, line)) => Rows { at: "sep=;".len() + line + 1, ..Rows::new(text, delimiter) },
        None => Rows::new(text, delimiter(text)),
    };
    let (mut list, mut problems) = (Vec::new(), Vec::new());
    let Some(header) = rows.next() else { return (Node::new(Value::List(list), 0..text.len()), problems) };
    let names: Vec<String> = header.iter().map(|field| field.text.trim().to_owned()).collect();
    for row in rows {
        let start = row.first().map_or(0, |field| field.span.start);
        // A line of nothing.
        if row.iter().all(|field| field.text.is_empty()) {
            continue;
        }
        // Spreadsheets leave out, or add, what is empty at a row's end.
        let used = row.iter().rposition(|field| !field.text.is_empty()).map_or(0, |last| last + 1);
        let unclosed = row.iter().find(|field| !field.closed);
        if let Some(field) = unclosed {
            problems.push((field.span.start, "expected the quotation mark that closes this field".into()));
            continue;
        }
        if used > names.len() || (row.len() < names.len() && row.len() == 1 && names.len() > 1) {
            problems
                .push((start, format!("expected {}, as in the first row, found {}", fields(names.len()), row.len())));
            continue;
        }
        let end = row.last().map_or(start, |field| field.span.end);
        let entries = names.iter().cloned().zip(row.into_iter().map(Field::node)).collect();
        list.push(Node::new(Value::Table(entries), start..end));
    }
    (Node::new(Value::List(list), 0..text.len()), problems)
}

fn fields(number: usize) -> String {
    format!("{number} {}", if number == 1 { "field" } else { "fields" })
}

/// What stands between the fields: of those that spreadsheets write, the one that cuts the first rows into the most fields of one number.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let lengths: Vec<usize> = Rows::new(text, delimiter).take(SAMPLE).map(|row| row.len()).collect();
        let first = lengths.first().copied().unwrap_or(0);
        let alike = lengths.iter().filter(|&&length| length == first).count();
        if first < 2 { (0, 0) } else { (alike * 100 / lengths.len(), first) }
    };
    // The first of the best.
    let mut best = (b',', (0, 0));
    for delimiter in [b',', b';', b'\t', b'|'] {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// Rows by which the delimiter is told.
const SAMPLE: usize = 20;

struct Field {
    text: String,
    /// Quotation marks included.
    span: Range<usize>,
    quoted: bool,
    /// Whether what opened it also closed.
    closed: bool,
}

impl Field {
    fn node(self) -> Node {
        let quoting = if self.quoted { Quoting::Csv } else { Quoting::Bare };
        Node::new(Value::Text(self.text, quoting), self.span)
    }
}

struct Rows<'t> {
    text: &'t str,
    at: usize,
    reader: Reader,
    done: bool,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, delimiter: u8) -> Rows<'t> {
        Rows { text, at: 0, reader: ReaderBuilder::new().delimiter(delimiter).build(), done: false }
    }

    /// The next field, and whether it is its row's last. `None` at the end.
    fn field(&mut self) -> Option<(Field, bool)> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut text: Vec<u8> = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let (result, read, written) = self.reader.read_field(&bytes[self.at..], &mut buffer);
            self.at += read;
            text.extend_from_slice(&buffer[..written]);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::End => return None,
                ReadFieldResult::Field { record_end } => {
                    // The end of the row before, then the field, then what ends it.
                    let taken = &self.text[start..self.at];
                    let head = taken.len() - taken.trim_start_matches(['\r', '\n']).len();
                    let quoted = taken[head..].starts_with('"');
                    let (tail, closed) = match (quoted, taken.rfind('"').filter(|&at| at > head)) {
                        (true, Some(last)) => (last + 1, true),
                        (true, None) => (taken.len(), false),
                        (false, _) => (head + text.len(), true),
                    };
                    // An odd mark is one that never closed.
                    let closed = closed && (!quoted || taken[head..tail].matches('"').count().is_multiple_of(2));
                    let span = start + head..start + tail.min(taken.len());
                    let text = String::from_utf8(text).unwrap_or_default();
                    return Some((Field { text, span, quoted, closed }, record_end));
                }
            }
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<Field>;

    fn next(&mut self) -> Option<Vec<Field>> {
        let mut row = Vec::new();
        while !self.done {
            match self.field() {
                None => self.done = true,
                Some((field, last)) => {
                    row.push(field);
                    if last {
                        return Some(row);
                    }
                }
            }
        }
        (!row.is_empty()).then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_bytes_whatever_is_between_them() {
        for (delimiter, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r\n"), ("|", "\n")] {
            let file =
                format!("id{delimiter}text{end}a{delimiter}\"x \"\"y\"\"{delimiter}\nz\"{end}{end}b{delimiter}ñ{end}");
            let (tree, problems) = table(&file);
            assert_eq!(problems, []);
            let Value::List(rows) = &tree.value else { panic!() };
            let texts: Vec<&str> = rows.iter().filter_map(|row| row.table()?[1].1.text()).collect();
            assert_eq!(texts, [format!("x \"y\"{delimiter}\nz"), "ñ".to_owned()]);
            assert_eq!(&file[rows[0].table().unwrap()[1].1.span.clone()], format!("\"x \"\"y\"\"{delimiter}\nz\""));
            assert_eq!(&file[rows[1].table().unwrap()[1].1.span.clone()], "ñ");
        }
    }

    #[test]
    fn a_delimiter_that_is_told_is_used() {
        let file = "sep=|\r\nid|text\r\na|x, y; z\r\n";
        let (tree, problems) = table(file);
        let Value::List(rows) = &tree.value else { panic!() };
        assert_eq!((rows[0].table().unwrap()[1].1.text(), problems.len()), (Some("x, y; z"), 0));
    }

    #[test]
    fn a_broken_row_costs_itself() {
        let (tree, problems) = table("id,text\na,one\nb,two,three\nc,\"four\n");
        let Value::List(rows) = &tree.value else { panic!() };
        assert_eq!(rows.len(), 1);
        assert_eq!(problems.iter().map(|problem| problem.0).collect::<Vec<_>>(), [14, 28]);
    }
}
