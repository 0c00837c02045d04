//! The clause that words stand in, and what of its sentence goes on standing when another takes its place.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::document::{Tok, TokenKind};
use crate::pattern::{Context, Pattern};

use super::text::lowered;

/// What a lexicon knows of clauses.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Clauses {
    /// Words that only soften what they stand before: they go with it.
    pub(crate) softener: Vec<Pattern>,
    pub(crate) but: Vec<Pattern>,
    pub(crate) because: Vec<Pattern>,
    /// Words before a reason that is no clause: because of. They are put first with it.
    pub(crate) owing: Vec<Pattern>,
    /// Other words between two clauses: and, so.
    pub(crate) and: Vec<Pattern>,
    /// Such words whatever follows, where a mark stands before them: a sentence of its own does without.
    pub(crate) link: Vec<Pattern>,
    /// Words at a sentence's head that set it against the one before.
    pub(crate) contrast: Vec<Pattern>,
    /// The first words of what may stand before a main clause with a comma.
    pub(crate) subordinate: Vec<Pattern>,
    /// The first words of a condition: what is positive must not hang on it, so it goes with the clause.
    pub(crate) condition: Vec<Pattern>,
    /// First words of a sentence that point at the one before.
    pub(crate) anaphor: Vec<Pattern>,
    /// The first words of a main clause that follows without a comma.
    pub(crate) start: Vec<Pattern>,
    /// The first words of a clause that cannot stand without the one before: which, who.
    pub(crate) relative: Vec<Pattern>,
    /// Words that must survive whole: dates, amounts, order numbers.
    pub(crate) keep: Vec<Pattern>,
    /// What of that a promise may lose: hours, days.
    pub(crate) promised: Vec<Pattern>,
    /// Words that keep their capital within a sentence.
    pub(crate) capital: BTreeSet<Box<str>>,
    /// Subjects that may change places with a verb, in a language that inverts.
    pub(crate) subject: BTreeSet<Box<str>>,
    /// How a reason is put before a clause: `since $reason, `.
    pub(crate) since: Box<str>,
    /// Words before what a refusal waits for, and how that is put before what we can do: until, `as soon as $reason, `.
    pub(crate) waits: Vec<(Vec<Pattern>, Box<str>)>,
    /// Whether a clause needs another order of words when something stands before it.
    pub(crate) inverts: bool,
}

impl Clauses {
    /// `words` as they stand within a sentence: with a small first letter, unless they have their capital for themselves.
    pub(crate) fn lower(&self, words: &str) -> String {
        let first = words.split([' ', ',', '.']).next().unwrap_or("");
        let keeps = self.capital.contains(first) || first.starts_with(['{', '<', '[', '%']);
        if keeps { words.to_owned() } else { lowered(words) }
    }
}

/// What becomes of the sentence before a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// There is nothing, or it goes.
    None,
    /// It stays, and the new clause goes on after it: an address, a heading.
    Kept,
    /// It stays, and the new clause depends on it.
    Fronted,
    /// It stays, up to this token, as a sentence of its own.
    Sentence(usize),
}

/// What becomes of the sentence after a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// There is nothing, or it goes.
    None,
    /// It stays from this token on, as a sentence of its own.
    Sentence(usize),
}

/// How a reason is put before a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    Since,
    /// With its own first words.
    Owing,
    /// As what we wait for, by its index in [`Clauses::waits`].
    Waits(usize),
}

/// A clause, in tokens of its sentence, and its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The tokens that give way.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) left: Left,
    pub(crate) right: Right,
    /// The tokens of a reason within what gives way.
    pub(crate) reason: Option<(usize, usize)>,
    /// How it is put first.
    pub(crate) front: Front,
    /// Tokens of a sentence of its own within what gives way, to stand before.
    pub(crate) fact: Option<(usize, usize)>,
}

/// What a sentence is asked of its tokens.
pub(crate) struct Sentence<'s> {
    pub(crate) context: &'s Context<'s>,
    pub(crate) text: &'s str,
    pub(crate) clauses: &'s Clauses,
    /// Whether some tokens do something for the customer, or say something that must stay.
    pub(crate) acts: &'s dyn Fn(usize, usize) -> bool,
    /// The same, if it is help.
    pub(crate) helps: &'s dyn Fn(usize, usize) -> bool,
    /// Whether some tokens were found fault with.
    pub(crate) found: &'s dyn Fn(usize, usize) -> bool,
}

