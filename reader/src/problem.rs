use std::fmt;

/// What in a file could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// In code points, from 1.
    pub column: Option<usize>,
    /// What was expected.
    pub message: String,
}

impl Problem {
    /// About the file as a whole.
    pub fn of_file(message: impl Into<String>) -> Problem {
        Problem { line: None, column: None, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "{line}:{column}: {}", self.message),
            (Some(line), None) => write!(f, "{line}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Problem {}
