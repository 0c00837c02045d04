//! What a rewrite writes: words, words that agree, captures, holes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::document::Tok;
use crate::pattern::Pattern;
use crate::shared;

/// Words that change with what they agree with: by value (`tu`, `usted`; `i`, `we`).
pub(crate) type Inflections = HashMap<Box<str>, Arc<BTreeMap<String, String>>>;

/// A text of a rewrite, read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Text(Vec<Piece>);

#[derive(Debug, Serialize, Deserialize)]
enum Piece {
    Literal(Box<str>),
    /// `<le>`
    #[serde(with = "shared")]
    Agreeing(Arc<BTreeMap<String, String>>),
    /// `$what`, `$verb.present`
    Capture(Box<str>, Option<Box<str>>),
    /// `{alternativa}`
    Hole(Box<str>),
}

/// A text, written out for one finding.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) holes: Vec<String>,
}

impl Text {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// What is wrong, and at which byte.
    pub(crate) fn parse(source: &str, words: &Inflections) -> Result<Text, (usize, String)> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            let at = source.len() - rest.len();
            let closed = |close: char| {
                rest[1..]
                    .split_once(close)
                    .filter(|(name, _)| !name.is_empty())
                    .ok_or_else(|| (at, format!("expected a name and '{close}'")))
            };
            match c {
                '{' => {
                    let (name, after) = closed('}')?;
                    pieces.push(Piece::Hole(name.into()));
                    rest = after;
                }
                '<' => {
                    let (name, after) = closed('>')?;
                    let Some(word) = words.get(name) else {
                        return Err((at, format!("there is no <{name}> in [inflect]")));
                    };
                    pieces.push(Piece::Agreeing(word.clone()));
                    rest = after;
                }
                '$' => {
                    let name = |rest: &str| rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
                    let end = 1 + name(&rest[1..]);
                    let capture = &rest[1..end];
                    if capture.is_empty() {
                        return Err((at, "expected the name of a capture after '$'".into()));
                    }
                    let column = rest[end..]
                        .strip_prefix('.')
                        .map(|after| &after[..name(after)])
                        .filter(|column| !column.is_empty());
                    rest = &rest[end + column.map_or(0, |column| 1 + column.len())..];
                    pieces.push(Piece::Capture(capture.into(), column.map(Into::into)));
                }
                _ => {
                    let end = rest.find(['{', '<', '$']).unwrap_or(rest.len());
                    pieces.push(Piece::Literal(rest[..end].into()));
                    rest = &rest[end..];
                }
            }
        }
        Ok(Text(pieces))
    }

    /// Whether it writes nothing: the words it stands for go.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn has_holes(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Hole(_)))
    }

    /// What is wrong with its captures, given the patterns that make them.
    pub(crate) fn misfit(&self, patterns: &[Pattern]) -> Option<String> {
        self.0.iter().find_map(|piece| {
            let Piece::Capture(name, column) = piece else { return None };
            if patterns.is_empty() {
                return Some(format!("there is no `match` to capture ${name}"));
            }
            patterns.iter().find_map(|pattern| {
                match (pattern.captures.iter().position(|known| known == name), column) {
                    (None, _) => Some(format!("not every pattern captures ${name}")),
                    (Some(_), None) => None,
                    (Some(index), Some(column)) => match pattern.form_of(index) {
                        Some(set) if set.has(column) => None,
                        _ => Some(format!("${name} is captured by no table of forms with a column {column}")),
                    },
                }
            })
        })
    }

    /// Writes it out. `None` where a captured word has no such form, or nothing was captured where a form is asked for.
    pub(crate) fn write(&self, values: &[Box<str>], captured: Option<&Captured<'_>>) -> Option<Written> {
        let mut written = Written::default();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => written.text.push_str(text),
                Piece::Agreeing(forms) => {
                    let form = values.iter().find_map(|value| forms.get(&**value)).or_else(|| forms.values().next())?;
                    written.text.push_str(form);
                }
                Piece::Hole(name) => {
                    written.text.push('{');
                    written.text.push_str(name);
                    written.text.push('}');
                    if !written.holes.iter().any(|known| **known == **name) {
                        written.holes.push(name.to_string());
                    }
                }
                Piece::Capture(name, column) => {
                    written.text.push_str(&captured?.write(name, column.as_deref(), values)?)
                }
            }
        }
        written.text = squeezed(&written.text);
        Some(written)
    }
}

/// What a pattern captured in a sentence.
pub(crate) struct Captured<'c> {
    pub(crate) pattern: &'c Pattern,
    /// In tokens.
    pub(crate) ranges: Vec<Option<(usize, usize)>>,
    pub(crate) tokens: &'c [Tok],
    pub(crate) text: &'c str,
}

impl Captured<'_> {
    fn write(&self, name: &str, column: Option<&str>, values: &[Box<str>]) -> Option<String> {
        let index = self.pattern.captures.iter().position(|known| **known == *name)?;
        let range = self.ranges[index].filter(|(start, end)| start < end);
        let Some((start, end)) = range else {
            return column.is_none().then(String::new);
        };
        if let Some(column) = column {
            let form = self.pattern.form_of(index)?.form(self.tokens[start].symbol, column, values)?;
            return Some(form.to_owned());
        }
        let span = Span { start: self.tokens[start].span.start, end: self.tokens[end - 1].span.end };
        let words = span.of(self.text);
        // A sentence's first word loses its capital when it moves, unless it is written so for itself.
        let first = self.tokens[start].span.of(self.text);
        let ordinary = start == 0 && first.chars().skip(1).all(char::is_lowercase) && first.chars().nth(1).is_some();
        Some(if ordinary { lowered(words) } else { words.to_owned() })
    }
}

/// `text` with its first letter small.
pub(crate) fn lowered(text: &str) -> String {
    first_letter(text, |c| c.to_lowercase().collect())
}

/// `text` with its first letter large; what is no letter, an opening mark for one, stays before it.
pub(crate) fn raised(text: &str) -> String {
    first_letter(text, |c| c.to_uppercase().collect())
}

fn first_letter(text: &str, change: impl Fn(char) -> String) -> String {
    match text.char_indices().find(|(_, c)| !"¿¡«“\"'(*_".contains(*c)) {
        Some((at, c)) => format!("{}{}{}", &text[..at], change(c), &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// `text` with one space between words and none before punctuation, where a capture was empty.
fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim_start_matches([' ', ',', ';']).trim_end().chars() {
        if c == ' ' && out.ends_with(' ') {
            continue;
        }
        if matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | ')') && out.ends_with(' ') {
            out.pop();
        }
        out.push(c);
    }
    out
}
