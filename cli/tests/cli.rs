//! The command as its users run it.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::{FINE, folder, tactful};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stdout(output)))
}

const RISKY: &[u8] = b"Unfortunately we can't refund the ticket. It's company policy.\n";

#[test]
fn documented_sessions_hold() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}

#[test]
fn exit_codes() {
    let folder = folder(&[("risky.txt", RISKY), ("fine.txt", FINE), ("empty/nothing.bin", b"")]);
    let code = |args: &[&str]| tactful(folder.path(), args).status.code();
    assert_eq!(code(&["check", "fine.txt"]), Some(0));
    assert_eq!(code(&["check", "risky.txt"]), Some(1));
    assert_eq!(code(&["check"]), Some(1));
    assert_eq!(code(&["check", "--exit-zero"]), Some(0));
    assert_eq!(code(&["check", "--fail-on", "never"]), Some(0));
    assert_eq!(code(&["check", "--select", "apology"]), Some(0));
    assert_eq!(code(&["check", "--ignore", "refusal,structure"]), Some(0));
    assert_eq!(code(&["check", "missing.txt"]), Some(2));
    assert_eq!(code(&["check", "--exit-zero", "missing.txt"]), Some(2));
    assert_eq!(code(&["check", "empty"]), Some(2));
    assert_eq!(code(&["check", "empty/nothing.bin"]), Some(2));
    assert_eq!(code(&["check", "--select", "nonsense"]), Some(2));
    assert_eq!(code(&["check", "--lang", "de"]), Some(2));
    assert_eq!(code(&["check", "--max-size", "many"]), Some(2));
}

