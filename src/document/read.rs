//! One pass over a text: its tokens, and where its sentences end.

use crate::Span;
use crate::language::{Attributions, Dictionary, Tongue};
use crate::pattern::WordSet;

use super::boundary::part;
use super::fold::{Folding, symbol, symbol_of};
use super::mask::{MaskKind, Masked, begins_mask};
use super::segment::{CLOSERS, body, goes_on, is_space_or_symbol, line_ends, marks};
use super::token::{Tok, TokenKind};
use super::{Bounds, Buffers};

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Newline,
    /// An ASCII letter.
    Letter,
    /// A digit or an underscore.
    Digit,
    /// What may end a sentence.
    Terminator,
    /// What ends a clause.
    Break,
    Sign,
    Hyphen,
    /// The first byte of a character that is not ASCII.
    Wide,
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\n' => Class::Newline,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' | b'_' => Class::Digit,
            b'.' | b'!' | b'?' => Class::Terminator,
            b',' | b';' | b':' | b'(' | b')' | b'/' | b'|' => Class::Break,
            b'%' | b'$' => Class::Sign,
            b'-' => Class::Hyphen,
            0x80.. => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Reads `text` into `buffers`, of which `folded` begins with the text in lower case. Without `masked` it gives up, and says `false`, at the
/// first place that a mask may begin at.
pub(super) fn read(text: &str, tongue: &Tongue, masked: Option<&[Masked]>, buffers: &mut Buffers) -> bool {
    let mut reader = Reader::new(text, &tongue.folding, &tongue.dictionary, buffers);
    reader.attributions = masked.is_none().then_some(&tongue.attributions);
    let bytes = text.as_bytes();
    let mut masks = masked.unwrap_or(&[]).iter().peekable();
    let mut at = 0;
    loop {
        reader.stop = masks.peek().map_or(text.len(), |mask| mask.span.start.max(at));
        while at < reader.stop {
            let class = CLASSES[bytes[at] as usize];
            if !matches!(class, Class::Letter | Class::Space) && reader.may_be_masked(at) {
                return false;
            }
            at = match class {
                Class::Space | Class::Other => at + 1,
                Class::Letter => reader.letters(at),
                Class::Wide => reader.wide(at),
                Class::Digit => reader.word(at),
                Class::Newline => {
                    reader.newline(at, tongue);
                    at + 1
                }
                Class::Terminator => reader.terminator(at, masks.peek().copied(), tongue),
                Class::Break => reader.break_at(at, 1),
                Class::Sign => reader.sign(at, 1),
                Class::Hyphen => reader.hyphen(at),
            };
        }
        if reader.unsure {
            return false;
        }
        let Some(mask) = masks.next() else { break };
        if mask.kind.is_block() {
            reader.end(mask.span.start.max(reader.start), false);
            reader.paragraph += usize::from(mask.kind != MaskKind::BlockTag);
            reader.start = mask.span.end;
        } else {
            reader.mask(mask);
        }
        at = at.max(mask.span.end);
    }
    reader.end(text.len(), false);
    true
}

/// The tokens of a phrase, which has no sentences.
pub(super) fn read_phrase(phrase: &str, folding: &Folding, buffers: &mut Buffers) {
    let dictionary = Dictionary::default();
    let mut reader = Reader::new(phrase, folding, &dictionary, buffers);
    let mut at = 0;
    while at < phrase.len() {
        at = match CLASSES[phrase.as_bytes()[at] as usize] {
            Class::Letter => reader.letters(at),
            Class::Wide => reader.wide(at),
            Class::Digit => reader.word(at),
            Class::Terminator => {
                let end = at + marks(&phrase[at..]);
                reader.breaks(at, end);
                end
            }
            Class::Break => reader.break_at(at, 1),
            Class::Sign => reader.sign(at, 1),
            Class::Hyphen => reader.hyphen(at),
            Class::Space | Class::Newline | Class::Other => at + 1,
        };
    }
    reader.drop_breaks();
}

struct Reader<'r> {
    text: &'r str,
    folding: &'r Folding,
    dictionary: &'r Dictionary,
    buffers: &'r mut Buffers,
    /// Where the sentence begins, space and list marker included, and which token is its first.
    start: usize,
    first: usize,
    paragraph: usize,
    /// Where the next mask begins.
    stop: usize,
    /// Where the masks are not known: what heads quoted history, and whether a word was met that may be masked.
    attributions: Option<&'r Attributions>,
    unsure: bool,
}

