//! Matching: a pattern over a sentence's tokens, as a set of positions that each step moves.
//!
//! The set is one machine word, relative to where the match starts, so that a match costs a bounded number of steps whatever the
//! text: alternatives and gaps never backtrack.

use std::cell::Cell;
use std::ops::Range;

use crate::document::{Tok, TokenKind, Tokens};
use crate::language::Class;

use super::set::bits;
use super::syntax::{NAME, Node, Options, Pattern, Sequence};

/// A sentence, and what patterns need to know beside its tokens.
pub(crate) struct Context<'c> {
    pub(crate) tokens: Tokens<'c>,
    /// Ends in a question mark.
    pub(crate) question: bool,
    pub(crate) classes: &'c [Class],
    /// The team's own names, each as symbols.
    pub(crate) companies: &'c [Vec<u64>],
    /// Where what is found out of this sentence is kept, if it is, and the number it has there.
    pub(crate) memo: Option<(&'c Memo, u32)>,
}

/// Where alternatives lead from a place in a sentence: patterns share many of them. A small table that forgets; memory to be used again.
///
/// It holds no slots until it is first [prepared](Memo::prepare).
#[derive(Debug, Default)]
pub(crate) struct Memo {
    slots: Vec<Cell<Slot>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The alternatives, by where they lie in memory.
    options: usize,
    sentence: u32,
    position: u32,
    /// How many tokens they can take from there, as a set.
    lengths: u64,
}

/// So many places are kept.
const SLOTS: usize = 2048;

impl Memo {
    /// Makes it ready for sentences of numbers from 1 on, of which none was used since it was cleared.
    pub(crate) fn prepare(&mut self) {
        self.slots.resize(SLOTS, Cell::default());
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.slots.fill(Cell::default());
    }

    fn slot(&self, options: usize, position: usize) -> &Cell<Slot> {
        let hash = ((options >> 4) as u64).wrapping_add(position as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        &self.slots[(hash >> (u64::BITS - SLOTS.trailing_zeros())) as usize]
    }
}

/// Where a pattern matched, in tokens: all it took, and what of it is to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MatchRange {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) reported: (usize, usize),
}

impl Pattern {
    /// Whether a match may start at one of some tokens: all starts are followed at once.
    pub(crate) fn may_match_from(&self, starts: Range<usize>, context: &Context<'_>) -> bool {
        if starts.len() + self.width >= u64::BITS as usize {
            return true;
        }
        let run = Run { start: starts.start, context };
        let tokens = context.tokens.list.get(starts).unwrap_or_default();
        let begins = tokens.iter().enumerate().filter(|(_, token)| self.may_start_with(token.symbol));
        let at = begins.fold(0, |set, (bit, _)| set | 1 << bit);
        [&self.before, &self.reported, &self.after].into_iter().fold(at, |at, steps| run.sequence(steps, at)) != 0
    }

    /// The longest match that starts at token `start`.
    pub(crate) fn match_at(&self, start: usize, context: &Context<'_>) -> Option<MatchRange> {
        if !context.tokens.list.get(start).is_some_and(|token| self.may_start_with(token.symbol)) {
            return None;
        }
        let run = Run { start, context };
        let heads = run.sequence(&self.before, 1);
        let mut best: Option<MatchRange> = None;
        for head in bits(heads) {
            for tail in bits(run.sequence(&self.reported, 1 << head)) {
                if tail == head {
                    continue;
                }
                let ends = run.sequence(&self.after, 1 << tail);
                if ends != 0 {
                    let end = start + 63 - ends.leading_zeros() as usize;
                    let found = MatchRange { start, end, reported: (start + head, start + tail) };
                    if best.is_none_or(|best| (best.reported.1, best.end) < (found.reported.1, found.end)) {
                        best = Some(found);
                    }
                }
            }
        }
        best
    }
}