#[test]
fn what_cannot_be_read_is_told_after_all_else_was_checked() {
    let mut files: Vec<(&str, &[u8])> = vec![
        ("a/risky.txt", RISKY),
        ("a/random.md", &[0x00, 0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28]),
        ("a/latin1.yaml", b"hola: se\xf1or.\n"),
        ("a/lines.jsonl", b"{\"text\":\"No.\",\"lang\":\"en\"}\n{\"text\": oops}\n\n{\"id\":1}\n{\"text\":\"Thanks!\",\"lang\":\"en\"}\n"),
        ("a/matter.md", b"---\nlang: [\n---\nHello there.\n"),
    ];
    let large = vec![b'a'; 3000];
    files.push(("a/large.txt", &large));
    let folder = folder(&files);
    let output = tactful(folder.path(), &["check", "--format", "json", "--max-size", "2K", "a"]);
    assert_eq!(output.status.code(), Some(2));
    let report = json(&output);
    let places: Vec<String> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{}:{}:{}", error["path"].as_str().unwrap(), error["line"], error["column"]))
        .collect();
    assert_eq!(
        places,
        [
            "a/large.txt:null:null",
            "a/latin1.yaml:1:9",
            "a/lines.jsonl:2:10",
            "a/lines.jsonl:4:1",
            "a/matter.md:2:7",
            "a/random.md:1:2",
        ]
    );
    assert_eq!(stderr(&output).lines().count(), 6, "{}", stderr(&output));
    let read: Vec<&str> =
        report["replies"].as_array().unwrap().iter().map(|reply| reply["path"].as_str().unwrap()).collect();
    assert_eq!(read, ["a/lines.jsonl", "a/lines.jsonl", "a/risky.txt"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_or_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("secret.txt", FINE), ("fine.txt", FINE)]);
    let secret = folder.path().join("secret.txt");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    std::os::unix::fs::symlink("loop.txt", folder.path().join("loop.txt")).unwrap();
    let output = tactful(folder.path(), &["check"]);
    // Whoever is allowed everything reads it all the same.
    if fs::read(&secret).is_err() {
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("secret.txt: it may not be read"), "{}", stderr(&output));
    }
    let output = tactful(folder.path(), &["check", "loop.txt", "/dev/null"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn walking_leaves_alone_what_is_no_reply() {
    let folder = folder(&[
        ("README.md", RISKY),
        ("LICENSE-MIT.txt", RISKY),
        ("CHANGELOG.md", RISKY),
        (".hidden/a.txt", RISKY),
        ("ignored/a.txt", RISKY),
        (".gitignore", b"ignored/\n"),
        ("notes.rs", RISKY),
        ("sub/fine.md", FINE),
    ]);
    let paths = |args: &[&str]| -> Vec<String> {
        let report = json(&tactful(folder.path(), args));
        report["replies"].as_array().unwrap().iter().map(|reply| reply["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(&["check", "--format", "json"]), ["sub/fine.md"]);
    assert_eq!(paths(&["check", "--format", "json", "README.md"]), ["README.md"]);
    assert_eq!(
        paths(&["check", "--format", "json", "--no-ignore", "--hidden"]),
        [".hidden/a.txt", "ignored/a.txt", "sub/fine.md"]
    );
}

#[test]
fn places_are_those_of_the_file() {
    let text =
        "---\nid: late\ntitle: Sen leverans\nlang: sv\n---\nHej!\n\nÅååh 🙂 tyvärr kan vi inte återbetala biljetten.\n";
    let line = "{\"id\": 7, \"lang\": \"en\", \"text\": \"Hi \\u00c5sa,\\n\\nno, that's \\\"not\\\" possible.\"}\n";
    let folder = folder(&[("a.md", text.as_bytes()), ("b.jsonl", line.as_bytes())]);
    let report = json(&tactful(folder.path(), &["check", "--format", "json"]));
    for (reply, file) in report["replies"].as_array().unwrap().iter().zip([text, line]) {
        let findings = reply["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| !finding["range"].is_null()).unwrap();
        let (start, end) = (&finding["location"]["start"], &finding["location"]["end"]);
        let words = &file[start["offset"].as_u64().unwrap() as usize..end["offset"].as_u64().unwrap() as usize];
        let decoded: String = serde_json::from_str(&format!("\"{words}\"")).unwrap();
        assert_eq!(decoded, finding["text"].as_str().unwrap());
        let line = file.lines().nth(start["line"].as_u64().unwrap() as usize - 1).unwrap();
        let column = start["column"].as_u64().unwrap() as usize - 1;
        assert!(line.chars().skip(column).collect::<String>().starts_with(words));
    }
    let first = &report["replies"][0];
    assert_eq!(
        (first["id"].as_str(), first["title"].as_str(), first["language"].as_str()),
        (Some("late"), Some("Sen leverans"), Some("sv"))
    );
}

#[test]
fn an_empty_file_is_a_silent_reply() {
    let folder = folder(&[("empty.txt", b"")]);
    let report = json(&tactful(folder.path(), &["check", "--format", "json"]));
    assert_eq!(report["replies"][0]["findings"][0]["rule"], "structure/silence");
    assert_eq!(report["replies"][0]["language"], serde_json::Value::Null);
}

#[test]
fn standard_input_is_a_reply() {
    use std::io::Write;
    let run = |args: &[&str], input: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tactful"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = run(&["check", "--format", "json", "-"], RISKY);
    assert_eq!((output.status.code(), &json(&output)["replies"][0]["path"]), (Some(1), &"stdin.txt".into()));
    let lines = b"{\"text\":\"No.\",\"lang\":\"en\"}\n{\"text\":\"Nej.\",\"lang\":\"sv\"}\n";
    let output = run(&["check", "--format", "json", "--stdin-filename", "x.jsonl", "-"], lines);
    assert_eq!(json(&output)["summary"]["replies"], 2);
}

#[test]
fn text_of_others_does_not_steer_the_terminal() {
    let folder = folder(&[("a.txt", b"Sorry \x1b[31m\x07but no, that's not possible.\r\n::error::no way\n")]);
    let output = tactful(folder.path(), &["check", "--color", "never"]);
    assert!(!stdout(&output).contains(['\u{1b}', '\u{7}']), "{:?}", stdout(&output));
}

#[test]
fn the_json_report_is_the_same_on_any_number_of_threads() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let run =
        |threads: &str| stdout(&tactful(&library, &["check", "--format", "json", "-j", threads, "canned-responses"]));
    let (one, four) = (run("1"), run("4"));
    assert_eq!(one, four);
    let report: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["summary"]["replies"], report["replies"].as_array().unwrap().len());
}

#[test]
fn a_lexicon_of_ones_own_is_checked_and_used() {
    let own = b"language = \"en\"\n\n[[rule]]\nid = \"acme/jargon\"\nseverity = \"warning\"\nmessage = \"Customers don't know our internal names.\"\nwhy = \"A word to look up is a word too many.\"\n\n[[rule.phrase]]\nid = \"tier-two\"\nmatch = [\"tier (2 | two)\"]\nrisky = [\"I've passed it to tier 2.\"]\nfine = [\"The first tier is free.\"]\n\n[[rewrite]]\nid = \"specialists\"\nrules = [\"acme/jargon\"]\nmatch = [\"tier (2 | two)\"]\ntext = \"<our> specialists\"\nexamples = [{ before = \"We've passed it to tier two.\", after = \"We've passed it to our specialists.\" }]\n";
    let broken = String::from_utf8(own.to_vec()).unwrap().replace("tier (2 | two)", "tier (2");
    let folder = folder(&[
        ("own.toml", own),
        ("broken.toml", broken.as_bytes()),
        ("a.txt", b"I've passed your ticket to tier two, and they will call you today."),
    ]);
    let output = tactful(folder.path(), &["lexicon", "check", "own.toml"]);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "en: 1 phrases, 1 patterns, 1 rewrites, 3 examples: all hold\n")
    );
    let output = tactful(folder.path(), &["lexicon", "check", "broken.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("broken.toml:11:"), "{}", stderr(&output));
    let report = json(&tactful(folder.path(), &["check", "--format", "json", "--lexicon", "own.toml", "a.txt"]));
    let finding = &report["replies"][0]["findings"][0];
    assert_eq!(finding["rule"], "acme/jargon");
    let better = "I've passed your ticket to my specialists, and they will call you today.";
    assert_eq!(finding["suggestions"][0]["text"], better);
}

const SORRY: &str = "Hi Ana,\r\n\r\nI'm sorry for the delay with order 4471. It leaves today.\r\n";
const APOLOGY: &str = "Hi Ana,\r\n\r\nI apologise for the delay with order 4471. It leaves today.\r\n";

#[test]
fn fix_makes_what_is_certain_and_keeps_the_rest_of_the_file() {
    let matter = "\u{feff}---\r\nid: late\r\n---\r\n";
    let lines = concat!(
        "{\"id\": 1,  \"text\": \"I'm sorry for the \\u201cdelay\\u201d.\\nIt leaves today.\", \"lang\":\"en\"}\r\n",
        "not JSON\n",
        "{\"text\":\"It leaves today.\"}"
    );
    let files =
        [("late.md", format!("{matter}{SORRY}")), ("more.jsonl", lines.to_owned()), ("fine.txt", "Done.".into())];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let run = || tactful(folder.path(), &["check", "--fix", "--lang", "en", "."]);
    let output = run();
    assert_eq!(read("late.md"), format!("{matter}{APOLOGY}"));
    assert_eq!(read("more.jsonl"), lines.replace("I'm sorry", "I apologise"));
    assert_eq!(read("fine.txt"), "Done.");
    // The line that is not JSON is told, and stays.
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let again = run();
    assert_eq!((read("late.md"), stdout(&again)), (format!("{matter}{APOLOGY}"), stdout(&output)));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn unsafe_fixes_are_made_only_when_asked_for() {
    let text = "We can't ship it today, but it leaves tomorrow morning and I'll send you the tracking number.\n";
    let folder = folder(&[("reply.txt", text.as_bytes())]);
    let read = || fs::read_to_string(folder.path().join("reply.txt")).unwrap();
    let output = tactful(folder.path(), &["check", "--fix", "reply.txt"]);
    assert_eq!(read(), text);
    assert!(stdout(&output).contains("fixable with --fix --unsafe-fixes"), "{}", stdout(&output));
    tactful(folder.path(), &["check", "--fix", "--unsafe-fixes", "reply.txt"]);
    assert!(read().starts_with("It leaves tomorrow morning"), "{}", read());
}

#[test]
fn a_diff_shows_and_writes_nothing() {
    let folder = folder(&[("late.txt", SORRY.as_bytes()), ("fine.txt", FINE)]);
    let output = tactful(folder.path(), &["check", "--diff"]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stdout(&output);
    assert!(shown.starts_with("--- late.txt\n+++ late.txt\n@@ "), "{shown}");
    assert!(
        shown.contains("\n-I'm sorry for") && shown.contains("\n+I apologise for") && !shown.contains("fine"),
        "{shown}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("late.txt")).unwrap(), SORRY);
    let nothing = tactful(folder.path(), &["check", "--diff", "fine.txt"]);
    assert_eq!((nothing.status.code(), stdout(&nothing)), (Some(0), String::new()));
    assert_eq!(tactful(folder.path(), &["check", "--diff", "--format", "json"]).status.code(), Some(2));
}

#[test]
fn standard_input_is_fixed_on_standard_output() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tactful"))
        .args(["check", "--fix", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), SORRY.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output), APOLOGY);
    assert!(stderr(&output).contains("1 reply in 1 file"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn fix_keeps_mode_and_links_and_leaves_what_may_not_be_written() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real/late.txt", SORRY.as_bytes()), ("locked.txt", SORRY.as_bytes())]);
    let path = |name: &str| folder.path().join(name);
    let mode = |name: &str, mode: u32| fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).unwrap();
    mode("real/late.txt", 0o640);
    mode("locked.txt", 0o444);
    symlink("real/late.txt", path("link.txt")).unwrap();
    let output = tactful(folder.path(), &["check", "--fix", "link.txt", "locked.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("locked.txt: it may not be written (read-only)"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(path("locked.txt")).unwrap(), SORRY);
    assert_eq!(fs::read_to_string(path("real/late.txt")).unwrap(), APOLOGY);
    assert!(fs::symlink_metadata(path("link.txt")).unwrap().is_symlink());
    assert_eq!(fs::metadata(path("real/late.txt")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn the_json_report_carries_suggestions() {
    let folder = folder(&[("late.txt", b"I'm sorry for the delay. It leaves today.")]);
    let report = json(&tactful(folder.path(), &["check", "--format", "json"]));
    let suggestion = &report["replies"][0]["findings"][0]["suggestions"][0];
    assert_eq!(suggestion["text"], "I apologise for the delay.");
    assert_eq!(suggestion["applicability"], "machine-applicable");
    assert_eq!(suggestion["holes"], serde_json::json!([]));
    assert_eq!(suggestion["edits"], serde_json::json!([{"start": 0, "end": 13, "text": "I apologise for"}]));
}
