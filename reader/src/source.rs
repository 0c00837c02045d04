//! A file's bytes as text, and the way back: lines, columns and byte offsets.

use std::fmt;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding as Charset, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{Format, Problem};

/// How a file writes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first: what Excel calls "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// One byte a character: what Excel writes as CSV in Western Europe.
    Windows1252,
}

impl Encoding {
    pub(crate) fn is_utf16(self) -> bool {
        matches!(self, Encoding::Utf16Le | Encoding::Utf16Be)
    }

    /// The bytes that a character takes.
    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16Le | Encoding::Utf16Be => c.len_utf16() * 2,
            Encoding::Windows1252 => 1,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16, low byte first",
            Encoding::Utf16Be => "UTF-16, high byte first",
            Encoding::Windows1252 => "Windows-1252",
        })
    }
}

/// A place in a file, as people and programs name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In code points, from 1.
    pub column: usize,
    /// The same in bytes of the line as UTF-8, from 1.
    pub utf8_column: usize,
    /// The same in UTF-16 code units, from 1.
    pub utf16_column: usize,
    /// In bytes of the file, from 0.
    pub offset: usize,
}

impl Position {
    /// The start of a file, after a mark of `offset` bytes.
    fn start(offset: usize) -> Position {
        Position { line: 1, column: 1, utf8_column: 1, utf16_column: 1, offset }
    }

    /// The place after `c`, which takes `width` bytes in the file.
    fn after(self, c: char, width: usize) -> Position {
        if c == '\n' {
            return Position { line: self.line + 1, ..Position::start(self.offset + width) };
        }
        Position {
            line: self.line,
            column: self.column + 1,
            utf8_column: self.utf8_column + c.len_utf8(),
            utf16_column: self.utf16_column + c.len_utf16(),
            offset: self.offset + width,
        }
    }
}

/// A file's text, or a part of it, and where each character of it stands in the file.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    encoding: Encoding,
    /// The mark that opened the file, as bytes.
    bom: &'static [u8],
    /// Known places, one for each line and each kilobyte, so that a long line costs no more than many short ones.
    marks: Vec<(usize, Position)>,
}

/// Characters between two marks, in bytes.
const STRIDE: usize = 1024;

