//! Walk, read, analyze, compare: what was found, whatever is then done with it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use tactful::{Analyzer, Applicability, Draft, Finding, Report, Variant};
use tactful_reader::{Contents, Entry, Reader, Source, Why};

use crate::args::Scope;
use crate::config::{Config, Configs, Placed, Settings, is_on, names};
use crate::fingerprint;
use crate::fix::{self, Fixing};
use crate::load;
use crate::progress::Progress;
use crate::project::Project;
use crate::report::{Document, Origin, Problem, Reply, Wanted, display};
use crate::since::{Before, Changed};
use crate::suppress::{Configured, Directives, suppressed};
use crate::walk::{Target, walk};
use crate::write;

/// What is done with suggestions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixes {
    /// They are made in the files.
    Write(Applicability),
    /// What they would change is shown.
    Diff(Applicability),
}

/// What the judging works with.
pub(crate) struct Judging<'j> {
    scope: &'j Scope,
    project: Project,
    wanted: Wanted,
    pub(crate) fixes: Option<Fixes>,
    /// What alone is judged; everything, if there is none.
    changed: Option<Changed>,
    pub(crate) progress: Progress,
    jobs: Vec<Job>,
    kits: Vec<Kit>,
    /// The configuration where the command was started, and then those of the files.
    configs: Vec<Arc<Config>>,
    problems: Vec<Problem>,
    /// Names, hashed, of entries that have variants.
    compared: HashSet<u64>,
}

/// A file to judge, and with what.
struct Job {
    target: Target,
    /// Its whole path.
    absolute: PathBuf,
    kit: usize,
}

/// What files of the same settings are judged with.
struct Kit {
    config: usize,
    overrides: Vec<bool>,
    analyzer: Analyzer,
    reader: Reader,
    include: Vec<Why>,
    /// `None` for each reply's own.
    message_language: Option<String>,
}

/// A file that was read: its parts.
type Read = Vec<(Source, Contents)>;

/// A file of fewer bytes is judged sooner than a second thread starts.
const TINY: u64 = 8 << 10;
/// A file of fewer bytes is kept once it was read.
const SMALL: u64 = 64 << 10;
/// As long as all that are kept have no more bytes than this.
const KEPT: u64 = 16 << 20;

/// Takes so much of what is `left`, if that is enough.
fn take(left: &AtomicU64, length: u64) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(length)).is_ok()
}

/// What became of one file.
#[derive(Debug, Default)]
struct Checked {
    /// Whether it could be read.
    read: bool,
    /// Whether it is a file of keys and values that no profile knows.
    unknown: bool,
    replies: Vec<Kept>,
    problems: Vec<Problem>,
    notices: Vec<Problem>,
    directives: Directives,
    /// What `--diff` shows.
    diff: String,
    /// What `--fix` made of standard input.
    fixed: Option<Vec<u8>>,
}

/// What is kept of a reply once it is judged.
#[derive(Debug)]
struct Kept {
    reply: Reply,
    words: usize,
    /// It did not change: it was judged for its variants' sake.
    unchanged: bool,
    /// By what its variants are found, its own locale, and what it does.
    variant: Option<(String, String, Variant)>,
}

/// What was found.
pub(crate) struct Judged {
    pub(crate) document: Document,
    /// What `--diff` shows.
    pub(crate) diff: String,
    /// What `--fix` made of standard input.
    pub(crate) fixed: Option<Vec<u8>>,
    /// The analyzer of the first file, or of where the command was started.
    pub(crate) analyzer: Analyzer,
    pub(crate) project: Project,
    pub(crate) looked: Looked,
}

/// What a run looked at.
pub(crate) struct Looked {
    /// The files, from where findings are known, each with its analyzer.
    files: HashMap<String, Analyzer>,
    base: PathBuf,
    /// It judged what changed alone.
    partly: bool,
    /// It walked the whole project.
    wholly: bool,
}

impl Looked {
    /// Whether it judged a file for a rule, or the file is gone.
    pub(crate) fn at(&self, file: &str, rule: &str) -> bool {
        if self.partly || (names("variants", rule) && !self.wholly) {
            return false;
        }
        match self.files.get(file) {
            Some(analyzer) => is_on(analyzer, rule) != Some(false),
            None => !self.base.join(file).exists(),
        }
    }
}

