use std::fmt;
use std::sync::Arc;

use crate::act::{Act, Acts};
use crate::context::{resolve, soften};
use crate::detection::Detector;
use crate::document::{Document, nth_letter, symbol};
use crate::language::Tongue;
use crate::lexicon::{
    Base, Lexicon, builtin_engine, builtin_languages, builtin_rules, builtin_source_engine, compile, unknown_language,
};
use crate::reading::{Asks, Deed, Found, Hit, Part, Reading, Voice};
use crate::report::{Finding, Judged, Origin, Reply, Report, Steps};
use crate::rewrite::{Judge, Target, Workshop};
use crate::rules::Rules;
use crate::scratch::Scratch;
use crate::structure;
use crate::variants;
use crate::{Error, FormOfAddress, Language, Rule, Severity, Span, Variant};

/// Reads replies. Built once and shared: it is `Send + Sync`, and a clone costs a reference count.
///
/// ```
/// use tactful::Analyzer;
///
/// let analyzer = Analyzer::new()?;
/// let report = analyzer.analyze("Hi Ana, that is not possible. It's company policy.");
/// let rules: Vec<&str> = report.findings().iter().filter(|f| f.span.is_some()).map(|f| f.rule.as_str()).collect();
/// assert_eq!(rules, ["refusal/flat-no", "refusal/policy"]);
/// # Ok::<(), tactful::Error>(())
/// ```
#[derive(Clone)]
pub struct Analyzer(Arc<Inner>);

struct Inner {
    voices: Vec<Voice>,
    /// Tells the voices' languages apart.
    detector: Detector,
    rules: Arc<Rules>,
    /// For each rule: whether it runs, and how severe it is here.
    enabled: Vec<bool>,
    severities: Vec<Severity>,
    /// Rules that run unless somebody asks otherwise: what the structure rules go by.
    usual: Vec<bool>,
    /// Whether one of the rules runs that count: they read every reply whole.
    counts: bool,
    fixed: Option<usize>,
    fragments: bool,
    /// In which language messages are; `None` is the reply's own.
    message_language: Option<Language>,
}

impl fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analyzer").field("languages", &self.languages().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

/// In which languages a text is.
enum Stretches {
    /// In none that is known.
    None,
    /// All of it in that voice's.
    One(usize),
    /// From one blank line to another in that voice's.
    Many(Vec<(usize, Span)>),
}

/// A reply and what is known about it.
#[derive(Clone, Debug, Default)]
pub struct Draft<'t> {
    pub(crate) text: &'t str,
    pub(crate) language: Option<Language>,
    pub(crate) message: Option<&'t str>,
    pub(crate) fragment: bool,
}

impl<'t> Draft<'t> {
    /// A draft with this text.
    pub fn new(text: &'t str) -> Draft<'t> {
        Draft { text, ..Draft::default() }
    }

    /// The language it is in, by code. Wins over the analyzer's own setting and over detection.
    pub fn language(mut self, code: &str) -> Draft<'t> {
        self.language = Some(Language::new(code));
        self
    }

    /// What the customer wrote: it tells what there is to acknowledge, and the language of a draft too short to tell by itself.
    pub fn customer_message(mut self, message: &'t str) -> Draft<'t> {
        self.message = Some(message);
        self
    }

    /// It is a fragment, to be inserted into a reply: the rules about whole replies rest.
    pub fn fragment(mut self, yes: bool) -> Draft<'t> {
        self.fragment = yes;
        self
    }
}

impl Analyzer {
    /// An analyzer of every built-in language, with the default rules.
    ///
    /// # Errors
    ///
    /// None in practice: the built-in lexicons are proven by the tests.
    pub fn new() -> Result<Analyzer, Error> {
        Analyzer::builder().build()
    }

    /// Options, to be built.
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// Reads a reply.
    pub fn analyze(&self, text: &str) -> Report {
        self.analyze_draft(&Draft::new(text))
    }

    /// Reads a reply, in memory that is used again: see [`Scratch`].
    pub fn analyze_with(&self, text: &str, scratch: &mut Scratch) -> Report {
        self.analyze_draft_with(&Draft::new(text), scratch)
    }

