//! What a match means where it stands: which of two overlapping ones counts, and whether the reply softens it.

use std::cmp::Reverse;

use crate::reading::{Hit, Reading};
use crate::rules::Rules;

/// Of hits that overlap, the ones to report: the rule that takes precedence, else the longer match, else the earlier. In order.
pub(crate) fn resolve(mut hits: Vec<Hit>, rules: &Rules) -> Vec<Hit> {
    if hits.is_empty() {
        return hits;
    }
    // Longest first among those that start together, so that neighbours are found by looking ahead.
    hits.sort_by(|a, b| {
        (a.span.start, b.span.end, a.rule, &a.pattern).cmp(&(b.span.start, a.span.end, b.rule, &b.pattern))
    });
    hits.dedup_by(|later, kept| later.span == kept.span && later.rule == kept.rule);
    let mut alive = vec![true; hits.len()];
    for &rule in &rules.by_precedence {
        for at in (0..hits.len()).filter(|&at| hits[at].rule == rule) {
            let beaten = neighbours(&hits, at).any(|other| alive[other] && rules.beats(hits[other].rule, rule));
            alive[at] &= !beaten;
        }
    }
    let mut order: Vec<usize> = (0..hits.len()).filter(|&at| alive[at]).collect();
    order.sort_by_key(|&at| (Reverse(hits[at].length), hits[at].span.start, hits[at].rule));
    let mut kept = vec![false; hits.len()];
    for at in order {
        kept[at] = !neighbours(&hits, at).any(|other| kept[other]);
    }
    let mut kept = kept.iter();
    hits.retain(|_| kept.next() == Some(&true));
    hits
}

/// The hits that overlap the one at `at`. A hit is one sentence's at most, and a pattern's width is bounded, so they are near.
fn neighbours(hits: &[Hit], at: usize) -> impl Iterator<Item = usize> {
    let span = hits[at].span;
    let before = (0..at).rev().take_while(move |&other| hits[other].sentence == hits[at].sentence).take(NEAR);
    let after = (at + 1..hits.len()).take_while(move |&other| hits[other].span.start < span.end);
    before.chain(after).filter(move |&other| hits[other].span.overlaps(span))
}

/// How far back a hit that overlaps may stand among hits ordered by their start.
const NEAR: usize = 512;

/// How many steps milder each refusal is: one when the same or the next sentence says what can be done, one more when a reason that
/// serves the customer stands with it.
pub(crate) fn soften(hit: &Hit, rules: &Rules, reading: &Reading<'_>) -> u8 {
    if rules.list[hit.rule].id.family() != "refusal" {
        return 0;
    }
    let with = reading.lines_around(hit.line);
    let offered = with[1..].iter().any(|&line| reading.helps(line));
    if !offered {
        return 0;
    }
    1 + u8::from(with.iter().any(|&line| reading.reasons(line)))
}