impl<'j> Judging<'j> {
    /// Finds the files that `scope` names, and what each is to be judged with. What stands in folders beside them is not what was `written` by us.
    ///
    /// # Errors
    ///
    /// If a configuration does not hold.
    pub(crate) fn new(
        scope: &'j Scope,
        project: Project,
        wanted: Wanted,
        written: &[&Path],
    ) -> Result<Judging<'j>, Problem> {
        let mut configs = Configs::new(scope)?;
        let mut judging = Judging {
            scope,
            wanted,
            fixes: None,
            changed: None,
            progress: Progress::default(),
            jobs: Vec::new(),
            kits: Vec::new(),
            configs: vec![configs.of_folder(&project.here)?],
            problems: Vec::new(),
            compared: HashSet::new(),
            project,
        };
        let ours = written.iter().copied().chain(scope.lexicon.iter().chain(&scope.profile).map(PathBuf::as_path));
        let ours: Vec<PathBuf> = ours.map(|path| judging.project.absolute(path)).collect();
        let (targets, problems) = walk(scope);
        judging.problems = problems;
        for target in targets {
            let path = target.path().unwrap_or(&scope.stdin_filename);
            let absolute = judging.project.absolute(path);
            let config = configs.of_folder(absolute.parent().unwrap_or(&judging.project.here))?;
            let target = match target {
                Target::Named(path) if scope.force_exclude => Target::Found(path),
                target => target,
            };
            let is_ours = |path: &PathBuf| absolute.starts_with(path);
            if matches!(target, Target::Found(_)) && (config.excludes(&absolute) || ours.iter().any(is_ours)) {
                continue;
            }
            let kit = judging.kit(&config, &absolute)?;
            judging.jobs.push(Job { target, absolute, kit });
        }
        // A configuration that does not hold is told even where it has no files.
        if judging.kits.is_empty() {
            let here = judging.project.here.join("reply.txt");
            judging.kit(&Arc::clone(&judging.configs[0]), &here)?;
        }
        Ok(judging)
    }

    /// What the file at `absolute` is judged with.
    fn kit(&mut self, config: &Arc<Config>, absolute: &Path) -> Result<usize, Problem> {
        let known = self.configs.iter().position(|known| Arc::ptr_eq(known, config));
        let number = known.unwrap_or_else(|| {
            self.configs.push(Arc::clone(config));
            self.configs.len() - 1
        });
        let overrides = config.overrides(absolute);
        if let Some(kit) = self.kits.iter().position(|kit| kit.config == number && kit.overrides == overrides) {
            return Ok(kit);
        }
        let mut settings = config.settings(&overrides);
        settings.extend(of_options(self.scope));
        let analyzer = settings.analyzer()?;
        config.holds_for(&analyzer)?;
        self.kits.push(Kit {
            config: number,
            overrides,
            analyzer,
            reader: settings.reader()?,
            message_language: settings.message_language().map(str::to_owned),
            include: settings.patch.include,
        });
        Ok(self.kits.len() - 1)
    }

    /// The configuration where the command was started.
    pub(crate) fn config(&self) -> &Config {
        &self.configs[0]
    }

    /// The rules that there are: those of the first file, or of where the command was started.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &tactful::Rule> {
        self.kits[0].analyzer.rules()
    }

    /// Judges only what changed since a git revision, or since the branch left it.
    ///
    /// # Errors
    ///
    /// If there is no repository, or no such revision.
    pub(crate) fn since(&mut self, revision: &str) -> Result<(), String> {
        if !self.project.in_git {
            return Err("--since asks git what changed, and there is no repository here".into());
        }
        self.changed = Some(Changed::since(&self.project.root, revision)?);
        Ok(())
    }

    /// Judges every file.
    ///
    /// # Errors
    ///
    /// If there can be no threads.
    pub(crate) fn run(mut self) -> Result<Judged, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads()).build()?;
        if !self.jobs.iter().any(|job| self.is_compared(job)) {
            let jobs = std::mem::take(&mut self.jobs);
            self.jobs = jobs.into_iter().filter(|job| self.is_changed(job)).collect();
        }
        let (compared, read) = pool.install(|| self.with_variants());
        self.compared = compared;
        self.progress.begin(self.jobs.len());
        let file = |(job, read)| {
            let checked = self.file(job, read);
            self.progress.step();
            checked
        };
        let mut checked: Vec<Checked> = pool.install(|| self.jobs.par_iter().zip(read).map(file).collect());
        self.progress.end();
        self.compare(&mut checked);
        Ok(self.told(checked))
    }

    /// How many threads to judge on; 0 is one for each core. A file of one reply or a few is no work to share.
    fn threads(&self) -> usize {
        let tiny = |job: &Job| {
            let about = job.target.path().and_then(|path| path.metadata().ok());
            about.is_some_and(|about| about.is_file() && about.len() < TINY)
        };
        if self.scope.threads == 0 && self.jobs.len() == 1 && tiny(&self.jobs[0]) { 1 } else { self.scope.threads }
    }

    /// All that was found, without what is suppressed.
    fn told(mut self, checked: Vec<Checked>) -> Judged {
        let mut document = Document {
            version: 1,
            errors: std::mem::take(&mut self.problems),
            message_language: self.kits[0].message_language.clone(),
            ..Document::default()
        };
        let mut configured: Vec<Configured> = self.configs.iter().map(Configured::new).collect();
        let mut fingerprints = fingerprint::Fingerprints::default();
        let (mut diff, mut fixed) = (String::new(), None);
        let mut files = HashMap::new();
        for (mut one, job) in checked.into_iter().zip(&self.jobs) {
            let kit = &self.kits[job.kit];
            let summary = &mut document.summary;
            summary.files += usize::from(one.read && !one.unknown && self.is_changed(job));
            document.other_files += usize::from(one.unknown);
            for Kept { mut reply, words, unchanged, .. } in one.replies {
                fingerprints.mark(&mut reply);
                if unchanged {
                    continue;
                }
                summary.suppressed += configured[kit.config].apply(&job.absolute, &mut reply, &mut one.directives);
                summary.words += words;
                document.replies.push(reply);
            }
            if one.read {
                files.insert(self.project.known_as(&job.absolute), kit.analyzer.clone());
            }
            document.errors.extend(one.problems);
            document.notices.extend(one.notices);
            if self.changed.is_none() && self.fixes.is_none() {
                document.notices.extend(one.directives.unused(|rule| self.looked_for(&kit.analyzer, rule)));
            }
            diff += &one.diff;
            fixed = fixed.or(one.fixed);
        }
        if self.changed.is_none() && self.fixes.is_none() {
            for (number, configured) in configured.iter().enumerate() {
                let Some(kit) = self.kits.iter().find(|kit| kit.config == number) else { continue };
                let all = self.configs[number].folder().is_some_and(|folder| self.walked(folder));
                document.notices.extend(configured.unused(all, |rule| self.looked_for(&kit.analyzer, rule)));
            }
        }
        document.errors.sort();
        document.notices.sort();
        Judged {
            document,
            diff,
            fixed,
            analyzer: self.kits[0].analyzer.clone(),
            looked: Looked {
                files,
                base: self.project.base.clone(),
                partly: self.changed.is_some(),
                wholly: self.walked(&self.project.root),
            },
            project: self.project,
        }
    }

    /// Whether a rule, or one of a family, is on, and could find what it finds in all files; `None` if there is none.
    fn looked_for(&self, analyzer: &Analyzer, selector: &str) -> Option<bool> {
        let on = is_on(analyzer, selector)?;
        Some(on && (!names("variants", selector) || self.walked(&self.project.root)))
    }

    /// Whether all of a folder was walked.
    fn walked(&self, folder: &Path) -> bool {
        let whole = |path: &PathBuf| std::fs::canonicalize(path).is_ok_and(|path| folder.starts_with(path));
        self.scope.paths.iter().any(whole)
    }

    fn file(&self, job: &Job, read: Option<Read>) -> Checked {
        let mut checked = Checked::default();
        let path = job.target.path().unwrap_or(&self.scope.stdin_filename);
        let result = match (job.target.path(), read) {
            (Some(path), Some(read)) => self.parts(job, path, read.into_iter().map(Ok), &mut checked),
            (Some(path), None) => load::open(path).and_then(|file| self.content(job, path, file, &mut checked)),
            (None, _) => self.content(job, path, io::stdin().lock(), &mut checked),
        };
        checked.problems.extend(result.err());
        checked
    }

    /// Judges the parts of a file.
    fn parts(
        &self,
        job: &Job,
        path: &Path,
        parts: impl Iterator<Item = Result<(Source, Contents), tactful_reader::Problem>>,
        checked: &mut Checked,
    ) -> Result<(), Problem> {
        let Kit { reader, include, .. } = &self.kits[job.kit];
        let changed = self.changed.as_ref();
        let before = changed.map(|changed| Before::of(changed, self.compared_path(job).as_deref(), reader, include));
        for part in parts {
            let (source, contents) = part.map_err(|problem| Problem::of_contents(path, problem))?;
            self.part(job, path, &source, contents, before.as_ref(), checked);
        }
        Ok(())
    }

    fn content(&self, job: &Job, path: &Path, content: impl io::Read, checked: &mut Checked) -> Result<(), Problem> {
        let reader = &self.kits[job.kit].reader;
        let told = |problem| Problem::of_contents(path, problem);
        let Some(fixes) = self.fixes else {
            return self.parts(job, path, reader.parts(path, content, self.scope.max_size), checked);
        };
        let source = reader.whole(path, content, self.scope.max_size).map_err(told)?;
        let (Fixes::Write(least) | Fixes::Diff(least)) = fixes;
        let names = self.names(job, path);
        let fixed = Fixing { reader, path, least }.fixed(
            &source,
            |source, contents| Directives::new(&names[0], source, contents).0,
            |source, directives, entry| {
                let origin = Origin::new(&names, source);
                Some(self.to_fix(job, origin, directives, entry, self.report(job, entry)?))
            },
        );
        if let Fixes::Diff(_) = fixes {
            let contents = reader.read(path, &source);
            if !self.is_unknown(job, path, &contents, checked) {
                checked.problems.extend(contents.problems.into_iter().map(told));
                checked.diff = fix::diff(&display(path), source.text(), fixed.text());
            }
            return Ok(());
        }
        let encoded = |source: &Source| source.encode(source.text()).unwrap_or_default();
        match job.target.path() {
            None => checked.fixed = Some(encoded(&fixed)),
            Some(path) if fixed.text() != source.text() => {
                write::replace(path, &encoded(&source), &encoded(&fixed))?;
            }
            Some(_) => {}
        }
        self.part(job, path, &fixed, reader.read(path, &fixed), None, checked);
        Ok(())
    }

    /// What a file is called: as it was named or found, from the project's root, and from where findings are known.
    fn names(&self, job: &Job, path: &Path) -> [String; 3] {
        [display(path), self.project.file(&job.absolute), self.project.known_as(&job.absolute)]
    }

    /// What git knows a file by: links are followed. `None` for standard input, which it does not know.
    fn compared_path(&self, job: &Job) -> Option<PathBuf> {
        let path = job.target.path()?;
        Some(std::fs::canonicalize(path).unwrap_or_else(|_| job.absolute.clone()))
    }

    fn is_changed(&self, job: &Job) -> bool {
        let Some(changed) = &self.changed else { return true };
        self.compared_path(job).is_none_or(|path| changed.has(&path))
    }

    /// A report with what of it is suppressed.
    fn to_fix(
        &self,
        job: &Job,
        origin: Origin<'_>,
        directives: &Directives,
        entry: &Entry,
        report: Report,
    ) -> fix::Judged {
        let config = &self.configs[self.kits[job.kit].config];
        let reply = Reply::new(origin, entry, &report, Wanted::default());
        let suppressed = suppressed(config, &job.absolute, &reply, directives);
        let stay = report.findings().iter().zip(suppressed).filter(|(_, suppressed)| *suppressed);
        let stay = stay.map(|(finding, _)| (finding.rule.clone(), finding.span)).collect();
        fix::Judged { report, stay }
    }

    /// Whether a file is one of keys and values that no profile knows: told of one that somebody named.
    fn is_unknown(&self, job: &Job, path: &Path, contents: &Contents, checked: &mut Checked) -> bool {
        checked.read = true;
        let unknown = contents.is_unknown() && contents.problems.is_empty();
        match job.target {
            Target::Found(_) => checked.unknown = unknown && checked.replies.is_empty(),
            _ if unknown => {
                let message = "no profile knows it: tactful inspect shows those that were tried";
                checked.problems.push(Problem::of_file(path, message));
            }
            _ => {}
        }
        unknown
    }

    /// Judges the replies of a file, or of a part of one; where it is known what was there `before`, those that changed.
    fn part(
        &self,
        job: &Job,
        path: &Path,
        source: &Source,
        contents: Contents,
        before: Option<&Before>,
        checked: &mut Checked,
    ) {
        checked.problems.extend(contents.problems.iter().map(|problem| Problem::of_contents(path, problem.clone())));
        if self.is_unknown(job, path, &contents, checked) {
            return;
        }
        let names = self.names(job, path);
        let (directives, problems) = Directives::new(&names[0], source, &contents);
        // Only JSON Lines come in parts, and those hold no comments.
        checked.directives = directives;
        checked.notices.extend(problems);
        let origin = Origin::new(&names, source);
        let kept = contents.entries.into_par_iter().filter_map(|entry| {
            // Of a file that changed all findings are numbered, so that each is known by the same fingerprint in every run.
            if matches!(before, Some(Before::Same)) && !self.has_variants(&entry) {
                return None;
            }
            let unchanged = before.is_some_and(|before| before.has(&entry));
            let report = self.report(job, &entry)?;
            Some(self.kept(origin, &entry, &report, unchanged))
        });
        checked.replies.par_extend(kept);
    }

    /// What there is to say of a reply; `None` where it is not to be judged.
    fn report(&self, job: &Job, entry: &Entry) -> Option<Report> {
        let Kit { analyzer, include, .. } = &self.kits[job.kit];
        if entry.skipped.is_some_and(|why| !include.contains(&why)) {
            return None;
        }
        let draft = Draft::new(&entry.text).fragment(entry.fragment);
        Some(analyzer.analyze_draft(&match &entry.locale {
            Some((locale, _)) => draft.language(locale),
            None => draft,
        }))
    }

    fn kept(&self, origin: Origin<'_>, entry: &Entry, report: &Report, unchanged: bool) -> Kept {
        let variant = entry.variant_of.clone().zip(entry.locale.clone()).filter(|_| self.has_variants(entry));
        Kept {
            reply: Reply::new(origin, entry, report, self.wanted),
            words: entry.text.split_whitespace().count(),
            unchanged,
            variant: variant.map(|(name, (locale, _))| (name, locale, report.variant())),
        }
    }

    fn has_variants(&self, entry: &Entry) -> bool {
        entry.variant_of.as_ref().is_some_and(|name| self.compared.contains(&hashed(name)))
    }

    /// Whether variants of a file's entries are compared.
    fn is_compared(&self, job: &Job) -> bool {
        let Kit { analyzer, .. } = &self.kits[job.kit];
        let on = |rule: &tactful::Rule| rule.id.family() == "variants" && analyzer.severity(rule).is_some();
        // Standard input can be read but once.
        job.target.path().is_some() && analyzer.rules().any(on) && !matches!(self.fixes, Some(Fixes::Diff(_)))
    }

    /// The names and locales in a file of entries that may have variants, hashed, and what was read of it, if that is kept: `left` is how much may
    /// be.
    fn names_in(&self, job: &Job, left: &AtomicU64) -> (Vec<(u64, u64)>, Option<Read>) {
        let Some(path) = job.target.path().filter(|_| self.is_compared(job)) else { return Default::default() };
        let Ok(file) = load::open(path) else { return Default::default() };
        let length = file.metadata().map_or(SMALL, |about| about.len());
        // What is mended is written first, and read again.
        let is_kept = self.fixes.is_none() && length < SMALL && take(left, length);
        let (mut names, mut kept) = (Vec::new(), is_kept.then(Vec::new));
        for part in self.kits[job.kit].reader.parts(path, file, self.scope.max_size) {
            // What cannot be read is told when it is judged.
            let Ok((source, contents)) = part else { return (names, None) };
            let name = |entry: &Entry| Some((hashed(entry.variant_of.as_ref()?), hashed(&entry.locale.as_ref()?.0)));
            names.extend(contents.entries.iter().filter_map(name));
            if let Some(kept) = &mut kept {
                kept.push((source, contents));
            }
        }
        (names, kept)
    }

    /// Which entries stand in more than one locale: what a reply does is found out for those alone, and reading is quick beside that. What is
    /// read of small files is given back, so that they are read but once.
    fn with_variants(&self) -> (HashSet<u64>, Vec<Option<Read>>) {
        let left = AtomicU64::new(KEPT);
        let (names, read): (Vec<_>, Vec<_>) = self.jobs.par_iter().map(|job| self.names_in(job, &left)).unzip();
        let mut first: HashMap<u64, u64> = HashMap::new();
        let mut several = HashSet::new();
        for (name, locale) in names.into_iter().flatten() {
            if *first.entry(name).or_insert(locale) != locale {
                several.insert(name);
            }
        }
        (several, read)
    }

    /// Compares the variants of each entry, wherever they stand, and adds what is found to their replies.
    fn compare(&self, checked: &mut [Checked]) {
        let mut entries: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for (file, one) in checked.iter().enumerate() {
            for (at, reply) in one.replies.iter().enumerate() {
                if let Some((name, ..)) = &reply.variant {
                    entries.entry(name).or_default().push((file, at));
                }
            }
        }
        let mut found: Vec<((usize, usize), Vec<Finding>)> = Vec::new();
        for places in entries.into_values().filter(|places| places.len() > 1) {
            let variants: Vec<&(String, String, Variant)> =
                places.iter().filter_map(|&(file, at)| checked[file].replies[at].variant.as_ref()).collect();
            let mut locales: Vec<&str> = variants.iter().map(|(_, locale, _)| locale.as_str()).collect();
            locales.sort_unstable();
            locales.dedup();
            // Two of one locale: a name that is used twice.
            if locales.len() < variants.len() {
                continue;
            }
            let variants: Vec<Variant> = variants.into_iter().map(|(_, _, variant)| variant.clone()).collect();
            let analyzer = &self.kits[self.jobs[places[0].0].kit].analyzer;
            found.extend(places.into_iter().zip(analyzer.compare(&variants)));
        }
        for ((file, at), findings) in found.into_iter().filter(|(_, findings)| !findings.is_empty()) {
            checked[file].replies[at].reply.add(&findings);
        }
    }
}