impl Source {
    /// The text in `bytes`: UTF-8, UTF-16 with a byte order mark or recognisable without one, or else Windows-1252 where `legacy` allows that.
    ///
    /// # Errors
    ///
    /// If the bytes are in none of these: where the first wrong one is.
    pub fn new(bytes: Vec<u8>, legacy: bool) -> Result<Source, Problem> {
        let (encoding, bom) = match bytes.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, &b"\xEF\xBB\xBF"[..]),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, &b"\xFF\xFE"[..]),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, &b"\xFE\xFF"[..]),
            [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (Encoding::Utf16Le, &b""[..]),
            [0, a, 0, b, ..] if *a != 0 && *b != 0 => (Encoding::Utf16Be, &b""[..]),
            _ => (Encoding::Utf8, &b""[..]),
        };
        let charset = match encoding {
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            _ => return Source::eight_bits(bytes, bom, legacy),
        };
        let text = decode(charset, &bytes[bom.len()..]);
        let source = Source::of(text, encoding, bom, Position::start(bom.len()));
        // Half a character is read as U+FFFD, which hardly anybody writes.
        match source.text.find('\u{fffd}') {
            Some(at) => Err(source.problem(at, "expected UTF-16 text, found half a character")),
            None => Ok(source),
        }
    }

    fn eight_bits(bytes: Vec<u8>, bom: &'static [u8], legacy: bool) -> Result<Source, Problem> {
        let start = Position::start(bom.len());
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.drain(..bom.len());
                Ok(Source::of(text, Encoding::Utf8, bom, start))
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                // Where other characters are good UTF-8, it is UTF-8 with a broken byte; control bytes are no text at all.
                let broken = bytes[..at].iter().any(|byte| !byte.is_ascii()) || has_utf8(&bytes[at..]);
                if legacy && !broken && !bytes.contains(&0) {
                    let text = decode(WINDOWS_1252, &bytes);
                    return Ok(Source::of(text, Encoding::Windows1252, b"", Position::start(0)));
                }
                let head = String::from_utf8_lossy(&bytes[bom.len()..at]).into_owned();
                let head = Source::of(head, Encoding::Utf8, bom, start);
                Err(head.problem(at - bom.len(), "expected UTF-8 text, found other bytes"))
            }
        }
    }

    /// A part of a UTF-8 file that begins at `start`.
    pub(crate) fn part(text: String, start: Position) -> Source {
        Source::of(text, Encoding::Utf8, b"", start)
    }

    fn of(text: String, encoding: Encoding, bom: &'static [u8], start: Position) -> Source {
        let mut marks = vec![(0, start)];
        let (mut at, mut here) = (0, start);
        for line in text.split_inclusive('\n') {
            let (begin, end) = (at, at + line.len());
            let ended = line.ends_with('\n');
            if ended && line.len() <= STRIDE && encoding == Encoding::Utf8 {
                here = Position { line: here.line + 1, ..Position::start(here.offset + line.len()) };
            } else {
                let mut marked = begin;
                for (step, c) in line.char_indices() {
                    if begin + step - marked >= STRIDE {
                        marked = begin + step;
                        marks.push((marked, here));
                    }
                    here = here.after(c, encoding.width(c));
                }
            }
            if ended {
                marks.push((end, here));
            }
            at = end;
        }
        Source { text, encoding, bom, marks }
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the file writes it.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where the byte `at` of the text is in the file.
    ///
    /// # Panics
    ///
    /// If `at` is not on a character's boundary of the text.
    pub fn position(&self, at: usize) -> Position {
        let mark = self.marks.partition_point(|&(mark, _)| mark <= at) - 1;
        let (from, mut here) = self.marks[mark];
        for c in self.text[from..at].chars() {
            here = here.after(c, self.encoding.width(c));
        }
        here
    }

    /// `text` as this file's bytes.
    ///
    /// `None` where the file's encoding lacks one of its characters.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = self.bom.to_vec();
        match self.encoding {
            Encoding::Utf8 => bytes.extend(text.as_bytes()),
            Encoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Encoding::Utf16Be => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            Encoding::Windows1252 => {
                let (encoded, _, lossy) = WINDOWS_1252.encode(text);
                if lossy {
                    return None;
                }
                bytes.extend(encoded.iter());
            }
        }
        Some(bytes)
    }

    /// Another text in place of this one, in the same file.
    pub fn with_text(&self, text: String) -> Source {
        Source::of(text, self.encoding, self.bom, self.marks[0].1)
    }

    pub(crate) fn problem(&self, at: usize, message: impl Into<String>) -> Problem {
        let at = (0..=at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        let Position { line, column, .. } = self.position(at);
        Problem { line: Some(line), column: Some(column), message: message.into() }
    }
}

/// The texts of a file, one after the other: of JSON Lines, parts of some size, each of whole lines, so that a library of any size takes little memory;
/// of others, the whole. Ends after an error.
pub(crate) struct Parts<R> {
    source: R,
    lines: bool,
    legacy: bool,
    /// Bytes that the file may have.
    limit: u64,
    read: u64,
    /// What was read beyond the last whole line.
    rest: Vec<u8>,
    start: Position,
    done: bool,
}

/// Bytes of JSON Lines that are read at once.
const PART: usize = 1 << 20;

impl<R: Read> Parts<R> {
    /// The texts of what `source` gives, a file called `path`, which may have `limit` bytes.
    pub(crate) fn new(source: R, path: &Path, limit: u64) -> Parts<R> {
        let format = Format::of(path);
        Parts {
            source,
            lines: format == Some(Format::JsonLines),
            legacy: format.is_some_and(Format::is_legacy),
            limit,
            read: 0,
            rest: Vec::new(),
            start: Position::start(0),
            done: false,
        }
    }

