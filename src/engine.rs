//! One language's phrases, compiled: candidates by one automaton, and whole patterns only around a candidate.

use std::collections::HashMap;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::act::Act;
use crate::document::{Document, Skeleton};
use crate::language::Tongue;
use crate::pattern::{Anchor, Context, Lists, MatchRange, Pattern};
use crate::rewrite::{Grammar, Rewrite};

/// What a phrase stands for: the rule or the speech act it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A rule, by its index among the analyzer's rules.
    Rule(usize),
    Act(Act),
}

/// A phrase of a lexicon: patterns that say the same thing, and when they do not count.
#[derive(Debug)]
pub(crate) struct Phrase {
    /// `es/refusal/policy/nuestra-politica`
    pub(crate) id: Arc<str>,
    pub(crate) owner: Owner,
    /// Never in a question.
    pub(crate) statement: bool,
    pub(crate) except: Vec<Pattern>,
    /// Exceptions of the phrase's rule, shared by all its phrases.
    pub(crate) rule_except: Arc<[Pattern]>,
}

/// A match of a phrase, before overlaps are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub(crate) sentence: usize,
    pub(crate) range: MatchRange,
    pub(crate) phrase: usize,
    pub(crate) pattern: usize,
}

/// Which phrases a pass looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// The rules, and the acts that can start a structure rule.
    Rules,
    /// The other acts, looked for only once something asks.
    Acts,
}

/// A language's compiled lexicon.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) tongue: Arc<Tongue>,
    /// The language's shared word lists, which a team's own lexicon may use.
    pub(crate) lists: Lists,
    pub(crate) phrases: Vec<Phrase>,
    /// Exceptions by rule, for phrases of other lexicons.
    pub(crate) exceptions: Vec<(usize, Arc<[Pattern]>)>,
    pub(crate) grammar: Grammar,
    pub(crate) rewrites: Vec<Rewrite>,
    /// Every pattern with the phrase it belongs to.
    patterns: Vec<(Pattern, usize)>,
    passes: [Candidates; 2],
}

impl Engine {
    pub(crate) fn new(
        tongue: Arc<Tongue>,
        lists: Lists,
        phrases: Vec<Phrase>,
        exceptions: Vec<(usize, Arc<[Pattern]>)>,
        patterns: Vec<(Pattern, usize)>,
    ) -> Result<Engine, crate::Error> {
        let of = |pass| Candidates::new(&patterns, |&(_, phrase)| pass_of(phrases[phrase].owner) == pass);
        let passes = [of(Pass::Rules)?, of(Pass::Acts)?];
        let (grammar, rewrites) = (Grammar::default(), Vec::new());
        Ok(Engine { tongue, lists, phrases, exceptions, grammar, rewrites, patterns, passes })
    }

    pub(crate) fn with_rewrites(self, grammar: Grammar, rewrites: Vec<Rewrite>) -> Engine {
        Engine { grammar, rewrites, ..self }
    }

    /// The matches of a pass in `document`, in order.
    pub(crate) fn matches(&self, document: &Document<'_>, pass: Pass, companies: &[Vec<u64>]) -> Vec<Match> {
        let candidates = &self.passes[pass as usize];
        let mut found = Vec::new();
        // For each pattern: the sentence it was tried in last, and the first start in it that was not tried yet.
        let mut tried: Vec<(u32, u32)> = Vec::new();
        candidates.each(document, |sentence, token, pattern| {
            if tried.is_empty() {
                tried = vec![(u32::MAX, 0); self.patterns.len()];
            }
            let (near, far) = self.patterns[pattern].0.reach;
            let tokens = document.tokens(sentence);
            if !self.patterns[pattern].0.may_match(&tokens.words) {
                return;
            }
            let from = token.saturating_sub(far);
            let to = (token + 1).saturating_sub(near);
            let last = &mut tried[pattern];
            let from = if last.0 == sentence as u32 { from.max(last.1 as usize) } else { from };
            if from >= to {
                return;
            }
            *last = (sentence as u32, to as u32);
            let context = self.context(document, sentence, companies);
            debug_assert!(to <= tokens.list.len());
            found.extend((from..to).filter_map(|start| self.match_at(pattern, sentence, start, &context)));
        });
        found.sort_unstable();
        found
    }

    fn match_at(&self, pattern: usize, sentence: usize, start: usize, context: &Context<'_>) -> Option<Match> {
        let (compiled, phrase) = &self.patterns[pattern];
        let range = compiled.match_at(start, context)?;
        let owner = &self.phrases[*phrase];
        let silenced = (owner.statement && context.question)
            || owner.except.iter().chain(&*owner.rule_except).any(|except| overlaps(except, range, context));
        (!silenced).then_some(Match { sentence, range, phrase: *phrase, pattern })
    }

    /// Whether this lexicon has an exception to `rule` over `range`.
    pub(crate) fn silences(&self, rule: usize, range: MatchRange, context: &Context<'_>) -> bool {
        let of_rule = self.exceptions.iter().filter(|(of, _)| *of == rule);
        of_rule.flat_map(|(_, except)| &**except).any(|except| overlaps(except, range, context))
    }

