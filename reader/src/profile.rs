//! Profiles: what in a file of keys and values is a reply, as data.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use crate::entry::Why;
use crate::format::Format;
use crate::tree::{self, Node, Value};
use crate::{Problem, Source};

/// What a tool's export looks like, and what in it customers read. Written in TOML; the built-in ones are in `profiles/`.
///
/// ```
/// let profile = tactful_reader::Profile::parse(r#"
/// [profile]
/// name = "our-tool"
/// title = "Our own tool's export"
///
/// [entry]
/// each = "$.snippets[*]"
/// has = ["$.key"]
/// id = "$.key"
///
/// [[text]]
/// html = "$.html"
/// plain = "$.plain"
/// "#)?;
/// let reader = tactful_reader::Reader::new().with_profile(profile);
/// let file = br#"{"snippets": [{"key": "late", "html": "<p>No &amp; no</p>", "plain": "No & no"}]}"#;
/// let contents = reader.read("export.json".as_ref(), &reader.source("export.json".as_ref(), file.to_vec())?);
/// assert_eq!(contents.entries[0].text, "No & no");
/// assert_eq!(contents.entries[0].id.as_deref(), Some("late"));
/// # Ok::<(), tactful_reader::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Profile(pub(crate) Arc<Rules>);

/// What a profile says.
#[derive(Debug)]
pub(crate) struct Rules {
    name: String,
    title: String,
    pub(crate) formats: Vec<Format>,
    pub(crate) path_locale: bool,
    pub(crate) root_locale: bool,
    /// How many in a hundred of its texts are prose, at least.
    pub(crate) prose: usize,
    /// How many are enough by themselves; 0 is any number.
    pub(crate) prose_enough: usize,
    pub(crate) required: bool,
    /// How many steps above an entry is what its title and its variants' name are told of.
    pub(crate) owner_above: usize,
    pub(crate) each: Vec<Query>,
    pub(crate) has: Vec<Query>,
    pub(crate) id: Vec<Query>,
    pub(crate) title_of: Vec<Query>,
    pub(crate) locale: Vec<Query>,
    pub(crate) variant: Vec<Query>,
    pub(crate) locales: BTreeMap<String, String>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) texts: Vec<TextRule>,
}

impl Rules {
    /// Whether a rule is about keys of that name.
    pub(crate) fn names(&self, key: &str) -> bool {
        self.texts.iter().any(|rule| rule.keys.iter().any(|name| name == key))
    }
}

/// When an entry is not judged, and why.
#[derive(Debug)]
pub(crate) struct Skip {
    /// What the file's name must hold.
    pub(crate) named: Option<String>,
    pub(crate) when: Vec<Query>,
    /// What it must be; anything, where this is empty.
    pub(crate) is: Vec<String>,
    pub(crate) why: Why,
}

/// Where a text of an entry is.
#[derive(Debug, Default)]
pub(crate) struct TextRule {
    pub(crate) html: Vec<Query>,
    pub(crate) markdown: Vec<Query>,
    pub(crate) mixed: Vec<Query>,
    pub(crate) plain: Vec<Query>,
    /// Names of the entry's own keys, perhaps with a locale.
    pub(crate) keys: Vec<String>,
    /// Names of keys beside which every other key that holds prose is a text, if no rule names it.
    pub(crate) beside: Vec<String>,
    /// A key that is a locale holds the text in it.
    pub(crate) locale_keys: bool,
    pub(crate) fragment: Fragment,
    pub(crate) skip: Option<Why>,
}

/// Which texts are parts of replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fragment {
    #[default]
    Never,
    Always,
    /// Those of less than four words: names of buttons, titles.
    Phrase,
    /// Those of one sentence.
    Sentence,
}

/// A JSONPath (RFC 9535), ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Query(JpQuery);

impl Query {
    /// What it selects in `root`, each with its path.
    pub(crate) fn select<'n>(&self, root: &'n Node) -> Vec<(&'n Node, Vec<Step>)> {
        let found = js_path_process(&self.0, root).unwrap_or_default();
        found
            .into_iter()
            .map(|found| {
                let steps = steps(&found.clone().path());
                (found.val(), steps)
            })
            .collect()
    }

    pub(crate) fn selects(&self, root: &Node) -> bool {
        js_path_process(&self.0, root)
            .is_ok_and(|found| found.into_iter().any(|found| found.val().value != Value::Null))
    }
}

