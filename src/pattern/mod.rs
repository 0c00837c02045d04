//! The pattern language: phrases as an agent says them, with a few operators (`lexicons/README.md` is its reference).

mod matcher;
mod syntax;
mod trigger;

pub(crate) use matcher::{Context, MatchRange, Memo};
pub(crate) use syntax::{Lists, Options, Pattern, Scope, SyntaxError, Word, WordSet, parse_list};
pub(crate) use trigger::{Side, Trigger, Weights, ids};
