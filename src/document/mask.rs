//! What is not the agent's prose: quotations of the customer, quoted history, code, addresses, tags, placeholders.

use crate::Span;
use crate::language::Attributions;

/// What a masked place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaskKind {
    /// Words in quotation marks, within a sentence.
    Quotation,
    /// Quoted lines and history: ends a paragraph.
    History,
    /// Code within a sentence.
    Code,
    /// A fenced block of code: ends a paragraph.
    CodeBlock,
    Url,
    Mail,
    Placeholder,
    /// An inline tag, a comment, template control: as if it were not there.
    Markup,
    /// A block-level tag: ends a paragraph.
    BlockTag,
}

impl MaskKind {
    /// Whether it ends the paragraph it stands in.
    pub(crate) fn is_block(self) -> bool {
        matches!(self, MaskKind::History | MaskKind::CodeBlock | MaskKind::BlockTag)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Masked {
    pub(crate) span: Span,
    pub(crate) kind: MaskKind,
}

/// Adds the masked places of `text`, in order, not overlapping. One pass; every look-ahead is bounded or remembered, so that the time is
/// linear in the text's length.
pub(crate) fn mask(text: &str, attributions: &Attributions, masked: &mut Vec<Masked>, closers: &mut Vec<Closer>) {
    let lines = quoted_lines(text, attributions);
    closers.clear();
    let memory = (std::mem::take(masked), std::mem::take(closers));
    let mut scanner = Scanner { masked: memory.0, closers: memory.1, ..Scanner::new(text) };
    for block in lines {
        scanner.scan_to(block.span.start);
        scanner.masked.push(block);
        scanner.at = block.span.end;
    }
    scanner.scan_to(text.len());
    *masked = scanner.masked;
    *closers = scanner.closers;
}

/// Every placeholder of `text`, in order: those that are masked as such, and those within what is masked whole for another reason but is
/// sent. Not those within code, comments and template control.
pub(crate) fn placeholders(text: &str) -> Vec<Span> {
    let mut masks = Vec::new();
    mask(text, &Attributions::default(), &mut masks, &mut Vec::new());
    let mut scanner = Scanner::new(text);
    for masked in masks {
        let tag = || masked.span.of(text).starts_with('<') && !masked.span.of(text).starts_with("<!");
        match masked.kind {
            MaskKind::Placeholder if masked.span.start >= scanner.at => {
                scanner.masked.push(masked);
                scanner.at = masked.span.end;
            }
            MaskKind::Quotation | MaskKind::History => scanner.placeholders_within(masked.span, true),
            MaskKind::Url | MaskKind::Mail => scanner.placeholders_within(masked.span, false),
            MaskKind::Markup | MaskKind::BlockTag if tag() => scanner.placeholders_within(masked.span, false),
            _ => {}
        }
    }
    scanner.masked.into_iter().map(|masked| masked.span).collect()
}

/// Lines beginning with `>`, history under an attribution line, a signature under its line, fenced code.
fn quoted_lines(text: &str, attributions: &Attributions) -> Vec<Masked> {
    let mut blocks: Vec<Masked> = Vec::new();
    let mut fence: Option<(usize, &str)> = None;
    let mut history: Option<usize> = None;
    let mut prose = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span { start: at, end: at + line.len() };
        at = span.end;
        let trimmed = line.trim();
        if let Some((start, marker)) = fence {
            if trimmed.starts_with(marker) {
                blocks.push(Masked { span: Span { start, end: span.end }, kind: MaskKind::CodeBlock });
                fence = None;
            }
            continue;
        }
        if trimmed.starts_with('>') {
            if history.is_some_and(|start| start < span.start) {
                // The history is quoted line by line: the attribution is masked alone, and what follows unquoted is prose.
                history = None;
            }
            match blocks.last_mut() {
                Some(last) if last.kind == MaskKind::History && last.span.end == span.start => last.span.end = span.end,
                _ => blocks.push(Masked { span, kind: MaskKind::History }),
            }
            continue;
        }
        if let Some(marker) = ["```", "~~~"].into_iter().find(|marker| trimmed.starts_with(marker)) {
            fence = Some((span.start, marker));
            continue;
        }
        if line.trim_end() == SIGNATURE && prose && history.is_none() {
            history = Some(span.start);
            continue;
        }
        if is_attribution(trimmed, attributions) {
            blocks.push(Masked { span, kind: MaskKind::History });
            // An attribution that opens the text heads the agent's own forwarded reply as often as a quotation: it hides nothing.
            if prose && history.is_none() {
                history = Some(span.end);
            }
            continue;
        }
        if !trimmed.is_empty() && history.is_none() {
            prose = true;
        }
    }
    if !prose {
        // Nothing but quoted lines: then they are the reply.
        blocks.retain(|block| block.kind != MaskKind::History);
    } else if let Some(start) = history {
        blocks.retain(|block| block.span.end <= start);
        if start < text.len() {
            blocks.push(Masked { span: Span { start, end: text.len() }, kind: MaskKind::History });
        }
    }
    blocks
}

/// The line that mail puts above a signature (RFC 3676, section 4.3), its space often lost.
const SIGNATURE: &str = "--";

fn is_attribution(line: &str, attributions: &Attributions) -> bool {
    line.len() <= ATTRIBUTION
        && (line.ends_with(':') || line.starts_with("---") || line.starts_with("___"))
        && attributions.hold(line)
}

/// The longest line that heads quoted history, in bytes: it holds a date, a name and an address.
const ATTRIBUTION: usize = 240;

/// Whether a mask may begin at a byte of `text`, or a line that is masked hold it. Never `false` where one does.
pub(super) fn begins_mask(text: &str, at: usize, attributions: &Attributions) -> bool {
    let bytes = text.as_bytes();
    let next = bytes.get(at + 1).copied();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    match bytes[at] {
        b'{' | b'[' | b']' | b'<' | b'>' | b'@' | b'`' | b'"' => true,
        b'~' | b'_' | b'-' => next == Some(bytes[at]),
        b'*' => next == Some(b'|'),
        b'#' | b'$' => next == Some(b'{') || text[at..].starts_with("$t("),
        b'&' => next.is_some_and(|next| next == b'#' || next.is_ascii_alphanumeric()),
        b'%' => {
            let amount = |before: u8| {
                before.is_ascii_alphanumeric()
                    || (before == b' ' && text[..at].trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit()))
            };
            matches!(next, Some(b'{' | b'(')) || !before.is_some_and(amount)
        }
        b':' => {
            let opens = before.is_none_or(|before| matches!(before, b' ' | b'\n' | b'('));
            let name = opens && next.is_some_and(|next| next.is_ascii_lowercase());
            name || next == Some(b'/')
                || (next.is_none_or(|next| next.is_ascii_whitespace()) && heads(text, at, attributions))
        }
        b'.' => Scanner::new(text).is_domain(at, text.len()) || www(bytes, at),
        b'\'' => !text[..at].ends_with(char::is_alphanumeric) && next.is_some_and(|next| !next.is_ascii_whitespace()),
        0xC2 => matches!(next, Some(0xAB | 0xBB)),
        0xE2 => next == Some(0x80) && matches!(bytes.get(at + 2), Some(0x98 | 0x9C | 0x9D | 0x9E)),
        _ => false,
    }
}

