//! What must stand in a text wherever a pattern matches: two words beside each other, or one that is rare enough, and what stands around them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use crate::document::{TokenKind, WordId, symbol};
use crate::language::Dictionary;

use super::syntax::{Node, Sequence, Word, node_width};

/// One of the things of which every match of a pattern holds one.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) first: Side,
    /// What stands next to it; `None` where that may be anything.
    pub(crate) then: Option<Side>,
    /// How many tokens a match may take before the first and after the last.
    pub(crate) before: (usize, usize),
    pub(crate) after: (usize, usize),
    /// What else stands around it, first what costs the least to find missing.
    pub(crate) guards: Vec<Guard>,
    /// How often it is met.
    met: f32,
}

/// What must stand in one of some places around a trigger.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    /// How far from the trigger's first token, at least and at most; less than 0 is before it.
    pub(crate) places: (isize, isize),
    pub(crate) side: Side,
    /// The sentence's start or end.
    pub(crate) outside: bool,
    /// In how many of all cases it holds by chance.
    chance: f32,
}

/// The tokens that may stand in a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) words: Vec<Word>,
    /// Beginnings and ends of words.
    pub(crate) heads: Vec<Box<str>>,
    pub(crate) tails: Vec<Box<str>>,
    /// Kinds of tokens, a bit each.
    pub(crate) kinds: u16,
    /// Any token that no pause is.
    any: bool,
}

impl Side {
    fn add(&mut self, other: Side) {
        self.words.extend(other.words);
        self.heads.extend(other.heads);
        self.tails.extend(other.tails);
        self.kinds |= other.kinds;
        self.any |= other.any;
    }

    /// Whether something can be said of what stands there.
    fn is_known(&self) -> bool {
        !self.any
    }

    /// Whether its words are all known.
    fn is_definite(&self) -> bool {
        self.is_known() && self.heads.is_empty() && self.tails.is_empty()
    }
}

/// How often words are met, alone and beside each other: a pattern is best found by what is rare.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    pub(crate) words: HashMap<u64, f32>,
    pub(crate) pairs: HashMap<u64, Vec<(u64, f32)>>,
    /// How often each word is met, in the order of their beginnings, and of their ends.
    heads: BTreeMap<Box<str>, f32>,
    tails: BTreeMap<Box<str>, f32>,
    pub(crate) total: f32,
}

/// What a word of which nothing is known costs: it may be met now and then.
const UNKNOWN: f32 = 0.02;
/// What a part of a word costs beside the words it is met in.
const PART: f32 = 10.0;
/// How many kinds of tokens, and pauses, a word of text stands for.
const KIND: f32 = 0.05;
/// What it costs to keep a pair of words.
const PAIR: f32 = 0.002;
/// How much of what chance would have two words meet is to be expected where none did.
const CHANCE: f32 = 0.02;

impl Weights {
    /// Notes a sentence's words.
    pub(crate) fn count(&mut self, sentence: &[(TokenKind, String)]) {
        for (at, (_, word)) in sentence.iter().enumerate() {
            *self.heads.entry(word.as_str().into()).or_default() += 1.0;
            *self.tails.entry(backwards(word)).or_default() += 1.0;
            let word = symbol(word);
            *self.words.entry(word).or_default() += 1.0;
            self.total += 1.0;
            if let Some((_, next)) = sentence.get(at + 1) {
                let next = symbol(next);
                let followers = self.pairs.entry(word).or_default();
                match followers.iter_mut().find(|(follower, _)| *follower == next) {
                    Some((_, count)) => *count += 1.0,
                    None => followers.push((next, 1.0)),
                }
            }
        }
    }

    pub(crate) fn word(&self, symbol: u64) -> f32 {
        self.words.get(&symbol).copied().unwrap_or(0.0)
    }

    /// How often one of these is met.
    pub(super) fn any(&self, words: &[Word]) -> f32 {
        words.iter().map(|word| self.word(word.symbol)).sum()
    }

    /// How often a word with one of these beginnings or ends is met.
    fn parts(&self, side: &Side) -> f32 {
        let met = |words: &BTreeMap<Box<str>, f32>, head: &str| -> f32 {
            let from = words.range::<str, _>((Bound::Included(head), Bound::Unbounded));
            from.take_while(|(word, _)| word.starts_with(head)).map(|(_, count)| count).sum::<f32>() + PART
        };
        let heads: f32 = side.heads.iter().map(|head| met(&self.heads, head)).sum();
        heads + side.tails.iter().map(|tail| met(&self.tails, &backwards(tail))).sum::<f32>()
    }

    fn side(&self, side: &Side) -> f32 {
        let words = self.any(&side.words) + UNKNOWN * side.words.len() as f32;
        words + self.parts(side) + KIND * self.total * side.kinds.count_ones() as f32
    }

