//! Patterns as written, read into a tree, and what the engine needs to know of the tree.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Folding, TokenKind, phrase_words, symbol};
use crate::language::Class;
use crate::rewrite::{FormSet, FormTables};
use crate::shared;

use super::set::{FEW, Starts, bits};
use super::trigger::{Trigger, Weights, rarest};

/// A step of a pattern. Every step takes a set of token positions to a set of token positions.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Node {
    Word(Word),
    /// Any of these words.
    Words(Words),
    /// A word with this beginning.
    Prefix(Box<str>),
    /// A word with this end.
    Suffix(Box<str>),
    /// Any one word, number, placeholder, address or quotation.
    Any,
    /// Up to so many of those.
    Gap(usize),
    /// One token of that kind.
    Kind(TokenKind),
    /// A name: a placeholder, or capitalised words that do not start the sentence.
    Name,
    /// One of the team's own names.
    Company,
    /// A token that the lexicon's class of that index holds.
    Class(usize),
    /// A word that stands in a column of a table of forms.
    Form(FormSet),
    /// What follows, kept under the capture of that index.
    Capture(usize, Sequence),
    /// A comma or the like.
    Break,
    Start,
    End,
    Edge,
    Question,
    /// What follows is none of these.
    Not(Box<Sequence>),
    /// One of these.
    #[serde(with = "shared")]
    Either(Arc<Options>),
    /// One of these, or nothing.
    #[serde(with = "shared")]
    Perhaps(Arc<Options>),
}

pub(crate) type Sequence = Vec<Node>;

/// A word of a pattern: what tokens are compared with, and its folded form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Word {
    #[serde(with = "shared::hashes")]
    pub(crate) symbol: u64,
    /// Known while a lexicon is compiled, as is all that is skipped here.
    #[serde(skip)]
    pub(crate) folded: Box<str>,
}

/// Alternatives, so that one is found by a token's word where that tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(from = "Vec<Sequence>")]
pub(crate) struct Options {
    all: Vec<Sequence>,
    /// The alternatives that begin with a word, each with that word's symbol; in order of its row, if there are `rows`, and of the symbol.
    #[serde(skip)]
    by_word: Vec<(u64, usize)>,
    /// Where in `by_word` each [row](WordSet::row) begins; one more for the end of the last. None where they are few.
    #[serde(skip)]
    rows: Vec<u32>,
    /// The others, with the words they can start with, where those are known whole.
    #[serde(skip)]
    others: Vec<(Option<WordSet>, usize)>,
    #[serde(skip)]
    starts: Starts,
    /// The words that any of them can start with, where those are known whole.
    #[serde(skip)]
    first: Option<WordSet>,
}

impl From<Vec<Sequence>> for Options {
    fn from(all: Vec<Sequence>) -> Options {
        Options::of(all)
    }
}

impl Options {
    pub(crate) fn new(options: Vec<Sequence>) -> Options {
        Options::of(compact(options))
    }

    /// Of alternatives among which single words are together.
    fn of(all: Vec<Sequence>) -> Options {
        let (mut by_word, mut others) = (Vec::new(), Vec::new());
        for (index, option) in all.iter().enumerate() {
            if let Some(Node::Word(word)) = option.first() {
                by_word.push((word.symbol, index));
            } else {
                let mut first = WordSet::default();
                let known = first_words(option.iter(), &mut first) == Some(false);
                others.push((known.then_some(first), index));
            }
        }
        let many = by_word.len() > FEW;
        by_word.sort_unstable_by_key(|&(symbol, index)| (if many { WordSet::row(symbol) } else { 0 }, symbol, index));
        // A lexicon holds tens of thousands of these lists.
        by_word.shrink_to_fit();
        others.shrink_to_fit();
        let row_starts = |row| by_word.partition_point(|&(symbol, _)| WordSet::row(symbol) < row) as u32;
        let rows = if many { (0..=WordSet::ROWS).map(row_starts).collect() } else { Vec::new() };
        let mut first = WordSet::default();
        let known = all.iter().all(|option| first_words(option.iter(), &mut first) == Some(false));
        let starts = Starts::of(others.iter().map(|(first, _)| *first));
        Options { first: known.then_some(first), all, by_word, rows, others, starts }
    }

    /// Whether any may start with this word.
    pub(super) fn may_start_with(&self, symbol: u64) -> bool {
        self.first.as_ref().is_none_or(|first| first.may_hold(symbol))
    }

