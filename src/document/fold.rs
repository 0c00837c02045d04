//! One spelling for the many ways a word is typed: case, accents that agents drop, apostrophes, NFC and NFD.

use std::collections::{HashMap, HashSet};

use once_cell::sync::Lazy;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a language's words are folded before they are compared.
#[derive(Debug, Default)]
pub(crate) struct Folding {
    /// Letters whose accents may be missing, and what is left of them.
    bases: HashMap<char, char>,
    /// Words whose accent is their meaning: compared as they stand.
    strict: HashSet<Box<str>>,
}

impl Folding {
    /// `letters` may lose their accents, except in the words of `strict`.
    pub(crate) fn new<'w>(letters: &str, strict: impl IntoIterator<Item = &'w str>) -> Folding {
        let bases = letters
            .nfc()
            .filter_map(|letter| std::iter::once(letter).nfd().next().map(|base| (letter, base)))
            .collect();
        let strict = strict.into_iter().map(|word| lower(word).into_boxed_str()).collect();
        Folding { bases, strict }
    }

    /// Appends the folded form of `word` to `out`.
    pub(crate) fn fold_into(&self, word: &str, out: &mut String) {
        if word.is_ascii() {
            let start = out.len();
            out.push_str(word);
            out[start..].make_ascii_lowercase();
            if word.contains('`') {
                let fixed = out[start..].replace('`', "'");
                out.replace_range(start.., &fixed);
            }
            return;
        }
        let lower = lower(word);
        if self.strict.contains(lower.as_str()) {
            out.push_str(&lower);
        } else {
            out.extend(lower.chars().map(|c| self.bases.get(&c).copied().unwrap_or(c)));
        }
    }

    /// The folded form of `word`.
    pub(crate) fn fold(&self, word: &str) -> String {
        let mut out = String::with_capacity(word.len());
        self.fold_into(word, &mut out);
        out
    }
}

/// The letters of `text` with their offsets, combining marks left out: as many in NFC as in NFD.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter(|&(_, c)| !is_combining_mark(c))
}

/// What people type for an apostrophe.
const APOSTROPHES: [char; 5] = ['\u{2019}', '\u{2018}', '\u{02BC}', '\u{00B4}', '`'];

/// Lower case, NFC, one kind of apostrophe.
fn lower(word: &str) -> String {
    let fold = |c: char| if APOSTROPHES.contains(&c) { '\'' } else { lower_char(c) };
    if word.chars().any(is_combining_mark) { word.nfc().map(fold).collect() } else { word.chars().map(fold).collect() }
}

