//! Whether a run fails: by the severity of what was found, by the score, for all rules or by family.

use crate::args::{Check, FailOn, Score};
use crate::config::{Config, Gate};
use crate::report::Document;

/// What is asked of a run.
#[derive(Debug)]
pub(crate) struct Gates {
    all: Gate,
    families: Vec<(String, Gate)>,
}

impl Gates {
    /// What the command line asks, and where it says nothing, the configuration.
    pub(crate) fn new(check: &Check, config: &Config) -> Gates {
        let mut gates = Gates {
            all: config.gate,
            families: config.gates.iter().map(|(family, gate)| (family.value.clone(), *gate)).collect(),
        };
        for limit in &check.fail_on {
            gates.add(limit.family.as_deref(), Gate { fail_on: Some(limit.value), min_score: None });
        }
        for limit in &check.min_score {
            let Score(score) = limit.value;
            gates.add(limit.family.as_deref(), Gate { fail_on: None, min_score: Some(score) });
        }
        gates
    }

    fn add(&mut self, family: Option<&str>, gate: Gate) {
        let Some(family) = family else {
            self.all = gate.or(self.all);
            return;
        };
        match self.families.iter_mut().find(|(known, _)| known == family) {
            Some((_, known)) => *known = gate.or(*known),
            None => self.families.push((family.to_owned(), gate)),
        }
    }

    /// The families that are asked about.
    pub(crate) fn families(&self) -> impl Iterator<Item = &str> {
        self.families.iter().map(|(family, _)| family.as_str())
    }

    /// Whether a finding is severe enough.
    pub(crate) fn fails(&self, report: &Document) -> bool {
        let limit = |family: &str| {
            let own = self.families.iter().find(|(name, _)| name == family).and_then(|(_, gate)| gate.fail_on);
            own.or(self.all.fail_on).unwrap_or(FailOn::default())
        };
        let mut findings = report.replies.iter().flat_map(|reply| &reply.findings);
        findings.any(|finding| limit(finding.family()).fails(finding.severity))
    }

    /// Which scores are too low, in words.
    pub(crate) fn low_scores(&self, report: &Document) -> Vec<String> {
        let below =
            |score: Option<u32>, least: Option<u32>| Some((score?, least?)).filter(|(score, least)| score < least);
        let all = below(report.summary.score, self.all.min_score);
        let all = all.map(|(score, least)| format!("the score is {score}: at least {least} is asked for"));
        let families = self.families.iter().filter_map(|(family, gate)| {
            let (score, least) = below(family_score(report, family), gate.min_score)?;
            Some(format!("the score of {family} is {score}: at least {least} is asked for"))
        });
        all.into_iter().chain(families).collect()
    }
}

/// The mean of what the rules of one family leave of each reply's score.
fn family_score(report: &Document, family: &str) -> Option<u32> {
    let judged = report.replies.iter().filter(|reply| reply.score.is_some());
    let scores = judged.map(|reply| {
        let own = reply.findings.iter().filter(|finding| finding.family() == family);
        100_u32.saturating_sub(own.map(|finding| finding.severity.weight()).sum())
    });
    mean(scores)
}

/// The mean of scores, rounded; `None` of none.
pub(crate) fn mean(scores: impl Iterator<Item = u32>) -> Option<u32> {
    let (sum, count) = scores.fold((0_u64, 0_u64), |(sum, count), score| (sum + u64::from(score), count + 1));
    u32::try_from((sum + count / 2).checked_div(count)?).ok()
}
