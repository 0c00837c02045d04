//! The candidate stage: where a pattern's trigger stands. It never misses one; it may name places where nothing matches.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::document::{Tok, TokenKind, Tokens, WordId};
use crate::language::Dictionary;
use crate::pattern::{Pattern, Side, Trigger, Weights, Word, WordSet, ids};

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
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Candidates {
    /// For each word's number, the list of those that wait for it.
    single: Vec<u32>,
    /// How many of the smallest numbers are of frequent words.
    frequent: WordId,
    /// For each frequent word, a bit for each frequent word after it.
    pairs: Vec<u64>,
    /// For each frequent word, where in `nexts` the words after it begin; one more for the end of the last.
    firsts: Vec<u32>,
    nexts: Vec<WordId>,
    /// For each of `nexts`, the list of those that wait for the two.
    both: Vec<u32>,
    /// Where in `waiting` each list begins; one more for the end of the last. Words that are in the same places share a list; the first is empty.
    lists: Vec<u32>,
    waiting: Vec<Wait>,
    affixes: Affixes,
    guards: Vec<Guard>,
    sets: Vec<WordSet>,
}

/// A pattern that waits for a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    fn wait(&mut self, pattern: u32, places: [(isize, Option<&Side>); 3]) -> Wait {
        let mut guards: Vec<Guard> = Vec::new();
        for (offset, side) in places {
            if let Some(set) = side.and_then(Side::set) {
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
                let (before, after) = (before.as_ref(), after.as_ref());
                let firsts = ids(first, dictionary, numerals);
                let Some(then) = then else {
                    let wait = guards.wait(number, [(-1, before), (1, after), (0, None)]);
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
                let by_first = guards.wait(number, [(1, Some(then)), (-1, before), (2, after)]);
                for id in rare {
                    note(single.entry(id).or_default(), by_first);
                }
                let by_second = guards.wait(number, [(-1, Some(first)), (-2, before), (1, after)]);
                for id in seldom.into_iter().filter(|_| !common.is_empty()) {
                    note(single.entry(id).or_default(), by_second);
                }
                let by_both = guards.wait(number, [(-1, before), (2, after), (0, None)]);
                for &id in &common {
                    for &next in &next {
                        note(pairs.entry((id, next)).or_default(), by_both);
                    }
                }
            }
        }
        let mut found = Candidates { frequent, ..Candidates::default() };
        let mut lists = Lists::default();
        lists.number(Vec::new());
        found.single = (0..all).map(|id| lists.number(single.remove(&id).unwrap_or_default())).collect();
        let row = frequent.div_ceil(64) as usize;
        found.pairs = vec![0; row * frequent as usize];
        let mut pairs = pairs.into_iter().peekable();
        for id in 0..frequent {
            found.firsts.push(found.nexts.len() as u32);
            while let Some(((_, next), list)) = pairs.next_if(|((first, _), _)| *first == id) {
                found.pairs[row * id as usize + next as usize / 64] |= 1 << (next % 64);
                found.nexts.push(next);
                found.both.push(lists.number(list));
            }
        }
        found.firsts.push(found.nexts.len() as u32);
        for ((affix, head), list) in affixes {
            found.affixes.add(affix, head, lists.number(list));
        }
        lists.starts.push(lists.waiting.len() as u32);
        Candidates { lists: lists.starts, waiting: lists.waiting, guards: guards.guards, sets: guards.sets, ..found }
    }

    /// Whether what stands around a trigger may be right for a pattern that waits for it.
    pub(super) fn holds(&self, wait: Wait, tokens: &[Tok], at: usize) -> bool {
        self.guards[wait.guards.0 as usize..wait.guards.1 as usize].iter().all(|&(offset, set)| {
            let token = at.checked_add_signed(offset).and_then(|at| tokens.get(at));
            token.is_some_and(|token| self.sets[set as usize].may_hold(token.symbol))
        })
    }

    /// Calls `found(token, waiting)` for the triggers in a sentence, tokens ascending. `id` gives a token's number.
    pub(super) fn each(
        &self,
        tokens: &Tokens<'_>,
        ids: impl Iterator<Item = WordId>,
        mut found: impl FnMut(usize, &[Wait]),
    ) {
        let row = self.frequent.div_ceil(64) as usize;
        let list =
            |number: u32| &self.waiting[self.lists[number as usize] as usize..self.lists[number as usize + 1] as usize];
        let mut last: Option<WordId> = None;
        for (at, id) in ids.enumerate() {
            if let Some(first) = last
                && id < self.frequent
                && self.pairs[row * first as usize + id as usize / 64] & (1 << (id % 64)) != 0
            {
                let (from, to) = (self.firsts[first as usize] as usize, self.firsts[first as usize + 1] as usize);
                if let Ok(next) = self.nexts[from..to].binary_search(&id) {
                    found(at - 1, list(self.both[from + next]));
                }
            }
            last = (id < self.frequent).then_some(id);
            let number = self.single[id as usize];
            if number != 0 {
                found(at, list(number));
            }
            if id == 0 {
                self.affixes.each(tokens.folded(&tokens.list[at]), |number| found(at, list(number)));
            }
        }
    }
}

