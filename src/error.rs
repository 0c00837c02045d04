use std::fmt;

/// What was wrong with a configuration: a lexicon, a rule's id, a language.
///
/// Text never fails, only configuration does. The error names the source, the place in it (line and column from 1, columns in code
/// points) and what was expected; its `Display` is one line, `source:line:column: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    source: Option<Box<str>>,
    position: Option<(usize, usize)>,
    message: Box<str>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Error {
        Error { source: None, position: None, message: message.into().into_boxed_str() }
    }

    /// An error at a byte offset of a source's text.
    pub(crate) fn at(source: &str, text: &str, offset: usize, message: impl Into<String>) -> Error {
        let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Error { source: Some(source.into()), position: Some((line, column)), message: message.into().into_boxed_str() }
    }

    /// The file or lexicon it was found in, as it was named by the caller.
    pub fn source_name(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// The line, from 1, where it is known.
    pub fn line(&self) -> Option<usize> {
        self.position.map(|(line, _)| line)
    }

    /// The column in code points, from 1, where it is known.
    pub fn column(&self) -> Option<usize> {
        self.position.map(|(_, column)| column)
    }

    /// What is wrong and what was expected, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
            if let Some((line, column)) = self.position {
                write!(f, "{line}:{column}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
