//! A reply as read by its language's lexicon: sentences, what was found in them, what each does.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::Span;
use crate::act::{Act, Acts};
use crate::document::{Document, MaskKind, TokenKind, letters};
use crate::engine::{Engine, Match, Owner, Pass};
use crate::pattern::Context;
use crate::scratch::Scratch;

/// A language an analyzer speaks: its lexicon, and the team's own for it.
#[derive(Debug)]
pub(crate) struct Voice {
    pub(crate) base: Arc<Engine>,
    pub(crate) own: Option<Arc<Engine>>,
    /// The team's own names, as the symbols of their words.
    pub(crate) companies: Vec<Vec<u64>>,
}

/// A stretch of a reply in one language.
pub(crate) struct Part<'t> {
    pub(crate) voice: &'t Voice,
    pub(crate) document: Document<'t>,
}

/// A place where a rule's phrase stands.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) rule: usize,
    pub(crate) pattern: Arc<str>,
    pub(crate) span: Span,
    /// How many letters it takes, the same in NFC and NFD.
    pub(crate) length: usize,
    /// The part and the sentence within it.
    pub(crate) sentence: (usize, usize),
    /// The sentence among all of the reply's.
    pub(crate) line: usize,
}

/// A place where a speech act's phrase stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    pub(crate) act: Act,
    pub(crate) span: Span,
    pub(crate) line: usize,
}

/// What a pass finds in a reply.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) hits: Vec<Hit>,
    pub(crate) deeds: Vec<Deed>,
}

impl<'t> Part<'t> {
    /// Reads a stretch of a reply.
    pub(crate) fn new(voice: &'t Voice, text: &'t str, offset: usize, scratch: &mut Scratch) -> Part<'t> {
        let buffers = scratch.buffers.pop().unwrap_or_default();
        Part { voice, document: Document::read(text, offset, &voice.base.tongue, buffers) }
    }

    /// Gives its memory back.
    pub(crate) fn recycle(self, scratch: &mut Scratch) {
        scratch.buffers.push(self.document.into_buffers());
    }

    fn engines(&self) -> impl Iterator<Item = &Arc<Engine>> {
        std::iter::once(&self.voice.base).chain(&self.voice.own)
    }

    /// Adds what the first pass finds here to `all`: hits of the rules that `count`, and deeds. `first` is the number of the part's first
    /// sentence.
    pub(crate) fn find(
        &self,
        part: usize,
        first: usize,
        counts: impl Fn(usize) -> bool,
        scratch: &mut Scratch,
        all: &mut Found,
    ) {
        let mut matches = std::mem::take(&mut scratch.matches);
        for (number, engine) in self.engines().enumerate() {
            engine.matches(&self.document, Pass::Rules, &self.voice.companies, &mut scratch.search, &mut matches);
            for found in &matches {
                let phrase = &engine.body.phrases[found.phrase];
                let Some(span) = self.span(found) else { continue };
                let line = first + found.sentence;
                match phrase.owner {
                    Owner::Act(act) => all.deeds.push(Deed { act, span, line }),
                    Owner::Rule(rule) if counts(rule) => {
                        let silenced = number == 0 && self.silenced(rule, found);
                        let sentence = (part, found.sentence);
                        if !silenced {
                            let offset = self.document.offset();
                            let length = letters(&self.document.text()[span.start - offset..span.end - offset]).count();
                            all.hits.push(Hit { rule, pattern: phrase.id.clone(), span, length, sentence, line });
                        }
                    }
                    Owner::Rule(_) => {}
                }
            }
        }
        scratch.matches = matches;
    }

    /// Calls `found` for the `wanted` acts of a sentence that no rule starts with; what it returns is wanted no more.
    fn find_acts(
        &self,
        sentence: usize,
        line: usize,
        wanted: Acts,
        scratch: &mut Scratch,
        mut found: impl FnMut(Deed) -> Acts,
    ) {
        for pass in [Pass::Help, Pass::Acts] {
            for engine in self.engines() {
                let wanted = Cell::new(wanted);
                if engine.acts(pass).and(wanted.get()).is_empty() {
                    continue;
                }
                let only = sentence..sentence + 1;
                let (companies, search) = (&self.voice.companies, &mut scratch.search);
                let asked = |acts: Acts| !acts.and(wanted.get()).is_empty();
                let _ = engine.each_match(&self.document, only, pass, companies, search, asked, |one| {
                    if let (Owner::Act(act), Some(span)) = (engine.body.phrases[one.phrase].owner, self.span(&one)) {
                        wanted.set(wanted.get().without(found(Deed { act, span, line })));
                    }
                    ControlFlow::Continue(())
                });
            }
        }
    }

    /// Whether something helps within the first so many words.
    pub(crate) fn helps_within(&self, words: usize, scratch: &mut Scratch) -> bool {
        let sentences = self.document.bounds();
        let mut left = words;
        for sentence in 0..sentences.len() {
            let tokens = self.document.tokens(sentence).list;
            let mut worded = (0..tokens.len()).filter(|&at| tokens[at].kind != TokenKind::Break);
            let end = worded.nth(left).unwrap_or(tokens.len());
            let found = |found: Match| {
                let early = found.range.reported.1 <= end && self.span(&found).is_some();
                if early { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let helps = self.engines().any(|engine| {
                let only = sentence..sentence + 1;
                let (companies, search) = (&self.voice.companies, &mut scratch.search);
                engine.each_match(&self.document, only, Pass::Help, companies, search, |_| true, found).is_break()
            });
            if helps {
                return true;
            }
            let all = tokens.iter().filter(|token| token.kind != TokenKind::Break).count();
            if all >= left {
                break;
            }
            left -= all;
        }
        false
    }

    /// Whether it holds no more than so many words.
    pub(crate) fn is_short(&self, words: usize) -> bool {
        self.document.words().nth(words).is_none()
    }

    /// A sentence, as the patterns of its language read it.
    pub(crate) fn context(&self, sentence: usize) -> Context<'_> {
        self.voice.base.context(&self.document, sentence, &self.voice.companies)
    }

    fn silenced(&self, rule: usize, found: &Match) -> bool {
        self.voice.own.as_ref().is_some_and(|own| {
            let context = own.context(&self.document, found.sentence, &self.voice.companies);
            own.silences(rule, found.range, &context)
        })
    }

    /// The bytes of a match in the reply, on grapheme boundaries; `None` where it holds no unmasked word.
    fn span(&self, found: &Match) -> Option<Span> {
        let tokens = &self.document.tokens(found.sentence).list[found.range.reported.0..found.range.reported.1];
        let worded = tokens.iter().any(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number));
        let (first, last) = (tokens.first()?, tokens.last()?);
        let span = widen(self.document.text(), Span { start: first.span.start, end: last.span.end });
        worded.then_some(span.shifted(self.document.offset()))
    }
}

