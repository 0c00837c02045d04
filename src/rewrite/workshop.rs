//! From a finding to suggestions: which rewrites fit, what they write there, and whether the reply is better for it.

use crate::act::Act;
use crate::language::FormOfAddress;
use crate::pattern::{Context, Memo};
use crate::reading::{Deed, Reading};
use crate::structure::signs;
use crate::suggestion::{Edit, Suggestion};
use crate::{Applicability, Span};

use super::clause::Sentence;
use super::proof::{Judge, Proof};
use super::{Place, Rewrite, When, rewrites_of};

/// So many suggestions are a choice.
const CHOICE: usize = 2;
/// A sentence longer than this is no agent's; nobody would read its rewrite.
const LONGEST: usize = 4_000;
/// So many findings or deeds on, something no longer belongs to what is looked at.
const NEAR: usize = 64;

/// What a finding is about: a rule, and words unless the whole reply is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) rule: usize,
    pub(crate) span: Option<Span>,
    pub(crate) promise: bool,
    pub(crate) refusal: bool,
    /// A refusal that a reason may make good.
    pub(crate) reasoned: bool,
    /// More than one way to say what we can do is wanted.
    pub(crate) choice: bool,
    pub(crate) apology: bool,
    /// Judged by the reply as a whole, though it has words.
    pub(crate) counted: bool,
}

/// The rewrites are tried as they are meant; where that leaves no choice, in other ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Round {
    Meant,
    /// Help follows, but cannot stand without the refusal: an offer of its own may take the refusal's place.
    Bare,
    /// What follows points at words that go, or what must survive finds no place but brackets.
    Loose,
    /// What is left of the sentence cannot stand without the clause: all of it gives way.
    Sentence,
    /// Nothing fits: what is for that.
    Last,
    /// The same, in place of the whole sentence.
    LastSentence,
}

impl Round {
    const ALL: [Round; 6] =
        [Round::Meant, Round::Bare, Round::Loose, Round::Sentence, Round::Last, Round::LastSentence];

    /// What a rewrite is to stand for in this round, if it is for such findings.
    fn place(self, rewrite: &Rewrite, help: Option<Help>) -> Option<Place> {
        let meant = match rewrite.when {
            When::Always => true,
            When::Offered if rewrite.text.is_empty() => help.is_some(),
            When::Offered => help == Some(Help::Offer),
            When::Bare => help.is_none(),
            When::Last => false,
        };
        let template = rewrite.place == Place::Clause && rewrite.patterns.is_empty() && !rewrite.text.is_empty();
        let fits = match self {
            Round::Meant => meant,
            Round::Bare => rewrite.when == When::Bare && help.is_some(),
            Round::Loose => meant || rewrite.when == When::Bare,
            Round::Sentence => template && !matches!(rewrite.when, When::Offered | When::Last),
            Round::Last => rewrite.when == When::Last,
            Round::LastSentence => rewrite.when == When::Last && template,
        };
        let whole = matches!(self, Round::Sentence | Round::LastSentence);
        fits.then_some(if whole { Place::Sentence } else { rewrite.place })
    }
}

/// What the reply does for the customer after a finding, with no other refusal before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Help {
    /// The rest of the sentence or the next one offers something.
    Offer,
    /// They tell what we do; or something is offered later.
    Other,
}

/// A rewrite to be tried for a finding.
#[derive(Clone, Copy)]
pub(super) struct Job<'j> {
    pub(super) rewrite: &'j Rewrite,
    pub(super) place: Place,
    pub(super) target: &'j Target,
    /// The sentence the finding stands in.
    pub(super) line: usize,
    /// What words agree with.
    pub(super) values: &'j [Box<str>],
}

/// Where the suggestions for one reply are made.
pub(crate) struct Workshop<'r> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) text: &'r str,
    pub(super) targets: &'r [Target],
    address: Option<&'r FormOfAddress>,
    proof: Proof<'r>,
    /// The strong signs of a form of address, in order.
    pub(super) forms: Vec<(&'r FormOfAddress, Span)>,
    /// For each part: what its words show of each variant, where they do.
    shown: Vec<Vec<Option<Box<str>>>>,
    /// What patterns found out of each line: many rewrites share their words.
    memo: Memo,
}

/// A rewrite, written out.
pub(super) struct Draft {
    pub(super) edits: Vec<Edit>,
    pub(super) holes: Vec<String>,
    /// Where what changes stands.
    pub(super) around: Span,
    /// Something that had to survive was put in brackets: no longer certain.
    pub(super) bracketed: bool,
    /// What follows points at words that go.
    pub(super) dangling: bool,
}