    /// Reads replies, in order. To use many threads, share the analyzer among them and call [`analyze`](Analyzer::analyze) on each.
    pub fn analyze_batch<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Report> {
        texts.into_iter().map(|text| self.analyze(text)).collect()
    }

    /// Reads a reply, with what is known about it.
    pub fn analyze_draft(&self, draft: &Draft<'_>) -> Report {
        Scratch::of_thread(|scratch| self.analyze_draft_with(draft, scratch))
    }

    /// Reads a reply, with what is known about it, in memory that is used again.
    pub fn analyze_draft_with(&self, draft: &Draft<'_>, scratch: &mut Scratch) -> Report {
        let inner = &*self.0;
        let given = draft.language.as_ref().map_or(inner.fixed, |language| inner.voice(language));
        let stretches = match &draft.language {
            // A language without a lexicon is as good as unknown.
            Some(_) if given.is_none() => Stretches::None,
            _ => self.stretches(draft.text, given, draft.message),
        };
        match stretches {
            Stretches::None => {
                let silent = !(draft.fragment || inner.fragments) && self.is_silent_in_any(draft.text, scratch);
                let findings = if silent { inner.whole_findings(["structure/silence"], None) } else { Vec::new() };
                Report::new(self, draft, &[], findings, Judged::default(), scratch)
            }
            Stretches::One(voice) => {
                let part = Part::new(&inner.voices[voice], draft.text, 0, scratch);
                let report = self.judge(draft, std::slice::from_ref(&part), scratch);
                part.recycle(scratch);
                report
            }
            Stretches::Many(stretches) => {
                let parts = self.parts_of(draft.text, stretches, scratch);
                let report = self.judge(draft, &parts, scratch);
                parts.into_iter().for_each(|part| part.recycle(scratch));
                report
            }
        }
    }

