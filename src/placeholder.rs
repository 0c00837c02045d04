//! Placeholders: where they stand, what the customer reads where there is no value, and which two are the same.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::Span;
use crate::document;

/// A placeholder of a help desk or template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placeholder {
    /// Its place in the reply, marks included.
    pub span: Span,
    /// The words the customer reads where there is no value, without their quotation marks; `None` where it has none.
    pub fallback: Option<Span>,
}

/// The placeholders of a reply, in order: those within a quotation, an address or a tag too, not those within code. Template control
/// (`{% if … %}`, `{{#if …}}`) is none.
///
/// ```
/// let reply = "Hola {{ customer.first_name | default: \"amigo\" }}, su pedido %{order} sale hoy.";
/// let found = tactful::placeholders(reply);
/// assert_eq!(found[0].fallback.unwrap().of(reply), "amigo");
/// assert_eq!((found[1].span.of(reply), found[1].fallback), ("%{order}", None));
/// ```
pub fn placeholders(text: &str) -> Vec<Placeholder> {
    let placeholder = |span: Span| {
        let within = |(start, end)| Span { start: span.start + start, end: span.start + end };
        Placeholder { span, fallback: fallback(span.of(text)).filter(|(start, end)| start < end).map(within) }
    };
    document::placeholders(text).into_iter().map(placeholder).collect()
}

/// What a reply's placeholders stand for, alike in every variant that is filled from the same data: without fallbacks, filters, formats and
/// spaces. One that is written in words (`[nombre del cliente]`) is translated with its reply: there only how many differ is told.
pub(crate) fn values(text: &str) -> BTreeSet<String> {
    let mut written: HashMap<&str, HashSet<String>> = HashMap::new();
    let mut values = BTreeSet::new();
    for span in document::placeholders(text) {
        let placeholder = span.of(text);
        if !is_written(placeholder) {
            values.insert(value(placeholder));
        } else if !placeholder.starts_with("</") {
            let (open, close) = (&placeholder[..1], &placeholder[placeholder.len() - 1..]);
            let alike = written.entry(open).or_default();
            if alike.insert(placeholder.to_lowercase()) {
                let number = alike.len();
                values.insert(if number > 1 {
                    format!("{open}… {number}{close}")
                } else {
                    format!("{open}…{close}")
                });
            }
        }
    }
    values
}

/// The marks around a placeholder's name, longer ones before those they begin with.
const MARKS: [(&str, &str); 13] = [
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("{", "}"),
    ("[[", "]]"),
    ("[", "]"),
    ("%{", "}"),
    ("#{", "}"),
    ("${", "}"),
    ("<%=", "%>"),
    ("<%-", "%>"),
    ("*|", "|*"),
    ("<", ">"),
];

fn parts(placeholder: &str) -> Option<(&'static str, &str, &'static str)> {
    let inside = |&(open, close): &(&'static str, &'static str)| {
        Some((open, placeholder.strip_prefix(open)?.strip_suffix(close)?, close))
    };
    MARKS.iter().find_map(inside)
}

/// Whether it is written for the agent to fill in, in words: `[Name]`, `<nombre>`, `{order number}`.
fn is_written(placeholder: &str) -> bool {
    match parts(placeholder) {
        Some(("[", ..)) => true,
        Some(("<", inside, _)) => !inside.contains('='),
        Some(("{", inside, _)) => {
            !inside.contains(['|', ',', ':', '$', '!', '(', '>']) && (inside.trim().contains(' ') || !inside.is_ascii())
        }
        _ => false,
    }
}

/// What may follow a value's name.
const AFTER: [&str; 7] = ["|", "??", "?:", " or ", " if ", "->", ":default="];

/// The value a placeholder stands for, between its marks.
fn value(placeholder: &str) -> String {
    let Some((open, inside, close)) = parts(placeholder) else { return placeholder.to_owned() };
    if open == "<" {
        let without = |(start, end): (usize, usize)| format!("{}{}", &inside[..start], &inside[end..]);
        let tag = attribute(inside, DEFAULT).map_or_else(|| inside.to_owned(), |found| without(found.whole));
        return format!("{open}{}{close}", joined(tag.trim_end_matches([' ', '/'])));
    }
    let inside = inside.trim_matches(['-', '~', '=', ' ', '\t', '\n', '\r']);
    // A type or a fallback follows a comma; in a call, an argument does.
    let comma = if matches!(open, "{" | "{%") { inside.find(',') } else { None };
    let quoted = inside.match_indices(['"', '\'']).map(|(at, _)| at);
    let argument = quoted.into_iter().find(|&at| inside[..at].ends_with([' ', ',', ':']));
    let after = AFTER.iter().filter_map(|mark| inside.find(mark));
    let end = after.chain(comma).chain(argument).min().unwrap_or(inside.len());
    format!("{open}{}{close}", joined(inside[..end].trim_end_matches([' ', ',', ':'])))
}

