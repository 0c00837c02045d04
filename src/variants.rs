//! One entry in several languages: what one variant leaves out that the others have.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::Steps;
use crate::{Finding, Language};

/// What one language's variant of an entry does, as far as comparing needs it. It holds no text of the reply but the names of its placeholders.
///
/// Made by [`Report::variant`](crate::Report::variant), for [`Analyzer::compare`](crate::Analyzer::compare).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    language: Option<Language>,
    refuses: bool,
    steps: Steps,
    placeholders: BTreeSet<String>,
    /// Of a reply that was judged, what its own findings take from its score.
    lost: Option<u32>,
}

/// A rule that a variant breaks, and what its message names.
#[derive(Debug, Default)]
pub(crate) struct Lapse {
    pub(crate) rule: &'static str,
    /// The languages of the other variants.
    others: BTreeSet<String>,
    /// The placeholders it lacks, and those that it alone has.
    missing: BTreeSet<String>,
    extra: BTreeSet<String>,
}

impl Variant {
    pub(crate) fn new(
        language: Option<Language>,
        refuses: bool,
        steps: Steps,
        placeholders: BTreeSet<String>,
        lost: Option<u32>,
    ) -> Variant {
        Variant { language, refuses, steps, placeholders, lost }
    }

    /// Its reply's score with what comparing found: [`Report::score`](crate::Report::score), and less for each of those findings.
    pub fn score_with(&self, found: &[Finding]) -> Option<u32> {
        let later: u32 = found.iter().map(|finding| finding.severity.weight()).sum();
        Some(100u32.saturating_sub(self.lost? + later))
    }

    pub(crate) fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }
}

/// What each variant leaves out. Linear in their number.
pub(crate) fn judge(variants: &[Variant]) -> Vec<Vec<Lapse>> {
    let judged: Vec<&Variant> = variants.iter().filter(|variant| variant.language.is_some()).collect();
    let others = judged.len().saturating_sub(1);
    let count = |does: fn(&Variant) -> bool| judged.iter().filter(|variant| does(variant)).count();
    let checks = [
        ("variants/refusal", count(offers), refuses as fn(&Variant) -> bool),
        ("variants/no-apology", count(apologises), |variant| !apologises(variant)),
        ("variants/no-next-step", count(assists), |variant| !assists(variant)),
    ];
    let mut sets: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
    for variant in &judged {
        *sets.entry(&variant.placeholders).or_default() += 1;
    }
    // Of two sets the one that stands alone differs from all others, which agree.
    let two: Option<[&BTreeSet<String>; 2]> = sets.keys().copied().collect::<Vec<_>>().try_into().ok();
    let lapses = |at: usize, variant: &Variant| {
        let mut lapses: Vec<Lapse> = checks
            .iter()
            .filter(|(_, doing, lacks)| lacks(variant) && *doing == others)
            .map(|&(rule, ..)| Lapse { rule, ..Lapse::default() })
            .collect();
        if let (Some([one, other]), 1) = (two, sets[&variant.placeholders]) {
            let theirs = if *one == variant.placeholders { other } else { one };
            let missing: BTreeSet<String> = theirs.difference(&variant.placeholders).cloned().collect();
            let extra = variant.placeholders.difference(theirs).cloned().collect();
            // Of two variants the one that lacks something is pointed at, not the one that has it.
            if others > 1 || !missing.is_empty() {
                lapses.push(Lapse { rule: "variants/placeholders", missing, extra, ..Lapse::default() });
            }
        }
        for lapse in &mut lapses {
            let apart = variants.iter().enumerate().filter(|(other, _)| *other != at);
            lapse.others = apart.filter_map(|(_, other)| Some(other.language.as_ref()?.code().to_owned())).collect();
        }
        lapses
    };
    let judge = |(at, variant): (usize, &Variant)| {
        if variant.language.is_some() && others > 0 { lapses(at, variant) } else { Vec::new() }
    };
    variants.iter().enumerate().map(judge).collect()
}

fn refuses(variant: &Variant) -> bool {
    variant.refuses
}

fn offers(variant: &Variant) -> bool {
    !variant.refuses && variant.steps.assist
}

fn apologises(variant: &Variant) -> bool {
    variant.steps.apologise
}

fn assists(variant: &Variant) -> bool {
    variant.steps.assist
}

impl Lapse {
    /// `message` with its holes filled: `{others}`, `{missing}`, `{extra}`.
    pub(crate) fn fill(&self, message: &str) -> String {
        let holes = [("{others}", &self.others), ("{missing}", &self.missing), ("{extra}", &self.extra)];
        let mut filled = String::new();
        let mut rest = message;
        // From left to right, so that a placeholder that looks like a hole stays as it is.
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let hole = holes.iter().find(|(hole, _)| rest.starts_with(hole));
            let (taken, text) = hole.map_or((1, "{".to_owned()), |(hole, names)| (hole.len(), list(names)));
            filled.push_str(&text);
            rest = &rest[taken..];
        }
        filled + rest
    }
}

fn list(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
