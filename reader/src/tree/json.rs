//! JSON, with comments and trailing commas where people leave them.

use std::borrow::Cow;
use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, ParseOptions, Scanner, ScannerOptions, parse_to_ast};

use super::{Node, Parsed, Value};
use crate::quoting::Quoting;
use crate::recovery::{Patch, recovered};

/// The tree of a whole file. What cannot be read costs the element of the outermost list that it stands in.
pub(crate) fn json(text: &str) -> Parsed {
    recovered(text, parse, patches)
}

/// The tree of one line of JSON Lines.
///
/// # Errors
///
/// If it is not JSON: where, and what was expected.
pub(crate) fn json_line(line: &str) -> Result<Node, (usize, String)> {
    parse(line)
}

fn parse(text: &str) -> Result<Node, (usize, String)> {
    let lone = lone_surrogates(text);
    let mended = if lone.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(mended(text, &lone)) };
    let options = ParseOptions {
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
        ..ParseOptions::default()
    };
    let parsed = parse_to_ast(&mended, &CollectOptions::default(), &options)
        .map_err(|error| (error.range().start, format!("expected JSON: {}", lower(&error.kind().to_string()))))?;
    match parsed.value {
        Some(value) => Ok(node(&value)),
        None => Err((text.len(), "expected JSON, found nothing".into())),
    }
}

/// The first letter of a parser's sentence, as it stands within ours.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn node(value: &ast::Value<'_>) -> Node {
    let kind = match value {
        ast::Value::StringLit(string) => Value::Text(string.value.to_string(), Quoting::Json),
        ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
        ast::Value::BooleanLit(truth) => Value::Truth(truth.value),
        ast::Value::Object(object) => Value::Table(
            object
                .properties
                .iter()
                .map(|property| (property.name.as_str().to_owned(), node(&property.value)))
                .collect(),
        ),
        ast::Value::Array(array) => Value::List(array.elements.iter().map(node).collect()),
        ast::Value::NullKeyword(_) => Value::Null,
    };
    let range = value.range();
    Node::new(kind, range.start..range.end)
}

/// Escapes of half a character, which some exports cut: `\ud83d` without its other half.
fn lone_surrogates(text: &str) -> Vec<usize> {
    let mut lone = Vec::new();
    let mut at = 0;
    let half = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..0xE000).contains(unit))
    };
    while let Some(found) = text[at..].find('\\') {
        at += found;
        match half(at) {
            Some(high) if high < 0xDC00 && half(at + 6).is_some_and(|low| low >= 0xDC00) => at += 12,
            Some(_) => {
                lone.push(at);
                at += 6;
            }
            // The letter after it, whatever its length.
            None => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    lone
}

/// `text` with U+FFFD in place of those escapes: as long as before.
fn mended(text: &str, lone: &[usize]) -> String {
    let mut mended = text.to_owned();
    for &at in lone {
        mended.replace_range(at..at + 6, "\\ufffd");
    }
    mended
}

/// What to leave out so that the rest can be read: the element of the outermost list (or, in tables alone, the entry) in which
/// `error` stands, up to the next one; or all from it on.
fn patches(text: &str, error: usize) -> Vec<Vec<Patch>> {
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut open: Vec<char> = Vec::new();
    let mut cut: Option<(usize, Vec<char>)> = None;
    while let Ok(Some(token)) = scanner.scan() {
        if scanner.token_end() > error {
            break;
        }
        let whole = |open: &[char]| !open.is_empty() && !open[..open.len() - 1].contains(&']');
        match token {
            Token::OpenBrace => open.push('}'),
            Token::OpenBracket => open.push(']'),
            Token::CloseBrace | Token::CloseBracket => {
                open.pop();
            }
            Token::Comma => {}
            _ => continue,
        }
        if whole(&open) && matches!(token, Token::OpenBrace | Token::OpenBracket | Token::Comma) {
            cut = Some((scanner.token_end(), open.clone()));
        }
    }
    let Some((start, open)) = cut else { return Vec::new() };
    let bytes = text.as_bytes();
    let opener = if open.last() == Some(&']') { b'{' } else { b'"' };
    let next = (error..text.len()).filter(|&at| {
        bytes[at] == opener && bytes[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b',')
    });
    let blanks = next.take(TRIES).map(|end| Patch::Blank(Range { start, end }));
    // A trailing comma is read, so that the list may end at it.
    let closers: String = open.iter().rev().collect();
    let last = (error..text.len()).filter(|&at| open.last().is_some_and(|&c| bytes[at] == c as u8));
    let ends = last.take(TRIES).map(|end| Patch::Blank(Range { start, end }));
    vec![blanks.chain(ends).collect(), vec![Patch::Tail(start, closers)]]
}

/// Places at which the next element may begin that are tried.
const TRIES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(node: &Node) -> Vec<&str> {
        match &node.value {
            Value::Text(text, _) => vec![text],
            Value::List(list) => list.iter().flat_map(texts).collect(),
            Value::Table(table) => table.iter().flat_map(|(_, node)| texts(node)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_broken_element_costs_itself() {
        let (tree, problems) = json(r#"{"m": [{"a": "one"}, {"a": "two" "b": 3}, {"a": "three"}]}"#);
        assert_eq!(texts(&tree), ["one", "three"]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].0, 32);
        let (tree, problems) = json(r#"[{"a": "one"}, {"a": nope}]"#);
        assert_eq!((texts(&tree), problems.len()), (vec!["one"], 1));
        let (tree, problems) = json(r#"{"a": "one", "b": "two", "c": "thr"#);
        assert_eq!((texts(&tree), problems.len()), (vec!["one", "two"], 1));
    }

    #[test]
    fn half_a_character_is_told_and_read() {
        let (tree, _) = json(r#"["a\ud83d b", "\ud83d\ude42 \\ud83d"]"#);
        assert_eq!(texts(&tree), ["a\u{fffd} b", "🙂 \\ud83d"]);
    }
}
