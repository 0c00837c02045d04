//! What a reply's file says of itself above the reply: YAML between `---` lines, TOML between `+++` lines.

use crate::SourceMap;
use crate::prose::Prose;
use crate::quoting::Quoting;
use crate::tree::{self, Node};

/// The keys a reply may give; others are other tools'.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FrontMatter {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) locale: Option<String>,
    /// The subject that the reply is sent with, and how it is written.
    pub(crate) subject: Option<(Prose, Quoting)>,
}

/// The keys by which each is given, the surest first.
const ID: [&str; 2] = ["id", "slug"];
const TITLE: [&str; 3] = ["title", "name", "subject"];
const LOCALE: [&str; 4] = ["lang", "locale", "language", "lng"];

/// Splits `text` into its front matter and where its body begins. Without front matter the body is all of it.
///
/// # Errors
///
/// If there is front matter that cannot be read: where, and why.
pub(crate) fn split(text: &str) -> Result<(FrontMatter, usize), (usize, String)> {
    let fence = match text.lines().next().map(str::trim_end) {
        Some(fence @ ("---" | "+++")) => fence,
        _ => return Ok((FrontMatter::default(), 0)),
    };
    let open = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut at = open;
    for line in text[open..].split_inclusive('\n') {
        if line.trim_end() == fence {
            let body = at + line.len();
            let matter = &text[open..at];
            if !is_keys(matter) {
                return Ok((FrontMatter::default(), 0));
            }
            let (tree, problems) = if fence == "+++" { tree::toml(matter) } else { tree::yaml(matter) };
            if let Some((at, message)) = problems.into_iter().next() {
                return Err((open + at, format!("the front matter could not be read: {message}")));
            }
            let table = tree.table().unwrap_or_default();
            return Ok((FrontMatter { subject: subject(table, matter, open), ..of(table) }, body));
        }
        at += line.len();
    }
    // A rule line, not front matter.
    Ok((FrontMatter::default(), 0))
}

/// Whether it begins with a key, as other texts between two lines of dashes do not.
fn is_keys(matter: &str) -> bool {
    let first = matter.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_none_or(|line| {
        let key = line.split([':', '=']).next().unwrap_or_default().trim();
        key.len() < line.len() && key.chars().all(|c| c.is_alphanumeric() || "_-.\"".contains(c))
    })
}

fn of(table: &[(String, Node)]) -> FrontMatter {
    let value = |keys: &[&str]| {
        let node = |key: &&str| {
            table.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).and_then(|(_, node)| node.scalar())
        };
        keys.iter().find_map(node)
    };
    FrontMatter { id: value(&ID), title: value(&TITLE), locale: value(&LOCALE), subject: None }
}

/// The subject in `matter`, which stands at `start` in its file.
fn subject(table: &[(String, Node)], matter: &str, start: usize) -> Option<(Prose, Quoting)> {
    let (_, node) = table.iter().find(|(name, _)| name.eq_ignore_ascii_case("subject"))?;
    let (quoting, map) = node.map(matter)?;
    let outer = SourceMap::verbatim(start, matter.len());
    Some((Prose { map: map.through(&outer), text: node.text()?.to_owned() }, quoting))
        .filter(|(prose, _)| !prose.text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_toml_and_none() {
        let (matter, at) = split("---\nid: 7\ntitle: 'A'\nlang: sv\n---\nHej").unwrap();
        assert_eq!(
            (matter.id.as_deref(), matter.title.as_deref(), matter.locale.as_deref(), at),
            (Some("7"), Some("A"), Some("sv"), 34)
        );
        assert_eq!(split("+++\nid = 'x'\n+++\nHej").unwrap().0.id.as_deref(), Some("x"));
        assert_eq!(split("---\nHej\n---\nHej").unwrap().1, 0);
        assert_eq!(split("---\nHi Ana, we looked into it: \"no\n---\nHej").unwrap().1, 0);
        assert_eq!(split("Hej\n---\n").unwrap().1, 0);
        assert_eq!(split("---\nid: [\n---\nx").unwrap_err().0, 8);
    }
}
