//! Findings that somebody decided to live with: comments, and `[[suppress]]`.

mod support;

use std::fs;
use std::process::Output;

use serde_json::Value;
use support::{FINE, folder, stderr, stdout, tactful};

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)))
}

/// How many findings are left, and how many are suppressed.
fn counts(report: &Value) -> (usize, u64) {
    let replies = report["replies"].as_array().unwrap().iter();
    let left = replies.map(|reply| reply["findings"].as_array().unwrap().len()).sum();
    (left, report["summary"]["suppressed"].as_u64().unwrap_or_default())
}

const NO: &str = "Unfortunately we can't refund the ticket.";

#[test]
fn each_format_has_its_own_comments_about_the_next_reply_alone() {
    let c = "tactful-disable-next-line refusal -- legal asks for it";
    let files = [
        ("a.yaml", format!("- name: a\n  # {c}\n  text: \"{NO}\"\n- name: b\n  text: \"{NO}\"\n")),
        ("crlf.yaml", format!("# {c}\r\n- name: a\r\n  text: \"{NO}\"\r\n- name: b\r\n  text: \"{NO}\"\r\n")),
        (
            "block.yaml",
            format!(
                "- name: a\n  # {c}\n  text: |\n    Hi Ana,\n    {NO}\n- name: b\n  text: |\n    Hi Ana,\n    {NO}\n"
            ),
        ),
        ("a.toml", format!("# {c}\n[[reply]]\nname = 'a'\ntext = \"{NO}\"\n[[reply]]\nname = 'b'\ntext = \"{NO}\"\n")),
        (
            "a.jsonc",
            format!("[// {c}\n{{\"name\": \"a\", \"text\": \"{NO}\"}},\n{{\"name\": \"b\", \"text\": \"{NO}\"}}]\n"),
        ),
        (
            "block.json",
            format!("[/* {c} */\n{{\"name\": \"a\", \"text\": \"{NO}\"}},\n{{\"name\": \"b\", \"text\": \"{NO}\"}}]\n"),
        ),
        (
            "en.po",
            format!(
                "msgid \"\"\nmsgstr \"Language: en\\n\"\n\n# {c}\nmsgid \"a\"\nmsgstr \"{NO}\"\n\nmsgid \"b\"\nmsgstr \"{NO}\"\n"
            ),
        ),
        ("a.hbs", format!("<p>Hi Ana,</p>\n{{{{!-- {c} --}}}}\n<p>{NO}</p>\n<p>{NO}</p>\n")),
        ("a.j2", format!("Hi Ana,\n{{# {c} #}}\n{NO}\n{NO}\n")),
        ("a.liquid", format!("Hi Ana,\n\n{{% comment %}}{c}{{% endcomment %}}\n{NO}\n\n{NO}\n")),
        ("a.erb", format!("Hi Ana,\n\n<%# {c} %>\n{NO}\n\n{NO}\n")),
        ("sections.md", format!("# Replies\n\n## One\n\n<!-- {c} -->\n{NO}\n\n## Two\n\n{NO}\n")),
        ("plain.md", format!("Hi Ana,\n\n<!-- {c} -->\n{NO}\n\n{NO}\n")),
        (
            "same.yaml",
            format!(
                "- name: a\n  text: \"{NO}\" # tactful-disable-line refusal/inability -- why\n- name: b\n  text: \"{NO}\"\n"
            ),
        ),
    ];
    for (name, text) in &files {
        let folder = folder(&[(*name, text.as_bytes())]);
        let output = tactful(folder.path(), &["check", "--format", "json", "--select", "refusal", "--lang", "en", "."]);
        let (left, suppressed) = counts(&report(&output));
        assert_eq!((left, suppressed, stderr(&output).as_str()), (1, 1, ""), "{name}: {}", stdout(&output));
    }
}