    fn pair(&self, first: &Side, then: &Side) -> f32 {
        let (alone, next) = (self.side(first), self.side(then));
        let held = |symbol: u64| then.words.binary_search_by_key(&symbol, |word| word.symbol).is_ok();
        let followers = first.words.iter().filter_map(|word| self.pairs.get(&word.symbol)).flatten();
        let met: f32 = followers.filter(|(follower, _)| held(*follower)).map(|(_, count)| count).sum();
        let kinds = if first.kinds | then.kinds == 0 { 0.0 } else { 0.1 * alone.min(next) };
        let kept = PAIR * (first.words.len() * then.words.len()) as f32;
        (met + kinds + CHANCE * alone * next / self.total.max(1.0)).min(alone).min(next) + kept
    }
}

fn backwards(word: &str) -> Box<str> {
    word.chars().rev().collect::<String>().into()
}

impl Trigger {
    fn new(first: Side, then: Option<Side>, met: f32) -> Trigger {
        Trigger { first, then, before: (0, 0), after: (0, 0), guards: Vec::new(), met }
    }

    /// What it costs to look for it.
    fn cost(&self) -> f32 {
        let held: f32 = self.guards.iter().map(|guard| guard.chance).product();
        self.met * (1.0 + TRY * held.max(CORRELATED) * (1 + self.before.1 - self.before.0) as f32)
    }

    /// The same among more steps: those before what it was of, and after.
    fn among(mut self, head: &[&Node], tail: &[&Node], weights: &Weights) -> Trigger {
        let (before, after) = (self.before, self.after);
        let last = self.last();
        self.before = self.guard(head.iter().rev().copied(), End::Last, before, |between| -between - 1, weights);
        self.after = self.guard(tail.iter().copied(), End::First, after, |between| last + between + 1, weights);
        self.keep_best()
    }

    /// The trigger of the words where two runs of steps meet.
    fn between(mut self, head: &[&Node], tail: &[&Node], weights: &Weights) -> Trigger {
        let less = |width: (usize, usize)| (width.0 - 1, width.1 - 1);
        self.before = less(self.guard(head.iter().rev().copied(), End::Last, (0, 0), |between| -between, weights));
        self.after = less(self.guard(tail.iter().copied(), End::First, (0, 0), |between| between + 1, weights));
        self.keep_best()
    }

    /// How far its last token is from its first.
    fn last(&self) -> isize {
        isize::from(self.then.is_some())
    }

    /// Goes through steps, outwards, of which the first is at the place of so many tokens between, and adds a guard for each that must take a
    /// token. Returns how many tokens are between when the last is passed.
    fn guard<'n>(
        &mut self,
        nodes: impl Iterator<Item = &'n Node>,
        near: End,
        mut between: (usize, usize),
        place: impl Fn(isize) -> isize,
        weights: &Weights,
    ) -> (usize, usize) {
        for node in nodes {
            let width = node_width(node);
            let places = |between: (usize, usize)| {
                let (one, other) = (place(between.0 as isize), place(between.1 as isize));
                (one.min(other), one.max(other))
            };
            if matches!((node, near), (Node::Start, End::Last) | (Node::End | Node::Question, End::First)) {
                self.add(Guard::new(Side::default(), true, places(between), weights));
            } else if width.0 > 0 {
                self.add(Guard::new(side(node, near), false, places(between), weights));
                if width.1 > 1 {
                    let beyond = (between.0 + width.0 - 1, between.1 + width.1 - 1);
                    self.add(Guard::new(side(node, near.other()), false, places(beyond), weights));
                }
            }
            between = (between.0 + width.0, between.1 + width.1);
        }
        between
    }

    fn add(&mut self, guard: Guard) {
        let (from, to) = guard.places;
        let known = guard.outside || guard.side.is_known();
        // What the trigger's own words may meet tells nothing.
        if known && guard.chance < TELLING && (to < 0 || from > self.last()) {
            self.guards.push(guard);
        }
    }

    fn keep_best(mut self) -> Trigger {
        self.guards.sort_by(|a, b| a.chance.total_cmp(&b.chance));
        self.guards.truncate(GUARDS);
        // What costs little to look at and seldom holds comes first.
        let cost = |guard: &Guard| (2 + guard.places.1 - guard.places.0) as f32 / (1.0 - guard.chance);
        self.guards.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
        self
    }
}

impl Guard {
    fn new(side: Side, outside: bool, places: (isize, isize), weights: &Weights) -> Guard {
        let met = if outside { OUTSIDE } else { weights.side(&side) / weights.total.max(1.0) };
        let chance = (met * (1 + places.1 - places.0) as f32).min(1.0);
        Guard { places, side, outside, chance }
    }
}

