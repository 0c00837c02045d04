//! The candidate stage: where a pattern's trigger stands. It never misses one; it may name places where nothing matches.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::document::{Tok, Tokens, WordId};
use crate::language::Dictionary;
use crate::pattern::{Guard, Pattern, Side, Trigger, Weights, WordSet, ids};
use crate::shared::Numbers;

/// The words of all triggers, numbered for [`Candidates`]: the more frequent first.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) dictionary: Dictionary,
    /// The words that are numbers.
    numerals: Vec<WordId>,
    /// Every word that is spelled in a trigger.
    spelled: Vec<(Box<str>, WordId)>,
}

impl Numbered {
    pub(super) fn new<'p>(
        patterns: impl Iterator<Item = &'p Pattern>,
        weights: &Weights,
    ) -> Result<Numbered, crate::Error> {
        let sides = patterns
            .flat_map(|pattern| &pattern.triggers)
            .flat_map(|trigger| [Some(&trigger.first), trigger.then.as_ref()]);
        let mut words: Vec<_> = sides.flatten().flat_map(|side| &side.words).collect();
        words.sort_unstable();
        words.dedup();
        words.sort_by(|a, b| weights.word(b.symbol).total_cmp(&weights.word(a.symbol)));
        if words.len() > Dictionary::MOST {
            return Err(crate::Error::new(format!("the lexicon is too large: it holds {} words", words.len())));
        }
        let dictionary = Dictionary::new(&words.iter().map(|word| word.symbol).collect::<Vec<_>>());
        let spelled: Vec<_> =
            words.iter().zip(Dictionary::KINDS..).map(|(word, id)| (word.folded.clone(), id)).collect();
        let numeral = |(word, id): &(Box<str>, WordId)| word.starts_with(char::is_numeric).then_some(*id);
        let numerals = spelled.iter().filter_map(numeral).collect();
        Ok(Numbered { dictionary, numerals, spelled })
    }
}

/// Where the triggers of some patterns stand.
///
/// A trigger of one word is found by the word's number. A trigger of two is found by one of them where that is rare, and by both where both
/// are frequent: a bit for each two frequent words says whether any pattern waits for them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Candidates {
    /// For each word's number, the list of those that wait for it.
    single: Numbers,
    /// How many of the smallest numbers are of frequent words.
    frequent: WordId,
    /// For each frequent word, a bit for each frequent word after it.
    pairs: Numbers,
    /// For each frequent word, where in `nexts` the words after it begin; one more for the end of the last.
    firsts: Numbers,
    nexts: Numbers,
    /// For each of `nexts`, the list of those that wait for the two.
    both: Numbers,
    /// Where in `waiting` each list begins; one more for the end of the last. Words that are in the same places share a list; the first is empty.
    lists: Numbers,
    /// For each its pattern, in a byte each how many guards it has and the least and the most of its [`Found::before`], and then the guards: in a
    /// byte each the least and the most of its places, in two its kinds; and which set.
    waiting: Numbers,
    affixes: Affixes,
    sets: Sets,
}

/// A pattern whose trigger was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Found {
    pub(super) pattern: u32,
    /// How many tokens a match may take before the token that it is found by.
    pub(super) before: (u8, u8),
}

impl Found {
    /// With so many guards.
    fn numbers(self, guards: usize) -> [u32; 2] {
        [self.pattern, u32::from_le_bytes([guards as u8, self.before.0, self.before.1, 0])]
    }

    fn of([a, b, c, d, guards, least, most, _]: Row) -> (Found, usize) {
        (Found { pattern: u32::from_le_bytes([a, b, c, d]), before: (least, most) }, guards.into())
    }
}

/// A pattern that waits for a trigger, and what else must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Wait {
    found: Found,
    guards: Vec<Watch>,
}

impl Wait {
    fn numbers(self) -> impl Iterator<Item = [u32; 2]> {
        std::iter::once(self.found.numbers(self.guards.len())).chain(self.guards.into_iter().map(Watch::numbers))
    }
}

/// Two numbers as they are kept, in little-endian bytes.
type Row = [u8; 8];

/// A [`Guard`] in numbers: the least and the most of its places, its kinds, its set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Watch {
    places: (i8, i8),
    kinds: u16,
    set: u32,
}

