//! From lexicon files to an engine, with every error named by file, line and entry.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::act::Act;
use crate::document::{Folding, TokenKind, phrase_words, symbol};
use crate::engine::{Engine, Owner, Phrase};
use crate::language::{Abbreviations, Attributions, Class, Dictionary, FormOfAddress, Signs, Tongue};
use crate::pattern::{Lists, Options, Pattern, PatternSet, Scope, SyntaxError, Weights, parse_list};
use crate::rewrite::{self, Clauses, FormTables, Grammar, Place, Rewrite, Table, Variant, When, Writing};
use crate::rule::{Message, Rule, RuleId};
use crate::rules::Rules;
use crate::shared::Late;
use crate::{Applicability, Error, Severity};

use super::Lexicon;
use super::source::{GrammarEntry, PhraseEntry, RewriteEntry, RuleEntry, Text};

/// What a lexicon stands on.
#[derive(Clone, Copy)]
pub(crate) enum Base<'b> {
    /// Its own `language.toml`.
    Language,
    /// Another lexicon's language: it adds to that.
    Engine(&'b Engine),
}

/// Compiles files of one language. Rules of their own are added to `rules`.
pub(crate) fn compile(lexicons: &[Lexicon], base: Base<'_>, rules: &mut Rules) -> Result<Engine, Vec<Error>> {
    let mut errors = Vec::new();
    let forms = match base {
        Base::Language => FormTables::default(),
        Base::Engine(engine) => engine.writing.grammar.forms.clone(),
    };
    let mut compiler = Compiler {
        lexicons,
        errors: &mut errors,
        forms: forms.into(),
        weights: Arc::default(),
        lists: vec![None; lexicons.len()],
    };
    let engine = compiler.compile(base, rules);
    match engine {
        Some(engine) if errors.is_empty() => Ok(engine),
        _ => Err(errors),
    }
}

/// Reads `rules.toml` and the messages of every language.
#[cfg(test)]
pub(super) fn read_rules(name: &str, text: &str, messages: &[Lexicon]) -> Result<Rules, Error> {
    let file: super::source::RulesFile = toml::from_str(text)
        .map_err(|error| Error::at(name, text, error.span().map_or(0, |span| span.start), error.message()))?;
    let mut rules = Rules::default();
    for entry in &file.rule {
        let of = |lexicon: &Lexicon| {
            let found = lexicon.file.message.iter().find(|(id, _)| *id.get_ref() == entry.id)?.1;
            let message = Message {
                title: found.title.as_str().into(),
                message: found.message.as_str().into(),
                why: found.why.as_str().into(),
            };
            Some((lexicon.language(), message))
        };
        let messages: Vec<(crate::Language, Message)> = messages.iter().filter_map(of).collect();
        if messages.is_empty() {
            return Err(Error::new(format!("{name}: {} has no message in any language", entry.id)));
        }
        rules.push(Rule {
            id: RuleId::new(&entry.id)?,
            severity: entry.severity.parse()?,
            opt_in: entry.opt_in,
            source: entry.source.as_str().into(),
            messages,
        });
    }
    let find = |id: &String| rules.named(id).ok_or_else(|| Error::new(format!("{name}: there is no rule {id}")));
    let chain = |ids: &Vec<String>| ids.iter().map(find).collect::<Result<Vec<usize>, Error>>();
    let chains: Vec<Vec<usize>> = file.precedence.iter().map(chain).collect::<Result<_, Error>>()?;
    rules.rank(chains);
    Ok(rules)
}

struct Compiler<'l, 'e> {
    lexicons: &'l [Lexicon],
    errors: &'e mut Vec<Error>,
    /// The tables of forms that patterns may name.
    forms: Arc<FormTables>,
    /// How often the words of the language are met.
    weights: Arc<Weights>,
    /// Each file's word lists of its own, once they were asked for.
    lists: Vec<Option<Arc<Lists>>>,
}

