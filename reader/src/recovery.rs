//! Reading on after an error: what it stands in is left out, and the rest read again, its bytes where they were.

use std::ops::Range;

/// What to leave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Patch {
    /// A part in the middle.
    Blank(Range<usize>),
    /// All from an offset on, with what closes what is open there.
    Tail(usize, String),
}

impl Patch {
    fn apply(&self, text: &str) -> String {
        match self {
            Patch::Blank(range) => {
                // Line ends stay, for formats that count indentation.
                let blank = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
                format!("{}{}{}", &text[..range.start], blank.collect::<String>(), &text[range.end..])
            }
            Patch::Tail(at, closers) => format!("{}{closers}", &text[..*at]),
        }
    }
}

/// Errors after which no more are mended, and the rest is left out.
const MOST: usize = 64;
/// Bytes that may be read again, all attempts together.
const BUDGET: usize = 256 << 20;

/// What `parse` makes of `text`, and of what is left where it finds an error. `patches` says what might be left out, the least first: of those of
/// one level, the one after which the most can be read is taken; a level that leaves out more is tried only if none of the one before it helps.
pub(crate) fn recovered<T: Default>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, (usize, String)>,
    patches: impl Fn(&str, usize) -> Vec<Vec<Patch>>,
) -> (T, Vec<(usize, String)>) {
    let mut problems: Vec<(usize, String)> = Vec::new();
    let mut error = match parse(text) {
        Ok(read) => return (read, problems),
        Err(error) => error,
    };
    let (mut text, mut budget) = (text.to_owned(), BUDGET);
    loop {
        let mut levels = patches(&text, error.0);
        problems.push(error);
        if problems.len() >= MOST {
            levels.drain(..levels.len().saturating_sub(1));
        }
        let mut further: Option<(String, (usize, String))> = None;
        for patch in levels.iter().flat_map(|level| level.iter().map(Some).chain([None])) {
            // The end of a level.
            let Some(patch) = patch else {
                if further.is_some() {
                    break;
                }
                continue;
            };
            budget = budget.saturating_sub(text.len());
            if budget == 0 {
                return (T::default(), problems);
            }
            let patched = patch.apply(&text);
            match parse(&patched) {
                Ok(read) => return (read, problems),
                // Another error, past what was left out.
                Err(next) => {
                    let past = matches!(patch, Patch::Blank(range) if next.0 > range.end);
                    if past && further.as_ref().is_none_or(|(_, best)| next.0 > best.0) {
                        further = Some((patched, next));
                    }
                }
            }
        }
        match further {
            Some((patched, next)) if problems.len() < MOST => (text, error) = (patched, next),
            _ => return (T::default(), problems),
        }
    }
}