impl Pattern {
    /// The matches in a sentence, from wherever one starts.
    pub(crate) fn matches<'p>(&'p self, context: &'p Context<'_>) -> impl Iterator<Item = MatchRange> + 'p {
        let starts = if self.may_match(context.tokens.words) { 0..context.tokens.list.len() } else { 0..0 };
        starts.filter_map(|start| self.match_at(start, context))
    }

    /// The captures of a match that [`match_at`](Pattern::match_at) found, each in tokens; `None` for one that took part in no way.
    ///
    /// The matcher moves sets of positions and keeps no paths, so the path is found again from the end. Of several, the one where definite steps
    /// take the most and gaps the least, the last first.
    pub(crate) fn captures(&self, found: MatchRange, context: &Context<'_>) -> Vec<Option<(usize, usize)>> {
        let mut captures = vec![None; self.captures.len()];
        let run = Run { start: found.start, context };
        let relative = |at: usize| at - found.start;
        let reported = (relative(found.reported.0), relative(found.reported.1));
        run.trace(&self.before, 0, reported.0, &mut captures);
        run.trace(&self.reported, reported.0, reported.1, &mut captures);
        run.trace(&self.after, reported.1, relative(found.end), &mut captures);
        captures
    }
}

#[derive(Clone, Copy)]
struct Run<'r> {
    start: usize,
    context: &'r Context<'r>,
}

