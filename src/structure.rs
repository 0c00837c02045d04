//! The reply as a whole: the rules of the `structure` family, the steps it takes, how it addresses the customer.

use std::collections::HashSet;

use crate::Span;
use crate::act::Act;
use crate::document::{Document, Tok, TokenKind};
use crate::language::FormOfAddress;
use crate::reading::{Hit, Part, Reading};
use crate::report::Steps;
use crate::rules::Rules;

/// How many words of explanation may stand before the first thing that helps.
const EXPLANATION: usize = 90;
/// How long a line under the closing may be, in words, to be a signature.
const SIGNATURE: usize = 8;

/// The structure rules, by name, and whether a reply breaks each.
pub(crate) fn judge(reading: &Reading<'_>, rules: &Rules, steps: Steps) -> [(&'static str, bool); 7] {
    // Of what says nothing, no more can be said.
    let silent = is_silent(reading);
    let found = |rule: &str| reading.hits.iter().any(|hit| rules.list[hit.rule].id.as_str() == rule);
    let family = |family: &str| reading.hits.iter().any(|hit| rules.list[hit.rule].id.family() == family);
    // A link beside an answer adds to it; as the whole answer it sends the customer away.
    let only_link = found("deflection/self-service") && is_whole_answer(reading, rules, "deflection/self-service");
    let fault = reading.does(Act::Fault) || reading.does(Act::OwnFault);
    let refuses = family("refusal");
    let brushes_off = family("blame")
        || found("deflection/redirect")
        || only_link
        || reading.hits.iter().any(|hit| is_evasion(hit, rules) && !reading.finds_out(hit.line))
        || found("attitude/hostile");
    let apologises = steps.apologise || family("apology");
    let trouble = refuses || brushes_off || fault || apologises || family("excuse");
    let hurt = fault || family("excuse") || found("blame/third-party") || found("blame/customer");
    [
        ("structure/silence", silent),
        ("structure/no-acknowledgement", trouble && !steps.acknowledge),
        ("structure/no-apology", hurt && !apologises),
        ("structure/no-next-step", trouble && !steps.assist),
        ("structure/no-reason", refuses && !reading.does(Act::Reason)),
        ("structure/over-explaining", over_explains(reading)),
        ("structure/no-make-good", reading.does(Act::OwnFault) && !reading.does(Act::MakeGood)),
    ]
    .map(|(rule, broken)| (rule, broken && (!silent || rule == "structure/silence")))
}

/// Nothing is said: no words, or only a greeting, a sign-off, a signature, placeholders.
pub(crate) fn is_silent(reading: &Reading<'_>) -> bool {
    let mut closed = false;
    for (number, line) in reading.lines.iter().enumerate() {
        let (part, sentence) = line.sentence;
        let tokens = &reading.parts[part].document.tokens(sentence).list;
        let offset = reading.parts[part].document.offset();
        let says = tokens.iter().any(|token| {
            let courtesy = reading.within(token.span.shifted(offset), &COURTESY);
            !matches!(token.kind, TokenKind::Placeholder | TokenKind::Break) && !courtesy
        });
        closed |= line.acts.has(Act::Closing);
        let short = line.words <= SIGNATURE && !line.acts.has(Act::Closing);
        let signs = || short && starts_a_line(reading, number, if closed { &CLOSED } else { &SIGNED });
        if says && !signs() {
            return false;
        }
    }
    !reading.has_code()
}

/// Whether a hit says that we do not know; it counts only where that is left at that.
pub(crate) fn is_evasion(hit: &Hit, rules: &Rules) -> bool {
    rules.list[hit.rule].id.as_str() == "clarity/evasion"
}

/// What may stand before a signature on its line: anything, under a closing; a slash or a dash, without one.
const CLOSED: [&str; 1] = [""];
const SIGNED: [&str; 4] = ["/", "-", "–", "—"];

/// Whether a sentence begins where a line does, and its line with one of these marks.
fn starts_a_line(reading: &Reading<'_>, number: usize, marks: &[&str]) -> bool {
    let (part, sentence) = reading.lines[number].sentence;
    let document = &reading.parts[part].document;
    let bounds = document.bounds();
    let before = sentence.checked_sub(1).map_or(0, |before| bounds[before].span.end);
    let gap = &document.text()[before..bounds[sentence].span.start];
    // The marks may belong to the sentence itself.
    gap.rfind('\n').is_some_and(|at| {
        let line = document.text()[before + at..bounds[sentence].span.end].trim_start();
        marks.iter().any(|mark| line.starts_with(mark))
    })
}

/// Whether every sentence but greetings and closings holds a finding of that rule, or of the `attitude` family.
fn is_whole_answer(reading: &Reading<'_>, rules: &Rules, rule: &str) -> bool {
    let counts = |hit: &&Hit| {
        let id = &rules.list[hit.rule].id;
        id.as_str() == rule || id.family() == "attitude"
    };
    let holding: HashSet<usize> = reading.hits.iter().filter(counts).map(|hit| hit.line).collect();
    reading.lines.iter().enumerate().all(|(number, line)| {
        let courtesy = line.acts.has(Act::Greeting) || line.acts.has(Act::Closing) || line.acts.has(Act::Apology);
        holding.contains(&number) || courtesy || line.words <= NAME
    })
}

