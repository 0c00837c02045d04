//! Files that are replies as they stand: plain text, Markdown, HTML, templates. One reply a file, or several under headings or between rules.

use std::ops::Range;

use crate::entry::{Entry, Kind, Layer, Why};
use crate::front_matter::{self, FrontMatter};
use crate::html::is_html;
use crate::locale::{self, LocaleFrom};
use crate::markdown::{self, Heading, Outline};
use crate::prose::Prose;
use crate::select::{html_parts, is_prose};
use crate::template;
use crate::{Format, SourceMap};

/// Words that a part needs to be taken for a reply of its own.
const WORDS: usize = 8;

/// The entries of a file, or where its front matter could not be read, and why.
pub(crate) fn read(text: &str, format: Format) -> Result<Vec<Entry>, (usize, String)> {
    let (matter, start) = front_matter::split(text)?;
    let body = start..text.len();
    let format = match format {
        Format::Template if is_html(&text[body.clone()]) => Format::Html,
        Format::Template => Format::Text,
        // Saved as text, written as something else.
        Format::Text if text[body.clone()].trim_start().starts_with('<') && is_html(&text[body.clone()]) => {
            Format::Html
        }
        Format::Text if has_headings(&text[body.clone()]) => Format::Markdown,
        format => format,
    };
    let one_reply = matter.id.is_some() || matter.title.is_some();
    let mut entries = match format {
        Format::Html => html(text, body),
        Format::Markdown if one_reply => vec![reply(Kind::Markdown, markdown::prose(text, body))],
        Format::Markdown => sections(text, body),
        _ if one_reply => vec![reply(Kind::Plain, template::prose(text, body))],
        _ => parts(text, body),
    };
    let FrontMatter { id, title, locale, subject, .. } = matter;
    if let Some((subject, quoting)) = subject {
        let mut entry = Entry::new(Kind::Plain, subject.text, subject.map);
        entry.layers.push(Layer::Value(quoting));
        entry.fragment = true;
        entry.within = "subject".into();
        entry.variant_of = Some("subject".into());
        entries.insert(0, entry);
    }
    let locale = locale.as_deref().and_then(locale::of_value);
    for entry in &mut entries {
        if entry.id.is_none() {
            entry.id.clone_from(&id);
        }
        if entry.title.is_none() {
            entry.title.clone_from(&title);
        }
        if entry.locale.is_none() {
            entry.locale = locale.clone().map(|locale| (locale, LocaleFrom::Header));
        }
    }
    Ok(entries)
}

/// Whether a text has headings as Markdown has them: several, of one level or more.
fn has_headings(text: &str) -> bool {
    let heading = |line: &&str| {
        let words = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - words.len())) && words.starts_with(' ') && words.contains(char::is_alphabetic)
    };
    text.lines().filter(heading).count() > 1
}

fn reply(kind: Kind, prose: Prose) -> Entry {
    let mut entry = Entry::new(kind, prose.text, prose.map);
    entry.variant_of = Some(String::new());
    entry
}

fn skipped(prose: Prose, kind: Kind, why: Why, within: &str) -> Option<Entry> {
    let prose = prose.trimmed();
    if prose.text.is_empty() {
        return None;
    }
    let mut entry = Entry::new(kind, prose.text, prose.map);
    entry.skipped = Some(why);
    entry.within = within.to_owned();
    Some(entry)
}

fn html(text: &str, body: Range<usize>) -> Vec<Entry> {
    let outer = SourceMap::verbatim(body.start, body.len());
    html_parts(&text[body]).into_iter().map(|part| part.entry(&outer)).collect()
}

/// The replies of a Markdown file: under its headings, between its rules, or all of it.
fn sections(text: &str, body: Range<usize>) -> Vec<Entry> {
    let outline = markdown::outline(&text[body.clone()]);
    let outline = shifted(outline, body.start);
    match outline.headings.as_slice() {
        [] => between_rules(text, body, &outline),
        [only] if text[body.start..only.span.start].trim().is_empty() => {
            let mut entry = reply(Kind::Markdown, markdown::prose(text, only.span.end..body.end));
            entry.title = Some(only.title.clone());
            vec![entry]
        }
        [_] => vec![reply(Kind::Markdown, markdown::prose(text, body))],
        _ => under_headings(text, body, &outline),
    }
}

