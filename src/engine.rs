//! One language's phrases, compiled: candidates by the words its patterns need, and whole patterns only there.

mod candidates;

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::act::{Act, Acts};
use crate::document::{Document, WordId};
use crate::language::{Dictionary, Tongue};
use crate::pattern::{Context, Lists, MatchRange, Memo, Pattern, PatternSet, Weights};
use crate::rewrite::Writing;
use crate::shared::{self, Late, LateList, Numbers};

use candidates::{Candidates, Found, Numbered};

/// What a phrase stands for: the rule or the speech act it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Owner {
    /// A rule, by its index among the analyzer's rules.
    Rule(usize),
    Act(Act),
}

/// A phrase of a lexicon: patterns that say the same thing, and when they do not count.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Phrase {
    /// `es/refusal/policy/nuestra-politica`
    pub(crate) id: Arc<str>,
    pub(crate) owner: Owner,
    /// Never in a question.
    pub(crate) statement: bool,
    pub(crate) except: Late<PatternSet>,
    /// Exceptions of the phrase's rule, shared by all its phrases.
    #[serde(with = "shared")]
    pub(crate) rule_except: Arc<Late<PatternSet>>,
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
    /// The acts that help, looked for in every longer reply.
    Help,
    /// The other acts, looked for only once something asks.
    Acts,
}

impl Pass {
    pub(crate) const ALL: [Pass; 3] = [Pass::Rules, Pass::Help, Pass::Acts];
}

/// A language's compiled lexicon.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Engine {
    pub(crate) tongue: Arc<Tongue>,
    /// The language's shared word lists, which a team's own lexicon may use; kept only where it was compiled from its source.
    #[serde(skip)]
    pub(crate) lists: Lists,
    /// Exceptions by rule, for phrases of other lexicons.
    #[serde(skip)]
    pub(crate) exceptions: Vec<(usize, Arc<Late<PatternSet>>)>,
    /// How often the language's words are met; kept as the lists are.
    #[serde(skip)]
    pub(crate) weights: Arc<Weights>,
    /// What it has for writing.
    pub(crate) writing: Late<Writing>,
    /// What it has for reading.
    pub(crate) body: Late<Body>,
    /// The words of a team's own lexicon; a language's own are its tongue's.
    dictionary: Option<Dictionary>,
}

/// A lexicon's phrases, and how they are found.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) phrases: Vec<Phrase>,
    patterns: LateList<Pattern>,
    /// The phrase of each pattern.
    owners: Numbers,
    /// The act of each pattern that has one.
    acts: Vec<Acts>,
    /// The acts that each pass looks for.
    acts_of: [Acts; 3],
    passes: [Candidates; 3],
}

/// What a search remembers between sentences and texts: memory to be used again.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// How many sentences were searched.
    sentences: u32,
    /// For each pattern, where it was tried last.
    tried: Vec<Tried>,
    memo: Memo,
}

/// The starts at which a pattern was tried in a sentence, those that a later trigger cannot reach forgotten.
#[derive(Clone, Copy, Debug, Default)]
struct Tried {
    sentence: u32,
    /// The start that the first bit is of.
    first: u32,
    starts: u64,
}

impl Tried {
    const LAST: u32 = u64::BITS - 1;

    /// Notes a start in a sentence; whether it is new. Triggers are found in order and a pattern takes fewer tokens than there are bits, so
    /// that no start comes before the first bit's.
    fn note(&mut self, sentence: u32, start: usize) -> bool {
        let start = start as u32;
        if self.sentence != sentence {
            *self = Tried { sentence, first: start.saturating_sub(Tried::LAST), starts: 0 };
        }
        let ahead = start.saturating_sub(self.first + Tried::LAST);
        self.starts = self.starts.checked_shr(ahead).unwrap_or(0);
        self.first += ahead;
        let bit = 1 << (start - self.first);
        let new = self.starts & bit == 0;
        self.starts |= bit;
        new
    }
}

impl Search {
    /// A sentence that was never searched, by one with so many patterns.
    fn next(&mut self, patterns: usize) -> u32 {
        if self.tried.len() < patterns {
            self.tried.resize(patterns, Tried::default());
        }
        self.memo.prepare();
        self.sentences = self.sentences.checked_add(1).unwrap_or_else(|| {
            self.tried.fill(Tried::default());
            self.memo.clear();
            1
        });
        self.sentences
    }
}

