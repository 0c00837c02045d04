//! The candidate stage: where a pattern's trigger stands. It never misses one; it may name places where nothing matches.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::document::{Tok, TokenKind, Tokens, WordId};
use crate::language::Dictionary;
use crate::pattern::{Pattern, Side, Trigger, Weights, Word, WordSet, ids};
use crate::shared::Numbers;

/// The words of all triggers and needs, numbered for [`Candidates`] and [`Needs`]: the more frequent first.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) dictionary: Dictionary,
    /// The words that are numbers.
    numerals: Vec<WordId>,
    /// Every word that is spelled in a trigger or a need.
    spelled: Vec<(Box<str>, WordId)>,
}

impl Numbered {
    pub(super) fn new<'p>(
        patterns: impl Iterator<Item = &'p Pattern> + Clone,
        weights: &Weights,
    ) -> Result<Numbered, crate::Error> {
        let sides = patterns
            .clone()
            .flat_map(|pattern| &pattern.triggers)
            .flat_map(|trigger| [Some(&trigger.first), trigger.then.as_ref()]);
        let needs = patterns.clone().flat_map(|pattern| pattern.rare_needs.iter().flatten());
        let mut words: Vec<_> = sides.flatten().flat_map(|side| &side.words).chain(needs).collect();
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
    /// The pattern of each, and where its guards begin and end.
    waiting: Numbers,
    affixes: Affixes,
    /// For each guard, how far from the trigger, and which set.
    guards: Numbers,
    sets: Numbers,
}

/// A pattern that waits for a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wait {
    pub(super) pattern: u32,
    /// What else must hold, as a range of the guards.
    guards: (u32, u32),
}

/// What must stand so far from a trigger: a word of that set.
type Guard = (isize, u32);

/// The most words that count as frequent: their bits are to stay in a core's nearest memory.
const FREQUENT: WordId = 512;

/// Guards and their sets, each set once.
#[derive(Default)]
struct Guards {
    guards: Vec<Guard>,
    known: HashMap<Vec<Guard>, (u32, u32)>,
    sets: Vec<WordSet>,
    numbers: HashMap<WordSet, u32>,
}

impl Guards {
    fn wait<'s>(&mut self, pattern: u32, places: impl Iterator<Item = (isize, &'s Side)>) -> Wait {
        let mut guards: Vec<Guard> = Vec::new();
        for (offset, side) in places {
            if let Some(set) = side.set() {
                let number = *self.numbers.entry(set).or_insert_with(|| {
                    self.sets.push(set);
                    self.sets.len() as u32 - 1
                });
                guards.push((offset, number));
            }
        }
        let range = *self.known.entry(guards.clone()).or_insert_with(|| {
            let from = self.guards.len() as u32;
            self.guards.extend(guards);
            (from, self.guards.len() as u32)
        });
        Wait { pattern, guards: range }
    }
}

/// Lists of those that wait, each list once.
#[derive(Default)]
struct Lists {
    starts: Vec<u32>,
    waiting: Vec<Wait>,
    known: HashMap<Vec<Wait>, u32>,
}