#[test]
fn a_suppressed_finding_counts_nowhere() {
    let files = [
        ("file.md", format!("---\nid: a\n# tactful-disable-file refusal, structure -- why\n---\n{NO}\n\n{NO}\n")),
        (
            "all.po",
            format!(
                "# tactful-disable-file refusal -- why\nmsgid \"\"\nmsgstr \"Language: en\\n\"\n\nmsgid \"a\"\nmsgstr \"{NO}\"\n"
            ),
        ),
        ("all.j2", format!("{NO}\n{{# tactful-disable-file refusal:structure -- why #}}\n")),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    let output = tactful(
        folder.path(),
        &["check", "--format", "json", "--select", "refusal", "--fail-on", "hint", "--min-score", "100,refusal=100"],
    );
    let report = report(&output);
    assert_eq!((output.status.code(), stderr(&output).as_str(), counts(&report).0), (Some(0), "", 0), "{report}");
    assert_eq!((&report["summary"]["score"], counts(&report).1), (&100.into(), 4));
}

#[test]
fn what_a_comment_lacks_is_told_and_nothing_is_silenced() {
    let cases = [
        ("# tactful-disable-next-line refusal", "1:1: expected the reason"),
        ("# tactful-disable-next-line refusal --  ", "1:1: expected the reason"),
        ("# tactful-disable-next-line -- why", "1:1: expected the rules to silence"),
        ("# tactful-disable-next-line refusals -- why", "1:1: there is no rule or family \"refusals\""),
        (
            "# tactful-disable refusal -- why",
            "1:1: expected tactful-disable-next-line, tactful-disable-line or tactful-disable-file",
        ),
        ("# tactful-disable-next-lines refusal -- why", "1:1: expected tactful-disable-next-line"),
    ];
    let files: Vec<(String, Vec<u8>)> = cases
        .iter()
        .enumerate()
        .map(|(at, (comment, _))| {
            (format!("{at}.yaml"), format!("{comment}\n- name: a\n  text: \"{NO}\"\n").into_bytes())
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let folder = folder(&files);
    let output = tactful(folder.path(), &["check", "--format", "json", "--select", "refusal", "--exit-zero"]);
    let told = stderr(&output);
    assert_eq!((told.lines().count(), counts(&report(&output))), (cases.len(), (cases.len(), 0)), "{told}");
    for (at, (line, (comment, expected))) in told.lines().zip(cases).enumerate() {
        assert!(line.starts_with(&format!("tactful: {at}.yaml:{expected}")), "{comment}: {line}");
    }
}

#[test]
fn comments_that_customers_get_silence_nothing() {
    let folder = folder(&[
        ("a.html", format!("<!-- tactful-disable-next-line refusal -- why -->\n<p>{NO}</p>\n").as_bytes()),
        ("b.txt", format!("<!-- tactful-disable-file refusal -- why -->\n{NO}\n").as_bytes()),
        (
            "value.yaml",
            format!("- name: a\n  text: |\n    # tactful-disable-next-line refusal -- why\n    {NO}\n").as_bytes(),
        ),
        (
            "value.json",
            format!("[{{\"name\": \"a\", \"text\": \"// tactful-disable-file refusal -- why\\n{NO}\"}}]").as_bytes(),
        ),
        ("en.po", format!("msgid \"a\"\nmsgstr \"{NO} # tactful-disable-file refusal -- why\"\n").as_bytes()),
        ("a.csv", format!("id,body_en\na,\"# tactful-disable-file refusal -- why {NO}\"\n").as_bytes()),
        ("a.jsonl", format!("{{\"text\":\"{NO}\"}} // tactful-disable-line refusal -- why\n").as_bytes()),
    ]);
    let output = tactful(folder.path(), &["check", "--format", "json", "--select", "refusal", "--lang", "en"]);
    let report = report(&output);
    assert_eq!(counts(&report).1, 0, "{report}");
    let told = stderr(&output);
    for name in ["a.html:1:1", "b.txt:1:1"] {
        assert!(told.contains(&format!("{name}: customers get this comment")), "{told}");
    }
    assert!(!told.contains("value."), "{told}");
}

#[test]
fn what_silences_nothing_is_told() {
    let unused = "# tactful-disable-next-line blame -- why\n- name: a\n  text: Your refund is on its way.\n";
    let folder = folder(&[
        ("a.yaml", unused.as_bytes()),
        ("tactful.toml", b"[[suppress]]\nrules = [\"refusal\"]\nreason = \"why\"\n"),
    ]);
    let run = |args: &[&str]| {
        let args: Vec<&str> = ["check", "--quiet", "--fail-on", "never"].iter().chain(args).copied().collect();
        let output = tactful(folder.path(), &args);
        (output.status.code().unwrap(), stderr(&output))
    };
    let (code, told) = run(&["."]);
    assert_eq!((code, told.lines().count()), (0, 2), "{told}");
    assert!(
        told.contains("a.yaml:1:1: ") && told.contains("tactful.toml:3:10: this suppression silences nothing"),
        "{told}"
    );
    assert_eq!(run(&["--deny-unused"]).0, 1);
    assert_eq!(run(&["--deny-unused", "--exit-zero"]).0, 0);
    assert_eq!(run(&["--deny-unused", "--ignore", "blame,refusal"]), (0, String::new()));
    fs::write(folder.path().join("b.txt"), FINE).unwrap();
    fs::write(
        folder.path().join("tactful.toml"),
        "[[suppress]]\nrules = [\"refusal\"]\nfiles = [\"a.yaml\"]\nreason = \"why\"\n",
    )
    .unwrap();
    assert_eq!(run(&["--deny-unused", "b.txt"]), (0, String::new()));
}

#[test]
fn the_configuration_names_replies_by_file_entry_title_and_locale() {
    let lines: String =
        ["one", "two"].map(|id| format!("{{\"id\":\"{id}\",\"text\":\"{NO}\",\"lang\":\"en\"}}\n")).concat();
    let wide = format!("id,body_en,body_sv\nthree,\"{NO}\",\"Det går tyvärr inte att återbetala biljetten.\"\n");
    let titled = format!("---\ntitle: Late parcel\n---\n{NO}\n");
    let folder = folder(&[
        ("sub/a.jsonl", lines.as_bytes()),
        ("sub/wide.csv", wide.as_bytes()),
        ("sub/titled.md", titled.as_bytes()),
        ("b.jsonl", lines.as_bytes()),
    ]);
    let left = |suppress: &str| {
        let text =
            format!("select = [\"refusal\"]\n[[suppress]]\nrules = [\"refusal\"]\nreason = \"why\"\n{suppress}\n");
        fs::write(folder.path().join("tactful.toml"), text).unwrap();
        let output = tactful(&folder.path().join("sub"), &["check", "--format", "json", ".", "../b.jsonl"]);
        let report = report(&output);
        let risky = |reply: &&Value| !reply["findings"].as_array().unwrap().is_empty();
        let name = |reply: &Value| {
            let name = reply["id"].as_str().or(reply["title"].as_str()).unwrap_or_default();
            format!("{}/{name}/{}", reply["path"].as_str().unwrap(), reply["language"].as_str().unwrap())
        };
        report["replies"].as_array().unwrap().iter().filter(risky).map(name).collect::<Vec<_>>()
    };
    let (b1, b2, a1, a2) = ("../b.jsonl/one/en", "../b.jsonl/two/en", "a.jsonl/one/en", "a.jsonl/two/en");
    let (t, we, ws) = ("titled.md/Late parcel/en", "wide.csv/three/en", "wide.csv/three/sv");
    for (suppress, expected) in [
        ("", &[][..]),
        ("entries = [\"one\"]", &[b2, a2, t, we, ws]),
        ("entries = [\"one\", \"three\"]\nfiles = [\"sub/\"]", &[b1, b2, a2, t]),
        ("entries = [\"Late parcel\"]", &[b1, b2, a1, a2, we, ws]),
        ("locale = \"sv\"", &[b1, b2, a1, a2, t, we]),
        ("files = [\"*.jsonl\"]", &[t, we, ws]),
        ("files = [\"/*.jsonl\"]\nlocale = \"EN\"", &[a1, a2, t, we, ws]),
    ] {
        assert_eq!(left(suppress), expected, "{suppress}");
    }
}

#[test]
fn fix_leaves_alone_what_is_suppressed() {
    let sorry = "We are sorry for the delay, Ana. It leaves today.";
    let config = "[[suppress]]\nrules = [\"apology\"]\nentries = [\"b\"]\nreason = \"our founder's words\"\n";
    let replies = format!(
        "# tactful-disable-next-line apology -- our founder's words\n- id: a\n  text: {sorry}\n- id: b\n  text: {sorry}\n- id: c\n  text: {sorry}\n"
    );
    let folder = folder(&[("a.yaml", replies.as_bytes()), ("tactful.toml", config.as_bytes())]);
    tactful(folder.path(), &["check", "--fix", "--lang", "en", "."]);
    let fixed = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert_eq!(fixed.matches(sorry).count(), 2, "{fixed}");
    assert!(fixed.ends_with("- id: c\n  text: We apologise for the delay, Ana. It leaves today.\n"), "{fixed}");
}

#[test]
fn a_comment_before_a_reply_is_about_its_subject_and_body() {
    let c = "tactful-disable-next-line refusal -- legal asks for it";
    let mail = format!(
        "- id: a\n  # {c}\n  subject: It is not possible\n  body: \"Hi Ana. {NO}\"\n- id: b\n  body: \"{NO}\"\n"
    );
    let page = format!(
        "{{# {c} #}}<html><head><title>It is not possible</title></head><body><p>Hi Ana. {NO}</p></body></html>\n"
    );
    let several = format!("{{#\n {c}\n tactful-disable-next-line structure -- and this\n#}}\nHi Ana. {NO}\n");
    for (name, text, left) in [("a.yaml", mail, 1), ("a.html", page, 0), ("b.j2", several, 0)] {
        let folder = folder(&[(name, text.as_bytes())]);
        let output = tactful(folder.path(), &["check", "--format", "json", "--select", "refusal", "--lang", "en"]);
        assert_eq!(counts(&report(&output)).0, left, "{name}");
        assert_eq!(stderr(&output), "", "{name}");
    }
}
