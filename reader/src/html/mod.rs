//! HTML and mail templates: what a customer reads of them.

mod pieces;

use std::collections::HashMap;
use std::ops::Range;

use self::pieces::{Attribute, Piece, pieces};
use crate::locale;
use crate::prose::Prose;
use crate::template::{comments, hidden};

/// What was read of a document.
#[derive(Debug, Default)]
pub(crate) struct Html {
    /// The prose in each language that an element claims, or that none claims.
    pub(crate) bodies: Vec<(Option<String>, Prose)>,
    /// Titles, previews and the words of pictures.
    pub(crate) asides: Vec<Aside>,
}

#[derive(Debug, Default)]
pub(crate) struct Aside {
    pub(crate) name: &'static str,
    pub(crate) lang: Option<String>,
    pub(crate) prose: Prose,
}

/// What a customer reads of `source`: blocks apart by blank lines, inline tags dropped, links as `[words](address)`, quotations as `> ` lines. Template
/// code stays as it is written.
pub(crate) fn read(source: &str) -> Html {
    // The tokenizer counts `\r\n` as one.
    let mut code = hidden(source).replace('\r', " ");
    for comment in comments(source) {
        code.replace_range(comment.clone(), &" ".repeat(comment.len()));
    }
    let mut reading = Reading {
        source,
        hidden: &code,
        html: Html::default(),
        open: Vec::new(),
        opened: HashMap::new(),
        places: HashMap::new(),
        gap: Gap::default(),
        end: 0,
        quoted: false,
        link: None,
    };
    let pieces = pieces(&code);
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Words { decoded, source } => reading.words(decoded, source.clone()),
            Piece::Start { name, attributes, source, closed } => {
                let words = if is_link(name) { link_words(&pieces[index + 1..]) } else { String::new() };
                reading.start(name, attributes, source.clone(), *closed, &words);
            }
            Piece::End { name, source } => reading.end(name, source.clone()),
        }
    }
    reading.html
}

/// Whether a text that may be either is HTML: it has a tag, or an entity.
pub(crate) fn is_html(text: &str) -> bool {
    let code = hidden(text);
    let tags = code.match_indices('<').any(|(at, _)| {
        let rest = code[at + 1..].trim_start_matches('/');
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        let inside = rest[name.len()..].split('>').next().unwrap_or_default();
        let closed = rest.len() > name.len() + inside.len() && !inside.contains('<');
        // Nothing but the name, or attributes.
        let tag = inside.is_empty()
            || inside == "/"
            || (inside.starts_with([' ', '\n', '\r', '\t', '/'])
                && (inside.trim() == "/" || inside.trim().is_empty() || inside.contains('=')));
        KNOWN.contains(&name.as_str()) && closed && tag
    });
    tags || code.match_indices('&').any(|(at, _)| {
        let name: Vec<u8> =
            code.as_bytes()[at + 1..].iter().copied().take(9).take_while(|&byte| byte != b';').collect();
        code.as_bytes().get(at + 1 + name.len()) == Some(&b';')
            && (2..=8).contains(&name.len())
            && name.iter().enumerate().all(|(at, byte)| byte.is_ascii_alphanumeric() || (at == 0 && *byte == b'#'))
    })
}

/// Tags by which HTML is told.
const KNOWN: [&str; 32] = [
    "p",
    "br",
    "div",
    "span",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "tbody",
    "html",
    "body",
    "head",
    "h1",
    "h2",
    "h3",
    "h4",
    "img",
    "hr",
    "blockquote",
    "font",
    "center",
    "small",
    "pre",
    "mjml",
];

/// Elements after which, and before which, a line ends. Those of MJML do, too.
const BLOCKS: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Elements without an end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements whose content nobody reads.
const SILENT: [&str; 12] = [
    "style",
    "script",
    "template",
    "svg",
    "math",
    "noscript",
    "iframe",
    "object",
    "mj-style",
    "mj-raw",
    "mj-attributes",
    "mj-include",
];

/// Attributes that are read, by eye or aloud.
const READ: [&str; 3] = ["alt", "title", "aria-label"];

struct Element {
    name: String,
    lang: Option<String>,
    /// Its content is not read.
    silent: bool,
    /// It is a title or a preview.
    aside: Option<&'static str>,
    quoted: bool,
    preformatted: bool,
}

