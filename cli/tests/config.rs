//! `tactful.toml`, as its users write it and get it wrong.

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use support::{FINE, folder, stderr, stdout, tactful, tactful_with};

const RISKY: &[u8] = b"Unfortunately we can't refund the ticket. It's company policy.\n";

/// Which rules fired, by file.
fn found(output: &Output) -> Vec<(String, Vec<String>)> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)));
    let rule =
        |finding: &Value| format!("{}:{}", finding["rule"].as_str().unwrap(), finding["severity"].as_str().unwrap());
    let replies = report["replies"].as_array().unwrap().iter().map(|reply| {
        let findings = reply["findings"].as_array().unwrap();
        (reply["path"].as_str().unwrap().to_owned(), findings.iter().map(rule).collect())
    });
    replies.collect()
}

fn paths(output: &Output) -> Vec<String> {
    found(output).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn what_does_not_hold_is_told_by_place_and_nothing_else_is_printed() {
    let cases = [
        (
            "selct = [\"all\"]",
            "1:1: there is no key \"selct\" here; expected extend, lang,",
            "did you mean \"select\"?",
        ),
        (
            "\n[[suppress]]\nrules = [\"refusal\"]\nreason = \"x\"\nfile = [\"a\"]",
            "5:1: there is no key \"file\" here",
            "\"files\"?",
        ),
        ("[gates.refusal]\nfailon = \"error\"", "2:1: there is no key \"failon\" here", "\"fail-on\"?"),
        ("lang = 3", "1:8: expected a text in quotes", ""),
        ("own-names = \"x\"", "1:13: expected a list", ""),
        ("fragments = \"yes\"", "1:13: expected true or false", ""),
        ("[override]\nfiles = [\"a\"]", "1:1: expected a list, found a table", ""),
        ("min-score = 101", "1:13: expected a score from 0 to 100, found 101", ""),
        ("min-score = -1", "1:13: expected a score from 0 to 100, found -1", ""),
        ("[gates.refusal]\nmin-score = 300", "2:13: expected a score from 0 to 100", ""),
        ("fail-on = \"fatal\"", "1:11: expected one of error, warning, hint, never, found \"fatal\"", ""),
        ("[severity]\nrefusal = \"warn\"", "2:11: expected one of error, warning, hint, off", "\"warning\"?"),
        ("[severity]\nrefusal = 3", "2:11: expected a text in quotes", ""),
        ("include = [\"hiden\"]", "1:12: expected one of internal, inactive", "\"hiden\""),
        ("extend = \"gone.toml\"", "1:10: gone.toml: there is no such file", ""),
        ("lexicons = [\"gone.toml\"]", "1:13: ", "gone.toml: there is no such file"),
        ("profiles = [\"gone/\"]", "1:13: ", "there is no such file"),
        ("extend = \"tactful.toml\"", "1:10: tactful.toml: it extends itself", ""),
        ("exclude = [\"{a,b\"]", "1:12: expected a pattern like", "unclosed"),
        ("exclude = [\"ok\", \" \"]", "1:18: expected a pattern like", "found none"),
        ("select = [\"all\", \"refusal/nothing\"]", "1:18: there is no rule or family \"refusal/nothing\"", ""),
        ("ignore = [\"refusals\"]", "1:11: there is no rule or family \"refusals\"", ""),
        ("[severity]\n\"refusal/nothing\" = \"error\"", "2:1: there is no rule or family \"refusal/nothing\"", ""),
        ("[[suppress]]\nrules = [\"nothing\"]\nreason = \"x\"", "2:10: there is no rule or family \"nothing\"", ""),
        ("[[suppress]]\nrules = []\nreason = \"x\"", "2:9: expected the ids of rules", ""),
        ("[[suppress]]\nrules = [\"refusal\"]\nreason = \" \"", "3:10: expected the reason", ""),
        ("[[suppress]]\nrules = [\"refusal\"]", "1:1: expected the key \"reason\"", ""),
        (
            "[[override]]\nfiles = [\"*.txt\"]\nignore = [\"nothing\"]",
            "3:11: there is no rule or family \"nothing\"",
            "",
        ),
        ("[[override]]\nfiles = []", "2:9: expected patterns for files", ""),
        ("[[override]]\nignore = [\"refusal\"]", "1:1: expected the key \"files\"", ""),
        ("lang = \"de\"", "1:8: there is no lexicon for \"de\"", "en, es, sv"),
        ("message-lang = \"de\"", "1:16: there are no messages in \"de\"", "en, es, sv"),
        ("[[override]]\nfiles = [\"*.txt\"]\nlang = \"xx\"", "3:8: there is no lexicon for \"xx\"", ""),
        ("lang = ", "1:8: ", ""),
        ("# ñå\nown-names = [\"ñå\", oops]", "2:20: ", ""),
        ("[gates.nothing]\nmin-score = 3", "1:8: there is no rule or family \"nothing\"", ""),
        ("[gates.\"refusal/policy\"]\nmin-score = 3", "1:8: expected a family of rules", ""),
    ];
    let folder = folder(&[("a.txt", FINE)]);
    for (text, expected, also) in cases {
        fs::write(folder.path().join("tactful.toml"), text).unwrap();
        let output = tactful(folder.path(), &["check", "a.txt"]);
        let told = stderr(&output);
        assert_eq!(
            (output.status.code(), stdout(&output).as_str(), told.lines().count()),
            (Some(2), "", 1),
            "{text}: {told}"
        );
        assert!(
            told.starts_with(&format!("tactful: tactful.toml:{expected}")) && told.contains(also),
            "{text}: {told}"
        );
    }
}

#[test]
fn what_is_wrong_in_a_parent_is_told_there() {
    let folder = folder(&[
        ("tactful.toml", b"extend = \"shared/base.toml\"\n"),
        ("shared/base.toml", b"\nignore = [\"nothing\"]\n"),
        ("sub/a.txt", FINE),
    ]);
    let told = |text: &[u8]| {
        fs::write(folder.path().join("shared/base.toml"), text).unwrap();
        let output = tactful(folder.path(), &["check", "sub"]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{}", stderr(&output));
        stderr(&output)
    };
    assert!(told(b"\nignore = [\"nothing\"]").starts_with("tactful: shared/base.toml:2:11: there is no rule"));
    assert!(told(b"ignor = []").starts_with("tactful: shared/base.toml:1:1: there is no key \"ignor\""));
    let cycle = told(b"extend = \"../tactful.toml\"");
    assert!(cycle.starts_with("tactful: shared/base.toml:1:10: ") && cycle.contains("it extends itself"), "{cycle}");
    let missing = tactful(folder.path(), &["check", "--config", "gone.toml", "sub"]);
    assert_eq!(
        (missing.status.code(), stderr(&missing).as_str()),
        (Some(2), "tactful: gone.toml: there is no such file\n")
    );
}

#[test]
fn the_nearest_configuration_holds_for_each_file() {
    let folder = folder(&[
        ("tactful.toml", b"select = [\"refusal/policy\"]\n"),
        ("a.txt", RISKY),
        ("sub/tactful.toml", b"select = [\"nothing at all\"]\n"),
        ("sub/.tactful.toml", b"select = [\"refusal/inability\"]\n[severity]\nrefusal = \"hint\"\n"),
        ("sub/deep/b.txt", RISKY),
        ("other/tactful.toml", b"extend = \"../tactful.toml\"\nextend-select = [\"refusal/inability\"]\n[severity]\n\"refusal/policy\" = \"warning\"\n"),
        ("other/c.txt", RISKY),
        ("one.toml", b"select = [\"blame\"]\n"),
    ]);
    let run = |cwd: &str, args: &[&str]| {
        let args: Vec<&str> = ["check", "--format", "json"].iter().chain(args).copied().collect();
        found(&tactful(&folder.path().join(cwd), &args))
    };
    let expected =
        |path: &str, rules: &[&str]| (path.to_owned(), rules.iter().map(|&rule| rule.to_owned()).collect::<Vec<_>>());
    let both = ["refusal/inability:error", "refusal/policy:warning"];
    assert_eq!(
        run("", &["."]),
        [
            expected("a.txt", &["refusal/policy:error"]),
            expected("other/c.txt", &both),
            expected("sub/deep/b.txt", &["refusal/inability:hint"])
        ]
    );
    assert_eq!(run("sub/deep", &["b.txt", "../../other/c.txt"])[1].1, ["refusal/inability:hint"]);
    assert_eq!(run("", &["--config", "one.toml", "a.txt"]), [expected("a.txt", &[])]);
    assert_eq!(
        run("", &["--isolated", "--select", "refusal", "sub"])[0].1,
        ["refusal/inability:error", "refusal/policy:error"]
    );
    assert_eq!(run("", &["--select", "refusal/inability", "a.txt"])[0].1, ["refusal/inability:error"]);
    assert_eq!(tactful(folder.path(), &["check", "--isolated", "--config", "one.toml"]).status.code(), Some(2));
}

#[test]
fn the_users_own_configuration_holds_where_no_project_has_one() {
    let home = folder(&[("tactful/tactful.toml", b"select = [\"refusal/policy\"]\n")]);
    let work =
        folder(&[("a.txt", RISKY), ("own/tactful.toml", b"select = [\"refusal/inability\"]\n"), ("own/b.txt", RISKY)]);
    let home = home.path().to_str().unwrap();
    let output = tactful_with(work.path(), &[("XDG_CONFIG_HOME", home)], &["check", "--format", "json"]);
    let rules: Vec<Vec<String>> = found(&output).into_iter().map(|(_, rules)| rules).collect();
    assert_eq!(rules, [["refusal/policy:error"], ["refusal/inability:error"]]);
    let output = tactful_with(work.path(), &[("XDG_CONFIG_HOME", home)], &["baseline", "write", "a.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        work.path().join("tactful-baseline.json").is_file()
            && !Path::new(home).join("tactful/tactful-baseline.json").exists()
    );
}

#[test]
fn files_are_excluded_and_overridden_from_the_configurations_folder_on() {
    let text = "select = [\"refusal\"]\nexclude = [\"drafts/\", \"/sub/old.txt\", \"*.bak.txt\"]\n\
                [[override]]\nfiles = [\"sub/**\"]\nignore = [\"refusal/policy\"]\n[override.severity]\nrefusal = \"warning\"\n\
                [[override]]\nfiles = [\"sub/b.txt\"]\nseverity = { \"refusal/inability\" = \"hint\" }\n";
    let folder = folder(&[
        ("tactful.toml", text.as_bytes()),
        ("drafts/a.txt", RISKY),
        ("sub/drafts/a.txt", RISKY),
        ("sub/a.txt", RISKY),
        ("sub/b.txt", RISKY),
        ("sub/old.txt", RISKY),
        ("sub/new.bak.txt", RISKY),
        ("old.txt", RISKY),
    ]);
    let run = |cwd: &str, args: &[&str]| {
        let args: Vec<&str> = ["check", "--format", "json"].iter().chain(args).copied().collect();
        tactful(&folder.path().join(cwd), &args)
    };
    let all = found(&run("", &[]));
    let paths_of = |found: &[(String, Vec<String>)]| found.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(paths_of(&all), ["old.txt", "sub/a.txt", "sub/b.txt"]);
    assert_eq!(all[0].1, ["refusal/inability:error", "refusal/policy:error"]);
    assert_eq!(
        (all[1].1.join(" "), all[2].1.join(" ")),
        ("refusal/inability:warning".into(), "refusal/inability:hint".into())
    );
    assert_eq!(found(&run("sub", &["--select", "refusal/inability"]))[0].1, ["refusal/inability:warning"]);
    assert_eq!(paths(&run("drafts", &["a.txt"])), ["a.txt"]);
    let forced = run("", &["--force-exclude", "drafts/a.txt"]);
    assert_eq!((forced.status.code(), paths(&forced).len()), (Some(0), 0), "{}", stderr(&forced));
    assert_eq!(paths(&run("", &["drafts/../sub/../drafts/a.txt"])).len(), 1);
}

#[test]
fn gates_are_set_for_all_rules_and_by_family() {
    let folder = folder(&[("a.txt", RISKY), ("fine.txt", FINE)]);
    let cases: [(&str, &[&str], i32, &str); 12] = [
        ("", &["--fail-on", "never"], 0, ""),
        ("fail-on = \"never\"", &[], 0, ""),
        ("fail-on = \"never\"", &["--fail-on", "error"], 1, ""),
        ("fail-on = \"never\"", &["--fail-on", "blame=hint"], 0, ""),
        ("fail-on = \"never\"", &["--fail-on", "refusal=error"], 1, ""),
        ("[gates.refusal]\nfail-on = \"never\"", &[], 0, ""),
        ("[gates.refusal]\nfail-on = \"never\"", &["--fail-on", "hint"], 0, ""),
        ("fail-on = \"never\"\nmin-score = 81", &[], 1, "tactful: the score is 80: at least 81 is asked for\n"),
        ("fail-on = \"never\"\nmin-score = 81", &["--min-score", "80"], 0, ""),
        (
            "fail-on = \"never\"\n[gates.refusal]\nmin-score = 90",
            &["--min-score", "blame=100"],
            1,
            "tactful: the score of refusal is 80: at least 90 is asked for\n",
        ),
        ("fail-on = \"never\"\n[gates.refusal]\nmin-score = 90", &["--min-score", "refusal=80"], 0, ""),
        (
            "",
            &["--fail-on", "never", "--min-score", "81", "--exit-zero"],
            0,
            "tactful: the score is 80: at least 81 is asked for\n",
        ),
    ];
    for (text, args, code, told) in cases {
        fs::write(folder.path().join("tactful.toml"), format!("select = [\"refusal\", \"blame\"]\n{text}\n")).unwrap();
        let args: Vec<&str> = ["check", "--quiet", "."].iter().chain(args).copied().collect();
        let output = tactful(folder.path(), &args);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(code), told), "{text} {args:?}");
    }
    for args in [
        ["--fail-on", "refusals=hint"],
        ["--min-score", "refusal/policy=3"],
        ["--min-score", "101"],
        ["--fail-on", "refusal=fatal"],
    ] {
        let output = tactful(folder.path(), &["check", args[0], args[1], "a.txt"]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{args:?}");
        assert!(
            stderr(&output).contains(args[1].split('=').next_back().unwrap())
                || stderr(&output).contains(args[1].split('=').next().unwrap()),
            "{args:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn a_configuration_is_begun_shown_and_described() {
    let folder = folder(&[("a.txt", RISKY)]);
    let read = || fs::read_to_string(folder.path().join("tactful.toml")).unwrap();
    assert_eq!(tactful(folder.path(), &["config", "init"]).status.code(), Some(0));
    let begun = read();
    let again = tactful(folder.path(), &["config", "init", "."]);
    assert_eq!((again.status.code(), stdout(&again).as_str(), read()), (Some(2), "", begun.clone()));
    let shown = |args: &[&str]| {
        let output = tactful(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let bare = shown(&["config", "show", "a.txt"]);
    assert!(bare.contains("lang = \"auto\"") && bare.contains("select = []"), "{bare}");
    let setting = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || rest.contains(" = ") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let full: String = begun.lines().map(|line| setting(line) + "\n").collect();
    fs::create_dir(folder.path().join("project")).unwrap();
    fs::write(folder.path().join("project/tactful.toml"), &full).unwrap();
    fs::create_dir(folder.path().join("project/sms")).unwrap();
    let all = shown(&["config", "show", "project/sms/a.txt"]);
    assert!(all.contains("fragments = true") && all.contains("\"clarity/legalese\" = \"warning\""), "{all}");
    assert!(all.starts_with("# ") && all.contains("project/tactful.toml, which extends "), "{all}");
    assert!(shown(&["config", "show", "project"]).contains("fragments = false"));

    let schema: Value = serde_json::from_str(&shown(&["config", "schema"])).unwrap();
    let accepts = jsonschema::validator_for(&schema).unwrap();
    let json = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    assert!(
        accepts.is_valid(&json(&full)),
        "{:?}",
        accepts.iter_errors(&json(&full)).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    for wrong in [
        "selct = []",
        "fail-on = \"fatal\"",
        "min-score = 101",
        "[gates.refusal]\nx = 1",
        "[[suppress]]\nrules = [\"a\"]",
        "[[override]]\nlang = \"en\"",
    ] {
        assert!(!accepts.is_valid(&json(wrong)), "{wrong}");
    }
}

#[test]
fn a_severity_nearer_by_stands_in_place_of_one_further_off() {
    let rules = |config: &str| {
        let base = b"[severity]\n\"refusal/policy\" = \"off\"\n";
        let folder = folder(&[("risky.txt", RISKY), ("base.toml", base), ("tactful.toml", config.as_bytes())]);
        let args = ["check", "--format", "json", "--lang", "en", "--select", "refusal", "."];
        let report: Value = serde_json::from_slice(&tactful(folder.path(), &args).stdout).unwrap();
        let findings = report["replies"][0]["findings"].as_array().unwrap().clone();
        findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let extend = "extend = \"base.toml\"\n[severity]\n";
    assert_eq!(rules(extend), ["refusal/inability"]);
    assert_eq!(rules(&format!("{extend}\"refusal/policy\" = \"error\"\n")), ["refusal/inability", "refusal/policy"]);
    assert_eq!(rules("[severity]\nrefusal = \"off\"\n\"refusal/policy\" = \"hint\"\n"), ["refusal/policy"]);
    assert_eq!(rules("[severity]\nrefusal = \"off\"\n"), [""; 0]);
}

#[test]
fn what_we_wrote_ourselves_is_no_reply() {
    let lexicon = b"language = \"en\"\n\n[[rule]]\nid = \"acme/jargon\"\nseverity = \"warning\"\nmessage = \"I don't know.\"\nwhy = \"It's company policy.\"\nphrase = [{ id = \"tier\", match = [\"tier two\"], risky = [\"It's in tier two.\"], fine = [\"Two.\"] }]\n";
    let folder = folder(&[("risky.txt", RISKY), ("words.toml", lexicon)]);
    let args = [
        "check",
        "--lexicon",
        "words.toml",
        "-o",
        "json=r.json",
        "-o",
        "jsonl=r.jsonl",
        "-o",
        "markdown=r.md",
        "-o",
        "r.txt",
        ".",
    ];
    for _ in 0..2 {
        tactful(folder.path(), &args);
        let report: Value = serde_json::from_slice(&fs::read(folder.path().join("r.json")).unwrap()).unwrap();
        assert_eq!(report["summary"]["replies"], 1);
    }
}
