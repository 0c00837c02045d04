//! Patterns of which somebody asks what matches, not which: found by the words they can start with.

use serde::{Deserialize, Serialize};

use super::matcher::{Context, MatchRange};
use super::syntax::{Pattern, WordSet};

/// Patterns that say the same thing.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Pattern>")]
pub(crate) struct PatternSet {
    patterns: Vec<Pattern>,
    #[serde(skip)]
    starts: Starts,
    /// The most tokens that one of them can take.
    #[serde(skip)]
    width: usize,
}

impl From<Vec<Pattern>> for PatternSet {
    fn from(patterns: Vec<Pattern>) -> PatternSet {
        let starts = Starts::of(patterns.iter().map(|pattern| pattern.first));
        let width = patterns.iter().map(|pattern| pattern.width).max().unwrap_or(0);
        PatternSet { patterns, starts, width }
    }
}

impl PatternSet {
    pub(crate) fn new(patterns: Vec<Pattern>) -> PatternSet {
        Pattern::together(patterns).into()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Calls `found` for the matches in a sentence, in the order of their starts.
    pub(crate) fn each_match(&self, context: &Context<'_>, mut found: impl FnMut(MatchRange)) {
        for start in 0..context.tokens.list.len() {
            self.any_at(start, context, |range| {
                found(range);
                false
            });
        }
    }

    /// Whether one of them matches over some tokens.
    pub(crate) fn overlaps(&self, range: MatchRange, context: &Context<'_>) -> bool {
        let from = range.start.saturating_sub(self.width.saturating_sub(1));
        (from..range.end).any(|start| self.any_at(start, context, |found| found.end > range.start))
    }

    /// Whether a match that starts at a token is right.
    fn any_at(&self, start: usize, context: &Context<'_>, mut right: impl FnMut(MatchRange) -> bool) -> bool {
        let Some(token) = context.tokens.list.get(start) else { return false };
        self.starts.any(Some(token.symbol), |pattern| {
            let pattern = &self.patterns[pattern];
            pattern.may_start_with(token.symbol)
                && pattern.may_match(context.tokens.words)
                && pattern.match_at(start, context).is_some_and(&mut right)
        })
    }
}

/// Which of some alternatives may start with a word: a bit each in the row of the word's lowest bits. It may name some that do not.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// How many alternatives there are.
    all: usize,
    /// For each 64 of them: a row for each value of those bits, and one of those that may start without a word. None where they are few.
    rows: Vec<[u64; WordSet::ROWS + 1]>,
}

/// So few are sooner gone through than looked up.
pub(super) const FEW: usize = 4;

impl Starts {
    /// Of the words that each can start with, where those are known whole.
    pub(super) fn of(firsts: impl ExactSizeIterator<Item = Option<WordSet>>) -> Starts {
        let all = firsts.len();
        let blocks = if all > FEW { all.div_ceil(64) } else { 0 };
        let mut rows = vec![[0; WordSet::ROWS + 1]; blocks];
        for (number, first) in firsts.enumerate() {
            let Some(rows) = rows.get_mut(number / 64) else { break };
            let add = |row: usize| rows[row] |= 1 << (number % 64);
            match first {
                Some(first) => first.rows().for_each(add),
                None => (0..=WordSet::ROWS).for_each(add),
            }
        }
        Starts { all, rows }
    }

    /// Whether one of those that may start with a word, or where there is none, is right.
    #[inline]
    pub(super) fn any(&self, word: Option<u64>, mut right: impl FnMut(usize) -> bool) -> bool {
        if self.rows.is_empty() {
            return (0..self.all).any(right);
        }
        let row = word.map_or(WordSet::ROWS, WordSet::row);
        let blocks = &mut self.rows.iter().enumerate();
        blocks.any(|(block, rows)| bits(rows[row]).any(|bit| right(64 * block + bit)))
    }
}

/// The members of a set, ascending.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(bit)
    })
}
