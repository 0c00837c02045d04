//! The pattern language: phrases as an agent says them, with a few operators (`lexicons/README.md` is its reference).

mod matcher;
mod syntax;

pub(crate) use matcher::{Context, MatchRange};
pub(crate) use syntax::{Anchor, Lists, Options, Pattern, Scope, SyntaxError, WordSet, parse_list};
