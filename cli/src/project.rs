//! Where files are, seen from the project they belong to.

use std::env;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::config::NAMES;
use crate::report::display;

/// The project that is checked: the folder that git keeps, or else the topmost one with a configuration, or else where the command was started.
#[derive(Debug)]
pub(crate) struct Project {
    /// Where the command was started.
    pub(crate) here: PathBuf,
    pub(crate) root: PathBuf,
    /// Whether git keeps it.
    pub(crate) in_git: bool,
    /// The folder from which findings are known: the baseline's, so that it can be read from anywhere.
    pub(crate) base: PathBuf,
}

impl Project {
    /// That of where the command was started; where that is none, that of the first of `paths`.
    pub(crate) fn new(paths: &[PathBuf]) -> io::Result<Project> {
        let here = fs::canonicalize(env::current_dir()?)?;
        let named = paths.iter().find_map(|path| fs::canonicalize(path).ok());
        let (root, in_git) = root(&here).or_else(|| root(&named?)).unwrap_or_else(|| (here.clone(), false));
        Ok(Project { base: root.clone(), root, in_git, here })
    }

    /// With the baseline at `path`.
    pub(crate) fn with_baseline(mut self, path: &Path) -> Project {
        if let Some(folder) = self.absolute(path).parent() {
            self.base = folder.to_owned();
        }
        self
    }

    /// The whole path of a file, links in its folders followed.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        let whole = plain(&self.here.join(path));
        let folder = whole.parent().and_then(|folder| fs::canonicalize(folder).ok());
        folder.zip(whole.file_name()).map_or_else(|| whole.clone(), |(folder, name)| folder.join(name))
    }

    /// A file's path from the root, with `/`; its whole path where it is elsewhere.
    pub(crate) fn file(&self, absolute: &Path) -> String {
        display(absolute.strip_prefix(&self.root).unwrap_or(absolute))
    }

    /// A file's path from where findings are known.
    pub(crate) fn known_as(&self, absolute: &Path) -> String {
        let up = self.base.ancestors().take_while(|folder| !absolute.starts_with(folder)).count();
        let shared = self.base.ancestors().nth(up).unwrap_or(Path::new("/"));
        let inside = absolute.strip_prefix(shared).unwrap_or(absolute);
        display(&std::iter::repeat_n(Path::new(".."), up).chain([inside]).collect::<PathBuf>())
    }

    /// A file's path from where the command was started, as people would name it.
    pub(crate) fn shown(&self, absolute: &Path) -> PathBuf {
        absolute.strip_prefix(&self.here).unwrap_or(absolute).to_owned()
    }
}

/// The root of the project that `path` is in, and whether git keeps it.
fn root(path: &Path) -> Option<(PathBuf, bool)> {
    let in_git = path.ancestors().find(|folder| folder.join(".git").exists());
    let configured = path.ancestors().filter(|folder| NAMES.iter().any(|name| folder.join(name).is_file())).last();
    in_git.or(configured).map(|root| (root.to_owned(), in_git.is_some()))
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            component => plain.push(component),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_from_the_folder_of_the_baseline() {
        let project = |base: &str| Project { here: "/p".into(), root: "/p".into(), in_git: true, base: base.into() };
        for (base, known) in
            [("/p", "a/r.txt"), ("/p/a", "r.txt"), ("/p/ci/b", "../../a/r.txt"), ("/q", "../p/a/r.txt")]
        {
            assert_eq!(project(base).known_as(Path::new("/p/a/r.txt")), known, "{base}");
        }
    }
}
