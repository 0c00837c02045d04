//! Findings that somebody decided to live with: in the configuration, or in comments that no customer gets.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use tactful_reader::{Comment, Contents, Entry, Source};

use crate::config::{Config, names};
use crate::report::{Finding, Problem, Reply};

/// What a comment asks for.
#[derive(Debug)]
pub(crate) struct Directive {
    rules: Vec<String>,
    reach: Reach,
    place: Problem,
    used: bool,
}

/// What a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The whole file.
    File,
    /// The reply that begins at this byte of the file.
    Reply(usize),
    /// What begins on this line of the file.
    Line(usize),
}

/// What comments may say, the longer before what it begins with.
const FORMS: [&str; 3] = ["disable-next-line", "disable-line", "disable-file"];

/// The suppressions in a file's comments, and what is wrong with the others.
pub(crate) fn directives(path: &str, source: &Source, contents: &Contents) -> (Vec<Directive>, Vec<Problem>) {
    let mut directives = Vec::new();
    let mut problems = Vec::new();
    let places = if contents.comments.is_empty() { Places::default() } else { Places::new(contents) };
    for comment in &contents.comments {
        let at = source.position(comment.range.start);
        let problem =
            |message: String| Problem { path: path.to_owned(), line: Some(at.line), column: Some(at.column), message };
        match directive(comment, source, &places) {
            Ok((rules, reach)) => {
                directives.push(Directive { rules, reach, place: problem(String::new()), used: false })
            }
            Err(message) => problems.push(problem(message)),
        }
    }
    (directives, problems)
}

fn directive(comment: &Comment, source: &Source, places: &Places) -> Result<(Vec<String>, Reach), String> {
    let (rules, reason) = comment.text.split_once("--").unwrap_or((&comment.text, ""));
    let said = rules.trim_start_matches(Comment::MARK);
    let form = FORMS.iter().find(|form| {
        said.strip_prefix(**form).is_some_and(|rest| !rest.starts_with(|c: char| c == '-' || c.is_alphanumeric()))
    });
    let Some(form) = form else {
        let forms = FORMS.map(|form| format!("{}{form}", Comment::MARK));
        return Err(format!("expected {} or {}", forms[..2].join(", "), forms[2]));
    };
    if comment.sent {
        return Err("customers get this comment with the reply: suppress the finding in tactful.toml, or in a comment of the template's language".into());
    }
    let rules: Vec<String> =
        said[form.len()..].split([',', ' ', '\t', ':']).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    if rules.is_empty() {
        return Err(format!("expected the rules to silence: {}{form} RULE -- REASON", Comment::MARK));
    }
    if reason.trim().is_empty() {
        return Err(format!("expected the reason: {}{form} {} -- REASON", Comment::MARK, rules.join(" ")));
    }
    let line = source.position(comment.range.start).line;
    let reach = match *form {
        "disable-file" => Reach::File,
        "disable-line" => Reach::Line(line),
        _ => next(comment, source, places),
    };
    Ok((rules, reach))
}

/// What a comment stands before: within a reply the next line that says something, between replies the next reply.
fn next(comment: &Comment, source: &Source, places: &Places) -> Reach {
    if !places.hold(&comment.range)
        && let Some(next) = places.after(comment.range.end)
    {
        return Reach::Reply(source.position(next).offset);
    }
    let after = &source.text()[comment.range.end..];
    let rest_of_line = after.find('\n').map_or(after.len(), |at| at + 1);
    let words = after[rest_of_line..].find(|c: char| !c.is_whitespace()).unwrap_or(0);
    Reach::Line(source.position(comment.range.end + rest_of_line + words).line)
}

/// Where the replies of a file stand: the start of each, in order, and how far it and those before it reach.
#[derive(Debug, Default)]
struct Places(Vec<(usize, usize)>);