fn shifted(outline: Outline, by: usize) -> Outline {
    let shift = |range: Range<usize>| range.start + by..range.end + by;
    let shift_all = |ranges: Vec<Range<usize>>| ranges.into_iter().map(shift).collect();
    Outline {
        headings: outline
            .headings
            .into_iter()
            .map(|heading| Heading { span: shift(heading.span), ..heading })
            .collect(),
        rules: shift_all(outline.rules),
        quotes: shift_all(outline.quotes),
        fences: outline.fences.into_iter().map(|(whole, inside)| (shift(whole), shift(inside))).collect(),
    }
}

fn between_rules(text: &str, body: Range<usize>, outline: &Outline) -> Vec<Entry> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut at = body.start;
    for rule in &outline.rules {
        parts.push(at..rule.start);
        at = rule.end;
    }
    parts.push(at..body.end);
    parts.retain(|part| !text[part.clone()].trim().is_empty());
    if parts.len() < 2 || parts.iter().any(|part| text[part.clone()].split_whitespace().count() < WORDS) {
        return vec![reply(Kind::Markdown, markdown::prose(text, body))];
    }
    let numbered = parts.into_iter().enumerate();
    numbered
        .map(|(index, part)| {
            let prose = markdown::prose(text, part).trimmed();
            let mut entry = Entry::new(Kind::Markdown, prose.text, prose.map);
            entry.within = format!("[{index}]");
            entry
        })
        .collect()
}

/// How a file of sections keeps its replies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Sections,
    Quotes,
    Fences,
}

fn under_headings(text: &str, body: Range<usize>, outline: &Outline) -> Vec<Entry> {
    let headings = &outline.headings;
    let end = |index: usize| headings.get(index + 1).map_or(body.end, |next| next.span.start);
    let section = |index: usize| headings[index].span.end..end(index);
    let leaf = |index: usize| headings.get(index + 1).is_none_or(|next| next.level <= headings[index].level);
    let within = |ranges: &[Range<usize>], section: &Range<usize>| -> Vec<Range<usize>> {
        let first = ranges.partition_point(|range| range.start < section.start);
        ranges[first..].iter().take_while(|range| range.end <= section.end).cloned().collect()
    };
    let leaves: Vec<usize> =
        (0..headings.len()).filter(|&index| leaf(index) && !text[section(index)].trim().is_empty()).collect();
    let most = |ranges: &[Range<usize>]| {
        leaves.iter().filter(|&&index| !within(ranges, &section(index)).is_empty()).count() * 2 >= leaves.len().max(1)
    };
    let fences: Vec<Range<usize>> = outline.fences.iter().map(|(whole, _)| whole.clone()).collect();
    // Where more is said under a quotation than in it, it is the customer's.
    let count = |range: Range<usize>| text[range].split_whitespace().count();
    let quoted: usize = outline.quotes.iter().map(|quote| count(quote.clone())).sum();
    let after = |&index: &usize| {
        let section = section(index);
        within(&outline.quotes, &section).last().map_or(0, |quote| count(quote.end..section.end))
    };
    let answered: usize = leaves.iter().map(after).sum();
    let keeps = if most(&outline.quotes) && answered <= quoted {
        Keeps::Quotes
    } else if most(&fences) {
        Keeps::Fences
    } else {
        Keeps::Sections
    };
    let mut entries = Vec::new();
    entries.extend(skipped(
        markdown::prose(text, body.start..headings[0].span.start),
        Kind::Markdown,
        Why::Introduction,
        "",
    ));
    let mut above: Vec<usize> = Vec::new();
    for index in 0..headings.len() {
        above.retain(|&above| headings[above].level < headings[index].level);
        above.push(index);
        let names: Vec<&String> = above.iter().map(|&index| &headings[index].title).collect();
        let path = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" > ");
        let mut section = section(index);
        if !leaf(index) || is_contents(&text[section.clone()]) {
            entries.extend(skipped(markdown::prose(text, section), Kind::Markdown, Why::Introduction, &path));
            continue;
        }
        // A rule under a reply belongs to what follows.
        if let Some(rule) = within(&outline.rules, &section).last()
            && text[rule.end..section.end].trim().is_empty()
        {
            section.end = rule.start;
        }
        let kept = match keeps {
            Keeps::Sections => vec![section.clone()],
            Keeps::Quotes => within(&outline.quotes, &section),
            Keeps::Fences => {
                within(&fences, &section).into_iter().filter(|fence| is_prose(&text[fence.clone()])).collect()
            }
        };
        let mut at = section.start;
        for part in kept {
            entries.extend(skipped(markdown::prose(text, at..part.start), Kind::Markdown, Why::Note, &path));
            at = part.end;
            let (kind, prose) = match keeps {
                Keeps::Sections => (Kind::Markdown, markdown::prose(text, part)),
                Keeps::Quotes => {
                    let inside = markdown::unquoted(text, part);
                    let prose = markdown::prose(&inside.text, 0..inside.text.len());
                    (Kind::Markdown, Prose { map: prose.map.through(&inside.map), text: prose.text })
                }
                Keeps::Fences => {
                    let inside = outline.fences.binary_search_by_key(&part.start, |(whole, _)| whole.start);
                    let inside = inside.map_or(part, |at| outline.fences[at].1.clone());
                    (Kind::Plain, template::prose(text, inside))
                }
            };
            let prose = prose.trimmed();
            if prose.text.is_empty() {
                continue;
            }
            let mut entry = Entry::new(kind, prose.text, prose.map);
            // A language as a heading is no title.
            let titles: Vec<&String> = names.iter().copied().filter(|name| locale::of_name(name).is_none()).collect();
            entry.title = titles.last().map(|title| (*title).clone());
            entry.locale =
                names.iter().rev().find_map(|name| locale::of_name(name)).map(|locale| (locale, LocaleFrom::Key));
            let chain: Vec<&str> = titles.iter().map(|title| title.as_str()).collect();
            entry.variant_of = Some(chain.join(" > "));
            entry.within.clone_from(&path);
            entries.push(entry);
        }
        entries.extend(skipped(
            markdown::prose(text, at.min(section.end)..section.end),
            Kind::Markdown,
            Why::Note,
            &path,
        ));
    }
    entries
}