/// The span, widened to grapheme boundaries.
fn widen(text: &str, span: Span) -> Span {
    use unicode_segmentation::GraphemeCursor;
    // A boundary beside ASCII needs no tables.
    let plain = |at: usize| {
        let bytes = text.as_bytes();
        at == 0
            || at == bytes.len()
            || (bytes[at - 1].is_ascii() && bytes[at].is_ascii() && (bytes[at - 1], bytes[at]) != (b'\r', b'\n'))
    };
    let mut span = span;
    if !plain(span.start) {
        let mut cursor = GraphemeCursor::new(span.start, text.len(), true);
        if !cursor.is_boundary(text, 0).unwrap_or(true) {
            span.start = cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(span.start);
        }
    }
    if !plain(span.end) {
        let mut cursor = GraphemeCursor::new(span.end, text.len(), true);
        if !cursor.is_boundary(text, 0).unwrap_or(true) {
            span.end = cursor.next_boundary(text, 0).ok().flatten().unwrap_or(span.end);
        }
    }
    span
}

/// A whole reply, read.
pub(crate) struct Reading<'r> {
    pub(crate) parts: &'r [Part<'r>],
    pub(crate) hits: &'r [Hit],
    pub(crate) deeds: Vec<Deed>,
    pub(crate) lines: Vec<Line>,
}

/// A sentence of a reply, in numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) sentence: (usize, usize),
    /// Words in it, placeholders and numbers included.
    pub(crate) words: usize,
    pub(crate) acts: Acts,
}

