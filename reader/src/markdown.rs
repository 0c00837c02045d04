//! Markdown: what a reader sees of it, and the sections it is made of.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::profile::short;
use crate::prose::Prose;
use crate::template::{comments, hidden};

/// A file's outline.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) headings: Vec<Heading>,
    /// Thematic breaks.
    pub(crate) rules: Vec<Range<usize>>,
    /// Block quotes that stand in no other block.
    pub(crate) quotes: Vec<Range<usize>>,
    /// Fenced blocks of code that stand in no other block, and what stands in each.
    pub(crate) fences: Vec<(Range<usize>, Range<usize>)>,
}

#[derive(Debug)]
pub(crate) struct Heading {
    pub(crate) level: HeadingLevel,
    pub(crate) title: String,
    /// The line, or lines, that it takes.
    pub(crate) span: Range<usize>,
}

/// What stands in a fenced block that may be a reply, as its opening line calls it.
const WORDS: [&str; 7] = ["", "text", "txt", "plaintext", "md", "markdown", "email"];

fn parser(code: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(code, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES).into_offset_iter()
}

/// The outline of `source`.
pub(crate) fn outline(source: &str) -> Outline {
    let code = hidden(source);
    let mut outline = Outline::default();
    let mut title: Option<String> = None;
    let (mut depth, mut fence) = (0, false);
    for (event, range) in parser(&code) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                title = Some(String::new());
                outline.headings.push(Heading { level, title: String::new(), span: range });
                depth += 1;
            }
            Event::End(TagEnd::Heading(_)) => {
                depth -= 1;
                if let (Some(title), Some(heading)) = (title.take(), outline.headings.last_mut()) {
                    heading.title = short(title.trim());
                }
            }
            Event::Start(tag) => {
                match &tag {
                    Tag::BlockQuote(_) if depth == 0 => outline.quotes.push(range.clone()),
                    Tag::CodeBlock(CodeBlockKind::Fenced(language)) if depth == 0 && WORDS.contains(&&**language) => {
                        fence = true;
                        outline.fences.push((range.clone(), range.end..range.end));
                    }
                    _ => {}
                }
                depth += 1;
            }
            Event::End(end) => {
                depth -= 1;
                fence &= !matches!(end, TagEnd::CodeBlock);
            }
            Event::Text(_) | Event::Code(_) if title.is_some() => {
                if let Some(title) = &mut title {
                    title.push_str(&source[range]);
                }
            }
            Event::Text(_) if fence => {
                if let Some((_, inside)) = outline.fences.last_mut() {
                    let first = if inside.start == inside.end { range.start } else { inside.start };
                    *inside = first..range.end;
                }
            }
            Event::Rule if depth == 0 => outline.rules.push(range),
            _ => {}
        }
    }
    outline
}

