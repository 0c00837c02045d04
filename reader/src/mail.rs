//! Mails: their subject, and of each body the HTML before its plain twin.

use mail_parser::{Encoding, HeaderName, Message, MessageParser, PartType};

use crate::SourceMap;
use crate::entry::{Entry, Kind, Layer, Why};
use crate::locale::{self, LocaleFrom};
use crate::select::{Part, kind_of, parts};

/// The type of a mail within a mail, and how many are read.
const NESTED: &[u8] = b"message/rfc822";
const DEEPEST: usize = 50;

/// The entries of a mail.
///
/// # Errors
///
/// If it has no headers.
pub(crate) fn read(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let expected = || (0, "expected a mail: headers, a blank line, a body".to_owned());
    // The parser enters a mail within a mail by calling itself.
    let within = text.as_bytes().windows(NESTED.len()).filter(|part| part.eq_ignore_ascii_case(NESTED)).count();
    if within > DEEPEST {
        return Err((0, format!("expected at most {DEEPEST} mails within a mail, found {within}")));
    }
    let message: Message<'_> = MessageParser::default().parse(text.as_bytes()).ok_or_else(expected)?;
    if message.parts.first().is_none_or(|part| part.headers.is_empty()) {
        return Err(expected());
    }
    let mut entries: Vec<Entry> = subject(text, &message).into_iter().collect();
    let bodies = message.html_body.iter().map(|&id| (id, None));
    let twins = message.text_body.iter().filter(|id| !message.html_body.contains(id)).map(|&id| (id, Some(Why::Twin)));
    for (id, why) in bodies.chain(twins) {
        entries.extend(body(text, &message, id as usize, why));
    }
    let locale = message.parts[0].headers.iter().find(|header| header.name == HeaderName::ContentLanguage);
    let locale = locale.and_then(|header| text.get(header.offset_start as usize..header.offset_end as usize));
    if let Some(locale) = locale.and_then(|value| locale::of_value(value.split(',').next().unwrap_or(value))) {
        for entry in &mut entries {
            entry.locale.get_or_insert((locale.clone(), LocaleFrom::Header));
        }
    }
    Ok(entries)
}

fn subject(text: &str, message: &Message<'_>) -> Option<Entry> {
    let subject = message.subject()?.trim();
    let header = message.parts[0].headers.iter().rfind(|header| header.name == HeaderName::Subject)?;
    let raw = text.get(header.offset_start as usize..header.offset_end as usize)?;
    let start = header.offset_start as usize + raw.len() - raw.trim_start().len();
    let map = if raw.trim() == subject {
        SourceMap::verbatim(start, subject.len())
    } else {
        SourceMap::within(start..start + raw.trim().len(), subject.len())
    };
    let mut entry = Entry::new(Kind::Plain, subject.to_owned(), map);
    entry.layers.push(if raw.trim() == subject { Layer::Line } else { Layer::ReadOnly });
    entry.fragment = true;
    entry.within = "subject".into();
    entry.variant_of = Some("subject".into());
    (!subject.is_empty()).then_some(entry)
}

fn body(text: &str, message: &Message<'_>, id: usize, why: Option<Why>) -> Vec<Entry> {
    let Some(part) = message.parts.get(id) else { return Vec::new() };
    let (kind, decoded) = match &part.body {
        PartType::Text(words) => (Kind::Plain, words),
        PartType::Html(words) => (Kind::Html, words),
        _ => return Vec::new(),
    };
    let range = part.offset_body as usize..part.offset_end as usize;
    let Some(raw) = text.get(range.clone()) else { return Vec::new() };
    // The file's own characters need no decoding: that is done for the whole file.
    let (value, outer, layer) = match part.encoding {
        Encoding::None => (raw, SourceMap::verbatim(range.start, raw.len()), None),
        Encoding::QuotedPrintable => {
            let map = quoted_printable(raw, decoded, range.start);
            (&**decoded, map.unwrap_or_else(|| SourceMap::within(range, decoded.len())), Some(Layer::ReadOnly))
        }
        Encoding::Base64 => (&**decoded, SourceMap::within(range, decoded.len()), Some(Layer::ReadOnly)),
    };
    let kind = if kind == Kind::Html { kind_of(value) } else { kind };
    let of = |part: Part| {
        let mut entry = part.entry(&outer);
        entry.layers.extend(layer);
        if entry.within.is_empty() {
            entry.within = "body".into();
        }
        entry.skipped = why;
        entry
    };
    parts(kind, value).into_iter().map(of).collect()
}

