use std::fmt;
use std::path::Path;

/// A format that files are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML and the mail formats on its ground.
    Html,
    /// A template whose ending does not tell what it makes.
    Template,
    /// JSON, with comments if there are any.
    Json,
    /// A JSON object a line.
    JsonLines,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Comma-separated values, whatever separates them.
    Csv,
    /// A gettext catalogue.
    Gettext,
    /// A mail.
    Mail,
}

impl Format {
    /// Those whose replies a profile finds.
    pub(crate) const TREES: [Format; 5] = [Format::Json, Format::JsonLines, Format::Yaml, Format::Toml, Format::Csv];

    /// What a file of this name is written in. `None` where that is nothing that holds replies.
    pub fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        // Laravel's templates are not PHP's own.
        let name = name.replace(".blade.php", ".tpl");
        let (stem, ending) = name.rsplit_once('.')?;
        Some(match ending {
            "txt" | "text" => Format::Text,
            "md" | "markdown" | "mkd" => Format::Markdown,
            "html" | "htm" | "xhtml" | "mjml" => Format::Html,
            "liquid" | "j2" | "jinja" | "jinja2" | "njk" | "twig" | "hbs" | "handlebars" | "mustache" | "erb"
            | "ejs" | "tpl" | "tmpl" | "inky" => match Format::of(Path::new(stem)) {
                Some(inner @ (Format::Text | Format::Markdown | Format::Html)) => inner,
                _ => Format::Template,
            },
            "json" | "jsonc" | "arb" => Format::Json,
            "jsonl" | "ndjson" => Format::JsonLines,
            "yaml" | "yml" => Format::Yaml,
            "toml" => Format::Toml,
            "csv" | "tsv" => Format::Csv,
            "po" => Format::Gettext,
            "eml" => Format::Mail,
            _ => return None,
        })
    }

    /// Whether such a file may be in Windows-1252: those that old programs write.
    pub(crate) fn is_legacy(self) -> bool {
        matches!(self, Format::Text | Format::Html | Format::Template | Format::Csv | Format::Mail)
    }

    /// Its name, as profiles write it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Template => "template",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Yaml => "yaml",
            Format::Toml => "toml",
            Format::Csv => "csv",
            Format::Gettext => "gettext",
            Format::Mail => "mail",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for (name, format) in [
            ("a/late.md", Some(Format::Markdown)),
            ("late.html.erb", Some(Format::Html)),
            ("late.txt.j2", Some(Format::Text)),
            ("late.liquid", Some(Format::Template)),
            ("late.json.erb", Some(Format::Template)),
            ("MACROS.JSON", Some(Format::Json)),
            ("main.rs", None),
            ("noending", None),
        ] {
            assert_eq!(Format::of(Path::new(name)), format, "{name}");
        }
    }
}