/// Among a guard's kinds: the sentence's start or end.
const OUTSIDE: u16 = 1 << 15;
/// Among them: its set has beginnings or ends of words.
const AFFIXES: u16 = 1 << 14;
/// Among them: one of the former, or more places than one.
const BROAD: u16 = 1 << 13;

impl Watch {
    fn numbers(self) -> [u32; 2] {
        let [low, high] = self.kinds.to_le_bytes();
        [u32::from_le_bytes([self.places.0 as u8, self.places.1 as u8, low, high]), self.set]
    }

    fn of([from, to, low, high, a, b, c, d]: Row) -> Watch {
        let set = u32::from_le_bytes([a, b, c, d]);
        Watch { places: (from as i8, to as i8), kinds: u16::from_le_bytes([low, high]), set }
    }
}

/// The most words that count as frequent: their bits are to stay in a core's nearest memory.
const FREQUENT: WordId = 512;

/// The sets of guards, each once.
#[derive(Default)]
struct Guards {
    sets: HashMap<Set, u32>,
}

impl Guards {
    /// For a pattern that is found by a token so far from its trigger's first. `next` is what stands beside that token.
    fn wait(&mut self, pattern: u32, trigger: &Trigger, by: isize, next: Option<(isize, &Side)>) -> Wait {
        let mut guards = Vec::new();
        if let Some((place, side)) = next {
            guards.push(self.watch(side, false, (place, place)));
        }
        for Guard { places, side, outside, .. } in &trigger.guards {
            guards.push(self.watch(side, *outside, (places.0 - by, places.1 - by)));
        }
        // A pattern takes no more tokens than a byte can count.
        let (least, most) = trigger.before;
        let before = (least as u8 + by as u8, most as u8 + by as u8);
        Wait { found: Found { pattern, before }, guards }
    }

    fn watch(&mut self, side: &Side, outside: bool, places: (isize, isize)) -> Watch {
        let next = self.sets.len() as u32;
        let set = *self.sets.entry(Set::of(side)).or_insert(next);
        let has = |yes: bool, bit: u16| if yes { bit } else { 0 };
        let affixes = !side.heads.is_empty() || !side.tails.is_empty();
        let broad = outside || affixes || places.0 < places.1;
        let kinds = side.kinds | has(outside, OUTSIDE) | has(affixes, AFFIXES) | has(broad, BROAD);
        Watch { places: (places.0 as i8, places.1 as i8), kinds, set }
    }
}

/// The words of a guard.
#[derive(PartialEq, Eq, Hash)]
struct Set {
    words: WordSet,
    heads: Vec<Box<str>>,
    tails: Vec<Box<str>>,
}

impl Set {
    fn of(side: &Side) -> Set {
        let sorted = |affixes: &[Box<str>]| {
            let mut affixes = affixes.to_vec();
            affixes.sort_unstable();
            affixes.dedup();
            affixes
        };
        Set { words: side.words.iter().collect(), heads: sorted(&side.heads), tails: sorted(&side.tails) }
    }
}

/// Sets of words in numbers.
#[derive(Debug, Serialize, Deserialize)]
struct Sets {
    /// For each set, its known words.
    words: Numbers,
    /// For each set, where in `affixes` its beginnings begin, then its ends; one more for the end of the last.
    firsts: Numbers,
    affixes: Numbers,
}

impl Sets {
    /// Each set with its number.
    fn of(sets: HashMap<Set, u32>) -> Sets {
        let mut sets: Vec<(Set, u32)> = sets.into_iter().collect();
        sets.sort_unstable_by_key(|(_, number)| *number);
        let sets = || sets.iter().map(|(set, _)| set);
        Sets {
            words: sets().flat_map(|set| set.words.numbers()).collect(),
            firsts: Numbers::starts(sets().flat_map(|set| [set.heads.len(), set.tails.len()])),
            affixes: sets()
                .flat_map(|set| {
                    let heads = set.heads.iter().map(|head| Affix::head(head.as_bytes()));
                    heads.chain(set.tails.iter().map(|tail| Affix::tail(tail.as_bytes())))
                })
                .flat_map(Affix::numbers)
                .collect(),
        }
    }

    /// Whether a token may be of a guard's kinds or known words.
    #[inline(always)]
    fn may_hold(&self, watch: Watch, token: &Tok) -> bool {
        let words = self.words.block(watch.set);
        watch.kinds & (1 << token.kind as u16) != 0
            || words.is_some_and(|words| WordSet::may_hold_in(words, token.symbol))
    }

