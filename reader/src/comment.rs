//! What a file says beside its texts, to whoever works on it: comments.

use std::ops::Range;

use crate::tree::{Node, Value};
use crate::{Format, front_matter, template};

/// A line of a comment that speaks to tactful: one that holds [`Comment::MARK`] as a word of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// Bytes of the file's text, what opens and closes it included.
    pub range: Range<usize>,
    /// The line's words from the mark on.
    pub text: String,
    /// Whether customers get it: HTML goes out with its comments.
    pub sent: bool,
}

impl Comment {
    /// What such a comment holds.
    pub const MARK: &'static str = "tactful-disable";

    /// Those of the comment at `range`.
    fn all(text: &str, range: Range<usize>, sent: bool) -> Vec<Comment> {
        let said = |line: &str| {
            let mark = line.find(Comment::MARK)?;
            let inside = line[..mark].ends_with(|c: char| c == '-' || c.is_alphanumeric());
            // `{% comment %}tactful-…{% endcomment %}`
            let words = line[mark..].split("{%").next().unwrap_or_default().trim_end();
            let words = CLOSERS.iter().fold(words, |words, closer| words.trim_end_matches(closer).trim_end());
            (!inside).then(|| words.to_owned())
        };
        let lines = text[range.clone()].lines().filter_map(said);
        lines.map(|text| Comment { range: range.clone(), text, sent }).collect()
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
        found.into_iter().flat_map(|(range, sent)| Comment::all(text, range, sent)).collect();
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
            ("a: \"# tactful-disable-no\"\n# tactful-disable-x y -- why\nb: |\n  # tactful-disable-no\n", Format::Yaml),
            ("a = '''\n# tactful-disable-no\n'''\nb = 'x' # tactful-disable-x y -- why\n", Format::Toml),
            (
                "{\"a\": \"// tactful-disable-no /* tactful-disable-no */\", // tactful-disable-x y -- why\n\"b\": 1}",
                Format::Json,
            ),
            ("{/* tactful-disable-x y -- why */\"b\": \"tactful-disable-no\"}", Format::Json),
            (
                "# tactful-disable-x y -- why\nmsgid \"a\"\nmsgstr \"# tactful-disable-no\"\n\" # tactful-disable-no\"\n",
                Format::Gettext,
            ),
            (
                "---\nid: 1\n# tactful-disable-x y -- why\n---\ntactful-disable-no # tactful-disable-no\n",
                Format::Markdown,
            ),
            ("Hi <!-- tactful-disable-x y -- why --> Ana, tactful-disable-no", Format::Markdown),
            ("{# tactful-disable-x y -- why #}tactful-disable-no", Format::Template),
            ("{%- comment -%} tactful-disable-x y -- why {%- endcomment -%}tactful-disable-no", Format::Html),
            ("{{!-- tactful-disable-x y -- why --}}tactful-disable-no", Format::Text),
        ] {
            assert_eq!(words(text, format), [("tactful-disable-x y -- why".to_owned(), false)], "{text}");
        }
        let several = "{#\n tactful-disable-x y -- why\n not-tactful-disable\n tactful-disable-z\n#}";
        assert_eq!(words(several, Format::Template).len(), 2);
        assert_eq!(
            words("<p><!-- tactful-disable-x y --></p>", Format::Html),
            [("tactful-disable-x y".to_owned(), true)]
        );
        for (text, format) in
            [("tactful-disable-x", Format::JsonLines), ("<!-- tactful-disable-x", Format::Markdown), ("", Format::Yaml)]
        {
            assert_eq!(words(text, format), []);
        }
    }
}