/// A letter's lower case, where that is one letter too.
fn lower_char(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// A word's identity: FNV-1a of its folded form. 64 bits, so that two words of a lexicon never meet in practice.
pub(crate) fn symbol(folded: &str) -> u64 {
    folded.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Text for the search for anchors: words alone, with one space or more around each, without case, accents and kinds of apostrophe. Coarser
/// than [`Folding`], whatever the language, so that nothing is missed.
#[derive(Debug, Default)]
pub(crate) struct Skeleton {
    pub(crate) text: String,
    /// Where skeleton and text were last in step: offsets in both.
    marks: Vec<(usize, usize)>,
}

impl Skeleton {
    /// The skeleton of `text`. One pass.
    pub(crate) fn of(text: &str) -> Skeleton {
        let mut skeleton = Skeleton { text: String::with_capacity(text.len() + 2), marks: vec![(1, 0)] };
        skeleton.text.push(' ');
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii() {
                let plain = PLAIN[byte as usize];
                let joins = plain == b'\'' && joins(text, at, 1);
                skeleton.text.push(char::from(if plain == b'\'' && !joins { b' ' } else { plain }));
                at += 1;
            } else if let Some(c) = text[at..].chars().next() {
                skeleton.push(c, APOSTROPHES.contains(&c) && joins(text, at, c.len_utf8()));
                at += c.len_utf8();
                skeleton.marks.push((skeleton.text.len(), at));
            }
        }
        skeleton.text.push(' ');
        skeleton
    }

    fn push(&mut self, c: char, joins: bool) {
        if joins {
            self.text.push('\'');
        } else if let Some(&base) = LATIN.get((c as usize).wrapping_sub(LATIN_START)) {
            self.text.push(base);
        } else if !is_combining_mark(c) {
            for c in std::iter::once(c).nfd().filter(|&c| !is_combining_mark(c)) {
                // Scripts without spaces between words stand as one.
                let letter = c.is_alphanumeric() && (c as u32) < 0x2E80;
                self.text.push(if letter { lower_char(c) } else { ' ' });
            }
        }
    }

    /// The offset in the text of an offset in the skeleton; within a letter that is not ASCII, somewhere in that letter.
    pub(crate) fn offset(&self, at: usize) -> usize {
        let index = self.marks.partition_point(|&(skeleton, _)| skeleton <= at);
        let (skeleton, text) = index.checked_sub(1).map_or((0, 0), |last| self.marks[last]);
        let offset = text + (at - skeleton);
        self.marks.get(index).map_or(offset, |&(_, end)| offset.min(end.saturating_sub(1)))
    }
}

/// Whether the apostrophe of `length` bytes at `at` stands within a word.
fn joins(text: &str, at: usize, length: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_alphabetic() || is_combining_mark(c))
        && text[at + length..].starts_with(char::is_alphabetic)
}

/// ASCII as skeletons have it: letters in lower case, digits, apostrophes, and a space for all else.
static PLAIN: [u8; 128] = {
    let mut plain = [b' '; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c.is_ascii_alphanumeric() {
            plain[byte] = c.to_ascii_lowercase();
        } else if c == b'\'' || c == b'`' {
            plain[byte] = b'\'';
        }
        byte += 1;
    }
    plain
};

const LATIN_START: usize = 0xC0;

/// The letters from À to ſ without their accents, in lower case.
static LATIN: Lazy<Vec<char>> = Lazy::new(|| {
    (LATIN_START as u32..0x180)
        .filter_map(char::from_u32)
        .map(|c| if c.is_alphabetic() { lower_char(std::iter::once(c).nfd().next().unwrap_or(c)) } else { ' ' })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_may_be_missing_unless_they_are_the_meaning() {
        let es = Folding::new("áéíóúü", ["sé"]);
        assert_eq!(es.fold("POLÍTICA"), "politica");
        assert_eq!(es.fold("poli\u{301}tica"), "politica");
        assert_eq!(es.fold("Sé"), "sé");
        assert_eq!(es.fold("se"), "se");
        assert_eq!(es.fold("mañana"), "mañana");
        assert_eq!(es.fold("man\u{303}ana"), "mañana");
        assert_eq!(es.fold("can’t"), "can't");
    }

    #[test]
    fn a_skeleton_misses_no_spelling() {
        let sv = Folding::new("åäö", ["här"]);
        for word in ["TYVÄRR", "tyvarr", "tyva\u{308}rr", "HÄR", "Ñandú", "don’t", "\u{212A}öp", "ÆØß"] {
            let skeleton = Skeleton::of(word).text;
            assert_eq!(skeleton, Skeleton::of(&sv.fold(word)).text, "{word}");
        }
    }

    #[test]
    fn a_skeleton_is_words_with_spaces_around() {
        assert_eq!(Skeleton::of("It's 'no', O’Neil–“¡Sí!” (ok)").text, " it's  no   o'neil   si    ok  ");
    }

    #[test]
    fn a_skeleton_knows_its_places() {
        let text = "Así – “no” señor: ya";
        let skeleton = Skeleton::of(text);
        for word in ["no", "ya"] {
            let at = skeleton.text.find(word).unwrap();
            assert!(text[skeleton.offset(at)..].starts_with(word), "{word}");
        }
    }
}