impl Run<'_> {
    fn sequence(self, nodes: &[Node], mut at: u64) -> u64 {
        for node in nodes {
            if at == 0 {
                break;
            }
            at = self.node(node, at);
        }
        at
    }

    fn node(self, node: &Node, at: u64) -> u64 {
        match node {
            Node::Word(word) => self.one(at, |token| token.symbol == word.symbol),
            Node::Words(words) => self.one(at, |token| words.symbols.binary_search(&token.symbol).is_ok()),
            Node::Prefix(head) => self.one(at, |token| self.folded(token).starts_with(&**head)),
            Node::Suffix(tail) => self.one(at, |token| self.folded(token).ends_with(&**tail)),
            Node::Any => self.one(at, is_word),
            Node::Gap(most) => {
                let mut reached = at;
                let mut edge = at;
                for _ in 0..*most {
                    edge = self.one(edge, is_word);
                    reached |= edge;
                }
                reached
            }
            Node::Kind(kind) => self.one(at, |token| token.kind == *kind),
            Node::Name => self.each(at, |position| self.name(position)),
            Node::Company => self.each(at, |position| self.company(position)),
            Node::Class(index) => {
                let class = &self.context.classes[*index];
                self.one(at, |token| token.symbol != 0 && class.holds(self.folded(token)))
            }
            Node::Form(set) => self.one(at, |token| set.holds(token.symbol)),
            Node::Capture(_, inner) => self.sequence(inner, at),
            Node::Break => self.one(at, |token| token.kind == TokenKind::Break),
            Node::Start => self.only(at, |position| position == 0),
            Node::End => self.only(at, |position| position == self.len()),
            Node::Edge => self.only(at, |position| self.is_edge(position)),
            Node::Question => self.only(at, |position| position == self.len() && self.context.question),
            Node::Not(inner) => {
                bits(at).filter(|&bit| self.sequence(inner, 1 << bit) == 0).fold(0, |set, bit| set | 1 << bit)
            }
            Node::Either(options) => self.options(options, at),
            Node::Perhaps(options) => at | self.options(options, at),
        }
    }

    /// Notes the captures on a path of `nodes` from one position to another.
    fn trace(self, nodes: &[Node], from: usize, to: usize, captures: &mut [Option<(usize, usize)>]) {
        let mut sets = vec![1 << from];
        for node in nodes {
            sets.push(self.node(node, sets[sets.len() - 1]));
        }
        let mut end = to;
        for (node, &before) in nodes.iter().zip(&sets).rev() {
            let mut starts = bits(before).filter(|&bit| self.node(node, 1 << bit) & (1 << end) != 0);
            let Some(start) = (if is_loose(node) { starts.last() } else { starts.next() }) else { return };
            match node {
                Node::Capture(index, inner) => {
                    captures[*index] = Some((self.start + start, self.start + end));
                    self.trace(inner, start, end, captures);
                }
                Node::Either(options) | Node::Perhaps(options) => {
                    let leads = |option: &&Sequence| self.sequence(option, 1 << start) & (1 << end) != 0;
                    if let Some(option) = options.all().iter().find(leads) {
                        self.trace(option, start, end, captures);
                    }
                }
                _ => {}
            }
            end = start;
        }
    }

    /// The positions after any of the alternatives.
    fn options(self, options: &Options, at: u64) -> u64 {
        let tokens = self.context.tokens.list;
        let mut reached = 0;
        for bit in bits(at) {
            let position = self.start + bit;
            if tokens.get(position).is_none_or(|token| options.may_start_with(token.symbol)) {
                reached |= self.lengths(options, position) << bit;
            }
        }
        reached
    }

    /// How many tokens the alternatives can take from a position, as a set.
    fn lengths(self, options: &Options, position: usize) -> u64 {
        let run = Run { start: position, ..self };
        let Some((memo, sentence)) = self.context.memo else { return run.each_option(options) };
        let address = std::ptr::from_ref(options).addr();
        let slot = memo.slot(address, position);
        let known = slot.get();
        if known.options == address && known.sentence == sentence && known.position == position as u32 {
            return known.lengths;
        }
        let lengths = run.each_option(options);
        slot.set(Slot { options: address, sentence, position: position as u32, lengths });
        lengths
    }

    /// The positions after any of the alternatives from the start.
    fn each_option(self, options: &Options) -> u64 {
        let token = self.context.tokens.list.get(self.start);
        let mut reached = 0;
        options.each_other(token.map(|token| token.symbol), |option| reached |= self.sequence(option, 1));
        if let Some(token) = token {
            reached = options.after(token.symbol).fold(reached, |set, rest| set | self.sequence(rest, 2));
        }
        reached
    }

    fn len(self) -> usize {
        self.context.tokens.list.len()
    }

    fn folded(&self, token: &Tok) -> &'_ str {
        self.context.tokens.folded(token)
    }

    /// The positions after one token that `holds`.
    fn one(self, at: u64, holds: impl Fn(&Tok) -> bool) -> u64 {
        let tokens = self.context.tokens.list;
        bits(at).filter(|&bit| tokens.get(self.start + bit).is_some_and(&holds)).fold(0, |set, bit| set | (2 << bit))
    }

    /// The positions where it `holds`.
    fn only(self, at: u64, holds: impl Fn(usize) -> bool) -> u64 {
        bits(at).filter(|&bit| holds(self.start + bit)).fold(0, |set, bit| set | (1 << bit))
    }

    /// The positions after each length that `lengths` gives, as a set.
    fn each(self, at: u64, lengths: impl Fn(usize) -> u64) -> u64 {
        bits(at).fold(0, |set, bit| set | lengths(self.start + bit).checked_shl(bit as u32).unwrap_or(0))
    }

    fn is_edge(self, position: usize) -> bool {
        let tokens = self.context.tokens.list;
        let breaks = |position: usize| tokens.get(position).is_none_or(|token| token.kind == TokenKind::Break);
        position == 0 || breaks(position) || breaks(position - 1)
    }

    /// How many tokens from `position` may be a name.
    fn name(self, position: usize) -> u64 {
        let tokens = self.context.tokens.list;
        match tokens.get(position) {
            Some(token) if token.kind == TokenKind::Placeholder => 0b10,
            _ if position == 0 => 0,
            _ => {
                let capitals =
                    tokens[position.min(tokens.len())..].iter().take(NAME).take_while(|token| token.capital).count();
                ((1 << (capitals + 1)) - 1) & !1
            }
        }
    }

    /// How many tokens from `position` are one of the team's own names.
    fn company(self, position: usize) -> u64 {
        let rest = &self.context.tokens.list[position.min(self.len())..];
        let is = |name: &&Vec<u64>| {
            rest.len() >= name.len() && name.iter().zip(rest).all(|(part, token)| *part == token.symbol)
        };
        self.context.companies.iter().filter(is).fold(0, |set, name| set | (1 << name.len()))
    }
}

/// Whether a step takes whatever words stand there.
fn is_loose(node: &Node) -> bool {
    match node {
        Node::Gap(_) => true,
        Node::Capture(_, inner) => inner.iter().any(is_loose),
        _ => false,
    }
}

/// What a gap passes over and `_` takes.
fn is_word(token: &Tok) -> bool {
    token.kind != TokenKind::Break
}