impl<'r> Reader<'r> {
    fn new(text: &'r str, folding: &'r Folding, dictionary: &'r Dictionary, buffers: &'r mut Buffers) -> Reader<'r> {
        Reader {
            text,
            folding,
            dictionary,
            buffers,
            start: 0,
            first: 0,
            paragraph: 0,
            stop: text.len(),
            attributions: None,
            unsure: false,
        }
    }

    fn may_be_masked(&self, at: usize) -> bool {
        self.attributions.is_some_and(|attributions| begins_mask(self.text, at, attributions))
    }

    fn newline(&mut self, at: usize, tongue: &Tongue) {
        let rest = &self.text[at + 1..];
        let blank = rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        if blank || self.line_ends(at, rest, tongue) {
            self.end(at, false);
            self.paragraph += usize::from(blank);
            self.start = at + 1;
        }
    }

    fn line_ends(&mut self, at: usize, rest: &str, tongue: &Tongue) -> bool {
        let text = self.text;
        self.start < at && line_ends(&text[self.start..at], rest, tongue, &mut self.buffers.scratch)
    }

    /// What ends a sentence, or does not.
    fn terminator(&mut self, at: usize, mask: Option<&Masked>, tongue: &Tongue) -> usize {
        let run = &self.text[at..];
        let length = marks(run);
        let after = run[length..].trim_start_matches(CLOSERS);
        let end = self.text.len() - after.len();
        let next = mask.is_some_and(|mask| mask.span.start == end && mask.kind == MaskKind::Markup);
        let stops = after.is_empty() || after.starts_with(is_space_or_symbol) || next;
        let marks = &run[..length];
        let head = &self.text[self.start.min(at)..at];
        if stops && !goes_on(head, marks, after, tongue, &mut self.buffers.scratch) {
            self.end(end, marks.contains('?'));
            self.start = end;
            return end.min(self.stop.max(at + length));
        }
        self.breaks(at, at + length);
        at + length
    }

    /// The tokens of marks that end no sentence: a lone dot is none.
    fn breaks(&mut self, from: usize, to: usize) {
        for (offset, mark) in self.text[from..to].char_indices() {
            let at = from + offset;
            if mark != '.' || self.text[at + 1..].starts_with('.') {
                self.break_at(at, mark.len_utf8());
            }
        }
    }

    fn break_at(&mut self, start: usize, length: usize) -> usize {
        let end = start + length;
        let (first, tokens) = (self.first, &mut self.buffers.tokens);
        match tokens[first..].last_mut() {
            Some(last) if last.kind == TokenKind::Break => last.span.end = end,
            _ => tokens.push(Tok {
                span: Span { start, end },
                fold: (0, 0),
                symbol: 0,
                id: Dictionary::kind(TokenKind::Break),
                kind: TokenKind::Break,
                capital: false,
            }),
        }
        end
    }

    fn sign(&mut self, start: usize, length: usize) -> usize {
        self.fold(Span { start, end: start + length }, TokenKind::Sign);
        start + length
    }

    /// A hyphen joins words; between spaces it is a dash.
    fn hyphen(&mut self, at: usize) -> usize {
        let open =
            self.text[..at].ends_with(char::is_whitespace) || self.text[at + 1..].starts_with(char::is_whitespace);
        if open { self.break_at(at, 1) } else { at + 1 }
    }

    /// A word that begins with an ASCII letter: where it holds nothing but Latin letters and ASCII apostrophes, without more ado.
    fn letters(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        let mut ascii = true;
        while let Some(&byte) = bytes[..self.stop].get(at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' => at += 1,
                b' ' | b',' | b'\n' | b'!' | b'?' | b'-' | b')' | b';' | b'/' | b'\r' | b'(' => break,
                b'.' | b':'
                    if !bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || !next.is_ascii()) =>
                {
                    break;
                }
                b'\'' if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) && at + 1 < self.stop => at += 2,
                0xC3 if bytes.get(at + 1).is_some_and(|&low| is_letter(low)) => {
                    ascii = false;
                    at += 2;
                }
                _ => return self.word(start),
            }
        }
        let span = Span { start, end: at };
        if ascii {
            self.plain(span, bytes[start].is_ascii_uppercase());
        } else {
            self.fold(span, TokenKind::Word);
        }
        at
    }

    fn wide(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return at + 1 };
        match c {
            '…' | '–' | '—' => self.break_at(at, c.len_utf8()),
            '€' | '£' => self.sign(at, c.len_utf8()),
            _ if c.is_alphanumeric() => self.word(at),
            _ => at + c.len_utf8(),
        }
    }

    /// A word or a number with whatever Unicode and its writer join: "don´t", "17:30".
    fn word(&mut self, start: usize) -> usize {
        let text = &self.text[..self.stop];
        let c = text[start..].chars().next().unwrap_or(' ');
        let mut end = start + part(&text[start..]).max(c.len_utf8());
        loop {
            let mark = match text[end..].chars().next() {
                Some(mark @ ('´' | '`')) if c.is_alphabetic() => mark,
                Some(':') if c.is_ascii_digit() => ':',
                _ => break,
            };
            let after = end + mark.len_utf8();
            let alike = |next: char| if c.is_ascii_digit() { next.is_ascii_digit() } else { next.is_alphabetic() };
            if !text[after..].starts_with(alike) {
                break;
            }
            end = after + part(&text[after..]);
        }
        self.raw_word(start, end);
        end
    }

    /// A word, which may hold points: an abbreviation, an address, or two sentences without a space.
    fn raw_word(&mut self, start: usize, end: usize) {
        let raw = &self.text[start..end];
        self.unsure |=
            raw.bytes().enumerate().any(|(at, byte)| matches!(byte, b'.' | b'`') && self.may_be_masked(start + at));
        let start = start + (raw.len() - raw.trim_start_matches('_').len());
        let word = raw.trim_matches('_');
        if word.is_empty() {
            return;
        }
        let span = Span { start, end: start + word.len() };
        if word.starts_with(char::is_numeric) {
            self.fold(span, TokenKind::Number);
            return;
        }
        if !word.contains('.') {
            self.fold(span, TokenKind::Word);
            return;
        }
        let abbreviation = word.split('.').all(|part| part.chars().count() <= 2);
        let mut at = start;
        for part in word.split('.') {
            if at > start && !abbreviation {
                self.break_at(at - 1, 1);
            }
            if !part.is_empty() {
                self.fold(Span { start: at, end: at + part.len() }, TokenKind::Word);
            }
            at += part.len() + 1;
        }
    }

    /// A word of ASCII letters and apostrophes: folded with the text.
    fn plain(&mut self, span: Span, capital: bool) {
        let folded = &self.buffers.folded;
        // `folded` goes on beyond the text.
        let head = folded.as_bytes()[span.start..].first_chunk::<8>().copied().unwrap_or_default();
        let symbol = symbol_of(folded, span.start, span.end, head);
        self.push(span, (span.start, span.end), symbol, TokenKind::Word, capital);
    }

    fn fold(&mut self, span: Span, kind: TokenKind) {
        let word = span.of(self.text);
        let from = self.buffers.folded.len();
        self.folding.fold_into(word, &mut self.buffers.folded);
        let fold = (from, self.buffers.folded.len());
        let symbol = symbol(&self.buffers.folded[from..]);
        self.push(span, fold, symbol, kind, word.starts_with(char::is_uppercase));
    }

    fn push(&mut self, span: Span, fold: (usize, usize), symbol: u64, kind: TokenKind, capital: bool) {
        let id = self.dictionary.id(symbol, kind);
        self.buffers.tokens.push(Tok { span, fold, symbol, id, kind, capital });
    }

    /// A masked place within a sentence.
    fn mask(&mut self, mask: &Masked) {
        let kind = match mask.kind {
            MaskKind::Quotation | MaskKind::History => TokenKind::Quotation,
            MaskKind::Code | MaskKind::CodeBlock => TokenKind::Code,
            MaskKind::Url => TokenKind::Url,
            MaskKind::Mail => TokenKind::Mail,
            MaskKind::Placeholder => TokenKind::Placeholder,
            MaskKind::Markup | MaskKind::BlockTag => return,
        };
        let id = Dictionary::kind(kind);
        self.buffers.tokens.push(Tok { span: mask.span, fold: (0, 0), symbol: 0, id, kind, capital: false });
    }

    fn drop_breaks(&mut self) {
        let (first, tokens) = (self.first, &mut self.buffers.tokens);
        while tokens[first..].last().is_some_and(|token| token.kind == TokenKind::Break) {
            tokens.pop();
        }
    }

    /// Ends the sentence before `end`.
    fn end(&mut self, end: usize, question: bool) {
        let body = if self.start < end { body(&self.text[self.start..end]) } else { None };
        let Some((from, to)) = body else {
            self.buffers.tokens.truncate(self.first);
            return;
        };
        let span = Span { start: self.start + from, end: self.start + to };
        let marker = self.buffers.tokens[self.first..].iter().take_while(|token| token.span.end <= span.start).count();
        if marker > 0 {
            self.buffers.tokens.drain(self.first..self.first + marker);
        }
        if let Some(first) = self.buffers.tokens.get_mut(self.first) {
            first.span.start = first.span.start.max(span.start);
        }
        self.drop_breaks();
        let mut words = WordSet::default();
        self.buffers.tokens[self.first..].iter().for_each(|token| words.insert(token.symbol));
        let tokens = (self.first, self.buffers.tokens.len());
        self.buffers.sentences.push(Bounds { span, question, paragraph: self.paragraph, tokens, words });
        self.first = tokens.1;
    }
}

/// Whether 0xC3 and this byte are a letter.
fn is_letter(low: u8) -> bool {
    !matches!(low, 0x97 | 0xB7)
}