/// A sentence of so few words is a name or a link.
const NAME: usize = 3;

fn over_explains(reading: &Reading<'_>) -> bool {
    let mut words = 0;
    for (number, line) in reading.lines.iter().enumerate() {
        if reading.helps(number) {
            return words > EXPLANATION;
        }
        if !line.acts.has(Act::Greeting) && !line.acts.has(Act::Closing) {
            words += line.words;
        }
    }
    // Nothing helps at all: that is `structure/no-next-step`.
    false
}

/// Which steps a reply takes. `message` is what the customer wrote, where that is known.
pub(crate) fn steps(reading: &Reading<'_>, rules: &Rules, message: Option<&Document<'_>>) -> Steps {
    Steps {
        acknowledge: acknowledges(reading, rules, message),
        apologise: reading.does(Act::Apology),
        assist: (0..reading.lines.len()).any(|line| reading.helps(line)),
    }
}

/// Whether the reply names the matter: with the customer's message known, in its words; else in any word that names something.
fn acknowledges(reading: &Reading<'_>, rules: &Rules, message: Option<&Document<'_>>) -> bool {
    // What is said of the customer's temper or wits, or of who else should be asked, names no matter.
    let idle = [
        "attitude/calm-down",
        "attitude/condescension",
        "attitude/scripted-empathy",
        "blame/other-team",
        "deflection/redirect",
    ];
    let is_idle = |span: Span| reading.hits_over(span).any(|hit| idle.contains(&rules.list[hit.rule].id.as_str()));
    let asked: HashSet<String> = message.map(|message| stems(message, |_| true).collect()).unwrap_or_default();
    reading.parts.iter().any(|part| {
        let counts = |span| !reading.within(span, &COURTESY) && !is_idle(span);
        if asked.is_empty() {
            return matters(&part.document, counts).next().is_some();
        }
        let named: HashSet<String> = stems(&part.document, counts).collect();
        named.len() >= NAMED || !named.is_disjoint(&asked)
    })
}

/// Acts that say nothing of the matter.
const COURTESY: [Act; 2] = [Act::Greeting, Act::Closing];

/// So many words that name something are taken for the customer's matter, even if none is the customer's own word.
const NAMED: usize = 4;

/// The words of a document that name something, cut to a stem; `counts` is asked of each place in the reply.
fn stems<'d>(document: &'d Document<'_>, counts: impl Fn(Span) -> bool + 'd) -> impl Iterator<Item = String> + 'd {
    matters(document, counts).map(|word| word.chars().take(STEM).collect())
}

/// The words of a document that name something, folded.
fn matters<'d>(document: &'d Document<'_>, counts: impl Fn(Span) -> bool + 'd) -> impl Iterator<Item = &'d str> + 'd {
    let offset = document.offset();
    let places = (0..document.bounds().len()).flat_map(|sentence| {
        let tokens = document.tokens(sentence);
        tokens.list.iter().enumerate().map(move |(at, token)| (at, token, tokens.folded(token)))
    });
    let names = move |&(at, token, folded): &(usize, &Tok, &str)| {
        // A capital within the sentence is a name, and a name is no matter.
        let name = at > 0 && token.capital && folded.len() > 1 && !shouts(document.text(), token.span);
        token.kind == TokenKind::Word
            && !name
            && folded.chars().nth(2).is_some()
            && !document.tongue().generic.contains(&token.symbol)
            && counts(token.span.shifted(offset))
    };
    places.filter(names).map(|(.., folded)| folded)
}

/// Letters that are enough to know a word again in another form.
const STEM: usize = 5;

fn shouts(text: &str, span: Span) -> bool {
    span.of(text).chars().all(|c| !c.is_lowercase())
}

/// How the reply addresses the customer: the form with the most strong signs, or where there are none, weak ones.
pub(crate) fn form_of_address(parts: &[Part<'_>]) -> Option<FormOfAddress> {
    for strength in 0..2 {
        let mut counts: Vec<(&FormOfAddress, usize)> = Vec::new();
        for (form, _) in signs(parts, strength) {
            match counts.iter_mut().find(|(known, _)| *known == form) {
                Some((_, count)) => *count += 1,
                None => counts.push((form, 1)),
            }
        }
        // Of equals the first to appear.
        let most = counts.iter().map(|&(_, count)| count).max();
        if let Some((form, _)) = counts.iter().find(|&&(_, count)| Some(count) == most) {
            return Some((*form).clone());
        }
    }
    None
}

/// The signs of a form of address in a reply, in order.
pub(crate) fn signs<'p>(parts: &'p [Part<'_>], strength: usize) -> Vec<(&'p FormOfAddress, Span)> {
    let mut found = Vec::new();
    for part in parts {
        let offset = part.document.offset();
        for sentence in 0..part.document.bounds().len() {
            let context = part.context(sentence);
            let tokens = &context.tokens.list;
            for (form, patterns) in &part.voice.base.tongue.address.0[strength] {
                patterns.each_match(&context, |range| {
                    let (first, last) = (tokens[range.reported.0].span, tokens[range.reported.1 - 1].span);
                    found.push((form, Span { start: first.start, end: last.end }.shifted(offset)));
                });
            }
        }
    }
    found.sort_by_key(|(_, span)| (span.start, span.end));
    found
}
