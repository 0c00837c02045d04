//! TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Node, Parsed, Value};
use crate::quoting::Quoting;
use crate::recovery::{Patch, recovered};

/// The tree of a file. What cannot be read costs the table it stands in.
pub(crate) fn toml(text: &str) -> Parsed {
    recovered(text, parse, patches)
}

fn parse(text: &str) -> Result<Node, (usize, String)> {
    match DeTable::parse(text) {
        Ok(table) => {
            let span = table.span();
            Ok(Node::new(table_of(text, table.get_ref()), span))
        }
        Err(error) => Err((error.span().map_or(0, |span| span.start), format!("expected TOML: {}", error.message()))),
    }
}

fn table_of(text: &str, table: &DeTable<'_>) -> Value {
    let mut entries: Vec<(String, Node)> =
        table.iter().map(|(key, value)| (key.get_ref().to_string(), node(text, value))).collect();
    // The parser sorts by key; a person reads by place.
    entries.sort_by_key(|(_, node)| node.span.start);
    Value::Table(entries)
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let kind = match value.get_ref() {
        DeValue::String(string) => Value::Text(string.to_string(), quoting(&text[span.clone()])),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(time) => Value::Number(time.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(text, item)).collect()),
        DeValue::Table(table) => table_of(text, table),
    };
    Node::new(kind, span)
}

fn quoting(raw: &str) -> Quoting {
    match raw.as_bytes() {
        [b'"', b'"', b'"', ..] => Quoting::TomlMultiline,
        [b'\'', b'\'', b'\'', ..] => Quoting::TomlMultilineLiteral,
        [b'\'', ..] => Quoting::TomlLiteral,
        _ => Quoting::TomlBasic,
    }
}

/// What to leave out: the table, by its `[header]`, in which `error` stands.
fn patches(text: &str, error: usize) -> Vec<Vec<Patch>> {
    let headers: Vec<usize> =
        std::iter::once(0).chain(text.match_indices("\n[").map(|(at, _)| at + 1)).chain([text.len()]).collect();
    let next = headers.partition_point(|&at| at <= error).clamp(1, headers.len() - 1);
    let end = headers[next];
    (0..next).rev().take(3).map(|first| vec![Patch::Blank(headers[first]..end)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_every_kind_have_their_places() {
        let file = "[[reply]]\ntext = \"\"\"\na\\\n  b \\u00e9\"\"\"\nnote = 'x'\n";
        let (tree, problems) = toml(file);
        assert_eq!(problems, []);
        let Value::List(replies) = &tree.table().unwrap()[0].1.value else { panic!() };
        let (_, text) = &replies[0].table().unwrap()[0];
        assert_eq!(text.text(), Some("ab é"));
        let (_, map) = text.map(file).unwrap();
        assert_eq!(&file[map.place(3, 5).range], "\\u00e9");
    }

    #[test]
    fn a_broken_table_costs_itself() {
        let (tree, problems) = toml("[[r]]\ntext = 'a'\n[[r]]\ntext = 'b\n[[r]]\ntext = 'c'\n");
        let Value::List(replies) = &tree.table().unwrap()[0].1.value else { panic!() };
        assert_eq!((replies.len(), problems.len()), (2, 1));
    }
}