/// A step from a value to one in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// `macros[3].actions[0].value`
pub(crate) fn path(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&short(key));
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// A name as it is told: its first line, cut where it is longer than names are.
pub(crate) fn short(name: &str) -> String {
    let line = name.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Characters of a name that are told.
const LONGEST: usize = 100;

/// The steps of a normalised path (RFC 9535, section 2.7): `$['a'][3]`.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    while let Some(inside) = rest.strip_prefix('[') {
        let Some(quoted) = inside.strip_prefix('\'') else {
            let (index, after) = inside.split_once(']').unwrap_or((inside, ""));
            steps.push(Step::Index(index.parse().unwrap_or(0)));
            rest = after;
            continue;
        };
        let mut key = String::new();
        let mut chars = quoted.char_indices();
        rest = "";
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    rest = quoted[at + 1..].strip_prefix(']').unwrap_or_default();
                    break;
                }
                '\\' => key.extend(chars.next().map(|(_, c)| c)),
                _ => key.push(c),
            }
        }
        steps.push(Step::Key(key));
    }
    steps
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    ///
    /// If it is not TOML, or not a profile: line, column, and what was expected.
    pub fn parse(text: &str) -> Result<Profile, Problem> {
        let place = |(at, message): (usize, String)| {
            let source = Source::new(text.as_bytes().to_vec(), false);
            source.map_or_else(|problem| problem, |source| source.problem(at, message))
        };
        let (tree, problems) = tree::toml(text);
        if let Some(problem) = problems.into_iter().next() {
            return Err(place(problem));
        }
        rules(&tree, text.len()).map(|rules| Profile(Arc::new(rules))).map_err(place)
    }

    /// The name that reports and `inspect` use.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it reads, in words.
    pub fn title(&self) -> &str {
        &self.0.title
    }
}

type Fault = (usize, String);

fn rules(tree: &Node, end: usize) -> Result<Rules, Fault> {
    let mut file = Table::of(tree, "a profile")?;
    let mut profile = Table::of(file.needed("profile", "a table [profile] with name and title")?, "[profile]")?;
    let mut entry = Table::of(file.needed("entry", "a table [entry] with each")?, "[entry]")?;
    let skips = file.tables("skip")?;
    let texts = file.tables("text")?;
    let locales = match file.take("locales") {
        Some(node) => Table::of(node, "[locales]")?.strings()?,
        None => BTreeMap::new(),
    };
    file.done(&["profile", "entry", "skip", "text", "locales"])?;
    let mut read = Rules {
        name: profile.string("name")?,
        title: profile.string("title")?,
        formats: Vec::new(),
        path_locale: profile.truth("path-locale")?,
        root_locale: profile.truth("root-locale")?,
        prose: profile.number("prose")?,
        prose_enough: profile.number("prose-enough")?,
        required: entry.truth("required")?,
        owner_above: entry.number("owner-above")?,
        each: entry.queries("each")?,
        has: entry.queries("has")?,
        id: entry.queries("id")?,
        title_of: entry.queries("title")?,
        locale: entry.queries("locale")?,
        variant: entry.queries("variant")?,
        locales,
        skips: Vec::new(),
        texts: Vec::new(),
    };
    for (at, name) in profile.list("formats")? {
        let format = Format::TREES.into_iter().find(|format| format.name() == name);
        let names: Vec<&str> = Format::TREES.iter().map(|format| format.name()).collect();
        read.formats
            .push(format.ok_or_else(|| (at, format!("expected one of {}, found \"{name}\"", names.join(", "))))?);
    }
    profile.done(&["name", "title", "formats", "path-locale", "root-locale", "prose", "prose-enough"])?;
    if read.each.is_empty() {
        return Err((entry.at, "expected each, the path of the entries".into()));
    }
    entry.done(&["each", "has", "id", "title", "locale", "variant", "required", "owner-above"])?;
    for node in skips {
        let mut skip = Table::of(node, "[[skip]]")?;
        let when = skip.queries("when")?;
        let named = skip.word("named")?.map(|(_, name)| name);
        if when.is_empty() && named.is_none() {
            return Err((skip.at, "expected when, a path, or named, a part of the file's name".into()));
        }
        let is = skip.list("is")?.into_iter().map(|(_, value)| value).collect();
        let why = skip.why("why")?.ok_or_else(|| (skip.at, why_expected()))?;
        skip.done(&["when", "named", "is", "why"])?;
        read.skips.push(Skip { named, when, is, why });
    }
    for node in texts {
        let mut text = Table::of(node, "[[text]]")?;
        let rule = TextRule {
            html: text.queries("html")?,
            markdown: text.queries("markdown")?,
            mixed: text.queries("mixed")?,
            plain: text.queries("plain")?,
            keys: text.list("keys")?.into_iter().map(|(_, key)| key.to_lowercase()).collect(),
            beside: text.list("beside")?.into_iter().map(|(_, key)| key.to_lowercase()).collect(),
            locale_keys: text.truth("locale-keys")?,
            fragment: match text.word("fragment")? {
                None => Fragment::Never,
                Some((_, word)) if word == "always" => Fragment::Always,
                Some((_, word)) if word == "phrase" => Fragment::Phrase,
                Some((_, word)) if word == "sentence" => Fragment::Sentence,
                Some((_, word)) if word == "never" => Fragment::Never,
                Some((at, word)) => {
                    return Err((
                        at,
                        format!("expected \"always\", \"phrase\", \"sentence\" or \"never\", found \"{word}\""),
                    ));
                }
            },
            skip: text.why("skip")?,
        };
        if [&rule.html, &rule.markdown, &rule.mixed, &rule.plain].iter().all(|paths| paths.is_empty())
            && rule.keys.is_empty()
            && rule.beside.is_empty()
            && !rule.locale_keys
        {
            return Err((text.at, "expected html, markdown, mixed, plain or keys".into()));
        }
        text.done(&["html", "markdown", "mixed", "plain", "keys", "beside", "locale-keys", "fragment", "skip"])?;
        read.texts.push(rule);
    }
    if read.texts.is_empty() {
        return Err((end, "expected a table [[text]]".into()));
    }
    Ok(read)
}

