use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::Error;

/// How much a finding costs the customer's goodwill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth a thought.
    Hint,
    /// Will grate.
    Warning,
    /// Will cost goodwill.
    Error,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Hint, Severity::Warning, Severity::Error];

    /// Its name as reports, configuration and lexicons write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// What a finding of this severity takes from a reply's score of 100.
    pub fn weight(self) -> u32 {
        match self {
            Severity::Hint => 3,
            Severity::Warning => 10,
            Severity::Error => 20,
        }
    }

    /// `steps` milder, never below a hint.
    pub(crate) fn softened(self, steps: u8) -> Severity {
        Severity::ALL[(self as usize).saturating_sub(steps.into())]
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Severity {
    type Err = Error;

    fn from_str(name: &str) -> Result<Severity, Error> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == name)
            .ok_or_else(|| Error::new(format!("expected a severity (hint, warning or error), found \"{name}\"")))
    }
}

/// A rule's id, `family/rule`: public API, the same in every language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// Reads an id.
    ///
    /// # Errors
    ///
    /// If it is not two parts of lower-case letters, digits and hyphens with a slash between.
    pub fn new(id: &str) -> Result<RuleId, Error> {
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        match id.split_once('/') {
            Some((family, rule)) if part(family) && part(rule) => Ok(RuleId(id.into())),
            _ => Err(Error::new(format!("expected a rule id like \"refusal/flat-no\", found \"{id}\""))),
        }
    }

    /// The whole id, `refusal/flat-no`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash, `refusal`.
    pub fn family(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(family, _)| family)
    }

    /// Whether `selector` names this rule: its id, or its family.
    pub(crate) fn is_named_by(&self, selector: &str) -> bool {
        self.as_str() == selector || self.family() == selector
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a rule tells its reader, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// A few words that name it.
    pub title: Arc<str>,
    /// One sentence for the agent: what the words do, and what to do instead. That of a `variants/*` rule has holes, which a finding fills.
    pub message: Arc<str>,
    /// One line of why.
    pub why: Arc<str>,
}

/// A rule: what is flagged, how severe it is, and why.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Its default severity, before a team's own and before softening.
    pub severity: Severity,
    /// Off unless it is asked for.
    pub opt_in: bool,
    /// Where the idea comes from.
    pub source: Arc<str>,
    /// What it tells, by language code; every rule has at least one.
    pub messages: Vec<(crate::Language, Message)>,
}

impl Rule {
    /// What it tells in `language`, or in English, or in whatever language it has.
    pub fn message(&self, language: &str) -> &Message {
        let of = |wanted: &str| self.messages.iter().find(|(language, _)| language.code() == wanted);
        &of(language).or_else(|| of("en")).unwrap_or(&self.messages[0]).1
    }
}
