//! Files of keys and values as one tree, whatever their format: each value with its bytes.

mod csv;
mod json;
mod toml;
mod yaml;

use std::ops::Range;

use jsonpath_rust::query::queryable::Queryable;

use crate::SourceMap;
use crate::quoting::{Quoting, align};

pub(crate) use csv::table;
pub(crate) use json::{json, json_line};
pub(crate) use toml::toml;
pub(crate) use yaml::yaml;

/// What was read, and what could not be: where in the text, and why.
pub(crate) type Parsed = (Node, Vec<(usize, String)>);

/// A value and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// Bytes of the file's text, quotation marks included.
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    #[default]
    Null,
    Truth(bool),
    /// As it is written.
    Number(String),
    Text(String, Quoting),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(value: Value, span: Range<usize>) -> Node {
        Node { value, span }
    }

    /// Moves it, and what it holds, `by` bytes on.
    pub(crate) fn shift(&mut self, by: usize) {
        self.span = self.span.start + by..self.span.end + by;
        match &mut self.value {
            Value::List(list) => list.iter_mut().for_each(|node| node.shift(by)),
            Value::Table(entries) => entries.iter_mut().for_each(|(_, node)| node.shift(by)),
            _ => {}
        }
    }

    /// The first `most` of each list in it, and of each table as many again ten times.
    pub(crate) fn sample(&self, most: usize) -> Node {
        let value = match &self.value {
            Value::List(list) => Value::List(list.iter().take(most).map(|node| node.sample(most)).collect()),
            Value::Table(entries) => {
                let few = entries.iter().take(most * 10);
                Value::Table(few.map(|(key, node)| (key.clone(), node.sample(most))).collect())
            }
            value => value.clone(),
        };
        Node::new(value, self.span.clone())
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// A text, a number or a truth value in words.
    pub(crate) fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::Text(text, _) | Value::Number(text) => Some(text.clone()),
            Value::Truth(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&[(String, Node)]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// How the text that this node holds is quoted in `file`, and the way from it to the file.
    pub(crate) fn map(&self, file: &str) -> Option<(Quoting, SourceMap)> {
        let Value::Text(text, quoting) = &self.value else { return None };
        let map = align(&file[self.span.clone()], text, *quoting, self.span.start);
        let map = map.unwrap_or_else(|| {
            // A block of nothing but line ends has no words to stand anywhere.
            let from =
                if self.span.is_empty() { file[..self.span.start].rfind('\n').unwrap_or(0) } else { self.span.start };
            SourceMap::within(from..self.span.end, text.len())
        });
        Some((*quoting, map))
    }
}

/// Two are the same if they say the same, wherever they stand and however they are written.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Text(one, _), Value::Text(other, _)) => one == other,
            (one, other) => one == other,
        }
    }
}

impl Queryable for Node {
    fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    fn as_array(&self) -> Option<&Vec<Node>> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Node)>> {
        Some(self.table()?.iter().map(|(key, node)| (key.as_str(), node)).collect())
    }

    fn as_str(&self) -> Option<&str> {
        self.text()
    }

    fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match &self.value {
            Value::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Truth(truth) => Some(truth),
            _ => None,
        }
    }

    fn null() -> Node {
        Node::default()
    }
}

// What a query itself says: literals of its filters, results of its functions.

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::from(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::new(Value::Text(text, Quoting::Bare), 0..0)
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Node {
        Node::new(Value::Truth(truth), 0..0)
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Node {
        Node::new(Value::Number(number.to_string()), 0..0)
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Node {
        Node::new(Value::Number(number.to_string()), 0..0)
    }
}

impl From<Vec<Node>> for Node {
    fn from(list: Vec<Node>) -> Node {
        Node::new(Value::List(list), 0..0)
    }
}
