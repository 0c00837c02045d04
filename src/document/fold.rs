//! One spelling for the many ways a word is typed: case, accents that agents drop, apostrophes, NFC and NFD.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a language's words are folded before they are compared.
#[derive(Debug, Serialize, Deserialize)]
#[serde(from = "(BTreeMap<char, char>, Symbols)")]
pub(crate) struct Folding {
    /// Letters whose accents may be missing, and what is left of them.
    bases: BTreeMap<char, char>,
    /// Words whose accent is their meaning: compared as they stand.
    strict: Symbols,
    /// The same as `bases`, for the letters from À to ÿ; 0 where nothing in ASCII is left.
    #[serde(skip)]
    latin: [u8; 64],
}

impl From<(BTreeMap<char, char>, Symbols)> for Folding {
    fn from((bases, strict): (BTreeMap<char, char>, Symbols)) -> Folding {
        let base = |low: u8| bases.get(&char::from(low + 0xC0)).filter(|base| base.is_ascii());
        let latin = std::array::from_fn(|low| base(low as u8).map_or(0, |&base| base as u8));
        Folding { bases, strict, latin }
    }
}

impl Folding {
    /// `letters` may lose their accents, except in the words of `strict`.
    pub(crate) fn new<'w>(letters: &str, strict: impl IntoIterator<Item = &'w str>) -> Folding {
        let bases = letters
            .nfc()
            .filter_map(|letter| std::iter::once(letter).nfd().next().map(|base| (letter, base)))
            .collect();
        let strict = strict.into_iter().map(|word| {
            let mut folded = String::new();
            lower(word, |c| folded.push(c));
            symbol(&folded)
        });
        Folding::from((bases, strict.collect()))
    }

    /// Appends the folded form of `word` to `out`.
    pub(crate) fn fold_into(&self, word: &str, out: &mut String) {
        if let Some(Ok(folded)) = self.latin(word, &mut [0; LATIN]).map(std::str::from_utf8) {
            out.push_str(folded);
            return;
        }
        let start = out.len();
        lower(word, |c| out.push(c));
        if !self.strict.contains(&symbol(&out[start..])) {
            out.truncate(start);
            lower(word, |c| out.push(if c.is_ascii() { c } else { self.bases.get(&c).copied().unwrap_or(c) }));
        }
    }

    /// The symbol of the folded form of `word`, which is written to `scratch` where it takes long to make.
    pub(crate) fn symbol(&self, word: &str, scratch: &mut String) -> u64 {
        self.latin(word, &mut [0; LATIN]).map(hash).unwrap_or_else(|| {
            scratch.clear();
            self.fold_into(word, scratch);
            symbol(scratch)
        })
    }

    /// The folded form of a short word that holds ASCII and the letters of À to ÿ alone: it needs no tables, and most words are such.
    fn latin<'b>(&self, word: &str, buffer: &'b mut [u8; LATIN]) -> Option<&'b [u8]> {
        let buffer = buffer.get_mut(..word.len())?;
        let mut bytes = word.bytes().zip(&mut *buffer);
        let mut plain = true;
        while let Some((byte, lower)) = bytes.next() {
            *lower = match byte {
                _ if byte.is_ascii() => lower_ascii(byte),
                0xC3 => {
                    plain = false;
                    let (low, lower) = bytes.next()?;
                    // 0x20 is between the two cases of all but the sign × and ß, which has no capital among them.
                    *lower = if matches!(low, 0x80..=0x96 | 0x98..=0x9E) { low + 0x20 } else { low };
                    byte
                }
                _ => return None,
            };
        }
        if plain || self.strict.contains(&hash(buffer)) {
            return Some(buffer);
        }
        let (mut from, mut to) = (0, 0);
        while from < buffer.len() {
            let base = match buffer[from..] {
                [0xC3, low, ..] => self.latin[usize::from(low & 0x3F)],
                _ => 0,
            };
            (buffer[to], from) = if base == 0 { (buffer[from], from + 1) } else { (base, from + 2) };
            to += 1;
        }
        Some(&buffer[..to])
    }

    /// The folded form of `word`.
    pub(crate) fn fold(&self, word: &str) -> String {
        let mut out = String::with_capacity(word.len());
        self.fold_into(word, &mut out);
        out
    }
}

/// Words of more bytes are rare.
const LATIN: usize = 32;

/// The letters of `text` with their offsets, combining marks left out: as many in NFC as in NFD.
pub(crate) fn letters(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().filter(|&(_, c)| !is_mark(c))
}

/// Where the letter of that number begins, from 0; `None` where there are fewer.
pub(crate) fn nth_letter(text: &str, number: usize) -> Option<usize> {
    let mut seen = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // Within a letter.
            0x80..0xC0 => {}
            MARK.. => return letters(&text[at..]).nth(number - seen).map(|(beyond, _)| at + beyond),
            _ if seen == number => return Some(at),
            _ => seen += 1,
        }
    }
    None
}

