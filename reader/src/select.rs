//! A profile at work: from a tree to its entries.

use std::collections::HashSet;

use crate::entry::{Entry, Kind, Layer, Why};
use crate::html;
use crate::locale::{self, LocaleFrom};
use crate::markdown;
use crate::profile::{Fragment, Query, Rules, Step, TextRule, path, short};
use crate::prose::Prose;
use crate::template;
use crate::tree::{Node, Value};
use crate::{Format, Profile, SourceMap};

/// Entries by which a profile is told.
const SAMPLE: usize = 50;

/// Words that a text needs to be more than a phrase.
const PHRASE: usize = 4;

/// The first of `profiles` that knows what `trees` are: its entries have what it says they have, and hold texts.
pub(crate) fn recognised<'p>(
    profiles: &'p [Profile],
    trees: &[Node],
    format: Format,
    path_locale: bool,
) -> Option<&'p Profile> {
    let sample: Vec<Node> = trees.iter().take(SAMPLE).map(|tree| tree.sample(SAMPLE)).collect();
    profiles.iter().find(|profile| fits(&profile.0, &sample, format, path_locale))
}

fn fits(rules: &Rules, trees: &[Node], format: Format, path_locale: bool) -> bool {
    if !(rules.formats.is_empty() || rules.formats.contains(&format)) || (rules.path_locale && !path_locale) {
        return false;
    }
    let root_locale = |tree: &Node| {
        tree.table()
            .is_some_and(|entries| !entries.is_empty() && entries.iter().all(|(key, _)| locale::of_name(key).is_some()))
    };
    if rules.root_locale && !trees.iter().all(root_locale) {
        return false;
    }
    let (mut fit, mut texts, mut prose) = (0, 0, 0);
    for tree in trees {
        let entries = entries(rules, tree).unwrap_or_default();
        fit += usize::from(!entries.is_empty());
        for (entry, _) in entries.into_iter().take(SAMPLE) {
            let judged = rules.texts.iter().filter(|rule| rule.skip.is_none());
            for text in judged.flat_map(|rule| candidates(rules, rule, entry)).filter_map(|found| found.node.text()) {
                texts += usize::from(text.contains(char::is_alphabetic));
                prose += usize::from(is_prose(text));
            }
        }
    }
    fit * 2 >= trees.len()
        && texts > 0
        && (prose * 100 >= texts * rules.prose || (rules.prose_enough > 0 && prose >= rules.prose_enough))
}

type Selected<'n> = (&'n Node, Vec<Step>);

/// The entries of a tree, by the first path that finds any with a text.
fn entries<'n>(rules: &Rules, tree: &'n Node) -> Option<Vec<Selected<'n>>> {
    rules.each.iter().find_map(|each| {
        let mut found = each.select(tree);
        let all = found.len();
        found.retain(|(node, _)| rules.has.iter().all(|query| query.selects(node)));
        // A value here and there that looks like an entry is none.
        if found.len() * 2 < all {
            return None;
        }
        found.retain(|(node, _)| rules.texts.iter().any(|rule| !candidates(rules, rule, node).is_empty()));
        (!found.is_empty()).then_some(found)
    })
}

/// A value that may be a text.
struct Candidate<'n> {
    node: &'n Node,
    kind: Option<Kind>,
    /// From the entry.
    steps: Vec<Step>,
    /// The locale that its own key, or that of its column, says.
    locale: Option<String>,
}