/// Beginnings and ends of words that no dictionary has, and the patterns that wait for them.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Affixes {
    heads: Vec<Affix>,
    tails: Vec<Affix>,
    /// A bit for the key of each, so that most words are let pass at once.
    head_keys: Keys,
    tail_keys: Keys,
}

/// A key, what has it, and the list of those that wait for it.
type Affix = (u16, Box<str>, u32);

/// A set of keys.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Keys(Vec<u64>);

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

impl Keys {
    fn insert(&mut self, key: u16) {
        self.0.resize(usize::from(KEYS / 64), 0);
        self.0[usize::from(key / 64)] |= 1 << (key % 64);
    }

    fn holds(&self, key: u16) -> bool {
        self.0.get(usize::from(key / 64)).is_some_and(|keys| keys & (1 << (key % 64)) != 0)
    }
}

impl Affixes {
    fn add(&mut self, affix: Box<str>, head: bool, waiting: u32) {
        let key = if head { head_key(&affix) } else { tail_key(&affix) };
        let (list, keys) =
            if head { (&mut self.heads, &mut self.head_keys) } else { (&mut self.tails, &mut self.tail_keys) };
        keys.insert(key);
        list.insert(list.partition_point(|(other, ..)| *other <= key), (key, affix, waiting));
    }

    /// Calls `found` for each that `word` has.
    fn each(&self, word: &str, mut found: impl FnMut(u32)) {
        for key in [head_key(word), SHORT] {
            if self.head_keys.holds(key) {
                let from = self.heads.partition_point(|(other, ..)| *other < key);
                let alike = self.heads[from..].iter().take_while(|(other, ..)| *other == key);
                alike.filter(|(_, head, _)| word.starts_with(&**head)).for_each(|(.., waiting)| found(*waiting));
            }
        }
        for key in [tail_key(word), SHORT] {
            if self.tail_keys.holds(key) {
                let from = self.tails.partition_point(|(other, ..)| *other < key);
                let alike = self.tails[from..].iter().take_while(|(other, ..)| *other == key);
                alike.filter(|(_, tail, _)| word.ends_with(&**tail)).for_each(|(.., waiting)| found(*waiting));
            }
        }
    }
}

/// The words of which a sentence must hold one wherever a pattern matches in it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Needs {
    /// For each word's number, where in `of_words` the needs begin that it meets; one more for the end of the last.
    words: Vec<u32>,
    of_words: Vec<u32>,
    /// The same for each pattern, and what it needs.
    patterns: Vec<u32>,
    of_patterns: Vec<u32>,
    /// How many there are.
    pub(super) count: usize,
}

impl Needs {
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>, numbered: &Numbered) -> Needs {
        let mut needs = Needs { patterns: vec![0], ..Needs::default() };
        let mut known: HashMap<&[Word], u32> = HashMap::new();
        let mut of_words: Vec<Vec<u32>> = vec![Vec::new(); Dictionary::KINDS as usize + numbered.spelled.len()];
        for pattern in patterns {
            for words in &pattern.rare_needs {
                let next = known.len() as u32;
                let number = *known.entry(words).or_insert(next);
                if number == next {
                    for word in words {
                        of_words[numbered.dictionary.id(word.symbol, TokenKind::Word) as usize].push(number);
                    }
                }
                needs.of_patterns.push(number);
            }
            needs.patterns.push(needs.of_patterns.len() as u32);
        }
        needs.words.push(0);
        for mut list in of_words {
            list.dedup();
            needs.of_words.extend(list);
            needs.words.push(needs.of_words.len() as u32);
        }
        needs.count = known.len();
        needs
    }

    /// Notes in `met` what a sentence's words meet, with the sentence's number.
    pub(super) fn meet(&self, ids: impl Iterator<Item = WordId>, sentence: u32, met: &mut [u32]) {
        for id in ids {
            let range = self.words[id as usize] as usize..self.words[id as usize + 1] as usize;
            self.of_words[range].iter().for_each(|&need| met[need as usize] = sentence);
        }
    }

    /// Whether the sentence of that number, which `met` is of, meets all that a pattern needs.
    pub(super) fn are_met(&self, pattern: u32, sentence: u32, met: &[u32]) -> bool {
        let range = self.patterns[pattern as usize] as usize..self.patterns[pattern as usize + 1] as usize;
        self.of_patterns[range].iter().all(|&need| met[need as usize] == sentence)
    }
}