    /// Whether a word may have one of a set's beginnings and ends.
    fn has_affix(&self, set: u32, word: &[u8]) -> bool {
        let affixes = |of: u32| {
            let (from, to) = self.firsts.between(of);
            self.affixes.blocks(from, to).iter().map(|affix| Affix::of(*affix))
        };
        let (head, tail) = (Affix::head(word), Affix::tail(word));
        affixes(2 * set).any(|affix| affix.begins(head)) || affixes(2 * set + 1).any(|affix| affix.ends(tail))
    }
}

/// The first eight bytes of a word's beginning, or the last of its end, and how many they are.
#[derive(Clone, Copy)]
struct Affix {
    bytes: u64,
    length: u32,
}

impl Affix {
    fn head(word: &[u8]) -> Affix {
        let mut bytes = [0; 8];
        let length = word.len().min(8);
        bytes[..length].copy_from_slice(&word[..length]);
        Affix { bytes: u64::from_le_bytes(bytes), length: length as u32 }
    }

    fn tail(word: &[u8]) -> Affix {
        let mut bytes = [0; 8];
        let length = word.len().min(8);
        bytes[8 - length..].copy_from_slice(&word[word.len() - length..]);
        Affix { bytes: u64::from_le_bytes(bytes), length: length as u32 }
    }

    /// Whether a word with this beginning may begin with it.
    fn begins(self, head: Affix) -> bool {
        self.length <= head.length && (self.bytes ^ head.bytes) << (u64::BITS - 8 * self.length) == 0
    }

    fn ends(self, tail: Affix) -> bool {
        self.length <= tail.length && (self.bytes ^ tail.bytes) >> (u64::BITS - 8 * self.length) == 0
    }

    fn numbers(self) -> [u32; 3] {
        [self.bytes as u32, (self.bytes >> 32) as u32, self.length]
    }

    /// Of its numbers, in little-endian bytes.
    fn of([a, b, c, d, e, f, g, h, length, ..]: [u8; 12]) -> Affix {
        Affix { bytes: u64::from_le_bytes([a, b, c, d, e, f, g, h]), length: length.into() }
    }
}

/// Lists of those that wait, each list once.
#[derive(Default)]
struct Lists {
    /// Where each begins, in pairs of numbers.
    starts: Vec<u32>,
    waiting: Vec<[u32; 2]>,
    known: HashMap<Vec<Wait>, u32>,
}

impl Lists {
    fn number(&mut self, list: Vec<Wait>) -> u32 {
        if let Some(&number) = self.known.get(&list) {
            return number;
        }
        let number = self.starts.len() as u32;
        self.starts.push(self.waiting.len() as u32);
        self.waiting.extend(list.iter().cloned().flat_map(Wait::numbers));
        self.known.insert(list, number);
        number
    }
}