/// The map from `decoded` to the quoted-printable text (RFC 2045, section 6.7) that says it and stands at `base`.
fn quoted_printable(raw: &str, decoded: &str, base: usize) -> Option<SourceMap> {
    let mut map = SourceMap::default();
    let (bytes, mut at) = (raw.as_bytes(), 0);
    let mut rest = decoded;
    while at < bytes.len() {
        let tail = &raw[at..];
        if let Some(after) = tail.strip_prefix('=') {
            let line = after.trim_start_matches([' ', '\t']);
            let blanks = after.len() - line.len();
            let end = if line.starts_with("\r\n") { Some(2) } else { line.starts_with('\n').then_some(1) };
            if let Some(end) = end {
                map.push_unit(0, base + at..base + at + 1 + blanks + end);
                at += 1 + blanks + end;
                continue;
            }
            // One octet for each byte of the character, or one for it all in an older charset.
            let octets: Vec<u8> = tail.as_bytes().chunks(3).map_while(octet).take(4).collect();
            if let (Some(c), false) = (rest.chars().next(), octets.is_empty()) {
                let whole = octets.starts_with(&rest.as_bytes()[..c.len_utf8()]);
                let taken = 3 * if whole { c.len_utf8() } else { 1 };
                map.push_unit(c.len_utf8(), base + at..base + at + taken);
                at += taken;
                rest = &rest[c.len_utf8()..];
                continue;
            }
        }
        let c = tail.chars().next()?;
        if rest.starts_with(c) {
            map.push_verbatim(base + at, c.len_utf8());
            rest = &rest[c.len_utf8()..];
        } else if !c.is_whitespace() {
            return None;
        }
        // Blanks at a line's end are none.
        at += c.len_utf8();
    }
    rest.is_empty().then_some(map)
}

fn octet(triple: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(triple.strip_prefix(b"=")?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_leads_back() {
        let file = "Subject: =?utf-8?q?f=C3=B6rsening?=\r\nContent-Language: sv\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Hej p=C3=A5 =\r\ndig &amp; 5 =3D 5</p>\r\n";
        let entries = read(file).unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>(),
            ["försening", "Hej på dig & 5 = 5"]
        );
        let body = &entries[1];
        assert_eq!(body.locale.as_ref().unwrap().0, "sv");
        let place = |words: &str| {
            let at = body.text.find(words).unwrap();
            body.map.place(at, at + words.len())
        };
        assert_eq!(&file[place("på").range], "p=C3=A5");
        assert!(place("på").exact);
        assert_eq!(&file[place("på dig").range], "p=C3=A5 =\r\ndig");
        assert_eq!(&file[place("&").range], "&amp;");
        assert!(!entries[0].map.place(0, 3).exact);
    }

    #[test]
    fn the_plain_twin_is_skipped() {
        let file = "Subject: Hi\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nNo.\n--b\nContent-Type: text/html\n\n<p>No.</p>\n--b--\n";
        let entries = read(file).unwrap();
        let told: Vec<(&str, Option<Why>)> = entries.iter().map(|entry| (entry.text.trim(), entry.skipped)).collect();
        assert_eq!(told, [("Hi", None), ("No.", None), ("No.", Some(Why::Twin))]);
    }

    #[test]
    fn what_is_no_mail_is_told() {
        assert!(read("").is_err());
    }
}