fn why_expected() -> String {
    let names: Vec<String> = Why::ALL.iter().map(|why| format!("\"{why}\"")).collect();
    format!("expected why: one of {}", names.join(", "))
}

/// A table of a profile, of which every key must be known.
struct Table<'n> {
    at: usize,
    what: &'static str,
    entries: Vec<&'n (String, Node)>,
}

impl<'n> Table<'n> {
    fn of(node: &'n Node, what: &'static str) -> Result<Table<'n>, Fault> {
        match node.table() {
            Some(entries) => Ok(Table { at: node.span.start, what, entries: entries.iter().collect() }),
            None => Err((node.span.start, format!("expected a table for {what}"))),
        }
    }

    fn take(&mut self, key: &str) -> Option<&'n Node> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        Some(&self.entries.remove(at).1)
    }

    fn needed(&mut self, key: &str, expected: &str) -> Result<&'n Node, Fault> {
        self.take(key).ok_or_else(|| (self.at, format!("expected {expected}")))
    }

    fn tables(&mut self, key: &str) -> Result<&'n [Node], Fault> {
        match self.take(key) {
            None => Ok(&[]),
            Some(Node { value: Value::List(list), .. }) => Ok(list),
            Some(node) => Err((node.span.start, format!("expected tables [[{key}]]"))),
        }
    }

    fn string(&mut self, key: &str) -> Result<String, Fault> {
        let node = self.needed(key, &format!("{key}, a string"))?;
        node.text().map(str::to_owned).ok_or_else(|| (node.span.start, format!("expected a string for {key}")))
    }

    fn truth(&mut self, key: &str) -> Result<bool, Fault> {
        match self.take(key) {
            None => Ok(false),
            Some(Node { value: Value::Truth(truth), .. }) => Ok(*truth),
            Some(node) => Err((node.span.start, format!("expected true or false for {key}"))),
        }
    }

    fn number(&mut self, key: &str) -> Result<usize, Fault> {
        let Some(node) = self.take(key) else { return Ok(0) };
        let number = node.scalar().and_then(|number| number.parse().ok());
        number.ok_or_else(|| (node.span.start, format!("expected a number for {key}")))
    }

    /// One value, as words.
    fn word(&mut self, key: &str) -> Result<Option<(usize, String)>, Fault> {
        let mut words = self.list(key)?.into_iter();
        let first = words.next();
        match words.next() {
            Some((at, _)) => Err((at, format!("expected one value for {key}, found several"))),
            None => Ok(first),
        }
    }

    /// One value or several, as words, each with its place.
    fn list(&mut self, key: &str) -> Result<Vec<(usize, String)>, Fault> {
        let Some(node) = self.take(key) else { return Ok(Vec::new()) };
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let word = |item: &Node| {
            let word = item
                .scalar()
                .ok_or_else(|| (item.span.start, format!("expected a string, a number or a truth value for {key}")))?;
            Ok((item.span.start, word))
        };
        items.iter().map(word).collect()
    }

    fn queries(&mut self, key: &str) -> Result<Vec<Query>, Fault> {
        let query = |(at, path): (usize, String)| {
            let parsed = parse_json_path(&path);
            parsed
                .map(Query)
                .map_err(|_| (at, format!("expected a JSONPath (RFC 9535) like $.macros[*], found \"{path}\"")))
        };
        self.list(key)?.into_iter().map(query).collect()
    }

    fn why(&mut self, key: &str) -> Result<Option<Why>, Fault> {
        let Some((at, word)) = self.word(key)? else { return Ok(None) };
        let why = Why::ALL.into_iter().find(|why| why.as_str() == word);
        why.map(Some).ok_or_else(|| (at, format!("{}, found \"{word}\"", why_expected())))
    }

    fn strings(self) -> Result<BTreeMap<String, String>, Fault> {
        let pair = |(key, node): &(String, Node)| {
            let value = node.text().ok_or_else(|| (node.span.start, format!("expected a string for {key}")))?;
            Ok((key.clone(), value.to_owned()))
        };
        self.entries.into_iter().map(pair).collect()
    }

    fn done(&self, known: &[&str]) -> Result<(), Fault> {
        match self.entries.first() {
            None => Ok(()),
            // The key stands before its value; the value's place is near enough to find it.
            Some((key, node)) => Err((
                node.span.start,
                format!("there is no key \"{key}\" in {}: expected {}", self.what, known.join(", ")),
            )),
        }
    }
}

