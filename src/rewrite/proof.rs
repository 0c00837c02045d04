//! A suggestion, read again where it would stand: the finding must be gone, and nothing new found.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::act::Act;
use crate::language::FormOfAddress;
use crate::reading::Reading;
use crate::suggestion::{Edit, apply};
use crate::{Language, Severity, Span};

use super::workshop::Target;

/// What reads a text again.
pub(crate) trait Judge {
    /// The rules that the words of a fragment break.
    fn words(&self, fragment: &str, language: &Language) -> Vec<usize>;

    /// The rules that a whole reply breaks, and how severely.
    fn reply(&self, text: &str) -> Vec<(usize, Severity)>;

    /// How a reply addresses the customer.
    fn form_of_address(&self, text: &str) -> Option<FormOfAddress>;

    /// Whether a third apology counts.
    fn counts_apologies(&self) -> bool;
}

/// So many apologies are too many.
const REPEATED: usize = 3;
/// A reply of no more bytes is judged whole for every rewrite.
const SHORT: usize = 400;
/// In a text longer than this, apologies are not counted again for every rewrite.
const LONG: usize = 64_000;

/// The reply as it stands, to compare with.
pub(super) struct Proof<'r> {
    reading: &'r Reading<'r>,
    text: &'r str,
    judge: &'r dyn Judge,
    address: Option<&'r FormOfAddress>,
    /// The strong signs of the form of address, from the first to the last.
    signs: Option<Span>,
    /// What windows of the text break as they stand.
    before: RefCell<HashMap<Window, Vec<usize>>>,
}

/// A stretch of the reply; all of it is judged as a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Window {
    Words(usize, usize),
    Reply,
}

impl<'r> Proof<'r> {
    pub(super) fn new(
        reading: &'r Reading<'r>,
        text: &'r str,
        address: Option<&'r FormOfAddress>,
        forms: &[(&FormOfAddress, Span)],
        judge: &'r dyn Judge,
    ) -> Proof<'r> {
        let mut of_form = forms.iter().filter(|(form, _)| Some(*form) == address).map(|&(_, span)| span);
        let signs =
            of_form.next().map(|first| of_form.fold(first, |all, span| Span { end: all.end.max(span.end), ..all }));
        Proof { reading, text, judge, address, signs, before: RefCell::default() }
    }

    /// Whether the reply with some edits made has lost the finding and gained none, and addresses the customer as before.
    pub(super) fn holds(&self, target: &Target, line: usize, edits: &[Edit], holes: &[String]) -> bool {
        let (part, _) = self.reading.lines[line].sentence;
        let engine = &self.reading.parts[part].voice.base;
        let fill = |mut text: String| {
            for hole in holes {
                text = text.replace(&format!("{{{hole}}}"), &engine.writing.grammar.neutral);
            }
            text
        };
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return false };
        let edited = Span { start: first.span.start, end: last.span.end };
        // Only where the last sign goes can the form change.
        let unsigned = self.signs.is_some_and(|signs| edited.start <= signs.start && signs.end <= edited.end);
        if unsigned && !target.counted {
            let form = self.judge.form_of_address(&fill(apply(self.text, edits)));
            if form.is_some() && form.as_ref() != self.address {
                return false;
            }
        }
        let whole = target.span.is_none() || target.counted;
        if !whole {
            let language = &engine.tongue.language;
            let window = self.window(line, edited);
            let shifted = edits.iter().map(|edit| Edit {
                span: Span { start: edit.span.start - window.start, end: edit.span.end - window.start },
                text: edit.text.clone(),
            });
            let shifted: Vec<Edit> = shifted.collect();
            let after = self.judge.words(&fill(apply(window.of(self.text), &shifted)), language);
            let mut before = self.before.borrow_mut();
            let before = before
                .entry(Window::Words(window.start, window.end))
                .or_insert_with(|| self.judge.words(window.of(self.text), language));
            if !betters(before, &after, target) {
                return false;
            }
        }
        // Of a short reply little may be left to say, and one apology more may be too many.
        if whole || self.text.len() <= SHORT || (target.apology && self.may_repeat()) {
            let after = self.reply(&fill(apply(self.text, edits)), target);
            let mut before = self.before.borrow_mut();
            let before = before
                .entry(Window::Reply)
                .or_insert_with(|| self.judge.reply(self.text).into_iter().map(|(rule, _)| rule).collect());
            return betters(before, &after, target);
        }
        true
    }

    /// The rules that a reply breaks, without the hints beside the one that is asked for: what is put in may leave another.
    fn reply(&self, text: &str, target: &Target) -> Vec<usize> {
        let broken = self.judge.reply(text).into_iter();
        broken
            .filter(|&(rule, severity)| rule == target.rule || severity > Severity::Hint)
            .map(|(rule, _)| rule)
            .collect()
    }

    /// Whether one more apology may be one too many.
    fn may_repeat(&self) -> bool {
        let apologies = self.reading.deeds.iter().filter(|deed| deed.act == Act::Apology);
        self.judge.counts_apologies() && self.text.len() <= LONG && apologies.take(REPEATED + 1).count() <= REPEATED
    }

    /// The sentences that change: a rule's words lie within one.
    fn window(&self, line: usize, edited: Span) -> Span {
        let lines = &self.reading.lines;
        let span = |line: usize| self.reading.span_of(lines[line].sentence);
        let here = span(line);
        let next = (line + 1..lines.len()).map(span).take_while(|next| next.start < edited.end).last();
        let end = next.map_or(here.end, |next| next.end);
        Span { start: here.start.min(edited.start), end: end.max(edited.end) }
    }
}

/// Whether the finding is gone from what is broken, and nothing is new.
fn betters(before: &[usize], after: &[usize], target: &Target) -> bool {
    let mut counts: HashMap<usize, isize> = HashMap::new();
    before.iter().for_each(|rule| *counts.entry(*rule).or_default() += 1);
    after.iter().for_each(|rule| *counts.entry(*rule).or_default() -= 1);
    let known = before.contains(&target.rule);
    counts.iter().all(|(rule, left)| *left >= isize::from(known && *rule == target.rule))
}
