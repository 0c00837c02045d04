use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::analyzer::{Analyzer, Draft, main_language};
use crate::reading::{Found, Part};
use crate::scratch::Scratch;
use crate::structure::form_of_address;
use crate::suggestion::{Applicability, Edit, Suggestion, apply};
use crate::{FormOfAddress, Language, RuleId, Severity, Span, Variant, placeholder};

/// Words that will cost the customer's goodwill, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Where they are, in bytes of the reply; `None` where the whole reply is meant (`structure/*`, `variants/*`).
    pub span: Option<Span>,
    /// One sentence for the agent.
    pub message: Arc<str>,
    /// One line of why.
    pub why: Arc<str>,
    /// Where its suggestions come from.
    pub(crate) origin: Origin,
}

impl Finding {
    /// What we can do instead, the best first: in the reply's language, form of address and number. Each was read again in its place: the
    /// finding is gone, and nothing else was found. Empty where the lexicon has none. Made for all of a report's findings when first asked for.
    pub fn suggestions(&self) -> &[Suggestion] {
        self.origin.reply.as_ref().map_or(&[], |reply| &reply.suggestions()[self.origin.index])
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("Finding", 8)?;
        finding.serialize_field("rule", &self.rule)?;
        finding.serialize_field("pattern", &self.pattern)?;
        finding.serialize_field("severity", &self.severity)?;
        finding.serialize_field("softened", &self.softened)?;
        finding.serialize_field("span", &self.span)?;
        finding.serialize_field("message", &self.message)?;
        finding.serialize_field("why", &self.why)?;
        finding.serialize_field("suggestions", self.suggestions())?;
        finding.end()
    }
}

/// The reply a finding is of, and which of its findings. No part of what a finding is: two that say the same are equal.
#[derive(Clone, Default)]
pub(crate) struct Origin {
    reply: Option<Arc<Reply>>,
    index: usize,
}

impl PartialEq for Origin {
    fn eq(&self, _: &Origin) -> bool {
        true
    }
}

impl Eq for Origin {}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.index.fmt(f)
    }
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
    reply: Arc<Reply>,
    findings: Vec<Finding>,
    judged: bool,
}

/// What judging a reply leaves for those who ask more of it.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) refuses: bool,
    pub(crate) steps: Option<Steps>,
    /// What the first pass found by the default rules.
    pub(crate) first: Option<Found>,
}

/// A reply that was read, and what is found out about it when somebody asks.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) analyzer: Analyzer,
    pub(crate) text: String,
    /// What it was told to be in.
    pub(crate) given: Option<Language>,
    /// What most of it is in.
    pub(crate) language: Option<Language>,
    pub(crate) message: Option<Arc<str>>,
    pub(crate) fragment: bool,
    /// What was found, in order.
    pub(crate) found: Vec<(RuleId, Option<Span>)>,
    /// The language of each of its stretches, and where it is; none where it is unknown.
    pub(crate) stretches: Vec<(Language, Span)>,
    /// What the first pass found by the default rules, where that was kept.
    pub(crate) first: Option<Found>,
    /// Whether it refuses, by the default rules.
    refuses: bool,
    steps: OnceCell<Steps>,
    form_of_address: OnceCell<Option<FormOfAddress>>,
    suggestions: OnceCell<Vec<Vec<Suggestion>>>,
}

impl Reply {
    fn empty(analyzer: &Analyzer) -> Reply {
        Reply {
            analyzer: analyzer.clone(),
            text: String::new(),
            given: None,
            language: None,
            message: None,
            fragment: false,
            found: Vec::new(),
            stretches: Vec::new(),
            first: None,
            refuses: false,
            steps: OnceCell::new(),
            form_of_address: OnceCell::new(),
            suggestions: OnceCell::new(),
        }
    }

    fn fill(
        &mut self,
        analyzer: &Analyzer,
        draft: &Draft<'_>,
        parts: &[Part<'_>],
        findings: &[Finding],
        Judged { refuses, steps, first }: Judged,
    ) {
        self.analyzer = analyzer.clone();
        self.text.clear();
        self.text.push_str(draft.text);
        self.given = draft.language.clone();
        self.language = main_language(parts);
        let stretch = |part: &Part<'_>| {
            let start = part.document.offset();
            (part.voice.base.tongue.language.clone(), Span { start, end: start + part.document.text().len() })
        };
        self.stretches.clear();
        self.stretches.extend(parts.iter().map(stretch));
        self.first = first;
        self.message = draft.message.map(Into::into);
        self.fragment = draft.fragment;
        self.found.clear();
        self.found.extend(findings.iter().map(|finding| (finding.rule.clone(), finding.span)));
        self.refuses = refuses;
        self.steps = steps.map_or_else(OnceCell::new, OnceCell::with_value);
        self.form_of_address = OnceCell::new();
        self.suggestions = OnceCell::new();
    }

    /// Another text, read as this one was.
    pub(crate) fn draft<'t>(&'t self, text: &'t str) -> Draft<'t> {
        let mut draft = Draft::new(text).fragment(self.fragment);
        if let Some(language) = &self.given {
            draft = draft.language(language.code());
        }
        match &self.message {
            Some(message) => draft.customer_message(message),
            None => draft,
        }
    }

    fn suggestions(&self) -> &[Vec<Suggestion>] {
        self.suggestions.get_or_init(|| self.analyzer.suggest(self, Some(MOST)))
    }

