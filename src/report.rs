use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::analyzer::Analyzer;
use crate::{FormOfAddress, Language, RuleId, Severity, Span};

/// Words that will cost the customer's goodwill, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule they break.
    pub rule: RuleId,
    /// The stable id of the phrase that found them, `es/refusal/policy/nuestra-politica`: name it when you report a false alarm.
    pub pattern: Arc<str>,
    /// How much they cost, after softening.
    pub severity: Severity,
    /// How many steps milder than the rule, because the reply says what can be done, and why.
    pub softened: u8,
    /// Where they are, in bytes of the reply; `None` where the whole reply is meant (`structure/*`).
    pub span: Option<Span>,
    /// One sentence for the agent.
    pub message: Arc<str>,
    /// One line of why.
    pub why: Arc<str>,
}

/// Which of the three steps of a good reply to a problem it takes: identify, apologise, assist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Steps {
    /// It names the matter.
    pub acknowledge: bool,
    /// It apologises.
    pub apologise: bool,
    /// It says what we do, or what the customer can do with us.
    pub assist: bool,
}

/// What tactful has to say of one reply.
///
/// Findings are in order of position, those of the whole reply first; then of rule. The same input gives the same report, on any machine and
/// thread count.
#[derive(Clone, Debug)]
pub struct Report {
    analyzer: Analyzer,
    text: Arc<str>,
    language: Option<Language>,
    findings: Vec<Finding>,
    judged: bool,
    steps: OnceCell<Steps>,
    form_of_address: OnceCell<Option<FormOfAddress>>,
}

impl Report {
    pub(crate) fn new(
        analyzer: Analyzer,
        text: Arc<str>,
        language: Option<Language>,
        findings: Vec<Finding>,
        steps: Option<Steps>,
    ) -> Report {
        let judged = language.is_some() || !findings.is_empty();
        let steps = steps.map_or_else(OnceCell::new, OnceCell::with_value);
        Report { analyzer, text, language, findings, judged, steps, form_of_address: OnceCell::new() }
    }

    /// The reply's language: what it was told, or what most of it is in. `None` where that is unknown; then only `structure/silence` ran.
    pub fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }

    /// What was found.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// 100 minus 20 for each error, 10 for each warning and 3 for each hint, never under 0. `None` where nothing was judged.
    pub fn score(&self) -> Option<u32> {
        let lost: u32 = self.findings.iter().map(|finding| finding.severity.weight()).sum();
        self.judged.then(|| 100u32.saturating_sub(lost))
    }

    /// How it addresses the customer, where it does. Found when first asked for.
    pub fn form_of_address(&self) -> Option<&FormOfAddress> {
        let find = || self.analyzer.form_of_address(&self.text, self.language.as_ref());
        self.form_of_address.get_or_init(find).as_ref()
    }

    /// Which steps it takes. Found when first asked for.
    pub fn steps(&self) -> Steps {
        *self.steps.get_or_init(|| self.analyzer.steps(&self.text, self.language.as_ref()))
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 5)?;
        report.serialize_field("language", &self.language)?;
        report.serialize_field("form_of_address", &self.form_of_address())?;
        report.serialize_field("score", &self.score())?;
        report.serialize_field("steps", &self.steps())?;
        report.serialize_field("findings", &self.findings)?;
        report.end()
    }
}
