use std::fmt;
use std::ops::Range;

use crate::locale::LocaleFrom;
use crate::quoting::Quoting;
use crate::{Place, SourceMap};

/// A text of a file: a reply, or a part of one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// What its tool calls it.
    pub id: Option<String>,
    /// What people call it.
    pub title: Option<String>,
    /// Where in the file it is, in the file's own terms: `macros[3].actions[0].value`, `Shipping > Late parcel`. Empty where the file is one reply.
    pub within: String,
    /// The language that it, or its file, says it is in, and where that was read.
    pub locale: Option<(String, LocaleFrom)>,
    /// How its text is marked up.
    pub kind: Kind,
    /// It is a part of a reply: a subject, a button, a phrase.
    pub fragment: bool,
    /// Why it is not to be judged, where it is not.
    pub skipped: Option<Why>,
    /// The same for each language's variant of the entry: what to compare it by. `None` where no language is told.
    pub variant_of: Option<String>,
    /// What the customer reads.
    pub text: String,
    /// From the text to the file's.
    pub map: SourceMap,
    /// How the text is written in the file, the outermost last.
    pub(crate) layers: Vec<Layer>,
}

impl Entry {
    /// A whole file, or a part of it, that is one reply.
    pub(crate) fn new(kind: Kind, text: String, map: SourceMap) -> Entry {
        Entry {
            id: None,
            title: None,
            within: String::new(),
            locale: None,
            kind,
            fragment: false,
            skipped: None,
            variant_of: None,
            text,
            map,
            layers: match kind {
                Kind::Html => vec![Layer::Html],
                _ => Vec::new(),
            },
        }
    }

    /// Where the bytes from `start` to `end` of the text stand in the file's text, and what to write there so that they read as `words`.
    ///
    /// `None` where that is not known for sure: words with tags between them, base64, a value whose notation has no way to say it.
    pub fn edit(&self, start: usize, end: usize, words: &str) -> Option<(Range<usize>, String)> {
        let Place { range, exact } = self.map.place(start, end);
        let written = self.layers.iter().try_fold(words.to_owned(), |words, layer| layer.encode(&words))?;
        exact.then_some((range, written))
    }
}

/// How a text is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Not at all.
    Plain,
    /// HTML, or one of the languages of mail templates.
    Html,
    /// Markdown.
    Markdown,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Plain => "plain",
            Kind::Html => "HTML",
            Kind::Markdown => "Markdown",
        })
    }
}

/// Why a text is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It is for colleagues.
    Internal,
    /// Nobody can use it.
    Inactive,
    /// It says what another text of its entry says.
    Twin,
    /// Nobody translated it yet.
    Untranslated,
    /// A machine, or somebody in doubt, translated it.
    Fuzzy,
    /// It introduces what follows.
    Introduction,
    /// It tells colleagues when to use the reply beside it.
    Note,
}

impl Why {
    /// Every reason.
    pub const ALL: [Why; 7] =
        [Why::Internal, Why::Inactive, Why::Twin, Why::Untranslated, Why::Fuzzy, Why::Introduction, Why::Note];

    /// Its name, as profiles write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Internal => "internal",
            Why::Inactive => "inactive",
            Why::Twin => "twin",
            Why::Untranslated => "untranslated",
            Why::Fuzzy => "fuzzy",
            Why::Introduction => "introduction",
            Why::Note => "note",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A way in which a text is written within another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    Html,
    /// A value of a format of keys and values.
    Value(Quoting),
    /// A line of its own.
    Line,
    /// Something that can be read only.
    ReadOnly,
}

impl Layer {
    fn encode(self, text: &str) -> Option<String> {
        match self {
            Layer::Html => Some(
                text.replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('\u{a0}', "&nbsp;")
                    .replace('\n', "<br>"),
            ),
            Layer::Value(quoting) => quoting.encode(text),
            Layer::Line => (!text.contains(['\n', '\r'])).then(|| text.to_owned()),
            Layer::ReadOnly => None,
        }
    }
}
