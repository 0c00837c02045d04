//! `--since`: what changed, as git tells it.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::{folder, stderr, stdout, tactful};
use tempfile::TempDir;

const NO: &str = "Unfortunately we can't refund the ticket.";
const BLAME: &str = "You should have read the email.";

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "core.autocrlf=false"])
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// A repository with these files in its first commit.
fn repository(files: &[(&str, &[u8])]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path());
    folder
}

fn since(folder: &Path, revision: &str, args: &[&str]) -> Output {
    let args: Vec<&str> = ["check", "--format", "json", "--since", revision].iter().chain(args).copied().collect();
    tactful(folder, &args)
}

/// Each finding as `path/id rule`.
fn told(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)));
    let mut told = Vec::new();
    for reply in report["replies"].as_array().unwrap() {
        let id = reply["id"].as_str().map_or_else(String::new, |id| format!("#{id}"));
        for finding in reply["findings"].as_array().unwrap() {
            told.push(format!("{}{id} {}", reply["path"].as_str().unwrap(), finding["rule"].as_str().unwrap()));
        }
    }
    told
}

const WORDS: [&str; 2] = ["--select", "refusal/inability,blame/customer"];

#[test]
fn only_what_changed_is_told() {
    let line = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"lang\":\"en\",\"text\":\"{text}\"}}\n");
    let old = [line("a", NO), line("b", "Thanks, it is done."), line("c", NO)].concat();
    let same = format!("# Replies\n\n## One\n\n{NO}\n\n## Two\n\n{BLAME}\n");
    let odd = "señal \"x\" 🙂/ä b'.txt";
    let folder = repository(&[
        ("lib/a.jsonl", old.as_bytes()),
        ("lib/moved.md", same.as_bytes()),
        ("lib/same.txt", NO.as_bytes()),
        ("lib/crlf.txt", format!("Hi Ana,\n\n{NO}\n").as_bytes()),
        ("lib/gone.txt", NO.as_bytes()),
        ("lib/renamed.md", same.as_bytes()),
        (odd, NO.as_bytes()),
    ]);
    let at = |name: &str| folder.path().join(name);
    let unchanged = since(folder.path(), "HEAD", &WORDS);
    assert_eq!((unchanged.status.code(), told(&unchanged).len(), stderr(&unchanged).as_str()), (Some(0), 0, ""));

    fs::write(at("lib/a.jsonl"), [line("c", NO), line("b", BLAME), line("a", NO)].concat()).unwrap();
    fs::write(at("lib/moved.md"), format!("# Replies\n\n## Two\n\n{BLAME}\n\n## One\n\n{NO}\n")).unwrap();
    fs::write(at("lib/crlf.txt"), format!("Hi Ana,\r\n\r\n{NO}\r\n")).unwrap();
    fs::remove_file(at("lib/gone.txt")).unwrap();
    fs::write(at("lib/untracked ñ.txt"), BLAME).unwrap();
    fs::write(at("lib/added.txt"), BLAME).unwrap();
    fs::write(at(odd), format!("{NO} {BLAME}")).unwrap();
    git(folder.path(), &["mv", "lib/renamed.md", "lib/new name.md"]);
    git(folder.path(), &["add", "lib/added.txt"]);
    let inside = ["a.jsonl#b", "added.txt", "untracked ñ.txt"].map(|name| format!("{name} blame/customer"));
    let mut expected: Vec<String> = inside.iter().map(|told| format!("lib/{told}")).collect();
    expected.extend([format!("{odd} blame/customer"), format!("{odd} refusal/inability")]);
    let mut found = told(&since(folder.path(), "HEAD", &WORDS));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let output = since(&at("lib"), "HEAD", &WORDS);
    assert_eq!((told(&output), output.status.code()), (inside.to_vec(), Some(1)), "{}", stderr(&output));
    assert_eq!(told(&since(folder.path(), "main", &[WORDS[0], WORDS[1], "lib/same.txt", "lib/added.txt"])).len(), 1);
}

