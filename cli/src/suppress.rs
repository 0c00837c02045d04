//! Findings that somebody decided to live with: in the configuration, or in comments that no customer gets.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use tactful_reader::{Comment, Contents, Entry, Kind, Source};

use crate::config::{Config, Suppression, names};
use crate::report::{Finding, Problem, Reply};

/// What the comments of a file ask for.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    all: Vec<Directive>,
    /// Which are about what.
    about: HashMap<Reach, Vec<usize>>,
}

#[derive(Debug)]
struct Directive {
    rules: Vec<String>,
    place: Problem,
    used: bool,
}

/// What a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Reach {
    /// The whole file.
    File,
    /// The text that begins at this byte of the file.
    Text(usize),
    /// What begins on this line of the file.
    Line(usize),
}

/// What comments may say.
const FORMS: [&str; 3] = ["tactful-disable-next-line", "tactful-disable-line", "tactful-disable-file"];

impl Directives {
    /// The suppressions in a file's comments, and what is wrong with the others.
    pub(crate) fn new(path: &str, source: &Source, contents: &Contents) -> (Directives, Vec<Problem>) {
        let mut directives = Directives::default();
        let mut problems = Vec::new();
        let texts = if contents.comments.is_empty() { Texts::default() } else { Texts::new(contents) };
        for comment in &contents.comments {
            let at = source.position(comment.range.start);
            let place =
                Problem { path: path.to_owned(), line: Some(at.line), column: Some(at.column), message: String::new() };
            match parsed(comment) {
                Ok((form, rules)) => {
                    let about = match form {
                        "tactful-disable-file" => vec![Reach::File],
                        "tactful-disable-line" => vec![Reach::Line(at.line)],
                        _ => texts.after(comment, source),
                    };
                    for reach in about {
                        directives.about.entry(reach).or_default().push(directives.all.len());
                    }
                    directives.all.push(Directive { rules, place, used: false });
                }
                Err(message) => problems.push(Problem { message, ..place }),
            }
        }
        (directives, problems)
    }

    /// Those that silence a finding of a reply in the file.
    fn silencing(&self, reply: &Reply, finding: &Finding) -> Vec<usize> {
        let reaches = [Reach::File, Reach::Text(reply.start.offset), Reach::Line(finding.location.start.line)];
        let about = reaches.iter().filter_map(|reach| self.about.get(reach)).flatten().copied();
        about.filter(|&at| self.all[at].rules.iter().any(|rule| names(rule, &finding.rule))).collect()
    }

    /// Those that are not needed any more, where somebody looked for what they silence.
    pub(crate) fn unused(&self, is_on: impl Fn(&str) -> Option<bool>) -> Vec<Problem> {
        let told = |directive: &Directive| {
            let Directive { rules, place, used } = directive;
            let message = if let Some(unknown) = rules.iter().find(|rule| is_on(rule).is_none()) {
                format!("there is no rule or family \"{unknown}\"")
            } else if !used && rules.iter().any(|rule| is_on(rule) == Some(true)) {
                format!("nothing to silence here: {} is not found", rules.join(", "))
            } else {
                return None;
            };
            Some(Problem { message, ..place.clone() })
        };
        self.all.iter().filter_map(told).collect()
    }
}

/// What a comment says: its form, and the rules it silences.
fn parsed(comment: &Comment) -> Result<(&'static str, Vec<String>), String> {
    let (said, reason) = comment.text.split_once("--").unwrap_or((&comment.text, ""));
    let ends = |rest: &str| !rest.starts_with(|c: char| c == '-' || c.is_alphanumeric());
    let form = FORMS.into_iter().find(|form| said.strip_prefix(form).is_some_and(ends));
    let Some(form) = form else {
        return Err(format!("expected {} or {}", FORMS[..2].join(", "), FORMS[2]));
    };
    if comment.sent {
        return Err("customers get this comment with the reply: suppress the finding in tactful.toml, or in a comment of the template's language".into());
    }
    let rules: Vec<String> =
        said[form.len()..].split([',', ' ', '\t', ':']).filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    if rules.is_empty() {
        return Err(format!("expected the rules to silence: {form} RULE -- REASON"));
    }
    if reason.trim().is_empty() {
        return Err(format!("expected the reason: {form} {} -- REASON", rules.join(" ")));
    }
    Ok((form, rules))
}

/// Where the texts of a file stand, in order.
#[derive(Debug, Default)]
struct Texts<'t>(Vec<Text<'t>>);

#[derive(Debug)]
struct Text<'t> {
    start: usize,
    /// How far it and those before it reach.
    end: usize,
    entry: &'t Entry,
}

