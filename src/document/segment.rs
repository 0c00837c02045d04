//! Sentences: where one ends, in prose as agents type it.

use crate::Span;
use crate::language::Tongue;

use super::fold::letters;
use super::mask::{MaskKind, Masked};

/// A sentence's place, without the space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) span: Span,
    /// Ends in a question mark.
    pub(crate) question: bool,
    /// The paragraph it belongs to, counted from 0.
    pub(crate) paragraph: usize,
}

/// The sentences of `text`. One pass.
///
/// A blank line, a block of quoted history or code, and a block-level tag end a sentence. A single newline is a space, except before a
/// list item, after a greeting line, and after a short line (a heading, a sign-off) that a capital follows: such lines are lines of
/// their own in every reply, and a pattern's `^` and `$` must see them.
pub(crate) fn segment(text: &str, masked: &[Masked], tongue: &Tongue) -> Vec<Bounds> {
    let mut segmenter = Segmenter { text, sentences: Vec::new(), start: 0, paragraph: 0 };
    let mut masks = masked.iter().peekable();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(mask) = masks.next_if(|mask| mask.span.start <= at) {
            if mask.kind.is_block() {
                segmenter.end(at, false);
                segmenter.paragraph += usize::from(mask.kind != MaskKind::BlockTag);
                segmenter.start = mask.span.end;
            }
            at = at.max(mask.span.end);
            continue;
        }
        match bytes[at] {
            b'\n' => {
                let rest = &text[at + 1..];
                let blank = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
                if blank || segmenter.line_ends(at, rest, tongue) {
                    segmenter.end(at, false);
                    segmenter.paragraph += usize::from(blank);
                    segmenter.start = at + 1;
                }
                at += 1;
            }
            b'.' | b'!' | b'?' | 0xE2 if is_terminator(text, at) => {
                let run = &text[at..];
                let marks = run.len() - run.trim_start_matches(['.', '!', '?', '…']).len();
                let question = run[..marks].contains('?');
                let after = run[marks..].trim_start_matches(['"', '\'', '”', '’', '»', ')', ']', '*', '_']);
                let end = text.len() - after.len();
                let next = masks.peek().is_some_and(|mask| mask.span.start == end && mask.kind == MaskKind::Markup);
                let stops = after.is_empty() || after.starts_with(is_space_or_symbol) || next;
                if stops && !segmenter.goes_on(at, &run[..marks], after, tongue) {
                    segmenter.end(end, question);
                    segmenter.start = end;
                }
                at += marks;
            }
            _ => at += 1,
        }
    }
    segmenter.end(text.len(), false);
    segmenter.sentences
}

fn is_terminator(text: &str, at: usize) -> bool {
    text.as_bytes()[at] != 0xE2 || text[at..].starts_with('…')
}

/// What may follow a sentence's end: space, an emoji, a dash.
fn is_space_or_symbol(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && !c.is_ascii()) || c == '<'
}

struct Segmenter<'t> {
    text: &'t str,
    sentences: Vec<Bounds>,
    start: usize,
    paragraph: usize,
}

impl Segmenter<'_> {
    fn end(&mut self, end: usize, question: bool) {
        if end <= self.start {
            return;
        }
        let raw = &self.text[self.start..end];
        let body = raw.trim_start();
        let body = &body[list_marker(body)..];
        let body = body.trim_start();
        let trimmed = body.trim_end();
        if !trimmed.is_empty() {
            let start = end - body.len();
            let span = Span { start, end: start + trimmed.len() };
            self.sentences.push(Bounds { span, question, paragraph: self.paragraph });
        }
    }

    /// Whether the line that ends at `at` is a line of its own, given what follows it.
    fn line_ends(&self, at: usize, rest: &str, tongue: &Tongue) -> bool {
        let line = self.text[self.start..at].trim();
        if line.is_empty() {
            return false;
        }
        let next = rest.trim_start_matches([' ', '\t']);
        if list_marker(next) > 0 || line.ends_with(':') {
            return true;
        }
        if letters(line).nth(SHORT_LINE).is_some() {
            return false;
        }
        let capital = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "¿¡{[%<\"«“".contains(c));
        capital || tongue.is_greeting(line)
    }

    /// Whether the sentence goes on after the marks at `at`: an abbreviation, an initial, an ordinal, a pause.
    fn goes_on(&self, at: usize, marks: &str, after: &str, tongue: &Tongue) -> bool {
        let next = after.trim_start().chars().next();
        let continues = next.is_some_and(|c| c.is_lowercase() || ",;".contains(c));
        if marks.len() > 1 && (marks.starts_with("..") || marks.starts_with('…')) {
            return continues;
        }
        if marks != "." {
            return false;
        }
        let head = &self.text[self.start..at];
        let word = head.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
        let following = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        if tongue.is_abbreviation(word, following) {
            return true;
        }
        let mut letters = word.chars();
        match (letters.next(), letters.next()) {
            (Some(initial), None) if initial.is_uppercase() => next.is_some_and(char::is_uppercase),
            (Some(_), _) if word.bytes().all(|b| b.is_ascii_digit()) => {
                // "den 3. juni", and a list's "1." at the start
                word.len() <= 2 && (continues || head.trim().len() == word.len())
            }
            _ => false,
        }
    }
}

/// How long a list item's marker is at the start of `line`: a bullet or a number with its point. 0 where there is none.
fn list_marker(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let mark = rest.chars().next().unwrap_or(' ');
    let marker = if digits > 0 {
        if digits > 2 || !matches!(mark, '.' | ')') {
            return 0;
        }
        digits + 1
    } else if matches!(mark, '-' | '*' | '•' | '–' | '·' | '+' | '#') {
        rest.len() - rest.trim_start_matches(mark).len()
    } else {
        return 0;
    };
    if line[marker..].starts_with([' ', '\t']) { marker } else { 0 }
}

/// A line up to this many letters long is taken for a line of its own when a capital follows.
const SHORT_LINE: usize = 42;