impl<'r> Reading<'r> {
    /// Reads a reply, given what the first pass found in it, as far as somebody `asks`. `passive` are the rules whose words do nothing for the
    /// customer, whatever act they look like: a refusal, a redirect, a brush-off. `scolds` are those that speak of the customer's temper or
    /// wits.
    pub(crate) fn new(
        parts: &'r [Part<'r>],
        hits: &'r [Hit],
        deeds: Vec<Deed>,
        asks: Asks,
        scratch: &mut Scratch,
        passive: impl Fn(usize) -> bool,
        scolds: impl Fn(usize) -> bool,
    ) -> Reading<'r> {
        let idle = |deed: &Deed| {
            let idles = |hit: &Hit| match deed.act {
                Act::Apology | Act::Greeting | Act::Closing => false,
                // What is said of a fault counts, whoever is blamed for it.
                Act::Fault | Act::OwnFault => scolds(hit.rule),
                _ => passive(hit.rule),
            };
            !hits.is_empty() && overlapping(hits, deed.span).any(idles)
        };
        let mut lines = std::mem::take(&mut scratch.lines);
        lines.clear();
        let mut deeds = deeds;
        deeds.retain(|deed| !idle(deed));
        let mut wanted = asks.acts;
        for (number, part) in parts.iter().enumerate() {
            for sentence in 0..part.document.bounds().len() {
                let tokens = part.document.tokens(sentence).list;
                let words = tokens.iter().filter(|token| token.kind != TokenKind::Break).count();
                let line = lines.len();
                let mut done = Acts::default();
                part.find_acts(sentence, line, wanted, scratch, |deed| {
                    if idle(&deed) {
                        return Acts::default();
                    }
                    deeds.push(deed);
                    done.add(deed.act);
                    if asks.each { Acts::default() } else { done.without(Acts::of(COUNTED)) }
                });
                lines.push(Line { sentence: (number, sentence), words, acts: done });
                if !asks.lines && done.helps() {
                    wanted = wanted.without(Acts::helping().without(asks.found));
                    wanted = wanted.without(done.and(asks.found));
                }
            }
        }
        deeds.sort_unstable_by_key(|deed| (deed.span.start, deed.span.end, deed.act));
        for deed in &deeds {
            lines[deed.line].acts.add(deed.act);
        }
        Reading { parts, hits, deeds, lines }
    }

    /// Gives its memory back.
    pub(crate) fn recycle(self, scratch: &mut Scratch) {
        scratch.lines = self.lines;
        scratch.found.deeds = self.deeds;
    }

    /// A sentence's place in the reply.
    pub(crate) fn span_of(&self, (part, sentence): (usize, usize)) -> Span {
        let document = &self.parts[part].document;
        document.bounds()[sentence].span.shifted(document.offset())
    }

    /// The sentence before, the sentence itself, the next.
    pub(crate) fn lines_around(&self, line: usize) -> Vec<usize> {
        let near = |line: usize| (line < self.lines.len()).then_some(line);
        let before = line.checked_sub(1).unwrap_or(line);
        std::iter::once(before).chain(near(line)).chain(near(line + 1)).collect()
    }

    /// Whether a sentence helps; one that is not there does not.
    pub(crate) fn helps(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| line.acts.helps())
    }

    pub(crate) fn reasons(&self, line: usize) -> bool {
        self.lines[line].acts.has(Act::Reason)
    }

    /// Whether not knowing is not left at that: the same or the next sentence says that we will find out.
    pub(crate) fn finds_out(&self, line: usize) -> bool {
        self.lines[line..].iter().take(2).any(|line| line.acts.has(Act::FindOut))
    }

    pub(crate) fn does(&self, act: Act) -> bool {
        self.lines.iter().any(|line| line.acts.has(act))
    }

    /// What a sentence does.
    pub(crate) fn deeds_of(&self, line: usize) -> impl Iterator<Item = &Deed> {
        // Deeds are in order of their places, and so of their sentences.
        let first = self.deeds.partition_point(|deed| deed.line < line);
        self.deeds[first..].iter().take_while(move |deed| deed.line == line)
    }

    /// Whether `span` lies within a deed of one of these kinds.
    pub(crate) fn within(&self, span: Span, acts: &[Act]) -> bool {
        let after = self.deeds.partition_point(|deed| deed.span.start <= span.start);
        let near = self.deeds[..after].iter().rev().take(NEAR);
        near.into_iter().any(|deed| acts.contains(&deed.act) && span.end <= deed.span.end)
    }

    /// The hits that overlap `span`.
    pub(crate) fn hits_over(&self, span: Span) -> impl Iterator<Item = &Hit> {
        overlapping(self.hits, span)
    }

    /// Whether the reply holds a block of code, which says something though it is not prose.
    pub(crate) fn has_code(&self) -> bool {
        self.parts.iter().any(|part| part.document.masked().iter().any(|mask| mask.kind == MaskKind::CodeBlock))
    }
}

/// Which of a reply's acts a reading is to find.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks {
    pub(crate) acts: Acts,
    /// Of those that help: which must be found beside the first that helps at all.
    pub(crate) found: Acts,
    /// What each sentence does that helps, not only whether one does.
    pub(crate) lines: bool,
    /// Each place of an act in a sentence, not only one.
    pub(crate) each: bool,
}

impl Asks {
    /// All there is.
    pub(crate) const ALL: Asks = Asks { acts: Acts::ALL, found: Acts::ALL, lines: true, each: true };
}

/// Acts of which every place counts.
const COUNTED: [Act; 3] = [Act::Greeting, Act::Closing, Act::Apology];

/// How many deeds back one may begin that still covers a place: a pattern's width is bounded.
const NEAR: usize = 64;

/// The hits that overlap `span`; `hits` are in order and do not overlap.
fn overlapping(hits: &[Hit], span: Span) -> impl Iterator<Item = &Hit> {
    let first = hits.partition_point(|hit| hit.span.end <= span.start);
    hits[first..].iter().take_while(move |hit| hit.span.start < span.end)
}