/// What stands between the last words and the next.
#[derive(Default)]
struct Gap {
    blank: Option<Range<usize>>,
    ends: usize,
    item: bool,
    /// Where the first tag in it begins.
    from: Option<usize>,
    /// What opens a link.
    open: Option<Range<usize>>,
}

struct Reading<'t> {
    source: &'t str,
    hidden: &'t str,
    html: Html,
    open: Vec<Element>,
    /// How many of each name are open, so that an end without a start costs nothing.
    opened: HashMap<String, usize>,
    /// Where the prose in each language is among the bodies.
    places: HashMap<Option<String>, usize>,
    gap: Gap,
    /// Where the last words ended in the source.
    end: usize,
    /// Whether they were quoted.
    quoted: bool,
    /// Where a link that was opened leads.
    link: Option<String>,
}

impl Reading<'_> {
    fn start(&mut self, name: &str, attributes: &[Attribute], source: Range<usize>, closed: bool, link_words: &str) {
        self.gap.from.get_or_insert(source.start);
        let block = is_block(name);
        if block {
            self.break_line(2);
        }
        match name {
            "br" => {
                let ends = self.gap.ends;
                self.break_line((ends + 1).min(2));
            }
            "li" => {
                self.break_line(1);
                self.gap.item = true;
            }
            // Intercom's placeholder.
            "attribute" if !self.silent() => {
                self.flush(source.start);
                let text = self.source;
                self.prose().push(text, source.clone());
                self.end = source.end;
                return;
            }
            _ if is_link(name) => {
                let target = self.value(attributes, "href");
                let words = link_words.trim();
                if !self.silent()
                    && !words.is_empty()
                    && !target.is_empty()
                    && !target.starts_with('#')
                    && words != target
                {
                    self.gap.open = Some(source.clone());
                    self.link = Some(target);
                }
            }
            _ => {}
        }
        if !self.silent() {
            for attribute in attributes.iter().filter(|attribute| READ.contains(&attribute.name.as_str())) {
                let prose = self.unhidden(&attribute.value).trimmed();
                let name = READ.into_iter().find(|read| *read == attribute.name);
                if let (false, Some(name)) = (prose.text.is_empty(), name) {
                    let lang = self.open.last().and_then(|element| element.lang.clone());
                    self.html.asides.push(Aside { name, lang, prose });
                }
            }
        }
        if VOID.contains(&name) || closed {
            return;
        }
        let above = self.open.last();
        let lang = locale::of_value(&self.value(attributes, "lang"));
        let hidden = attributes.iter().any(|attribute| attribute.name == "hidden");
        let aside = match name {
            "title" | "mj-title" => Some("title"),
            "mj-preview" => Some("preview"),
            _ => above.and_then(|above| above.aside),
        };
        let silent = hidden
            || SILENT.contains(&name)
            || above.is_some_and(|above| above.silent && aside.is_none())
            || ((name == "head" || name == "mj-head") && aside.is_none());
        *self.opened.entry(name.to_owned()).or_default() += 1;
        self.open.push(Element {
            name: name.to_owned(),
            lang: lang.or_else(|| above.and_then(|above| above.lang.clone())),
            silent,
            aside,
            quoted: name == "blockquote" || above.is_some_and(|above| above.quoted),
            preformatted: name == "pre" || above.is_some_and(|above| above.preformatted),
        });
        if aside.is_some() && above_aside(&self.open).is_none() {
            let lang = self.open.last().and_then(|element| element.lang.clone());
            self.html.asides.push(Aside { name: aside.unwrap_or_default(), lang, prose: Prose::default() });
            self.gap = Gap::default();
        }
    }

    fn end(&mut self, name: &str, source: Range<usize>) {
        if is_link(name)
            && let Some(target) = self.link.take()
        {
            // Nothing was said within it.
            if self.gap.open.take().is_none() {
                self.prose().push_unit(&format!("]({target})"), source.clone());
                self.end = source.end;
            }
        }
        let opened = self.opened.get_mut(name).filter(|opened| **opened > 0);
        let at = opened.and_then(|_| self.open.iter().rposition(|element| element.name == name));
        if let Some(at) = at {
            for element in &self.open[at..] {
                self.opened.entry(element.name.clone()).and_modify(|opened| *opened -= 1);
            }
            let aside = self.open[at].aside.is_some();
            self.open.truncate(at);
            if aside && self.open.last().is_none_or(|above| above.aside.is_none()) {
                self.gap = Gap::default();
            }
        }
        match name {
            // `</p>` and `</br>` without a start are elements, too.
            "br" => self.break_line((self.gap.ends + 1).min(2)),
            _ if is_block(name) => self.break_line(2),
            "li" => self.break_line(1),
            _ => {}
        }
    }

    fn silent(&self) -> bool {
        self.open.last().is_some_and(|element| element.silent)
    }

    fn break_line(&mut self, ends: usize) {
        self.gap.ends = self.gap.ends.max(ends);
    }

    /// The prose that words here belong to.
    fn prose(&mut self) -> &mut Prose {
        let top = self.open.last();
        if top.is_some_and(|element| element.aside.is_some()) && !self.html.asides.is_empty() {
            let last = self.html.asides.len() - 1;
            return &mut self.html.asides[last].prose;
        }
        let lang = top.and_then(|element| element.lang.clone());
        let bodies = &mut self.html.bodies;
        let at = *self.places.entry(lang.clone()).or_insert_with(|| {
            bodies.push((lang, Prose::default()));
            bodies.len() - 1
        });
        &mut bodies[at].1
    }

    /// Text, as the tokenizer decoded it from `range`.
    fn words(&mut self, decoded: &str, range: Range<usize>) {
        if self.silent() {
            return;
        }
        let preformatted = self.open.last().is_some_and(|element| element.preformatted);
        if decoded != &self.hidden[range.clone()] {
            let entity = self.hidden[range.clone()].starts_with('&');
            // An entity, or a line end; else the beginning of a tag that was none, of which the place is not told.
            if !preformatted && decoded.chars().all(is_blank) {
                self.blank(range);
            } else {
                self.flush(range.start);
                let from = self.end.min(range.start);
                if entity {
                    self.prose().push_unit(decoded, range.clone());
                } else {
                    self.prose().push_within(decoded, from..range.end);
                }
                self.end = range.end;
            }
            return;
        }
        if preformatted {
            self.flush(range.start);
            let source = self.source;
            self.prose().push(source, range.clone());
            self.end = range.end;
            return;
        }
        let mut at = range.start;
        while at < range.end {
            let rest = &self.hidden[at..range.end];
            let words = rest.find(is_blank).unwrap_or(rest.len());
            if words > 0 {
                self.flush(at);
                let source = self.source;
                self.prose().push(source, at..at + words);
                at += words;
                self.end = at;
                continue;
            }
            let blank = rest.len() - rest.trim_start_matches(is_blank).len();
            self.blank(at..at + blank);
            at += blank;
        }
    }

    fn blank(&mut self, range: Range<usize>) {
        match &mut self.gap.blank {
            Some(blank) => blank.end = range.end,
            None => self.gap.blank = Some(range),
        }
    }

    /// Says what stands between the last words and those at `at`.
    fn flush(&mut self, at: usize) {
        let gap = std::mem::take(&mut self.gap);
        let quoted = self.open.last().is_some_and(|element| element.quoted);
        let (source, end) = (self.source, self.end);
        let goes_on = std::mem::replace(&mut self.quoted, quoted);
        let prose = self.prose();
        let first = prose.text.is_empty();
        let mut between = String::new();
        if !first {
            between.push_str(&"\n".repeat(gap.ends));
        }
        if quoted && (!goes_on || gap.ends > 0) {
            if goes_on {
                between = between.replace('\n', "\n> ");
            } else {
                between.push_str("> ");
            }
        }
        if gap.item {
            between.push_str("- ");
        }
        let from = if first { gap.from.unwrap_or(at).min(at) } else { end.min(at) };
        match (between.is_empty(), gap.blank) {
            (true, Some(blank)) if !first => {
                if &source[blank.clone()] == " " {
                    prose.push(source, blank);
                } else {
                    prose.push_unit(" ", blank);
                }
            }
            (true, _) => {}
            (false, _) => prose.push_unit(&between, from..gap.open.as_ref().map_or(at, |open| open.start.max(from))),
        }
        if let Some(open) = gap.open {
            prose.push_unit("[", open);
        }
    }

    /// An attribute's value with its template code.
    fn value(&self, attributes: &[Attribute], name: &str) -> String {
        let attribute = attributes.iter().find(|attribute| attribute.name == name);
        attribute.map(|attribute| self.unhidden(&attribute.value).text.trim().to_owned()).unwrap_or_default()
    }

    fn unhidden(&self, value: &[(String, Range<usize>)]) -> Prose {
        let mut prose = Prose::default();
        for (decoded, range) in value {
            if *decoded == self.hidden[range.clone()] {
                prose.push(self.source, range.clone());
            } else {
                prose.push_unit(decoded, range.clone());
            }
        }
        prose
    }
}