    pub(crate) fn context<'c>(
        &'c self,
        document: &'c Document<'_>,
        sentence: usize,
        companies: &'c [Vec<u64>],
    ) -> Context<'c> {
        Context {
            tokens: document.tokens(sentence),
            question: document.bounds()[sentence].question,
            classes: &self.tongue.classes,
            companies,
        }
    }

    /// The patterns of one phrase.
    pub(crate) fn patterns_of(&self, phrase: usize) -> impl Iterator<Item = usize> {
        let of = move |(pattern, &(_, owner)): (usize, &(Pattern, usize))| (owner == phrase).then_some(pattern);
        self.patterns.iter().enumerate().filter_map(of)
    }

    /// The matches of some patterns, each tried at every token: what [`Engine::matches`] must find too.
    pub(crate) fn scan(&self, document: &Document<'_>, patterns: impl Iterator<Item = usize> + Clone) -> Vec<Match> {
        let mut found = Vec::new();
        for sentence in 0..document.bounds().len() {
            let context = self.context(document, sentence, &[]);
            for pattern in patterns.clone() {
                let starts = 0..context.tokens.list.len();
                found.extend(starts.filter_map(|start| self.match_at(pattern, sentence, start, &context)));
            }
        }
        found.sort_unstable();
        found
    }
}

fn pass_of(owner: Owner) -> Pass {
    match owner {
        Owner::Act(act) if !act.starts_a_rule() => Pass::Acts,
        _ => Pass::Rules,
    }
}

/// Whether `except` matches anywhere over `range`.
fn overlaps(except: &Pattern, range: MatchRange, context: &Context<'_>) -> bool {
    let from = range.start.saturating_sub(except.width.saturating_sub(1));
    (from..range.end).any(|start| except.match_at(start, context).is_some_and(|found| found.end > range.start))
}

/// The candidate stage: where some pattern's anchor stands. It never misses one; it may name places where nothing matches.
#[derive(Debug)]
struct Candidates {
    automaton: Option<AhoCorasick>,
    /// For each of the automaton's needles: how far from its end its word's last letter is, and the patterns that wait for it.
    anchors: Vec<(usize, Vec<usize>)>,
}

/// What the automaton looks for in a skeleton: the anchor's word, with the spaces around it where it does not go on.
fn needle(anchor: &Anchor) -> String {
    let skeleton = Skeleton::of(&anchor.word).text;
    let mut needle = skeleton.as_str();
    if anchor.open_start {
        needle = needle.trim_start();
    }
    if anchor.open_end {
        needle = needle.trim_end();
    }
    needle.to_owned()
}

/// How far from a needle's end its last letter begins.
fn word_end(needle: &str) -> usize {
    let word = needle.trim_end();
    let letter = word.chars().next_back().map_or(0, char::len_utf8);
    needle.len() - word.len() + letter
}

impl Candidates {
    fn new(
        patterns: &[(Pattern, usize)],
        wanted: impl Fn(&(Pattern, usize)) -> bool,
    ) -> Result<Candidates, crate::Error> {
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut anchors: Vec<(String, Vec<usize>)> = Vec::new();
        for (number, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| wanted(pattern)) {
            for anchor in &pattern.0.anchors {
                let needle = needle(anchor);
                let at = *index.entry(needle.clone()).or_insert_with(|| {
                    anchors.push((needle, Vec::new()));
                    anchors.len() - 1
                });
                if anchors[at].1.last() != Some(&number) {
                    anchors[at].1.push(number);
                }
            }
        }
        let automaton = (!anchors.is_empty())
            .then(|| {
                AhoCorasick::builder().match_kind(MatchKind::Standard).build(anchors.iter().map(|(needle, _)| needle))
            })
            .transpose()
            .map_err(|error| crate::Error::new(format!("the lexicon is too large for one automaton: {error}")))?;
        let anchors = anchors.into_iter().map(|(needle, patterns)| (word_end(&needle), patterns)).collect();
        Ok(Candidates { automaton, anchors })
    }

    /// Calls `try_at(sentence, token, pattern)` for each candidate, tokens ascending within a sentence.
    fn each(&self, document: &Document<'_>, mut try_at: impl FnMut(usize, usize, usize)) {
        let Some(automaton) = &self.automaton else { return };
        let skeleton = Skeleton::of(document.text());
        for found in automaton.find_overlapping_iter(&skeleton.text) {
            let (word_end, patterns) = &self.anchors[found.pattern().as_usize()];
            let at = skeleton.offset(found.end() - word_end);
            let Some(sentence) = document.sentence_at(at) else { continue };
            let tokens = &document.tokens(sentence).list;
            let token = tokens.partition_point(|token| token.span.end <= at);
            if tokens.get(token).is_some_and(|token| token.span.start <= at) {
                patterns.iter().for_each(|&pattern| try_at(sentence, token, pattern));
            }
        }
    }
}

#[cfg(test)]
mod tests;
