//! Languages as files name them: in fields, columns, keys and paths.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

/// Where an entry's locale was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocaleFrom {
    /// A field of the entry.
    Entry,
    /// The file's header or front matter, or a `lang` attribute.
    Header,
    /// The name of its column.
    Column,
    /// A key above it.
    Key,
    /// The file's path.
    Path,
}

/// Names of languages, in lower case, and the code each stands for.
static NAMES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Names {
        languages: BTreeMap<String, Vec<String>>,
    }
    // A test reads the file; without it no name is known, and codes with regions still are.
    let names: Names = toml::from_str(include_str!("../locales.toml")).unwrap_or(Names { languages: BTreeMap::new() });
    names
        .languages
        .into_iter()
        .flat_map(|(code, names)| names.into_iter().map(move |name| (name, code.clone())))
        .collect()
});

/// The locale that a field's value says: `es`, `sv_SE`, `en-GB`, `Spanish`. `None` if it says none.
pub(crate) fn of_value(value: &str) -> Option<String> {
    let value = value.trim();
    if let Some(code) = NAMES.get(&value.to_lowercase()) {
        return Some(code.clone());
    }
    let (language, region) = split(value);
    let plausible = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    plausible.then(|| tag(language, region))
}

/// The locale that a name says, which may well be none: `es`, `es-MX`, `Svenska`, but not `it`, `in` or `id`.
pub(crate) fn of_name(name: &str) -> Option<String> {
    let name = name.trim();
    if let Some(code) = NAMES.get(&name.to_lowercase()) {
        return Some(code.clone());
    }
    let (language, region) = split(name);
    let region = region?;
    let shaped = match region.len() {
        2 => region.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => region.bytes().all(|byte| byte.is_ascii_digit()),
        // A script: `zh-Hant`.
        4 => {
            region.starts_with(|c: char| c.is_ascii_uppercase())
                && region.bytes().all(|byte| byte.is_ascii_alphabetic())
        }
        _ => false,
    };
    let known = language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && (NAMES.contains_key(language) || region.bytes().all(|byte| !byte.is_ascii_lowercase()));
    (shaped && known).then(|| tag(language, Some(region)))
}

fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once(['-', '_']) {
        // `sv_SE.UTF-8`, `ca@valencia`
        Some((language, rest)) => (language, rest.split(['.', '@']).next()),
        None => (name, None),
    }
}

/// `es-MX`.
fn tag(language: &str, region: Option<&str>) -> String {
    let language = language.to_ascii_lowercase();
    match region {
        Some(region) if region.len() == 2 => format!("{language}-{}", region.to_ascii_uppercase()),
        Some(region) => format!("{language}-{region}"),
        None => language,
    }
}

/// A name of a column or key that ends, or begins, with a locale, and the rest of it: `body_es`, `Svar (sv)`, `text.en-GB`, `EN body`, `es`.
pub(crate) fn of_key(key: &str) -> Option<(String, String)> {
    if let Some(locale) = of_name(key) {
        return Some((String::new(), locale));
    }
    let words: Vec<(usize, &str)> = words(key);
    let (first, last) = (words.first()?, words.last()?);
    let rest = |rest: &str| rest.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if words.len() > 2 {
        // `body_es_MX`
        let from = words[words.len() - 2].0;
        if let Some(locale) =
            of_name(key[from..].trim_end_matches([')', ']', ' '])).filter(|locale| locale.contains('-'))
        {
            return Some((rest(&key[..from]), locale));
        }
    }
    if words.len() > 1 {
        if let Some(locale) = of_name(last.1) {
            return Some((rest(&key[..last.0]), locale));
        }
        if let Some(locale) = of_name(first.1) {
            return Some((rest(&key[first.0 + first.1.len()..]), locale));
        }
    }
    None
}

fn words(key: &str) -> Vec<(usize, &str)> {
    let start = key.as_ptr() as usize;
    key.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - start, word))
        .collect()
}

/// The locale that a file's path says, the innermost first, and the path with `*` in its place.
pub(crate) fn of_path(path: &Path) -> (Option<String>, String) {
    let mut parts: Vec<String> =
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let mut locale = None;
    for (index, part) in parts.iter_mut().enumerate().rev() {
        let found = if index + 1 == path.components().count() {
            of_file_name(part)
        } else {
            of_name(part).map(|locale| ("*".into(), locale))
        };
        if let Some((starred, found)) = found {
            *part = starred;
            locale.get_or_insert(found);
        }
    }
    (locale, parts.join("/"))
}

/// `es.yml`, `mail.es.yml`, `mail_sv-SE.json`, `late-en.md`.
fn of_file_name(name: &str) -> Option<(String, String)> {
    let stem_end = name.find('.').filter(|&at| at > 0);
    let parts: Vec<&str> = name.split('.').collect();
    // A part of its own, but for the ending.
    for index in 0..parts.len().saturating_sub(1) {
        if let Some(locale) = of_name(parts[index]) {
            let mut starred = parts.clone();
            starred[index] = "*";
            return Some((starred.join("."), locale));
        }
    }
    let stem = &name[..stem_end?];
    let at = stem.rfind(['_', '-', ' '])?;
    let longer = stem[..at].rfind(['_', '-', ' ']);
    let region = longer.and_then(|at| Some((at, of_name(&stem[at + 1..])?)));
    let (at, locale) = match region {
        Some(found) => found,
        None => (at, of_name(&stem[at + 1..])?),
    };
    Some((format!("{}*{}", &stem[..=at], &name[stem.len()..]), locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_names_and_keys() {
        assert_eq!(of_value("sv_SE").as_deref(), Some("sv-SE"));
        assert_eq!(of_value("Swedish").as_deref(), Some("sv"));
        assert_eq!(of_value("it").as_deref(), Some("it"));
        assert_eq!(of_value("always").as_deref(), None);
        assert_eq!((of_name("it"), of_name("es-419").as_deref()), (None, Some("es-419")));
        assert_eq!((of_name("is-ok"), of_name("to_do"), of_name("in-app")), (None, None, None));
        let key = |key: &str| of_key(key);
        assert_eq!(key("body_es"), Some(("body".into(), "es".into())));
        assert_eq!(key("Svar (sv)"), Some(("svar".into(), "sv".into())));
        assert_eq!(key("body_es_MX"), Some(("body".into(), "es-MX".into())));
        assert_eq!(key("EN body"), Some(("body".into(), "en".into())));
        assert_eq!(key("Español"), Some((String::new(), "es".into())));
        assert_eq!((key("body"), key("note_to_self"), key("created_at")), (None, None, None));
    }

    #[test]
    fn paths() {
        let path = |path: &str| of_path(Path::new(path));
        assert_eq!(path("locales/es/mail.json"), (Some("es".into()), "locales/*/mail.json".into()));
        assert_eq!(path("config/sv.yml"), (Some("sv".into()), "config/*.yml".into()));
        assert_eq!(path("a/mail.en-GB.yml"), (Some("en-GB".into()), "a/mail.*.yml".into()));
        assert_eq!(path("i18n/sv_SE/premade.yaml"), (Some("sv-SE".into()), "i18n/*/premade.yaml".into()));
        assert_eq!(path("late_es_MX.md"), (Some("es-MX".into()), "late_*.md".into()));
        assert_eq!(path("docs/late.md"), (None, "docs/late.md".into()));
    }
}
