//! YAML, by the events of its parser.

use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::{Node, Parsed, Value};
use crate::quoting::Quoting;
use crate::recovery::{Patch, recovered};

/// The tree of a file: of its document, or a list of its documents. What cannot be read costs the item it stands in.
pub(crate) fn yaml(text: &str) -> Parsed {
    recovered(text, parse, patches)
}

/// A collection that is being read.
enum Open {
    List(usize, Vec<Node>),
    Table(usize, Vec<(String, Node)>, Option<String>),
}

fn parse(text: &str) -> Result<Node, (usize, String)> {
    let mut options = Options::default();
    // Comments are not read, and a long block of them is no error.
    options.set_emit_comments(false);
    let mut documents: Vec<Node> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(0);
            (at.min(text.len()), format!("expected YAML: {}", message(&error.to_string())))
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        let node = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(range.start, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Table(range.start, Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(start, items)) => Node::new(Value::List(items), start..range.end.max(start)),
                Some(Open::Table(start, entries, _)) => Node::new(Value::Table(entries), start..range.end.max(start)),
                None => continue,
            },
            Event::Scalar(value, style, ..) => Node::new(scalar(text, range.clone(), value.into_owned(), style), range),
            // Texts are judged where they are written, not where they are used again.
            Event::Alias(..) => Node::new(Value::Null, range),
            _ => continue,
        };
        match open.last_mut() {
            None => documents.push(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Table(_, entries, key)) => match key.take() {
                None => *key = Some(node.scalar().unwrap_or_default()),
                Some(key) => entries.push((key, node)),
            },
        }
    }
    match documents.len() {
        1 => Ok(documents.remove(0)),
        _ => Ok(Node::new(Value::List(documents), 0..text.len())),
    }
}

/// A parser's message, without the place that we tell ourselves.
fn message(error: &str) -> &str {
    [" at byte ", " at char ", " at line "].iter().fold(error, |error, at| error.split(at).next().unwrap_or(error))
}

fn scalar(text: &str, range: Range<usize>, value: String, style: ScalarStyle) -> Value {
    let indentation = || indentation(text, range.start, text.get(range.clone()).unwrap_or_default(), &value);
    let quoting = match style {
        ScalarStyle::SingleQuoted => Quoting::YamlSingle,
        ScalarStyle::DoubleQuoted => Quoting::YamlDouble,
        ScalarStyle::Literal => Quoting::YamlLiteral(indentation()),
        ScalarStyle::Folded => Quoting::YamlFolded(indentation()),
        _ => {
            return match value.as_str() {
                "" | "~" | "null" | "Null" | "NULL" => Value::Null,
                "true" | "True" | "TRUE" => Value::Truth(true),
                "false" | "False" | "FALSE" => Value::Truth(false),
                number if number.parse::<f64>().is_ok() => Value::Number(value),
                _ => Value::Text(value, Quoting::YamlPlain),
            };
        }
    };
    Value::Text(value, quoting)
}

/// The blanks before the lines of a block that begins at `start` and says `value`: those before its first words, less those that are said.
fn indentation(text: &str, start: usize, raw: &str, value: &str) -> usize {
    let blanks = |line: &str| line.bytes().take_while(|&byte| byte == b' ').count();
    let first = |text: &str| text.lines().find(|line| !line.trim().is_empty()).map_or(0, blanks);
    let before = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    if raw.starts_with(['\n', '\r']) || !before.bytes().all(|byte| byte == b' ') {
        return first(raw).saturating_sub(first(value));
    }
    before.len()
}

/// What to leave out so that the rest can be read: the line that `error` stands in with what belongs to it, or one that it belongs to.
fn patches(text: &str, error: usize) -> Vec<Vec<Patch>> {
    let mut starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    starts.push(text.len());
    let line = |index: usize| &text[starts[index]..starts[index + 1]];
    let indent = |index: usize| {
        let line = line(index);
        let words = line.trim_start_matches(' ');
        (!words.trim().is_empty()).then(|| line.len() - words.len())
    };
    let last = starts.partition_point(|&start| start <= error).clamp(1, starts.len() - 1) - 1;
    let mut patches = Vec::new();
    let mut least = usize::MAX;
    for first in (0..=last).rev() {
        let Some(here) = indent(first).filter(|&here| here < least) else { continue };
        least = here;
        let end = (last + 1..starts.len() - 1).find(|&index| indent(index).is_some_and(|indent| indent <= here));
        patches.push(vec![Patch::Blank(starts[first]..starts[end.unwrap_or(starts.len() - 1)])]);
        if least == 0 {
            break;
        }
    }
    patches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_leads_back_to_its_bytes() {
        let file = "plain: uno\n  dos\nsingle: 'it''s'\ndouble: \"\\u00e9 \\\"x\\\"\"\nliteral: |\n  Hola:\n\n  - a\nfolded: >-\n    a\n    b\n\n    c\nflow: {k: [v]}\n";
        let (tree, problems) = yaml(file);
        assert_eq!(problems, []);
        let table = tree.table().unwrap();
        let texts: Vec<&str> = table.iter().filter_map(|(_, node)| node.text()).collect();
        assert_eq!(texts, ["uno dos", "it's", "é \"x\"", "Hola:\n\n- a\n", "a b\nc"]);
        for (key, node) in &table[..5] {
            let text = node.text().unwrap();
            let (_, map) = node.map(file).unwrap();
            let word = text.trim_end().rfind(|c: char| !c.is_whitespace()).unwrap();
            let place = map.place(word, word + text[word..].chars().next().unwrap().len_utf8());
            assert!(
                place.exact
                    && file[place.range.clone()].trim_start_matches('\\').starts_with(&text[word..].trim_end()[..1]),
                "{key}: {place:?}"
            );
        }
    }

    #[test]
    fn a_broken_item_costs_itself() {
        let (tree, problems) =
            yaml("- name: a\n  text: one\n- name: \"b\n  text: two\" x: [\n- name: c\n  text: three\n");
        let Value::List(items) = &tree.value else { panic!("{tree:?} {problems:?}") };
        assert_eq!((items.len(), problems.len()), (2, 1), "{problems:?}");
    }
}
