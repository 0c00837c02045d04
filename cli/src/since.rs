//! `--since`: what changed since a revision, as git tells it. Its own command is asked: whoever has a revision has that, of the version that wrote it.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use tactful_reader::{Entry, Reader, Why};

/// The files that differ from a revision.
#[derive(Debug)]
pub(crate) struct Changed {
    root: PathBuf,
    base: String,
    /// By whole path: the path from the root that the file had then; `None` where it is new.
    files: HashMap<PathBuf, Option<PathBuf>>,
    /// All that it keeps; not what is in submodules.
    tracked: HashSet<PathBuf>,
}

impl Changed {
    /// What in the repository at `root` differs from `revision`; from where the branch left it, if it went on.
    ///
    /// # Errors
    ///
    /// If there is no git, or no such revision.
    pub(crate) fn since(root: &Path, revision: &str) -> Result<Changed, String> {
        let commit = format!("{revision}^{{commit}}");
        let commit = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        let no_such = |reason: String| {
            let reason = if reason.is_empty() { "git knows no such revision".to_owned() } else { reason };
            format!("--since {revision}: {reason}")
        };
        let commit = line(&commit.map_err(no_such)?);
        // A shallow clone may not know where they parted.
        let base = git(root, ["merge-base", "HEAD", &commit]).map_or(commit, |base| line(&base));
        let mut files = HashMap::new();
        let differing = git(root, ["diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", &base, "--"])
            .map_err(|reason| format!("--since {revision}: {reason}"))?;
        let mut fields = differing.split(|&byte| byte == 0);
        while let (Some(status), Some(old)) = (fields.next(), fields.next().map(path)) {
            match status.first() {
                Some(b'A') => drop(files.insert(root.join(old), None)),
                Some(b'R' | b'C') => {
                    let Some(new) = fields.next().map(path) else { break };
                    files.insert(root.join(new), Some(old));
                }
                _ => drop(files.insert(root.join(&old), Some(old))),
            }
        }
        let tracked = git(root, ["ls-files", "-z"]).map_err(|reason| format!("--since {revision}: {reason}"))?;
        let tracked = tracked.split(|&byte| byte == 0).map(|tracked| root.join(path(tracked))).collect();
        Ok(Changed { root: root.to_owned(), base, files, tracked })
    }

    /// Whether a file differs; what git does not keep counts as if it did.
    pub(crate) fn has(&self, absolute: &Path) -> bool {
        self.files.contains_key(absolute) || !self.tracked.contains(absolute)
    }

    /// What a file held then; `None` if it was not there.
    pub(crate) fn before(&self, absolute: &Path) -> Option<(PathBuf, Vec<u8>)> {
        let path = self.files.get(absolute)?.clone()?;
        let mut blob = OsString::from(format!("{}:", self.base));
        blob.push(&path);
        let bytes = git(&self.root, [OsStr::new("show"), OsStr::new("--no-textconv"), &blob]).ok()?;
        Some((path, bytes))
    }
}

/// What a file said at the revision that it is compared with.
pub(crate) enum Before {
    /// What it says now.
    Same,
    /// These wordings; none, if it was not there.
    Other(HashSet<u64>),
}

impl Before {
    /// What the file at `absolute` said; standard input is new. What customers did not get then, and is not to be judged for one of the reasons to
    /// `include`, counts as not there.
    pub(crate) fn of(changed: &Changed, absolute: Option<&Path>, reader: &Reader, include: &[Why]) -> Before {
        let Some(absolute) = absolute else { return Before::Other(HashSet::new()) };
        if !changed.has(absolute) {
            return Before::Same;
        }
        let Some((path, bytes)) = changed.before(absolute) else { return Before::Other(HashSet::new()) };
        let parts = reader.parts(&path, bytes.as_slice(), u64::MAX).map_while(Result::ok);
        let judged = |entry: &Entry| entry.skipped.is_none_or(|why| include.contains(&why));
        let entries = parts.flat_map(|(_, contents)| contents.entries).filter(judged);
        Before::Other(entries.map(|entry| wording(&entry)).collect())
    }

    pub(crate) fn has(&self, entry: &Entry) -> bool {
        match self {
            Before::Same => true,
            Before::Other(wordings) => wordings.contains(&wording(entry)),
        }
    }
}

/// What an entry says, and in which locale: line ends and its place aside.
fn wording(entry: &Entry) -> u64 {
    let locale = entry.locale.as_ref().map_or("", |(locale, _)| locale);
    let mut hasher = DefaultHasher::new();
    (locale, entry.fragment, entry.text.replace("\r\n", "\n")).hash(&mut hasher);
    hasher.finish()
}

/// A path as git prints it: bytes of no set encoding, but on Windows.
fn path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
    #[cfg(not(unix))]
    return PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// What git prints when it is asked.
fn git(root: &Path, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Vec<u8>, String> {
    let output = Command::new("git").arg("-C").arg(root).args(args).output();
    let output = output.map_err(|error| format!("git could not be run: {error}"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(line(&output.stderr)) }
}
