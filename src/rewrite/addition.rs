//! What a reply lacks, put in its place: after the greeting, after a refusal, before the closing.

use crate::Span;
use crate::act::Act;
use crate::document::{Tok, TokenKind};
use crate::suggestion::Edit;

use super::clause::Right;
use super::text::{Written, raised};
use super::workshop::{Draft, Workshop};
use super::{Place, Rewrite};

/// A line of no more words than this may be a signature.
const SIGNATURE: usize = 8;

impl Workshop<'_> {
    /// A sentence put into the reply.
    pub(super) fn addition(&self, rewrite: &Rewrite, values: &[Box<str>]) -> Option<Draft> {
        let Written { text, holes } = rewrite.text.write(values, None)?;
        let line = match rewrite.place {
            Place::Opening => return self.opening(text, holes),
            Place::Refusal => return self.reason(&text, holes),
            _ => self.last_of_body()?,
        };
        Some(self.after(line, &text, holes))
    }

    /// A sentence put after another.
    fn after(&self, line: usize, text: &str, holes: Vec<String>) -> Draft {
        let around = self.reading.span_of(self.reading.lines[line].sentence);
        let said = around.of(self.text);
        let before = self.text[..around.start].rsplit('\n').next().unwrap_or("").trim();
        let item = !before.is_empty() && before.chars().all(|c| c.is_ascii_digit() || "-*•–·+.)".contains(c));
        let glue = if item {
            "\n\n"
        } else if said.ends_with(|c: char| c.is_alphanumeric()) {
            if said.split_whitespace().next_back().is_some_and(|word| word.contains(['/', '@'])) { "\n" } else { ". " }
        } else if said.ends_with([':', '-', ',']) {
            "\n"
        } else {
            " "
        };
        let at = around.end;
        Draft::new(Edit { span: Span { start: at, end: at }, text: format!("{glue}{text}") }, holes, around)
    }

    /// A sentence put after the greeting.
    fn opening(&self, text: String, holes: Vec<String>) -> Option<Draft> {
        let lines = &self.reading.lines;
        let greets = |line: usize| lines[line].acts.has(Act::Greeting);
        let thanks = |line: usize| lines[line].acts.has(Act::Closing) && !self.reading.helps(line);
        let only = |line: usize| {
            (greets(line) && self.greeting_end(line).is_none_or(|end| end.is_none())) || (!greets(line) && thanks(line))
        };
        let line = (0..lines.len()).find(|&line| !only(line)).unwrap_or(lines.len() - 1);
        let around = self.reading.span_of(lines[line].sentence);
        let edit = match self.greeting_end(line).flatten() {
            // "Hi Ana, your parcel is late." keeps its greeting.
            Some(next) => {
                let words = next.of(self.text);
                let comma = !self.text[..next.start].trim_end().ends_with(['!', '.', '?']);
                let (part, _) = lines[line].sentence;
                let clauses = &self.reading.parts[part].voice.base.writing.grammar.clauses;
                let text = if comma { clauses.lower(&text) } else { text };
                Edit { span: next, text: format!("{text} {}", raised(words)) }
            }
            None => {
                let first = around.of(self.text).chars().next().map_or(0, char::len_utf8);
                let span = Span { start: around.start, end: around.start + first };
                Edit { span, text: format!("{text} {}", raised(span.of(self.text))) }
            }
        };
        Some(Draft::new(edit, holes, around))
    }

    /// Where a sentence goes on after its greeting: the next word; `None` within where it does not. `None` where it does not greet.
    fn greeting_end(&self, line: usize) -> Option<Option<Span>> {
        let (part, sentence) = self.reading.lines[line].sentence;
        let document = &self.reading.parts[part].document;
        let offset = document.offset();
        let end =
            self.reading.deeds_of(line).filter(|deed| deed.act == Act::Greeting).map(|deed| deed.span.end).max()?;
        let tokens: &[Tok] = document.tokens(sentence).list;
        let after = tokens.partition_point(|token| token.span.start + offset < end);
        // «Estimado/a cliente»: a slash closes no greeting.
        let closes = |span: Span| !span.of(document.text()).contains('/');
        let is_mark = |token: &Tok| token.kind == TokenKind::Break && closes(token.span);
        let mark = tokens[after..].iter().position(is_mark).map(|at| after + at);
        // The greeting may hold its comma, or a name may stand between the two.
        let closed = after.checked_sub(1).is_some_and(|last| is_mark(&tokens[last]));
        let near = mark.filter(|&mark| mark <= after + SIGNATURE / 2).map(|mark| mark + 1);
        let next = if closed { Some(after) } else { near };
        Some(next.and_then(|next| tokens.get(next)).map(|token| token.span.shifted(offset)))
    }

    /// A reason put after the first refusal, before what its sentence goes on with. Loose where one is given already, or where a reason makes
    /// no threat good.
    fn reason(&self, reason: &str, holes: Vec<String>) -> Option<Draft> {
        let refusals = || self.targets.iter().filter(|target| target.refusal);
        let target = refusals().find(|target| target.reasoned).or_else(|| refusals().next())?;
        let (line, span) = (self.line_of(target)?, target.span?);
        let (rest, given) = self.framing(line, span, |sentence, (first, last)| {
            let tokens = &sentence.context.tokens.list;
            let frame = sentence.frame(first, last);
            let given = frame.fact.is_some() || (0..tokens.len()).any(|at| sentence.explains(at));
            let rest = match frame.right {
                Right::Sentence(rest) if !given => Some((tokens[frame.end - 1].span.end, tokens[rest].span)),
                _ => None,
            };
            Some((rest, given))
        })?;
        let dangling = given || !target.reasoned;
        let Some((end, next)) = rest else {
            return Some(Draft { dangling, ..self.after(line, reason, holes) });
        };
        let (part, _) = self.reading.lines[line].sentence;
        let offset = self.reading.parts[part].document.offset();
        let span = Span { start: end, end: next.end }.shifted(offset);
        let next = next.shifted(offset).of(self.text);
        let edit = Edit { span, text: format!(". {reason} {}", raised(next)) };
        Some(Draft { dangling, ..Draft::new(edit, holes, self.reading.span_of(self.reading.lines[line].sentence)) })
    }

    /// The last sentence before the closing and the signature.
    fn last_of_body(&self) -> Option<usize> {
        let lines = &self.reading.lines;
        let closing = |line: usize| lines[line].acts.has(Act::Closing) && !self.reading.helps(line);
        let signs = |line: usize| lines[line].words <= SIGNATURE && self.signs(line);
        let tail = |line: usize| closing(line) || lines[line].words <= SIGNATURE;
        let mut end = lines.len();
        for line in (0..lines.len()).rev().take_while(|&line| tail(line)) {
            if closing(line) || (end == line + 1 && signs(line)) {
                end = line;
            }
        }
        if end == 0 { lines.len().checked_sub(1) } else { Some(end - 1) }
    }

    /// Whether a line reads as a name: a line of its own without a mark at its end.
    fn signs(&self, line: usize) -> bool {
        let span = self.reading.span_of(self.reading.lines[line].sentence);
        let words = span.of(self.text).trim_start_matches(['/', '-', '–', '—', ' ']);
        let before = self.text[..span.start].trim_end_matches([' ', '\t', '-', '–', '—']);
        let slash = before.ends_with('/') || span.of(self.text).starts_with('/');
        let alone = slash || before.ends_with('\n');
        alone && words.starts_with(char::is_uppercase) && words.ends_with(char::is_alphanumeric)
    }
}