#[test]
fn a_branch_is_compared_with_where_it_began() {
    let folder = repository(&[("a.txt", b"Thanks, it is done.\n"), ("b.txt", NO.as_bytes())]);
    let path = folder.path();
    git(path, &["switch", "-q", "-c", "mine"]);
    fs::write(path.join("a.txt"), BLAME).unwrap();
    commit(path);
    git(path, &["switch", "-q", "main"]);
    fs::write(path.join("b.txt"), "Thanks, it is done.\n").unwrap();
    commit(path);
    git(path, &["switch", "-q", "mine"]);
    assert_eq!(told(&since(path, "main", &WORDS)), ["a.txt blame/customer"]);
    assert_eq!(told(&since(path, "HEAD~1", &WORDS)), ["a.txt blame/customer"]);
    assert_eq!(told(&since(path, "HEAD", &WORDS)), [""; 0]);
}

#[test]
fn a_changed_variant_is_compared_with_siblings_that_stayed() {
    let folder = repository(&[
        ("es/late.md", "Hola:\n\nLe pedimos disculpas. Hoy mismo le enviamos otro paquete.\n".as_bytes()),
        ("sv/late.md", "Hej!\n\nVi ber om ursäkt. Vi skickar ett nytt paket i dag.\n".as_bytes()),
        ("en/late.md", "Hi,\n\nWe apologise. We are sending another parcel today.\n".as_bytes()),
    ]);
    fs::write(folder.path().join("en/late.md"), "Hi,\n\nYour parcel is late. We can't send another one.\n").unwrap();
    let select = ["--select", "variants"];
    let expected = ["no-apology", "no-next-step", "refusal"].map(|rule| format!("en/late.md variants/{rule}"));
    assert_eq!(told(&since(folder.path(), "HEAD", &select)), expected);
    commit(folder.path());
    let quiet = since(folder.path(), "HEAD", &select);
    assert_eq!((told(&quiet).len(), quiet.status.code()), (0, Some(0)));
}

#[test]
fn suppressions_of_what_did_not_change_are_not_called_unused() {
    let text = format!(
        "# tactful-disable-next-line refusal -- why\n- name: a\n  text: \"{NO}\"\n- name: b\n  text: Thanks.\n"
    );
    let folder = repository(&[
        ("a.yaml", text.as_bytes()),
        ("tactful.toml", b"[[suppress]]\nrules = [\"blame\"]\nreason = \"why\"\n"),
    ]);
    fs::write(folder.path().join("a.yaml"), text.replace("Thanks.", "Thank you, Ana.")).unwrap();
    let output = since(folder.path(), "HEAD", &["--select", "refusal,blame", "--deny-unused"]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn what_is_no_revision_is_told() {
    let repository = repository(&[("a.txt", NO.as_bytes())]);
    let escaped = repository.path().join("x");
    let output_option = format!("--output={}", escaped.display());
    for revision in ["nothing", &output_option, "-x", "--all", "HEAD:a.txt", "", "HEAD^{tree}", "a..b"] {
        let args = [format!("--since={revision}")];
        let output = tactful(repository.path(), &["check", "--format", "json", "--select", "refusal", &args[0]]);
        let told = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{revision}: {told}");
        assert!(told.starts_with(&format!("tactful: --since {revision}: ")), "{told}");
        assert_eq!(told.lines().count(), 1, "{revision}: {told}");
    }
    assert!(!escaped.exists());
    let bare = folder(&[("a.txt", NO.as_bytes())]);
    let output = since(bare.path(), "HEAD", &[]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("there is no repository here"), "{}", stderr(&output));
}

#[test]
fn what_git_does_not_keep_is_new() {
    let repository = repository(&[
        (".gitignore", b"ignored.txt\n"),
        ("en.po", b"#, fuzzy\nmsgid \"a\"\nmsgstr \"Unfortunately we can't refund it.\"\n"),
    ]);
    let write = |name: &str, text: &[u8]| {
        let path = repository.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("ignored.txt", NO.as_bytes());
    write("nested/a.txt", NO.as_bytes());
    git(&repository.path().join("nested"), &["init", "-q"]);
    write("en.po", b"msgid \"a\"\nmsgstr \"Unfortunately we can't refund it.\"\n");
    let args: Vec<&str> = WORDS.iter().copied().chain(["--lang", "en", ".", "ignored.txt"]).collect();
    let output = since(repository.path(), "HEAD", &args);
    let expected = ["en.po refusal/inability", "ignored.txt refusal/inability", "nested/a.txt refusal/inability"];
    assert_eq!(told(&output), expected, "{}", stderr(&output));
}