/// How much dearer it is to try a pattern than to look at its guards.
const TRY: f32 = 10.0;
/// Words are met together more often than chance has it: guards leave no less than this.
const CORRELATED: f32 = 0.3;
/// So many guards are kept of a trigger.
const GUARDS: usize = 6;
/// A guard that holds more often tells nothing.
const TELLING: f32 = 0.5;
/// In how many of all places a sentence ends.
const OUTSIDE: f32 = 0.07;

/// The triggers of a pattern's steps that cost the least to look for; `None` where a match need hold nothing definite.
pub(super) fn rarest(nodes: &[&Node], weights: &Weights) -> Option<Vec<Trigger>> {
    let cost = |triggers: &[Trigger]| triggers.iter().map(Trigger::cost).sum::<f32>();
    let mut best: Option<(Vec<Trigger>, f32)> = None;
    let mut take = |triggers: Vec<Trigger>| {
        let cost = cost(&triggers);
        if best.as_ref().is_none_or(|(_, least)| cost < *least) {
            best = Some((triggers, cost));
        }
    };
    for (at, node) in nodes.iter().enumerate() {
        let (head, tail) = (&nodes[..at], &nodes[at + 1..]);
        let inside = match node {
            Node::Word(_) | Node::Words(_) | Node::Prefix(_) | Node::Suffix(_) => {
                let side = side(node, End::First);
                let met = weights.side(&side);
                Some(vec![Trigger::new(side, None, met)])
            }
            Node::Either(options) => {
                let inside: Option<Vec<_>> = options.all().iter().map(|option| within(option, weights)).collect();
                inside.map(|all| all.into_iter().flatten().collect())
            }
            Node::Capture(_, inner) => within(inner, weights),
            _ => None,
        };
        if let Some(inside) = inside {
            take(inside.into_iter().map(|trigger| trigger.among(head, tail, weights)).collect());
        }
        let head = &nodes[..=at];
        if head.iter().any(|node| !may_be_empty(node)) && tail.iter().any(|node| !may_be_empty(node)) {
            let (first, then) = (edge(head.iter().rev().copied(), End::Last), edge(tail.iter().copied(), End::First));
            if first.is_definite() && then.is_definite() {
                let met = weights.pair(&first, &then);
                take(vec![Trigger::new(first, Some(then), met).between(head, tail, weights)]);
            }
        }
    }
    best.map(|(triggers, _)| triggers)
}

fn within(sequence: &Sequence, weights: &Weights) -> Option<Vec<Trigger>> {
    rarest(&sequence.iter().collect::<Vec<_>>(), weights)
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

impl End {
    fn other(self) -> End {
        match self {
            End::First => End::Last,
            End::Last => End::First,
        }
    }
}

/// The tokens that steps may begin with; given from the last to the first, those that they may end with.
fn edge<'n>(nodes: impl Iterator<Item = &'n Node>, end: End) -> Side {
    let mut found = Side::default();
    for node in nodes {
        found.add(side(node, end));
        if !may_be_empty(node) {
            break;
        }
    }
    found.words.sort_unstable();
    found.words.dedup();
    found
}

fn side(node: &Node, end: End) -> Side {
    let mut found = Side::default();
    let of = |sequence: &Sequence| match end {
        End::First => edge(sequence.iter(), end),
        End::Last => edge(sequence.iter().rev(), end),
    };
    match node {
        Node::Word(word) => found.words.push(word.clone()),
        Node::Words(words) => found.words.extend(words.words().iter().cloned()),
        Node::Prefix(head) => found.heads.push(head.clone()),
        Node::Suffix(tail) => found.tails.push(tail.clone()),
        Node::Kind(kind) => found.kinds |= 1 << *kind as u16,
        Node::Break => found.kinds |= 1 << TokenKind::Break as u16,
        Node::Any | Node::Gap(_) | Node::Name | Node::Company | Node::Class(_) | Node::Form(_) => found.any = true,
        Node::Capture(_, inner) => found = of(inner),
        Node::Either(options) | Node::Perhaps(options) => options.all().iter().for_each(|option| found.add(of(option))),
        Node::Start | Node::End | Node::Edge | Node::Question | Node::Not(_) => {}
    }
    found
}

fn may_be_empty(node: &Node) -> bool {
    node_width(node).0 == 0
}

/// The numbers of a side's tokens; `numerals` are the dictionary's words that are numbers.
pub(crate) fn ids(side: &Side, dictionary: &Dictionary, numerals: &[WordId]) -> Vec<WordId> {
    let mut ids: Vec<WordId> = side.words.iter().map(|word| dictionary.id(word.symbol, TokenKind::Word)).collect();
    ids.extend(TokenKind::ALL.into_iter().filter(|&kind| side.kinds & (1 << kind as u16) != 0).map(Dictionary::kind));
    if side.kinds & (1 << TokenKind::Number as u16) != 0 {
        ids.extend(numerals);
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}
