//! Where configurations are, and what each comes to with those it extends.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;
use toml::Spanned;

use super::file::{self, File};
use super::{Config, Files, Gate, NAMES, Patch, Placed, Settings, Suppression, Text, why};
use crate::args::Scope;
use crate::load::reason;
use crate::report::Problem;

/// Finds the configuration of each file.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    /// The one for every file, where the command line says so.
    only: Option<Arc<Config>>,
    /// By folder.
    known: HashMap<PathBuf, Arc<Config>>,
    /// By file.
    read: HashMap<PathBuf, Arc<Config>>,
    /// For files that have none.
    fallback: Option<Arc<Config>>,
}

impl Configs {
    /// As `--config` and `--isolated` say.
    ///
    /// # Errors
    ///
    /// If the one that `--config` names does not hold.
    pub(crate) fn new(scope: &Scope) -> Result<Configs, Problem> {
        if scope.isolated {
            return Ok(Configs { only: Some(Arc::default()), ..Configs::default() });
        }
        Configs::with(scope.config.as_deref())
    }

    /// With the configuration at `path` for every file, if that is given.
    ///
    /// # Errors
    ///
    /// If it does not hold.
    pub(crate) fn with(path: Option<&Path>) -> Result<Configs, Problem> {
        let only = path.map(|path| load(path, &mut Vec::new(), None).map(Arc::new)).transpose()?;
        Ok(Configs { only, ..Configs::default() })
    }

    /// The configuration of the files in `folder`, which is absolute: the nearest one in it or above it, or else the user's own.
    ///
    /// # Errors
    ///
    /// If it, or one that it extends, does not hold.
    pub(crate) fn of_folder(&mut self, folder: &Path) -> Result<Arc<Config>, Problem> {
        if let Some(only) = &self.only {
            return Ok(Arc::clone(only));
        }
        if let Some(known) = self.known.get(folder) {
            return Ok(Arc::clone(known));
        }
        let here = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        let config = match (here, folder.parent()) {
            (Some(path), _) => self.at(&path)?,
            (None, Some(parent)) => self.of_folder(parent)?,
            (None, None) => self.users()?,
        };
        self.known.insert(folder.to_owned(), Arc::clone(&config));
        Ok(config)
    }

    fn at(&mut self, path: &Path) -> Result<Arc<Config>, Problem> {
        if let Some(read) = self.read.get(path) {
            return Ok(Arc::clone(read));
        }
        let config = Arc::new(load(&shown(path), &mut Vec::new(), None)?);
        self.read.insert(path.to_owned(), Arc::clone(&config));
        Ok(config)
    }

    /// The one in the user's own folder of configurations, where there is one.
    fn users(&mut self) -> Result<Arc<Config>, Problem> {
        if let Some(fallback) = &self.fallback {
            return Ok(Arc::clone(fallback));
        }
        let folder = etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("tactful"));
        let path = folder.map(|folder| folder.join("tactful.toml")).filter(|path| path.is_file());
        let config = match path {
            Some(path) => Arc::new(Config { users: true, ..load(&path, &mut Vec::new(), None)? }),
            None => Arc::default(),
        };
        self.fallback = Some(Arc::clone(&config));
        Ok(config)
    }
}

/// A path as people would name it from where the command was started.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_owned()
}