    pub(super) fn all(&self) -> &[Sequence] {
        &self.all
    }

    /// Calls `found` for the other alternatives that may start with a word, or where there is none.
    #[inline]
    pub(super) fn each_other(&self, word: Option<u64>, mut found: impl FnMut(&Sequence)) {
        self.starts.any(word, |other| {
            let (first, index) = &self.others[other];
            if word.is_none_or(|word| first.is_none_or(|first| first.may_hold(word))) {
                found(&self.all[*index]);
            }
            false
        });
    }

    /// What follows the first word of the alternatives that begin with it.
    #[inline]
    pub(super) fn after(&self, symbol: u64) -> impl Iterator<Item = &[Node]> {
        let row = WordSet::row(symbol);
        let places = self.rows.get(row..row + 2);
        let places = places.map_or(0..self.by_word.len(), |places| places[0] as usize..places[1] as usize);
        let of_row = self.by_word.get(places).unwrap_or_default();
        let from = of_row.partition_point(|&(word, _)| word < symbol);
        let of_word = of_row[from..].iter().take_while(move |&&(word, _)| word == symbol);
        of_word.map(|&(_, index)| &self.all[index][1..])
    }
}

/// Words in the same place.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Words {
    /// Sorted.
    #[serde(with = "shared::hashes")]
    pub(crate) symbols: Box<[u64]>,
    #[serde(skip)]
    words: Box<[Word]>,
}

impl Words {
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }
}

/// A pattern, ready to match.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pattern {
    /// What must stand before the words to report, those words, and what must stand after.
    pub(crate) before: Sequence,
    pub(crate) reported: Sequence,
    pub(crate) after: Sequence,
    /// What a text must hold before the pattern is tried; none for one that is tried only where another matched.
    #[serde(skip)]
    pub(crate) triggers: Vec<Trigger>,
    /// The most tokens it can take.
    pub(crate) width: usize,
    /// For each step that every match needs: the words that can take it.
    needs: Vec<WordSet>,
    /// The words a match can start with, where they are known whole.
    pub(super) first: Option<WordSet>,
    /// The names of its captures.
    pub(crate) captures: Vec<Box<str>>,
}

/// A set of words that may claim to hold more than it does: one bit of 256 a word. Empty it holds none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct WordSet(#[serde(with = "shared::hashes")] [u64; 4]);

impl<'w> FromIterator<&'w Word> for WordSet {
    fn from_iter<I: IntoIterator<Item = &'w Word>>(words: I) -> WordSet {
        let mut set = WordSet::default();
        words.into_iter().for_each(|word| set.insert(word.symbol));
        set
    }
}

impl WordSet {
    pub(crate) fn insert(&mut self, symbol: u64) {
        self.0[(symbol >> 6) as usize & 3] |= 1 << (symbol & 63);
    }

    pub(crate) fn may_hold(&self, symbol: u64) -> bool {
        self.0[(symbol >> 6) as usize & 3] & (1 << (symbol & 63)) != 0
    }

    /// How many values a word's lowest bits have.
    pub(super) const ROWS: usize = 64;

    /// The lowest bits of a word.
    pub(super) fn row(symbol: u64) -> usize {
        (symbol & 63) as usize
    }

    /// The lowest bits of its words.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        bits(self.0.iter().fold(0, |rows, bits| rows | bits))
    }

    /// How many bytes write it down.
    pub(crate) const BYTES: usize = 32;

    /// It in numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().flat_map(|bits| [*bits as u32, (bits >> 32) as u32])
    }

    /// The same as [`may_hold`](WordSet::may_hold), of a set that is written down.
    pub(crate) fn may_hold_in(bytes: &[u8; WordSet::BYTES], symbol: u64) -> bool {
        bytes[(symbol >> 3) as usize & 31] & (1 << (symbol & 7)) != 0
    }

    /// Whether the two may share a word.
    fn meets(&self, other: &WordSet) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    fn union(mut self, other: &WordSet) -> WordSet {
        self.0.iter_mut().zip(&other.0).for_each(|(one, other)| *one |= other);
        self
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// Named word lists, each read once.
pub(crate) type Lists = HashMap<Box<str>, Arc<Options>>;

/// What names mean in a pattern: lists of the file before those of the language.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) local: &'s Lists,
    pub(crate) shared: &'s Lists,
    pub(crate) classes: &'s [Class],
    pub(crate) folding: &'s Folding,
    pub(crate) weights: &'s Weights,
    pub(crate) forms: &'s FormTables,
}