    fn judge(&self, draft: &Draft<'_>, parts: &[Part<'_>], scratch: &mut Scratch) -> Report {
        let inner = &*self.0;
        let fragment = draft.fragment || inner.fragments;
        let Found { hits, deeds } = inner.first_pass(parts, scratch);
        let (reported, standing) = if hits.is_empty() {
            (Vec::new(), hits)
        } else {
            let enabled = |hit: &&Hit| inner.enabled[hit.rule];
            let usual = |hit: &Hit| inner.usual[hit.rule];
            let reported = resolve(hits.iter().filter(enabled).cloned().collect(), &inner.rules);
            // What the reply does is judged by the default rules, whichever of them are reported.
            (reported, resolve(hits.into_iter().filter(usual).collect(), &inner.rules))
        };
        let quiet = standing.is_empty() && reported.is_empty() && deeds.is_empty() && !inner.counts;
        if quiet && draft.message.is_none() {
            // Too short to explain too much, or helps within its first words.
            let whole = parts.iter().all(|part| part.is_short(SHORT)) || !parts[0].helps_within(EARLY, scratch);
            if fragment || !whole {
                scratch.found = Found { hits: standing, deeds };
                return Report::new(self, draft, parts, Vec::new(), Judged::default(), scratch);
            }
        }
        let refuses = |hit: &Hit| inner.rules.list[hit.rule].id.family() == "refusal";
        let softens = reported.iter().any(refuses);
        let refuses = standing.iter().any(refuses);
        let evades = reported.iter().chain(&standing).any(|hit| structure::is_evasion(hit, &inner.rules));
        let mut acts = Acts::ALL;
        if !refuses && !softens {
            acts = acts.without(Acts::of([Act::Reason]));
        }
        // Only our own fault is to be made good.
        let owns = deeds.iter().any(|deed| deed.act == Act::OwnFault);
        let found = Acts::of(owns.then_some(Act::MakeGood));
        let asks = Asks { acts, found, lines: refuses || softens || evades, each: false };
        let first = (!reported.is_empty()).then(|| Found { hits: standing.clone(), deeds: deeds.clone() });
        let reading = inner.read(parts, &standing, deeds, asks, scratch);
        let message = draft.message.map(|message| Document::new(message, 0, &parts[0].voice.base.tongue));
        let steps = structure::steps(&reading, &inner.rules, message.as_ref());
        let broken = structure::judge(&reading, &inner.rules, steps);
        let broken = broken.into_iter().filter(|(_, broken)| *broken && !fragment).map(|(rule, _)| rule);
        let mut findings = inner.whole_findings(broken, main_language(parts).as_ref());
        let mut placed: Vec<Finding> = reported
            .iter()
            .filter(|hit| !structure::is_evasion(hit, &inner.rules) || !reading.finds_out(hit.line))
            .map(|hit| {
                let softened = soften(hit, &inner.rules, &reading);
                let language = &parts[hit.sentence.0].voice.base.tongue.language;
                inner.finding(hit.rule, hit.pattern.clone(), Some(hit.span), softened, Some(language))
            })
            .collect();
        placed.extend(self.counted(&reading));
        placed.sort_by(|a, b| {
            (a.span.map(|s| s.start), a.rule.as_str()).cmp(&(b.span.map(|s| s.start), b.rule.as_str()))
        });
        findings.extend(placed);
        reading.recycle(scratch);
        Report::new(self, draft, parts, findings, Judged { refuses, steps: Some(steps), first }, scratch)
    }

    /// Compares the variants of one entry: the findings of each, in the order given. A variant does less only where all others do more; one in
    /// no known language takes no part.
    ///
    /// ```
    /// use tactful::Analyzer;
    ///
    /// let analyzer = Analyzer::builder().message_language("en").build()?;
    /// let reports = ["Your parcel {{ id }} leaves today.", "Ditt paket skickas i dag."].map(|reply| analyzer.analyze(reply));
    /// let compared = analyzer.compare(&reports.each_ref().map(|report| report.variant()));
    /// assert!(compared[0].is_empty());
    /// assert_eq!(compared[1][0].rule.as_str(), "variants/placeholders");
    /// assert!(compared[1][0].message.contains("{{id}}"));
    /// assert_eq!(reports[1].variant().score_with(&compared[1]), Some(80));
    /// # Ok::<(), tactful::Error>(())
    /// ```
    pub fn compare(&self, variants: &[Variant]) -> Vec<Vec<Finding>> {
        let inner = &*self.0;
        let findings = |(variant, lapses): (&Variant, Vec<variants::Lapse>)| {
            let finding = |mut finding: Finding| {
                let lapse = lapses.iter().find(|lapse| lapse.rule == finding.rule.as_str());
                if let Some(lapse) = lapse {
                    finding.message = lapse.fill(&finding.message).into();
                }
                finding
            };
            inner
                .whole_findings(lapses.iter().map(|lapse| lapse.rule), variant.language())
                .into_iter()
                .map(finding)
                .collect()
        };
        variants.iter().zip(variants::judge(variants)).map(findings).collect()
    }

    /// The reply's sentences and tokens, as the rules see them. In a language that is unknown, English sentences.
    pub fn document<'t>(&'t self, text: &'t str) -> Document<'t> {
        let voices = &self.0.voices;
        let found = self.0.fixed.or_else(|| self.0.detector.detect(text)).unwrap_or(0);
        Document::new(text, 0, &voices[found].base.tongue)
    }

    /// The languages it speaks.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.0.voices.iter().map(|voice| &voice.base.tongue.language)
    }

    /// The rules it knows, in the catalogue's order, then a team's own; those that are off included.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.0.rules.list.iter()
    }

    /// The severity a rule has here, before softening; `None` where it is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        let index = self.0.rules.find(&rule.id)?;
        self.0.enabled[index].then(|| self.0.severities[index])
    }

    /// In which languages `text` is.
    fn stretches(&self, text: &str, given: Option<usize>, message: Option<&str>) -> Stretches {
        if let Some(voice) = given {
            return Stretches::One(voice);
        }
        let detector = &self.0.detector;
        // The first paragraph that tells its language: a reply may open with lines that tell none.
        let by_paragraph = || paragraphs(text).find_map(|paragraph| detector.detect(paragraph.of(text)));
        let Some(main) = detector.detect(text).or_else(by_paragraph).or_else(|| detector.detect(message?)) else {
            return Stretches::None;
        };
        let mut last = (main, Span { start: 0, end: 0 });
        let mut before: Vec<(usize, Span)> = Vec::new();
        for paragraph in paragraphs(text) {
            // One that is all of the text is in the language of the text.
            let long = paragraph.len() < text.len() && nth_letter(paragraph.of(text), PARAGRAPH).is_some();
            match long.then(|| detector.detect(paragraph.of(text))).flatten() {
                Some(voice) if voice != last.0 => {
                    if !last.1.is_empty() {
                        before.push(last);
                    }
                    last = (voice, paragraph);
                }
                _ => last.1.end = paragraph.end,
            }
        }
        if before.is_empty() {
            return Stretches::One(last.0);
        }
        before.push(last);
        before[0].1.start = 0;
        Stretches::Many(before)
    }

    fn parts_of<'t>(
        &'t self,
        text: &'t str,
        stretches: impl IntoIterator<Item = (usize, Span)>,
        scratch: &mut Scratch,
    ) -> Vec<Part<'t>> {
        let part = |(voice, span): (usize, Span)| Part::new(&self.0.voices[voice], span.of(text), span.start, scratch);
        stretches.into_iter().map(part).collect()
    }

    /// Whether nothing is said in `text`, whatever its language.
    fn is_silent_in_any(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.0.voices.iter().any(|voice| {
            let part = Part::new(voice, text, 0, scratch);
            let reading = self.0.read(std::slice::from_ref(&part), &[], Vec::new(), Asks::ALL, scratch);
            let silent = structure::is_silent(&reading);
            reading.recycle(scratch);
            part.recycle(scratch);
            silent
        })
    }

    /// The suggestions for each of a reply's findings, at most so many; `None` for every one.
    pub(crate) fn suggest(&self, reply: &Reply, most: Option<usize>) -> Vec<Vec<crate::Suggestion>> {
        let inner = &*self.0;
        let targets: Vec<Target> = reply
            .found
            .iter()
            .map(|(id, span)| Target {
                // A finding's rule is one of the analyzer's.
                rule: inner.rules.find(id).unwrap_or(usize::MAX),
                span: *span,
                promise: id.family() == "promise",
                refusal: id.family() == "refusal",
                reasoned: id.family() == "refusal" && id.as_str() != "refusal/ultimatum",
                choice: matches!(id.family(), "refusal" | "deflection"),
                apology: id.family() == "apology",
                counted: COUNTED.contains(&id.as_str()),
            })
            .collect();
        Scratch::of_thread(|scratch| {
            let stretches = reply.stretches.iter().filter_map(|(language, span)| Some((inner.voice(language)?, *span)));
            let parts = self.parts_of(&reply.text, stretches, scratch);
            if parts.is_empty() {
                return vec![Vec::new(); targets.len()];
            }
            let first = reply.first.as_ref().map(|found| (found.hits.clone(), found.deeds.clone()));
            let (standing, deeds) = first.unwrap_or_else(|| inner.standing(&parts, scratch));
            let reading = inner.read(&parts, &standing, deeds, Asks::ALL, scratch);
            let judge = Again { analyzer: self, reply };
            let address = reply.form_of_address_in(&parts);
            let workshop = Workshop::new(&reading, &reply.text, &targets, address, &judge);
            let suggestions = targets.iter().map(|target| workshop.suggest(target, most)).collect();
            drop(workshop);
            reading.recycle(scratch);
            parts.into_iter().for_each(|part| part.recycle(scratch));
            suggestions
        })
    }

    /// The steps a reply takes, when nothing of it is known any more but its text.
    pub(crate) fn steps(&self, text: &str, language: Option<&Language>) -> Steps {
        Scratch::of_thread(|scratch| {
            let parts = self.parts_in(text, language, scratch);
            let (standing, deeds) = self.0.standing(&parts, scratch);
            let reading = self.0.read(&parts, &standing, deeds, Asks::ALL, scratch);
            structure::steps(&reading, &self.0.rules, None)
        })
    }

    pub(crate) fn form_of_address(&self, text: &str, language: Option<&Language>) -> Option<FormOfAddress> {
        Scratch::of_thread(|scratch| structure::form_of_address(&self.parts_in(text, language, scratch)))
    }

    /// The whole text as one part in a language that was found before; none where that is unknown.
    fn parts_in<'t>(&'t self, text: &'t str, language: Option<&Language>, scratch: &mut Scratch) -> Vec<Part<'t>> {
        let voice = language.and_then(|language| self.0.voice(language));
        let all = Span { start: 0, end: text.len() };
        self.parts_of(text, voice.map(|voice| (voice, all)), scratch)
    }

    /// The rules that count: a third apology, a second form of address.
    fn counted(&self, reading: &Reading<'_>) -> Vec<Finding> {
        let inner = &*self.0;
        let counted = |id: &str| inner.rules.named(id).filter(|&rule| inner.enabled[rule]);
        let finding = |rule: usize, span: Span| {
            let part = reading.parts.iter().rfind(|part| part.document.offset() <= span.start);
            let language = part.map(|part| &part.voice.base.tongue.language);
            let id = inner.rules.list[rule].id.as_str();
            let pattern = format!("{}/{id}/count", language.map_or("", Language::code));
            inner.finding(rule, pattern.into(), Some(span), 0, language)
        };
        let mut findings = Vec::new();
        if let Some(rule) = counted(COUNTED[0]) {
            let mut apologies: Vec<Span> = Vec::new();
            for deed in reading.deeds.iter().filter(|deed| deed.act == Act::Apology) {
                match apologies.last_mut() {
                    Some(last) if last.overlaps(deed.span) => last.end = last.end.max(deed.span.end),
                    _ => apologies.push(deed.span),
                }
            }
            findings.extend(apologies.get(2).map(|&third| finding(rule, third)));
        }
        if let Some(rule) = counted(COUNTED[1]) {
            let signs = structure::signs(reading.parts, 0);
            let differs = signs.first().and_then(|(first, _)| signs.iter().find(|(form, _)| form != first));
            findings.extend(differs.map(|&(_, span)| finding(rule, span)));
        }
        findings
    }
}

