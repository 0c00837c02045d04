//! A page to open and look at: one file with all it needs in it. What it looks like is in `html/`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::model::{Document, Reply, Summary};
use super::{Problem, json};
use crate::explain::Explanation;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// What the page's script is given.
#[derive(Serialize)]
struct Data<'d> {
    version: u32,
    tool: Tool,
    /// `None` where they are in each reply's own.
    message_language: Option<&'d str>,
    replies: Vec<Told<'d>>,
    rules: BTreeMap<&'d str, Rule<'d>>,
    errors: &'d [Problem],
    notices: &'d [Problem],
    summary: &'d Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// A reply with what the customer reads.
#[derive(Serialize)]
struct Told<'t> {
    #[serde(flatten)]
    reply: &'t Reply,
    text: Option<&'t str>,
}

#[derive(Serialize)]
struct Rule<'r> {
    title: &'r str,
    severity: &'static str,
}

pub(super) fn write(report: &Document, rules: &[Explanation], out: &mut dyn Write) -> io::Result<()> {
    let titles = rules.iter().map(|rule| (&*rule.id, Rule { title: &rule.title, severity: rule.severity.as_str() }));
    let data = Data {
        version: report.version,
        tool: Tool { name: "tactful", version: env!("CARGO_PKG_VERSION") },
        message_language: report.message_language.as_deref(),
        replies: report.replies.iter().map(|reply| Told { reply, text: reply.text.as_deref() }).collect(),
        rules: titles.collect(),
        errors: &report.errors,
        notices: &report.notices,
        summary: &report.summary,
    };
    // A `</script>` in a reply would end the element; JSON may write `<` so.
    let mut json = Vec::new();
    json::line(&data, &mut json)?;
    let data = String::from_utf8_lossy(&json).replace('<', "\\u003c");
    // The data comes last: what looks like a placeholder in it is none.
    let page = PAGE.replace("/*{style}*/", STYLE).replace("/*{script}*/", SCRIPT);
    let (before, after) = page.split_once("{data}").unwrap_or((&page, ""));
    [before, &data, after].iter().try_for_each(|part| out.write_all(part.as_bytes()))
}