    /// All of it as one text, whatever its format.
    pub(crate) fn whole(mut self) -> Result<Source, Problem> {
        self.lines = false;
        self.part().map(|source| source.unwrap_or_else(|| Source::part(String::new(), self.start)))
    }

    fn part(&mut self) -> Result<Option<Source>, Problem> {
        let mut bytes = std::mem::take(&mut self.rest);
        let wanted = if self.lines { PART as u64 } else { u64::MAX };
        loop {
            let left = self.limit.saturating_add(1).saturating_sub(self.read).min(wanted);
            let read = (&mut self.source).take(left).read_to_end(&mut bytes);
            let read = read.map_err(|error| Problem::of_file(error.to_string()))? as u64;
            self.read += read;
            if self.read > self.limit {
                let message = format!("it is larger than {} bytes, the limit (--max-size)", self.limit);
                return Err(Problem::of_file(message));
            }
            self.done = read < left || !self.lines;
            // A byte order mark stands at the start of the whole.
            let marked = self.start.offset == 0
                && matches!(bytes.as_slice(), [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
            if self.done || !marked {
                break;
            }
        }
        if !self.done {
            let Some(end) = bytes.iter().rposition(|&byte| byte == b'\n') else {
                self.rest = bytes;
                return self.part();
            };
            self.rest = bytes.split_off(end + 1);
        }
        if self.start.offset == 0 && self.done {
            return Source::new(bytes, self.legacy).map(Some);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let start = self.start;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let head = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
            Source::part(head, start).problem(at, "expected UTF-8 text, found other bytes")
        })?;
        self.start.line += text.bytes().filter(|&byte| byte == b'\n').count();
        self.start.offset += text.len();
        Ok(Some(Source::part(text, start)))
    }
}

impl<R: Read> Iterator for Parts<R> {
    type Item = Result<Source, Problem>;

    fn next(&mut self) -> Option<Result<Source, Problem>> {
        if self.done {
            return None;
        }
        let part = self.part();
        self.done |= part.is_err();
        part.transpose()
    }
}

fn decode(charset: &'static Charset, bytes: &[u8]) -> String {
    charset.decode_without_bom_handling(bytes).0.into_owned()
}

/// Whether a character of more than one byte stands somewhere in `bytes`.
fn has_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &Source, word: &str) -> Position {
        source.position(source.text().find(word).unwrap())
    }

    #[test]
    fn every_encoding_leads_back_to_its_bytes() {
        let text = "id;svar\r\nå;Vi ber om ursäkt — 5 €\r\n";
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let latin = WINDOWS_1252.encode(text).0.into_owned();
        let bom: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(text.bytes()).collect();
        for (bytes, encoding) in [
            (utf16, Encoding::Utf16Le),
            (latin, Encoding::Windows1252),
            (bom, Encoding::Utf8),
            (text.into(), Encoding::Utf8),
        ] {
            let source = Source::new(bytes.clone(), true).unwrap();
            assert_eq!((source.text(), source.encoding()), (text, encoding));
            assert_eq!(source.encode(text).as_deref(), Some(&*bytes));
            let at = words(&source, "ursäkt");
            assert_eq!((at.line, at.column), (2, 13));
            let needle = source.encode("ursäkt").unwrap()[source.bom.len()..].to_vec();
            assert!(bytes[at.offset..].starts_with(&needle), "{encoding}");
        }
    }

    #[test]
    fn a_broken_byte_among_utf8_is_an_error_where_it_is() {
        let error = Source::new(b"{\n\"a\": \"\xC3\xB1o\xFF\"}".to_vec(), true).unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(9)));
        let error = Source::new(b"abc\xFF".to_vec(), false).unwrap_err();
        assert_eq!((error.line, error.column), (Some(1), Some(4)));
    }

    #[test]
    fn a_long_line_has_columns() {
        let source = Source::new(format!("{}x", "ñ".repeat(5000)).into_bytes(), false).unwrap();
        assert_eq!(
            words(&source, "x"),
            Position { line: 1, column: 5001, utf8_column: 10001, utf16_column: 5001, offset: 10000 }
        );
    }
}