/// What a rule selects in an entry, HTML first.
fn candidates<'n>(rules: &Rules, rule: &TextRule, entry: &'n Node) -> Vec<Candidate<'n>> {
    let kinds = [
        (&rule.html, Some(Kind::Html)),
        (&rule.markdown, Some(Kind::Markdown)),
        (&rule.mixed, None),
        (&rule.plain, Some(Kind::Plain)),
    ];
    let mut found = Vec::new();
    for (queries, kind) in kinds {
        for (node, steps) in queries.iter().flat_map(|query: &Query| query.select(entry)) {
            if node.text().is_some() {
                let locale = steps.last().and_then(|step| match step {
                    Step::Key(key) => locale::of_key(key).map(|(_, locale)| locale),
                    Step::Index(_) => None,
                });
                found.push(Candidate { node, kind, steps, locale });
            }
        }
    }
    let entries = entry.table().unwrap_or_default();
    let in_pieces = entries.iter().any(|(key, _)| rule.beside.contains(&stem(key).to_lowercase()));
    for (key, node) in entries {
        let told = locale::of_key(key);
        let stem = told.as_ref().map_or_else(|| key.to_lowercase(), |(stem, _)| stem.clone());
        let named = rule.keys.contains(&stem) || rule.keys.contains(&key.to_lowercase());
        let own = rule.locale_keys && stem.is_empty();
        let beside = in_pieces && node.text().is_some_and(is_prose) && !rules.names(&stem);
        if !named && !own && !beside {
            continue;
        }
        let step = Step::Key(key.clone());
        match &node.value {
            Value::Text(..) => {
                let locale = told.map(|(_, locale)| locale);
                found.push(Candidate { node, kind: None, steps: vec![step], locale });
            }
            // `text: {es: …, sv: …}`
            Value::Table(inner) => {
                for (key, node) in inner.iter().filter(|(_, node)| node.text().is_some()) {
                    if let Some(locale) = locale::of_name(key) {
                        let steps = vec![step.clone(), Step::Key(key.clone())];
                        found.push(Candidate { node, kind: None, steps, locale: Some(locale) });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What is known of an entry before its texts.
struct About<'n> {
    node: &'n Node,
    steps: Vec<Step>,
    id: Option<String>,
    title: Option<String>,
    locale: Option<(String, LocaleFrom)>,
    variant: Option<String>,
    skipped: Option<Why>,
}

/// The texts of `tree`, of the file called `name`, by what `profile` says, in the order of the file. `None` where it finds no entry at all.
pub(crate) fn select(profile: &Profile, tree: &Node, file: &str, format: Format, name: &str) -> Option<Vec<Entry>> {
    let rules = &*profile.0;
    let found = entries(rules, tree)?;
    let mut all = Vec::new();
    for (node, steps) in found {
        let about = about(rules, tree, node, steps, name);
        let mut seen: HashSet<(String, Option<String>)> = HashSet::new();
        for (index, rule) in rules.texts.iter().enumerate() {
            let mut candidates = candidates(rules, rule, about.node);
            // An empty field says nothing, nor does what a locale file has beside its sentences.
            candidates.retain(|one| {
                let text = one.node.text().unwrap_or_default();
                if rule.fragment == Fragment::Sentence {
                    is_phrase(text)
                } else {
                    rules.required || !text.trim().is_empty()
                }
            });
            // HTML if there is any, then Markdown, then what may be either, then plain text: the others say the same.
            let best = candidates.iter().map(|one| rank(one.kind)).min();
            for candidate in candidates {
                let twin = best.is_some_and(|best| rank(candidate.kind) > best);
                for mut entry in texts(rules, index, &about, &candidate, file, format) {
                    let words: Vec<&str> = entry.text.split_whitespace().collect();
                    if words.is_empty() && !rules.required {
                        continue;
                    }
                    let locale = entry.locale.as_ref().map(|(locale, _)| locale.clone());
                    let again = !words.is_empty() && !seen.insert((words.join(" "), locale));
                    entry.skipped = about.skipped.or(rule.skip).or((twin || again).then_some(Why::Twin));
                    all.push(entry);
                }
            }
        }
    }
    Some(all)
}

/// The order in which kinds of one text are preferred.
fn rank(kind: Option<Kind>) -> usize {
    match kind {
        Some(Kind::Html) => 0,
        Some(Kind::Markdown) => 1,
        None => 2,
        Some(Kind::Plain) => 3,
    }
}

/// The value `up` steps above the one that `steps` lead to.
fn above<'n>(tree: &'n Node, steps: &[Step], up: usize) -> &'n Node {
    let way = &steps[..steps.len().saturating_sub(up)];
    let next = |node: &'n Node, step: &Step| match (step, &node.value) {
        (Step::Key(key), Value::Table(entries)) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
        (Step::Index(index), Value::List(items)) => items.get(*index),
        _ => None,
    };
    way.iter().try_fold(tree, next).unwrap_or(tree)
}

fn about<'n>(rules: &Rules, tree: &'n Node, node: &'n Node, steps: Vec<Step>, name: &str) -> About<'n> {
    let owner = above(tree, &steps, rules.owner_above);
    let value = |queries: &[Query], node: &Node| {
        let found = queries.iter().flat_map(|query| query.select(node));
        found.filter_map(|(node, _)| node.scalar()).find(|value| !value.trim().is_empty())
    };
    let locale = value(&rules.locale, node).and_then(|value| match rules.locales.get(&value) {
        Some(locale) => Some(locale.clone()),
        None => locale::of_value(&value),
    });
    let skipped = rules.skips.iter().find(|skip| {
        let says = |(node, _): (&Node, Vec<Step>)| match node.scalar() {
            Some(value) => skip.is.is_empty() || skip.is.contains(&value),
            None => skip.is.is_empty() && node.value != Value::Null,
        };
        skip.named.as_ref().is_none_or(|part| name.contains(part))
            && (skip.when.is_empty() || skip.when.iter().flat_map(|when| when.select(node)).any(says))
    });
    let title = value(&rules.title_of, owner).map(|title| short(&title));
    About {
        id: value(&rules.id, node).or_else(|| keys(&steps, false)).or_else(|| title.clone()),
        title,
        locale: locale.map(|locale| (locale, LocaleFrom::Entry)),
        variant: value(&rules.variant, owner),
        skipped: skipped.map(|skip| skip.why),
        node,
        steps,
    }
}

/// The keys to an entry, without locales, where keys alone lead to it; places in lists count as such if they may.
fn keys(steps: &[Step], places: bool) -> Option<String> {
    let key = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Index(index) => places.then(|| index.to_string()),
    };
    let keys: Vec<String> = steps.iter().map(key).collect::<Option<_>>()?;
    let keys: Vec<String> = keys.into_iter().filter(|key| locale::of_name(key).is_none()).collect();
    (!keys.is_empty()).then(|| keys.iter().map(|key| short(key)).collect::<Vec<_>>().join("."))
}