impl Places {
    fn new(contents: &Contents) -> Places {
        let place = |entry: &Entry| entry.map.place(0, entry.text.len()).range;
        let mut places: Vec<(usize, usize)> =
            contents.entries.iter().map(place).map(|place| (place.start, place.end)).collect();
        places.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut places {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Places(places)
    }

    /// Whether a comment stands within a reply.
    fn hold(&self, comment: &Range<usize>) -> bool {
        let before = self.0.partition_point(|(start, _)| *start < comment.start);
        before > 0 && comment.end < self.0[before - 1].1
    }

    /// Where the first reply from `at` on begins.
    fn after(&self, at: usize) -> Option<usize> {
        self.0.get(self.0.partition_point(|(start, _)| *start < at)).map(|(start, _)| *start)
    }
}

impl Directive {
    /// Whether it silences a finding of a reply in its file.
    pub(crate) fn silences(&mut self, reply: &Reply, finding: &Finding) -> bool {
        let about = match self.reach {
            Reach::File => true,
            Reach::Reply(start) => reply.start.offset == start,
            Reach::Line(line) => finding.location.start.line == line,
        };
        let silences = about && self.rules.iter().any(|rule| names(rule, &finding.rule));
        self.used |= silences;
        silences
    }

    /// That it is not needed any more; `None` if it is, or if nobody looked for what it silences.
    pub(crate) fn unused(&self, is_on: impl Fn(&str) -> Option<bool>) -> Option<Problem> {
        let told = |message: String| Some(Problem { message, ..self.place.clone() });
        if let Some(unknown) = self.rules.iter().find(|rule| is_on(rule).is_none()) {
            return told(format!("there is no rule or family \"{unknown}\""));
        }
        let looked = self.rules.iter().any(|rule| is_on(rule) == Some(true));
        (looked && !self.used)
            .then(|| told(format!("nothing to silence here: {} is not found", self.rules.join(", "))))?
    }
}

/// The suppressions of a configuration, and which of them were needed.
#[derive(Debug)]
pub(crate) struct Configured {
    config: Arc<Config>,
    /// Whether a reply that it is about was judged, and whether it silenced something.
    seen: Vec<(bool, bool)>,
}

impl Configured {
    pub(crate) fn new(config: &Arc<Config>) -> Configured {
        Configured { config: Arc::clone(config), seen: vec![(false, false); config.suppressions.len()] }
    }

    /// Leaves out of a reply, in the file at `path`, which is absolute, what is suppressed; gives how many findings those are.
    pub(crate) fn apply(&mut self, path: &Path, reply: &mut Reply, directives: &mut [Directive]) -> usize {
        let about: Vec<usize> = (0..self.config.suppressions.len())
            .filter(|&at| self.config.suppressions[at].is_about(path, reply.name(), reply.locale.as_deref()))
            .collect();
        for &at in &about {
            self.seen[at].0 = true;
        }
        let before = reply.findings.len();
        if before == 0 || (about.is_empty() && directives.is_empty()) {
            return 0;
        }
        let findings = std::mem::take(&mut reply.findings);
        let silenced: Vec<bool> = findings
            .iter()
            .map(|finding| {
                let mut silenced = false;
                for directive in directives.iter_mut() {
                    silenced |= directive.silences(reply, finding);
                }
                for &at in &about {
                    let silences = self.config.suppressions[at].silences(&finding.rule);
                    self.seen[at].1 |= silences;
                    silenced |= silences;
                }
                silenced
            })
            .collect();
        reply.findings = findings;
        let mut silenced = silenced.into_iter();
        reply.retain(|_| !silenced.next().unwrap_or_default());
        before - reply.findings.len()
    }

    /// Those that are not needed any more. `all` says that every file of the configuration was looked at.
    pub(crate) fn unused(&self, all: bool, is_on: impl Fn(&str) -> Option<bool>) -> Vec<Problem> {
        let suppressions = self.config.suppressions.iter().zip(&self.seen);
        let unused = suppressions.filter(|(suppression, (judged, used))| {
            let looked = suppression.rules.iter().any(|rule| is_on(&rule.value) == Some(true));
            looked && !used && (*judged || all)
        });
        let told = |suppression: &crate::config::Suppression| {
            let rules: Vec<&str> = suppression.rules.iter().map(|rule| rule.value.as_str()).collect();
            suppression.reason.problem(format!("this suppression silences nothing: {} is not found", rules.join(", ")))
        };
        unused.map(|(suppression, _)| told(suppression)).collect()
    }
}