/// What a reader sees of a part of `source`: without the marks of emphasis and headings and the backslashes of escapes, entities decoded. Lists, links,
/// quotations and code stay as they are written.
pub(crate) fn prose(source: &str, part: Range<usize>) -> Prose {
    let code = hidden(&source[part.clone()]);
    // What is left out, or said otherwise.
    let mut changes: Vec<(Range<usize>, String)> =
        comments(&source[part.clone()]).into_iter().map(|comment| (comment, String::new())).collect();
    let mut told = 0;
    // Where the content of each heading began, once it did, and its end.
    let mut heading: Option<(Range<usize>, Option<usize>, usize)> = None;
    for (event, range) in parser(&code) {
        if let Some((_, first, last)) = &mut heading
            && !matches!(event, Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_)))
        {
            first.get_or_insert(range.start);
            *last = (*last).max(range.end);
        }
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some((range.clone(), None, range.start)),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((whole, first, last)) = heading.take() {
                    let end = whole.start + code[whole.clone()].trim_end_matches(['\r', '\n']).len();
                    changes.push((whole.start..first.unwrap_or(end), String::new()));
                    changes.push((last.max(first.unwrap_or(end))..end.max(last), String::new()));
                }
            }
            Event::Start(Tag::Emphasis) => changes.extend(marks(&range, 1)),
            Event::Start(Tag::Strong) => changes.extend(marks(&range, 2)),
            Event::Start(Tag::Strikethrough) => {
                let len = if code[range.clone()].starts_with("~~") { 2 } else { 1 };
                changes.extend(marks(&range, len));
            }
            // Indentation, which the parser makes anew.
            Event::Text(_) if range.start == range.end => {}
            Event::Text(words) => {
                // A backslash is no part of any text.
                let escaped = range.start > told && code[..range.start].ends_with('\\');
                if escaped {
                    changes.push((range.start - 1..range.start, String::new()));
                }
                told = range.end;
                if *words != code[range.clone()] {
                    changes.push((range, words.into_string()));
                }
            }
            Event::HardBreak => {
                told = range.end;
                if code[range.clone()].starts_with('\\') {
                    changes.push((range.start..range.start + 1, String::new()));
                }
            }
            Event::Code(_) | Event::InlineHtml(_) | Event::Html(_) | Event::SoftBreak => told = range.end,
            _ => {}
        }
    }
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let mut prose = Prose::default();
    let mut at = 0;
    for (range, words) in changes {
        if range.start < at {
            continue;
        }
        prose.push(source, part.start + at..part.start + range.start);
        if !words.is_empty() {
            prose.push_unit(&words, part.start + range.start..part.start + range.end);
        }
        at = range.end;
    }
    prose.push(source, part.start + at..part.end);
    prose
}

/// The marks at both ends of an emphasis.
fn marks(range: &Range<usize>, len: usize) -> [(Range<usize>, String); 2] {
    [(range.start..range.start + len, String::new()), (range.end - len..range.end, String::new())]
}

/// What a block quote says: its lines without their marks.
pub(crate) fn unquoted(source: &str, quote: Range<usize>) -> Prose {
    let mut prose = Prose::default();
    let mut at = quote.start;
    for line in source[quote].split_inclusive('\n') {
        let words = line.trim_start_matches([' ', '\t']);
        let words = words.strip_prefix('>').map_or(words, |words| words.strip_prefix(' ').unwrap_or(words));
        let start = at + line.len() - words.len();
        prose.push(source, start..at + line.len());
        at += line.len();
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        for (source, expected) in [
            ("**No**, eso *no* es ~~posible~~.", "No, eso no es posible."),
            ("# Hola\n\nNo \\*puedo\\* &amp; ya {{x|y}} *|FNAME|*", "Hola\n\nNo *puedo* & ya {{x|y}} *|FNAME|*"),
            ("See [the *guide*](https://x.example) `a*b*`\\\nx", "See [the guide](https://x.example) `a*b*`\nx"),
            ("- uno\n- **dos**\n\n> cita", "- uno\n- dos\n\n> cita"),
            ("Title\n=====\n\nx", "Title\n\nx"),
            ("{first_name} a_b_c 2 * 3 * 4", "{first_name} a_b_c 2 * 3 * 4"),
        ] {
            let prose = prose(source, 0..source.len());
            assert_eq!(prose.text, expected, "{source}");
            assert_eq!(prose.map.text_len(), expected.len());
        }
    }

    #[test]
    fn places_skip_the_marks() {
        let source = "a **No** &amp; \\*b";
        let prose = prose(source, 0..source.len());
        let place = |words: &str| {
            let at = prose.text.find(words).unwrap();
            prose.map.place(at, at + words.len())
        };
        assert_eq!((&source[place("No").range], place("No").exact), ("No", true));
        assert_eq!((&source[place("a No").range], place("a No").exact), ("a **No", false));
        assert_eq!((&source[place("&").range], place("&").exact), ("&amp;", true));
    }

    #[test]
    fn a_heading_within_code_is_none() {
        let outline = outline("# A\n\n```\n# no\n```\n\n## B *c*\n\n> q\n> r\n\n---\n");
        let titles: Vec<&str> = outline.headings.iter().map(|heading| heading.title.as_str()).collect();
        assert_eq!(titles, ["A", "B c"]);
        assert_eq!((outline.rules.len(), outline.quotes.len(), outline.fences.len()), (1, 1, 1));
    }
}