impl Engine {
    /// `own` is a team's own, on top of the language that `tongue` is of.
    pub(crate) fn new(
        mut tongue: Arc<Tongue>,
        own: bool,
        lists: Lists,
        phrases: Vec<Phrase>,
        exceptions: Vec<(usize, Arc<Late<PatternSet>>)>,
        patterns: Vec<(Pattern, usize)>,
        weights: Arc<Weights>,
    ) -> Result<Engine, crate::Error> {
        let numbered = Numbered::new(patterns.iter().map(|(pattern, _)| pattern), &weights)?;
        let passes = Pass::ALL
            .map(|pass| Candidates::new(&patterns, &numbered, |phrase| pass_of(phrases[phrase].owner) == pass));
        let act = |phrase: &Phrase| match phrase.owner {
            Owner::Act(act) => Some(act),
            Owner::Rule(_) => None,
        };
        let acts = patterns.iter().map(|(_, phrase)| Acts::of(act(&phrases[*phrase]))).collect();
        let acts_of = Pass::ALL
            .map(|pass| Acts::of(phrases.iter().filter(|phrase| pass_of(phrase.owner) == pass).filter_map(act)));
        let mut dictionary = Some(numbered.dictionary);
        if !own && let Some(tongue) = Arc::get_mut(&mut tongue) {
            tongue.dictionary = Late::new(dictionary.take().unwrap_or_default());
        }
        let owners = patterns.iter().map(|(_, phrase)| *phrase as u32).collect();
        let patterns = LateList::new(patterns.into_iter().map(|(pattern, _)| pattern).collect());
        let body = Late::new(Body { phrases, patterns, owners, acts, acts_of, passes });
        Ok(Engine { tongue, lists, exceptions, weights, writing: Late::default(), body, dictionary })
    }

    pub(crate) fn with_writing(self, writing: Writing) -> Engine {
        Engine { writing: Late::new(writing), ..self }
    }

    /// Calls `found` for the matches of a pass in some sentences of `document`, sentence by sentence, until it has enough. Patterns of acts that
    /// are not `wanted` are passed over.
    #[expect(clippy::too_many_arguments, reason = "what is looked for, where, in which memory")]
    pub(crate) fn each_match(
        &self,
        document: &Document<'_>,
        sentences: Range<usize>,
        pass: Pass,
        companies: &[Vec<u64>],
        search: &mut Search,
        wanted: impl Fn(Acts) -> bool,
        mut found: impl FnMut(Match) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Body { patterns, acts, passes, .. } = &*self.body;
        let candidates = &passes[pass as usize];
        for sentence in sentences {
            let now = search.next(patterns.len());
            let Search { tried, memo, .. } = &mut *search;
            let context = Context { memo: Some((memo, now)), ..self.context(document, sentence, companies) };
            let mut flow = ControlFlow::Continue(());
            let try_at = |token: usize, Found { pattern, before: (least, most) }: Found| {
                if flow.is_break() || !wanted(acts[pattern as usize]) {
                    return;
                }
                let starts = token.saturating_sub(most.into())..(token + 1).saturating_sub(least.into());
                if starts.len() > 1 && !patterns.at(pattern as usize).may_match_from(starts.clone(), &context) {
                    return;
                }
                for start in starts {
                    if flow.is_continue()
                        && tried[pattern as usize].note(now, start)
                        && let Some(one) = self.match_at(pattern as usize, sentence, start, &context)
                    {
                        flow = found(one);
                    }
                }
            };
            candidates.each(&context.tokens, self.ids(&context), try_at);
            flow?;
        }
        ControlFlow::Continue(())
    }

    /// The numbers of a sentence's words.
    fn ids(&self, context: &Context<'_>) -> impl Iterator<Item = WordId> {
        let own = self.dictionary.as_ref();
        context.tokens.list.iter().map(move |token| own.map_or(token.id, |own| own.id(token.symbol, token.kind)))
    }

    /// The acts that a pass looks for.
    pub(crate) fn acts(&self, pass: Pass) -> Acts {
        self.body.acts_of[pass as usize]
    }

    /// The matches of a pass in `document`, in order.
    pub(crate) fn matches(
        &self,
        document: &Document<'_>,
        pass: Pass,
        companies: &[Vec<u64>],
        search: &mut Search,
        found: &mut Vec<Match>,
    ) {
        found.clear();
        let _ = self.each_match(
            document,
            0..document.bounds().len(),
            pass,
            companies,
            search,
            |_| true,
            |one| {
                found.push(one);
                ControlFlow::Continue(())
            },
        );
        found.sort_unstable();
    }

    fn match_at(&self, pattern: usize, sentence: usize, start: usize, context: &Context<'_>) -> Option<Match> {
        let compiled = self.body.patterns.at(pattern);
        let range = compiled.match_at(start, context)?;
        let phrase = self.body.owners.at(pattern) as usize;
        let owner = &self.body.phrases[phrase];
        let silenced = (owner.statement && context.question)
            || owner.except.overlaps(range, context)
            || owner.rule_except.overlaps(range, context);
        (!silenced).then_some(Match { sentence, range, phrase, pattern })
    }

    /// Whether this lexicon has an exception to `rule` over `range`.
    pub(crate) fn silences(&self, rule: usize, range: MatchRange, context: &Context<'_>) -> bool {
        self.exceptions.iter().any(|(of, except)| *of == rule && except.overlaps(range, context))
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
            memo: None,
        }
    }

    /// The patterns of one phrase.
    pub(crate) fn patterns_of(&self, phrase: usize) -> impl Iterator<Item = usize> {
        (0..self.body.patterns.len()).filter(move |&pattern| self.body.owners.at(pattern) as usize == phrase)
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
        Owner::Act(act) if act.starts_a_rule() => Pass::Rules,
        Owner::Act(act) if act.helps() => Pass::Help,
        Owner::Act(_) => Pass::Acts,
        Owner::Rule(_) => Pass::Rules,
    }
}

#[cfg(test)]
mod tests;