/// The most tokens a pattern may take: a set of positions is one machine word.
const WIDEST: usize = 60;
/// How many tokens `...` may take.
const GAP: usize = 5;

/// What is wrong with a pattern, and at which of its bytes.
pub(crate) struct SyntaxError {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Pattern {
    /// Reads a pattern to be looked for: it needs a trigger, and definite ends.
    pub(crate) fn parse(source: &str, scope: Scope<'_>) -> Result<Pattern, SyntaxError> {
        let mut pattern = Pattern::parse_exception(source, scope)?;
        let steps = || pattern.before.iter().chain(&pattern.reported).chain(&pattern.after);
        for (edge, node) in [("begin", steps().next()), ("end", steps().last())] {
            if matches!(node, Some(Node::Gap(_))) {
                return Err(SyntaxError { at: 0, message: format!("a pattern must not {edge} with a gap") });
            }
        }
        let Some(triggers) = rarest(&steps().collect::<Vec<_>>(), scope.weights) else {
            let message = "it needs at least one plain word that every match must hold".into();
            return Err(SyntaxError { at: 0, message });
        };
        pattern.triggers = triggers;
        Ok(pattern)
    }

    /// The table of forms whose words a capture takes, where it takes nothing else.
    pub(crate) fn form_of(&self, capture: usize) -> Option<&FormSet> {
        let mut steps: Vec<&[Node]> = vec![&self.before, &self.reported, &self.after];
        while let Some(nodes) = steps.pop() {
            for node in nodes {
                match node {
                    Node::Capture(index, inner) if *index == capture => match inner.as_slice() {
                        [Node::Form(set)] => return Some(set),
                        _ => return None,
                    },
                    Node::Capture(_, inner) => steps.push(inner),
                    Node::Either(options) | Node::Perhaps(options) => {
                        steps.extend(options.all.iter().map(Vec::as_slice))
                    }
                    _ => {}
                }
            }
        }
        None
    }

    /// Whether a match may start with this word.
    pub(super) fn may_start_with(&self, symbol: u64) -> bool {
        self.first.is_none_or(|first| first.may_hold(symbol))
    }

    /// Without what only [`matches`](Pattern::matches) asks: an engine looks for it by its triggers.
    pub(crate) fn for_engine(self) -> Pattern {
        Pattern { needs: Vec::new(), ..self }
    }

    /// The same patterns, with all of a single word as one: for lists of which somebody asks what matches, not which.
    pub(crate) fn together(patterns: Vec<Pattern>) -> Vec<Pattern> {
        let single = |pattern: &Pattern| {
            pattern.before.is_empty()
                && pattern.after.is_empty()
                && matches!(pattern.reported.as_slice(), [Node::Word(_)])
        };
        let (words, mut rest): (Vec<Pattern>, Vec<Pattern>) = patterns.into_iter().partition(single);
        if !words.is_empty() {
            let reported = compact(words.into_iter().map(|pattern| pattern.reported).collect()).remove(0);
            rest.push(Pattern::new(Vec::new(), reported, Vec::new(), &Weights::default()));
        }
        rest
    }

    /// Whether a sentence of these words may hold a match.
    pub(crate) fn may_match(&self, words: &WordSet) -> bool {
        self.needs.iter().all(|need| need.meets(words))
    }

    /// Reads a pattern that is tried only where another matched.
    pub(crate) fn parse_exception(source: &str, scope: Scope<'_>) -> Result<Pattern, SyntaxError> {
        Pattern::parse_with(source, scope, None)
    }

    /// Reads a rewrite's pattern: tried only where a rule found something, it may capture what the rewrite reuses.
    pub(crate) fn parse_rewrite(source: &str, scope: Scope<'_>) -> Result<Pattern, SyntaxError> {
        Pattern::parse_with(source, scope, Some(Vec::new()))
    }

