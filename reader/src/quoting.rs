//! How a value is written in its file: the way from it to the file's bytes, and back.
//!
//! Values are found and decoded by the formats' parsers. What is here runs along a value and its source side by side and notes where the two are
//! in step; where that fails, the caller knows the whole value's place alone.

use std::ops::Range;

use crate::SourceMap;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// As it is.
    Bare,
    /// A string of JSON.
    Json,
    /// A field of CSV in quotation marks.
    Csv,
    YamlDouble,
    YamlSingle,
    YamlPlain,
    /// `|`, its lines indented by so many spaces; its source begins at the first word.
    YamlLiteral(usize),
    /// `>`, likewise.
    YamlFolded(usize),
    TomlBasic,
    TomlLiteral,
    TomlMultiline,
    TomlMultilineLiteral,
    /// Strings of a gettext catalogue, one after the other.
    Gettext,
}

/// The map from `text` to `raw`, which says it and stands at `base`. `None` if the two could not be brought in step.
pub(crate) fn align(raw: &str, text: &str, quoting: Quoting, base: usize) -> Option<SourceMap> {
    let inner = inner(raw, quoting)?;
    let walk = Walk { raw: &raw[..inner.end], text, at: inner.start, told: 0, base, map: SourceMap::default() };
    match quoting {
        Quoting::YamlLiteral(indent) | Quoting::YamlFolded(indent) => walk.block(indent),
        _ => walk.flow(quoting),
    }
}

/// What stands between the marks.
fn inner(raw: &str, quoting: Quoting) -> Option<Range<usize>> {
    let mark = match quoting {
        Quoting::Bare | Quoting::YamlPlain | Quoting::YamlLiteral(_) | Quoting::YamlFolded(_) | Quoting::Gettext => 0,
        Quoting::TomlMultiline | Quoting::TomlMultilineLiteral => 3,
        _ => 1,
    };
    let start = match quoting {
        Quoting::TomlMultiline | Quoting::TomlMultilineLiteral if raw[3..].starts_with('\n') => 4,
        Quoting::TomlMultiline | Quoting::TomlMultilineLiteral if raw[3..].starts_with("\r\n") => 5,
        _ => mark,
    };
    let end = raw.len().checked_sub(mark)?;
    (start <= end && raw.is_char_boundary(start) && raw.is_char_boundary(end)).then_some(start..end)
}

struct Walk<'t> {
    raw: &'t str,
    text: &'t str,
    /// How far in `raw`.
    at: usize,
    /// How far in `text`.
    told: usize,
    base: usize,
    map: SourceMap,
}

