//! Sentences: where one ends, in prose as agents type it.

use crate::language::Tongue;

use super::fold::nth_letter;

/// The words of the sentence that is `raw`, without its list marker and the space around it: where they begin and end in `raw`; `None` where
/// there are none.
pub(super) fn body(raw: &str) -> Option<(usize, usize)> {
    let body = raw.trim_start();
    let body = body[list_marker(body)..].trim_start();
    let start = raw.len() - body.len();
    let length = body.trim_end().len();
    (length > 0).then_some((start, start + length))
}

/// Whether a line of its own ends before `rest`, which begins after its newline.
///
/// A single newline is a space, except before a list item, after a greeting line, and after a short line (a heading, a sign-off) that a
/// capital follows: such lines are lines of their own in every reply, and a pattern's `^` and `$` must see them.
pub(super) fn line_ends(line: &str, rest: &str, tongue: &Tongue, scratch: &mut String) -> bool {
    let line = line.trim();
    if line.is_empty() {
        return false;
    }
    let next = rest.trim_start_matches([' ', '\t']);
    if list_marker(next) > 0 || line.ends_with(':') {
        return true;
    }
    if nth_letter(line, SHORT_LINE).is_some() {
        return false;
    }
    let capital = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "¿¡{[%<\"«“".contains(c));
    capital || tongue.is_greeting(line, scratch)
}

/// The marks that end a sentence, and what of them says that it is a question: their length in bytes.
pub(super) fn marks(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches(['.', '!', '?', '…']).len()
}

/// What closes together with a sentence.
pub(super) const CLOSERS: [char; 9] = ['"', '\'', '”', '’', '»', ')', ']', '*', '_'];

/// What may follow a sentence's end: space, an emoji, a dash.
pub(super) fn is_space_or_symbol(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && !c.is_ascii()) || c == '<'
}

/// Whether the sentence goes on after `marks`, which stand between `head`, all of it so far, and `after`: an abbreviation, an initial, an
/// ordinal, a pause.
pub(super) fn goes_on(head: &str, marks: &str, after: &str, tongue: &Tongue, scratch: &mut String) -> bool {
    let next = after.trim_start().chars().next();
    let continues = next.is_some_and(|c| c.is_lowercase() || ",;".contains(c));
    if marks.len() > 1 && (marks.starts_with("..") || marks.starts_with('…')) {
        return continues;
    }
    if marks != "." {
        return false;
    }
    let word = head.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    if tongue.may_abbreviate(word) {
        let following = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        if tongue.is_abbreviation(word, following, scratch) {
            return true;
        }
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(initial), None) if initial.is_uppercase() => next.is_some_and(char::is_uppercase),
        (Some(_), _) if word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) => {
            // "den 3. juni", and a list's "1." at the start
            continues || head.trim().len() == word.len()
        }
        _ => false,
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
