//! Unicode's word boundaries (UAX #29), fast where a text holds Latin letters and common punctuation alone.

use unicode_segmentation::UnicodeSegmentation;

/// How long the part is that `rest` begins with, up to the next word boundary; 0 where there is no more.
pub(super) fn part(rest: &str) -> usize {
    latin_part(rest).unwrap_or_else(|| rest.split_word_bounds().next().map_or(0, str::len))
}

/// Latin letters, and the punctuation that replies hold: what the rules below know.
fn is_common(c: char) -> bool {
    // Not the soft hyphen, which is no boundary, nor the middle dot, which joins letters.
    c.is_ascii()
        || (matches!(c, '\u{a0}'..='\u{24f}') && c != '\u{ad}' && c != '\u{b7}')
        || matches!(c, '‘' | '’' | '“' | '”' | '„' | '–' | '—' | '…' | '€')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// Joins letters, digits and itself.
    Low,
    /// Joins letters, or digits, or either, when it stands between two.
    MidLetter,
    MidNumber,
    MidBoth,
    Other,
}

/// A character's class, where the rules below know it.
fn class(c: char) -> Option<Class> {
    Some(match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '_' => Class::Low,
        ':' => Class::MidLetter,
        ',' | ';' => Class::MidNumber,
        '\'' | '.' | '‘' | '’' => Class::MidBoth,
        _ if !is_common(c) => return None,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    })
}

/// Rules WB5 to WB13b, which look at one character after the next at most; `None` where one of those is not common.
fn latin_part(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return Some(0) };
    let mut last = class(first)?;
    let mut length = first.len_utf8();
    let word = matches!(last, Class::Letter | Class::Digit | Class::Low);
    while let Some((at, c)) = chars.next() {
        let joins = match class(c)? {
            _ if !word => false,
            next @ (Class::Letter | Class::Digit | Class::Low) => {
                last = next;
                length = at + c.len_utf8();
                continue;
            }
            Class::MidLetter => last == Class::Letter,
            Class::MidNumber => last == Class::Digit,
            Class::MidBoth => last == Class::Letter || last == Class::Digit,
            Class::Other => false,
        };
        match chars.next() {
            Some((at, c)) if joins => {
                if class(c)? != last {
                    break;
                }
                length = at + c.len_utf8();
            }
            _ => break,
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::proptest_settings::settings;

    proptest! {
        #![proptest_config(settings(4000))]

        #[test]
        fn are_those_of_unicode(text in "[a-zñåéÅ0-9_'’‘.:,; \u{a0}\n“”«»–—…€%¿?!()/ªº²-]{0,24}[а🙂\u{301}]?[a-z.]{0,3}") {
            for (at, unicode) in text.split_word_bound_indices().filter(|(_, part)| !part.starts_with(char::is_whitespace)) {
                prop_assert_eq!(part(&text[at..]), unicode.len());
            }
        }
    }
}
