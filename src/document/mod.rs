//! A reply as the rules read it: its sentences and their tokens, found only where something asks.

mod boundary;
mod fold;
mod mask;
mod segment;
mod token;

use once_cell::unsync::OnceCell;

use crate::Span;
use crate::language::Tongue;

pub(crate) use fold::{Folding, Skeleton, letters, symbol};
pub(crate) use mask::{MaskKind, Masked, placeholders};
pub(crate) use segment::Bounds;
pub(crate) use token::{Tok, Tokens};

pub use token::TokenKind;

/// A reply's sentences and tokens, found lazily: nothing is masked or segmented before it is asked for.
///
/// Made by [`Analyzer::document`](crate::Analyzer::document).
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    /// Where `text` begins in the reply it was taken from.
    offset: usize,
    tongue: &'t Tongue,
    masked: OnceCell<Vec<Masked>>,
    bounds: OnceCell<Vec<Bounds>>,
    tokens: OnceCell<Vec<OnceCell<Tokens>>>,
}

impl<'t> Document<'t> {
    pub(crate) fn new(text: &'t str, offset: usize, tongue: &'t Tongue) -> Document<'t> {
        Document { text, offset, tongue, masked: OnceCell::new(), bounds: OnceCell::new(), tokens: OnceCell::new() }
    }

    /// The reply's sentences, in order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Sentence<'_>> {
        (0..self.bounds().len()).map(|index| Sentence { document: self, index })
    }

    pub(crate) fn tongue(&self) -> &Tongue {
        self.tongue
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn masked(&self) -> &[Masked] {
        self.masked.get_or_init(|| mask::mask(self.text, self.tongue.attributions()))
    }

    pub(crate) fn bounds(&self) -> &[Bounds] {
        self.bounds.get_or_init(|| segment::segment(self.text, self.masked(), self.tongue))
    }

    /// The tokens of the sentence with that index.
    pub(crate) fn tokens(&self, sentence: usize) -> &Tokens {
        let cells = self.tokens.get_or_init(|| self.bounds().iter().map(|_| OnceCell::new()).collect());
        cells[sentence].get_or_init(|| {
            token::tokenize(self.text, self.bounds()[sentence].span, self.masked(), self.tongue.folding())
        })
    }

    /// The sentence that holds a byte of the text, unless it lies between sentences.
    pub(crate) fn sentence_at(&self, at: usize) -> Option<usize> {
        let index = self.bounds().partition_point(|bounds| bounds.span.end <= at);
        (index < self.bounds().len() && self.bounds()[index].span.start <= at).then_some(index)
    }
}

/// One sentence of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'d> {
    document: &'d Document<'d>,
    index: usize,
}

impl<'d> Sentence<'d> {
    /// Its place in the reply, final punctuation included.
    pub fn span(&self) -> Span {
        self.document.bounds()[self.index].span.shifted(self.document.offset)
    }

    /// Whether it ends in a question mark.
    pub fn is_question(&self) -> bool {
        self.document.bounds()[self.index].question
    }

    /// Its tokens, in order. Marks that no pattern sees (quotation marks around one word, bold, emoji, final punctuation) are none.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token> + 'd {
        let offset = self.document.offset;
        let tokens = &self.document.tokens(self.index).list;
        tokens.iter().map(move |token| Token { span: token.span.shifted(offset), kind: token.kind })
    }
}

/// A word of a reply, or what stands in a word's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// Its place in the reply.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// The folded words of a phrase, as patterns compare them.
pub(crate) fn phrase_words(phrase: &str, folding: &Folding) -> Vec<(TokenKind, String)> {
    let span = Span { start: 0, end: phrase.len() };
    let tokens = token::tokenize(phrase, span, &[], folding);
    tokens.list.iter().map(|token| (token.kind, tokens.folded(token).to_owned())).collect()
}
