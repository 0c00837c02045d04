//! Every format through the command: judged as plain text is, mended in place, never half written.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{FINE, folder, tactful};
use tactful::{Analyzer, Draft};
use tempfile::TempDir;

fn report(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = ["check", "--format", "json"].iter().chain(args).copied().collect();
    let output = tactful(folder, &args);
    let error = || String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{args:?}: {}", error()))
}

fn rules(reply: &Value) -> Vec<&str> {
    reply["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// What is found, and how often: rules and words, blanks aside.
type Found = BTreeMap<(String, String), usize>;

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn replies_in_every_format_are_judged_as_plain_text_is() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reader/tests/samples");
    let analyzer = Analyzer::builder().build().unwrap();
    let mut folders: Vec<PathBuf> = fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut all = 0;
    for sample in folders {
        let expected: Value = serde_json::from_str(&fs::read_to_string(sample.join("expected.json")).unwrap()).unwrap();
        let mut plain = Found::new();
        let mut files: Vec<&str> = Vec::new();
        for entry in expected["entries"].as_array().unwrap() {
            let draft = Draft::new(entry["text"].as_str().unwrap()).fragment(entry["fragment"].as_bool().unwrap());
            let draft = match entry["locale"].as_str() {
                Some(locale) => draft.language(locale),
                None => draft,
            };
            for finding in analyzer.analyze_draft(&draft).findings() {
                let words = finding.span.map_or("", |span| span.of(entry["text"].as_str().unwrap()));
                *plain.entry((finding.rule.to_string(), normal(words))).or_default() += 1;
            }
            files.push(entry["file"].as_str().unwrap());
        }
        files.sort_unstable();
        files.dedup();
        let mut found = Found::new();
        for reply in report(&sample, &files)["replies"].as_array().unwrap() {
            for finding in reply["findings"].as_array().unwrap() {
                let rule = finding["rule"].as_str().unwrap();
                // Those compare several replies.
                if !rule.starts_with("variants/") {
                    *found.entry((rule.to_owned(), normal(finding["text"].as_str().unwrap_or("")))).or_default() += 1;
                }
            }
        }
        assert_eq!(found, plain, "{}", sample.display());
        all += found.values().sum::<usize>();
    }
    assert!(all > 400, "{all}");
}

/// A reply in each format, before and after `--fix`.
fn mended() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
    let sorry = "Jag är ledsen för förseningen. Ditt paket kommer på torsdag.";
    let mend = "Jag ber om ursäkt för förseningen. Ditt paket kommer på torsdag.";
    let both = |name: &'static str, file: &dyn Fn(&str) -> Vec<u8>| (name, file(sorry), file(mend));
    // What is written anew is written plainly; what stays, stays.
    let html = |text: &str| {
        text.replace("ursäkt för", "URSAKT")
            .replace('ä', "&auml;")
            .replace('ö', "&ouml;")
            .replace("URSAKT", "ursäkt för")
    };
    let ascii = |text: &str| {
        let kept = text
            .replace("ursäkt för", "URSAKT")
            .replace('ä', "\\u00e4")
            .replace('ö', "\\u00f6")
            .replace('å', "\\u00e5");
        kept.replace("URSAKT", "ursäkt för")
    };
    vec![
        both("a.txt", &|text| text.into()),
        both("a.md", &|text| format!("---\nid: a\n---\n\n{text}\n").into()),
        both("a.jsonl", &|text| format!("{{\"id\":1,\"text\":\"{}\"}}\r\n", ascii(text)).into()),
        both("zendesk.json", &|text| {
            let html = format!("<p>{}<\\/p>", html(text));
            format!("{{\"macros\":[{{\"id\":7,\"title\":\"a\",\"active\":true,\"actions\":[{{\"field\":\"comment_value_html\",\"value\":\"{html}\"}}]}}]}}").into()
        }),
        both("block.yaml", &|text| format!("- name: a\n  lang: sv\n  text: |\n    Hej!\n\n    {text}\n# end\n").into()),
        both("double.yaml", &|text| format!("- {{name: a, text: \"{}\"}}\n", ascii(text)).into()),
        both("single.yml", &|text| format!("sv:\n  mailer:\n    late: '{text}'\n").into()),
        both("a.toml", &|text| format!("[[reply]]\nname = 'a'\ntext = \"\"\"\n{text}\"\"\"\n").into()),
        both("a.csv", &|text| format!("\u{feff}id;svar\r\n1;\"{text} \"\"Hej\"\"\"\r\n").into()),
        both("latin.csv", &|text| latin(&format!("id;svar\r\n1;{text}\r\n"))),
        both("wide.tsv", &|text| utf16(&format!("id\tbody_sv\tbody_en\r\n1\t{text}\tThanks!\r\n"))),
        both("sv.po", &|text| {
            let text = text.replace("Ditt", "\"\n\"Ditt");
            format!("msgid \"\"\nmsgstr \"\"\n\"Language: sv\\n\"\n\nmsgid \"late\"\nmsgstr \"\"\n\"{text}\"\n").into()
        }),
        both("a.html", &|text| {
            format!("<html lang=\"sv\"><body>\n<p class=\"a\">{}</p>\n</body></html>\n", html(text)).into()
        }),
        both("a.mjml", &|text| format!("<mjml><mj-body><mj-text>{text}</mj-text></mj-body></mjml>").into()),
        both("a.hbs", &|text| format!("{{{{#if late}}}}<p>{text}</p>{{{{/if}}}}\n").into()),
        both("a.eml", &|text| {
            format!("Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n").into()
        }),
    ]
}

