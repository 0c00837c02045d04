//! The baseline: what was found before is not told again, wherever it moves.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{FINE, folder, stderr, stdout, tactful};

const NO: &str = "Unfortunately we can't refund the ticket.";
const BLAME: &str = "You should have read the email.";
const NAME: &str = "tactful-baseline.json";
const SELECT: [&str; 2] = ["--select", "refusal,blame"];

fn run(folder: &Path, args: &[&str]) -> Output {
    tactful(folder, &[args, &SELECT].concat())
}

fn write(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, &[&["baseline", "write"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    fs::read_to_string(folder.join(NAME)).unwrap_or_default()
}

/// The new findings as `path rule`, and how many are known.
fn check(folder: &Path, args: &[&str]) -> (Vec<String>, u64) {
    let output = run(folder, &[&["check", "--format", "json"], args].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let mut new = Vec::new();
    for reply in report["replies"].as_array().unwrap() {
        for finding in reply["findings"].as_array().unwrap() {
            new.push(format!("{} {}", reply["path"].as_str().unwrap(), finding["rule"].as_str().unwrap()));
        }
    }
    assert_eq!(output.status.code(), Some(i32::from(!new.is_empty())), "{}", stderr(&output));
    (new, report["summary"]["known"].as_u64().unwrap_or_default())
}

/// A file of two replies in each format, and the same moved about, the second worded otherwise.
fn moved() -> Vec<(&'static str, String, String)> {
    let json =
        |one: &str, two: &str| format!("[{{\"id\":\"a\",\"text\":\"{one}\"}},\n{{\"id\":\"b\",\"text\":\"{two}\"}}]");
    let lines = |replies: &[(&str, &str)]| {
        let line = |(id, text): &(&str, &str)| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n");
        replies.iter().map(line).collect::<String>()
    };
    let reworded = "Thanks. You should have read the letter.";
    vec![
        (
            "a.md",
            format!("# All\n\n## One\n\n{NO}\n\n## Two\n\n{BLAME}\n"),
            format!("# All\n\n## Two\n\n{reworded}\n\n## One\n\n{NO}\n"),
        ),
        ("a.jsonl", lines(&[("a", NO), ("b", BLAME)]), lines(&[("b", reworded), ("c", "Thanks."), ("a", NO)])),
        (
            "a.yaml",
            format!("- id: a\n  text: \"{NO}\"\n- id: b\n  text: \"{BLAME}\"\n"),
            format!("- id: b\n  text: \"{reworded}\"\n- id: a\n  text: >\n    {NO}\n"),
        ),
        (
            "a.csv",
            format!("id,body_en\na,{NO}\nb,{BLAME}\n"),
            format!("id,body_en\r\nb,\"{reworded}\"\r\na,\"{NO}\"\r\n"),
        ),
        (
            "a.json",
            json(NO, BLAME),
            format!("[{{\"id\":\"b\",\"text\":\"{reworded}\"}},{{\"id\":\"a\",\"text\":\"{NO}\"}}]"),
        ),
    ]
}

#[test]
fn what_is_known_stays_so_wherever_it_moves() {
    let files = moved();
    let before: Vec<(&str, &[u8])> = files.iter().map(|(name, before, _)| (*name, before.as_bytes())).collect();
    let folder = folder(&before);
    let path = folder.path();
    let first = write(path, &[]);
    assert_eq!(check(path, &[]), (vec![], 10));
    assert_eq!(check(path, &["--no-baseline"]).0.len(), 10);
    for (name, _, after) in &files {
        fs::write(path.join(name), after).unwrap();
    }
    let mut expected: Vec<String> = files.iter().map(|(name, ..)| format!("{name} blame/customer")).collect();
    expected.sort();
    let (mut new, known) = check(path, &[]);
    new.sort();
    assert_eq!((new, known), (expected, 5));
    let output = run(path, &["check", "--quiet", "--fail-on", "never", "--deny-unused"]);
    let told = stderr(&output);
    assert_eq!((output.status.code(), told.lines().count()), (Some(1), 5), "{told}");
    assert!(told.contains(&format!("{NAME}: blame/customer is not found in a.jsonl [b] any more")), "{told}");
    let partly = run(path, &["check", "--quiet", "--fail-on", "never", "a.md", "--deny-unused"]);
    assert_eq!(stderr(&partly).lines().count(), 1, "{}", stderr(&partly));
    let off = tactful(path, &["check", "--quiet", "--select", "refusal", "--deny-unused"]);
    assert_eq!((off.status.code(), stderr(&off).as_str()), (Some(0), ""));

    let pruned = run(path, &["baseline", "prune"]);
    assert!(stdout(&pruned).contains("5 taken out, 5 left"), "{}", stdout(&pruned));
    let left = fs::read_to_string(path.join(NAME)).unwrap();
    assert!(left.lines().all(|line| first.contains(line.trim_end_matches(','))), "{left}");
    let shown = stdout(&tactful(path, &["baseline", "show"]));
    assert!(shown.starts_with("a.csv\n") && shown.ends_with("5 known findings in 5 files\n"), "{shown}");
}

#[test]
fn the_file_is_the_same_whoever_writes_it_from_wherever() {
    let folder = folder(&[
        ("tactful.toml", b""),
        ("sub/a.txt", NO.as_bytes()),
        ("sub/b.txt", BLAME.as_bytes()),
        ("c.txt", FINE),
    ]);
    let path = folder.path();
    let first = write(path, &[]);
    assert_eq!(write(path, &["-j", "1"]), first);
    let output = run(&path.join("sub"), &["baseline", "write"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(path.join(NAME)).unwrap(), first);
    assert!(!path.join("sub").join(NAME).exists());
    assert_eq!(check(&path.join("sub"), &["a.txt"]), (vec![], 1));
    fs::write(path.join("c.txt"), BLAME).unwrap();
    let more = write(path, &["c.txt"]);
    let added: Vec<&str> = more.lines().filter(|line| !first.lines().any(|known| known == *line)).collect();
    assert_eq!((added.len(), more.lines().count()), (1, first.lines().count() + 1), "{more}");
    fs::remove_file(path.join("sub/a.txt")).unwrap();
    let stale = run(path, &["check", "--quiet", "c.txt"]);
    assert!(stderr(&stale).contains("is not found in sub/a.txt any more"), "{}", stderr(&stale));
    let bare = write(path, &["--without-words"]);
    assert!(!bare.contains("words") && !bare.contains("sub/a.txt") && bare.contains("c.txt"), "{bare}");
    assert_eq!(check(path, &[]), (vec![], 2));
}

#[test]
fn two_replies_that_are_the_same_are_two() {
    let line = format!("{{\"text\":\"{NO}\"}}\n");
    let folder = folder(&[("a.jsonl", line.repeat(2).as_bytes())]);
    let path = folder.path();
    write(path, &[]);
    assert_eq!(check(path, &[]), (vec![], 2));
    fs::write(path.join("a.jsonl"), line.repeat(3)).unwrap();
    assert_eq!(check(path, &[]), (vec!["a.jsonl refusal/inability".into()], 2));
    fs::write(path.join("a.jsonl"), &line).unwrap();
    assert_eq!(check(path, &[]), (vec![], 1));
    assert!(stdout(&run(path, &["baseline", "prune"])).contains("1 taken out, 1 left"));
}

#[test]
fn known_findings_cost_no_score_and_open_gates() {
    let folder = folder(&[("a.txt", NO.as_bytes()), ("tactful.toml", b"baseline = \"kept/known.json\"\n")]);
    let path = folder.path();
    fs::create_dir(path.join("kept")).unwrap();
    write(path, &[]);
    assert!(path.join("kept/known.json").is_file() && !path.join(NAME).exists());
    assert_eq!(check(path, &["--min-score", "100,refusal=100", "--fail-on", "hint"]), (vec![], 1));
    fs::rename(path.join("kept/known.json"), path.join("kept/other.json")).unwrap();
    assert_eq!(check(path, &["--baseline", "kept/other.json"]), (vec![], 1));
}

#[test]
fn what_is_no_baseline_is_told_by_place() {
    let folder = folder(&[("a.txt", NO.as_bytes())]);
    for (text, expected) in [
        ("", ":1:0: expected a baseline"),
        ("{\n  \"version\": 1,\n  \"findings\": [\n    {\"file\": 3}\n", ":4:14: expected a baseline"),
        ("{\"version\": 1, \"findings\": [], \"x\": 1}", ":1:34: expected a baseline"),
        ("{\"version\": 2, \"findings\": []}", ": expected a baseline of version 1, found version 2"),
        ("<<<<<<< ours\n", ":1:1: expected a baseline"),
    ] {
        fs::write(folder.path().join(NAME), text).unwrap();
        for command in [&["check"][..], &["baseline", "write"], &["baseline", "prune"]] {
            let output = run(folder.path(), command);
            let told = stderr(&output);
            assert_eq!(
                (output.status.code(), stdout(&output).as_str(), told.lines().count()),
                (Some(2), "", 1),
                "{text}: {told}"
            );
            assert!(told.starts_with(&format!("tactful: {NAME}{expected}")), "{text}: {told}");
            assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap(), text);
        }
    }
    let missing = run(folder.path(), &["check", "--baseline", "gone.json"]);
    assert_eq!(
        (missing.status.code(), stderr(&missing).as_str()),
        (Some(2), "tactful: gone.json: there is no baseline here: tactful baseline write makes one\n")
    );
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_the_old_baseline_or_the_new() {
    let lines = |count: usize| -> String {
        (0..count).map(|id| format!("{{\"id\":\"{id}\",\"lang\":\"en\",\"text\":\"{NO}\"}}\n")).collect()
    };
    let folder = folder(&[("a.jsonl", lines(400).as_bytes())]);
    let path = folder.path();
    let old = write(path, &[]);
    fs::write(path.join("a.jsonl"), lines(401)).unwrap();
    let started = std::time::Instant::now();
    let new = write(path, &[]);
    let whole = started.elapsed();
    for part in 0..10 {
        fs::write(path.join(NAME), &old).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_tactful"))
            .current_dir(path)
            .args(["baseline", "write", SELECT[0], SELECT[1]])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Most of them about when it is written.
        std::thread::sleep(whole.mul_f64(0.8) + Duration::from_millis(1) + whole.mul_f64(0.03) * part);
        run.kill().unwrap();
        run.wait().unwrap();
        let read = fs::read_to_string(path.join(NAME)).unwrap();
        assert!(read == old || read == new, "after part {part}");
    }
}

#[test]
fn a_baseline_is_the_same_from_anywhere() {
    let folder = folder(&[("project/replies/a.txt", NO.as_bytes()), ("project/tactful.toml", b"")]);
    let project = folder.path().join("project");
    let write = tactful(&project, &["baseline", "write"]);
    assert_eq!(write.status.code(), Some(0), "{}", stderr(&write));
    let baseline = "project/tactful-baseline.json";
    for args in
        [&["check", "--baseline", baseline, "project"][..], &["check", "--no-baseline", "--exit-zero", "project"]]
    {
        let output = tactful(folder.path(), args);
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{args:?}");
    }
    let prune = tactful(folder.path(), &["baseline", "prune", "--baseline", baseline, "project"]);
    assert!(stdout(&prune).contains(": 0 taken out"), "{}", stdout(&prune));
}

#[test]
fn known_findings_of_variants_stay_known_when_one_file_is_checked() {
    let folder = folder(&[
        ("late.en.md", b"Hi Ana,\n\nI apologise for the delay of your parcel. I'll send a new one today.\n"),
        ("late.sv.md", "Hej Ana!\n\nDitt paket har blivit försenat. Jag skickar ett nytt i dag.\n".as_bytes()),
        ("tactful.toml", b"select = [\"variants\"]\n"),
    ]);
    let write = tactful(folder.path(), &["baseline", "write"]);
    assert!(stdout(&write).contains(": 1 finding known"), "{}", stdout(&write));
    let output = tactful(folder.path(), &["check", "--deny-unused", "late.sv.md"]);
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
    let prune = tactful(folder.path(), &["baseline", "prune", "late.sv.md"]);
    assert!(stdout(&prune).contains(": 0 taken out, 1 left"), "{}", stdout(&prune));
}