impl<'l> Compiler<'l, '_> {
    fn compile(&mut self, base: Base<'_>, rules: &mut Rules) -> Option<Engine> {
        let lexicons = self.lexicons;
        let (mut tongue, shared) = match base {
            Base::Engine(engine) => {
                self.tables(&engine.tongue.folding);
                self.weights = engine.weights.clone();
                (Arc::clone(&engine.tongue), engine.lists.clone())
            }
            Base::Language => {
                let Some(lexicon) = lexicons.iter().find(|lexicon| lexicon.is_language()) else {
                    let name = lexicons.first().map_or("", |lexicon| &lexicon.name);
                    self.errors.push(Error::new(format!("{name}: expected a file with the language's `name`")));
                    return None;
                };
                let tongue = self.tongue(lexicon)?;
                self.tables(&tongue.folding);
                let shared = self.read_lists(lexicon, &Lists::new(), &tongue);
                (Arc::new(tongue), shared)
            }
        };
        if let (Base::Language, Some(lexicon)) = (base, lexicons.iter().find(|lexicon| lexicon.is_language())) {
            let address = [&lexicon.file.address, &lexicon.file.address_weak].map(|forms| {
                let read = |(form, signs): (&String, &Vec<Text>)| {
                    let signs = self.patterns(lexicon, signs, &Lists::new(), &shared, &tongue, Pattern::parse);
                    (FormOfAddress::new(form), PatternSet::new(signs))
                };
                forms.iter().map(read).collect()
            });
            Arc::get_mut(&mut tongue)?.address = Late::new(Signs(address));
        }
        let mut grammar = match base {
            Base::Language => self.grammar(&shared, &tongue),
            Base::Engine(_) => Grammar::default(),
        };
        let mut words = match base {
            Base::Language => rewrite::Inflections::new(),
            Base::Engine(engine) => engine.writing.grammar.words.clone(),
        };
        for lexicon in lexicons {
            self.inflections(lexicon, &tongue, &grammar, base, &mut words);
        }
        let mut rewrites = Vec::new();
        let mut phrases = Vec::new();
        let mut exceptions = Vec::new();
        let mut patterns = Vec::new();
        let mut ids: HashSet<Arc<str>> = HashSet::new();
        for (file, lexicon) in lexicons.iter().enumerate() {
            if lexicon.language() != tongue.language {
                let message = format!("expected language = \"{}\"", tongue.language);
                self.errors.push(lexicon.error(&lexicon.file.language, message));
                continue;
            }
            let local = self.lists(file, &shared, &tongue);
            let mut groups: Vec<(&'l Text, Owner, &'l [Text], &'l [PhraseEntry])> = Vec::new();
            for rule in &lexicon.file.rule {
                if let Some(owner) = self.rule(lexicon, rule, rules) {
                    groups.push((&rule.id, owner, &rule.except, &rule.phrase));
                }
            }
            for act in &lexicon.file.act {
                match Act::named(act.id.get_ref()) {
                    Some(owner) => groups.push((&act.id, Owner::Act(owner), &act.except, &act.phrase)),
                    None => {
                        let message = format!("expected an act ({}), found \"{}\"", Act::ids(), act.id.get_ref());
                        self.errors.push(lexicon.error(&act.id, message));
                    }
                }
            }
            for (group, owner, except, entries) in groups {
                let rule_except = self.patterns(lexicon, except, &local, &shared, &tongue, Pattern::parse_exception);
                let rule_except = Arc::new(Late::new(PatternSet::new(rule_except)));
                if let (Owner::Rule(rule), false) = (owner, rule_except.is_empty()) {
                    exceptions.push((rule, rule_except.clone()));
                }
                for entry in entries {
                    let id: Arc<str> = format!("{}/{}/{}", tongue.language, group.get_ref(), entry.id.get_ref()).into();
                    if !ids.insert(id.clone()) {
                        self.errors.push(lexicon.error(&entry.id, format!("there are two phrases {id}")));
                    }
                    self.has_examples(lexicon, entry, &id);
                    let compiled = self.patterns(lexicon, &entry.patterns, &local, &shared, &tongue, Pattern::parse);
                    patterns.extend(compiled.into_iter().map(|pattern| (pattern.for_engine(), phrases.len())));
                    let except =
                        self.patterns(lexicon, &entry.except, &local, &shared, &tongue, Pattern::parse_exception);
                    phrases.push(Phrase {
                        id,
                        owner,
                        statement: entry.statement,
                        except: Late::new(PatternSet::new(except)),
                        rule_except: rule_except.clone(),
                    });
                }
            }
        }
        // Rules of the lexicons' own are known by now.
        let inverts = match base {
            Base::Language => grammar.clauses.inverts,
            Base::Engine(engine) => engine.writing.grammar.clauses.inverts,
        };
        for (file, lexicon) in lexicons.iter().enumerate().filter(|(_, lexicon)| !lexicon.file.rewrite.is_empty()) {
            let local = self.lists(file, &shared, &tongue);
            let mut known = HashSet::new();
            for entry in &lexicon.file.rewrite {
                let name = entry.id.get_ref();
                for rule in entry.rules.iter().filter(|rule| !known.insert((rule.get_ref(), name))) {
                    let message = format!("there are two rewrites {}/{}/{name}", tongue.language, rule.get_ref());
                    self.errors.push(lexicon.error(&entry.id, message));
                }
                rewrites.extend(self.rewrite(lexicon, entry, (&local, &shared), &tongue, &words, rules, inverts));
            }
        }
        grammar.words = words;
        grammar.forms = (*self.forms).clone();
        let lists = if matches!(base, Base::Language) { shared } else { Lists::new() };
        let own = matches!(base, Base::Engine(_));
        let engine = Engine::new(tongue, own, lists, phrases, exceptions, patterns, self.weights.clone())
            .map_err(|error| self.errors.push(error));
        engine.ok().map(|engine| engine.with_writing(Writing { grammar, rewrites }))
    }

    /// Adds the files' tables of forms to those that patterns may name.
    fn tables(&mut self, folding: &Folding) {
        let mut forms = (*self.forms).clone();
        for lexicon in self.lexicons {
            for (name, entry) in &lexicon.file.forms {
                let columns: Vec<Box<str>> = entry.columns.iter().map(|column| column.as_str().into()).collect();
                let mut rows = Vec::with_capacity(entry.rows.len());
                for row in &entry.rows {
                    if row.get_ref().len() == columns.len() {
                        rows.push(row.get_ref().iter().map(|word| word.as_str().into()).collect());
                    } else {
                        let message = format!("expected {} forms ({})", columns.len(), entry.columns.join(", "));
                        self.errors.push(Error::at(&lexicon.name, &lexicon.text, row.span().start, message));
                    }
                }
                forms.add(name, Table { columns, rows }, &entry.endings, folding);
            }
        }
        self.forms = forms.into();
    }

    /// What rewrites need to know of the language; nothing of it where no file says.
    fn grammar(&mut self, shared: &Lists, tongue: &Tongue) -> Grammar {
        let mut grammar = Grammar::default();
        for (file, lexicon) in self.lexicons.iter().enumerate() {
            let local = Lists::new();
            for variant in lexicon.file.variant.values() {
                let default = variant.default.get_ref();
                if !variant.signs.contains_key(default) {
                    self.errors.push(lexicon.error(&variant.default, format!("there are no signs of \"{default}\"")));
                }
                let signs = variant.signs.iter().map(|(value, signs)| {
                    let signs = self.patterns(lexicon, signs, &local, shared, tongue, Pattern::parse_exception);
                    (value.as_str().into(), Late::new(PatternSet::new(signs)))
                });
                let signs = signs.collect();
                grammar.variants.push(Variant { default: default.as_str().into(), signs });
            }
            let Some(entry) = &lexicon.file.grammar else { continue };
            if !lexicon.is_language() && !grammar.address.is_empty() {
                self.errors.push(lexicon.error(&entry.address, "there are two [grammar] tables"));
            }
            let known = tongue.address.0.iter().flatten().any(|(form, _)| form.as_str() == entry.address.get_ref());
            if !known {
                let message = format!("there are no signs of the form of address \"{}\"", entry.address.get_ref());
                self.errors.push(lexicon.error(&entry.address, message));
            }
            grammar.address = entry.address.get_ref().as_str().into();
            grammar.neutral = entry.neutral.as_str().into();
            grammar.clauses = Late::new(self.clauses(file, entry, shared, tongue));
        }
        grammar
    }

    fn clauses(&mut self, file: usize, entry: &GrammarEntry, shared: &Lists, tongue: &Tongue) -> Clauses {
        let lexicon = &self.lexicons[file];
        let local = self.lists(file, shared, tongue);
        let mut read =
            |sources: &[Text]| self.patterns(lexicon, sources, &local, shared, tongue, Pattern::parse_exception);
        Clauses {
            softener: read(&entry.softener),
            but: read(&entry.but),
            because: read(&entry.because),
            waits: entry.waits.iter().map(|(front, sources)| (read(sources), front.as_str().into())).collect(),
            owing: read(&entry.owing),
            and: read(&entry.and),
            subordinate: read(&entry.subordinate),
            link: read(&entry.link),
            contrast: read(&entry.contrast),
            condition: read(&entry.condition),
            anaphor: read(&entry.anaphor),
            start: read(&entry.start),
            relative: read(&entry.relative),
            keep: read(&entry.keep),
            promised: read(&entry.promised),
            capital: entry.capital.iter().map(|word| word.as_str().into()).collect(),
            subject: entry.subject.iter().map(|word| tongue.folding.fold(word).into()).collect(),
            since: entry.since.as_str().into(),
            inverts: entry.inverts,
        }
    }

    /// Adds a file's words that agree to `words`, each with a form for every value of what it agrees with.
    fn inflections(
        &mut self,
        lexicon: &Lexicon,
        tongue: &Tongue,
        grammar: &Grammar,
        base: Base<'_>,
        words: &mut rewrite::Inflections,
    ) {
        let grammar = if let Base::Engine(engine) = base { &engine.writing.grammar } else { grammar };
        let addresses = tongue.address.0[0].iter().map(|(form, _)| form.as_str()).collect::<Vec<&str>>();
        let variants = grammar.variants.iter().map(|variant| variant.signs.iter().map(|(value, _)| &**value).collect());
        let kinds: Vec<Vec<&str>> = std::iter::once(addresses).chain(variants).collect();
        for (name, forms) in &lexicon.file.inflect {
            let fits =
                |kind: &Vec<&str>| kind.len() == forms.len() && kind.iter().all(|value| forms.contains_key(*value));
            if !kinds.iter().any(fits) {
                let known: Vec<String> = kinds.iter().map(|kind| kind.join(", ")).collect();
                let message = format!("<{}> needs a form for each of: {}", name.get_ref(), known.join("; or "));
                self.errors.push(lexicon.error(name, message));
            }
            words.insert(name.get_ref().as_str().into(), Arc::new(forms.clone()));
        }
    }

    /// The rewrite an entry writes, once for each of its rules.
    #[expect(clippy::too_many_arguments, reason = "all that a lexicon's entry may name")]
    fn rewrite(
        &mut self,
        lexicon: &Lexicon,
        entry: &RewriteEntry,
        (local, shared): (&Lists, &Lists),
        tongue: &Tongue,
        words: &rewrite::Inflections,
        rules: &Rules,
        inverts: bool,
    ) -> Vec<Rewrite> {
        let mut rewrites = Vec::new();
        let place = match &entry.place {
            None if entry.patterns.is_empty() => Some(Place::Clause),
            None => Some(Place::Match),
            Some(name) => {
                let place = Place::named(name.get_ref());
                if place.is_none() {
                    let message = format!("expected a place ({}), found \"{}\"", Place::names(), name.get_ref());
                    self.errors.push(lexicon.error(name, message));
                }
                place
            }
        };
        let when = match &entry.when {
            None => Some(When::Always),
            Some(name) => {
                let when = When::named(name.get_ref());
                if when.is_none() {
                    let message = format!("expected \"offered\", \"bare\" or \"last\", found \"{}\"", name.get_ref());
                    self.errors.push(lexicon.error(name, message));
                }
                when
            }
        };
        let (Some(place), Some(when)) = (place, when) else { return rewrites };
        if place.is_addition() && !entry.patterns.is_empty() {
            self.errors.push(lexicon.error(&entry.id, "what is added to a reply has no `match`"));
        }
        if place == Place::Match && entry.patterns.is_empty() {
            self.errors.push(lexicon.error(&entry.id, "place = \"match\" needs a `match`"));
        }
        if inverts && place == Place::Clause && entry.fronted.is_none() && !entry.text.get_ref().is_empty() {
            let message = "a clause needs `fronted`, too: its words where a reason stands before them";
            self.errors.push(lexicon.error(&entry.id, message));
        }
        if entry.examples.is_empty() {
            self.errors.push(lexicon.error(&entry.id, "a rewrite needs at least one example"));
        }
        for name in &entry.rules {
            let Some(rule) = rules.named(name.get_ref()) else {
                self.errors.push(lexicon.error(name, format!("there is no rule \"{}\"", name.get_ref())));
                continue;
            };
            let patterns = self.patterns(lexicon, &entry.patterns, local, shared, tongue, Pattern::parse_rewrite);
            if patterns.len() < entry.patterns.len() {
                return rewrites;
            }
            let mut read = |source: &Text| {
                let found = rewrite::Text::parse(source.get_ref(), words);
                let found = found.and_then(|text| match text.misfit(&patterns) {
                    Some(message) => Err((0, message)),
                    None => Ok(text),
                });
                found
                    .map_err(|(at, message)| {
                        self.errors.push(pattern_error(lexicon, source, &SyntaxError { at, message }))
                    })
                    .ok()
            };
            let (Some(text), fronted) = (read(&entry.text), entry.fronted.as_ref().map(&mut read)) else {
                return rewrites;
            };
            let sure = if entry.certain { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect };
            if text.has_holes() && entry.certain {
                self.errors.push(lexicon.error(&entry.id, "what has holes cannot be certain"));
            }
            rewrites.push(Rewrite {
                id: format!("{}/{}/{}", tongue.language, name.get_ref(), entry.id.get_ref()).into(),
                rule,
                place,
                when,
                patterns: Late::new(patterns),
                applicability: if text.has_holes() { Applicability::HasPlaceholders } else { sure },
                text,
                fronted: fronted.flatten(),
            });
        }
        rewrites
    }

    fn has_examples(&mut self, lexicon: &Lexicon, entry: &PhraseEntry, id: &str) {
        for (what, empty) in [
            ("pattern", entry.patterns.is_empty()),
            ("risky example", entry.risky.is_empty()),
            ("fine example", entry.fine.is_empty()),
        ] {
            if empty {
                self.errors.push(lexicon.error(&entry.id, format!("{id} needs at least one {what}")));
            }
        }
    }

    /// The rule an entry adds phrases to: one that exists, or one of the lexicon's own.
    fn rule(&mut self, lexicon: &Lexicon, entry: &RuleEntry, rules: &mut Rules) -> Option<Owner> {
        let id = match RuleId::new(entry.id.get_ref()) {
            Ok(id) => id,
            Err(error) => {
                self.errors.push(lexicon.error(&entry.id, error.message()));
                return None;
            }
        };
        let own = (&entry.severity, &entry.message, &entry.why);
        match (rules.find(&id), own) {
            (Some(index), (None, None, None)) => Some(Owner::Rule(index)),
            (Some(index), _) if rules.list[index].source == lexicon.name => Some(Owner::Rule(index)),
            (Some(_), _) => {
                let message =
                    format!("{id} exists; a lexicon adds phrases to it, its severity and texts are configuration");
                self.errors.push(lexicon.error(&entry.id, message));
                None
            }
            (None, (Some(severity), Some(message), Some(why))) => {
                let severity: Severity = match severity.get_ref().parse() {
                    Ok(level) => level,
                    Err(error) => {
                        self.errors.push(lexicon.error(severity, Error::message(&error)));
                        return None;
                    }
                };
                let title = id.as_str().split_once('/').map_or(id.as_str(), |(_, rule)| rule).replace('-', " ");
                let message =
                    Message { title: title.into(), message: message.as_str().into(), why: why.as_str().into() };
                let messages = vec![(lexicon.language(), message)];
                let rule = Rule { id, severity, opt_in: false, source: lexicon.name.clone(), messages };
                Some(Owner::Rule(rules.push(rule)))
            }
            (None, _) => {
                let message =
                    format!("{id} is not in the catalogue: a rule of your own needs `severity`, `message` and `why`");
                self.errors.push(lexicon.error(&entry.id, message));
                None
            }
        }
    }

    fn tongue(&mut self, lexicon: &Lexicon) -> Option<Tongue> {
        let file = &*lexicon.file;
        let folding = Folding::new(&file.fold, file.strict.iter().map(String::as_str));
        let symbols = |words: &[String]| words.iter().map(|word| symbol(&folding.fold(word))).collect();
        for source in &file.attributions {
            if let Err(error) = regex::Regex::new(source.get_ref()) {
                self.errors.push(lexicon.error(source, one_line(&error)));
            }
        }
        let mut classes = Vec::new();
        for (name, source) in &file.regex {
            let class = Class::new(name, source.get_ref());
            if let Err(error) = class.compile() {
                self.errors.push(lexicon.error(source, one_line(&error)));
            }
            classes.push(class);
        }
        self.weights = self.weights(&folding).into();
        let mut vocabulary: Vec<u64> = self.weights.words.keys().copied().collect();
        // So that what is compiled is the same each time.
        vocabulary.sort_unstable();
        let vocabulary = Late::new(vocabulary.into_iter().collect());
        Some(Tongue {
            language: lexicon.language(),
            abbreviations: Abbreviations::new(&file.abbreviations, &file.numbering, &folding),
            greetings: symbols(&file.greetings),
            attributions: Attributions::new(file.attributions.iter().map(|source| source.get_ref().as_str())),
            dictionary: Late::new(Dictionary::default()),
            function_words: symbols(&file.function_words),
            vocabulary,
            generic: Late::new(symbols(&file.generic)),
            address: Late::new(Signs::default()),
            classes,
            folding,
        })
    }

    /// How often the words of all examples stand in them.
    fn weights(&self, folding: &Folding) -> Weights {
        let phrases = self.lexicons.iter().flat_map(|lexicon| {
            let rules = lexicon.file.rule.iter().flat_map(|rule| &rule.phrase);
            rules.chain(lexicon.file.act.iter().flat_map(|act| &act.phrase))
        });
        let examples = phrases.flat_map(|phrase| phrase.risky.iter().chain(&phrase.fine));
        let mut weights = Weights::default();
        for example in examples {
            let tokens = phrase_words(example.get_ref(), folding);
            for clause in tokens.split(|(kind, _)| *kind != TokenKind::Word) {
                weights.count(clause);
            }
        }
        weights
    }

    /// The word lists that only a file itself may use; read, and found fault with, once.
    fn lists(&mut self, file: usize, shared: &Lists, tongue: &Tongue) -> Arc<Lists> {
        if let Some(lists) = &self.lists[file] {
            return lists.clone();
        }
        let lexicon = &self.lexicons[file];
        // Those of the language's own file are shared.
        let lists = if lexicon.is_language() { Lists::new() } else { self.read_lists(lexicon, shared, tongue) };
        self.lists[file].insert(lists.into()).clone()
    }

    /// A file's word lists. A list may use others of the file; none may use itself.
    fn read_lists(&mut self, lexicon: &Lexicon, shared: &Lists, tongue: &Tongue) -> Lists {
        let words: BTreeMap<&str, (&Text, &Vec<Text>)> =
            lexicon.file.words.iter().map(|(name, entries)| (name.get_ref().as_str(), (name, entries))).collect();
        let mut done = Lists::new();
        let mut waiting: Vec<&str> = words.keys().copied().collect();
        while !waiting.is_empty() {
            let ready = |name: &&str| {
                let uses = words[*name].1.iter().flat_map(|entry| references(entry.get_ref()));
                uses.filter(|used| words.contains_key(used)).all(|used| done.contains_key(used))
            };
            let (now, later): (Vec<&str>, Vec<&str>) = waiting.iter().partition(|name| ready(name));
            if now.is_empty() {
                let (name, _) = words[waiting[0]];
                self.errors.push(lexicon.error(name, format!("@{} uses itself", name.get_ref())));
                return done;
            }
            for name in now {
                let (key, entries) = words[name];
                if shared.contains_key(name) {
                    let message =
                        format!("@{name} is in language.toml already: extend it there, or choose another name");
                    self.errors.push(lexicon.error(key, message));
                }
                let forms = self.forms.clone();
                let weights = self.weights.clone();
                let scope = scope(&done, shared, tongue, &forms, &weights);
                let mut options = Vec::new();
                for entry in entries {
                    match parse_list(entry.get_ref(), scope) {
                        Ok(sequence) => options.push(sequence),
                        Err(error) => self.errors.push(pattern_error(lexicon, entry, &error)),
                    }
                }
                done.insert(name.into(), Options::new(options).into());
            }
            waiting = later;
        }
        done
    }

    fn patterns(
        &mut self,
        lexicon: &Lexicon,
        sources: &[Text],
        local: &Lists,
        shared: &Lists,
        tongue: &Tongue,
        parse: fn(&str, Scope<'_>) -> Result<Pattern, SyntaxError>,
    ) -> Vec<Pattern> {
        let mut patterns = Vec::with_capacity(sources.len());
        let (forms, weights) = (self.forms.clone(), self.weights.clone());
        for source in sources {
            match parse(source.get_ref(), scope(local, shared, tongue, &forms, &weights)) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => self.errors.push(pattern_error(lexicon, source, &error)),
            }
        }
        patterns
    }
}