    fn parse_with(source: &str, scope: Scope<'_>, captures: Option<Vec<Box<str>>>) -> Result<Pattern, SyntaxError> {
        let mut parser = Parser { source, at: 0, scope, captures };
        let before = parser.sequence(&['{'])?;
        let (before, reported, after) = if parser.eat('{') {
            let reported = parser.sequence(&['}'])?;
            parser.expect('}')?;
            (before, reported, parser.sequence(&[])?)
        } else {
            (Vec::new(), before, Vec::new())
        };
        if let Some(c) = parser.peek() {
            return Err(parser.error(format!("unexpected '{c}'")));
        }
        if !reported.iter().any(takes_words) {
            return Err(SyntaxError { at: 0, message: "there are no words to report".into() });
        }
        let captures = parser.captures.unwrap_or_default();
        let pattern = Pattern { captures, ..Pattern::new(before, reported, after, scope.weights) };
        if pattern.width > WIDEST {
            let width = pattern.width;
            let message = format!("it can take {width} words; the most is {WIDEST}. Shorten a gap or split it in two");
            return Err(SyntaxError { at: 0, message });
        }
        Ok(pattern)
    }

    fn new(before: Sequence, reported: Sequence, after: Sequence, weights: &Weights) -> Pattern {
        let steps = || before.iter().chain(&reported).chain(&after);
        let needed = |node| needed(node, weights).map(|words| words.iter().collect());
        let mut needs: Vec<WordSet> = steps().filter_map(needed).collect();
        needs.sort_by_key(WordSet::len);
        // A set that holds nearly every word tells nothing.
        needs.retain(|need| need.len() <= TELLING);
        let mut first = WordSet::default();
        let known = first_words(steps(), &mut first) == Some(false);
        let first = known.then_some(first);
        let width = width(&before).1 + width(&reported).1 + width(&after).1;
        Pattern { before, reported, after, triggers: Vec::new(), width, needs, first, captures: Vec::new() }
    }
}

/// Adds the words that steps can start with to `set`; `None` where they are not all known whole, else whether the steps can take no word at
/// all.
fn first_words<'n>(steps: impl Iterator<Item = &'n Node>, set: &mut WordSet) -> Option<bool> {
    for node in steps {
        match node {
            Node::Start | Node::End | Node::Edge | Node::Question | Node::Not(_) => {}
            Node::Word(word) => {
                set.insert(word.symbol);
                return Some(false);
            }
            Node::Words(words) => {
                words.symbols.iter().for_each(|&symbol| set.insert(symbol));
                return Some(false);
            }
            Node::Capture(_, inner) => {
                if !first_words(inner.iter(), set)? {
                    return Some(false);
                }
            }
            Node::Either(options) if options.first.is_some() => {
                *set = options.first.iter().fold(*set, WordSet::union);
                return Some(false);
            }
            Node::Either(options) | Node::Perhaps(options) => {
                let mut empty = matches!(node, Node::Perhaps(_));
                for option in &options.all {
                    empty |= first_words(option.iter(), set)?;
                }
                if !empty {
                    return Some(false);
                }
            }
            _ => return None,
        }
    }
    Some(true)
}

/// The words of which a step needs one, where it needs a word that is known whole: of several such, the rarest.
fn needed(node: &Node, weights: &Weights) -> Option<Vec<Word>> {
    let rarest = |sequence: &Sequence| {
        let needed = sequence.iter().filter_map(|node| needed(node, weights));
        needed.min_by(|a, b| weights.any(a).total_cmp(&weights.any(b)))
    };
    match node {
        Node::Word(word) => Some(vec![word.clone()]),
        Node::Words(words) => Some(words.words.to_vec()),
        Node::Capture(_, inner) => rarest(inner),
        Node::Either(options) => {
            let mut all = Vec::new();
            for option in &options.all {
                all.extend(rarest(option)?);
            }
            all.sort_unstable();
            all.dedup();
            Some(all)
        }
        _ => None,
    }
}

/// A step's words tell something where they set no more bits than this.
const TELLING: u32 = 160;

fn takes_words(node: &Node) -> bool {
    !matches!(node, Node::Start | Node::End | Node::Edge | Node::Question | Node::Not(_) | Node::Break)
}