/// A word between clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    But,
    Because,
    And,
}

/// A number of so many digits is a name.
const NAME: usize = 4;
/// A joint has no more words than this.
const JOINT: usize = 4;
/// An address before a clause has no more words than this.
const ADDRESS: usize = 3;

impl Sentence<'_> {
    fn tokens(&self) -> &[Tok] {
        self.context.tokens.list
    }

    /// Whether a mark between clauses stands at a token: "4(b)" and "24/7" are one.
    fn is_break(&self, at: usize) -> bool {
        let is_mark = |at: &usize| self.tokens().get(*at).is_some_and(|token| token.kind == TokenKind::Break);
        if !is_mark(&at) {
            return false;
        }
        let span = self.tokens()[at].span;
        let mark = span.of(self.text);
        let opens = |at: &usize| is_mark(at) && self.mark(*at).contains('(');
        if let (')', Some(open)) = (mark.chars().next().unwrap_or(' '), (0..at).rev().find(opens)) {
            return mark.len() > 1 || self.is_break(open);
        }
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        space(self.text[..span.start].chars().next_back()) || space(self.text[span.end..].chars().next())
    }

    fn mark(&self, at: usize) -> &str {
        self.tokens()[at].span.of(self.text)
    }

    /// The joint that begins at a token, and where it ends.
    fn joint_at(&self, at: usize) -> Option<(Joint, usize)> {
        let kinds = [
            (Joint::But, &self.clauses.but),
            (Joint::Because, &self.clauses.owing),
            (Joint::Because, &self.clauses.because),
            (Joint::And, &self.clauses.and),
        ];
        kinds.into_iter().find_map(|(kind, patterns)| Some((kind, self.begins(patterns, at)?)))
    }

    /// Where the words end that one of some patterns reports, if they begin at a token.
    pub(super) fn begins(&self, patterns: &[Pattern], at: usize) -> Option<usize> {
        let ends = patterns.iter().filter_map(|pattern| pattern.match_at(at, self.context));
        ends.filter(|found| found.reported.0 == at).map(|found| found.reported.1).max()
    }

    /// Whether a reason or a condition begins at a token.
    pub(super) fn explains(&self, at: usize) -> bool {
        let clauses = self.clauses;
        self.begins_any(&[&clauses.because, &clauses.owing, &clauses.condition], at)
    }

    /// Whether what some patterns report begins at a token.
    fn begins_any(&self, kinds: &[&[Pattern]], at: usize) -> bool {
        kinds.iter().any(|patterns| self.begins(patterns, at).is_some())
    }

    /// Whether some tokens only soften.
    fn softens(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            at = match self.begins(&self.clauses.softener, at) {
                Some(end) => end,
                None if self.is_break(at) => at + 1,
                None => return false,
            };
        }
        true
    }

    /// The clause around tokens `from..to`.
    pub(crate) fn frame(&self, from: usize, to: usize) -> Frame {
        let (start, left) = self.left(from);
        let mut frame =
            Frame { start, end: to, left, right: Right::None, reason: None, front: Front::Since, fact: None };
        self.right(to, &mut frame);
        self.waiting(from, &mut frame);
        frame
    }

    /// What the clause waits for, within it or before it, unless it gives a reason.
    fn waiting(&self, from: usize, frame: &mut Frame) {
        if frame.reason.is_some() || matches!(frame.left, Left::Fronted) {
            return;
        }
        let found = (0..frame.end).find_map(|at| {
            let mut waits = self.clauses.waits.iter().enumerate();
            let (number, start) =
                waits.find_map(|(number, (patterns, _))| Some((number, self.begins(patterns, at)?)))?;
            let end = self.clause_end(start).min(frame.end);
            // «Förrän skulden är betald öppnar vi inte»: the main clause goes on without a mark.
            let main = (start + 1..end).find(|&at| self.begins(&self.clauses.start, at).is_some());
            let end = main.unwrap_or(end);
            let inside = at >= frame.start && (at == 0 || at > from) && end > start;
            inside.then_some((number, (start, end)))
        });
        if let Some((number, range)) = found {
            frame.front = Front::Waits(number);
            frame.reason = Some(range);
        }
    }

    fn left(&self, from: usize) -> (usize, Left) {
        for at in (1..=from).rev() {
            // The longest that ends here.
            let joint = (at.saturating_sub(JOINT)..at)
                .find_map(|start| self.joint_at(start).filter(|&(_, end)| end == at).map(|(kind, _)| (kind, start)));
            let before = match joint {
                Some((_, start)) => start,
                None if self.is_break(at - 1) => at - 1,
                None if self.begins(&self.clauses.start, at).is_some() => at,
                None => continue,
            };
            let mut end = before;
            while end > 0 && self.is_break(end - 1) {
                end -= 1;
            }
            if end == 0 || self.softens(0, end) || self.begins(&self.clauses.condition, 0).is_some() {
                return (0, Left::None);
            }
            // What holds a main clause of its own waits for no other.
            let one = !(1..end).any(|at| self.is_break(at) || self.begins(&self.clauses.start, at).is_some());
            let fronts = one && self.begins(&self.clauses.subordinate, 0).is_some();
            let left = match joint {
                Some(_) if fronts => Left::Fronted,
                Some(_) if end > 1 => Left::Sentence(end),
                Some(_) => Left::None,
                None if before == at => {
                    if fronts {
                        Left::Fronted
                    } else {
                        Left::None
                    }
                }
                None if !self.mark(at - 1).contains([',', '…', '/', '|']) => Left::Kept,
                None if fronts => Left::Fronted,
                None if end <= ADDRESS && !(self.found)(0, end) => Left::Kept,
                None => Left::Sentence(end),
            };
            let half = matches!(left, Left::Sentence(_)) && self.is_half(0, end);
            return if left == Left::None || half { (0, Left::None) } else { (at, left) };
        }
        (0, Left::None)
    }

    /// Whether some tokens are no sentence: they begin with what waits for a main clause, or break off before one ("that, …").
    fn is_half(&self, from: usize, to: usize) -> bool {
        let clauses = self.clauses;
        let waits =
            self.begins_any(&[&clauses.subordinate, &clauses.condition, &clauses.because, &clauses.relative], from);
        let whole = (from + 1..to).any(|at| self.begins(&clauses.start, at).is_some() || (self.is_break(at) && !waits));
        let open = |at: usize| {
            let ends = [&clauses.relative, &clauses.link, &clauses.because, &clauses.but];
            ends.into_iter().any(|patterns| self.begins(patterns, at) == Some(at + 1))
        };
        (waits && !whole) || (from..to).any(|at| open(at) && (at + 1 == to || self.is_break(at + 1)))
    }

    fn right(&self, to: usize, frame: &mut Frame) {
        let many = self.tokens().len();
        let mut at = to;
        while at < many {
            let broken = self.is_break(at);
            let content = at + usize::from(broken);
            match self.joint_at(content) {
                Some((Joint::Because, reason)) => {
                    let end = self.clause_end(reason);
                    if end > reason && !(self.found)(reason, end) && frame.reason.is_none() {
                        let owing = self.begins(&self.clauses.owing, content).is_some();
                        frame.front = if owing { Front::Owing } else { Front::Since };
                        frame.reason = Some((if owing { content } else { reason }, end));
                    }
                    at = end.max(content + 1);
                    continue;
                }
                Some((_, rest)) if many > rest + 1 && !self.is_faulty(rest) && !self.hangs(rest) => {
                    frame.end = at;
                    frame.right = Right::Sentence(rest);
                    return;
                }
                _ => {}
            }
            if broken {
                let end = self.clause_end(content);
                if self.mark(at).contains([':', ';', '–', '—', '-'])
                    && end > content + 2
                    && !self.is_half(content, end)
                    && !(self.found)(content, many)
                    && !(self.helps)(content, many)
                {
                    frame.fact = Some((content, many));
                    frame.end = many;
                    return;
                }
                let hangs = self.hangs(content);
                let acts = end > content && (self.acts)(content, end) && !self.is_faulty(content);
                if !hangs && !self.mark(at).contains('(') && acts {
                    frame.end = at;
                    frame.right = Right::Sentence(
                        self.begins(&self.clauses.link, content).filter(|&rest| rest < end).unwrap_or(content),
                    );
                    return;
                }
            }
            at += 1;
        }
        frame.end = many;
    }

    /// Whether the clause that begins at a token cannot stand without the one before.
    fn hangs(&self, at: usize) -> bool {
        self.begins_any(&[&self.clauses.relative, &self.clauses.because], at)
    }

    /// Whether the clause that begins at a token was found fault with itself, and helps nobody: it goes, too.
    fn is_faulty(&self, from: usize) -> bool {
        let end = self.clause_end(from);
        end > from && (self.found)(from, end) && !(self.helps)(from, self.tokens().len())
    }

    /// Where the clause that begins at a token ends: at the next mark or joint.
    fn clause_end(&self, from: usize) -> usize {
        let many = self.tokens().len();
        (from..many).find(|&at| self.is_break(at) || (at > from && self.joint_at(at).is_some())).unwrap_or(many)
    }

    /// What must survive in some tokens: addresses, placeholders, numbers, and whatever the lexicon says belongs to them.
    pub(crate) fn kept(&self, from: usize, to: usize, promise: bool) -> Vec<Span> {
        let tokens = self.tokens();
        let stretches = |patterns: &[Pattern]| -> Vec<(usize, usize)> {
            let found = patterns.iter().flat_map(|pattern| pattern.matches(self.context));
            found.map(|found| found.reported).collect()
        };
        let mut kept: Vec<(usize, usize)> = stretches(&self.clauses.keep);
        kept.extend((from..to).filter(|&at| holds(&tokens[at])).map(|at| (at, at + 1)));
        kept.extend(self.long_numbers());
        if promise {
            let lost = stretches(&self.clauses.promised);
            kept.retain(|(start, end)| !lost.iter().any(|(from, to)| from <= start && end <= to));
        }
        kept.retain(|&(start, end)| from < end && start < to);
        kept.sort_by_key(|&(start, end)| (start, std::cmp::Reverse(end)));
        kept.dedup_by(|later, earlier| later.1 <= earlier.1);
        // Those that share a word or touch become one.
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in kept {
            match merged.last_mut() {
                // Numbers side by side are one: a telephone number.
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let span =
            |(start, end): (usize, usize)| Span { start: tokens[start].span.start, end: tokens[end - 1].span.end };
        let bounds = span((from, to));
        merged.iter().map(|&range| self.whole(span(range), bounds)).collect()
    }

    /// Numbers that are a name: of an order, a telephone, a year.
    fn long_numbers(&self) -> Vec<(usize, usize)> {
        let tokens = self.tokens();
        let numbers = tokens.chunk_by(|one, next| one.kind == TokenKind::Number && next.kind == TokenKind::Number);
        let mut at = 0;
        let mut found = Vec::new();
        for run in numbers {
            let all = Span { start: run[0].span.start, end: run[run.len() - 1].span.end };
            let all = self.whole(all, Span { start: tokens[0].span.start, end: tokens[tokens.len() - 1].span.end });
            let digits = all.of(self.text).chars().filter(char::is_ascii_digit).count();
            if run[0].kind == TokenKind::Number && digits >= NAME {
                found.push((at, at + run.len()));
            }
            at += run.len();
        }
        found
    }

    /// A span widened to whole words: what hangs on a number belongs to it ("CL-20931", "15:e").
    fn whole(&self, span: Span, bounds: Span) -> Span {
        let apart = |c: char| c.is_whitespace() || "<>()[]\"“”«»,;…".contains(c);
        let before = &self.text[bounds.start.min(span.start)..span.start];
        let after = &self.text[span.end..bounds.end.max(span.end)];
        let head = before.len()
            - before.rfind(apart).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let tail = after.find(apart).unwrap_or(after.len());
        let tail = after[..tail].trim_end_matches(['.', ':', '!', '?', '-', '–', '—']).len();
        let head = before[before.len() - head..].trim_start_matches(['¿', '¡', '-', '–', '—', '*', '_', '/']).len();
        Span { start: span.start - head, end: span.end + tail }
    }
}

/// Whether a token says something that no rewrite may lose.
fn holds(token: &Tok) -> bool {
    matches!(token.kind, TokenKind::Url | TokenKind::Mail | TokenKind::Placeholder | TokenKind::Code)
}