/// The name of a key or column without its locale.
fn stem(key: &str) -> String {
    locale::of_key(key).map_or_else(|| key.to_owned(), |(stem, _)| stem)
}

/// The entries of one value, by the rule of that index: most often one, more where HTML has titles or several languages.
fn texts(
    rules: &Rules,
    index: usize,
    about: &About<'_>,
    candidate: &Candidate<'_>,
    file: &str,
    format: Format,
) -> Vec<Entry> {
    let rule = &rules.texts[index];
    let text = candidate.node.text().unwrap_or_default();
    let Some((quoting, outer)) = candidate.node.map(file) else { return Vec::new() };
    let kind = candidate.kind.unwrap_or_else(|| kind_of(text));
    let steps: Vec<Step> = about.steps.iter().chain(&candidate.steps).cloned().collect();
    let by_key = steps.iter().rev().find_map(|step| match step {
        Step::Key(key) => locale::of_name(key),
        Step::Index(_) => None,
    });
    let from = if format == Format::Csv { LocaleFrom::Column } else { LocaleFrom::Key };
    let locale = about.locale.clone().or_else(|| candidate.locale.clone().or(by_key).map(|locale| (locale, from)));
    // Where the leaf itself is the entry, its keys are all the name it has.
    let leaf = rule.fragment == Fragment::Sentence && rules.id.is_empty();
    let id = if leaf { keys(&steps, true) } else { about.id.clone() };
    let role = candidate.steps.iter().map(|step| match step {
        Step::Key(key) => stem(key),
        Step::Index(index) => index.to_string(),
    });
    let role: Vec<String> = role.collect();
    let name = about.variant.as_deref().map(stem).or_else(|| id.clone());
    let variant = name.map(|name| format!("{name}#{index}.{}", role.join(".")));
    let within = path(&steps);
    let of = |part: Part| {
        let aside = part.aside.is_some();
        let mut entry = part.entry(&outer);
        entry.layers.push(Layer::Value(quoting));
        entry.fragment |= match rule.fragment {
            Fragment::Never => false,
            Fragment::Always => true,
            Fragment::Phrase => entry.text.split_whitespace().count() < PHRASE,
            Fragment::Sentence => is_sentence(&entry.text),
        };
        entry.id.clone_from(&id);
        entry.title.clone_from(&about.title);
        entry.within = if aside { format!("{within}: {}", entry.within) } else { within.clone() };
        entry.locale = entry.locale.or_else(|| locale.clone());
        entry.variant_of = variant.clone().filter(|_| !aside);
        entry
    };
    parts(kind, text).into_iter().map(of).collect()
}