#[test]
fn fixes_change_the_very_bytes_in_every_format() {
    for (name, before, after) in mended() {
        let folder = folder(&[(name, &before)]);
        let output = tactful(folder.path(), &["check", "--fix", "--lang", "sv", "--select", "apology", name]);
        let read = fs::read(folder.path().join(name)).unwrap();
        let told = || {
            format!("{name}: {}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        };
        assert_eq!(String::from_utf8_lossy(&read), String::from_utf8_lossy(&after), "{}", told());
        assert_eq!(read, after, "{name}");
        assert_eq!(output.status.code(), Some(0), "{}", told());
    }
}

#[test]
fn what_cannot_be_written_exactly_is_offered_only() {
    let quoted = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                  Jag =C3=A4r ledsen f=C3=B6r f=C3=B6rseningen. Ditt paket kommer p=C3=A5 torsdag.\r\n";
    let split = "<p>Jag är <b>ledsen</b> för förseningen. Ditt paket kommer på torsdag.</p>";
    for (name, file) in [("a.eml", quoted), ("a.html", split)] {
        let folder = folder(&[(name, file.as_bytes())]);
        let report = report(folder.path(), &["--fix", "--lang", "sv", "--select", "apology", name]);
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), file);
        let finding = &report["replies"].as_array().unwrap().last().unwrap()["findings"][0];
        assert_eq!(finding["rule"], "apology/self-centred");
        assert_eq!(finding["suggestions"][0]["applicability"], "machine-applicable");
        assert_eq!(finding["location"]["exact"], name == "a.eml");
    }
}

