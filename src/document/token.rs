//! Tokens: the words of a sentence, and what stands between them.

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::pattern::WordSet;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TokenKind {
    /// A word.
    Word,
    /// A number, a time, an order number: whatever begins with a digit.
    Number,
    /// A web address.
    Url,
    /// A mail address.
    Mail,
    /// A placeholder of a help desk or template, whole.
    Placeholder,
    /// Somebody's words in quotation marks, whole.
    Quotation,
    /// Code within a sentence, whole.
    Code,
    /// A sign that is read as a word: %, €, $, £.
    Sign,
    /// Punctuation that ends a clause: comma, semicolon, colon, dash, slash, bracket, ellipsis.
    Break,
}

impl TokenKind {
    pub(crate) const ALL: [TokenKind; 9] = [
        TokenKind::Word,
        TokenKind::Number,
        TokenKind::Url,
        TokenKind::Mail,
        TokenKind::Placeholder,
        TokenKind::Quotation,
        TokenKind::Code,
        TokenKind::Sign,
        TokenKind::Break,
    ];
}

/// A token as patterns see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tok {
    pub(crate) span: Span,
    /// Where its folded form lies in [`Tokens::folded`].
    pub(super) fold: (usize, usize),
    /// The identity of its folded form; 0 where it has none.
    pub(crate) symbol: u64,
    /// The number that the language's dictionary gives its word or its kind.
    pub(crate) id: WordId,
    pub(crate) kind: TokenKind,
    pub(crate) capital: bool,
}

/// A word's number in a dictionary: the more often a text may hold it the smaller.
pub(crate) type WordId = u32;

/// A sentence's tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens<'d> {
    pub(crate) list: &'d [Tok],
    /// The words among them.
    pub(crate) words: &'d WordSet,
    pub(super) folded: &'d str,
}

impl<'d> Tokens<'d> {
    /// The folded form of a token.
    pub(crate) fn folded(&self, token: &Tok) -> &'d str {
        &self.folded[token.fold.0..token.fold.1]
    }
}