/// A text that a customer reads by itself.
pub(crate) struct Part {
    pub(crate) prose: Prose,
    pub(crate) kind: Kind,
    pub(crate) locale: Option<String>,
    /// What it is, where it stands beside the prose: a title, a picture's words.
    pub(crate) aside: Option<&'static str>,
}

impl Part {
    /// An entry of it, `outer` being the way from what it was read of to the file.
    pub(crate) fn entry(self, outer: &SourceMap) -> Entry {
        let map = self.prose.map.through(outer);
        let mut entry = Entry::new(self.kind, self.prose.text, map);
        if let Some(aside) = self.aside {
            entry.kind = Kind::Plain;
            entry.fragment = true;
            entry.within = aside.to_owned();
        }
        entry.locale = self.locale.map(|locale| (locale, LocaleFrom::Header));
        entry.variant_of = Some(entry.within.clone());
        entry
    }
}

/// What a value is that may be HTML.
pub(crate) fn kind_of(text: &str) -> Kind {
    if html::is_html(text) { Kind::Html } else { Kind::Plain }
}

/// What a customer reads of a value.
pub(crate) fn parts(kind: Kind, text: &str) -> Vec<Part> {
    let whole = |prose: Prose| vec![Part { prose, kind, locale: None, aside: None }];
    match kind {
        Kind::Plain => whole(template::prose(text, 0..text.len())),
        Kind::Markdown => whole(markdown::prose(text, 0..text.len())),
        Kind::Html => html_parts(text),
    }
}

/// What a customer reads of HTML; where that is nothing, one part that says so.
pub(crate) fn html_parts(text: &str) -> Vec<Part> {
    let html = html::read(text);
    let locale = |lang: Option<String>| lang.as_deref().and_then(locale::of_value);
    let asides = html.asides.into_iter().filter(|aside| !aside.prose.text.trim().is_empty());
    let mut parts: Vec<Part> = asides
        .map(|aside| Part { prose: aside.prose, kind: Kind::Html, locale: locale(aside.lang), aside: Some(aside.name) })
        .collect();
    let before = parts.len();
    parts.extend(html.bodies.into_iter().map(|(lang, prose)| Part {
        prose,
        kind: Kind::Html,
        locale: locale(lang),
        aside: None,
    }));
    if parts.len() == before {
        parts.push(Part { prose: Prose::default(), kind: Kind::Html, locale: None, aside: None });
    }
    parts
}

/// Whether a value of a locale file is something said: formats, units and names of files are not, nor is a word on a button.
fn is_phrase(text: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.contains("://");
    text.split_whitespace().filter(is_word).count() > 1
}

/// Whether it is a sentence, or several: words, of which nearly all are made of letters, and a mark that sentences have.
pub(crate) fn is_prose(text: &str) -> bool {
    let is_word = |word: &&str| !word.contains(['/', '=', '_', '\\', '$', '├']) && word.contains(char::is_alphabetic);
    let (all, words) = (text.split_whitespace().count(), text.split_whitespace().filter(is_word).count());
    words >= 4 && words * 10 >= all * 6 && text.contains(['.', '!', '?', ',', ':', '…', '。', '！', '？'])
}

/// Whether it is one sentence, on one line.
pub(crate) fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    let ends = text.match_indices(['.', '!', '?', '…']).filter(|&(at, end)| {
        let rest = &text[at + end.len()..];
        rest.starts_with(char::is_whitespace)
            && rest.trim_start().starts_with(|c: char| c.is_uppercase() || "¿¡{%".contains(c))
    });
    !text.contains('\n') && ends.count() == 0
}
