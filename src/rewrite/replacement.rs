//! What gives way to a rewrite: some words, the clause they stand in, a sentence; and what becomes of the rest.

use crate::Span;
use crate::act::Act;
use crate::document::TokenKind;
use crate::pattern::{Context, MatchRange};
use crate::reading::{Line, Part};
use crate::suggestion::Edit;

use super::clause::{Frame, Front, Left, Right, Sentence};
use super::text::{Captured, Written, raised};
use super::workshop::{Draft, Job, Workshop};
use super::{Place, Rewrite, When};

impl Workshop<'_> {
    /// What a rewrite makes of a sentence, of which some words were found fault with.
    pub(super) fn replacement(
        &self,
        job: Job<'_>,
        sentence: &Sentence<'_>,
        (first, last): (usize, usize),
    ) -> Option<Draft> {
        let Job { rewrite, place, target, line, .. } = job;
        let tokens = &sentence.context.tokens.list;
        let (range, captured) = if rewrite.patterns.is_empty() {
            ((first, last), None)
        } else {
            let (range, captured) = self.fit(rewrite, (first, last), sentence.context, sentence.text)?;
            // What was found fault with itself is nothing to reuse.
            if captured.ranges.iter().flatten().any(|&(from, to)| from < to && (sentence.found)(from, to)) {
                return None;
            }
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
            Place::Sentence
                if place != rewrite.place
                    && self.helps_in(line, |deed| target.span.is_none_or(|span| !deed.overlaps(span))) =>
            {
                return None;
            }
            Place::Sentence => Frame {
                start: 0,
                end: tokens.len(),
                left: Left::None,
                right: Right::None,
                reason: None,
                front: Front::Since,
                fact: None,
            },
            _ => {
                let (start, end) = if place == Place::Words { (first, last) } else { range };
                return self.inline(job, sentence, (start, end), captured.as_ref());
            }
        };
        self.framed(job, sentence, frame, captured.as_ref())
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
            Some((range, Captured { pattern, ranges, tokens: context.tokens.list, text }))
        })
    }

    /// A rewrite in place of some words of a sentence, whose rest stays.
    fn inline(
        &self,
        job: Job<'_>,
        sentence: &Sentence<'_>,
        (start, end): (usize, usize),
        captured: Option<&Captured<'_>>,
    ) -> Option<Draft> {
        let Job { rewrite, target, line, values, .. } = job;
        let tokens = &sentence.context.tokens.list;
        let text = sentence.text;
        let many = tokens.len();
        let Written { text: mut new, holes } = rewrite.text.write(values, captured)?;
        // A mark before the words is not theirs.
        let is_mark = |at: &usize| tokens[*at].kind == TokenKind::Break;
        let start = if new.is_empty() { start } else { (start..end).find(|at| !is_mark(at))? };
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
                None => to += marks(&text[to..], ""),
            }
        }
        Some(self.draft(sentence, line, tokens[start].span.start, to, new, holes))
    }

    /// A rewrite in place of a clause.
    fn framed(
        &self,
        job: Job<'_>,
        sentence: &Sentence<'_>,
        frame: Frame,
        captured: Option<&Captured<'_>>,
    ) -> Option<Draft> {
        let Job { rewrite, target, line, values, .. } = job;
        let tokens = &sentence.context.tokens.list;
        let text = sentence.text;
        let many = tokens.len();
        let slice = |(from, to): (usize, usize)| &text[tokens[from].span.start..tokens[to - 1].span.end];
        let deletes = rewrite.text.is_empty();
        let waits = matches!(frame.front, Front::Waits(_)) && frame.reason.is_some();
        // Only a refusal waits. A pattern knows what for; what goes, or only leads on, waits for nothing.
        let free = deletes || captured.is_some() || rewrite.when == When::Offered || !target.refusal;
        let frame = if waits && free { Frame { reason: None, ..frame } } else { frame };
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
        if let Some(reason) = frame.reason {
            let since = &*sentence.clauses.since;
            let since = match frame.front {
                Front::Since => since,
                // «Because of the snow» keeps its own first words.
                Front::Owing => &since[since.find("$reason").unwrap_or(0)..],
                Front::Waits(number) => &sentence.clauses.waits[number].1,
            };
            let reason = since.replace("$reason", slice(reason));
            new = format!("{reason}{}", sentence.clauses.lower(&new));
        }
        if let Some(fact) = frame.fact {
            new = if deletes { raised(slice(fact)) } else { format!("{}. {}", raised(slice(fact)), raised(&new)) };
        }
        let kept = sentence.kept(frame.start, frame.end, target.promise);
        let mut kept: Vec<&str> = kept.iter().map(|kept| kept.of(text)).filter(|kept| !new.contains(kept)).collect();
        kept.dedup();
        if !kept.is_empty() {
            if deletes {
                return None;
            }
            let at = first_end(&new);
            new.insert_str(at, &format!(" ({})", kept.join(", ")));
        }
        if deletes && frame.fact.is_none() && frame.left == Left::None && frame.right == Right::None {
            let dangling = self.points_back(line + 1);
            return self.without(line).map(|draft| Draft { dangling, ..draft });
        }
        let mut from = tokens[frame.start].span.start;
        match frame.left {
            Left::None => {
                new = raised(&new);
                let opening = text[..from].trim_end_matches(['¿', '¡']).len();
                from = opening;
            }
            Left::Kept if deletes && frame.right == Right::None => return self.go_on(sentence, line, from),
            Left::Kept | Left::Fronted => new = sentence.clauses.lower(&new),
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
                last + marks(&text[last..], &text[from..last])
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
        let points = |at: usize| sentence.begins(&sentence.clauses.anaphor, at).is_some();
        // What goes and points back itself leaves what it points at.
        let pointed = (frame.start..frame.end).any(points);
        let dangling = !pointed
            && (match frame.right {
                Right::Sentence(rest) => points(rest),
                Right::None => self.points_back(line + 1),
            } || frame.fact.is_some_and(|(from, _)| points(from))
                || (frame.reason.is_some_and(|(from, _)| points(from)) && !rewrite.text.has_holes()));
        Some(Draft { bracketed, dangling, ..self.draft(sentence, line, from, to, new, holes) })
    }

    /// The reply without the rest of a sentence from `from` on: what stands before, a name, goes on with the next sentence.
    fn go_on(&self, sentence: &Sentence<'_>, line: usize, from: usize) -> Option<Draft> {
        let (part, number) = self.reading.lines[line].sentence;
        let document = &self.reading.parts[part].document;
        let next = document.bounds().get(number + 1)?;
        let near = document.bounds()[number].paragraph == next.paragraph;
        let word = document.tokens(number + 1).list.first()?.span;
        let plain = near && word.start == next.span.start && !self.points_back(line + 1);
        let new = sentence.clauses.lower(word.of(sentence.text));
        let draft = plain.then(|| self.draft(sentence, line, from, word.end, new, Vec::new()))?;
        let around = Span { end: next.span.end + document.offset(), ..draft.around };
        Some(Draft { around, ..draft })
    }

    /// Whether a sentence begins with words that point at the one before.
    fn points_back(&self, line: usize) -> bool {
        self.line(line).is_some_and(|(part, context)| {
            let anaphors = &part.voice.base.writing.grammar.clauses.anaphor;
            anaphors.iter().any(|pattern| pattern.match_at(0, &context).is_some())
        })
    }

    /// A sentence and the part it stands in; none after the last.
    fn line(&self, line: usize) -> Option<(&Part<'_>, Context<'_>)> {
        let (part, number) = self.reading.lines.get(line)?.sentence;
        let part = &self.reading.parts[part];
        Some((part, part.context(number)))
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
        let around = self.reading.span_of((part, number));
        let span = Span { start: from, end: to }.shifted(document.offset());
        let around = Span { start: around.start.min(span.start), end: around.end.max(span.end) };
        Draft::new(Edit { span, text: new }, holes, around)
    }

    /// The reply without one of its sentences, where something is left to say.
    fn without(&self, line: usize) -> Option<Draft> {
        let says = |&(number, other): &(usize, &Line)| {
            number != line && other.words > 1 && !other.acts.has(Act::Greeting) && !other.acts.has(Act::Closing)
        };
        self.reading.lines.iter().enumerate().find(says)?;
        let span = self.reading.span_of(self.reading.lines[line].sentence);
        // What else was found there has suggestions of its own.
        if self.found_in(span).nth(1).is_some() {
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
        let near = beside.map_or(span, |beside| self.reading.span_of(self.reading.lines[beside].sentence));
        let around = Span { start: span.start.min(near.start).min(start), end: span.end.max(near.end).max(end) };
        Some(Draft::new(Edit { span: Span { start, end }, text: String::new() }, Vec::new(), around))
    }

    /// Takes the "but" from the next sentence, where what it was set against is gone. False where that cannot be done.
    pub(super) fn join(&self, draft: &mut Draft, line: usize) -> bool {
        let Some((part, context)) = self.line(line + 1) else { return true };
        let text = part.document.text();
        let clauses = &part.voice.base.writing.grammar.clauses;
        let tokens = &context.tokens.list;
        let joints = clauses.contrast.iter().filter_map(|pattern| pattern.match_at(0, &context));
        let Some(end) = joints.map(|found| found.reported.1).max() else { return true };
        let Some(rest) = (end..tokens.len()).find(|&at| tokens[at].kind != TokenKind::Break) else { return false };
        let word = |at: usize| tokens[at].span.of(text);
        let is_subject =
            |at: usize| tokens.get(at).is_some_and(|token| clauses.subject.contains(context.tokens.folded(token)));
        let (last, words) = if clauses.inverts && rest == end && !is_subject(rest) {
            // «Däremot byter jag …»: the subject comes first again.
            let subject = rest + 1;
            if !is_subject(subject) {
                return false;
            }
            (subject, format!("{} {}", raised(word(subject)), word(rest)))
        } else {
            (rest, raised(word(rest)))
        };
        let span = Span { start: tokens[0].span.start, end: tokens[last].span.end }.shifted(part.document.offset());
        if draft.edits.last().is_none_or(|last| last.span.end <= span.start) {
            draft.edits.push(Edit { span, text: words });
            draft.around.end = draft.around.end.max(self.reading.span_of(self.reading.lines[line + 1].sentence).end);
        }
        true
    }

    /// A rewrite in place of every sign of another form of address than the first.
    pub(super) fn unmixed(&self, rewrite: &Rewrite, values: &[Box<str>]) -> Option<Draft> {
        let Written { text, holes } = rewrite.text.write(values, None)?;
        let (first, _) = self.forms.first()?;
        let mut edits: Vec<Edit> = Vec::new();
        for &(form, span) in &self.forms {
            if form != *first && edits.last().is_none_or(|last| last.span.end <= span.start) {
                edits.push(Edit { span, text: text.clone() });
            }
        }
        let around = Span { start: edits.first()?.span.start, end: edits.last()?.span.end };
        let sentences = self.reading.lines.iter().map(|line| self.reading.span_of(line.sentence));
        let around = sentences
            .filter(|span| span.overlaps(around))
            .fold(around, |all, span| Span { start: all.start.min(span.start), end: all.end.max(span.end) });
        Some(Draft { edits, holes, around, bracketed: false, dangling: false })
    }
}

/// Whether `text` ends a sentence.
fn closes(text: &str) -> bool {
    text.ends_with(['.', '?', '!', '…'])
}

/// How many bytes of marks that end a sentence or a clause `text` begins with; what closes a pair that `gone` opens is one.
fn marks(text: &str, gone: &str) -> usize {
    let pairs = [('(', ')'), ('«', '»'), ('“', '”')];
    let opens = |close: char| {
        let pair = pairs.iter().find(|(_, end)| *end == close);
        pair.is_some_and(|&(open, close)| gone.matches(open).count() > gone.matches(close).count())
    };
    text.len() - text.trim_start_matches(|c: char| ".!?…:;,".contains(c) || opens(c)).len()
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
