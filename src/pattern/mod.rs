//! The pattern language: phrases as an agent says them, with a few operators (`lexicons/README.md` is its reference).

mod matcher;
mod set;
mod syntax;
mod trigger;

pub(crate) use matcher::{Context, MatchRange, Memo};
pub(crate) use set::PatternSet;
pub(crate) use syntax::{Lists, Options, Pattern, Scope, SyntaxError, WordSet, parse_list};
pub(crate) use trigger::{Guard, Side, Trigger, Weights, ids};
