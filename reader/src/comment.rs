//! What a file says beside its texts, to whoever works on it: comments.

use std::ops::Range;

use crate::tree::{Node, Value};
use crate::{Format, front_matter, template};

/// A comment that speaks to tactful: one that holds [`Comment::MARK`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// Bytes of the file's text, what opens and closes it included.
    pub range: Range<usize>,
    /// Its words from the mark on.
    pub text: String,
    /// Whether customers get it: HTML goes out with its comments.
    pub sent: bool,
}

impl Comment {
    /// What such a comment holds.
    pub const MARK: &'static str = "tactful-";

    fn new(text: &str, range: Range<usize>, sent: bool) -> Option<Comment> {
        let words = &text[range.clone()];
        let mark = words.find(Comment::MARK)?;
        let words = words[mark..].lines().next().unwrap_or_default();
        let words = CLOSERS.iter().fold(words.trim_end(), |words, closer| words.trim_end_matches(closer).trim_end());
        // `{% comment %}tactful-…{% endcomment %}`
        let words = words.split("{%").next().unwrap_or_default();
        Some(Comment { range, text: words.trim_end().to_owned(), sent })
    }
}

/// What closes comments.
const CLOSERS: [&str; 7] = ["--}}", "}}", "#}", "%>", "-->", "*/", "-"];

/// The comments of a file in `format`, in order. `trees` are what it was read as, if it is one of keys and values.
pub(crate) fn comments(text: &str, format: Format, trees: &[Node]) -> Vec<Comment> {
    if !text.contains(Comment::MARK) {
        return Vec::new();
    }
    let found: Vec<(Range<usize>, bool)> = match format {
        Format::Yaml | Format::Toml => in_lines(text, "#", &scalars(trees)),
        Format::Json => {
            let scalars = scalars(trees);
            let mut found = in_lines(text, "//", &scalars);
            found.extend(blocks(text, ("/*", "*/"), false).into_iter().filter(|(range, _)| !scalars.hold(range.start)));
            found
        }
        Format::Gettext => {
            // Within its line it is part of a text.
            let first = |at: usize| text[..at].rsplit('\n').next().is_some_and(|before| before.trim().is_empty());
            let found = in_lines(text, "#", &Scalars::default()).into_iter();
            found.filter(|(range, _)| first(range.start)).collect()
        }
        Format::Text | Format::Markdown | Format::Html | Format::Template => {
            let body = front_matter::split(text).map_or(0, |(_, body)| body);
            let mut found = in_lines(&text[..body], "#", &Scalars::default());
            let templates = template::comments(&text[body..]).into_iter();
            found.extend(templates.map(|range| (body + range.start..body + range.end, false)));
            found.extend(blocks(text, ("<!--", "-->"), format != Format::Markdown));
            found
        }
        Format::JsonLines | Format::Csv | Format::Mail => Vec::new(),
    };
    let mut comments: Vec<Comment> =
        found.into_iter().filter_map(|(range, sent)| Comment::new(text, range, sent)).collect();
    comments.sort_by_key(|comment| (comment.range.start, comment.range.end));
    comments
}

/// Comments from `opener` to the end of their line, after blanks or at its start.
fn in_lines(text: &str, opener: &str, scalars: &Scalars) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        if line.contains(Comment::MARK) {
            let opens = |&(from, _): &(usize, &str)| {
                (from == 0 || line[..from].ends_with([' ', '\t', ',', '{', '['])) && !scalars.hold(at + from)
            };
            found.extend(line.match_indices(opener).find(opens).map(|(from, _)| (at + from..end, false)));
        }
        at += line.len();
    }
    found
}

/// Comments from one mark to another.
fn blocks(text: &str, (open, close): (&str, &str), sent: bool) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(open).map(|start| at + start) {
        let Some(len) = text[start + open.len()..].find(close) else { break };
        at = start + open.len() + len + close.len();
        found.push((start..at, sent));
    }
    found
}

/// Where texts and other values stand: what looks like a comment in them is none.
#[derive(Default)]
struct Scalars(Vec<Range<usize>>);

impl Scalars {
    fn hold(&self, at: usize) -> bool {
        let next = self.0.partition_point(|range| range.start <= at);
        next > 0 && self.0[next - 1].end > at
    }
}

fn scalars(trees: &[Node]) -> Scalars {
    fn walk(node: &Node, found: &mut Vec<Range<usize>>) {
        match &node.value {
            Value::List(list) => list.iter().for_each(|node| walk(node, found)),
            Value::Table(entries) => entries.iter().for_each(|(_, node)| walk(node, found)),
            _ => found.push(node.span.clone()),
        }
    }
    let mut found = Vec::new();
    trees.iter().for_each(|tree| walk(tree, &mut found));
    found.sort_by_key(|range| (range.start, range.end));
    Scalars(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    fn words(text: &str, format: Format) -> Vec<(String, bool)> {
        let tree = match format {
            Format::Yaml => vec![tree::yaml(text).0],
            Format::Toml => vec![tree::toml(text).0],
            Format::Json => vec![tree::json(text).0],
            _ => Vec::new(),
        };
        comments(text, format, &tree).into_iter().map(|comment| (comment.text, comment.sent)).collect()
    }

    #[test]
    fn each_format_has_its_own() {
        for (text, format) in [
            ("a: \"# tactful-no\"\n# tactful-x y -- why\nb: |\n  # tactful-no\n", Format::Yaml),
            ("a = '''\n# tactful-no\n'''\nb = 'x' # tactful-x y -- why\n", Format::Toml),
            ("{\"a\": \"// tactful-no /* tactful-no */\", // tactful-x y -- why\n\"b\": 1}", Format::Json),
            ("{/* tactful-x y -- why */\"b\": \"tactful-no\"}", Format::Json),
            ("# tactful-x y -- why\nmsgid \"a\"\nmsgstr \"# tactful-no\"\n\" # tactful-no\"\n", Format::Gettext),
            ("---\nid: 1\n# tactful-x y -- why\n---\ntactful-no # tactful-no\n", Format::Markdown),
            ("Hi <!-- tactful-x y -- why --> Ana, tactful-no", Format::Markdown),
            ("{# tactful-x y -- why #}tactful-no", Format::Template),
            ("{%- comment -%} tactful-x y -- why {%- endcomment -%}tactful-no", Format::Html),
            ("{{!-- tactful-x y -- why --}}tactful-no", Format::Text),
        ] {
            assert_eq!(words(text, format), [("tactful-x y -- why".to_owned(), false)], "{text}");
        }
        assert_eq!(words("<p><!-- tactful-x y --></p>", Format::Html), [("tactful-x y".to_owned(), true)]);
        for (text, format) in
            [("tactful-x", Format::JsonLines), ("<!-- tactful-x", Format::Markdown), ("", Format::Yaml)]
        {
            assert_eq!(words(text, format), []);
        }
    }
}