impl Candidates {
    /// Of those `patterns`, by number, that are `wanted`.
    pub(super) fn new(
        patterns: &[(Pattern, usize)],
        numbered: &Numbered,
        wanted: impl Fn(usize) -> bool,
    ) -> Candidates {
        let Numbered { dictionary, numerals, spelled } = numbered;
        let all = Dictionary::KINDS + spelled.len() as WordId;
        let frequent = all.min(FREQUENT);
        let mut single: BTreeMap<WordId, Vec<Wait>> = BTreeMap::new();
        let mut pairs: BTreeMap<(WordId, WordId), Vec<Wait>> = BTreeMap::new();
        let mut affixes: BTreeMap<(Box<str>, bool), Vec<Wait>> = BTreeMap::new();
        let mut guards = Guards::default();
        let note = |list: &mut Vec<Wait>, wait: &Wait| {
            if list.last() != Some(wait) {
                list.push(wait.clone());
            }
        };
        let numbers = 0..patterns.len() as u32;
        for (number, (pattern, _)) in numbers.zip(patterns).filter(|(_, (_, phrase))| wanted(*phrase)) {
            for trigger in &pattern.triggers {
                let Trigger { first, then, .. } = trigger;
                let firsts = ids(first, dictionary, numerals);
                let Some(then) = then else {
                    let wait = guards.wait(number, trigger, 0, None);
                    for id in firsts {
                        note(single.entry(id).or_default(), &wait);
                    }
                    let (heads, tails) = (first.heads.iter(), first.tails.iter());
                    for (affix, head) in heads.map(|head| (head, true)).chain(tails.map(|tail| (tail, false))) {
                        note(affixes.entry((affix.clone(), head)).or_default(), &wait);
                        let holds =
                            |word: &str| if head { word.starts_with(&**affix) } else { word.ends_with(&**affix) };
                        for (_, id) in spelled.iter().filter(|(word, _)| holds(word)) {
                            note(single.entry(*id).or_default(), &wait);
                        }
                    }
                    continue;
                };
                let thens = ids(then, dictionary, numerals);
                let (common, rare): (Vec<WordId>, Vec<WordId>) = firsts.iter().partition(|&&id| id < frequent);
                let (next, seldom): (Vec<WordId>, Vec<WordId>) = thens.iter().partition(|&&id| id < frequent);
                let by_first = guards.wait(number, trigger, 0, Some((1, then)));
                for id in rare {
                    note(single.entry(id).or_default(), &by_first);
                }
                let by_second = guards.wait(number, trigger, 1, Some((-1, first)));
                for id in seldom.into_iter().filter(|_| !common.is_empty()) {
                    note(single.entry(id).or_default(), &by_second);
                }
                let by_both = guards.wait(number, trigger, 0, None);
                for &id in &common {
                    for &next in &next {
                        note(pairs.entry((id, next)).or_default(), &by_both);
                    }
                }
            }
        }
        let mut lists = Lists::default();
        lists.number(Vec::new());
        let single = (0..all).map(|id| lists.number(single.remove(&id).unwrap_or_default())).collect();
        let row = frequent.div_ceil(32) as usize;
        let mut bits: Vec<u32> = vec![0; row * frequent as usize];
        let (mut firsts, mut nexts, mut both) = (Vec::new(), Vec::new(), Vec::new());
        let mut pairs = pairs.into_iter().peekable();
        for id in 0..frequent {
            firsts.push(nexts.len() as u32);
            while let Some(((_, next), list)) = pairs.next_if(|((first, _), _)| *first == id) {
                bits[row * id as usize + next as usize / 32] |= 1 << (next % 32);
                nexts.push(next);
                both.push(lists.number(list));
            }
        }
        firsts.push(nexts.len() as u32);
        let mut found = Affixes::default();
        for ((affix, head), list) in affixes {
            found.add(affix, head, lists.number(list));
        }
        lists.starts.push(lists.waiting.len() as u32);
        Candidates {
            single,
            frequent,
            pairs: bits.into_iter().collect(),
            firsts: firsts.into_iter().collect(),
            nexts: nexts.into_iter().collect(),
            both: both.into_iter().collect(),
            lists: lists.starts.into_iter().collect(),
            waiting: lists.waiting.into_iter().flatten().collect(),
            affixes: found,
            sets: Sets::of(guards.sets),
        }
    }

    /// Whether one of a guard's places around a token may be right.
    #[inline(always)]
    fn sees(&self, watch: Watch, tokens: &Tokens<'_>, at: usize) -> bool {
        if watch.kinds & BROAD != 0 {
            return self.sees_broadly(watch, tokens, at);
        }
        // A place before the first token is beyond the last too.
        let token = tokens.list.get(at.wrapping_add_signed(watch.places.0.into()));
        token.is_some_and(|token| self.sets.may_hold(watch, token))
    }

    #[inline(never)]
    fn sees_broadly(&self, watch: Watch, tokens: &Tokens<'_>, at: usize) -> bool {
        let Watch { places: (from, to), kinds, set } = watch;
        let (from, to) = (at as isize + isize::from(from), at as isize + isize::from(to));
        if kinds & OUTSIDE != 0 {
            return from < 0 || to >= tokens.list.len() as isize;
        }
        let places = from.max(0) as usize..((to + 1).max(0) as usize).min(tokens.list.len());
        let Some(places) = tokens.list.get(places) else { return false };
        places.iter().any(|token| self.sets.may_hold(watch, token))
            || (kinds & AFFIXES != 0
                && places.iter().any(|token| self.sets.has_affix(set, tokens.folded(token).as_bytes())))
    }

