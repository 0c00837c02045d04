//! Where files are, seen from the project they belong to.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::NAMES;
use crate::report::display;

/// The project that the command runs in: the folder that git keeps, or else the topmost one with a configuration, or else where it was started.
#[derive(Debug)]
pub(crate) struct Project {
    /// Where the command was started.
    pub(crate) here: PathBuf,
    pub(crate) root: PathBuf,
    /// Whether git keeps it.
    pub(crate) in_git: bool,
}

impl Project {
    pub(crate) fn new() -> io::Result<Project> {
        let here = fs::canonicalize(env::current_dir()?)?;
        let in_git = here.ancestors().find(|folder| folder.join(".git").exists());
        let configured = here.ancestors().filter(|folder| NAMES.iter().any(|name| folder.join(name).is_file())).last();
        let root = in_git.or(configured).unwrap_or(&here).to_owned();
        Ok(Project { in_git: in_git.is_some(), root, here })
    }

    /// The whole path of a file, links in its folders followed.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        let whole = self.here.join(path);
        let folder = whole.parent().and_then(|folder| fs::canonicalize(folder).ok());
        folder.zip(whole.file_name()).map_or_else(|| whole.clone(), |(folder, name)| folder.join(name))
    }

    /// A file's path from the root, with `/`; its whole path where it is elsewhere.
    pub(crate) fn file(&self, absolute: &Path) -> String {
        display(absolute.strip_prefix(&self.root).unwrap_or(absolute))
    }

    /// A file's path from where the command was started, as people would name it.
    pub(crate) fn shown(&self, absolute: &Path) -> PathBuf {
        absolute.strip_prefix(&self.here).unwrap_or(absolute).to_owned()
    }
}
