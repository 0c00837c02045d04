//! What every report is written from, and what the JSON report is, field by field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use tactful::{Applicability, Language, Severity, Steps};
use tactful_reader::{Entry, Position, Source};

use super::excerpt::Excerpt;
use super::{Counts, Problem};

/// What was found in all replies. Text from the files stands in it as it is, control characters included.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "The JSON report of tactful")]
pub(crate) struct Document {
    /// The version of this shape: 1.
    pub(crate) version: u32,
    /// Every reply that was judged, clean ones too, in order of path and then of place.
    pub(crate) replies: Vec<Reply>,
    /// What could not be read.
    pub(crate) errors: Vec<Problem>,
    /// What is not needed any more: suppressions, entries of the baseline.
    pub(crate) notices: Vec<Problem>,
    pub(crate) summary: Summary,
    /// Files of keys and values that no profile knows.
    #[serde(skip)]
    pub(crate) other_files: usize,
    /// The language of messages; `None` for each reply's own.
    #[serde(skip)]
    pub(crate) message_language: Option<String>,
}

/// All replies together.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Summary {
    pub(crate) files: usize,
    pub(crate) replies: usize,
    /// The mean of the replies' scores; null where none was judged.
    pub(crate) score: Option<u32>,
    pub(crate) findings: Counts,
    pub(crate) words: usize,
    /// Findings that a suppression silences.
    pub(crate) suppressed: usize,
    /// Findings that the baseline knows.
    pub(crate) known: usize,
    /// Findings by family, and in it by language ("unknown" where that is not known).
    pub(crate) families: BTreeMap<String, BTreeMap<String, Counts>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Reply {
    /// The file, as it was named or found.
    pub(crate) path: String,
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    /// Where in the file it is, in the file's own terms.
    pub(crate) within: Option<String>,
    /// `es`, `sv`, `en` or a team's own; null where it is not known.
    pub(crate) language: Option<String>,
    /// `tu`, `vos`, `usted`, `vosotros`, `ustedes`, `du`, `ni` or `you`.
    pub(crate) form_of_address: Option<String>,
    /// 100 less 20 for each error, 10 for each warning, 3 for each hint, but not below 0; null where it could not be judged.
    pub(crate) score: Option<u32>,
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(crate) steps: Option<Steps>,
    /// Those about the whole reply first, then by place.
    pub(crate) findings: Vec<Finding>,
    /// The file from the project's root, with `/`; absolute where it is elsewhere.
    #[serde(skip)]
    pub(crate) file: String,
    /// The file from where findings are known.
    #[serde(skip)]
    pub(crate) known_as: String,
    /// Where it begins.
    #[serde(skip)]
    pub(crate) start: Place,
    /// The locale that its entry or file tells.
    #[serde(skip)]
    pub(crate) locale: Option<String>,
    /// What the customer reads, where the report shows that.
    #[serde(skip)]
    pub(crate) text: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// The rule's id, `family/rule`.
    pub(crate) rule: String,
    /// The id of the phrase that found it: name it when you report a false alarm.
    pub(crate) pattern: String,
    #[schemars(with = "String", extend("enum" = Severity::ALL))]
    pub(crate) severity: Severity,
    /// How many steps milder than the rule, because the reply says what can be done, and why.
    pub(crate) softened: u8,
    /// The words; null where the whole reply is meant.
    pub(crate) text: Option<String>,
    /// Where in the reply's decoded text they are, in bytes of UTF-8.
    pub(crate) range: Option<Range>,
    /// The same in UTF-16 code units.
    pub(crate) range_utf16: Option<Range>,
    /// Where in the file they are.
    pub(crate) location: Location,
    pub(crate) message: String,
    pub(crate) why: String,
    /// What we can do instead, the best first.
    pub(crate) suggestions: Vec<Suggestion>,
    /// The same for the same words of the same reply wherever in its file it stands.
    pub(crate) fingerprint: String,
    #[serde(skip)]
    pub(crate) excerpt: Option<Excerpt>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suggestion {
    /// The sentences that change, as they would read; a hole is `{named like this}`.
    pub(crate) text: String,
    #[schemars(with = "String", extend("enum" = Applicability::ALL))]
    pub(crate) applicability: Applicability,
    /// In the reply's decoded text.
    pub(crate) edits: Vec<Edit>,
    pub(crate) holes: Vec<String>,
    /// The same in the file's own notation; null where that is not known for sure.
    pub(crate) in_file: Option<InFile>,
}

/// Bytes of the decoded text, and what to write in their place.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Edit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) text: String,
}