impl Walk<'_> {
    fn rest(&self) -> &str {
        &self.raw[self.at..]
    }

    /// `source` bytes that say `len` bytes.
    fn unit(&mut self, source: usize, len: usize) -> Option<()> {
        let end = self.at + source;
        if !self.raw.is_char_boundary(end) || !self.text.is_char_boundary(self.told + len) {
            return None;
        }
        self.map.push_unit(len, self.base + self.at..self.base + end);
        (self.at, self.told) = (end, self.told + len);
        Some(())
    }

    fn verbatim(&mut self, len: usize) -> Option<()> {
        let same = self.raw.get(self.at..self.at + len)? == self.text.get(self.told..self.told + len)?;
        if !same {
            return None;
        }
        self.map.push_verbatim(self.base + self.at, len);
        (self.at, self.told) = (self.at + len, self.told + len);
        Some(())
    }

    /// The length of the next character that is told.
    fn next_told(&self) -> usize {
        self.text[self.told..].chars().next().map_or(0, char::len_utf8)
    }

    fn flow(mut self, quoting: Quoting) -> Option<SourceMap> {
        let special: &[char] = match quoting {
            Quoting::Bare | Quoting::TomlLiteral => &[],
            Quoting::Json | Quoting::TomlBasic => &['\\'],
            Quoting::Csv => &['"'],
            Quoting::YamlSingle => &['\'', '\n'],
            Quoting::YamlPlain => &['\n'],
            Quoting::YamlDouble | Quoting::TomlMultiline => &['\\', '\n'],
            Quoting::TomlMultilineLiteral => &['\n'],
            Quoting::Gettext => &['\\', '"'],
            Quoting::YamlLiteral(_) | Quoting::YamlFolded(_) => return None,
        };
        while self.at < self.raw.len() {
            let Some(step) = self.rest().find(special) else {
                let len = self.rest().len();
                self.verbatim(len)?;
                break;
            };
            match self.raw.as_bytes()[self.at + step] {
                b'\\' => {
                    self.verbatim(step)?;
                    self.escape(quoting)?;
                }
                b'\n' if matches!(quoting, Quoting::TomlMultiline | Quoting::TomlMultilineLiteral) => {
                    let crlf = self.rest()[..step].ends_with('\r')
                        && self.text.as_bytes().get(self.told + step - 1) == Some(&b'\n');
                    self.verbatim(step - usize::from(crlf))?;
                    self.unit(1 + usize::from(crlf), 1)?;
                }
                b'\n' => self.fold(step)?,
                b'"' if quoting == Quoting::Gettext => {
                    // One string ends, the next begins.
                    self.verbatim(step)?;
                    let next = self.rest()[1..].find('"')? + 2;
                    self.unit(next, 0)?;
                }
                // A quotation mark, doubled.
                _ => {
                    self.verbatim(step)?;
                    self.unit(2, 1)?;
                }
            }
        }
        (self.told == self.text.len()).then_some(self.map)
    }

    fn escape(&mut self, quoting: Quoting) -> Option<()> {
        let told = self.next_told();
        let letter = *self.rest().as_bytes().get(1)?;
        let length = match letter {
            b'x' => 4,
            // A surrogate pair says one character.
            b'u' if told == 4 => 12,
            b'u' => 6,
            b'U' => 10,
            b'\n' | b'\r' | b' ' | b'\t' if quoting == Quoting::TomlMultiline => return self.continued(),
            b'\n' | b'\r' if quoting == Quoting::YamlDouble => return self.continued(),
            _ => 2,
        };
        self.unit(length, told)
    }

    /// A line end that is escaped, and what it takes with it.
    fn continued(&mut self) -> Option<()> {
        let rest = &self.rest()[1..];
        self.unit(1 + rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len(), 0)
    }

    /// A folded line end with the blanks around it: a space, or one line end fewer.
    fn fold(&mut self, step: usize) -> Option<()> {
        let words = self.rest()[..step].trim_end_matches([' ', '\t', '\r']).len();
        self.verbatim(words)?;
        let blanks = self.rest();
        let blanks = &blanks[..blanks.len() - blanks.trim_start_matches([' ', '\t', '\r', '\n']).len()];
        let (source, ends) = (blanks.len(), blanks.matches('\n').count());
        self.unit(source, (ends - 1).max(1))
    }

    /// `|` and `>`: lines without their indentation. A line's end takes with it what stands before the next line's words.
    fn block(mut self, indent: usize) -> Option<SourceMap> {
        while self.told < self.text.len() {
            let line = self.rest().find('\n').unwrap_or(self.rest().len());
            self.verbatim(self.rest()[..line].trim_end_matches('\r').len())?;
            if self.told == self.text.len() {
                break;
            }
            let told = &self.text[self.told..];
            let (ends, folded) = (told.bytes().take_while(|&byte| byte == b'\n').count(), told.starts_with(' '));
            let rest = self.rest();
            let mut source = rest.find('\n')? + 1;
            let mut seen = 1;
            // The empty lines after it.
            while let Some(end) = rest[source..].find('\n').filter(|_| !folded) {
                let line = rest[source..source + end].trim_end_matches('\r');
                if !line.trim().is_empty() || line.len() > indent {
                    break;
                }
                source += end + 1;
                seen += 1;
            }
            source += rest[source..].bytes().take(indent).take_while(|&byte| byte == b' ').count();
            self.unit(source, if folded { 1 } else { ends.min(seen) })?;
        }
        Some(self.map)
    }
}