/// The least and the most tokens a sequence can take.
fn width(sequence: &[Node]) -> (usize, usize) {
    sequence.iter().map(node_width).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

pub(super) fn node_width(node: &Node) -> (usize, usize) {
    let widest = |options: &Options| options.all.iter().map(|option| width(option).1).max().unwrap_or(0);
    match node {
        Node::Start | Node::End | Node::Edge | Node::Question | Node::Not(_) => (0, 0),
        Node::Gap(most) => (0, *most),
        Node::Name | Node::Company => (1, NAME),
        Node::Capture(_, inner) => width(inner),
        Node::Either(options) => (options.all.iter().map(|option| width(option).0).min().unwrap_or(0), widest(options)),
        Node::Perhaps(options) => (0, widest(options)),
        _ => (1, 1),
    }
}

/// How many words a name may have.
pub(crate) const NAME: usize = 3;

struct Parser<'p> {
    source: &'p str,
    at: usize,
    scope: Scope<'p>,
    /// The names of the captures so far, where there may be any.
    captures: Option<Vec<Box<str>>>,
}

impl<'p> Parser<'p> {
    fn peek(&mut self) -> Option<char> {
        let rest = &self.source[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed.chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn expect(&mut self, c: char) -> Result<(), SyntaxError> {
        if self.eat(c) { Ok(()) } else { Err(self.error(format!("expected '{c}'"))) }
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { at: self.at, message: message.into() }
    }

    fn sequence(&mut self, stops: &[char]) -> Result<Sequence, SyntaxError> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if stops.contains(&c) {
                break;
            }
            self.step(c, &mut nodes)?;
        }
        Ok(nodes)
    }

    fn step(&mut self, c: char, nodes: &mut Sequence) -> Result<(), SyntaxError> {
        match c {
            '(' | '[' => {
                self.at += 1;
                let options = self.options(if c == '(' { ')' } else { ']' })?;
                nodes.push(if c == '(' { Node::Either(options.into()) } else { Node::Perhaps(options.into()) });
            }
            '!' => {
                self.at += 1;
                let mut inner = Vec::new();
                match self.peek() {
                    Some(c) if !"!)]}|".contains(c) => self.step(c, &mut inner)?,
                    _ => return Err(self.error("expected what must not follow: a word, a list or a group")),
                }
                nodes.push(Node::Not(Box::new(inner)));
            }
            '@' => {
                let at = self.at;
                self.at += 1;
                let name = self.take(|c| c.is_alphanumeric() || c == '-' || c == '_');
                nodes.push(self.list(name, at)?);
            }
            '<' => {
                let at = self.at;
                self.at += 1;
                let name = self.take(|c| c.is_alphanumeric() || "-_.+".contains(c));
                self.expect('>')?;
                nodes.push(self.class(name, at)?);
            }
            '^' | '$' | '~' | ',' => {
                self.at += 1;
                nodes.push(match c {
                    '^' => Node::Start,
                    '$' => Node::End,
                    '~' => Node::Edge,
                    _ => Node::Break,
                });
            }
            ')' | ']' | '}' | '{' | '|' | '>' | '?' | ';' | ':' | '"' => {
                return Err(self.error(format!("unexpected '{c}'")));
            }
            _ => self.word(nodes)?,
        }
        Ok(())
    }

    fn options(&mut self, close: char) -> Result<Options, SyntaxError> {
        let mut options = Vec::new();
        loop {
            let option = self.sequence(&['|', close])?;
            if option.is_empty() {
                return Err(self.error("an alternative is empty"));
            }
            options.push(option);
            if !self.eat('|') {
                self.expect(close)?;
                return Ok(Options::new(options));
            }
        }
    }

