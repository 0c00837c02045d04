//! Tags and the words between them, each with its bytes, by the WHATWG's tokenizer.

use std::ops::Range;

use html5gum::emitters::naive_next_state;
use html5gum::{Emitter, Error, State, Tokenizer};

/// A part of a document.
#[derive(Debug)]
pub(super) enum Piece {
    Words { decoded: String, source: Range<usize> },
    Start { name: String, attributes: Vec<Attribute>, source: Range<usize>, closed: bool },
    End { name: String, source: Range<usize> },
}

#[derive(Debug, Default)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) value: Vec<(String, Range<usize>)>,
}

/// The parts of `code`, in order; comments and the like are none.
pub(super) fn pieces(code: &str) -> Vec<Piece> {
    let mut collector = Collector::default();
    let tokenizer = Tokenizer::new_with_emitter(code, &mut collector);
    // It never fails, and its tokens are the collector's.
    tokenizer.for_each(drop);
    collector.pieces
}

/// Bytes, and where those are that they were decoded from.
type Decoded = (Vec<u8>, Range<usize>);

/// Notes each decoded piece with the bytes it was decoded from.
#[derive(Default)]
struct Collector {
    position: usize,
    /// Where what is emitted next begins.
    from: usize,
    pieces: Vec<Piece>,
    /// Words since the last tag.
    words: Vec<Decoded>,
    /// The tag that is being read, and whether it ends its element.
    name: Vec<u8>,
    ends: bool,
    closes: bool,
    attributes: Vec<(Vec<u8>, Vec<Decoded>)>,
    last_start: Vec<u8>,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Pieces that stand as they are, one after the other, as one: the tokenizer may cut within a character.
fn joined(pieces: Vec<Decoded>) -> impl Iterator<Item = (String, Range<usize>)> {
    let mut joined: Vec<Decoded> = Vec::new();
    for (bytes, source) in pieces {
        match joined.last_mut() {
            // Also those that are in step only together: the beginning of a tag that was none.
            Some((before, range))
                if range.end == source.start && before.len() + bytes.len() == range.len() + source.len() =>
            {
                before.extend(bytes);
                range.end = source.end;
            }
            _ => joined.push((bytes, source)),
        }
    }
    joined.into_iter().map(|(bytes, source)| (text(&bytes), source))
}

impl Collector {
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        self.pieces.extend(joined(words).map(|(decoded, source)| Piece::Words { decoded, source }));
    }
}

impl Emitter for &mut Collector {
    type Token = std::convert::Infallible;

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start = last.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.flush();
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Self::Token> {
        None
    }

    fn init_string(&mut self) {}

    fn emit_string(&mut self, bytes: &[u8]) {
        let source = self.from.min(self.position)..self.position;
        self.from = self.position;
        self.words.push((bytes.to_vec(), source));
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        self.attributes.clear();
        (self.ends, self.closes) = (false, false);
    }

    fn init_end_tag(&mut self) {
        self.init_start_tag();
        self.ends = true;
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush();
        let source = self.from.min(self.position)..self.position;
        self.from = self.position;
        let name = text(&self.name);
        if self.ends {
            self.last_start.clear();
            self.pieces.push(Piece::End { name, source });
            return None;
        }
        let attributes = std::mem::take(&mut self.attributes);
        let attributes = attributes
            .into_iter()
            .map(|(name, value)| Attribute { name: text(&name), value: joined(value).collect() })
            .collect();
        self.last_start.clone_from(&self.name);
        self.pieces.push(Piece::Start { name, attributes, source, closed: self.closes });
        naive_next_state(&self.name)
    }

    fn emit_current_comment(&mut self) {
        self.flush();
        self.from = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.from = self.position;
    }

    fn set_self_closing(&mut self) {
        self.closes = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, bytes: &[u8]) {
        self.name.extend_from_slice(bytes);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.attributes.push(Default::default());
    }

    fn init_attribute_value(&mut self) {
        if let Some((_, value)) = self.attributes.last_mut() {
            // A place to count from: pieces follow each other.
            value.push((Vec::new(), self.position..self.position));
        }
    }

    fn push_attribute_name(&mut self, bytes: &[u8]) {
        if let Some((name, _)) = self.attributes.last_mut() {
            name.extend_from_slice(bytes);
        }
    }

    fn push_attribute_value(&mut self, bytes: &[u8]) {
        let position = self.position;
        if let Some((_, value)) = self.attributes.last_mut() {
            let from = value.last().map_or(position, |(_, range)| range.end).min(position);
            value.push((bytes.to_vec(), from..position));
        }
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn start_open_tag(&mut self) {
        // The `<` is read by now.
        self.from = self.position.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.ends && !self.name.is_empty() && self.name == self.last_start
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
