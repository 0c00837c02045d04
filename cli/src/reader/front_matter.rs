//! What a reply's file says of itself above the reply: YAML between `---` lines, TOML between `+++` lines.

use serde::Deserialize;

/// The keys a reply may give; others are other tools'.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FrontMatter {
    #[serde(default)]
    pub(super) id: Option<Scalar>,
    #[serde(default)]
    pub(super) title: Option<Scalar>,
    #[serde(default)]
    pub(super) lang: Option<Scalar>,
}

/// A string, or a number that stands for one.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string, a number or a truth value")]
pub(crate) enum Scalar {
    Text(String),
    Number(i64),
    Truth(bool),
}

impl Scalar {
    pub(crate) fn into_string(self) -> String {
        match self {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.to_string(),
            // YAML 1.1 reads `no`, Norwegian, as false.
            Scalar::Truth(truth) => truth.to_string(),
        }
    }
}

/// Splits `text` into its front matter and where its body begins. Without front matter the body is all of it.
///
/// # Errors
///
/// If there is front matter that cannot be read: the line in the file, and why.
pub(super) fn split(text: &str) -> Result<(FrontMatter, usize), (usize, String)> {
    let fence = match text.lines().next().map(str::trim_end) {
        Some(fence @ ("---" | "+++")) => fence,
        _ => return Ok((FrontMatter::default(), 0)),
    };
    let open = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut at = open;
    for line in text[open..].split_inclusive('\n') {
        if line.trim_end() == fence {
            let matter = &text[open..at];
            return parse(matter, fence).map(|matter| (matter, at + line.len()));
        }
        at += line.len();
    }
    // A rule line, not front matter.
    Ok((FrontMatter::default(), 0))
}

fn parse(matter: &str, fence: &str) -> Result<FrontMatter, (usize, String)> {
    if matter.trim().is_empty() {
        return Ok(FrontMatter::default());
    }
    if fence == "+++" {
        return toml::from_str(matter).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            (matter[..at].matches('\n').count() + 2, error.message().to_owned())
        });
    }
    serde_saphyr::from_str::<Option<FrontMatter>>(matter).map(Option::unwrap_or_default).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line() as usize);
        let message = error.to_string();
        (line + 1, message.lines().next().unwrap_or("it is not YAML").to_owned())
    })
}
