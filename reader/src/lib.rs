//! Reads the libraries of canned replies that teams have, and leads from a reply's text back to its file's bytes.
//!
//! Help-desk exports, locale files, spreadsheets, folders of templates: [`Reader`] takes them as they are and gives [`Entry`]s, each with its id and
//! title, its place within the file, the language it says it is in, and a [`SourceMap`]. What customers do not read (notes to colleagues, macros nobody
//! can use, the plain twin of an HTML body) is told, too, with the reason why it is not to be judged.
//!
//! ```
//! use tactful_reader::Reader;
//!
//! let reader = Reader::new();
//! let path = "macros.json".as_ref();
//! let file = br#"{"macros": [{"id": 7, "title": "Late", "active": true, "actions": [
//!     {"field": "comment_value_html", "value": "<p>We can&#39;t help.<\/p>"}]}]}"#;
//! let source = reader.source(path, file.to_vec())?;
//! let contents = reader.read(path, &source);
//! let entry = &contents.entries[0];
//! assert_eq!((entry.text.as_str(), entry.within.as_str()), ("We can't help.", "macros[0].actions[0].value"));
//!
//! // From the words back to the file.
//! let at = entry.text.find("can't").unwrap();
//! let place = entry.map.place(at, at + "can't".len());
//! assert_eq!(&source.text()[place.range.clone()], "can&#39;t");
//! assert_eq!((source.position(place.range.start).line, place.exact), (2, true));
//!
//! // And forth: what to write there, in the file's own notation.
//! let (range, written) = entry.edit(at, entry.text.len(), "can & \"will\".").unwrap();
//! assert_eq!(written, r#"can &amp; \"will\"."#);
//! # assert_eq!(&source.text()[range], "can&#39;t help.");
//! # Ok::<(), tactful_reader::Problem>(())
//! ```
//!
//! Formats are parsed by their own libraries; what tells a tool's export from another's, and what in it is a reply, is a [`Profile`]: data that a
//! team can write for its own tool. A text is never an error: what of a file cannot be read is a [`Problem`] with its place, and costs the entry it
//! stands in.

#![forbid(unsafe_code)]

mod comment;
mod document;
mod entry;
mod format;
mod front_matter;
mod gettext;
mod html;
mod locale;
mod mail;
mod map;
mod markdown;
mod problem;
mod profile;
mod prose;
mod quoting;
mod reader;
mod recovery;
mod select;
mod source;
mod template;
mod tree;

pub use comment::Comment;
pub use entry::{Entry, Kind, Why};
pub use format::Format;
pub use locale::LocaleFrom;
pub use map::{Place, SourceMap};
pub use problem::Problem;
pub use profile::Profile;
pub use reader::{Contents, Reader};
pub use source::{Encoding, Position, Source};
