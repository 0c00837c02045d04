//! From a finding to suggestions: which rewrites fit, what they write there, and whether the reply is better for it.

use crate::act::Act;
use crate::document::TokenKind;
use crate::engine::Engine;
use crate::language::FormOfAddress;
use crate::pattern::{Context, MatchRange};
use crate::reading::Reading;
use crate::structure::signs;
use crate::suggestion::{Edit, Suggestion};
use crate::{Applicability, Span};

use super::clause::{Frame, Left, Right, Sentence};
use super::proof::{Judge, Proof};
use super::text::{Captured, Written, lowered, raised};
use super::{Place, Rewrite, When, rewrites_of};

/// So many suggestions are a choice.
const CHOICE: usize = 2;
/// A sentence longer than this is no agent's; nobody would read its rewrite.
const LONGEST: usize = 4_000;
/// What a finding is about: a rule, and words unless the whole reply is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) rule: usize,
    pub(crate) span: Option<Span>,
    pub(crate) promise: bool,
    pub(crate) refusal: bool,
    pub(crate) apology: bool,
    /// Judged by the reply as a whole, though it has words.
    pub(crate) counted: bool,
}

/// The rewrites are tried as they are meant; where that leaves no choice, in other ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    Meant,
    /// An offer follows, but cannot stand without the refusal: an offer of its own may take the refusal's place.
    Bare,
    /// What is left of the sentence cannot stand without the clause: all of it gives way.
    Sentence,
    /// Nothing fits: what is for that.
    Last,
}

impl Round {
    /// What a rewrite is to stand for in this round, if it is for such findings.
    fn place(self, rewrite: &Rewrite, offered: bool) -> Option<Place> {
        let fits = match rewrite.when {
            When::Always => true,
            When::Offered => offered,
            When::Bare => !offered,
            When::Last => false,
        };
        let template = rewrite.place == Place::Clause && rewrite.patterns.is_empty() && !rewrite.text.is_empty();
        match self {
            Round::Meant => fits.then_some(rewrite.place),
            Round::Bare => (rewrite.when == When::Bare && offered).then_some(rewrite.place),
            Round::Sentence => {
                (template && !matches!(rewrite.when, When::Offered | When::Last)).then_some(Place::Sentence)
            }
            Round::Last => (rewrite.when == When::Last).then_some(rewrite.place),
        }
    }
}

/// Where the suggestions for one reply are made.
pub(crate) struct Workshop<'r> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) text: &'r str,
    pub(super) targets: &'r [Target],
    address: Option<&'r FormOfAddress>,
    proof: Proof<'r>,
    /// For each part: what its words show of each variant, where they do.
    shown: Vec<Vec<Option<Box<str>>>>,
}

/// A rewrite, written out.
pub(super) struct Draft {
    pub(super) edits: Vec<Edit>,
    pub(super) holes: Vec<String>,
    /// Where what changes stands.
    pub(super) around: Span,
    /// Something that had to survive was put in brackets: no longer certain.
    pub(super) bracketed: bool,
}