/// The rules that count.
const COUNTED: [&str; 2] = ["apology/repeated", "clarity/mixed-address"];
/// A text of up to so many words may say nothing, and is looked at for silence.
const SHORT: usize = 40;
/// The first words of a reply, well short of those that may explain before something helps.
const EARLY: usize = 60;
/// A paragraph of no more letters than this is in the language of what surrounds it.
const PARAGRAPH: usize = 40;

impl Inner {
    fn voice(&self, language: &Language) -> Option<usize> {
        self.voices.iter().position(|voice| voice.base.tongue.language == *language)
    }

    /// What the first pass finds in a reply.
    fn first_pass(&self, parts: &[Part<'_>], scratch: &mut Scratch) -> Found {
        let mut found = std::mem::take(&mut scratch.found);
        found.hits.clear();
        found.deeds.clear();
        let counts = |rule: usize| self.enabled[rule] || self.usual[rule];
        let mut first = 0;
        for (number, part) in parts.iter().enumerate() {
            part.find(number, first, counts, scratch, &mut found);
            first += part.document.bounds().len();
        }
        found
    }

    /// What the first pass finds in a reply, as the default rules have it: what the reply does is judged by that.
    fn standing(&self, parts: &[Part<'_>], scratch: &mut Scratch) -> (Vec<Hit>, Vec<Deed>) {
        let Found { mut hits, deeds } = self.first_pass(parts, scratch);
        hits.retain(|hit| self.usual[hit.rule]);
        (resolve(hits, &self.rules), deeds)
    }

    fn read<'r>(
        &self,
        parts: &'r [Part<'r>],
        standing: &'r [Hit],
        deeds: Vec<Deed>,
        asks: Asks,
        scratch: &mut Scratch,
    ) -> Reading<'r> {
        let id = |rule: usize| &self.rules.list[rule].id;
        let passive = |rule: usize| {
            matches!(id(rule).family(), "refusal" | "blame" | "deflection" | "excuse")
                || id(rule).as_str() == "clarity/evasion"
        };
        let scolds = |rule: usize| id(rule).family() == "attitude";
        Reading::new(parts, standing, deeds, asks, scratch, passive, scolds)
    }

    /// The rules about words that a text in one language breaks.
    fn broken(&self, voice: &Voice, text: &str) -> Vec<usize> {
        Scratch::of_thread(|scratch| {
            let part = Part::new(voice, text, 0, scratch);
            let parts = std::slice::from_ref(&part);
            let Found { hits, deeds } = self.first_pass(parts, scratch);
            let hits = resolve(hits.into_iter().filter(|hit| self.enabled[hit.rule]).collect(), &self.rules);
            // Only not knowing depends on what else is said.
            let evades = |hit: &Hit| structure::is_evasion(hit, &self.rules);
            let reading = hits.iter().any(evades).then(|| self.read(parts, &hits, deeds, Asks::ALL, scratch));
            let finds_out = |hit: &Hit| reading.as_ref().is_some_and(|reading| reading.finds_out(hit.line));
            let broken = hits.iter().filter(|hit| !evades(hit) || !finds_out(hit)).map(|hit| hit.rule).collect();
            part.recycle(scratch);
            broken
        })
    }

    /// The findings of the whole reply, in order of rule.
    fn whole_findings<'b>(
        &self,
        broken: impl IntoIterator<Item = &'b str>,
        language: Option<&Language>,
    ) -> Vec<Finding> {
        let enabled = broken.into_iter().filter_map(|rule| self.rules.named(rule)).filter(|&rule| self.enabled[rule]);
        let mut findings: Vec<Finding> = enabled
            .map(|rule| {
                let id = self.rules.list[rule].id.as_str();
                let pattern = language.map_or_else(|| id.to_owned(), |language| format!("{language}/{id}"));
                self.finding(rule, pattern.into(), None, 0, language)
            })
            .collect();
        findings.sort_by(|a, b| a.rule.cmp(&b.rule));
        findings
    }

    fn finding(
        &self,
        rule: usize,
        pattern: Arc<str>,
        span: Option<Span>,
        softened: u8,
        language: Option<&Language>,
    ) -> Finding {
        let severity = self.severities[rule];
        let language = self.message_language.as_ref().or(language).map_or("en", Language::code);
        let rule = &self.rules.list[rule];
        let message = rule.message(language);
        let softer = severity.softened(softened);
        Finding {
            rule: rule.id.clone(),
            pattern,
            severity: softer,
            softened: severity as u8 - softer as u8,
            span,
            message: message.message.clone(),
            why: message.why.clone(),
            origin: Origin::default(),
        }
    }
}