/// Whether "www" stands before a dot.
fn www(bytes: &[u8], dot: usize) -> bool {
    dot >= 3 && bytes[dot - 3..dot].eq_ignore_ascii_case(b"www")
}

/// Whether the colon at `at` ends a line that heads quoted history.
fn heads(text: &str, at: usize, attributions: &Attributions) -> bool {
    let rest = &text[at + 1..];
    if !rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n') && !rest.trim_start().is_empty() {
        return false;
    }
    let start = text.as_bytes()[..at].iter().rev().take(ATTRIBUTION + 1).position(|&byte| byte == b'\n');
    let start = start.map_or(0, |back| at - back);
    is_attribution(text[start..=at].trim(), attributions)
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    masked: Vec<Masked>,
    /// What was looked for last, so that a missing closer is looked for once, not at every opener.
    closers: Vec<Closer>,
}

/// Where something was found last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closer {
    needle: &'static str,
    from: usize,
    found: Option<usize>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Scanner<'t> {
        Scanner { text, bytes: text.as_bytes(), at: 0, masked: Vec::new(), closers: Vec::new() }
    }

    /// Finds the placeholders that begin within `span`. What is no `prose` (addresses, tags) has percent signs and brackets of its own.
    fn placeholders_within(&mut self, span: Span, prose: bool) {
        self.at = self.at.max(span.start);
        while self.at < span.end {
            let (here, end) = (self.at, self.text.len());
            let masked = match self.bytes[here] {
                b'{' => self.braces(end),
                b'$' | b'#' => self.sigil(end),
                b'*' => self.merge_tag(end),
                b'[' if prose || self.starts(here, "[[") => self.brackets(end),
                b'%' if prose || self.starts(here, "%{") => self.percent(end),
                b'<' if prose || self.starts(here, "<%") => self.angle(end),
                _ => None,
            };
            match masked.filter(|masked| masked.kind == MaskKind::Placeholder) {
                Some(masked) => {
                    self.at = masked.span.end;
                    self.masked.push(masked);
                }
                None => self.at += 1,
            }
        }
    }

    fn scan_to(&mut self, end: usize) {
        while self.at < end {
            if !OPENS[usize::from(self.bytes[self.at])] {
                self.at += 1;
                continue;
            }
            let here = self.at;
            let masked = match self.bytes[here] {
                b'{' => self.braces(end),
                b'[' => self.brackets(end),
                b']' => self.link_target(end),
                b'%' => self.percent(end),
                b'$' | b'#' => self.sigil(end),
                b'<' => self.angle(end),
                b'*' => self.merge_tag(end),
                b':' => self.colon(end),
                b'@' => self.mail(end),
                b'w' | b'W' => self.www(end),
                b'.' => self.domain(end),
                b'`' => self.code(end),
                b'&' => self.entity(end),
                b'"' | b'\'' | 0xC2 | 0xE2 => self.quotation(end),
                _ => None,
            };
            match masked {
                Some(masked) if masked.span.end <= end && masked.span.end > here => {
                    while self.masked.last().is_some_and(|last| last.span.end > masked.span.start) {
                        self.masked.pop();
                    }
                    self.at = masked.span.end;
                    self.masked.push(masked);
                }
                _ => self.at += 1,
            }
        }
    }

    fn starts(&self, at: usize, prefix: &str) -> bool {
        self.bytes[at..].starts_with(prefix.as_bytes())
    }

    /// The next `needle` at or after `from`.
    fn next(&mut self, needle: &'static str, from: usize) -> Option<usize> {
        let known = self.closers.iter().position(|closer| closer.needle == needle);
        if let Some(closer) = known.map(|index| self.closers[index])
            && from >= closer.from
            && closer.found.is_none_or(|at| at >= from)
        {
            return closer.found;
        }
        let from = ceil(self.text, from);
        let found = self.text[from..].find(needle).map(|at| at + from);
        let closer = Closer { needle, from, found };
        match known {
            Some(index) => self.closers[index] = closer,
            None => self.closers.push(closer),
        }
        found
    }

    /// From here to the end of the next `close`, if that is within `limit` bytes.
    fn until(&mut self, open: usize, close: &'static str, limit: usize, kind: MaskKind) -> Option<Masked> {
        let start = self.at;
        let at = self.next(close, start + open)?;
        (at - start <= limit && at > start + open).then(|| Masked { span: Span { start, end: at + close.len() }, kind })
    }

    fn braces(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at, "{{{") {
            return self.until(3, "}}}", LIMIT, MaskKind::Placeholder);
        }
        if self.starts(at, "{{!--") {
            return self.until(5, "--}}", LONG, MaskKind::Markup);
        }
        if ["{{#", "{{/", "{{^", "{{!", "{{else"].into_iter().any(|control| self.starts(at, control)) {
            return self.until(2, "}}", LIMIT, MaskKind::Markup);
        }
        if self.starts(at, "{{") {
            return self.until(2, "}}", LIMIT, MaskKind::Placeholder);
        }
        if self.starts(at, "{#") {
            return self.until(2, "#}", LONG, MaskKind::Markup);
        }
        if self.starts(at, "{%") {
            let masked = self.until(2, "%}", LIMIT, MaskKind::Markup)?;
            let inside = self.text[at + 2..masked.span.end - 2].trim_matches(['-', ' ']);
            // Help Scout's `{%customer.firstName%}` is a value; Liquid's `{% if … %}` steers.
            let value =
                inside.split([',', ' ']).next().is_some_and(|name| name.contains('.')) || inside.contains(",fallback=");
            return Some(Masked { kind: if value { MaskKind::Placeholder } else { MaskKind::Markup }, ..masked });
        }
        // `{name}`, `{ $name }`, `{!x}`, `{n, plural, one {# item} other {# items}}`: balanced, on a few lines at most.
        let mut depth = 0;
        for (offset, byte) in self.bytes[at..end.min(at + LIMIT)].iter().enumerate() {
            match byte {
                b'{' if depth == 4 => return None,
                b'{' => depth += 1,
                b'}' if depth == 1 => {
                    let span = Span { start: at, end: at + offset + 1 };
                    return (offset > 1).then_some(Masked { span, kind: MaskKind::Placeholder });
                }
                b'}' => depth -= 1,
                b'\n' if depth == 1 => return None,
                _ => {}
            }
        }
        None
    }

    fn brackets(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at, "[[") {
            return self.until(2, "]]", 80, MaskKind::Placeholder);
        }
        let close = self.next("]", at)?;
        if close - at > 60 || close >= end {
            return None;
        }
        let inside = &self.text[at + 1..close];
        if self.starts(close, "](") {
            return None;
        }
        let named = inside.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && inside.chars().all(|c| c.is_alphanumeric() || " _-./'’#".contains(c))
            && inside.split_whitespace().count() <= 4;
        named.then_some(Masked { span: Span { start: at, end: close + 1 }, kind: MaskKind::Placeholder })
    }

    /// The target of a Markdown link; its text is prose.
    fn link_target(&mut self, _end: usize) -> Option<Masked> {
        let masked = if self.starts(self.at, "](") { self.until(2, ")", LIMIT, MaskKind::Url)? } else { return None };
        (!masked.span.of(self.text).contains(char::is_whitespace)).then_some(masked)
    }

    fn percent(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at, "%{") {
            return self.until(2, "}", 80, MaskKind::Placeholder);
        }
        if self.starts(at, "%(") {
            let masked = self.until(2, ")", 80, MaskKind::Placeholder)?;
            let after = self.bytes.get(masked.span.end);
            let end = masked.span.end + usize::from(after.is_some_and(|b| matches!(b, b's' | b'd' | b'f')));
            return Some(Masked { span: Span { start: at, end }, ..masked });
        }
        if at > 0 && (self.bytes[at - 1].is_ascii_alphanumeric() || self.bytes[at - 1] == b' ') && !self.word_before(at)
        {
            // "100%", "5 %"
            return None;
        }
        let rest = &self.bytes[at + 1..end.min(at + 60)];
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        if name > 0 && rest.get(name) == Some(&b'%') && rest[0].is_ascii_alphabetic() {
            return Some(Masked { span: Span { start: at, end: at + name + 2 }, kind: MaskKind::Placeholder });
        }
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let skip = if digits > 0 && rest.get(digits) == Some(&b'$') { digits + 1 } else { 0 };
        let printf = matches!(rest.get(skip), Some(b's' | b'd' | b'@'))
            && !rest.get(skip + 1).is_some_and(u8::is_ascii_alphanumeric);
        if printf {
            return Some(Masked { span: Span { start: at, end: at + skip + 2 }, kind: MaskKind::Placeholder });
        }
        // Magento's `%1`.
        (digits == 1 && !rest.get(1).is_some_and(u8::is_ascii_alphanumeric))
            .then_some(Masked { span: Span { start: at, end: at + 2 }, kind: MaskKind::Placeholder })
    }

    /// Whether a word, not a number, stands before the space at `at - 1`.
    fn word_before(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches(' ');
        before.chars().next_back().is_none_or(|c| !c.is_ascii_digit()) && before.len() < at
    }

    fn sigil(&mut self, _end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at + 1, "{") {
            return self.until(2, "}", LIMIT, MaskKind::Placeholder);
        }
        if self.starts(at, "$t(") {
            return self.until(3, ")", 80, MaskKind::Placeholder);
        }
        None
    }

    fn angle(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at, "<%") {
            // `<%= name %>` and `<%- name %>` are values; `<% if … %>` steers.
            let value = self.starts(at, "<%=") || self.starts(at, "<%-");
            return self.until(2, "%>", LIMIT, if value { MaskKind::Placeholder } else { MaskKind::Markup });
        }
        if self.starts(at, "<!--") {
            return self.until(4, "-->", LONG, MaskKind::Markup);
        }
        let rest = &self.text[at + 1..];
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '/' || c == '!') {
            return None;
        }
        let close = self.next(">", at)?;
        if close >= end || close - at > LIMIT || self.text[at + 1..close].contains('<') {
            return None;
        }
        let span = Span { start: at, end: close + 1 };
        let inside = &self.text[at + 1..close];
        let name =
            inside.trim_start_matches('/').split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("");
        if inside.contains("://") {
            return Some(Masked { span, kind: MaskKind::Url });
        }
        if inside.contains('@') && !inside.contains(char::is_whitespace) {
            return Some(Masked { span, kind: MaskKind::Mail });
        }
        if inside.starts_with("blockquote") {
            let closed = self.next("</blockquote>", close).filter(|&at| at < end);
            let end = closed.map_or(close + 1, |at| at + "</blockquote>".len());
            return Some(Masked { span: Span { start: at, end }, kind: MaskKind::History });
        }
        let kind = if is_among(name, &BLOCK_TAGS) {
            MaskKind::BlockTag
        } else if is_among(name, &INLINE_TAGS) {
            MaskKind::Markup
        } else {
            // `<attribute key="user.name"/>`, `<nombre del cliente>`
            MaskKind::Placeholder
        };
        Some(Masked { span, kind })
    }

    fn merge_tag(&mut self, _end: usize) -> Option<Masked> {
        if !self.starts(self.at, "*|") {
            return None;
        }
        let control = ["IF", "ELSE", "END:"].into_iter().any(|control| self.starts(self.at + 2, control));
        let colon = |masked: &Masked| masked.span.of(self.text).contains(':');
        let masked = self.until(2, "|*", 80, MaskKind::Placeholder)?;
        Some(if control && colon(&masked) { Masked { kind: MaskKind::Markup, ..masked } } else { masked })
    }

    fn colon(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if self.starts(at, "://") {
            let scheme = self.bytes[..at].iter().rev().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
            return (scheme > 0).then(|| self.address(at - scheme, end, MaskKind::Url));
        }
        // Laravel's `:name`, an emoji's `:name:`
        let opens = at == 0 || matches!(self.bytes[at - 1], b' ' | b'\n' | b'(');
        let rest = &self.bytes[at + 1..end.min(at + 40)];
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let closed = rest.get(name) == Some(&b':');
        (opens && name >= 3 && rest[0].is_ascii_lowercase()).then(|| Masked {
            span: Span { start: at, end: at + 1 + name + usize::from(closed) },
            kind: if closed { MaskKind::Markup } else { MaskKind::Placeholder },
        })
    }

    fn www(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        let opens = at == 0 || !self.bytes[at - 1].is_ascii_alphanumeric();
        (opens && end - at > 4 && self.bytes[at..at + 4].eq_ignore_ascii_case(b"www."))
            .then(|| self.address(at, end, MaskKind::Url))
    }

    /// Whether a well-known domain ends an address at the dot at `at`.
    fn is_domain(&self, at: usize, end: usize) -> bool {
        let label = self.bytes[at + 1..end].iter().take(8).take_while(|b| b.is_ascii_alphabetic()).count();
        let domain = &self.text[at + 1..at + 1 + label];
        let goes_on = match self.bytes.get(at + 1 + label) {
            Some(b'.') => self.bytes.get(at + 2 + label).is_some_and(u8::is_ascii_alphanumeric),
            Some(next) => next.is_ascii_alphanumeric() || *next == b'-' || !next.is_ascii(),
            None => false,
        };
        label > 1 && !goes_on && DOMAINS.iter().any(|known| domain.eq_ignore_ascii_case(known))
    }

    /// An address that is written without its scheme: `help.example.com/faq`.
    fn domain(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        if !self.is_domain(at, end) {
            return None;
        }
        let host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
        let before = self.bytes[..at].iter().rev().take(64).take_while(|b| host(b)).count();
        let start = at - before;
        let floor = self.masked.last().map_or(0, |last| last.span.end);
        let named = before >= 2 && self.bytes[start].is_ascii_alphanumeric() && start >= floor;
        named.then(|| self.address(start, end, MaskKind::Url))
    }

    fn mail(&mut self, end: usize) -> Option<Masked> {
        let at = self.at;
        let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-');
        let before = self.bytes[..at].iter().rev().take(64).take_while(|b| local(b)).count();
        let after = self.bytes[at + 1..end].iter().take(255).take_while(|b| local(b)).count();
        let domain = self.text[at + 1..at + 1 + after].trim_end_matches(['.', '-', '_']);
        let floor = self.masked.last().map_or(0, |last| last.span.end);
        (before > 0 && domain.contains('.') && at - before >= floor)
            .then(|| Masked { span: Span { start: at - before, end: at + 1 + domain.len() }, kind: MaskKind::Mail })
    }

    /// An address from `start` to the next space, without the sentence's own punctuation.
    fn address(&self, start: usize, end: usize, kind: MaskKind) -> Masked {
        let rest = &self.text[start..end];
        let stop = rest.find(|c: char| c.is_whitespace() || "<>\"”»«|".contains(c)).unwrap_or(rest.len());
        let mut address = rest[..stop].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '’', '…']);
        if !address.contains('(') {
            address = address.trim_end_matches(')').trim_end_matches(['.', ',']);
        }
        Masked { span: Span { start, end: start + address.len().max(1) }, kind }
    }

    fn code(&mut self, _end: usize) -> Option<Masked> {
        let masked = self.until(1, "`", 200, MaskKind::Code)?;
        (!self.text[masked.span.start..masked.span.end].contains('\n')).then_some(masked)
    }

    fn entity(&mut self, end: usize) -> Option<Masked> {
        let rest = &self.bytes[self.at + 1..end.min(self.at + 12)];
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        (name > 1 && rest.get(name) == Some(&b';'))
            .then(|| Masked { span: Span { start: self.at, end: self.at + name + 2 }, kind: MaskKind::Markup })
    }

    /// A quotation masks only if it is closed within its paragraph and holds more than one word.
    fn quotation(&mut self, end: usize) -> Option<Masked> {
        let start = self.at;
        let open = self.text[start..end].chars().next()?;
        let (_, closers) = QUOTES.iter().find(|(quote, _)| *quote == open)?;
        let inside = start + open.len_utf8();
        let after_letter = self.text[..start].ends_with(char::is_alphanumeric);
        let before_word = self.text[inside..end].starts_with(|c: char| !c.is_whitespace());
        if after_letter || !before_word {
            return None;
        }
        let single = matches!(open, '\'' | '‘' | '’');
        let mut from = inside;
        let close = loop {
            let (at, closer) = closers.iter().filter_map(|&closer| Some((self.next(closer, from)?, closer))).min()?;
            let after = at + closer.len();
            // An apostrophe is no closing quotation mark.
            let apostrophe = single && self.text[after..].starts_with(char::is_alphanumeric);
            if !apostrophe {
                break after;
            }
            if after - start > LIMIT {
                return None;
            }
            from = after;
        };
        if close > end || close - start > QUOTATION {
            return None;
        }
        if ["\n\n", "\n\r\n"].into_iter().any(|blank| self.next(blank, inside).is_some_and(|at| at < close)) {
            return None;
        }
        let words = &self.bytes[inside..close - 1];
        let first = words.iter().take(64).position(u8::is_ascii_whitespace)?;
        let many = words[first..].iter().any(|byte| !byte.is_ascii_whitespace());
        many.then_some(Masked { span: Span { start, end: close }, kind: MaskKind::Quotation })
    }
}