impl Draft {
    pub(super) fn new(edit: Edit, holes: Vec<String>, around: Span) -> Draft {
        Draft { edits: vec![edit], holes, around, bracketed: false }
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
            engine.grammar.variants.iter().map(shown).collect()
        });
        let shown = shown.collect();
        let proof = Proof::new(reading, text, address, judge);
        Workshop { reading, text, targets, address, proof, shown }
    }

    /// The suggestions for one of the reply's findings, at most so many.
    pub(crate) fn suggest(&self, target: &Target, most: usize) -> Vec<Suggestion> {
        let Some(line) = self.line_of(target) else { return Vec::new() };
        let (part, sentence) = self.reading.lines[line].sentence;
        let voice = self.reading.parts[part].voice;
        let engines: Vec<&Engine> = std::iter::once(&*voice.base).chain(voice.own.as_deref()).collect();
        let values = self.values(part, target.span.map(|_| sentence));
        let offered = target.span.is_some_and(|span| self.offers(line, span));
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for round in [Round::Meant, Round::Bare, Round::Sentence, Round::Last] {
            let enough = if round == Round::Last { 1 } else { CHOICE };
            if round != Round::Meant && suggestions.len() >= enough && (round != Round::Last || most < usize::MAX) {
                continue;
            }
            for rewrite in rewrites_of(&engines, target.rule) {
                // Where the meaning is certain there is nothing for a template to ask.
                let certain =
                    suggestions.first().is_some_and(|first| first.applicability == Applicability::MachineApplicable);
                if suggestions.len() == most || (certain && most < usize::MAX && rewrite.text.has_holes()) {
                    break;
                }
                let Some(place) = round.place(rewrite, offered) else { continue };
                let Some(suggestion) = self.suggestion(rewrite, place, target, line, &values) else { continue };
                let reads = suggestion.excerpt(self.text);
                if suggestions.iter().all(|known| known.excerpt(self.text) != reads) {
                    suggestions.push(suggestion);
                }
            }
        }
        suggestions
    }

    /// What a rewrite suggests for a finding, where it fits and the reply is better for it.
    fn suggestion(
        &self,
        rewrite: &Rewrite,
        place: Place,
        target: &Target,
        line: usize,
        values: &[Box<str>],
    ) -> Option<Suggestion> {
        let mut draft = match target.span {
            _ if place.is_addition() => self.addition(rewrite, values),
            Some(_) if target.counted && !target.apology && place == Place::Words => self.unmixed(rewrite, values),
            Some(span) => self.replacement(rewrite, place, target, span, line, values),
            None => None,
        }?;
        let sentence = self.span_of(self.reading.lines[line].sentence);
        let goes = rewrite.text.is_empty() && draft.edits[0].span.start <= sentence.start;
        if (goes || rewrite.when == When::Offered) && !self.join(&mut draft, line) {
            return None;
        }
        let Draft { edits, holes, around, bracketed } = draft;
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
        let line = lines.partition_point(|line| self.span_of(line.sentence).end <= span.start);
        (line < lines.len()).then_some(line)
    }

    /// A sentence's place in the reply.
    pub(super) fn span_of(&self, (part, sentence): (usize, usize)) -> Span {
        let document = &self.reading.parts[part].document;
        shift(document.bounds()[sentence].span, document.offset())
    }

    /// What words agree with: the form of address, then each variant as the sentence, the reply or the lexicon has it.
    fn values(&self, part: usize, sentence: Option<usize>) -> Vec<Box<str>> {
        let document = &self.reading.parts[part].document;
        let engine = &self.reading.parts[part].voice.base;
        let grammar = &engine.grammar;
        let address = self.address.map_or(&*grammar.address, FormOfAddress::as_str);
        let variants = grammar.variants.iter().zip(&self.shown[part]).map(|(variant, shown)| {
            let here = sentence.and_then(|sentence| variant.shown([engine.context(document, sentence, &[])]));
            here.or_else(|| shown.clone()).unwrap_or_else(|| variant.default.clone())
        });
        // The language's own form stands in for one that a word does not know.
        std::iter::once(address.into()).chain(variants).chain([grammar.address.clone()]).collect()
    }

    /// Whether the rest of the sentence or the next one says what can be done, with no other refusal before it.
    fn offers(&self, line: usize, span: Span) -> bool {
        let after = [line, line + 1].into_iter().flat_map(|line| self.reading.deeds_of(line));
        let help =
            after.filter(|deed| deed.act.helps() && deed.span.start >= span.end).map(|deed| deed.span.start).min();
        let refuses = |until: usize| {
            let others = self.targets.iter().filter(|target| target.refusal).filter_map(|target| target.span);
            others.into_iter().any(|other| span.end <= other.start && other.start < until)
        };
        help.is_some_and(|help| !refuses(help))
    }

    fn helps_in(&self, line: usize, within: impl Fn(Span) -> bool) -> bool {
        self.reading.deeds_of(line).any(|deed| deed.act.helps() && within(deed.span))
    }

    /// Takes the "but" from the next sentence, where what it was set against is gone. False where that cannot be done.
    fn join(&self, draft: &mut Draft, line: usize) -> bool {
        let Some(next) = self.reading.lines.get(line + 1) else { return true };
        let (part, number) = next.sentence;
        let part = &self.reading.parts[part];
        let text = part.document.text();
        let clauses = &part.voice.base.grammar.clauses;
        let context = part.voice.base.context(&part.document, number, &part.voice.companies);
        let tokens = &context.tokens.list;
        let joints = clauses.contrast.iter().filter_map(|pattern| pattern.match_at(0, &context));
        let Some(end) = joints.map(|found| found.reported.1).max() else { return true };
        let Some(rest) = (end..tokens.len()).find(|&at| tokens[at].kind != TokenKind::Break) else { return false };
        let word = |at: usize| tokens[at].span.of(text);
        let (last, words) = if clauses.inverts && rest == end {
            // «Däremot byter jag …»: the subject comes first again.
            let subject = rest + 1;
            let known = tokens.get(subject).is_some_and(|token| clauses.subject.contains(context.tokens.folded(token)));
            if !known {
                return false;
            }
            (subject, format!("{} {}", raised(word(subject)), word(rest)))
        } else {
            (rest, raised(word(rest)))
        };
        let span = shift(Span { start: tokens[0].span.start, end: tokens[last].span.end }, part.document.offset());
        if draft.edits.last().is_none_or(|last| last.span.end <= span.start) {
            draft.edits.push(Edit { span, text: words });
            draft.around.end = draft.around.end.max(self.span_of(next.sentence).end);
        }
        true
    }

    /// A rewrite in place of every sign of another form of address than the first.
    fn unmixed(&self, rewrite: &Rewrite, values: &[Box<str>]) -> Option<Draft> {
        let Written { text, holes } = rewrite.text.write(values, None)?;
        let signs = signs(self.reading.parts, 0);
        let (first, _) = signs.first()?;
        let mut edits: Vec<Edit> = Vec::new();
        for &(form, span) in &signs {
            if form != *first && edits.last().is_none_or(|last| last.span.end <= span.start) {
                edits.push(Edit { span, text: text.clone() });
            }
        }
        let around = Span { start: edits.first()?.span.start, end: edits.last()?.span.end };
        let sentences = self.reading.lines.iter().map(|line| self.span_of(line.sentence));
        let around = sentences
            .filter(|span| span.overlaps(around))
            .fold(around, |all, span| Span { start: all.start.min(span.start), end: all.end.max(span.end) });
        Some(Draft { edits, holes, around, bracketed: false })
    }

    fn replacement(
        &self,
        rewrite: &Rewrite,
        place: Place,
        target: &Target,
        span: Span,
        line: usize,
        values: &[Box<str>],
    ) -> Option<Draft> {
        let (part, number) = self.reading.lines[line].sentence;
        let part = &self.reading.parts[part];
        let document = &part.document;
        let offset = document.offset();
        let bounds = document.bounds()[number].span;
        if bounds.len() > LONGEST {
            return None;
        }
        let context = part.voice.base.context(document, number, &part.voice.companies);
        let tokens = &context.tokens.list;
        let first = tokens.partition_point(|token| token.span.end + offset <= span.start);
        let last = tokens.partition_point(|token| token.span.start + offset < span.end);
        if first >= last {
            return None;
        }
        let span_of = |from: usize, to: usize| Span {
            start: tokens[from].span.start + offset,
            end: tokens[to - 1].span.end + offset,
        };
        let acts =
            |from: usize, to: usize| self.reading.deeds_of(line).any(|deed| deed.span.overlaps(span_of(from, to)));
        let helps = |from: usize, to: usize| self.helps_in(line, |deed| deed.overlaps(span_of(from, to)));
        let found = |from: usize, to: usize| {
            let spans = self.targets.iter().filter_map(|target| target.span);
            spans.filter(|other| *other != span).any(|other| other.overlaps(span_of(from, to)))
        };
        let sentence = Sentence {
            context: &context,
            text: document.text(),
            clauses: &part.voice.base.grammar.clauses,
            acts: &acts,
            helps: &helps,
            found: &found,
        };
        let (range, captured) = if rewrite.patterns.is_empty() {
            ((first, last), None)
        } else {
            let (range, captured) = self.fit(rewrite, (first, last), &context, document.text())?;
            (
                if place == Place::Match {
                    range.reported
                } else {
                    (range.reported.0.min(first), range.reported.1.max(last))
                },
                Some(captured),
            )
        };
        let frame = match place {
            Place::Clause => sentence.frame(range.0, range.1),
            // An offer is not given up for a template.
            Place::Sentence if place != rewrite.place && self.helps_in(line, |deed| !deed.overlaps(span)) => {
                return None;
            }
            Place::Sentence => {
                Frame { start: 0, end: tokens.len(), left: Left::None, right: Right::None, reason: None, fact: None }
            }
            _ => {
                let (start, end) = if place == Place::Words { (first, last) } else { range };
                return self.inline(rewrite, &sentence, line, (start, end), target, captured.as_ref(), values);
            }
        };
        self.framed(rewrite, &sentence, line, frame, target, captured.as_ref(), values)
    }

    /// Where a rewrite's patterns match over the words that were found, and what they capture.
    fn fit<'c>(
        &self,
        rewrite: &'c Rewrite,
        words: (usize, usize),
        context: &'c Context<'_>,
        text: &'c str,
    ) -> Option<(MatchRange, Captured<'c>)> {
        rewrite.patterns.iter().find_map(|pattern| {
            let over = |found: &MatchRange| found.reported.0 < words.1 && words.0 < found.reported.1;
            let range = pattern.matches(context).find(over)?;
            let ranges = pattern.captures(range, context);
            Some((range, Captured { pattern, ranges, tokens: &context.tokens.list, text }))
        })
    }

    /// A rewrite in place of some words of a sentence, whose rest stays.
    #[expect(clippy::too_many_arguments, reason = "one call, from `replacement`")]
    fn inline(
        &self,
        rewrite: &Rewrite,
        sentence: &Sentence<'_>,
        line: usize,
        (start, end): (usize, usize),
        target: &Target,
        captured: Option<&Captured<'_>>,
        values: &[Box<str>],
    ) -> Option<Draft> {
        let tokens = &sentence.context.tokens.list;
        let text = sentence.text;
        let many = tokens.len();
        let Written { text: mut new, holes } = rewrite.text.write(values, captured)?;
        if sentence.kept(start, end, target.promise).iter().any(|kept| !new.contains(kept.of(text))) {
            return None;
        }
        if new.is_empty() {
            if start == 0 && end == many {
                return self.without(line);
            }
            let rest = (end..many).find(|&at| tokens[at].kind != TokenKind::Break);
            let (from, to) = match (start, rest) {
                (0, Some(rest)) => {
                    let next = tokens[rest].span;
                    let words = tokens[0].span.of(text).starts_with(char::is_uppercase);
                    new = if words { raised(next.of(text)) } else { next.of(text).to_owned() };
                    (tokens[0].span.start, next.end)
                }
                (_, None) => {
                    let kept = (0..start).rev().find(|&at| tokens[at].kind != TokenKind::Break)?;
                    (tokens[kept].span.end, tokens[end - 1].span.end)
                }
                _ => {
                    let breaks = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Break);
                    let both = start > 1 && breaks(start - 1) && breaks(end);
                    (tokens[start - if both { 2 } else { 1 }].span.end, tokens[end - 1].span.end)
                }
            };
            return Some(self.draft(sentence, line, from, to, new, holes));
        }
        if start == 0 && tokens[0].span.of(text).starts_with(char::is_uppercase) {
            new = raised(&new);
        }
        let mut to = tokens[end - 1].span.end;
        if closes(&new) {
            match (end..many).find(|&at| tokens[at].kind != TokenKind::Break) {
                Some(rest) => {
                    new = format!("{new} {}", raised(tokens[rest].span.of(text)));
                    to = tokens[rest].span.end;
                }
                None => to += marks(&text[to..], false),
            }
        }
        Some(self.draft(sentence, line, tokens[start].span.start, to, new, holes))
    }

    /// A rewrite in place of a clause.
    #[expect(clippy::too_many_arguments, reason = "one call, from `replacement`")]
    fn framed(
        &self,
        rewrite: &Rewrite,
        sentence: &Sentence<'_>,
        line: usize,
        frame: Frame,
        target: &Target,
        captured: Option<&Captured<'_>>,
        values: &[Box<str>],
    ) -> Option<Draft> {
        let tokens = &sentence.context.tokens.list;
        let text = sentence.text;
        let many = tokens.len();
        let slice = |(from, to): (usize, usize)| &text[tokens[from].span.start..tokens[to - 1].span.end];
        let deletes = rewrite.text.is_empty();
        if deletes && (frame.reason.is_some() || frame.left == Left::Fronted) {
            return None;
        }
        let frame = match frame.left {
            // Only one thing can stand first.
            Left::Fronted => Frame { reason: None, ..frame },
            _ => frame,
        };
        let fronted = frame.left == Left::Fronted || frame.reason.is_some();
        let body = if fronted && sentence.clauses.inverts { rewrite.fronted.as_ref()? } else { &rewrite.text };
        let Written { text: mut new, holes } = body.write(values, captured)?;
        let lower = |words: &str| if self.keeps_capital(words, sentence) { words.to_owned() } else { lowered(words) };
        if let Some(reason) = frame.reason {
            let reason = sentence.clauses.since.replace("$reason", slice(reason));
            new = format!("{reason}{}", lower(&new));
        }
        if let Some(fact) = frame.fact {
            new = if deletes { raised(slice(fact)) } else { format!("{}. {}", raised(slice(fact)), raised(&new)) };
        }
        let kept = sentence.kept(frame.start, frame.end, target.promise);
        let kept: Vec<&str> = kept.iter().map(|kept| kept.of(text)).filter(|kept| !new.contains(kept)).collect();
        if !kept.is_empty() {
            if deletes {
                return None;
            }
            let at = first_end(&new);
            new.insert_str(at, &format!(" ({})", kept.join(", ")));
        }
        if deletes && frame.fact.is_none() && frame.left == Left::None && frame.right == Right::None {
            return self.without(line);
        }
        let mut from = tokens[frame.start].span.start;
        match frame.left {
            Left::None => {
                new = raised(&new);
                let opening = text[..from].trim_end_matches(['¿', '¡']).len();
                from = opening;
            }
            Left::Kept if deletes && frame.right == Right::None => return None,
            Left::Kept | Left::Fronted => new = lower(&new),
            Left::Sentence(end) => {
                let last = tokens[end - 1].span.end;
                from = last + text[last..].len() - text[last..].trim_start_matches(')').len();
                if !new.is_empty() {
                    new = format!(". {}", raised(&new));
                } else if frame.right != Right::None {
                    new.push('.');
                }
            }
        }
        let to = match frame.right {
            Right::None if deletes => tokens[many - 1].span.end,
            Right::None => {
                let last = tokens[many - 1].span.end;
                let open = text[from..last].matches('(').count() > text[from..last].matches(')').count();
                last + marks(&text[last..], open)
            }
            Right::Sentence(rest) => {
                let next = tokens[rest].span;
                if new.is_empty() {
                    let words = next.of(text);
                    new = if frame.left == Left::None { raised(words) } else { words.to_owned() };
                } else {
                    let stop = if closes(&new) { "" } else { "." };
                    new = format!("{new}{stop} {}", raised(next.of(text)));
                }
                next.end
            }
        };
        let bracketed = !kept.is_empty();
        Some(Draft { bracketed, ..self.draft(sentence, line, from, to, new, holes) })
    }

    /// Whether the first word of `words` has its capital for itself.
    pub(super) fn keeps_capital(&self, words: &str, sentence: &Sentence<'_>) -> bool {
        let first = words.split([' ', ',', '.']).next().unwrap_or("");
        sentence.clauses.capital.contains(first) || first.starts_with(['{', '<', '[', '%'])
    }

    fn draft(
        &self,
        sentence: &Sentence<'_>,
        line: usize,
        from: usize,
        to: usize,
        new: String,
        holes: Vec<String>,
    ) -> Draft {
        let (part, number) = self.reading.lines[line].sentence;
        let document = &self.reading.parts[part].document;
        debug_assert_eq!(document.text().len(), sentence.text.len());
        let around = shift(document.bounds()[number].span, document.offset());
        let span = shift(Span { start: from, end: to }, document.offset());
        let around = Span { start: around.start.min(span.start), end: around.end.max(span.end) };
        Draft::new(Edit { span, text: new }, holes, around)
    }

    /// The reply without one of its sentences, where something is left to say.
    fn without(&self, line: usize) -> Option<Draft> {
        let says = |&(number, other): &(usize, &crate::reading::Line)| {
            number != line && other.words > 1 && !other.acts.has(Act::Greeting) && !other.acts.has(Act::Closing)
        };
        self.reading.lines.iter().enumerate().find(says)?;
        let span = self.span_of(self.reading.lines[line].sentence);
        // What else was found there has suggestions of its own.
        let here = self.targets.iter().filter(|target| target.span.is_some_and(|other| other.overlaps(span)));
        if here.count() > 1 {
            return None;
        }
        let (head, tail) = (&self.text[..span.start], &self.text[span.end..]);
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        let before = &head[line_start..];
        let spaces = tail.len() - tail.trim_start_matches([' ', '\t']).len();
        let rest = &tail[spaces..];
        let alone = before.trim().is_empty();
        let (start, end) = if rest.is_empty() {
            (head.trim_end().len(), self.text.len())
        } else if alone && rest.starts_with(['\n', '\r']) {
            (line_start, self.text.len() - rest.trim_start_matches(['\n', '\r']).len())
        } else if rest.starts_with(['\n', '\r']) {
            (head.trim_end_matches([' ', '\t']).len(), span.end + spaces)
        } else {
            (span.start, span.end + spaces)
        };
        // A list's mark, or the quotation marks around it, would be left behind.
        if !before.trim().is_empty()
            && !before.trim_end().ends_with(|c: char| ".!?…:)»”\"'".contains(c) || !c.is_ascii())
        {
            return None;
        }
        let beside = [line + 1, line.wrapping_sub(1)].into_iter().find(|&beside| beside < self.reading.lines.len());
        let near = beside.map_or(span, |beside| self.span_of(self.reading.lines[beside].sentence));
        let around = Span { start: span.start.min(near.start).min(start), end: span.end.max(near.end).max(end) };
        Some(Draft::new(Edit { span: Span { start, end }, text: String::new() }, Vec::new(), around))
    }
}

pub(super) fn shift(span: Span, offset: usize) -> Span {
    Span { start: span.start + offset, end: span.end + offset }
}

/// Whether `text` ends a sentence.
fn closes(text: &str) -> bool {
    text.ends_with(['.', '?', '!', '…'])
}

/// How many bytes of marks that end a sentence or a clause `text` begins with, a bracket among them if one is `open`.
fn marks(text: &str, open: bool) -> usize {
    let mark = |c: char| ".!?…:;,".contains(c) || (open && c == ')');
    text.len() - text.trim_start_matches(mark).len()
}

/// Where the first sentence of `text` ends, before its mark.
fn first_end(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' | '?' | '!' if depth == 0 && text[at + 1..].chars().next().is_none_or(char::is_whitespace) => {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}