fn scope<'s>(
    local: &'s Lists,
    shared: &'s Lists,
    tongue: &'s Tongue,
    forms: &'s FormTables,
    weights: &'s Weights,
) -> Scope<'s> {
    Scope { local, shared, classes: &tongue.classes, folding: &tongue.folding, weights, forms }
}

/// The lists that an entry names.
fn references(entry: &str) -> impl Iterator<Item = &str> {
    entry
        .split('@')
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next().unwrap_or(""))
}

/// An error at its own byte of a pattern: exact where the string is written without escapes.
fn pattern_error(lexicon: &Lexicon, entry: &Text, error: &SyntaxError) -> Error {
    let opening = 1;
    let at = entry.span().start + opening + error.at.min(entry.get_ref().len());
    let message = format!("{}, in \"{}\"", error.message, entry.get_ref());
    Error::at(&lexicon.name, &lexicon.text, at, message)
}

fn one_line(error: &impl std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::Lexicon;

    fn errors(lexicon: &str) -> Vec<String> {
        let lexicon = Lexicon::parse("own.toml", lexicon).unwrap();
        Lexicon::check(&[lexicon]).unwrap_err().iter().map(ToString::to_string).collect()
    }

    const REWRITE: &str = "[[rewrite]]\nid = \"own\"\nrules = [\"refusal/flat-no\"]\ntext = \"I can help.\"\nexamples = [{ before = \"No.\", after = \"I can help.\" }]\n";

    #[test]
    fn a_rewrite_has_an_id_of_its_own_in_its_file() {
        let told = errors(&format!("language = \"en\"\n{REWRITE}{REWRITE}"));
        assert_eq!(told, ["own.toml:8:6: there are two rewrites en/refusal/flat-no/own"]);
    }

    #[test]
    fn a_mistake_in_a_list_is_told_once() {
        let told = errors(&format!("language = \"en\"\n[words]\nodd = [\"(x\"]\n{REWRITE}"));
        assert_eq!(told, ["own.toml:3:11: expected ')', in \"(x\""]);
    }
}