/// The aside around the innermost element, if that is within one.
fn above_aside(open: &[Element]) -> Option<&'static str> {
    open.len().checked_sub(2).and_then(|above| open[above].aside)
}

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || name.starts_with("mj-")
}

fn is_link(name: &str) -> bool {
    matches!(name, "a" | "mj-button")
}

/// White space as HTML has it; a non-breaking space is a character.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// What stands up to the end of a link.
fn link_words(pieces: &[Piece]) -> String {
    let mut words = String::new();
    for piece in pieces {
        match piece {
            Piece::Words { decoded, .. } => words.push_str(decoded),
            Piece::Start { name, .. } | Piece::End { name, .. } if is_link(name) => break,
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(source: &str) -> Prose {
        read(source).bodies.into_iter().next().map(|(_, prose)| prose).unwrap_or_default()
    }

    #[test]
    fn what_is_read_is_what_a_customer_sees() {
        for (source, expected) in [
            (
                "<p>Hola {{ticket.requester.first_name}}:</p>\n<p>No <b>podemos</b>\n  hacerlo.</p>",
                "Hola {{ticket.requester.first_name}}:\n\nNo podemos hacerlo.",
            ),
            ("a<br>b<br/><br />c", "a\nb\n\nc"),
            ("<ul>\n<li>uno</li>\n<li>dos</li>\n</ul><p>x", "- uno\n- dos\n\nx"),
            ("{% if a < b %}ja{% endif %} &amp; n&ouml;jd&nbsp;5", "{% if a < b %}ja{% endif %} & nöjd\u{a0}5"),
            ("<style>p{}</style><!-- no --><script>x</script>ok", "ok"),
            ("See <a href=\"https://x.example/?a=1&amp;b=2\">here</a>.", "See [here](https://x.example/?a=1&b=2)."),
            ("<a href='https://x.example'>https://x.example</a>", "https://x.example"),
            ("<p>a</p><blockquote><p>b</p><p>c</p></blockquote><p>d</p>", "a\n\n> b\n> \n> c\n\nd"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
            ("5 < 6 and a<b", "5 < 6 and a"),
        ] {
            let prose = body(source);
            assert_eq!(prose.text, expected, "{source}");
            assert_eq!(prose.map.text_len(), expected.len());
        }
    }

    #[test]
    fn every_word_leads_back_to_its_bytes() {
        let source = "<p>N&ouml;jd &amp; gl&#97;d&#x1F600;</p> <p title='a &lt; b'>sl<i>u</i>t {{ x }}</p>";
        let html = read(source);
        let prose = &html.bodies[0].1;
        assert_eq!(prose.text, "Nöjd & glad😀\n\nslut {{ x }}");
        let place = |words: &str| {
            let at = prose.text.find(words).unwrap();
            prose.map.place(at, at + words.len())
        };
        assert_eq!(&source[place("Nöjd & glad😀").range], "N&ouml;jd &amp; gl&#97;d&#x1F600;");
        assert!(place("Nöjd & glad😀").exact);
        assert_eq!(&source[place("slut").range], "sl<i>u</i>t");
        assert!(!place("slut").exact);
        assert_eq!(&source[place("{{ x }}").range], "{{ x }}");
        let aside = &html.asides[0];
        assert_eq!((aside.name, aside.prose.text.as_str()), ("title", "a < b"));
        assert_eq!(&source[aside.prose.map.place(2, 3).range], "&lt;");
    }

    #[test]
    fn languages_and_titles_are_told_apart() {
        let html = read(
            "<html lang=es><head><title>Su pedido</title></head><body><p>Hola</p><div lang=\"sv\">Hej</div><p>ya</p></body></html>",
        );
        let bodies: Vec<(Option<&str>, &str)> =
            html.bodies.iter().map(|(lang, prose)| (lang.as_deref(), prose.text.as_str())).collect();
        assert_eq!(bodies, [(Some("es"), "Hola\n\nya"), (Some("sv"), "Hej")]);
        let title = &html.asides[0];
        assert_eq!((title.name, title.lang.as_deref(), title.prose.text.as_str()), ("title", Some("es"), "Su pedido"));
    }
}
