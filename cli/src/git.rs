//! What changed since a revision, as git tells it. Its own command is asked: whoever has a revision has that, of the version that wrote it.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files that differ from a revision.
#[derive(Debug)]
pub(crate) struct Changed {
    root: PathBuf,
    base: String,
    /// By whole path: the path from the root that the file had then; `None` where it is new.
    files: HashMap<PathBuf, Option<PathBuf>>,
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
        let new = git(root, ["ls-files", "--others", "--exclude-standard", "-z"]);
        let new = new.map_err(|reason| format!("--since {revision}: {reason}"))?;
        files
            .extend(new.split(|&byte| byte == 0).filter(|new| !new.is_empty()).map(|new| (root.join(path(new)), None)));
        Ok(Changed { root: root.to_owned(), base, files })
    }

    /// Whether a file differs; one outside of the repository counts as if it did.
    pub(crate) fn has(&self, absolute: &Path) -> bool {
        self.files.contains_key(absolute) || !absolute.starts_with(&self.root)
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