    /// Calls `found(token, waiting)` for the triggers in a sentence whose guards hold, tokens ascending. `ids` are their numbers.
    pub(super) fn each(
        &self,
        tokens: &Tokens<'_>,
        ids: impl Iterator<Item = WordId>,
        mut found: impl FnMut(usize, Found),
    ) {
        let row = self.frequent.div_ceil(32) as usize;
        let mut list = |at: usize, number: u32| {
            let (from, to) = self.lists.between(number);
            let mut waiting: &[Row] = self.waiting.blocks(from, to);
            while let Some((first, rest)) = waiting.split_first() {
                let (wait, guards) = Found::of(*first);
                let (guards, rest) = rest.split_at(guards);
                waiting = rest;
                if guards.iter().all(|guard| self.sees(Watch::of(*guard), tokens, at)) {
                    found(at, wait);
                }
            }
        };
        let mut last: Option<WordId> = None;
        for (at, id) in ids.enumerate() {
            if let Some(first) = last
                && id < self.frequent
                && self.pairs.at(row * first as usize + id as usize / 32) & (1 << (id % 32)) != 0
            {
                let (from, to) = self.firsts.between(first);
                if let Some(next) = find(&self.nexts, from, to, id) {
                    list(at - 1, self.both.at(next));
                }
            }
            last = (id < self.frequent).then_some(id);
            let number = self.single.at(id as usize);
            if number != 0 {
                list(at, number);
            }
            if id == 0 {
                self.affixes.each(tokens.folded(&tokens.list[at]), |number| list(at, number));
            }
        }
    }
}

/// Where a number stands among those from one index to another, which ascend.
fn find(numbers: &Numbers, mut from: u32, to: u32, wanted: u32) -> Option<usize> {
    let mut end = to;
    while from < end {
        let middle = from + (end - from) / 2;
        match numbers.at(middle as usize).cmp(&wanted) {
            Ordering::Less => from = middle + 1,
            Ordering::Equal => return Some(middle as usize),
            Ordering::Greater => end = middle,
        }
    }
    None
}

/// Beginnings and ends of words that no dictionary has, and the patterns that wait for them.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Affixes {
    heads: Keyed,
    tails: Keyed,
}

/// Affixes of one end, by a key of a few letters.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Keyed {
    /// Each affix with its key and the list of those that wait for it; in order of their keys.
    list: Vec<(u16, Box<str>, u32)>,
    /// A bit for each key, so that most words are let pass at once.
    keys: Vec<u64>,
}

/// How many letters make a key.
const KEY: usize = 3;
/// The key of what is shorter than that.
const SHORT: u16 = 0;
const KEYS: u16 = 4096;

fn key(letters: &[u8]) -> u16 {
    letters.iter().fold(0u16, |key, &letter| key.wrapping_mul(37).wrapping_add(letter.into())) % (KEYS - 1) + 1
}

fn head_key(word: &str) -> u16 {
    word.as_bytes().get(..KEY).map_or(SHORT, key)
}

fn tail_key(word: &str) -> u16 {
    word.len().checked_sub(KEY).map_or(SHORT, |from| key(&word.as_bytes()[from..]))
}

impl Affixes {
    fn add(&mut self, affix: Box<str>, head: bool, waiting: u32) {
        if head {
            self.heads.add(head_key(&affix), affix, waiting);
        } else {
            self.tails.add(tail_key(&affix), affix, waiting);
        }
    }

    /// Calls `found` for each that `word` has.
    fn each(&self, word: &str, mut found: impl FnMut(u32)) {
        self.heads.each(head_key(word), |head| word.starts_with(head), &mut found);
        self.tails.each(tail_key(word), |tail| word.ends_with(tail), &mut found);
    }
}

impl Keyed {
    fn add(&mut self, key: u16, affix: Box<str>, waiting: u32) {
        self.keys.resize(usize::from(KEYS / 64), 0);
        self.keys[usize::from(key / 64)] |= 1 << (key % 64);
        self.list.insert(self.list.partition_point(|(other, ..)| *other <= key), (key, affix, waiting));
    }

    /// Calls `found` for each affix of that key, or of none, that the word `has`.
    fn each(&self, key: u16, has: impl Fn(&str) -> bool, found: &mut impl FnMut(u32)) {
        for key in [key, SHORT] {
            if self.keys.get(usize::from(key / 64)).is_some_and(|keys| keys & (1 << (key % 64)) != 0) {
                let from = self.list.partition_point(|(other, ..)| *other < key);
                let alike = self.list[from..].iter().take_while(|(other, ..)| *other == key);
                alike.filter(|(_, affix, _)| has(affix)).for_each(|(.., waiting)| found(*waiting));
            }
        }
    }
}