/// What people type for an apostrophe.
const APOSTROPHES: [char; 5] = ['\u{2019}', '\u{2018}', '\u{02BC}', '\u{00B4}', '`'];

/// Gives the letters of `word` in lower case, NFC, with one kind of apostrophe.
fn lower(word: &str, put: impl FnMut(char)) {
    let fold = |c: char| match c {
        'a'..='z' | 'à'..='ö' => c,
        _ if APOSTROPHES.contains(&c) => '\'',
        _ => lower_char(c),
    };
    if word.bytes().any(|byte| byte >= MARK) && word.chars().any(is_mark) {
        word.nfc().map(fold).for_each(put);
    } else {
        word.chars().map(fold).for_each(put);
    }
}

/// No mark begins with a lower byte.
const MARK: u8 = 0xCC;

/// Whether it is a combining mark; none is below U+0300.
fn is_mark(c: char) -> bool {
    c >= '\u{300}' && is_combining_mark(c)
}

/// A letter's lower case, where that is one letter too.
fn lower_char(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // Latin letters need no tables: 0x20 is between the two cases.
        '×' => c,
        '\u{c0}'..='\u{de}' => char::from(c as u8 + 0x20),
        '\u{df}'..='\u{ff}' => c,
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// A word's identity: a hash of its folded form (wyhash's step, eight bytes at a time). 64 bits, so that two words of a lexicon never meet in
/// practice.
pub(crate) fn symbol(folded: &str) -> u64 {
    hash(folded.as_bytes())
}

fn hash(folded: &[u8]) -> u64 {
    hash_of(folded, |byte| byte)
}

/// The hash of bytes that are each folded on the way.
fn hash_of(bytes: &[u8], fold: impl Fn(u8) -> u8 + Copy) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let hash = chunks.iter().fold(seed(bytes.len()), |hash, chunk| mix(hash, u64::from_le_bytes(chunk.map(fold))));
    if rest.is_empty() {
        return hash;
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = fold(*byte));
    mix(hash, u64::from_le_bytes(last))
}

/// The symbol of the folded form of a word in ASCII.
pub(crate) fn ascii_symbol(word: &str) -> u64 {
    hash_of(word.as_bytes(), lower_ascii)
}

/// A letter of ASCII in lower case; one kind of apostrophe.
fn lower_ascii(byte: u8) -> u8 {
    if byte == b'`' { b'\'' } else { byte.to_ascii_lowercase() }
}

/// The symbol of `text[start..end]`, of which the eight bytes from `start` are `head`, whatever follows the word among them.
pub(super) fn symbol_of(text: &str, start: usize, end: usize, head: [u8; 8]) -> u64 {
    match end - start {
        0 => seed(0),
        length @ 1..=8 => mix(seed(length), u64::from_le_bytes(head) & (u64::MAX >> (64 - 8 * length))),
        _ => symbol(&text[start..end]),
    }
}

/// A set of words, by symbol.
pub(crate) type Symbols = HashSet<u64, BuildHasherDefault<Hashed>>;

/// A hash of what is a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.0 = mix(self.0, byte.into()));
    }

    fn write_u64(&mut self, symbol: u64) {
        self.0 = symbol;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn seed(length: usize) -> u64 {
    0xa076_1d64_78bd_642f ^ length as u64
}

fn mix(hash: u64, word: u64) -> u64 {
    let wide = u128::from(hash ^ word) * 0xe703_7ed1_a0b4_28db;
    (wide as u64) ^ (wide >> 64) as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::proptest_settings::settings;

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

    proptest! {
        #![proptest_config(settings(2000))]

        #[test]
        fn short_words_fold_as_all_do(word in "[a-zA-Z0-9À-ÿ'`’]{0,12}") {
            let es = Folding::new("áéíóúü", ["sé", "él"]);
            let decomposed: String = word.nfd().collect();
            prop_assert_eq!(es.fold(&word), es.fold(&decomposed));
        }
    }

    #[test]
    fn letters_are_counted_without_their_marks() {
        for text in ["", "abc", "añåb", "an\u{303}a\u{30a}b", "a\u{301}", "\u{301}a", "a€\u{301}b", "日本\u{300}x"]
        {
            for number in 0..6 {
                assert_eq!(nth_letter(text, number), letters(text).nth(number).map(|(at, _)| at), "{text} {number}");
            }
        }
    }

    #[test]
    fn a_symbol_is_the_same_however_it_is_made() {
        let text = "abcdefghijklmnopq and more";
        for length in 1..=17 {
            let head = text.as_bytes()[..8].try_into().unwrap();
            assert_eq!(symbol_of(text, 0, length, head), symbol(&text[..length]), "{length}");
            assert_eq!(ascii_symbol(&text[..length].to_uppercase()), symbol(&text[..length]), "{length}");
        }
    }
}