/// What a mask may begin with, or tell of one that began before.
static OPENS: [bool; 256] = {
    let mut opens = [false; 256];
    let bytes = b"{[]%$#<*:@wW.`&\"'\xC2\xE2";
    let mut at = 0;
    while at < bytes.len() {
        opens[bytes[at] as usize] = true;
        at += 1;
    }
    opens
};

/// The next character boundary at or after `at`.
fn ceil(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

/// How long a placeholder, a tag or code within a sentence may be.
const LIMIT: usize = 300;
/// How long a comment may be.
const LONG: usize = 4000;
/// How long a quotation within a paragraph may be.
const QUOTATION: usize = 2000;

/// Opening quotation marks of Spanish, Swedish and English, and what closes each.
const QUOTES: [(char, &[&str]); 8] = [
    ('"', &["\"", "”"]),
    ('“', &["”", "\""]),
    ('”', &["”"]),
    ('„', &["”", "“"]),
    ('«', &["»"]),
    ('»', &["»", "«"]),
    ('\'', &["'"]),
    ('‘', &["’"]),
];

/// What ends an address that is written without its scheme.
const DOMAINS: [&str; 17] =
    ["com", "org", "net", "info", "app", "es", "mx", "ar", "cl", "co", "pe", "se", "nu", "eu", "uk", "io", "example"];

fn is_among(name: &str, tags: &[&str]) -> bool {
    tags.iter().any(|tag| tag.eq_ignore_ascii_case(name))
}

/// HTML's block-level elements, and the break.
const BLOCK_TAGS: [&str; 27] = [
    "address", "article", "aside", "body", "br", "center", "div", "dl", "dd", "dt", "footer", "form", "h1", "h2", "h3",
    "h4", "head", "header", "hr", "html", "li", "ol", "p", "section", "table", "td", "ul",
];

/// HTML's inline elements, and what mail templates hold beside them.
const INLINE_TAGS: [&str; 30] = [
    "a", "abbr", "b", "big", "cite", "code", "del", "doctype", "em", "font", "i", "img", "ins", "kbd", "label", "mark",
    "meta", "o", "q", "s", "small", "span", "strike", "strong", "style", "sub", "sup", "tr", "u", "wbr",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(text: &str) -> Vec<(&str, MaskKind)> {
        let attributions = Attributions::new(["^on .+ wrote:$"]);
        let mut masked = Vec::new();
        mask(text, &attributions, &mut masked, &mut Vec::new());
        masked.into_iter().map(|masked| (masked.span.of(text), masked.kind)).collect()
    }

    #[test]
    fn placeholders_of_every_syntax() {
        for placeholder in [
            "{{ticket.requester.first_name}}",
            "{{{Recipient.FirstName}}}",
            "{%customer.firstName,fallback=there%}",
            "{%name,fallback=there%}",
            "%{name}",
            "#{ticket.customer.firstname}",
            "${name}",
            "{!Contact.FirstName}",
            "{name}",
            "{count, plural, one {# item} other {# items}}",
            "[[name]]",
            "[Customer Name]",
            "[nombre del cliente]",
            "%name%",
            "%s",
            "%1$s",
            "%(name)s",
            "*|FNAME|*",
            "<%= name %>",
            ":name",
            "$t(greeting)",
            "<attribute key=\"user.name\" default=\"there\"/>",
            "<nombre>",
        ] {
            let text = format!("Hi {placeholder}, no problem.");
            assert_eq!(masks(&text), [(placeholder, MaskKind::Placeholder)]);
        }
    }

    #[test]
    fn template_control_is_no_placeholder() {
        for control in
            ["{% if name %}", "{{#if name}}", "{{^name}}", "{{else}}", "<% if name %>", "*|IF:FNAME|*", "*|END:IF|*"]
        {
            assert_eq!(masks(&format!("Hi {control}, no problem.")), [(control, MaskKind::Markup)]);
        }
    }

    #[test]
    fn placeholders_within_what_is_masked_whole() {
        let found = |text| placeholders(text).into_iter().map(|span| span.of(text)).collect::<Vec<_>>();
        assert_eq!(
            found("You wrote \"order {{id}} of {{ day | default: \"Monday\" }} is late\" to [team]."),
            ["{{id}}", "{{ day | default: \"Monday\" }}", "[team]"]
        );
        assert_eq!(
            found("At https://a.example/%C3%A5/{{ id }}?x={y}, or <a href=\"{{url}}\">here</a>."),
            ["{{ id }}", "{y}", "{{url}}"]
        );
        assert_eq!(found("Bye.\n-- \n{{agent.name}}"), ["{{agent.name}}"]);
        assert_eq!(found("Type `{{name}}`. <!-- {{note}} --> {% if {{name}} %}"), [""; 0]);
    }

    #[test]
    fn quotations_of_every_style() {
        for quotation in [
            "\"not my job\"",
            "“not my job”",
            "”inte mitt bord”",
            "«no es mi problema»",
            "‘not my job’",
            "'it isn't my job'",
        ] {
            let text = format!("You wrote {quotation} to us.");
            assert_eq!(masks(&text), [(quotation, MaskKind::Quotation)]);
        }
        assert_eq!(masks("A \"no\" is a “no”, and it's the customers' choice."), []);
        assert_eq!(masks("He said \"not my job and left.\n\nNext \"paragraph"), []);
    }

    #[test]
    fn history_and_code() {
        let text = "We did.\n> not my\n> problem\nDone.";
        assert_eq!(masks(text), [("> not my\n> problem\n", MaskKind::History)]);
        let text = "We did.\n\nOn Monday Ana wrote:\nNo way.\nAna";
        assert_eq!(masks(text)[1], ("No way.\nAna", MaskKind::History));
        assert_eq!(masks("We did.\n-- \nAna\nShop"), [("-- \nAna\nShop", MaskKind::History)]);
        assert_eq!(masks("> only\n> quoted"), []);
        assert_eq!(masks("Run\n```\nno\n```\nnow")[0], ("```\nno\n```\n", MaskKind::CodeBlock));
    }

    #[test]
    fn addresses_and_tags() {
        assert_eq!(
            masks("See https://a.example/x?y=1, or mail me@a.example. <b>Now</b><br>www.b.example."),
            [
                ("https://a.example/x?y=1", MaskKind::Url),
                ("me@a.example", MaskKind::Mail),
                ("<b>", MaskKind::Markup),
                ("</b>", MaskKind::Markup),
                ("<br>", MaskKind::BlockTag),
                ("www.b.example", MaskKind::Url),
            ]
        );
        assert_eq!(
            masks("At help.a-b.se/faq. Or ab.com, ok."),
            [("help.a-b.se/faq", MaskKind::Url), ("ab.com", MaskKind::Url)]
        );
        assert_eq!(masks("That is all.Now e.g. this."), []);
        assert_eq!(
            masks("Read [the guide](https://a.example/x), please."),
            [("](https://a.example/x)", MaskKind::Url)]
        );
        assert_eq!(masks("It is 100% sure, 5 % off, 3 < 4 and 5 > 4: yes."), []);
    }
}
