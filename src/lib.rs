//! tour
#![warn(missing_docs)]

mod act;
mod analyzer;
mod context;
mod document;
mod engine;
mod error;
mod language;
mod lexicon;
mod pattern;
mod reading;
mod report;
mod rule;
mod rules;
mod span;
mod structure;

pub use analyzer::{Analyzer, AnalyzerBuilder, Draft};
pub use document::{Document, Sentence, Token, TokenKind};
pub use error::Error;
pub use language::{FormOfAddress, Language};
pub use lexicon::{Checked, Example, Lexicon};
pub use report::{Finding, Report, Steps};
pub use rule::{Message, Rule, RuleId, Severity};
pub use span::Span;