/// A place in the file, and what to write there.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InFile {
    pub(crate) start: Place,
    pub(crate) end: Place,
    pub(crate) text: String,
}

/// Half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct Range {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A place in the file; the end is the first place after it.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct Location {
    pub(crate) start: Place,
    pub(crate) end: Place,
    /// Whether the file's bytes there are just the words; else they stand somewhere in them.
    pub(crate) exact: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: usize,
    /// In code points, from 1.
    pub(crate) column: usize,
    /// In bytes of UTF-8, from 1.
    pub(crate) utf8_column: usize,
    /// In UTF-16 code units, from 1.
    pub(crate) utf16_column: usize,
    /// In bytes of the file, from 0.
    pub(crate) offset: usize,
}

impl From<Position> for Place {
    fn from(Position { line, column, utf8_column, utf16_column, offset }: Position) -> Place {
        Place { line, column, utf8_column, utf16_column, offset }
    }
}

/// What of a reply is to be told beside its findings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) suggestions: bool,
    pub(crate) excerpts: bool,
    pub(crate) texts: bool,
    /// Its steps and its form of address.
    pub(crate) acts: bool,
}

/// A file that replies are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'o> {
    /// As it was named or found.
    pub(crate) path: &'o str,
    /// From the project's root.
    pub(crate) file: &'o str,
    /// From where findings are known.
    pub(crate) known_as: &'o str,
    pub(crate) source: &'o Source,
}

impl<'o> Origin<'o> {
    /// With the file's names: as it was named or found, from the project's root, and from where findings are known.
    pub(crate) fn new([path, file, known_as]: &'o [String; 3], source: &'o Source) -> Origin<'o> {
        Origin { path, file, known_as, source }
    }
}

impl Reply {
    pub(crate) fn new(origin: Origin<'_>, entry: &Entry, report: &tactful::Report, wanted: Wanted) -> Reply {
        let telling = Telling { entry, source: origin.source };
        let mut findings: Vec<Finding> =
            report.findings().iter().map(|finding| telling.finding(finding, wanted)).collect();
        telling.count_utf16(&mut findings);
        Reply {
            path: origin.path.to_owned(),
            id: entry.id.clone(),
            title: entry.title.clone(),
            within: Some(entry.within.clone()).filter(|within| !within.is_empty()),
            language: report.language().map(Language::to_string),
            form_of_address: if wanted.acts { report.form_of_address().map(ToString::to_string) } else { None },
            score: report.score(),
            steps: wanted.acts.then(|| report.steps()),
            file: origin.file.to_owned(),
            known_as: origin.known_as.to_owned(),
            start: telling.location(0, 0).start,
            locale: entry.locale.as_ref().map(|(locale, _)| locale.clone()),
            text: (wanted.texts && !findings.is_empty()).then(|| entry.text.clone()),
            findings,
        }
    }

    /// Findings that comparing it with its variants made.
    pub(crate) fn add(&mut self, found: &[tactful::Finding]) {
        let place = Location { start: self.start, end: self.start, exact: true };
        self.findings.extend(found.iter().map(|finding| Finding::about(finding, place)));
        // Those of the whole reply come first, by rule.
        self.findings.sort_by(|one, other| (one.range, &one.rule).cmp(&(other.range, &other.rule)));
        self.rate();
    }

    /// Leaves out findings.
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Finding) -> bool) {
        self.findings.retain(keep);
        self.rate();
    }

    /// Gives it the score that its findings leave it.
    fn rate(&mut self) {
        let cost: u32 = self.findings.iter().map(|finding| finding.severity.weight()).sum();
        self.score = self.score.map(|_| 100_u32.saturating_sub(cost));
    }

    /// What its tool calls it, or else people.
    pub(crate) fn name(&self) -> Option<&str> {
        self.id.as_deref().or(self.title.as_deref())
    }
}

