//! The rules an analyzer knows, and which of two wins where they want the same words.

use std::collections::{BTreeSet, HashMap};

use crate::rule::{Rule, RuleId};

/// An analyzer's rules, by index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    pub(crate) list: Vec<Rule>,
    index: HashMap<RuleId, usize>,
    /// Pairs of which the first wins over the second.
    beats: BTreeSet<(usize, usize)>,
    /// The rules, those that win before those they win over.
    pub(crate) by_precedence: Vec<usize>,
}

impl Rules {
    pub(crate) fn push(&mut self, rule: Rule) -> usize {
        let at = self.list.len();
        self.index.insert(rule.id.clone(), at);
        self.list.push(rule);
        // A rule of nobody's chain stands anywhere.
        self.by_precedence.push(at);
        at
    }

    pub(crate) fn find(&self, id: &RuleId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The index of a rule that the catalogue has.
    pub(crate) fn named(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|rule| rule.id.as_str() == id)
    }

    /// Every rule of a chain wins over those after it.
    pub(crate) fn rank(&mut self, chains: impl IntoIterator<Item = Vec<usize>>) {
        for chain in chains {
            for (place, &higher) in chain.iter().enumerate() {
                self.beats.extend(chain[place + 1..].iter().map(|&lower| (higher, lower)));
            }
        }
        self.by_precedence = self.sorted();
    }

    pub(crate) fn beats(&self, higher: usize, lower: usize) -> bool {
        self.beats.contains(&(higher, lower))
    }

    /// The pairs of which the first wins over the second.
    #[cfg(test)]
    pub(crate) fn beaten(&self) -> Vec<(usize, usize)> {
        self.beats.iter().copied().collect()
    }

    fn sorted(&self) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::with_capacity(self.list.len());
        let mut waiting: Vec<usize> = (0..self.list.len()).collect();
        while !waiting.is_empty() {
            let free = |rule: usize, waiting: &[usize]| !waiting.iter().any(|&other| self.beats(other, rule));
            let (ready, rest): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|&&rule| free(rule, &waiting));
            if ready.is_empty() {
                order.extend(rest);
                break;
            }
            order.extend(ready);
            waiting = rest;
        }
        order
    }
}
