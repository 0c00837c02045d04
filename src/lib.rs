//! **tactful** reads a customer-service reply before the customer does. It points at the words that will cost their goodwill (a flat "no",
//! "it's our policy", blame, excuses, hollow apologies, promises nobody can keep), in Spanish, Swedish and English, and says why.
//!
//! # Check a draft
//!
//! An [`Analyzer`] is built once and shared. It turns any text into a [`Report`].
//!
//! ```
//! use tactful::Analyzer;
//!
//! let analyzer = Analyzer::new()?;
//! let reply = "Lamentablemente no podemos devolverle el importe. Es nuestra política.";
//! let report = analyzer.analyze(reply);
//! let found: Vec<(&str, &str)> = report
//!     .findings()
//!     .iter()
//!     .filter_map(|finding| Some((finding.rule.as_str(), finding.span?.of(reply))))
//!     .collect();
//! assert_eq!(found[0].0, "refusal/inability");
//! assert_eq!(found[1], ("refusal/policy", "Es nuestra política"));
//! # Ok::<(), tactful::Error>(())
//! ```
//!
//! # What a report tells
//!
//! Each [`Finding`] names its rule, its place in UTF-8 bytes, how severe it is here, and why. A refusal is milder when the reply says what
//! can be done:
//!
//! ```
//! use tactful::{Analyzer, Severity};
//!
//! let analyzer = Analyzer::builder().language("en").build()?;
//! let report = analyzer.analyze("We can't ship it today, but I'll send it tomorrow morning.");
//! let refusal = report.findings().iter().find(|finding| finding.rule.family() == "refusal").unwrap();
//! assert_eq!((refusal.severity, refusal.softened), (Severity::Warning, 1));
//! assert!(report.steps().assist);
//! # Ok::<(), tactful::Error>(())
//! ```
//!
//! Rules of the `structure` family are about the whole reply and have no span: it never says what happens next, or nobody apologises.
//! [`Report::steps`] and [`Report::form_of_address`] are found when they are first asked for.
//!
//! # What we can do instead
//!
//! [`Finding::suggestions`] are rewrites in the reply's own language, form of address and number. What only the agent knows is a hole,
//! `{named like this}`; [`Applicability`] says how sure a suggestion is, and [`Report::fixed`] makes those that are sure enough.
//!
//! ```
//! use tactful::{Analyzer, Applicability};
//!
//! let analyzer = Analyzer::builder().language("en").build()?;
//! let reply = "We can't refund you until the parcel arrives.";
//! let report = analyzer.analyze(reply);
//! let refusal = report.findings().iter().find(|finding| finding.span.is_some()).unwrap();
//! let suggestion = &refusal.suggestions()[0];
//! assert_eq!(suggestion.apply(reply), "We'll refund you as soon as the parcel arrives.");
//! assert_eq!(suggestion.applicability, Applicability::MaybeIncorrect);
//! # Ok::<(), tactful::Error>(())
//! ```
//!
//! Suggestions are made when they are first asked for, all of a report's at once, so `analyze` costs the same without them. Each is read again
//! where it would stand before it is offered: the finding is gone, nothing else is found, and every amount, date, order number, placeholder and
//! address in the words it replaces is still there (a promise may lose its hour).
//!
//! # What is known about a reply
//!
//! A [`Draft`] may tell its language, and what the customer wrote:
//!
//! ```
//! use tactful::{Analyzer, Draft};
//!
//! let analyzer = Analyzer::new()?;
//! let draft = Draft::new("Nej.").language("sv").customer_message("Kan jag byta storlek?");
//! assert_eq!(analyzer.analyze_draft(&draft).language().unwrap().code(), "sv");
//! # Ok::<(), tactful::Error>(())
//! ```
//!
//! # One reply in several languages
//!
//! A canned reply's variants should do the same. [`Analyzer::compare`] finds the one that does less than all others: it refuses where they
//! offer, lacks their apology, their next step or their placeholders. These are the rules of the `variants` family; they have no span either.
//!
//! ```
//! use tactful::Analyzer;
//!
//! let analyzer = Analyzer::new()?;
//! let replies = ["Hi {{name}}, I've sent you a new cup today.", "Hola {{ name }}: hoy le he enviado una taza nueva.", "Hej! Det går inte."];
//! let variants: Vec<_> = replies.iter().map(|reply| analyzer.analyze(reply).variant()).collect();
//! let compared = analyzer.compare(&variants);
//! assert!(compared[0].is_empty() && compared[1].is_empty());
//! let rules: Vec<&str> = compared[2].iter().map(|finding| finding.rule.as_str()).collect();
//! assert_eq!(rules, ["variants/no-next-step", "variants/placeholders", "variants/refusal"]);
//! # Ok::<(), tactful::Error>(())
//! ```
//!
//! # Words are data
//!
//! Every phrase, exception, message and rewrite is in `lexicons/`, written in a pattern language that a linguist can read and proven by its own
//! examples. A team adds its own with [`Lexicon`]; a new language is a new folder.
//!
//! # How it works
//!
//! One pass splits a text into [tokens](Token) and sentences; what is not the agent's prose (quotations, placeholders, addresses) is masked before,
//! and looked for only in a text that holds a sign of it. Each word has a number in its language's dictionary. Candidates are found by these
//! numbers: two words beside each other that a pattern cannot do without, or one that is rare enough. What else it needs around
//! them is asked before it is tried. A pattern over tokens is a set of positions in one machine word, so that a match costs a bounded
//! number of steps and the whole is linear in the text's length; what alternatives take from a place is remembered, for patterns share them.
//! Then context decides: exceptions, overlaps by precedence, what softens a refusal. The acts of a reply (apologises, offers, gives a reason)
//! are looked for only when a finding or a reported fault asks, and only as far as it asks.
//!
//! The built-in lexicons are embedded compiled, and read where they lie: a language when a text is in it, a pattern when it is first tried. A
//! [`Scratch`] gives the memory of one reading to the next; a clean reply then costs no allocation.
//!
//! A suggestion is a rewrite of the lexicon that fits: a transformation, whose pattern captures what it reuses and whose tables re-inflect it, or a
//! template, which takes the place of the clause around the finding. What the rest of the sentence says for the customer stays: a reason comes
//! first, an offer after a "but" stands alone.
//!
//! Four places where the shape differs from the obvious one, and why:
//!
//! - A finding's suggestions are a method, not a field: nobody pays for rewrites who only counts findings.
//! - Candidates are found by pairs of words, not by an automaton over anchors: lexicons of thousands of phrases share their words. A clean
//!   kilobyte holds a thousand anchors, and some fifty places where what stands around the words is right, too.
//! - A single newline is a space to a pattern, except before a list item, after a greeting line, and after a short line that a capital
//!   follows: headings and sign-offs are lines of their own, and `^` and `$` must see them.
//! - Word boundaries are Unicode's, found by an own scanner where a sentence holds Latin letters and common punctuation alone; a property test
//!   holds it to `unicode-segmentation`.
//!
//! # Errors
//!
//! Only configuration can fail, in [`AnalyzerBuilder::build`] and [`Lexicon`], and the [`Error`] names the file, line and column. Text never
//! fails: any `&str` gives a report, without a panic.
#![warn(missing_docs)]

mod act;
mod analyzer;
mod context;
mod detection;
mod document;
mod engine;
mod error;
mod language;
mod lexicon;
mod pattern;
mod placeholder;
#[cfg(test)]
mod proptest_settings;
mod reading;
mod report;
mod rewrite;
mod rule;
mod rules;
mod scratch;
mod shared;
mod span;
mod structure;
mod suggestion;
mod variants;

pub use analyzer::{Analyzer, AnalyzerBuilder, Draft};
pub use document::{Document, Sentence, Token, TokenKind};
pub use error::Error;
pub use language::{FormOfAddress, Language};
pub use lexicon::{Checked, Example, Lexicon};
pub use placeholder::{Placeholder, placeholders};
pub use report::{Finding, Report, Steps};
pub use rule::{Message, Rule, RuleId, Severity};
pub use scratch::Scratch;
pub use span::Span;
pub use suggestion::{Applicability, Edit, Suggestion};
pub use variants::Variant;

/// The README's examples run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