/// An entry and its file, to tell findings about it.
struct Telling<'t> {
    entry: &'t Entry,
    source: &'t Source,
}

impl Telling<'_> {
    fn location(&self, start: usize, end: usize) -> Location {
        let place = self.entry.map.place(start, end);
        let at = |offset: usize| Place::from(self.source.position(offset));
        Location { start: at(place.range.start), end: at(place.range.end), exact: place.exact }
    }

    fn finding(&self, finding: &tactful::Finding, wanted: Wanted) -> Finding {
        let text = &self.entry.text;
        let (start, end) = finding.span.map_or((0, 0), |span| (span.start, span.end));
        let mut told = Finding::about(finding, self.location(start, end));
        told.text = finding.span.map(|span| span.of(text).to_owned());
        told.range = finding.span.map(|span| Range { start: span.start, end: span.end });
        if wanted.suggestions {
            told.suggestions = finding.suggestions().iter().map(|one| self.suggestion(one)).collect();
        }
        if wanted.excerpts {
            told.excerpt = Some(Excerpt::new(text, start..end));
        }
        told
    }

    /// Tells findings, which are in order of their start, where they are in UTF-16: each is counted from the one before.
    fn count_utf16(&self, findings: &mut [Finding]) {
        let text = &self.entry.text;
        let units = |part: std::ops::Range<usize>| text[part].encode_utf16().count();
        let (mut at, mut counted) = (0, 0);
        for finding in findings {
            let Some(Range { start, end }) = finding.range else { continue };
            counted += units(at..start);
            at = start;
            finding.range_utf16 = Some(Range { start: counted, end: counted + units(start..end) });
        }
    }

    fn suggestion(&self, suggestion: &tactful::Suggestion) -> Suggestion {
        let edit = |edit: &tactful::Edit| Edit { start: edit.span.start, end: edit.span.end, text: edit.text.clone() };
        Suggestion {
            text: suggestion.excerpt(&self.entry.text),
            applicability: suggestion.applicability,
            edits: suggestion.edits.iter().map(edit).collect(),
            holes: suggestion.holes.clone(),
            in_file: self.in_file(suggestion),
        }
    }

    /// The edits as one, from the first to the last of them.
    fn in_file(&self, suggestion: &tactful::Suggestion) -> Option<InFile> {
        let edits = suggestion.edits.iter().map(|edit| self.entry.edit(edit.span.start, edit.span.end, &edit.text));
        let edits: Vec<(std::ops::Range<usize>, String)> = edits.collect::<Option<_>>()?;
        let (start, end) = (edits.first()?.0.start, edits.last()?.0.end);
        let mut text = String::new();
        let mut at = start;
        for (range, words) in edits {
            text += self.source.text().get(at..range.start)?;
            text += &words;
            at = range.end;
        }
        let place = |at: usize| Place::from(self.source.position(at));
        Some(InFile { start: place(start), end: place(end), text })
    }
}

impl Finding {
    /// A finding about the whole reply.
    fn about(finding: &tactful::Finding, location: Location) -> Finding {
        Finding {
            rule: finding.rule.to_string(),
            pattern: finding.pattern.to_string(),
            severity: finding.severity,
            softened: finding.softened,
            text: None,
            range: None,
            range_utf16: None,
            location,
            message: finding.message.to_string(),
            why: finding.why.to_string(),
            suggestions: Vec::new(),
            fingerprint: String::new(),
            excerpt: None,
        }
    }

    /// The part of the rule's id before the slash.
    pub(crate) fn family(&self) -> &str {
        self.rule.split('/').next().unwrap_or_default()
    }

    /// What can be written in the file as it stands: nobody is to commit `{a hole}`.
    pub(crate) fn ready(&self) -> impl Iterator<Item = &InFile> {
        let whole = self.suggestions.iter().filter(|suggestion| suggestion.holes.is_empty());
        whole.filter_map(|suggestion| suggestion.in_file.as_ref())
    }

    /// How sure its surest suggestion is.
    pub(crate) fn surest(&self) -> Option<Applicability> {
        self.suggestions.iter().map(|suggestion| suggestion.applicability).max()
    }
}
