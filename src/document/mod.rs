//! A reply as the rules read it: its sentences and their tokens.

mod boundary;
mod fold;
mod mask;
mod read;
mod segment;
mod token;

use crate::Span;
use crate::language::Tongue;
use crate::pattern::WordSet;

pub(crate) use fold::{Folding, Hashed, Symbols, ascii_symbol, letters, nth_letter, symbol};
pub(crate) use mask::{MaskKind, Masked, placeholders};
pub(crate) use token::{Tok, Tokens, WordId};

pub use token::TokenKind;

/// A reply's sentences and tokens.
///
/// Made by [`Analyzer::document`](crate::Analyzer::document).
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    /// Where `text` begins in the reply it was taken from.
    offset: usize,
    tongue: &'t Tongue,
    buffers: Buffers,
}

/// What a document is made of, without its text: memory to be used again for the next.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    masked: Vec<Masked>,
    closers: Vec<mask::Closer>,
    sentences: Vec<Bounds>,
    tokens: Vec<Tok>,
    /// The text in ASCII's lower case, and after it the folded forms of the words for which that is not enough.
    folded: String,
    scratch: String,
}

/// A sentence's place, without the space around it, and its tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) span: Span,
    /// Ends in a question mark.
    pub(crate) question: bool,
    /// The paragraph it belongs to, counted from 0.
    pub(crate) paragraph: usize,
    tokens: (usize, usize),
    words: WordSet,
}

impl<'t> Document<'t> {
    pub(crate) fn new(text: &'t str, offset: usize, tongue: &'t Tongue) -> Document<'t> {
        Document::read(text, offset, tongue, Buffers::default())
    }

    /// Reads `text`, into memory that another document left behind.
    pub(crate) fn read(text: &'t str, offset: usize, tongue: &'t Tongue, mut buffers: Buffers) -> Document<'t> {
        buffers.clear(text);
        if !read::read(text, tongue, None, &mut buffers) {
            buffers.clear(text);
            mask::mask(text, &tongue.attributions, &mut buffers.masked, &mut buffers.closers);
            let masked = std::mem::take(&mut buffers.masked);
            read::read(text, tongue, Some(&masked), &mut buffers);
            buffers.masked = masked;
        }
        Document { text, offset, tongue, buffers }
    }

    /// Its memory, to be used again.
    pub(crate) fn into_buffers(self) -> Buffers {
        self.buffers
    }

    /// The reply's sentences, in order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Sentence<'_>> {
        (0..self.bounds().len()).map(|index| Sentence { document: self, index })
    }

    pub(crate) fn tongue(&self) -> &'t Tongue {
        self.tongue
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn masked(&self) -> &[Masked] {
        &self.buffers.masked
    }

    pub(crate) fn bounds(&self) -> &[Bounds] {
        &self.buffers.sentences
    }

    /// Its tokens, pauses left out.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Tok> {
        self.buffers.tokens.iter().filter(|token| token.kind != TokenKind::Break)
    }

    /// The tokens of the sentence with that index.
    pub(crate) fn tokens(&self, sentence: usize) -> Tokens<'_> {
        let Bounds { tokens: (first, end), words, .. } = &self.buffers.sentences[sentence];
        Tokens { list: &self.buffers.tokens[*first..*end], words, folded: &self.buffers.folded }
    }
}

impl Buffers {
    /// How long the text is that it can hold.
    pub(crate) fn len(&self) -> usize {
        self.folded.capacity()
    }

    /// Makes ready for `text`.
    fn clear(&mut self, text: &str) {
        self.masked.clear();
        self.sentences.clear();
        self.tokens.clear();
        self.folded.clear();
        self.folded.push_str(text);
        self.folded.make_ascii_lowercase();
        // So that eight bytes can be read wherever a word begins.
        self.folded.push_str("        ");
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
    let mut buffers = Buffers::default();
    buffers.clear(phrase);
    read::read_phrase(phrase, folding, &mut buffers);
    let Buffers { tokens, folded, .. } = &buffers;
    tokens.iter().map(|token| (token.kind, folded[token.fold.0..token.fold.1].to_owned())).collect()
}