/// The configuration at `path`, extended by those before it, of which the last names it at `from`.
fn load(path: &Path, before: &mut Vec<PathBuf>, from: Option<&Placed<PathBuf>>) -> Result<Config, Problem> {
    let blamed = |message: String| match from {
        Some(from) => from.problem(format!("{}: {message}", crate::report::display(path))),
        None => Problem::of_file(path, message),
    };
    let canonical = fs::canonicalize(path).map_err(|error| blamed(reason(&error)))?;
    if before.contains(&canonical) {
        return Err(blamed("it extends itself, by way of this one".into()));
    }
    before.push(canonical.clone());
    let text = fs::read_to_string(&canonical).map_err(|error| blamed(reason(&error)))?;
    let file = file::parse(path, &text)?;
    let folder = canonical.parent().unwrap_or(Path::new("/"));
    let place = Text::new(path, &text);
    let extended = file.extend.clone().map(|extend| place.placed(extend));
    let mut config = match extended {
        Some(extend) => {
            let target = path.parent().unwrap_or(Path::new("")).join(&extend.value);
            load(&target, before, Some(&extend))?
        }
        None => Config::default(),
    };
    config.files.insert(0, canonical.clone());
    config.extend(file, &place, folder)?;
    Ok(config)
}

impl Config {
    /// Adds what a file says to what those say that it extends.
    fn extend(&mut self, file: File, place: &Text<'_>, folder: &Path) -> Result<(), Problem> {
        let all =
            |values: Vec<Spanned<String>>| values.into_iter().map(|value| place.placed(value)).collect::<Vec<_>>();
        let paths = |values: Vec<Spanned<PathBuf>>| -> Vec<Placed<PathBuf>> {
            values.into_iter().map(|value| place.placed(value).map(|path| folder.join(path))).collect()
        };
        let include = |values: Vec<Spanned<String>>| all(values).iter().map(why).collect::<Result<Vec<_>, _>>();
        let severity = |levels: std::collections::BTreeMap<Spanned<String>, super::Level>| {
            levels.into_iter().map(|(rule, level)| (place.placed(rule), level)).collect::<Vec<_>>()
        };
        self.settings.extend(Settings {
            message_lang: file.message_lang.map(|lang| place.placed(lang)),
            own_names: file.own_names,
            lexicons: paths(file.lexicons),
            profiles: paths(file.profiles),
            patch: Patch {
                lang: file.lang.map(|lang| place.placed(lang)),
                select: file.select.map(all),
                extend_select: all(file.extend_select),
                ignore: all(file.ignore),
                severity: severity(file.severity),
                include: include(file.include)?,
                fragments: file.fragments,
            },
        });
        if !file.exclude.is_empty() {
            self.exclude.push(Files::new(folder, all(file.exclude))?);
        }
        for one in file.overrides {
            let files = place.placed(one.files);
            if files.value.is_empty() {
                return Err(files.problem("expected patterns for files, found none"));
            }
            let patch = Patch {
                lang: one.lang.map(|lang| place.placed(lang)),
                select: one.select.map(all),
                extend_select: all(one.extend_select),
                ignore: all(one.ignore),
                severity: severity(one.severity),
                include: include(one.include)?,
                fragments: one.fragments,
            };
            self.overrides.push((Files::new(folder, all(files.value))?, patch));
        }
        self.gate = Gate { fail_on: file.fail_on, min_score: file.min_score }.or(self.gate);
        for (family, gate) in file.gates {
            let family = place.placed(family);
            if family.value.contains('/') {
                return Err(family.problem(format!("expected a family of rules, found \"{}\"", family.value)));
            }
            match self.gates.iter_mut().find(|(known, _)| known.value == family.value) {
                Some((_, known)) => *known = gate.or(*known),
                None => self.gates.push((family, gate)),
            }
        }
        self.baseline = file.baseline.map(|path| folder.join(path)).or(self.baseline.take());
        for one in file.suppress {
            let (rules, reason) = (place.placed(one.rules), place.placed(one.reason));
            if rules.value.is_empty() {
                return Err(rules.problem("expected the ids of rules, found none"));
            }
            if reason.value.trim().is_empty() {
                return Err(reason.problem("expected the reason, found nothing: whoever reads this next year will ask"));
            }
            let files = if one.files.is_empty() { None } else { Some(Files::new(folder, all(one.files))?) };
            let rules = all(rules.value);
            self.suppressions.push(Suppression { rules, files, entries: one.entries, locale: one.locale, reason });
        }
        Ok(())
    }
}