/// Whether a section only leads to others of its file.
fn is_contents(section: &str) -> bool {
    let mut lines = section.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some_and(|first| first.contains("](#"))
        && lines.all(|line| line.contains("](#") || separator(line).is_some())
}

/// A line that parts a text file: its title, if it has one.
fn separator(line: &str) -> Option<&str> {
    let line = line.trim();
    let mark = line.chars().next().filter(|mark| "-=*_#~+".contains(*mark))?;
    let rest = line.trim_start_matches(mark);
    if line.len() - rest.len() < 3 {
        return None;
    }
    let title = rest.trim_end_matches(mark).trim();
    // A title stands apart from its marks.
    (title.is_empty() || rest.starts_with(' ')).then_some(title)
}

/// The replies of a text file: between lines of dashes and their like, with or without titles, or all of it.
fn parts(text: &str, body: Range<usize>) -> Vec<Entry> {
    struct Piece<'t> {
        title: Option<&'t str>,
        range: Range<usize>,
    }
    let mut pieces = vec![Piece { title: None, range: body.start..body.start }];
    let mut at = body.start;
    for line in text[body.clone()].split_inclusive('\n') {
        match separator(line) {
            Some(title) => {
                let title = Some(title).filter(|title| !title.is_empty());
                pieces.push(Piece { title, range: at + line.len()..at + line.len() });
            }
            None => {
                if let Some(last) = pieces.last_mut() {
                    last.range.end = at + line.len();
                }
            }
        }
        at += line.len();
    }
    // A title between two lines of its own.
    for index in 0..pieces.len().saturating_sub(1) {
        let words = text[pieces[index].range.clone()].trim();
        let boxed = index > 0 && pieces[index].title.is_none() && pieces[index + 1].title.is_none();
        if boxed && !words.is_empty() && !words.contains('\n') && words.split_whitespace().count() <= WORDS {
            pieces[index + 1].title = Some(words);
            pieces[index].range.end = pieces[index].range.start;
        }
    }
    // A title in capitals, where nothing else tells it.
    let several = pieces.len() > 1;
    for piece in pieces.iter_mut().filter(|piece| several && piece.title.is_none()) {
        let words = text[piece.range.clone()].trim_start();
        let (line, _) = words.split_once('\n').unwrap_or_default();
        let capitals = line.contains(char::is_uppercase) && !line.contains(char::is_lowercase);
        if capitals && line.split_whitespace().count() <= WORDS {
            piece.title = Some(line.trim());
            piece.range.start = piece.range.end - words.len() + line.len();
        }
    }
    let titled = pieces.iter().filter(|piece| piece.title.is_some()).count();
    let words = |piece: &Piece<'_>| text[piece.range.clone()].split_whitespace().count();
    pieces.retain(|piece| words(piece) > 0);
    let opens = pieces.first().is_some_and(|piece| piece.title.is_some());
    let whole = pieces.len() < 2
        || if titled > 0 { titled < 2 && !opens } else { pieces.iter().any(|piece| words(piece) < WORDS) };
    if whole && !(opens && pieces.len() == 1) {
        return vec![reply(Kind::Plain, template::prose(text, body))];
    }
    let mut entries = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let prose = template::prose(text, piece.range).trimmed();
        if titled > 0 && piece.title.is_none() {
            entries.extend(skipped(prose, Kind::Plain, Why::Introduction, ""));
            continue;
        }
        let mut entry = Entry::new(Kind::Plain, prose.text, prose.map);
        entry.title = piece.title.map(str::to_owned);
        entry.within = piece.title.map_or_else(|| format!("[{index}]"), str::to_owned);
        entry.variant_of = piece.title.map(str::to_owned);
        entries.push(entry);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str, format: Format) -> Vec<(Option<String>, String, Option<Why>)> {
        read(file, format)
            .unwrap()
            .into_iter()
            .map(|entry| (entry.title, entry.text.trim().to_owned(), entry.skipped))
            .collect()
    }

    fn entry(title: &str, text: &str) -> (Option<String>, String, Option<Why>) {
        (Some(title.to_owned()), text.to_owned(), None)
    }

    #[test]
    fn a_file_is_one_reply_unless_it_says_otherwise() {
        assert_eq!(
            told("Hola.\n\n---\n\nUn saludo", Format::Markdown),
            [(None, "Hola.\n\n---\n\nUn saludo".to_owned(), None)]
        );
        assert_eq!(told("# Late\n\nHola.", Format::Markdown), [entry("Late", "Hola.")]);
        assert_eq!(
            told("---\ntitle: Late\n---\n# A\n\nx\n\n# B\n\ny", Format::Markdown),
            [entry("Late", "A\n\nx\n\nB\n\ny")]
        );
        assert_eq!(told("Hej!\n-----\nAna", Format::Text).len(), 1);
    }

    #[test]
    fn replies_under_headings() {
        let file = "# Library\n\nRead me.\n\n## Shipping\n\n### Late\n\nHola **A**.\n\n---\n\n### Lost\n\nB\n";
        let intro = (None, "Read me.".to_owned(), Some(Why::Introduction));
        assert_eq!(told(file, Format::Markdown), [intro, entry("Late", "Hola A."), entry("Lost", "B")]);
        let file = "## 1. Late\n\nUse when late.\n\n> Hola\n> A.\n\n## 2. Lost\n\n> B\n";
        let note = (None, "Use when late.".to_owned(), Some(Why::Note));
        assert_eq!(told(file, Format::Markdown), [note, entry("1. Late", "Hola\nA."), entry("2. Lost", "B")]);
        let file = "## Late\n\n```\nHola, hoy no # llega nada.\n```\n\n## Lost\n\n```text\nHola, lo buscamos hoy mismo.\n```\n";
        assert_eq!(
            told(file, Format::Markdown),
            [entry("Late", "Hola, hoy no # llega nada."), entry("Lost", "Hola, lo buscamos hoy mismo.")]
        );
    }

    #[test]
    fn replies_between_lines() {
        let file = "---- LATE\nHola.\n\n---- LOST ----\nB\n";
        assert_eq!(told(file, Format::Text), [entry("LATE", "Hola."), entry("LOST", "B")]);
        let file = "=====\nLate\n=====\nHola.\n=====\nLost\n=====\nB";
        assert_eq!(told(file, Format::Text), [entry("Late", "Hola."), entry("Lost", "B")]);
        let words = "one two three four five six seven eight";
        assert_eq!(told(&format!("{words}\n---\n{words}"), Format::Text).len(), 2);
        assert_eq!(told("Hej!\n\n-----Original message-----\nFrom: x", Format::Text).len(), 1);
    }
}