/// What the command line sets for every file.
fn of_options(scope: &Scope) -> Settings {
    let list = |option: &str, values: &[String]| -> Vec<Placed<String>> {
        values.iter().map(|value| Placed::option(option, value)).collect()
    };
    let one = |option: &str, value: &Option<String>| value.as_ref().map(|value| Placed::option(option, value));
    let paths = |option: &str, paths: &[PathBuf]| -> Vec<Placed<PathBuf>> {
        let placed = |path: &PathBuf| Placed { value: path.clone(), path: option.to_owned(), line: None, column: None };
        paths.iter().map(placed).collect()
    };
    let mut settings = Settings {
        message_lang: one("--message-lang", &scope.message_lang),
        own_names: scope.own_name.clone(),
        lexicons: paths("--lexicon", &scope.lexicon),
        profiles: paths("--profile", &scope.profile),
        ..Settings::default()
    };
    settings.patch.lang = one("--lang", &scope.lang);
    settings.patch.select = Some(list("--select", &scope.select)).filter(|rules| !rules.is_empty());
    settings.patch.extend_select = list("--extend-select", &scope.extend_select);
    settings.patch.ignore = list("--ignore", &scope.ignore);
    settings.patch.include.clone_from(&scope.include);
    settings.patch.fragments = scope.fragments.then_some(true);
    settings
}

fn hashed(thing: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}
