//! Files written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::report::Problem;

/// Writes `new` in place of `old`: beside the file first, then over it. The file keeps its mode.
///
/// # Errors
///
/// If it holds anything else than `old` by now, may not be written, or the disk refuses.
pub(crate) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Problem> {
    let failed = |error: io::Error| failed(path, &error);
    // A link stays one: what it names is written.
    let target = fs::canonicalize(path).map_err(failed)?;
    if let Some(problem) = read_only(path, &target) {
        return Err(problem);
    }
    let beside = beside(&target, new).map_err(failed)?;
    if fs::read(&target).map_err(failed)? != old {
        let message = "it changed while it was read, and was left as it is: run the command again";
        return Err(Problem::of_file(path, message));
    }
    beside.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a file, whatever was there. What is no regular file, `/dev/stdout` or a pipe, is written as it is.
///
/// # Errors
///
/// If it may not be written, or the disk refuses.
pub(crate) fn whole(path: &Path, new: &[u8]) -> Result<(), Problem> {
    let failed = |error: io::Error| failed(path, &error);
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(Problem::of_file(path, "expected a file, found a folder")),
        Ok(metadata) if !metadata.is_file() || path.starts_with("/dev") => return fs::write(path, new).map_err(failed),
        _ => {}
    }
    if let Some(problem) = read_only(path, &target) {
        return Err(problem);
    }
    beside(&target, new).map_err(failed)?.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A file beside `target` that holds `new`, with the mode that `target` has or would have.
fn beside(target: &Path, new: &[u8]) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // What the user's mask leaves of it, as for any new file.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(new)?;
    if let Ok(metadata) = fs::metadata(target) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

fn read_only(path: &Path, target: &Path) -> Option<Problem> {
    let read_only = fs::metadata(target).is_ok_and(|metadata| metadata.permissions().readonly());
    read_only.then(|| Problem::of_file(path, "it may not be written (read-only)"))
}

fn failed(path: &Path, error: &io::Error) -> Problem {
    Problem::of_file(path, format!("it could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reply.txt");
        fs::write(&path, "theirs").unwrap();
        let problem = replace(&path, b"ours", b"new").unwrap_err();
        assert!(problem.message.starts_with("it changed while it was read"), "{problem}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        replace(&path, b"theirs", b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        whole(&path, b"newer").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(whole(folder.path(), b"").unwrap_err().message.contains("found a folder"));
    }
}
