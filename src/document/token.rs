//! Tokens: the words of a sentence, and what stands between them.

use crate::Span;
use crate::pattern::WordSet;

use super::boundary::parts;
use super::fold::{Folding, symbol};
use super::mask::{MaskKind, Masked};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A token as patterns see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tok {
    pub(crate) span: Span,
    pub(crate) kind: TokenKind,
    /// The identity of its folded form; 0 where it has none.
    pub(crate) symbol: u64,
    /// Where its folded form lies in [`Tokens::folded`].
    fold: (u32, u32),
    pub(crate) capital: bool,
}

/// A sentence's tokens.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) list: Vec<Tok>,
    /// The words among them.
    pub(crate) words: WordSet,
    folded: String,
}

impl Tokens {
    /// The folded form of a token.
    pub(crate) fn folded(&self, token: &Tok) -> &str {
        &self.folded[token.fold.0 as usize..token.fold.1 as usize]
    }

    fn push(&mut self, span: Span, kind: TokenKind, word: &str, folding: &Folding) {
        let from = self.folded.len();
        let named = matches!(kind, TokenKind::Word | TokenKind::Number | TokenKind::Sign);
        if named {
            folding.fold_into(word, &mut self.folded);
        }
        let symbol = if named { symbol(&self.folded[from..]) } else { 0 };
        self.words.insert(symbol);
        let capital = word.starts_with(char::is_uppercase);
        let fold = (from as u32, self.folded.len() as u32);
        self.list.push(Tok { span, kind, symbol, fold, capital });
    }

    fn push_break(&mut self, span: Span) {
        match self.list.last_mut() {
            Some(last) if last.kind == TokenKind::Break => last.span.end = span.end,
            _ => self.list.push(Tok { span, kind: TokenKind::Break, symbol: 0, fold: (0, 0), capital: false }),
        }
    }
}

/// The tokens of `text[span]`; `masked` are the text's masked places.
pub(crate) fn tokenize(text: &str, span: Span, masked: &[Masked], folding: &Folding) -> Tokens {
    let mut tokens = Tokens::default();
    let first = masked.partition_point(|mask| mask.span.end <= span.start);
    let mut at = span.start;
    for mask in masked[first..].iter().take_while(|mask| mask.span.start < span.end) {
        words(text, Span { start: at, end: mask.span.start.max(at) }, folding, &mut tokens);
        at = mask.span.end.min(span.end).max(at);
        let kind = match mask.kind {
            MaskKind::Quotation | MaskKind::History => TokenKind::Quotation,
            MaskKind::Code | MaskKind::CodeBlock => TokenKind::Code,
            MaskKind::Url => TokenKind::Url,
            MaskKind::Mail => TokenKind::Mail,
            MaskKind::Placeholder => TokenKind::Placeholder,
            MaskKind::Markup | MaskKind::BlockTag => continue,
        };
        tokens.push(mask.span, kind, "", folding);
    }
    words(text, Span { start: at, end: span.end }, folding, &mut tokens);
    while tokens.list.last().is_some_and(|token| token.kind == TokenKind::Break) {
        tokens.list.pop();
    }
    tokens
}

fn words(text: &str, span: Span, folding: &Folding, tokens: &mut Tokens) {
    let piece = span.of(text);
    let mut parts = parts(piece).peekable();
    while let Some((offset, part)) = parts.next() {
        let start = span.start + offset;
        let c = part.chars().next().unwrap_or(' ');
        if c.is_alphanumeric() || c == '_' {
            // "don´t", "17:30": the boundary is Unicode's, the word is the writer's.
            let mut end = start + part.len();
            while let Some(&(offset, mark)) = parts.peek() {
                if span.start + offset != end {
                    break;
                }
                let joins = match mark {
                    "´" | "`" => c.is_alphabetic(),
                    ":" => c.is_ascii_digit(),
                    _ => false,
                };
                let after = &text[(end + mark.len()).min(span.end)..span.end];
                let alike = |next: char| if c.is_ascii_digit() { next.is_ascii_digit() } else { next.is_alphabetic() };
                if !joins || !after.starts_with(alike) {
                    break;
                }
                parts.next();
                let rest = parts.next().map_or(0, |(_, rest)| rest.len());
                end += mark.len() + rest;
            }
            word(&text[start..end], start, folding, tokens);
            continue;
        }
        let span = Span { start, end: start + part.len() };
        match c {
            ',' | ';' | ':' | '–' | '—' | '…' | '(' | ')' | '/' | '|' => tokens.push_break(span),
            '%' | '€' | '$' | '£' => tokens.push(span, TokenKind::Sign, part, folding),
            '-' => {
                // A hyphen joins words; between spaces it is a dash.
                let open =
                    text[..start].ends_with(char::is_whitespace) || text[span.end..].starts_with(char::is_whitespace);
                if open {
                    tokens.push_break(span);
                }
            }
            '!' | '?' => tokens.push_break(span),
            '.' if text[span.end..].starts_with('.') => tokens.push_break(span),
            _ => {}
        }
    }
}

/// A word, which may hold points: an abbreviation, an address, or two sentences without a space.
fn word(raw: &str, start: usize, folding: &Folding, tokens: &mut Tokens) {
    let lead = raw.len() - raw.trim_start_matches('_').len();
    let word = raw.trim_matches('_');
    if word.is_empty() {
        return;
    }
    let start = start + lead;
    let span = Span { start, end: start + word.len() };
    if word.starts_with(|c: char| c.is_numeric()) {
        tokens.push(span, TokenKind::Number, word, folding);
        return;
    }
    if !word.contains('.') {
        tokens.push(span, TokenKind::Word, word, folding);
        return;
    }
    let abbreviation = word.split('.').all(|part| part.chars().count() <= 2);
    let mut at = start;
    for part in word.split('.') {
        if at > start && !abbreviation {
            tokens.push_break(Span { start: at - 1, end: at });
        }
        if !part.is_empty() {
            tokens.push(Span { start: at, end: at + part.len() }, TokenKind::Word, part, folding);
        }
        at += part.len() + 1;
    }
}