impl Quoting {
    /// `text` as it is written. `None` where that needs more than its own characters changed.
    pub(crate) fn encode(self, text: &str) -> Option<String> {
        match self {
            Quoting::Json => Some(escaped(text, |c| matches!(c, '"' | '\\') || c < ' ')),
            Quoting::TomlBasic | Quoting::YamlDouble => {
                Some(escaped(text, |c| matches!(c, '"' | '\\') || c < ' ' || c == '\u{7f}'))
            }
            Quoting::TomlMultiline => {
                Some(escaped(text, |c| matches!(c, '"' | '\\') || (c < ' ' && c != '\n') || c == '\u{7f}'))
            }
            Quoting::Csv => Some(text.replace('"', "\"\"")),
            Quoting::YamlSingle => one_line(text).map(|text| text.replace('\'', "''")),
            Quoting::YamlLiteral(indent) => Some(text.replace('\n', &format!("\n{}", " ".repeat(indent)))),
            Quoting::YamlFolded(_) | Quoting::YamlPlain | Quoting::TomlLiteral => one_line(text).map(str::to_owned),
            Quoting::Gettext => Some(escaped(text, |c| matches!(c, '"' | '\\') || c < ' ')),
            Quoting::Bare | Quoting::TomlMultilineLiteral => Some(text.to_owned()),
        }
    }
}

fn one_line(text: &str) -> Option<&str> {
    (!text.contains('\n')).then_some(text)
}

fn escaped(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if !special(c) => escaped.push(c),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '"' | '\\' => escaped.extend(['\\', c]),
            _ => escaped.push_str(&format!("\\u{:04x}", c as u32)),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The source of each character of `text`.
    fn sources(raw: &str, text: &str, quoting: Quoting) -> Option<Vec<String>> {
        let map = align(raw, text, quoting, 0)?;
        let source = |(at, c): (usize, char)| raw[map.place(at, at + c.len_utf8()).range].to_owned();
        Some(text.char_indices().map(source).collect())
    }

    #[test]
    fn escapes_stand_for_what_they_say() {
        let json = sources(r#""a\n\u00e9\ud83d\ude42\"d""#, "a\né🙂\"d", Quoting::Json).unwrap();
        assert_eq!(json, ["a", r"\n", r"\u00e9", r"\ud83d\ude42", r#"\""#, "d"]);
        assert_eq!(sources("\"a\"\"b\"", "a\"b", Quoting::Csv).unwrap(), ["a", "\"\"", "b"]);
        assert_eq!(sources("'it''s'", "it's", Quoting::YamlSingle).unwrap(), ["i", "t", "''", "s"]);
    }

    #[test]
    fn folded_lines_are_a_space_or_one_line_end_fewer() {
        assert_eq!(sources("a\n  b\n\n c", "a b\nc", Quoting::YamlPlain).unwrap(), ["a", "\n  ", "b", "\n\n ", "c"]);
        assert_eq!(
            sources("\"a \\\n  b\\  c\"", "a b  c", Quoting::YamlDouble).unwrap(),
            ["a", " ", "b", "\\ ", " ", "c"]
        );
        assert_eq!(sources("a\n\n   b\n", "a\n\n b\n", Quoting::YamlLiteral(2)).unwrap()[3..], [" ", "b", "\n"]);
        assert_eq!(
            sources("a\n  b\n\n  c\n", "a b\nc", Quoting::YamlFolded(2)).unwrap(),
            ["a", "\n  ", "b", "\n\n  ", "c"]
        );
        assert_eq!(sources("\"\"\"\na\\\n  b\"\"\"", "ab", Quoting::TomlMultiline).unwrap(), ["a", "b"]);
    }

    #[test]
    fn what_is_not_in_step_is_not_mapped() {
        assert_eq!(sources("\"abc\"", "abd", Quoting::Json), None);
        assert_eq!(sources("\"abc\"", "ab", Quoting::Json), None);
    }
}
