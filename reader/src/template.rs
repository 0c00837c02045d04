//! Template code, which a parser of HTML or Markdown must not see: `{% if a < b %}` is no tag, `{{ x | y }}` no cell of a table.

use std::ops::Range;

use crate::prose::Prose;

/// What opens and closes template code.
const CODE: [(&str, &str); 7] =
    [("{{!--", "--}}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("*|", "|*"), ("${", "}")];

/// Code longer than this is none: something was left open.
const LONGEST: usize = 4000;

/// A letter that no parser takes for anything else.
const FILLER: &str = "x";

/// `text` with letters in place of template code: as long, and byte for byte the same elsewhere.
pub(crate) fn hidden(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut at = 0;
    let mut missing: Vec<&str> = Vec::new();
    while let Some(found) = text.as_bytes()[at..].iter().position(|byte| matches!(byte, b'{' | b'<' | b'*' | b'$')) {
        let start = at + found;
        hidden.push_str(&text[at..start]);
        let end = closed(text, start, &CODE, &mut missing).map(|end| {
            // `{{{ x }}}`
            end + usize::from(text[start..].starts_with("{{{") && text[end..].starts_with('}'))
        });
        let end = end.filter(|end| end - start <= LONGEST);
        at = match end {
            Some(end) => {
                hidden.push_str(&FILLER.repeat(end - start));
                end
            }
            None => {
                hidden.push_str(&text[start..=start]);
                start + 1
            }
        };
    }
    hidden.push_str(&text[at..]);
    hidden
}

/// What opens and closes comments of template languages, which no customer gets.
const COMMENTS: [(&str, &str); 4] = [("{{!--", "--}}"), ("{{!", "}}"), ("{#", "#}"), ("<%#", "%>")];

/// The comments in `text`.
pub(crate) fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut missing: Vec<&str> = Vec::new();
    while let Some(step) = text.as_bytes()[at..].iter().position(|byte| matches!(byte, b'{' | b'<')) {
        let start = at + step;
        let end = closed(text, start, &COMMENTS, &mut missing).or_else(|| comment_block(text, start, &mut missing));
        found.extend(end.map(|end| start..end));
        at = end.unwrap_or(start + 1);
    }
    found
}

/// Where a block of comment that opens at `start` ends: `{% comment %}` to `{% endcomment %}`, with or without hyphens and spaces.
fn comment_block(text: &str, start: usize, missing: &mut Vec<&str>) -> Option<usize> {
    let inside = text[start..].strip_prefix("{%")?.trim_start_matches(['-', ' ']);
    let name = inside.strip_prefix("comment")?;
    name.trim_start_matches(['-', ' ']).starts_with("%}").then_some(())?;
    let last = closed(text, start, &[("{%", "endcomment")], missing)?;
    Some(last + text[last..].find("%}")? + "%}".len())
}

/// Where what opens at `start` is closed. What is `missing` is looked for once, not at every opener.
fn closed<'p>(text: &str, start: usize, pairs: &[(&str, &'p str)], missing: &mut Vec<&'p str>) -> Option<usize> {
    pairs.iter().filter(|(open, _)| text[start..].starts_with(open)).find_map(|&(open, close)| {
        if missing.contains(&close) {
            return None;
        }
        let Some(len) = text[start + open.len()..].find(close) else {
            missing.push(close);
            return None;
        };
        Some(start + open.len() + len + close.len())
    })
}

/// A part of `source` as it stands there, without comments.
pub(crate) fn prose(source: &str, part: Range<usize>) -> Prose {
    let mut prose = Prose::default();
    let mut at = part.start;
    for comment in comments(&source[part.clone()]) {
        prose.push(source, at..part.start + comment.start);
        at = part.start + comment.end;
    }
    prose.push(source, at..part.end);
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_hidden_and_nothing_else() {
        for (text, expected) in [
            ("a {% if a < b %}c", "a xxxxxxxxxxxxxxc"),
            ("{{{ x }}} {{x|y}}", "xxxxxxxxx xxxxxxx"),
            ("<%= x %><b>", "xxxxxxxx<b>"),
            ("*|N|* **b**", "xxxxx **b**"),
            ("{{ open <b>", "{{ open <b>"),
            ("{name} ñ", "{name} ñ"),
        ] {
            assert_eq!(hidden(text), expected);
        }
    }
}