/// Reads a reply's rewrites as the reply was read.
struct Again<'a> {
    analyzer: &'a Analyzer,
    reply: &'a Reply,
}

impl Judge for Again<'_> {
    fn words(&self, fragment: &str, language: &Language) -> Vec<usize> {
        let inner = &*self.analyzer.0;
        inner.voice(language).map_or_else(Vec::new, |voice| inner.broken(&inner.voices[voice], fragment))
    }

    fn reply(&self, text: &str) -> Vec<(usize, Severity)> {
        let report = self.analyzer.analyze_draft(&self.reply.draft(text));
        let rules = &self.analyzer.0.rules;
        report.findings().iter().filter_map(|finding| Some((rules.find(&finding.rule)?, finding.severity))).collect()
    }

    fn form_of_address(&self, text: &str) -> Option<FormOfAddress> {
        self.analyzer.form_of_address(text, self.reply.language.as_ref())
    }

    fn counts_apologies(&self) -> bool {
        let rules = &self.analyzer.0.rules;
        rules.named(COUNTED[0]).is_some_and(|rule| self.analyzer.0.enabled[rule])
    }
}

/// The language of most of a reply.
pub(crate) fn main_language(parts: &[Part<'_>]) -> Option<Language> {
    let length = |part: &&Part<'_>| part.document.text().len();
    // Of equals the first.
    let longest = parts.iter().rev().max_by_key(length)?;
    Some(longest.voice.base.tongue.language.clone())
}

/// The paragraphs of `text`, each with the blank lines after it.
fn paragraphs(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        let mut blank = false;
        for line in text[start..].split_inclusive('\n') {
            let empty = line.trim().is_empty();
            if blank && !empty {
                break;
            }
            blank |= empty;
            at += line.len();
        }
        Some(Span { start, end: at })
    })
}