    /// The same, given what it was read as.
    pub(crate) fn form_of_address_in(&self, parts: &[Part<'_>]) -> Option<&FormOfAddress> {
        match parts {
            [_] => self.form_of_address.get_or_init(|| form_of_address(parts)).as_ref(),
            _ => self.form_of_address(),
        }
    }

    fn form_of_address(&self) -> Option<&FormOfAddress> {
        self.form_of_address.get_or_init(|| self.analyzer.form_of_address(&self.text, self.language.as_ref())).as_ref()
    }
}

impl Report {
    pub(crate) fn new(
        analyzer: &Analyzer,
        draft: &Draft<'_>,
        parts: &[Part<'_>],
        mut findings: Vec<Finding>,
        result: Judged,
        scratch: &mut Scratch,
    ) -> Report {
        let judged = !parts.is_empty() || !findings.is_empty();
        // Free again, if the last report was dropped.
        let free = scratch.reply.take().filter(|reply| Arc::strong_count(reply) == 1);
        let mut reply = free.unwrap_or_else(|| Arc::new(Reply::empty(analyzer)));
        if let Some(empty) = Arc::get_mut(&mut reply) {
            empty.fill(analyzer, draft, parts, &findings, result);
        }
        scratch.reply = Some(reply.clone());
        for (index, finding) in findings.iter_mut().enumerate() {
            finding.origin = Origin { reply: Some(reply.clone()), index };
        }
        Report { reply, findings, judged }
    }

    /// The reply's language: what it was told, or what most of it is in. `None` where that is unknown; then only `structure/silence` ran.
    pub fn language(&self) -> Option<&Language> {
        self.reply.language.as_ref()
    }

    /// What was found.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// 100 minus 20 for each error, 10 for each warning and 3 for each hint, never under 0. `None` where nothing was judged.
    pub fn score(&self) -> Option<u32> {
        self.lost().map(|lost| 100u32.saturating_sub(lost))
    }

    /// What the findings take from the score.
    fn lost(&self) -> Option<u32> {
        self.judged.then(|| self.findings.iter().map(|finding| finding.severity.weight()).sum())
    }

    /// How it addresses the customer, where it does. Found when first asked for.
    pub fn form_of_address(&self) -> Option<&FormOfAddress> {
        self.reply.form_of_address()
    }

    /// Which steps it takes. Found when first asked for.
    pub fn steps(&self) -> Steps {
        let reply = &*self.reply;
        *reply.steps.get_or_init(|| reply.analyzer.steps(&reply.text, reply.language.as_ref()))
    }

    /// What it does as one language's variant of an entry, for [`Analyzer::compare`]; found by the default rules, whichever are reported.
    pub fn variant(&self) -> Variant {
        let reply = &*self.reply;
        Variant::new(reply.language.clone(), reply.refuses, self.steps(), placeholder::values(&reply.text), self.lost())
    }

    /// All that could be suggested for each finding, not only the best.
    pub(crate) fn every_suggestion(&self) -> Vec<Vec<Suggestion>> {
        self.reply.analyzer.suggest(&self.reply, None)
    }

    /// `text`, the reply this report is of, with the first suggestion made of each finding that has one at least as sure as `least`; then of
    /// what is found in that, until nothing is left to make. So it is the same when fixed again. Of suggestions that overlap the first is made.
    ///
    /// ```
    /// use tactful::{Analyzer, Applicability};
    ///
    /// let analyzer = Analyzer::builder().language("sv").build()?;
    /// let reply = "Jag är ledsen för förseningen. Ditt paket kommer på torsdag.";
    /// let fixed = analyzer.analyze(reply).fixed(reply, Applicability::MachineApplicable);
    /// assert_eq!(fixed, "Jag ber om ursäkt för förseningen. Ditt paket kommer på torsdag.");
    /// # Ok::<(), tactful::Error>(())
    /// ```
    pub fn fixed(&self, text: &str, least: Applicability) -> String {
        if text != self.reply.text {
            let reply = &*self.reply;
            return reply.analyzer.analyze_draft(&reply.draft(text)).fixed(text, least);
        }
        let mut text = text.to_owned();
        let mut findings = self.findings.clone();
        // Every round takes a finding away; a rewrite that would bring one back was never offered.
        for _ in 0..=self.findings.len() + ROUNDS {
            let edits = edits(&findings, |_, suggestion| suggestion.applicability >= least);
            if edits.is_empty() {
                break;
            }
            text = apply(&text, &edits);
            findings = self.reply.analyzer.analyze_draft(&self.reply.draft(&text)).findings;
        }
        text
    }

    /// The edits of the first suggestion of each finding that `accept` takes: in order, without those that overlap an earlier finding's. One
    /// round of [`fixed`](Report::fixed), for who keeps the text elsewhere.
    pub fn edits(&self, accept: impl Fn(&Finding, &Suggestion) -> bool) -> Vec<Edit> {
        edits(&self.findings, accept)
    }
}

/// Suggestions offered for one finding: a person is to choose.
const MOST: usize = 3;
/// More rounds than findings, for what another rewrite uncovers.
const ROUNDS: usize = 8;

fn edits(findings: &[Finding], accept: impl Fn(&Finding, &Suggestion) -> bool) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for finding in findings {
        let Some(suggestion) = finding.suggestions().iter().find(|suggestion| accept(finding, suggestion)) else {
            continue;
        };
        let meets =
            |edit: &Edit| edits.iter().any(|made| made.span.start <= edit.span.end && edit.span.start <= made.span.end);
        if !suggestion.edits.iter().any(meets) {
            edits.extend(suggestion.edits.iter().cloned());
        }
    }
    edits.sort_by_key(|edit| edit.span);
    edits
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 5)?;
        report.serialize_field("language", &self.language())?;
        report.serialize_field("form_of_address", &self.form_of_address())?;
        report.serialize_field("score", &self.score())?;
        report.serialize_field("steps", &self.steps())?;
        report.serialize_field("findings", &self.findings)?;
        report.end()
    }
}