impl<'t> Texts<'t> {
    fn new(contents: &'t Contents) -> Texts<'t> {
        let text = |entry: &'t Entry| {
            let Range { start, end } = entry.map.place(0, entry.text.len()).range;
            Text { start, end, entry }
        };
        let mut texts: Vec<Text<'t>> = contents.entries.iter().map(text).collect();
        texts.sort_by_key(|text| (text.start, text.end));
        let mut furthest = 0;
        for text in &mut texts {
            furthest = furthest.max(text.end);
            text.end = furthest;
        }
        Texts(texts)
    }

    /// What a comment stands before: within a reply the next line that says something; between replies the next one, with its subject.
    fn after(&self, comment: &Comment, source: &Source) -> Vec<Reach> {
        let Range { start, end } = comment.range;
        let before = self.0.partition_point(|text| text.start < start);
        let within = before > 0 && end < self.0[before - 1].end;
        let next = self.0.partition_point(|text| text.start < end);
        let Some(first) = self.0.get(next).filter(|_| !within) else {
            let after = &source.text()[end..];
            let rest_of_line = after.find('\n').map_or(after.len(), |at| at + 1);
            let words = after[rest_of_line..].find(|c: char| !c.is_whitespace()).unwrap_or(0);
            return vec![Reach::Line(source.position(end + rest_of_line + words).line)];
        };
        // Texts of one entry, or of one page, are one reply.
        let same = |text: &&Text<'_>| {
            let named = text.entry.id.is_some() || text.entry.kind == Kind::Html;
            named && text.entry.id == first.entry.id && text.entry.title == first.entry.title
        };
        let rest = self.0[next + 1..].iter().take_while(same);
        let start = |text: &Text<'_>| Reach::Text(source.position(text.start).offset);
        std::iter::once(first).chain(rest).map(start).collect()
    }
}

/// What silences a finding.
struct Silencers {
    directives: Vec<usize>,
    suppressions: Vec<usize>,
}

impl Silencers {
    fn is_empty(&self) -> bool {
        self.directives.is_empty() && self.suppressions.is_empty()
    }
}

/// The suppressions of `config` that are about a reply, in the file at `path`, which is absolute.
fn about(config: &Config, path: &Path, reply: &Reply) -> Vec<usize> {
    let is_about = |suppression: &Suppression| suppression.is_about(path, reply.name(), reply.locale.as_deref());
    let suppressions = config.suppressions.iter().enumerate();
    suppressions.filter(|(_, suppression)| is_about(suppression)).map(|(at, _)| at).collect()
}

fn silencers(config: &Config, about: &[usize], reply: &Reply, finding: &Finding, directives: &Directives) -> Silencers {
    let silences = |at: &usize| config.suppressions[*at].silences(&finding.rule);
    Silencers {
        directives: directives.silencing(reply, finding),
        suppressions: about.iter().copied().filter(silences).collect(),
    }
}

/// Which findings of a reply, in the file at `path`, which is absolute, are suppressed.
pub(crate) fn suppressed(config: &Config, path: &Path, reply: &Reply, directives: &Directives) -> Vec<bool> {
    let about = about(config, path, reply);
    let silenced = |finding: &Finding| !silencers(config, &about, reply, finding, directives).is_empty();
    reply.findings.iter().map(silenced).collect()
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
    pub(crate) fn apply(&mut self, path: &Path, reply: &mut Reply, directives: &mut Directives) -> usize {
        let about = about(&self.config, path, reply);
        for &at in &about {
            self.seen[at].0 = true;
        }
        let mut kept = Vec::with_capacity(reply.findings.len());
        for finding in &reply.findings {
            let silencers = silencers(&self.config, &about, reply, finding, directives);
            kept.push(silencers.is_empty());
            for at in silencers.directives {
                directives.all[at].used = true;
            }
            for at in silencers.suppressions {
                self.seen[at].1 = true;
            }
        }
        let mut kept = kept.into_iter();
        let before = reply.findings.len();
        reply.retain(|_| kept.next().unwrap_or(true));
        before - reply.findings.len()
    }

    /// Those that are not needed any more. `all` says that every file of the configuration was looked at.
    pub(crate) fn unused(&self, all: bool, is_on: impl Fn(&str) -> Option<bool>) -> Vec<Problem> {
        let unused = |(suppression, (judged, used)): &(&Suppression, &(bool, bool))| {
            let looked = suppression.rules.iter().any(|rule| is_on(&rule.value) == Some(true));
            looked && !used && (*judged || all)
        };
        let told = |suppression: &Suppression| {
            let rules: Vec<&str> = suppression.rules.iter().map(|rule| rule.value.as_str()).collect();
            suppression.reason.problem(format!("this suppression silences nothing: {} is not found", rules.join(", ")))
        };
        let suppressions = self.config.suppressions.iter().zip(&self.seen);
        suppressions.filter(unused).map(|(suppression, _)| told(suppression)).collect()
    }
}
