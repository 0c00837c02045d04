//! What must stand in a text wherever a pattern matches: two words beside each other, or one that is rare enough.

use std::collections::HashMap;

use crate::document::{TokenKind, WordId};
use crate::language::Dictionary;

use super::syntax::{Node, Sequence, Word, WordSet, node_width};

/// One of the things of which every match of a pattern holds one.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) first: Side,
    /// What stands next to it; `None` where that may be anything.
    pub(crate) then: Option<Side>,
    /// What stands before the first, and after the last, outwards, as far as each step takes one token.
    pub(crate) before: Vec<Side>,
    pub(crate) after: Vec<Side>,
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

    /// The set of its words, where it is of nothing else.
    pub(crate) fn set(&self) -> Option<WordSet> {
        (self.is_definite() && self.kinds == 0).then(|| self.words.iter().collect())
    }

    /// Whether its words are all known.
    fn is_definite(&self) -> bool {
        !self.any && self.heads.is_empty() && self.tails.is_empty()
    }
}

/// How often words are met, alone and beside each other: a pattern is best found by what is rare.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weights {
    pub(crate) words: HashMap<u64, f32>,
    pub(crate) pairs: HashMap<u64, Vec<(u64, f32)>>,
    pub(crate) total: f32,
}

/// What a word of which nothing is known costs: it may be met now and then.
const UNKNOWN: f32 = 0.02;
/// What part of a word costs: it is found in many.
const PART: f32 = 60.0;
/// How many kinds of tokens, and pauses, a word of text stands for.
const KIND: f32 = 0.05;
/// What it costs to keep a pair of words.
const PAIR: f32 = 0.002;
/// How much of what chance would have two words meet is to be expected where none did.
const CHANCE: f32 = 0.02;

impl Weights {
    /// Notes a sentence's words.
    pub(crate) fn count(&mut self, sentence: &[u64]) {
        for (at, &word) in sentence.iter().enumerate() {
            *self.words.entry(word).or_default() += 1.0;
            self.total += 1.0;
            if let Some(&next) = sentence.get(at + 1) {
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

    fn side(&self, side: &Side) -> f32 {
        let words = self.any(&side.words) + UNKNOWN * side.words.len() as f32;
        words + PART * (side.heads.len() + side.tails.len()) as f32 + KIND * self.total * side.kinds.count_ones() as f32
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

/// Triggers, and how far from the start of a match the first token of each may be.
pub(super) struct Found {
    pub(super) triggers: Vec<Trigger>,
    pub(super) reach: (usize, usize),
    cost: f32,
}

impl Found {
    /// Every start within reach is tried.
    fn tries(&self) -> f32 {
        self.cost * (1 + self.reach.1 - self.reach.0) as f32
    }

    fn one(trigger: Trigger, reach: (usize, usize), cost: f32) -> Found {
        Found { triggers: vec![trigger], reach, cost }
    }

    fn after(mut self, before: (usize, usize)) -> Found {
        self.reach = (self.reach.0 + before.0, self.reach.1 + before.1);
        self
    }

    fn all(found: Vec<Found>) -> Found {
        Found {
            reach: (
                found.iter().map(|found| found.reach.0).min().unwrap_or(0),
                found.iter().map(|found| found.reach.1).max().unwrap_or(0),
            ),
            cost: found.iter().map(|found| found.cost).sum(),
            triggers: found.into_iter().flat_map(|found| found.triggers).collect(),
        }
    }
}

/// The triggers of a pattern's steps that are met most seldom; `None` where a match need hold nothing definite.
pub(super) fn rarest(nodes: &[&Node], weights: &Weights) -> Option<Found> {
    let mut best: Option<Found> = None;
    let mut take = |found: Found| {
        if best.as_ref().is_none_or(|best| found.tries() < best.tries()) {
            best = Some(found);
        }
    };
    let mut before = (0, 0);
    for (at, node) in nodes.iter().enumerate() {
        match node {
            Node::Word(_) | Node::Words(_) | Node::Prefix(_) | Node::Suffix(_) => {
                let side = side(node, End::First);
                let cost = weights.side(&side);
                let trigger =
                    Trigger { first: side, then: None, before: behind(&nodes[..at]), after: ahead(&nodes[at + 1..]) };
                take(Found::one(trigger, before, cost));
            }
            Node::Either(options) => {
                let inside: Option<Vec<Found>> = options.all().iter().map(|option| within(option, weights)).collect();
                inside.map(Found::all).into_iter().for_each(|found| take(found.after(before)));
            }
            Node::Capture(_, inner) => {
                within(inner, weights).into_iter().for_each(|found| take(found.after(before)));
            }
            _ => {}
        }
        let width = node_width(node);
        before = (before.0 + width.0, before.1 + width.1);
        let (head, tail) = nodes.split_at(at + 1);
        if before.0 > 0 && tail.iter().any(|node| !may_be_empty(node)) {
            let (first, then) = (edge(head.iter().rev().copied(), End::Last), edge(tail.iter().copied(), End::First));
            if first.is_definite() && then.is_definite() {
                let cost = weights.pair(&first, &then);
                let next = tail.iter().position(|node| node_width(node).1 > 0).filter(|&next| is_single(tail[next]));
                let trigger = Trigger {
                    first,
                    then: Some(then),
                    before: if is_single(node) { behind(&nodes[..at]) } else { Vec::new() },
                    after: next.map_or_else(Vec::new, |next| ahead(&tail[next + 1..])),
                };
                take(Found::one(trigger, (before.0 - 1, before.1 - 1), cost));
            }
        }
    }
    best
}

fn within(sequence: &Sequence, weights: &Weights) -> Option<Found> {
    rarest(&sequence.iter().collect::<Vec<_>>(), weights)
}

/// What must stand before what follows these steps, and after what they follow: the nearest first.
fn behind(nodes: &[&Node]) -> Vec<Side> {
    outwards(nodes.iter().rev().copied().collect(), End::Last)
}

fn ahead(nodes: &[&Node]) -> Vec<Side> {
    outwards(nodes.to_vec(), End::First)
}

/// The tokens that steps begin with, then those after them, as long as each step takes one.
fn outwards(nodes: Vec<&Node>, end: End) -> Vec<Side> {
    let mut sides = Vec::new();
    let mut rest = nodes.as_slice();
    while sides.len() < NEAR && rest.iter().any(|node| !may_be_empty(node)) {
        sides.push(edge(rest.iter().copied(), end));
        let next = rest.iter().position(|node| node_width(node).1 > 0);
        match next.filter(|&next| is_single(rest[next])) {
            Some(next) => rest = &rest[next + 1..],
            None => break,
        }
    }
    sides
}

/// So many tokens on each side of a trigger are looked at before its pattern is tried.
const NEAR: usize = 3;

/// Whether it takes one token, no more and no less.
fn is_single(node: &Node) -> bool {
    node_width(node) == (1, 1)
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
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