/// The words of `text`; of spaces only those between two words are left.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    for word in text.split_whitespace() {
        let apart = joined.ends_with(is_name) && word.starts_with(is_name);
        if apart {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The attribute of `<attribute …/>` that holds the fallback.
const DEFAULT: &str = "default";
/// What stands before a fallback in quotation marks: filters, and operators.
const FILTERS: [&str; 4] = [DEFAULT, "default_if_none", "d", "fallback"];
const OPERATORS: [&str; 5] = ["or", "else", "||", "??", "?:"];

/// Where the fallback stands in a placeholder.
fn fallback(placeholder: &str) -> Option<(usize, usize)> {
    let (open, inside, close) = parts(placeholder)?;
    let within = |(start, end): (usize, usize)| (start + open.len(), end + open.len());
    match open {
        "<" => attribute(inside, DEFAULT).map(|found| within(found.value)),
        "{%" => {
            let start = inside.find(",fallback=")? + ",fallback=".len();
            Some(within((start, start + inside[start..].trim_end_matches([' ', '-']).len())))
        }
        "{{" if inside.contains(":default=") => {
            let start = placeholder.find(":default=")? + ":default=".len();
            Some((start, placeholder.len() - close.len()))
        }
        _ => literals(inside).find_map(|(start, end)| {
            let before = inside[..start - 1].trim_end();
            let named = inside[start..end].strip_prefix("default=");
            let default = before.strip_suffix([':', '(']).is_some_and(|filter| ends_in_filter(filter.trim_end()));
            // A plural's branches are prose, where a quotation may follow any word.
            let operator = open != "{" && OPERATORS.iter().any(|operator| ends_in(before, operator));
            match named {
                Some(words) if open == "{{" => Some((end - words.len(), end)),
                _ => (default || operator).then_some((start, end)),
            }
            .map(within)
        }),
    }
}

fn ends_in_filter(before: &str) -> bool {
    FILTERS.iter().any(|filter| before.strip_suffix(filter).is_some_and(|rest| rest.trim_end().ends_with('|')))
}

/// Whether `before` ends in an operator, not in a word that ends as the operator does.
fn ends_in(before: &str, operator: &str) -> bool {
    before.strip_suffix(operator).is_some_and(|rest| !operator.starts_with(is_name) || rest.ends_with([' ', ')', ']']))
}

/// What stands in quotation marks, without them.
fn literals(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(['"', '\''])? + 1;
        let mark = text.as_bytes()[start - 1];
        let mut escaped = false;
        let length = text[start..].bytes().position(|byte| {
            let closes = byte == mark && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        at = start + length + 1;
        Some((start, start + length))
    })
}

/// An attribute of a tag, and its value without quotation marks.
struct Attribute {
    whole: (usize, usize),
    value: (usize, usize),
}

fn attribute(tag: &str, name: &str) -> Option<Attribute> {
    literals(tag).find_map(|value| {
        let before = tag[..value.0 - 1].trim_end().strip_suffix('=')?.trim_end();
        let start = before.strip_suffix(name)?;
        start.ends_with(char::is_whitespace).then_some(Attribute { whole: (start.len(), value.1 + 1), value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_whatever_stands_around_it() {
        for (placeholder, expected) in [
            ("{{ ticket.id }}", "{{ticket.id}}"),
            ("{{- ticket.id -}}", "{{ticket.id}}"),
            ("{{ due | date: \"%d %B\" }}", "{{due}}"),
            ("{{ name | default: \"amigo\" }}", "{{name}}"),
            ("{{ name or \"amigo\" }}", "{{name}}"),
            ("{{ name if name else \"amigo\" }}", "{{name}}"),
            ("{{lead.First Name:default=amigo}}", "{{lead.First Name}}"),
            ("{{insert name \"default=amigo\"}}", "{{insert name}}"),
            ("{{ order[\"id\"] }}", "{{order[\"id\"]}}"),
            ("{%customer.firstName,fallback=amigo%}", "{%customer.firstName%}"),
            ("{ count, plural, one {# artículo} other {# artículos}}", "{count}"),
            ("{ $name }", "{$name}"),
            ("<attribute default='amigo' key=\"user.name\" />", "<attribute key=\"user.name\">"),
            ("<attribute key=\"user.name\"/>", "<attribute key=\"user.name\">"),
            ("<%= name || \"amigo\" %>", "<%=name%>"),
            ("*|FNAME|*", "*|FNAME|*"),
            ("%(name)s", "%(name)s"),
            ("%1$s", "%1$s"),
            (":name", ":name"),
        ] {
            assert!(!is_written(placeholder), "{placeholder}");
            assert_eq!(value(placeholder), expected);
        }
    }

    #[test]
    fn words_for_the_agent_are_counted() {
        let of = |text| values(text).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Hola [nombre], su pedido [número de pedido], [Nombre]."), ["[… 2]", "[…]"]);
        assert_eq!(of("Hi [name], your order <order>, {the parcel's no.}."), ["<…>", "[…]", "{…}"]);
        assert_eq!(of("Hi {name}, [[name]]."), ["[[name]]", "{name}"]);
    }
}