#[test]
fn a_finding_is_told_by_entry_and_place() {
    let file = r#"{"macros":[{"id":7,"title":"Late","actions":[{"field":"comment_value_html","value":"<p>Hi!<\/p><p>Unfortunately we can&#39;t refund it.<\/p>"}]}]}"#;
    let folder = folder(&[("macros.json", file.as_bytes())]);
    let report = report(folder.path(), &["macros.json", "--select", "refusal"]);
    let reply = &report["replies"][0];
    assert_eq!(
        (&reply["id"], &reply["title"], &reply["within"]),
        (&"7".into(), &"Late".into(), &"macros[0].actions[0].value".into())
    );
    let finding = &reply["findings"][0];
    let place = |end: &str| finding["location"][end]["offset"].as_u64().unwrap() as usize;
    let bytes = &file[place("start")..place("end")];
    assert_eq!(bytes.replace("&#39;", "'"), finding["text"].as_str().unwrap());
    assert!(finding["location"]["exact"].as_bool().unwrap());
    let output = tactful(folder.path(), &["check", "macros.json", "--select", "refusal"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("macros.json [7, \"Late\", macros[0].actions[0].value]:1:"), "{told}");
}

#[test]
fn a_platform_is_a_profile() {
    let profile = "[profile]\nname = \"desk\"\ntitle = \"Our desk\"\n[entry]\neach = \"$.snippets[*]\"\nhas = [\"$.words\"]\nid = \"$.nr\"\n[[text]]\nplain = \"$.words\"\n";
    let file = br#"{"snippets":[{"nr":3,"words":"No."}]}"#;
    let folder = folder(&[("desk.toml", profile.as_bytes()), ("export.json", file)]);
    assert_eq!(tactful(folder.path(), &["check", "export.json"]).status.code(), Some(2));
    let read = report(folder.path(), &["--profile", "desk.toml", "--lang", "en", "export.json"]);
    assert_eq!(
        (&read["replies"][0]["id"], rules(&read["replies"][0]).contains(&"refusal/flat-no")),
        (&"3".into(), true)
    );
    fs::write(folder.path().join("desk.toml"), profile.replace("words\"]", "words[\"]")).unwrap();
    let output = tactful(folder.path(), &["check", "--profile", "desk.toml", "export.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("desk.toml:6:8: expected a JSONPath"));
}

#[test]
fn internal_and_inactive_texts_are_judged_on_demand() {
    let file = br#"{"macros":[{"id":1,"title":"a","active":false,"actions":[{"field":"comment_value","value":"No. It is our policy."}]}]}"#;
    let folder = folder(&[("macros.json", file)]);
    assert_eq!(report(folder.path(), &["macros.json"])["replies"].as_array().unwrap().len(), 0);
    assert_eq!(
        report(folder.path(), &["--include", "inactive", "macros.json"])["replies"].as_array().unwrap().len(),
        1
    );
    assert_eq!(tactful(folder.path(), &["check", "--include", "hidden", "macros.json"]).status.code(), Some(2));
}

#[test]
fn variants_of_an_entry_are_compared_wherever_they_stand() {
    let offer = |text: &str| text.as_bytes().to_vec();
    let files = [
        (
            "es/late.md",
            offer("Hola, {{name}}:\n\nLe pedimos disculpas por el retraso. Hoy mismo le enviamos otro paquete.\n"),
        ),
        ("sv/late.md", offer("Hej {{name}}!\n\nVi ber om ursäkt för förseningen. Vi skickar ett nytt paket i dag.\n")),
        ("en/late.md", offer("Hi,\n\nYour parcel is late. We can't send another one.\n")),
        ("de/late.md", offer("Hallo,\n\nIhr Paket ist spät dran.\n")),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_slice())).collect();
    let folder = folder(&files);
    let read = report(folder.path(), &["--select", "variants"]);
    let found: Vec<(&str, Vec<&str>)> = read["replies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reply| (reply["path"].as_str().unwrap(), rules(reply)))
        .collect();
    let en = vec!["variants/no-apology", "variants/no-next-step", "variants/placeholders", "variants/refusal"];
    assert_eq!(found, [("de/late.md", vec![]), ("en/late.md", en), ("es/late.md", vec![]), ("sv/late.md", vec![])]);
    assert!(read["replies"][1]["score"].as_u64().unwrap() < 100);
    let output = tactful(folder.path(), &["check", "--select", "variants"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("en/late.md:1:1"));
    // One file, a column a language.
    fs::write(folder.path().join("wide.csv"), "id,body_es,body_sv\na,Hoy mismo le enviamos otro.,Det går inte.\n")
        .unwrap();
    let wide = report(folder.path(), &["--select", "variants", "wide.csv"]);
    assert_eq!(rules(&wide["replies"][1]), ["variants/no-next-step", "variants/refusal"]);
}

#[test]
fn files_that_hold_no_replies_are_left_alone_but_not_when_named() {
    let folder = folder(&[("package.json", b"{\"name\": \"x\", \"version\": \"1.0.0\"}"), ("a.txt", FINE)]);
    let output = tactful(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 file of keys and values hold"));
    let output = tactful(folder.path(), &["check", "package.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("package.json: no profile knows it"));
}

#[cfg(unix)]
#[test]
fn pipes_and_loops_are_no_trap() {
    let folder = folder(&[("a.txt", b"Thanks, we have sent it today.\n")]);
    let pipe = folder.path().join("pipe.txt");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("gone.txt", folder.path().join("gone.md")).unwrap();
    let output = tactful(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "tactful: pipe.txt: expected a regular file");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 reply in 1 file"));
}

/// A run that is killed leaves each file as it was or as it was to be.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_file_half_written() {
    let line = |text: &str| format!("{{\"lang\":\"sv\",\"text\":\"{text}\"}}\n").repeat(40);
    let old = line("Jag är ledsen för förseningen. Ditt paket kommer på torsdag.");
    let new = line("Jag ber om ursäkt för förseningen. Ditt paket kommer på torsdag.");
    let names: Vec<String> = (0..8).map(|number| format!("{number}.jsonl")).collect();
    let folder = TempDir::new().unwrap();
    for delay in 0..12 {
        for name in &names {
            fs::write(folder.path().join(name), &old).unwrap();
        }
        let mut run = Command::new(env!("CARGO_BIN_EXE_tactful"))
            .current_dir(folder.path())
            .args(["check", "--fix", "--select", "apology", "."])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay * 60));
        run.kill().unwrap();
        run.wait().unwrap();
        for name in &names {
            let read = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(read == old || read == new, "{name} after {delay}");
        }
    }
}