/// The built-in profiles, those of tools before those of shapes.
pub(crate) fn built_in() -> Vec<Profile> {
    // Held to be readable by a test.
    BUILT_IN.iter().filter_map(|text| Profile::parse(text).ok()).collect()
}

macro_rules! profiles {
    ($($name:literal)*) => {
        const BUILT_IN: &[&str] = &[$(include_str!(concat!("../profiles/", $name, ".toml"))),*];
        #[cfg(test)]
        const NAMES: &[&str] = &[$($name),*];
    };
}

profiles! {
    "zendesk-macros" "zendesk-dynamic-content" "zendesk-shortcuts" "freshdesk" "intercom" "help-scout-list" "help-scout" "front" "gorgias" "chatwoot" "zammad"
    "osticket" "osticket-mail" "salesforce-quicktext" "whatsapp" "twilio" "livechat" "rocket-chat" "replies" "rails" "i18next" "generic" "texts"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_read() {
        for (name, text) in NAMES.iter().zip(BUILT_IN) {
            match Profile::parse(text) {
                Ok(profile) => assert_eq!(profile.name(), *name),
                Err(problem) => panic!("{name}: {problem}"),
            }
        }
    }

    #[test]
    fn errors_say_where_and_what_was_expected() {
        let error = |text: &str| Profile::parse(text).unwrap_err().to_string();
        assert_eq!(error("[profile]\nname = 1\n"), "1:1: expected a table [entry] with each");
        let head = "[profile]\nname = 'a'\ntitle = 'b'\n[entry]\neach = '$[*]'\n";
        assert_eq!(error(head), "6:1: expected a table [[text]]");
        assert_eq!(
            error(&format!("{head}ech = 1\n")),
            "6:7: there is no key \"ech\" in [entry]: expected each, has, id, title, locale, variant, required, owner-above"
        );
        assert_eq!(
            error(&format!("{head}[[text]]\nhtml = '$$'\n")),
            "7:8: expected a JSONPath (RFC 9535) like $.macros[*], found \"$$\""
        );
        assert!(
            error(&format!("{head}[[skip]]\nwhen = '$.a'\nwhy = 'so'\n"))
                .starts_with("8:7: expected why: one of \"internal\"")
        );
        assert!(error("[profile\n").starts_with("1:"));
    }

    #[test]
    fn paths_are_read_back() {
        let key = |key: &str| Step::Key(key.into());
        assert_eq!(steps(r"$['a'][3]['it\'s ]']"), [key("a"), Step::Index(3), key("it's ]")]);
        assert_eq!(path(&steps("$['macros'][3]['actions'][0]['value']")), "macros[3].actions[0].value");
    }
}