/// Options for an [`Analyzer`].
#[derive(Clone, Debug, Default)]
pub struct AnalyzerBuilder {
    languages: Option<Vec<Language>>,
    fixed: Option<Language>,
    lexicons: Vec<Lexicon>,
    select: Option<Vec<String>>,
    enable: Vec<String>,
    ignore: Vec<String>,
    severities: Vec<(String, Severity)>,
    names: Vec<String>,
    fragments: bool,
    message_language: MessageLanguage,
}

/// In which language findings tell what they have to tell.
#[derive(Clone, Debug, Default)]
enum MessageLanguage {
    #[default]
    English,
    Fixed(Language),
    Reply,
}

impl AnalyzerBuilder {
    /// The languages it speaks, by code; every built-in one by default.
    pub fn languages<'c>(mut self, codes: impl IntoIterator<Item = &'c str>) -> AnalyzerBuilder {
        self.languages = Some(codes.into_iter().map(Language::new).collect());
        self
    }

    /// The language of replies that do not say theirs, by code, instead of detection.
    pub fn language(mut self, code: &str) -> AnalyzerBuilder {
        self.fixed = Some(Language::new(code));
        self
    }

    /// Adds a file of a lexicon: a team's own phrases, or part of a whole language. Files with one that
    /// [describes its language](Lexicon::is_language) stand by themselves, in place of the built-in lexicon where there is one.
    pub fn lexicon(mut self, lexicon: Lexicon) -> AnalyzerBuilder {
        self.lexicons.push(lexicon);
        self
    }

    /// Runs these rules alone: ids (`refusal/policy`), families (`refusal`) or `all`. A family stands for its rules that are on by default; an
    /// opt-in rule is named by its id.
    pub fn select(mut self, rules: impl IntoIterator<Item = impl Into<String>>) -> AnalyzerBuilder {
        self.select = Some(rules.into_iter().map(Into::into).collect());
        self
    }

    /// Runs these rules too: the way to turn opt-in rules on.
    pub fn enable(mut self, rules: impl IntoIterator<Item = impl Into<String>>) -> AnalyzerBuilder {
        self.enable.extend(rules.into_iter().map(Into::into));
        self
    }

    /// Turns these rules off. Wins over `select` and `enable`.
    pub fn ignore(mut self, rules: impl IntoIterator<Item = impl Into<String>>) -> AnalyzerBuilder {
        self.ignore.extend(rules.into_iter().map(Into::into));
        self
    }

    /// How severe a rule or a family is for this team, before softening.
    pub fn severity(mut self, rule: impl Into<String>, severity: Severity) -> AnalyzerBuilder {
        self.severities.push((rule.into(), severity));
        self
    }

    /// The company's and its products' names: to the rules they are "we".
    pub fn own_names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> AnalyzerBuilder {
        self.names.extend(names.into_iter().map(Into::into));
        self
    }

    /// Every text is a fragment, to be inserted into a reply: the rules about whole replies rest.
    pub fn fragments(mut self, yes: bool) -> AnalyzerBuilder {
        self.fragments = yes;
        self
    }

    /// The language of messages, by code; English by default, and wherever a rule has no message in it.
    pub fn message_language(mut self, code: &str) -> AnalyzerBuilder {
        self.message_language = MessageLanguage::Fixed(Language::new(code));
        self
    }

    /// Messages in each reply's own language.
    pub fn message_language_of_reply(mut self) -> AnalyzerBuilder {
        self.message_language = MessageLanguage::Reply;
        self
    }

    /// Builds it: the only step that can fail.
    ///
    /// # Errors
    ///
    /// If a language has no lexicon, a lexicon does not hold, or there is no such rule.
    pub fn build(self) -> Result<Analyzer, Error> {
        let mut rules = builtin_rules().clone();
        let mut languages = self.languages.unwrap_or_else(|| builtin_languages().collect());
        let of_own_language = self.lexicons.iter().filter(|lexicon| lexicon.is_language()).map(Lexicon::language);
        languages.extend(of_own_language.chain(self.fixed.clone()));
        let mut voices: Vec<Voice> = Vec::new();
        for language in languages {
            if voices.iter().any(|voice| voice.base.tongue.language == language) {
                continue;
            }
            let own: Vec<Lexicon> =
                self.lexicons.iter().filter(|lexicon| lexicon.language() == language).cloned().collect();
            let first = |errors: Vec<Error>| errors.into_iter().next().unwrap_or_else(|| Error::new("no lexicon"));
            let whole = own.iter().any(Lexicon::is_language);
            // A team's own lexicon stands on the language's source.
            let builtin = if own.is_empty() { builtin_engine(&language) } else { builtin_source_engine(&language) };
            let (base, own) = match builtin.filter(|_| !whole) {
                Some(base) if own.is_empty() => (base?, None),
                Some(base) => {
                    let base = base?;
                    let own = compile(&own, Base::Engine(&base), &mut rules).map_err(first)?;
                    (base, Some(Arc::new(own)))
                }
                None if own.is_empty() => return Err(unknown_language(&language)),
                None => (Arc::new(compile(&own, Base::Language, &mut rules).map_err(first)?), None),
            };
            let companies =
                self.names.iter().map(|name| symbols(name, &base.tongue)).filter(|name| !name.is_empty()).collect();
            voices.push(Voice { base, own, companies });
        }
        if let Some(lexicon) =
            self.lexicons.iter().find(|own| !voices.iter().any(|voice| voice.base.tongue.language == own.language()))
        {
            return Err(Error::new(format!(
                "a lexicon is for \"{}\", which is not among the languages",
                lexicon.language()
            )));
        }
        let matching = |selector: &str, exact: bool| -> Result<Vec<usize>, Error> {
            let named = |(index, rule): (usize, &Rule)| {
                let whole = selector == "all" || rule.id.as_str() == selector;
                let family = rule.id.is_named_by(selector) && (exact || !rule.opt_in);
                (whole || family).then_some(index)
            };
            let found: Vec<usize> = rules.list.iter().enumerate().filter_map(named).collect();
            if found.is_empty() {
                return Err(unknown_rule(selector, &rules));
            }
            Ok(found)
        };
        let usual: Vec<bool> = rules.list.iter().map(|rule| !rule.opt_in).collect();
        let mut enabled = usual.clone();
        if let Some(select) = &self.select {
            enabled.fill(false);
            for selector in select {
                matching(selector, false)?.into_iter().for_each(|rule| enabled[rule] = true);
            }
        }
        for selector in &self.enable {
            matching(selector, true)?.into_iter().for_each(|rule| enabled[rule] = true);
        }
        for selector in &self.ignore {
            matching(selector, true)?.into_iter().for_each(|rule| enabled[rule] = false);
        }
        let mut severities: Vec<Severity> = rules.list.iter().map(|rule| rule.severity).collect();
        for (selector, severity) in &self.severities {
            matching(selector, true)?.into_iter().for_each(|rule| severities[rule] = *severity);
        }
        let fixed = self.fixed.map(|fixed| voices.iter().position(|voice| voice.base.tongue.language == fixed));
        Ok(Analyzer(Arc::new(Inner {
            fixed: fixed.flatten(),
            detector: Detector::new(voices.iter().map(|voice| voice.base.tongue.clone()).collect()),
            voices,
            counts: COUNTED.iter().any(|id| rules.named(id).is_some_and(|rule| enabled[rule])),
            rules: Arc::new(rules),
            enabled,
            severities,
            usual,
            fragments: self.fragments,
            message_language: match self.message_language {
                MessageLanguage::English => Some(Language::new("en")),
                MessageLanguage::Fixed(language) => Some(language),
                MessageLanguage::Reply => None,
            },
        })))
    }
}

fn symbols(name: &str, tongue: &Tongue) -> Vec<u64> {
    crate::document::phrase_words(name, &tongue.folding).iter().map(|(_, word)| symbol(word)).collect()
}

fn unknown_rule(selector: &str, rules: &Rules) -> Error {
    let near = |rule: &&Rule| {
        let (id, wanted) = (rule.id.as_str(), selector.rsplit('/').next().unwrap_or(selector));
        id.ends_with(&format!("/{wanted}")) || (wanted.len() > 3 && id.contains(wanted))
    };
    let hint = rules.list.iter().find(near).map_or_else(String::new, |rule| format!("; did you mean \"{}\"?", rule.id));
    Error::new(format!("there is no rule or family \"{selector}\"{hint}"))
}
