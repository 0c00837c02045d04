//! Which of several languages a text is in.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use unicode_normalization::char::is_combining_mark;

use crate::document::{Hashed, ascii_symbol, nth_letter};
use crate::language::Tongue;

/// How many letters of a text or paragraph tell its language.
const PREFIX: usize = 300;

/// Tells languages apart: by the share of function words in the first 300 letters, and where a short text has none, by the words that a
/// lexicon's examples hold. As right as a trained classifier from 40 bytes on, several times faster, and able to answer "neither" (the figures
/// are in the README).
#[derive(Debug)]
pub(crate) struct Detector {
    tongues: Vec<Arc<Tongue>>,
    /// The function words of all tongues, each with which of `groups` it is of. Asked about ASCII alone, which is folded alike in all.
    words: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    /// Tongues, by number, that have words in common.
    groups: Vec<Vec<usize>>,
}

impl Detector {
    pub(crate) fn new(tongues: Vec<Arc<Tongue>>) -> Detector {
        let numbered = tongues.iter().enumerate();
        let mut known: Vec<(u64, usize)> = numbered
            .flat_map(|(number, tongue)| tongue.function_words.iter().map(move |&word| (word, number)))
            .collect();
        known.sort_unstable();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut words = HashMap::with_capacity_and_hasher(known.len(), BuildHasherDefault::default());
        for of_word in known.chunk_by(|(word, _), (next, _)| word == next) {
            let same = |group: &Vec<usize>| group.iter().eq(of_word.iter().map(|(_, number)| number));
            let group = groups.iter().position(same).unwrap_or_else(|| {
                groups.push(of_word.iter().map(|&(_, number)| number).collect());
                groups.len() - 1
            });
            words.insert(of_word[0].0, group);
        }
        Detector { tongues, words, groups }
    }

    /// The tongue of `text`, by number, or `None` where it is too short to tell, in none of them, or in two alike.
    pub(crate) fn detect(&self, text: &str) -> Option<usize> {
        let prefix = &text[..nth_letter(text, PREFIX).unwrap_or(text.len())];
        let mut strong = vec![0; self.tongues.len()];
        let mut shared = vec![0; self.groups.len()];
        let (mut count, mut scratch) = (0, String::new());
        each_word(prefix, |word, ascii| {
            count += 1;
            // ASCII is folded alike in every language.
            if ascii {
                if let Some(&group) = self.words.get(&ascii_symbol(word)) {
                    shared[group] += 1;
                }
                return;
            }
            for (tongue, hits) in self.tongues.iter().zip(&mut strong) {
                *hits += usize::from(tongue.function_words.contains(&tongue.folding.symbol(word, &mut scratch)));
            }
        });
        for (group, hits) in self.groups.iter().zip(shared) {
            group.iter().for_each(|&tongue| strong[tongue] += hits);
        }
        // What few words say is weighed with all that a lexicon knows.
        let few = count <= FEW;
        let enough = |hits: usize, share: usize| hits > 0 && hits * 100 >= share * count;
        let told = leader(strong.iter().copied()).filter(|&(_, hits)| enough(hits, if few { 25 } else { 18 }));
        let weakly = || {
            let leader = leader(self.tongues.iter().zip(&strong).map(|(tongue, strong)| strong + weak(tongue, prefix)));
            leader.filter(|&(_, hits)| enough(hits, 60))
        };
        told.or_else(|| if few { weakly() } else { None }).map(|(tongue, _)| tongue)
    }
}

/// How many words of a text a lexicon knows.
fn weak(tongue: &Tongue, text: &str) -> usize {
    let (mut known, mut scratch) = (0, String::new());
    each_word(text, |word, _| {
        known += usize::from(tongue.vocabulary.contains(&tongue.folding.symbol(word, &mut scratch)));
    });
    known
}

/// Calls `found(word, whether it is ASCII)` for the words of a text that may tell its language: none of quoted lines, nothing that looks like
/// an address, a tag or a placeholder.
fn each_word<'t>(text: &'t str, mut found: impl FnMut(&'t str, bool)) {
    let mut whole = |word: &'t str, ascii: bool| {
        let word = if ascii {
            let bytes = word.as_bytes();
            let Some(start) = bytes.iter().position(u8::is_ascii_alphanumeric) else { return };
            &word[start..bytes.iter().rposition(u8::is_ascii_alphanumeric).map_or(start, |last| last + 1)]
        } else {
            word.trim_matches(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        };
        if word.starts_with(char::is_alphabetic) {
            found(word, ascii || word.is_ascii());
        }
    };
    for line in text.lines().filter(|line| !line.trim_start().starts_with('>')) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let mut seen = 0;
            while let Some(&byte) = bytes.get(at)
                && SIGNS[usize::from(byte)] & SPACE == 0
            {
                seen |= SIGNS[usize::from(byte)];
                at += 1;
            }
            let chunk = &line[start..at];
            at += 1;
            if seen & WIDE != 0 {
                // There may be other space in it.
                let plain = |word: &&str| !word.bytes().any(|byte| SIGNS[usize::from(byte)] & ODD != 0);
                chunk.split_whitespace().filter(plain).for_each(|word| whole(word, word.is_ascii()));
            } else if seen & ODD == 0 && !chunk.is_empty() {
                whole(chunk, true);
            }
        }
    }
}

/// ASCII's white space.
const SPACE: u8 = 1;
/// What words have that tell no language.
const ODD: u8 = 2;
/// Not ASCII.
const WIDE: u8 = 4;

static SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        signs[byte] = match byte as u8 {
            b'\t'..=b'\r' | b' ' => SPACE,
            b'/' | b'@' | b'{' | b'}' | b'<' | b'[' | b']' => ODD,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    signs
};

/// So few words may hold no function word.
const FEW: usize = 6;

/// The one with the most hits, if it is one, and how many.
fn leader(hits: impl Iterator<Item = usize>) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut tied = false;
    for (tongue, hits) in hits.enumerate() {
        match best {
            Some((_, most)) if hits < most => {}
            Some((_, most)) if hits == most => tied = true,
            _ => {
                best = Some((tongue, hits));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied)
}
