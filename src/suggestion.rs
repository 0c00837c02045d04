use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::Span;

/// How sure a suggestion is, as rustc means it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Applicability {
    /// It holds blanks that only the agent can fill.
    HasPlaceholders,
    /// It may say something else than was meant: a person should look.
    MaybeIncorrect,
    /// It says what was meant, only better: a program may apply it.
    MachineApplicable,
}

impl Applicability {
    /// Every applicability, the least sure first.
    pub const ALL: [Applicability; 3] =
        [Applicability::HasPlaceholders, Applicability::MaybeIncorrect, Applicability::MachineApplicable];

    /// Its name as reports and lexicons write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::HasPlaceholders => "has-placeholders",
            Applicability::MaybeIncorrect => "maybe-incorrect",
            Applicability::MachineApplicable => "machine-applicable",
        }
    }
}

impl fmt::Display for Applicability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Bytes of a reply, and what to write in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Edit {
    /// What to replace; empty where something is put in.
    pub span: Span,
    /// What to write there; empty where something goes.
    pub text: String,
}

/// What we can do instead: edits that make a finding go, in the reply's language, form of address and number.
///
/// ```
/// use tactful::{Analyzer, Applicability};
///
/// let analyzer = Analyzer::builder().language("es").build()?;
/// let reply = "Lo siento, Ana. Su pedido 4471 salió ayer y le llega el jueves.";
/// let report = analyzer.analyze(reply);
/// let suggestion = &report.findings()[0].suggestions()[0];
/// assert_eq!(suggestion.applicability, Applicability::MachineApplicable);
/// assert_eq!(suggestion.apply(reply), "Le pido disculpas, Ana. Su pedido 4471 salió ayer y le llega el jueves.");
/// # Ok::<(), tactful::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// What to change: in order, not overlapping.
    pub edits: Vec<Edit>,
    /// The blanks to fill in, each standing in the edits as `{named like this}`, in the reply's language.
    pub holes: Vec<String>,
    /// How sure it is.
    pub applicability: Applicability,
    /// The stable id of the rewrite it comes from, `es/refusal/inability/hasta`: name it when you report a bad one.
    #[serde(skip)]
    pub rewrite: Arc<str>,
    /// Where the sentences that change stand before and after.
    #[serde(skip)]
    pub(crate) around: Span,
}

impl Suggestion {
    /// `text`, the reply it was made for, with its edits made. An edit that does not fit, because `text` is another, is left out.
    pub fn apply(&self, text: &str) -> String {
        apply(text, &self.edits)
    }

    /// The sentences of `text` that change, as they would read; a reply's other sentences are left out.
    pub fn excerpt(&self, text: &str) -> String {
        let around = self.around;
        let shift = |at: usize| at.checked_sub(around.start);
        let edits: Vec<Edit> = self
            .edits
            .iter()
            .filter_map(|edit| {
                let span = Span { start: shift(edit.span.start)?, end: shift(edit.span.end)? };
                Some(Edit { span, text: edit.text.clone() })
            })
            .collect();
        text.get(around.start..around.end).map_or_else(String::new, |part| apply(part, &edits).trim().to_owned())
    }
}

/// `text` with edits made that are in order and do not overlap.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        let Some(kept) = text.get(at..edit.span.start) else { continue };
        if !text.is_char_boundary(edit.span.end) || edit.span.end < edit.span.start {
            continue;
        }
        out.push_str(kept);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(&text[at..]);
    out
}