impl Draft {
    pub(super) fn new(edit: Edit, holes: Vec<String>, around: Span) -> Draft {
        Draft { edits: vec![edit], holes, around, bracketed: false, dangling: false }
    }
}

impl<'r> Workshop<'r> {
    pub(crate) fn new(
        reading: &'r Reading<'r>,
        text: &'r str,
        targets: &'r [Target],
        address: Option<&'r FormOfAddress>,
        judge: &'r dyn Judge,
    ) -> Workshop<'r> {
        let shown = reading.parts.iter().map(|part| {
            let engine = &part.voice.base;
            let shown = |variant: &super::Variant| {
                let sentences = 0..part.document.bounds().len();
                variant.shown(sentences.map(|sentence| engine.context(&part.document, sentence, &[])))
            };
            engine.writing.grammar.variants.iter().map(shown).collect()
        });
        let shown = shown.collect();
        let forms = signs(reading.parts, 0);
        let proof = Proof::new(reading, text, address, &forms, judge);
        let mut memo = Memo::default();
        memo.prepare();
        Workshop { reading, text, targets, address, proof, forms, shown, memo }
    }

    /// The suggestions for one of the reply's findings, at most so many; `None` for every one.
    pub(crate) fn suggest(&self, target: &Target, most: Option<usize>) -> Vec<Suggestion> {
        let Some(line) = self.line_of(target) else { return Vec::new() };
        let (part, sentence) = self.reading.lines[line].sentence;
        let voice = self.reading.parts[part].voice;
        let rewrites = rewrites_of(voice, target.rule);
        let values = self.values(part, target.span.map(|_| sentence));
        let help = target.span.and_then(|span| self.help(line, span));
        let needed = if target.choice { CHOICE } else { 1 };
        let every = most.is_none();
        // Where the reply helps already, a template would say it twice.
        let most = most.map(|most| if help.is_some() { most.min(needed) } else { most });
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for round in Round::ALL {
            // The other ways are for who would have too few, and for no more than that.
            let most = if round == Round::Meant { most } else { most.map(|_| needed) };
            let strict = !every && round < Round::Loose;
            if round != Round::Meant && suggestions.len() >= needed && !(every && round == Round::Last) {
                continue;
            }
            for &rewrite in &rewrites {
                // Where the meaning is certain there is nothing for a template to ask.
                let certain =
                    suggestions.first().is_some_and(|first| first.applicability == Applicability::MachineApplicable);
                let enough = most.is_some_and(|most| suggestions.len() >= most);
                if enough || (certain && !every && rewrite.text.has_holes()) {
                    break;
                }
                let Some(place) = round.place(rewrite, help) else { continue };
                let job = Job { rewrite, place, target, line, values: &values };
                let Some(suggestion) = self.suggestion(job, strict) else { continue };
                let reads = suggestion.excerpt(self.text);
                if suggestions.iter().all(|known| known.excerpt(self.text) != reads) {
                    suggestions.push(suggestion);
                }
            }
        }
        suggestions
    }

    /// What a rewrite suggests for a finding, where it fits and the reply is better for it; `strict`: and nothing is left loose.
    fn suggestion(&self, job: Job<'_>, strict: bool) -> Option<Suggestion> {
        let Job { rewrite, place, target, line, values } = job;
        let mut draft = match target.span {
            _ if place.is_addition() => self.addition(rewrite, values),
            Some(_) if target.counted && !target.apology && place == Place::Words => self.unmixed(rewrite, values),
            Some(span) => self.framing(line, span, |sentence, words| self.replacement(job, sentence, words)),
            None => None,
        }?;
        let sentence = self.reading.span_of(self.reading.lines[line].sentence);
        let goes = rewrite.text.is_empty() && draft.edits[0].span.start <= sentence.start;
        if (goes || rewrite.when == When::Offered) && !self.join(&mut draft, line) {
            return None;
        }
        let Draft { edits, holes, around, bracketed, dangling } = draft;
        if strict && (dangling || bracketed) {
            return None;
        }
        if !self.proof.holds(target, line, &edits, &holes) {
            return None;
        }
        let applicability = match rewrite.applicability {
            _ if !holes.is_empty() => Applicability::HasPlaceholders,
            Applicability::MachineApplicable if bracketed => Applicability::MaybeIncorrect,
            sure => sure,
        };
        Some(Suggestion { edits, holes, applicability, rewrite: rewrite.id.clone(), around })
    }

    /// The line a finding stands in; the first for the whole reply.
    pub(super) fn line_of(&self, target: &Target) -> Option<usize> {
        let lines = &self.reading.lines;
        let Some(span) = target.span else { return (!lines.is_empty()).then_some(0) };
        let line = lines.partition_point(|line| self.reading.span_of(line.sentence).end <= span.start);
        (line < lines.len()).then_some(line)
    }

    /// What words agree with: the form of address, then each variant as the sentence, the reply or the lexicon has it.
    fn values(&self, part: usize, sentence: Option<usize>) -> Vec<Box<str>> {
        let document = &self.reading.parts[part].document;
        let engine = &self.reading.parts[part].voice.base;
        let grammar = &engine.writing.grammar;
        let address = self.address.map_or(&*grammar.address, FormOfAddress::as_str);
        let variants = grammar.variants.iter().zip(&self.shown[part]).map(|(variant, shown)| {
            let here = sentence.and_then(|sentence| variant.shown([engine.context(document, sentence, &[])]));
            here.or_else(|| shown.clone()).unwrap_or_else(|| variant.default.clone())
        });
        // The language's own form stands in for one that a word does not know.
        std::iter::once(address.into()).chain(variants).chain([grammar.address.clone()]).collect()
    }

    /// What the reply does for the customer after `span`, unless it refuses again before.
    fn help(&self, line: usize, span: Span) -> Option<Help> {
        let offer = |act: Act| matches!(act, Act::Offer | Act::Invitation | Act::MakeGood);
        let refuses = self.targets_from(span.end).find(|target| target.refusal).and_then(|target| target.span);
        let deeds = &self.reading.deeds;
        let first = deeds.partition_point(|deed| deed.span.start < span.end);
        let before = |deed: &&Deed| refuses.is_none_or(|refuses| deed.span.start < refuses.start);
        let open = || deeds[first..].iter().take_while(before).take(NEAR);
        let mut near = open().filter(|deed| deed.line <= line + 1 && deed.act.helps()).peekable();
        if near.peek().is_some() {
            return Some(if near.any(|deed| offer(deed.act)) { Help::Offer } else { Help::Other });
        }
        open().any(|deed| offer(deed.act)).then_some(Help::Other)
    }

    /// The next findings that begin at a place or after it.
    fn targets_from(&self, at: usize) -> impl Iterator<Item = &Target> {
        let first = self.targets.partition_point(|target| target.span.is_none_or(|span| span.start < at));
        self.targets[first..].iter().take(NEAR)
    }

    /// The findings that overlap a sentence.
    pub(super) fn found_in(&self, sentence: Span) -> impl Iterator<Item = Span> {
        // A finding lies within one sentence.
        let first = self.targets.partition_point(|target| target.span.is_none_or(|span| span.start < sentence.start));
        let spans = self.targets[first..].iter().filter_map(|target| target.span);
        spans.take_while(move |span| span.start < sentence.end)
    }

    pub(super) fn helps_in(&self, line: usize, within: impl Fn(Span) -> bool) -> bool {
        self.reading.deeds_of(line).any(|deed| deed.act.helps() && within(deed.span))
    }

    /// Asks `then` about a sentence of the reply, and the tokens of it that `span` covers.
    pub(super) fn framing<T>(
        &self,
        line: usize,
        span: Span,
        then: impl FnOnce(&Sentence<'_>, (usize, usize)) -> Option<T>,
    ) -> Option<T> {
        let (part, number) = self.reading.lines[line].sentence;
        let part = &self.reading.parts[part];
        let document = &part.document;
        let offset = document.offset();
        if document.bounds()[number].span.len() > LONGEST {
            return None;
        }
        let context = Context { memo: Some((&self.memo, line as u32 + 1)), ..part.context(number) };
        let tokens = &context.tokens.list;
        let first = tokens.partition_point(|token| token.span.end + offset <= span.start);
        let last = tokens.partition_point(|token| token.span.start + offset < span.end);
        if first >= last {
            return None;
        }
        let span_of = |from: usize, to: usize| {
            Span { start: tokens[from].span.start, end: tokens[to - 1].span.end }.shifted(offset)
        };
        let acts =
            |from: usize, to: usize| self.reading.deeds_of(line).any(|deed| deed.span.overlaps(span_of(from, to)));
        let helps = |from: usize, to: usize| self.helps_in(line, |deed| deed.overlaps(span_of(from, to)));
        let others: Vec<Span> = self.found_in(document.bounds()[number].span.shifted(offset)).collect();
        let found =
            |from: usize, to: usize| others.iter().any(|other| *other != span && other.overlaps(span_of(from, to)));
        let clauses = &part.voice.base.writing.grammar.clauses;
        let text = document.text();
        let sentence = Sentence { context: &context, text, clauses, acts: &acts, helps: &helps, found: &found };
        then(&sentence, (first, last))
    }
}