    fn take(&mut self, of: impl Fn(char) -> bool) -> &'p str {
        let rest = &self.source[self.at..];
        let end = rest.find(|c| !of(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn list(&self, name: &str, at: usize) -> Result<Node, SyntaxError> {
        let list = self.scope.local.get(name).or_else(|| self.scope.shared.get(name));
        match list {
            Some(options) => Ok(Node::Either(options.clone())),
            None => Err(SyntaxError {
                at,
                message: format!("there is no word list @{name} in this file or in language.toml"),
            }),
        }
    }

    fn class(&self, name: &str, at: usize) -> Result<Node, SyntaxError> {
        Ok(match name {
            "number" => Node::Kind(TokenKind::Number),
            "url" => Node::Kind(TokenKind::Url),
            "mail" => Node::Kind(TokenKind::Mail),
            "placeholder" => Node::Kind(TokenKind::Placeholder),
            "quote" => Node::Kind(TokenKind::Quotation),
            "name" => Node::Name,
            "company" => Node::Company,
            "question" => Node::Question,
            _ => match (self.scope.classes.iter().position(|class| *class.name == *name), self.scope.forms.set(name)) {
                (Some(index), _) => Node::Class(index),
                (None, Some(set)) => Node::Form(set),
                (None, None) => return Err(SyntaxError { at, message: format!("there is no token class <{name}>") }),
            },
        })
    }

    fn word(&mut self, nodes: &mut Sequence) -> Result<(), SyntaxError> {
        let at = self.at;
        let raw = self.take(|c| !c.is_whitespace() && !"()[]{}|,^$~@<>!?;\"=".contains(c));
        if self.source[self.at..].starts_with('=') {
            return self.capture(raw, at, nodes);
        }
        if raw == "_" {
            nodes.push(Node::Any);
            return Ok(());
        }
        if let Some(most) = raw.strip_prefix("...") {
            let most =
                if most.is_empty() { Some(GAP) } else { most.parse().ok().filter(|most| (1..=20).contains(most)) };
            match most {
                Some(most) => nodes.push(Node::Gap(most)),
                None => {
                    return Err(SyntaxError {
                        at,
                        message: "a gap is '...' or '...' and a number from 1 to 20".into(),
                    });
                }
            }
            return Ok(());
        }
        let open_start = raw.starts_with('*');
        let open_end = raw.len() > 1 && raw.ends_with('*');
        let body = raw.trim_matches('*');
        let words = phrase_words(body, self.scope.folding);
        if words.is_empty() && raw == "&" {
            return Ok(());
        }
        if words.is_empty() {
            return Err(SyntaxError { at, message: format!("\"{raw}\" holds no word") });
        }
        if (open_start || open_end) && (words.len() > 1 || (open_start && open_end)) {
            let message = format!("\"{raw}\": a wildcard stands at one end of a single word");
            return Err(SyntaxError { at, message });
        }
        for (kind, word) in words {
            nodes.push(match kind {
                TokenKind::Break => Node::Break,
                _ if open_start => Node::Suffix(word.into()),
                _ if open_end => Node::Prefix(word.into()),
                _ => Node::Word(Word { symbol: symbol(&word), folded: word.into() }),
            });
        }
        Ok(())
    }
}

impl Parser<'_> {
    /// What stands after `name=`.
    fn capture(&mut self, name: &str, at: usize, nodes: &mut Sequence) -> Result<(), SyntaxError> {
        self.at += 1;
        let Some(captures) = &mut self.captures else {
            return Err(SyntaxError { at, message: "only a rewrite's pattern captures words (`name=`)".into() });
        };
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '-') {
            return Err(SyntaxError {
                at,
                message: "expected a name of letters, digits and hyphens before '='".into(),
            });
        }
        let index = captures.iter().position(|known| **known == *name).unwrap_or_else(|| {
            captures.push(name.into());
            captures.len() - 1
        });
        let mut inner = Vec::new();
        match self.source[self.at..].chars().next() {
            Some(c) if !c.is_whitespace() && !"!)]}|".contains(c) => self.step(c, &mut inner)?,
            _ => return Err(self.error("expected what to capture: a word, a list, a class, a group or a gap")),
        }
        nodes.push(Node::Capture(index, inner));
        Ok(())
    }
}

/// The alternatives, with all single words as one sorted set.
fn compact(options: Vec<Sequence>) -> Vec<Sequence> {
    let mut words = Vec::new();
    let mut rest = Vec::new();
    for option in options {
        match option.as_slice() {
            [Node::Word(word)] => words.push(word.clone()),
            [Node::Words(set)] => words.extend(set.words.iter().cloned()),
            _ => rest.push(option),
        }
    }
    if !words.is_empty() {
        words.sort_unstable();
        words.dedup();
        let symbols = words.iter().map(|word| word.symbol).collect();
        rest.insert(0, vec![Node::Words(Words { symbols, words: words.into() })]);
    }
    rest
}

/// Reads an entry of a word list.
pub(crate) fn parse_list(entry: &str, scope: Scope<'_>) -> Result<Sequence, SyntaxError> {
    let mut parser = Parser { source: entry, at: 0, scope, captures: None };
    let nodes = parser.sequence(&[])?;
    match parser.peek() {
        Some(c) => Err(parser.error(format!("unexpected '{c}'"))),
        None if nodes.is_empty() => Err(parser.error("an entry is empty")),
        None => Ok(nodes),
    }
}
