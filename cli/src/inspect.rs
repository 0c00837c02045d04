//! `tactful inspect`: what is read in a file, and why.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use tactful_reader::{Contents, Entry, LocaleFrom, Reader, Source};

use crate::Outcome;
use crate::args::{Inspect, InspectFormat};
use crate::config::Placed;
use crate::load;
use crate::report::{Problem, clean, display};

/// What is told of a file, for programs.
#[derive(Debug, Serialize)]
struct File {
    path: String,
    format: String,
    encoding: String,
    profile: Option<String>,
    entries: Vec<Told>,
}

#[derive(Debug, Serialize)]
struct Told {
    line: usize,
    column: usize,
    id: Option<String>,
    title: Option<String>,
    within: String,
    locale: Option<String>,
    locale_from: Option<&'static str>,
    kind: String,
    fragment: bool,
    skipped: Option<&'static str>,
    placeholders: Vec<String>,
    text: String,
}

pub(crate) fn run(inspect: &Inspect) -> Result<Outcome, Box<dyn Error>> {
    let reader = load::reader(&inspect.profile.iter().map(|path| Placed::file(path)).collect::<Vec<_>>())?;
    let mut out = anstream::stdout().lock();
    let mut problems: Vec<Problem> = Vec::new();
    let mut files: Vec<File> = Vec::new();
    for path in &inspect.files {
        let stdin = path.as_os_str() == "-";
        let path = if stdin { &inspect.stdin_filename } else { path };
        let input: Result<Box<dyn io::Read>, Problem> = if stdin {
            Ok(Box::new(io::stdin().lock()))
        } else {
            load::open(path).map(|file| Box::new(file) as Box<dyn io::Read>)
        };
        let input = match input {
            Ok(input) => input,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for part in reader.parts(path, input, inspect.max_size) {
            let (source, contents) = match part {
                Ok(part) => part,
                Err(problem) => {
                    problems.push(Problem::of_contents(path, problem));
                    break;
                }
            };
            problems.extend(contents.problems.iter().map(|problem| Problem::of_contents(path, problem.clone())));
            let file = File::new(path, &contents, &source);
            match inspect.format {
                InspectFormat::Text => out.write_all(file.text(&contents, &reader).as_bytes())?,
                InspectFormat::Json => files.push(file),
            }
        }
    }
    if inspect.format == InspectFormat::Json {
        serde_json::to_writer_pretty(&mut out, &files)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    for problem in &problems {
        anstream::eprintln!("tactful: {problem}");
    }
    Ok(if problems.is_empty() { Outcome::Clean } else { Outcome::Trouble })
}

impl File {
    fn new(path: &Path, contents: &Contents, source: &Source) -> File {
        File {
            path: display(path),
            format: contents.format.to_string(),
            encoding: source.encoding().to_string(),
            profile: contents.profile.as_ref().map(|profile| profile.name().to_owned()),
            entries: contents.entries.iter().map(|entry| Told::new(entry, source)).collect(),
        }
    }

    fn text(&self, contents: &Contents, reader: &Reader) -> String {
        let profile = match &contents.profile {
            Some(profile) => format!(": {} (profile {})", profile.title(), profile.name()),
            None if contents.is_unknown() => {
                let names: Vec<&str> = reader.profiles().iter().map(|profile| profile.name()).collect();
                format!(": no profile knows it. Tried: {}", names.join(", "))
            }
            None => String::new(),
        };
        let mut text = format!("{}: {}, {}{profile}\n", clean(&self.path), self.format, self.encoding);
        for entry in &self.entries {
            text += &entry.line(&self.path);
        }
        let judged = self.entries.iter().filter(|entry| entry.skipped.is_none());
        let fragments = judged.clone().filter(|entry| entry.fragment).count();
        let _ = writeln!(
            text,
            "judged: {} whole, {fragments} as fragments; left out: {}\n",
            judged.count() - fragments,
            self.entries.iter().filter(|entry| entry.skipped.is_some()).count()
        );
        text
    }
}

impl Told {
    fn new(entry: &Entry, source: &Source) -> Told {
        let at = source.position(entry.map.place(0, 0).range.start);
        let placeholders = tactful::placeholders(&entry.text);
        let from = entry.locale.as_ref().map(|(_, from)| match from {
            LocaleFrom::Entry => "entry",
            LocaleFrom::Header => "header",
            LocaleFrom::Column => "column",
            LocaleFrom::Key => "key",
            LocaleFrom::Path => "path",
            _ => "file",
        });
        Told {
            line: at.line,
            column: at.column,
            id: entry.id.clone(),
            title: entry.title.clone(),
            within: entry.within.clone(),
            locale: entry.locale.as_ref().map(|(locale, _)| locale.clone()),
            locale_from: from,
            kind: entry.kind.to_string(),
            fragment: entry.fragment,
            skipped: entry.skipped.map(|why| why.as_str()),
            placeholders: placeholders.iter().map(|one| one.span.of(&entry.text).to_owned()).collect(),
            text: entry.text.clone(),
        }
    }

    fn line(&self, path: &str) -> String {
        let mut said = Vec::new();
        said.extend(self.id.as_ref().map(|id| format!("id {id}")));
        said.extend(self.title.as_ref().map(|title| format!("\"{title}\"")));
        said.extend(Some(self.within.clone()).filter(|within| !within.is_empty()));
        said.push(match (&self.locale, self.locale_from) {
            (Some(locale), Some(from)) => format!("{locale} by its {from}"),
            _ => "language to be detected".to_owned(),
        });
        said.push(self.kind.clone());
        if self.fragment {
            said.push("fragment".into());
        }
        if !self.placeholders.is_empty() {
            said.push(self.placeholders.join(" "));
        }
        said.extend(self.skipped.map(|why| format!("left out: {why}")));
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let words = words.join(" ");
        let shown: String = words.chars().take(SHOWN).collect();
        let more = if shown.len() < words.len() { "…" } else { "" };
        clean(&format!("{path}:{}:{}: {}\n    {shown}{more}\n", self.line, self.column, said.join(" · ")))
    }
}

/// Characters of a text that are shown.
const SHOWN: usize = 100;
