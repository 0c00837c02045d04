//! Unicode's word boundaries (UAX #29), fast where a text holds Latin letters and common punctuation alone.

use unicode_segmentation::UnicodeSegmentation;

/// The parts between the word boundaries of `piece`, spaces left out, with their offsets.
pub(super) fn parts(piece: &str) -> Parts<'_> {
    if piece.chars().all(is_common) {
        Parts::Latin { piece, at: 0 }
    } else {
        Parts::Any(Box::new(piece.split_word_bound_indices()))
    }
}

pub(super) enum Parts<'p> {
    Latin { piece: &'p str, at: usize },
    Any(Box<unicode_segmentation::UWordBoundIndices<'p>>),
}

impl<'p> Iterator for Parts<'p> {
    type Item = (usize, &'p str);

    fn next(&mut self) -> Option<(usize, &'p str)> {
        match self {
            Parts::Any(parts) => parts.find(|(_, part)| !part.starts_with(char::is_whitespace)),
            Parts::Latin { piece, at } => {
                let rest = &piece[*at..];
                let start = *at + (rest.len() - rest.trim_start().len());
                let length = part_length(&piece[start..])?;
                *at = start + length;
                Some((start, &piece[start..*at]))
            }
        }
    }
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

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        '_' => Class::Low,
        ':' => Class::MidLetter,
        ',' | ';' => Class::MidNumber,
        '\'' | '.' | '‘' | '’' => Class::MidBoth,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

/// How long the first part of `rest` is. Rules WB5 to WB13b.
fn part_length(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().map(|(at, c)| (at, c, class(c)));
    let (_, first, mut last) = chars.next()?;
    let mut length = first.len_utf8();
    if !matches!(last, Class::Letter | Class::Digit | Class::Low) {
        return Some(length);
    }
    while let Some((at, c, next)) = chars.next() {
        let joins = match next {
            Class::Letter | Class::Digit | Class::Low => {
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
            Some((at, c, after)) if joins && after == last => length = at + c.len_utf8(),
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
        fn are_those_of_unicode(text in "[a-zñåéÅ0-9_'’‘.:,; \u{a0}\n“”«»–—…€%¿?!()/ªº²-]{0,24}") {
            let unicode: Vec<_> =
                text.split_word_bound_indices().filter(|(_, part)| !part.starts_with(char::is_whitespace)).collect();
            prop_assert!(text.chars().all(is_common));
            prop_assert_eq!(parts(&text).collect::<Vec<_>>(), unicode);
        }
    }
}
