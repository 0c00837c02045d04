use std::io::Read;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::entry::{Entry, Kind, Layer};
use crate::locale::{self, LocaleFrom};
use crate::profile::{Profile, built_in};
use crate::select::{recognised, select};
use crate::source::Parts;
use crate::tree::{self, Node};
use crate::{Comment, Format, Problem, Source, comment, document, gettext, mail};

/// Reads files into entries. Cheap to clone, to be shared by threads.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Those beside the built-in ones, and all, once a file asks.
    own: Vec<Profile>,
    profiles: Arc<OnceLock<Vec<Profile>>>,
}

/// What a file holds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contents {
    /// What it is written in.
    pub format: Format,
    /// The profile that knew it; `None` for formats that need none, and where none did: then there are no entries.
    pub profile: Option<Profile>,
    /// Its texts, in the order of the file, but for titles and the like, which come before the body they stand in. Those that [`skipped`](Entry::skipped) says are not for customers.
    pub entries: Vec<Entry>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Comments that speak to tactful, in order.
    pub comments: Vec<Comment>,
}

impl Contents {
    /// Whether it is a file of keys and values that no profile knows: most such files hold no replies.
    pub fn is_unknown(&self) -> bool {
        self.profile.is_none() && Format::TREES.contains(&self.format)
    }
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::new()
    }
}

impl Reader {
    /// A reader with the built-in profiles.
    pub fn new() -> Reader {
        Reader { own: Vec::new(), profiles: Arc::default() }
    }

    /// The same with one more profile, which is tried before those it has.
    pub fn with_profile(mut self, profile: Profile) -> Reader {
        self.own.insert(0, profile);
        Reader { profiles: Arc::default(), ..self }
    }

    /// Its profiles, in the order in which they are tried.
    pub fn profiles(&self) -> &[Profile] {
        self.profiles.get_or_init(|| self.own.iter().cloned().chain(built_in()).collect())
    }

    /// The text in a file's `bytes`.
    ///
    /// # Errors
    ///
    /// If they are in no encoding that such files have: where the first wrong byte is.
    pub fn source(&self, path: &Path, bytes: Vec<u8>) -> Result<Source, Problem> {
        Source::new(bytes, Format::of(path).is_some_and(Format::is_legacy))
    }

    /// The text that `input` gives, a file called `path`, of at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// As [`source`](Reader::source) says; or if it cannot be read, or is larger.
    pub fn whole(&self, path: &Path, input: impl Read, limit: u64) -> Result<Source, Problem> {
        Parts::new(input, path, limit).whole()
    }

    /// What the file at `path` holds, of which `source` is the text. A name that tells no format is taken for plain text.
    pub fn read(&self, path: &Path, source: &Source) -> Contents {
        self.read_part(path, source, None)
    }

    /// What the file at `path` holds, of which `input` gives the bytes, at most `limit`: each part of it with its text, so that JSON Lines of any
    /// length take little memory. Other formats have one part. Ends after an error.
    pub fn parts<'r>(
        &'r self,
        path: &'r Path,
        input: impl Read + 'r,
        limit: u64,
    ) -> impl Iterator<Item = Result<(Source, Contents), Problem>> + 'r {
        let mut known: Option<Profile> = None;
        Parts::new(input, path, limit).map(move |part| {
            let source = part?;
            let contents = self.read_part(path, &source, known.as_ref());
            known = contents.profile.clone().or(known.take());
            Ok((source, contents))
        })
    }

    /// What a part of a file holds, of which an earlier one was known by a profile: so is this one.
    fn read_part(&self, path: &Path, source: &Source, known: Option<&Profile>) -> Contents {
        let mut format = Format::of(path).unwrap_or(Format::Text);
        let text = source.text();
        let name = &*path.file_name().unwrap_or_default().to_string_lossy();
        let (path_locale, starred) = locale::of_path(path);
        let recognised = |trees: &[Node], format: Format| {
            known.or_else(|| recognised(self.profiles(), trees, format, path_locale.is_some())).cloned()
        };
        let (mut profile, mut faults) = (None, Vec::new());
        let mut comments: Option<Vec<Comment>> = None;
        let entries = match format {
            Format::Json | Format::Yaml | Format::Toml | Format::Csv => {
                let (tree, problems) = match format {
                    Format::Json => tree::json(text),
                    Format::Yaml => tree::yaml(text),
                    Format::Toml => tree::toml(text),
                    _ => tree::table(text),
                };
                faults = problems;
                comments = Some(comment::comments(text, format, std::slice::from_ref(&tree)));
                profile = recognised(std::slice::from_ref(&tree), format);
                profile.as_ref().and_then(|profile| select(profile, &tree, text, format, name)).unwrap_or_default()
            }
            Format::JsonLines => {
                let lines = lines(text, &mut faults);
                profile = recognised(&lines, format);
                profile.as_ref().map(|profile| of_lines(profile, &lines, text, name, &mut faults)).unwrap_or_default()
            }
            Format::Gettext => {
                let (entries, problems) = gettext::read(text);
                faults = problems;
                entries
            }
            Format::Mail => or_fault(mail::read(text), &mut faults),
            // What Excel calls "Unicode text" is a table.
            Format::Text if is_table(source) => {
                let (tree, _) = tree::table(text);
                profile = recognised(std::slice::from_ref(&tree), Format::Csv);
                match profile.as_ref().and_then(|profile| select(profile, &tree, text, Format::Csv, name)) {
                    Some(entries) => {
                        format = Format::Csv;
                        entries
                    }
                    None => or_fault(document::read(text, format), &mut faults),
                }
            }
            _ => or_fault(document::read(text, format), &mut faults),
        };
        faults.sort();
        let problems = faults.into_iter().map(|(at, message)| source.problem(at, message)).collect();
        let entries =
            entries.into_iter().flat_map(with_fallbacks).map(|entry| located(entry, path_locale.as_deref(), &starred));
        let comments = comments.unwrap_or_else(|| comment::comments(text, format, &[]));
        Contents { format, profile, entries: entries.collect(), problems, comments }
    }
}