impl Lists {
    fn number(&mut self, list: Vec<Wait>) -> u32 {
        if let Some(&number) = self.known.get(&list) {
            return number;
        }
        let number = self.starts.len() as u32;
        self.starts.push(self.waiting.len() as u32);
        self.waiting.extend(&list);
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
        let note = |list: &mut Vec<Wait>, wait: Wait| {
            if list.last() != Some(&wait) {
                list.push(wait);
            }
        };
        let numbers = 0..patterns.len() as u32;
        for (number, (pattern, _)) in numbers.zip(patterns).filter(|(_, (_, phrase))| wanted(*phrase)) {
            for trigger in &pattern.triggers {
                let Trigger { first, then, before, after } = trigger;
                // What stands around a place that is so many tokens from the trigger's first, and from its last.
                let around = |first: isize, last: isize| {
                    (first + 1..).zip(before).map(|(offset, side)| (-offset, side)).chain((last + 1..).zip(after))
                };
                let firsts = ids(first, dictionary, numerals);
                let Some(then) = then else {
                    let wait = guards.wait(number, around(0, 0));
                    for id in firsts {
                        note(single.entry(id).or_default(), wait);
                    }
                    let (heads, tails) = (first.heads.iter(), first.tails.iter());
                    for (affix, head) in heads.map(|head| (head, true)).chain(tails.map(|tail| (tail, false))) {
                        note(affixes.entry((affix.clone(), head)).or_default(), wait);
                        let holds =
                            |word: &str| if head { word.starts_with(&**affix) } else { word.ends_with(&**affix) };
                        for (_, id) in spelled.iter().filter(|(word, _)| holds(word)) {
                            note(single.entry(*id).or_default(), wait);
                        }
                    }
                    continue;
                };
                let thens = ids(then, dictionary, numerals);
                let (common, rare): (Vec<WordId>, Vec<WordId>) = firsts.iter().partition(|&&id| id < frequent);
                let (next, seldom): (Vec<WordId>, Vec<WordId>) = thens.iter().partition(|&&id| id < frequent);
                let by_first = guards.wait(number, std::iter::once((1, then)).chain(around(0, 1)));
                for id in rare {
                    note(single.entry(id).or_default(), by_first);
                }
                let by_second = guards.wait(number, std::iter::once((-1, first)).chain(around(1, 0)));
                for id in seldom.into_iter().filter(|_| !common.is_empty()) {
                    note(single.entry(id).or_default(), by_second);
                }
                let by_both = guards.wait(number, around(0, 1));
                for &id in &common {
                    for &next in &next {
                        note(pairs.entry((id, next)).or_default(), by_both);
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
        let number = |wait: Wait| [wait.pattern, wait.guards.0, wait.guards.1];
        let guard = |(offset, set): Guard| [offset as i32 as u32, set];
        Candidates {
            single,
            frequent,
            pairs: bits.into_iter().collect(),
            firsts: firsts.into_iter().collect(),
            nexts: nexts.into_iter().collect(),
            both: both.into_iter().collect(),
            lists: lists.starts.into_iter().collect(),
            waiting: lists.waiting.into_iter().flat_map(number).collect(),
            affixes: found,
            guards: guards.guards.into_iter().flat_map(guard).collect(),
            sets: guards.sets.iter().flat_map(WordSet::numbers).collect(),
        }
    }

    /// Whether what stands around a trigger may be right for a pattern that waits for it.
    pub(super) fn holds(&self, wait: Wait, tokens: &[Tok], at: usize) -> bool {
        (wait.guards.0..wait.guards.1).all(|guard| {
            let offset = self.guards.at(2 * guard as usize) as i32;
            let set = self.guards.at(2 * guard as usize + 1) as usize;
            let token = at.checked_add_signed(offset as isize).and_then(|at| tokens.get(at));
            token.is_some_and(|token| {
                let (word, bit) = WordSet::place(token.symbol);
                self.sets.at(WordSet::NUMBERS * set + word) & bit != 0
            })
        })
    }

    /// Calls `found(token, waiting)` for the triggers in a sentence, tokens ascending. `ids` are their numbers.
    pub(super) fn each(
        &self,
        tokens: &Tokens<'_>,
        ids: impl Iterator<Item = WordId>,
        mut found: impl FnMut(usize, Wait),
    ) {
        let row = self.frequent.div_ceil(32) as usize;
        let mut list = |at: usize, number: u32| {
            let (from, to) = self.lists.between(number);
            for wait in from..to {
                let part = |part: usize| self.waiting.at(3 * wait as usize + part);
                found(at, Wait { pattern: part(0), guards: (part(1), part(2)) });
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

/// The words of which a sentence must hold one wherever a pattern matches in it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Needs {
    /// For each word's number, where in `of_words` the needs begin that it meets; one more for the end of the last.
    words: Numbers,
    of_words: Numbers,
    /// The same for each pattern, and what it needs.
    patterns: Numbers,
    of_patterns: Numbers,
    /// How many there are.
    pub(super) count: usize,
}

impl Needs {
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern> + Clone, numbered: &Numbered) -> Needs {
        let mut known: HashMap<&[Word], u32> = HashMap::new();
        let mut of_words: Vec<Vec<u32>> = vec![Vec::new(); Dictionary::KINDS as usize + numbered.spelled.len()];
        let mut of_patterns = Vec::new();
        for words in patterns.clone().flat_map(|pattern| &pattern.rare_needs) {
            let next = known.len() as u32;
            let number = *known.entry(words).or_insert(next);
            if number == next {
                for word in words {
                    of_words[numbered.dictionary.id(word.symbol, TokenKind::Word) as usize].push(number);
                }
            }
            of_patterns.push(number);
        }
        Needs {
            words: Numbers::starts(of_words.iter().map(Vec::len)),
            count: known.len(),
            patterns: Numbers::starts(patterns.map(|pattern| pattern.rare_needs.len())),
            of_patterns: of_patterns.into_iter().collect(),
            of_words: of_words.into_iter().flatten().collect(),
        }
    }

    /// Notes in `met` what a sentence's words meet, with the sentence's number.
    pub(super) fn meet(&self, ids: impl Iterator<Item = WordId>, sentence: u32, met: &mut [u32]) {
        for id in ids {
            let (from, to) = self.words.between(id);
            self.of_words.range(from, to).for_each(|need| met[need as usize] = sentence);
        }
    }

    /// Whether the sentence of that number, which `met` is of, meets all that a pattern needs.
    pub(super) fn are_met(&self, pattern: u32, sentence: u32, met: &[u32]) -> bool {
        let (from, to) = self.patterns.between(pattern);
        self.of_patterns.range(from, to).all(|need| met[need as usize] == sentence)
    }
}