fn or_fault(read: Result<Vec<Entry>, (usize, String)>, faults: &mut Vec<(usize, String)>) -> Vec<Entry> {
    read.unwrap_or_else(|fault| {
        faults.push(fault);
        Vec::new()
    })
}

fn is_table(source: &Source) -> bool {
    source.encoding().is_utf16() && source.text().lines().next().is_some_and(|line| line.contains('\t'))
}

/// The objects of JSON Lines, each where it stands in the file. A line that cannot be read costs that line alone.
fn lines(text: &str, faults: &mut Vec<(usize, String)>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            match tree::json_line(line) {
                Ok(mut node) => {
                    node.shift(at);
                    nodes.push(node);
                }
                Err((column, message)) => faults.push((at + column.min(line.trim_end().len()), message)),
            }
        }
        at += line.len();
    }
    nodes
}

fn of_lines(
    profile: &Profile,
    lines: &[Node],
    text: &str,
    name: &str,
    faults: &mut Vec<(usize, String)>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for line in lines {
        match select(profile, line, text, Format::JsonLines, name) {
            Some(found) if !(found.is_empty() && profile.0.required) => entries.extend(found),
            _ if profile.0.required => {
                faults.push((
                    line.span.start,
                    format!("expected an object with a text, as {} have", profile.title().to_lowercase()),
                ));
            }
            _ => {}
        }
    }
    entries
}

/// An entry, and what it says where a placeholder has no value.
fn with_fallbacks(entry: Entry) -> impl Iterator<Item = Entry> {
    let mut fallbacks = Vec::new();
    // What nobody reads has no words to judge.
    if entry.skipped.is_none() {
        for placeholder in tactful::placeholders(&entry.text) {
            let Some(span) = placeholder.fallback else { continue };
            let mut fallback =
                Entry::new(Kind::Plain, span.of(&entry.text).to_owned(), entry.map.slice(span.start..span.end));
            fallback.layers = entry.layers.clone();
            // A quotation mark in it would end it.
            fallback.layers.push(Layer::ReadOnly);
            fallback.id.clone_from(&entry.id);
            fallback.title.clone_from(&entry.title);
            fallback.locale.clone_from(&entry.locale);
            fallback.within =
                if entry.within.is_empty() { "fallback".into() } else { format!("{}: fallback", entry.within) };
            fallback.fragment = true;
            fallbacks.push(fallback);
        }
    }
    std::iter::once(entry).chain(fallbacks)
}

/// An entry with what its file's path says of it.
fn located(mut entry: Entry, path_locale: Option<&str>, starred: &str) -> Entry {
    if entry.locale.is_none() {
        entry.locale = path_locale.map(|locale| (locale.to_owned(), LocaleFrom::Path));
    }
    let name = entry.variant_of.take().map(|within| match &entry.id {
        // Files that name their entries may be named as they like.
        Some(id) if within.is_empty() => format!("#{id}"),
        _ => format!("{starred}#{within}"),
    });
    entry.variant_of = name.filter(|_| entry.locale.is_some() && entry.skipped.is_none());
    entry
}
