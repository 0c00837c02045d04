//! The reports, each read as the programs and people it is for read it.

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use comrak::nodes::NodeValue;
use roxmltree::{Document, Node};
use serde_json::Value;
use support::{FINE, folder, stderr, stdout, tactful, tactful_with};
use tempfile::TempDir;

const RISKY: &[u8] = b"Unfortunately we can't refund the ticket. It's company policy.\n";

/// For people, and for programs.
const FORMATS: [&str; 14] = [
    "full",
    "concise",
    "grouped",
    "json",
    "jsonl",
    "sarif",
    "github",
    "markdown",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "rdjsonl",
    "html",
];

/// Where bytes, code points and UTF-16 units part, in paths that URIs, commands and tables could misread.
fn library() -> TempDir {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
    let wide = "id,body_en,body_sv\r\n1,\"🙂 ñ We can't refund it.\r\nIt's our\r\npolicy.\",\
                \"🙂 Jag är ledsen för förseningen. Ditt paket kommer på torsdag.\"\r\n";
    folder(&[
        ("a b/[x] #1.jsonl", "{\"id\":\"1\",\"lang\":\"en\",\"text\":\"🙂 ñ Unfortunately we can't refund it.\"}\n\
             {\"id\":\"2\",\"lang\":\"en\",\"text\":\"\\ud83d\\ude42 \\u00f1\\nUnfortunately we can\\u0027t refund it.\"}\n\
             {\"id\":\"3\",\"lang\":\"sv\",\"text\":\"🙂 Jag är ledsen för förseningen. Ditt paket kommer på torsdag.\"}\n".as_bytes()),
        ("bom.txt", "\u{feff}ñ🙂 We can't refund it.\n".as_bytes()),
        ("c;d,e=f.yaml", "- id: one\n  lang: en\n  text: |\n    🙂 ñ We can't do that.\n    It's company\n    policy.\n\
             - id: two\n  lang: en\n  text: \"\\U0001F642 \\xF1 We can't do that.\"\n".as_bytes()),
        ("latin.csv", &latin("id;svar\r\n1;Åäö. Jag är ledsen för förseningen. Ditt paket kommer på torsdag.\r\n")),
        ("one-line.json", "{\"macros\":[{\"id\":7,\"title\":\"Late 🙂\",\"actions\":[{\"field\":\"comment_value_html\",\"value\":\
             \"<p>🙂 ñ&ouml;<\\/p><p>Unfortunately we can&#39;t refund it, it is <b>our<\\/b> policy.<\\/p>\"}]}]}".as_bytes()),
        ("wide.csv", &utf16(wide)),
        ("ñandú/fine.txt", FINE),
        ("ñandú/åäö 🙂 100%.md", "Hi 🙂 ñandú,\r\n\r\n🙂 ñ Unfortunately we can't refund the ticket, as it's our policy.\r\n\
             You should\r\nhave read the email.\r\n".as_bytes()),
    ])
}

fn printed(folder: &Path, format: &str) -> String {
    stdout(&tactful(folder, &["check", "--format", format]))
}

/// Every report of all that is in a folder, from one run.
struct Reports {
    written: HashMap<&'static str, String>,
    list: Value,
    run: Output,
}

impl Reports {
    fn new(folder: &Path, args: &[&str]) -> Reports {
        let out = TempDir::new().unwrap();
        let outputs = FORMATS.map(|format| format!("--output={format}={}/{format}", out.path().display()));
        let args: Vec<&str> = ["check"].iter().chain(args).copied().chain(outputs.iter().map(String::as_str)).collect();
        let run = tactful(folder, &args);
        let read = |format| fs::read_to_string(out.path().join(format)).unwrap_or_else(|_| panic!("{}", stderr(&run)));
        let written: HashMap<&str, String> = FORMATS.map(|format| (format, read(format))).into_iter().collect();
        Reports { list: json(&written["json"]), written, run }
    }

    /// People's without their last line.
    fn of(&self, format: &str) -> &str {
        let report = &self.written[format];
        match format {
            "full" | "concise" | "grouped" => {
                let last = report.trim_end().rfind('\n').map_or(0, |at| at + 1);
                &report[..last]
            }
            _ => report,
        }
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(json).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("expected text: {value}"))
}

fn size(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("expected a number: {value}")).try_into().unwrap()
}

/// What every report says of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    path: String,
    rule: String,
    severity: &'static str,
    place: String,
}

impl Told {
    fn new(path: &str, rule: &str, severity: &str, place: impl Into<String>) -> Told {
        let severity = match severity.to_ascii_lowercase().as_str() {
            "error" | "major" => "error",
            "warning" | "minor" => "warning",
            "hint" | "note" | "notice" | "info" => "hint",
            other => panic!("no severity: {other}"),
        };
        Told { path: path.into(), rule: rule.into(), severity, place: place.into() }
    }
}

/// Each finding of a JSON report with its reply.
fn findings(report: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    list(&report["replies"])
        .iter()
        .flat_map(|reply| list(&reply["findings"]).iter().map(move |finding| (reply, finding)))
}

/// A JSON report's findings, at what `place` makes of their places.
fn told(report: &Value, place: fn(&Value) -> String) -> Vec<Told> {
    let told = |(reply, finding): (&Value, &Value)| {
        Told::new(words(&reply["path"]), words(&finding["rule"]), words(&finding["severity"]), place(finding))
    };
    findings(report).map(told).collect()
}

fn point(place: &Value, column: &str) -> String {
    format!("{}:{}", place["line"], place[column])
}

fn span(range: &Value, column: &str) -> String {
    format!("{}-{}", point(&range["start"], column), point(&range["end"], column))
}

fn start(finding: &Value) -> String {
    point(&finding["location"]["start"], "column")
}

fn whole(finding: &Value) -> String {
    span(&finding["location"], "column")
}

fn in_bytes(finding: &Value) -> String {
    span(&finding["location"], "utf8_column")
}

fn line(finding: &Value) -> String {
    finding["location"]["start"]["line"].to_string()
}

/// Findings about a whole reply have no end.
fn words_or_start(finding: &Value) -> String {
    if finding["range"].is_null() { start(finding) } else { whole(finding) }
}

/// GitHub takes columns of places within one line only.
fn columns_in_one_line(finding: &Value) -> String {
    let [start, end] = ["start", "end"].map(|end| finding["location"][end]["line"].to_string());
    if start == end { words_or_start(finding) } else { format!("{start}-{end}") }
}

/// `path:3:14`
fn path_and_place(text: &str) -> (&str, String) {
    let (rest, column) = text.rsplit_once(':').unwrap();
    let (path, line) = rest.rsplit_once(':').unwrap();
    (path, format!("{line}:{column}"))
}

fn read_full(text: &str) -> Vec<Told> {
    let lines: Vec<&str> = text.lines().collect();
    let finding = |pair: &[&str]| {
        let (severity, rest) = pair[0].split_once('[')?;
        let place = pair[1].trim_start().strip_prefix("--> ")?;
        let (path, place) = path_and_place(place);
        let (path, rule) = (path.split(" [").next()?, rest.split("]: ").next()?);
        Some(Told::new(path, rule, severity, place))
    };
    lines.windows(2).filter_map(finding).collect()
}

fn read_concise(text: &str) -> Vec<Told> {
    let finding = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let (severity, rest) = rest.split_once('[').unwrap();
        let (path, place) = path_and_place(place);
        Told::new(path, rest.split_once("] ").unwrap().0, severity, place)
    };
    text.lines().map(finding).collect()
}

fn read_grouped(text: &str) -> Vec<Told> {
    let mut path = "";
    let mut all = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("  ") {
            None => path = line,
            Some(line) => {
                let parts: Vec<&str> = line.split_whitespace().take(3).collect();
                all.push(Told::new(path, parts[2], parts[1], parts[0]));
            }
        }
    }
    all
}

fn read_json(text: &str) -> Vec<Told> {
    told(&json(text), whole)
}

fn read_jsonl(text: &str) -> Vec<Told> {
    let replies = lines(text).into_iter().filter(|line| line["type"] == "reply").collect();
    told(&Value::Object([("replies".to_owned(), Value::Array(replies))].into_iter().collect()), whole)
}

fn read_html(page: &str) -> Vec<Told> {
    told(&data(page), whole)
}

/// A region of SARIF, 2.1.0, section 3.30.
fn region(region: &Value) -> String {
    let start = format!("{}:{}", region["startLine"], region["startColumn"]);
    match region.get("endLine") {
        Some(line) => format!("{start}-{line}:{}", region["endColumn"]),
        None => start,
    }
}

/// The path that a reference names from where it stands (RFC 3986).
fn path_of(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.strip_prefix("./").unwrap_or(uri).as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let code = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &tail[2..];
        } else {
            let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
            assert!(plain, "{uri}");
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn read_sarif(text: &str) -> Vec<Told> {
    let run = &json(text)["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let finding = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let rule = &run["tool"]["driver"]["rules"][size(&result["ruleIndex"])]["id"];
        assert_eq!(*rule, result["ruleId"]);
        let path = path_of(words(&place["artifactLocation"]["uri"]));
        Told::new(&path, words(rule), words(&result["level"]), region(&place["region"]))
    };
    list(&run["results"]).iter().map(finding).collect()
}

/// A workflow command: its name, its properties, its message.
struct Workflow {
    name: String,
    properties: HashMap<String, String>,
    message: String,
}

/// The commands as GitHub's runner takes them from what a step prints; other lines are `Err`.
fn commands(text: &str) -> Vec<Result<Workflow, &str>> {
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        text.replace("%25", "%")
    };
    let command = |line| -> Option<Workflow> {
        let line: &str = line;
        let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let properties = properties.split(',').filter_map(|pair| pair.split_once('='));
        let properties = properties.map(|(name, value)| (name.to_owned(), property(value))).collect();
        Some(Workflow { name: name.to_owned(), properties, message: data(message) })
    };
    // The runner reads lines as .NET does.
    let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    lines.map(|line| command(line).ok_or(line)).collect()
}

fn read_github(text: &str) -> Vec<Told> {
    let finding = |command: Result<Workflow, &str>| {
        let command = command.unwrap_or_else(|line| panic!("no command: {line}"));
        let property = |name: &str| command.properties.get(name).map(String::as_str);
        let rule = property("title")?.split(" in ").next()?;
        if rule == "tactful" {
            return None;
        }
        let place = match (property("line")?, property("endLine"), property("col"), property("endColumn")) {
            (line, Some(end), Some(column), Some(last)) => format!("{line}:{column}-{end}:{last}"),
            (line, Some(end), None, None) => format!("{line}-{end}"),
            (line, None, Some(column), None) => format!("{line}:{column}"),
            other => panic!("{other:?}"),
        };
        Some(Told::new(property("file")?, rule, &command.name, place))
    };
    commands(text).into_iter().filter_map(finding).collect()
}

/// The cells of the table of findings as a browser shows them, and the kinds of everything that is more than text.
fn markdown(text: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, text, &options);
    let (mut rows, mut live, mut in_table) = (Vec::new(), Vec::new(), false);
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::TableRow(_) => {
                in_table = true;
                rows.push(Vec::new());
            }
            NodeValue::TableCell => rows.last_mut().unwrap().push(String::new()),
            NodeValue::Text(text) => {
                if let Some(cell) =
                    rows.last_mut().and_then(|row: &mut Vec<String>| row.last_mut()).filter(|_| in_table)
                {
                    cell.push_str(text);
                }
            }
            NodeValue::Heading(_) => in_table = false,
            NodeValue::Code(code) => {
                let cell = rows.last_mut().and_then(|row| row.last_mut()).unwrap();
                cell.push_str(&format!("`{}`", code.literal));
            }
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::Table(_)
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::Escaped => {}
            other => live.push(format!("{other:?}")),
        }
    }
    let findings = rows.iter().position(|row| row == &["where", "what", "instead"]).map_or(rows.len(), |at| at + 1);
    (rows.split_off(findings), live)
}

fn read_markdown(text: &str) -> Vec<Told> {
    let (rows, live) = markdown(text);
    assert_eq!(live, [""; 0]);
    let finding = |row: &Vec<String>| {
        let [place, what, _] = row.as_slice() else { panic!("{row:?}") };
        // What nobody sees keeps names from being links.
        let place = place.replace('\u{200b}', "");
        let (path, line) = place.rsplit_once(':').unwrap();
        let (severity, rule) = what.split_once(" `").unwrap();
        Told::new(path, rule.split('`').next().unwrap(), severity, line.split(' ').next().unwrap())
    };
    rows.iter().map(finding).collect()
}

fn read_gitlab(text: &str) -> Vec<Told> {
    let finding = |issue: &Value| {
        let location = &issue["location"];
        let positions = &location["positions"];
        let place = format!("{}-{}", point(&positions["begin"], "column"), point(&positions["end"], "column"));
        Told::new(words(&location["path"]), words(&issue["check_name"]), words(&issue["severity"]), place)
    };
    list(&json(text)).iter().map(finding).collect()
}

fn read_rdjson(text: &str) -> Vec<Told> {
    list(&json(text)["diagnostics"]).iter().map(diagnostic).collect()
}

fn read_rdjsonl(text: &str) -> Vec<Told> {
    lines(text).iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: &Value) -> Told {
    let location = &diagnostic["location"];
    let (path, rule) = (words(&location["path"]), words(&diagnostic["code"]["value"]));
    Told::new(path, rule, words(&diagnostic["severity"]), span(&location["range"], "column"))
}

fn elements<'d>(document: &'d Document<'_>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    document.descendants().filter(move |node| node.has_tag_name(name))
}

fn read_junit(text: &str) -> Vec<Told> {
    let document = Document::parse(text).unwrap();
    let finding = |failure: Node<'_, '_>| {
        let case = failure.parent().unwrap();
        let path = case.attribute("classname").unwrap();
        let place = failure.text().unwrap().strip_prefix(path).unwrap();
        let place: Vec<&str> = place.split(':').skip(1).take(2).collect();
        let rule = case.attribute("name").unwrap().split(" in ").next().unwrap();
        assert_eq!(case.parent().unwrap().attribute("name"), Some(path));
        Told::new(path, rule, failure.attribute("type").unwrap(), place.join(":"))
    };
    elements(&document, "failure").map(finding).collect()
}

fn read_checkstyle(text: &str) -> Vec<Told> {
    let document = Document::parse(text).unwrap();
    let finding = |error: Node<'_, '_>| {
        let said = |name| error.attribute(name).unwrap();
        let path = error.parent().unwrap().attribute("name").unwrap();
        let rule = said("source").strip_prefix("tactful.").unwrap().replacen('.', "/", 1);
        Told::new(path, &rule, said("severity"), format!("{}:{}", said("line"), said("column")))
    };
    elements(&document, "error").map(finding).collect()
}

type Reader = fn(&str) -> Vec<Told>;
type Place = fn(&Value) -> String;

/// How each format is read, and what it says of a place.
const READERS: [(&str, Reader, Place); 14] = [
    ("full", read_full, start),
    ("concise", read_concise, start),
    ("grouped", read_grouped, start),
    ("json", read_json, whole),
    ("jsonl", read_jsonl, whole),
    ("sarif", read_sarif, words_or_start),
    ("github", read_github, columns_in_one_line),
    ("markdown", read_markdown, line),
    ("gitlab", read_gitlab, whole),
    ("junit", read_junit, start),
    ("checkstyle", read_checkstyle, start),
    ("rdjson", read_rdjson, in_bytes),
    ("rdjsonl", read_rdjsonl, in_bytes),
    ("html", read_html, whole),
];

#[test]
fn sarif_explains_rules_as_explain_does() {
    let folder = folder(&[("fine.txt", FINE)]);
    let sarif = json(&stdout(&tactful(folder.path(), &["check", "--format", "sarif", "--message-lang", "sv"])));
    let rules = list(&sarif["runs"][0]["tool"]["driver"]["rules"]);
    for rule in rules.iter().step_by(10) {
        let explained = stdout(&tactful(folder.path(), &["explain", words(&rule["id"]), "--lang", "sv"]));
        assert_eq!(words(&rule["help"]["text"]), explained);
    }
    assert!(rules.len() > 30, "{}", rules.len());
}

#[test]
fn every_format_tells_the_same_findings_in_the_same_order_at_the_same_places() {
    let folder = library();
    let reports = Reports::new(folder.path(), &[]);
    assert!(told(&reports.list, whole).len() > 35, "{}", reports.list);
    for (format, read, place) in READERS {
        let mut expected = told(&reports.list, place);
        if format == "markdown" {
            // Errors come first, where not all are listed.
            expected.sort_by_key(|told| ["error", "warning", "hint"].iter().position(|name| *name == told.severity));
        }
        let read = read(reports.of(format));
        for (number, (read, expected)) in read.iter().zip(&expected).enumerate() {
            assert_eq!(read, expected, "{format}, finding {number}");
        }
        assert_eq!(read.len(), expected.len(), "{format}");
    }
}

/// A file's text without its mark, how many bytes that takes, and what it makes of a character.
fn decoded(bytes: &[u8]) -> (String, usize, fn(char) -> usize) {
    if let Some(wide) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        return (String::from_utf16(&units).unwrap(), 2, |c| c.len_utf16() * 2);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let plain = text.trim_start_matches('\u{feff}');
            (plain.to_owned(), text.len() - plain.len(), char::len_utf8)
        }
        Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), 0, |_| 1),
    }
}

/// Every place of a file, by its offset, as the JSON report writes them.
fn places(bytes: &[u8]) -> HashMap<usize, Value> {
    let (text, mut offset, width) = decoded(bytes);
    let (mut line, mut before) = (1, String::new());
    let mut places = HashMap::new();
    for c in text.chars().chain(['\0']) {
        let (column, utf8, utf16) = (before.chars().count(), before.len(), before.encode_utf16().count());
        let place = serde_json::json!({ "line": line, "column": column + 1, "utf8_column": utf8 + 1, "utf16_column": utf16 + 1, "offset": offset });
        places.insert(offset, place);
        offset += width(c);
        before.push(c);
        if c == '\n' {
            (line, before) = (line + 1, String::new());
        }
    }
    places
}

/// Words as they read once the notations of the library's files are undone.
fn undone(text: &str) -> String {
    let text = text.replace("\\u0027", "'").replace("&#39;", "'").replace("\\xF1", "ñ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn places_in_the_json_report_are_those_of_the_files_bytes() {
    let folder = library();
    let reports = Reports::new(folder.path(), &[]);
    for (reply, finding) in findings(&reports.list) {
        let path = words(&reply["path"]);
        let bytes = fs::read(folder.path().join(path)).unwrap();
        let places = places(&bytes);
        let location = &finding["location"];
        let edits = list(&finding["suggestions"]).iter().map(|suggestion| &suggestion["in_file"]);
        for range in edits.filter(|edit| !edit.is_null()).chain([location]) {
            for end in ["start", "end"] {
                assert_eq!(Some(&range[end]), places.get(&size(&range[end]["offset"])), "{path}: {finding}");
            }
        }
        if let (Some(found), Some(true)) = (finding["text"].as_str(), location["exact"].as_bool()) {
            let there = sliced(&bytes, location);
            assert_eq!(undone(&there), undone(found), "{path}");
        }
    }
}

/// What stands in a file between two places of the JSON report.
fn sliced(bytes: &[u8], range: &Value) -> String {
    let (text, mark, width) = decoded(bytes);
    let mut offset = mark;
    let (start, end) = (size(&range["start"]["offset"]), size(&range["end"]["offset"]));
    let within = |c: &char| {
        let at = offset;
        offset += width(*c);
        (start..end).contains(&at)
    };
    text.chars().filter(within).collect()
}

#[test]
fn words_on_the_page_are_cut_out_of_the_text_beside_them() {
    let folder = library();
    let page = data(Reports::new(folder.path(), &[]).of("html"));
    let mut cut = 0;
    for (reply, finding) in findings(&page) {
        let text = words(&reply["text"]);
        if let Some(found) = finding["text"].as_str() {
            let units: Vec<u16> = text.encode_utf16().collect();
            let [start, end] = ["start", "end"].map(|end| size(&finding["range_utf16"][end]));
            assert_eq!(String::from_utf16(&units[start..end]).unwrap(), found);
            let [start, end] = ["start", "end"].map(|end| size(&finding["range"][end]));
            assert_eq!(&text[start..end], found);
            cut += 1;
        }
    }
    assert!(cut > 10, "{cut}");
}

/// `text` with `new` from one place to another, each a line and a column in the units that `unit` counts.
fn edited(text: &str, [start, end]: [(usize, usize); 2], new: &str, unit: fn(char) -> usize) -> String {
    let at = |(line, column): (usize, usize)| {
        let first: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let mut left = column - 1;
        let taken = text[first..].chars().take_while(|c| {
            let more = left > 0;
            left = left.saturating_sub(unit(*c));
            more
        });
        first + taken.map(char::len_utf8).sum::<usize>()
    };
    format!("{}{new}{}", &text[..at(start)], &text[at(end)..])
}

#[test]
fn suggestions_are_the_same_edit_in_every_format_and_the_one_that_fix_makes() {
    let folder = library();
    let reports = Reports::new(folder.path(), &["--select", "apology"]);
    let [list, rdjson, sarif] = ["json", "rdjson", "sarif"].map(|format| json(reports.of(format)));
    let (diagnostics, results) = (self::list(&rdjson["diagnostics"]), self::list(&sarif["runs"][0]["results"]));
    let mut made = BTreeMap::new();
    for (number, (reply, finding)) in findings(&list).enumerate() {
        let path = words(&reply["path"]);
        let (old, _, _) = decoded(&fs::read(folder.path().join(path)).unwrap());
        let edit = &finding["suggestions"][0]["in_file"];
        let ends = |column: &str| ["start", "end"].map(|end| (size(&edit[end]["line"]), size(&edit[end][column])));
        let new = edited(&old, ends("utf16_column"), words(&edit["text"]), char::len_utf16);
        let suggestion = &diagnostics[number]["suggestions"][0];
        let range = &suggestion["range"];
        let ends = ["start", "end"].map(|end| (size(&range[end]["line"]), size(&range[end]["column"])));
        assert_eq!(edited(&old, ends, words(&suggestion["text"]), char::len_utf8), new, "{path}");
        let change = &results[number]["fixes"][0]["artifactChanges"][0];
        assert_eq!(path_of(words(&change["artifactLocation"]["uri"])), path);
        let replacement = &change["replacements"][0];
        let region = &replacement["deletedRegion"];
        let ends =
            ["start", "end"].map(|end| (size(&region[format!("{end}Line")]), size(&region[format!("{end}Column")])));
        assert_eq!(edited(&old, ends, words(&replacement["insertedContent"]["text"]), |_| 1), new, "{path}");
        assert_ne!(old, new);
        assert!(made.insert(path, new).is_none(), "{path} has several");
    }
    assert_eq!(made.len(), 3);
    tactful(folder.path(), &["check", "--select", "apology", "--fix"]);
    for (path, new) in made {
        assert_eq!(decoded(&fs::read(folder.path().join(path)).unwrap()).0, new, "{path}");
    }
}

#[test]
fn a_suggestion_with_a_hole_is_nothing_to_commit() {
    let folder = folder(&[("risky.txt", RISKY)]);
    let reports = Reports::new(folder.path(), &[]);
    for diagnostic in lines(reports.of("rdjsonl")) {
        assert!(diagnostic.get("suggestions").is_none(), "{diagnostic}");
    }
    assert!(!reports.of("sarif").contains("\"fixes\""));
}

#[test]
fn findings_have_fingerprints_of_their_own() {
    let twice = [RISKY, b"---\n", RISKY].concat();
    let folder = folder(&[("a.txt", &twice), ("b.txt", RISKY), ("b.md", RISKY)]);
    let reports = Reports::new(folder.path(), &[]);
    let expected: Vec<&str> = findings(&reports.list).map(|(_, finding)| words(&finding["fingerprint"])).collect();
    let issues = json(reports.of("gitlab"));
    let issues: Vec<&str> = self::list(&issues).iter().map(|issue| words(&issue["fingerprint"])).collect();
    assert_eq!(issues, expected);
    let different: HashSet<&str> = issues.iter().copied().collect();
    assert_eq!(different.len(), issues.len());
    let sarif = json(reports.of("sarif"));
    for (result, expected) in self::list(&sarif["runs"][0]["results"]).iter().zip(&expected) {
        assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"], *expected);
    }
}

#[test]
fn line_ends_of_a_reply_are_no_strange_characters() {
    let folder =
        folder(&[("a.txt", b"Hi Ana,\r\n\r\nIt's our\r\ncompany policy.\r\nYou should\r\nhave read the email.\r\n")]);
    let reports = Reports::new(folder.path(), &[]);
    for (format, report) in &reports.written {
        assert!(!report.contains('\u{fffd}'), "{format}: {report}");
    }
}

/// The data of the page, as a browser finds it: the element ends with the first `</script`.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    json(rest.split_once("</script").unwrap().0)
}

/// What would be markup, a command to a terminal or a job, or would break a line or a cell, if it were not shown as text.
const NASTY: [&str; 31] = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "&amp;&lt;",
    "<img src=x onerror=alert(1)>",
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{7}",
    "\u{8}\u{7f}\u{85}",
    "\r\n::error::pwned",
    "\n::stop-commands::pwned",
    "%0A::error::pwned",
    "%0D%0A::error file=a,line=1::pwned",
    "a | b",
    "\\| `c` \\",
    "``` \\`",
    "[x](http://evil.example)",
    "![x](http://evil.example/y.png)",
    "<http://evil.example>",
    "https://evil.example",
    "www.evil.example",
    "someone@evil.example",
    "@someone",
    "**b** _i_ ~~s~~ $x$ [^1]",
    "{{data}}",
    "{data}",
    "/*{script}*/",
    "\u{2028}::error::pwned",
    "\u{202e}",
    "\u{feff}\u{fffe}\u{ffff}",
];

/// Each of them as a name, a title and in the words of a reply, and as a path.
#[cfg(unix)]
fn hostile() -> TempDir {
    let reply = |nasty: &str| {
        let text = format!("{nasty} Unfortunately we can't {nasty} refund it. It's our {nasty} policy {nasty}.");
        serde_json::json!({ "id": nasty, "title": nasty, "lang": "en", "text": text }).to_string() + "\n"
    };
    let files: Vec<(String, String)> = NASTY
        .iter()
        .enumerate()
        .map(|(number, nasty)| (format!("{number}{nasty}/reply.jsonl"), reply(nasty)))
        .chain([
            ("nul.jsonl".to_owned(), reply("\0")),
            ("\u{1b}[31m\r\n::error::pwned.jsonl".to_owned(), "oops\n".to_owned()),
        ])
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, reply)| (path.as_str(), reply.as_bytes())).collect();
    folder(&files)
}

/// What would steer a terminal, or turn the text around it.
fn steers(c: char) -> bool {
    c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// Text as it is compared: blanks aside, and what is not shown as it stands.
fn visible(text: &str) -> String {
    let hidden = ['\u{200b}', '\u{2060}', '\u{fffd}', '\u{feff}', '\u{fffe}', '\u{ffff}'];
    text.chars().filter(|c| !c.is_whitespace() && !steers(*c) && !hidden.contains(c)).collect()
}

fn name(reply: &Value) -> Option<&str> {
    reply["id"].as_str().or(reply["title"].as_str())
}

#[cfg(unix)]
mod text_that_looks_like_something_else_is_text {
    use super::*;

    /// What is told of the hostile library.
    fn reports() -> &'static Reports {
        static REPORTS: LazyLock<Reports> = LazyLock::new(|| Reports::new(hostile().path(), &[]));
        assert_eq!(list(&REPORTS.list["errors"]).len(), 1);
        for nasty in NASTY {
            assert!(
                list(&REPORTS.list["replies"]).iter().any(|reply| name(reply).map(visible) == Some(visible(nasty))),
                "{nasty:?}"
            );
        }
        &REPORTS
    }

    /// A finding a reply, so that a summary lists all.
    fn inability() -> &'static Reports {
        static REPORTS: LazyLock<Reports> =
            LazyLock::new(|| Reports::new(hostile().path(), &["--select", "refusal/inability"]));
        &REPORTS
    }

    fn for_people(format: &str, count: fn(&str) -> usize) {
        let all = reports();
        let problems = stderr(&all.run);
        let steering = all.of(format).lines().chain(problems.lines()).find(|line| line.contains(steers));
        assert_eq!(count(all.of(format)), findings(&all.list).count(), "{format}");
        let coloured = tactful(hostile().path(), &["check", "--color", "always", "--format", format]);
        for printed in [stdout(&coloured), stderr(&coloured)] {
            let raw =
                printed.lines().find(|line| line.contains("\u{1b}[31m") || line.contains(['\u{7}', '\u{9b}', '\r']));
            assert_eq!(raw, None, "{format}");
        }
        assert_eq!(steering, None, "{format}");
    }

    #[test]
    fn in_full() {
        for_people("full", |text| text.lines().filter(|line| line.trim_start().starts_with("--> ")).count());
    }

    #[test]
    fn in_concise() {
        for_people("concise", |text| text.lines().count());
    }

    #[test]
    fn in_grouped() {
        for_people("grouped", |text| text.lines().filter(|line| line.starts_with("  ")).count());
    }

    #[test]
    fn in_data_for_programs() {
        for (format, read, place) in READERS {
            if ["json", "jsonl", "gitlab", "rdjson", "rdjsonl", "html", "sarif"].contains(&format) {
                let report = reports().of(format);
                assert!(!report.contains(|c: char| c.is_ascii_control() && c != '\n'), "{format}");
                assert_eq!(read(report), told(&reports().list, place), "{format}");
            }
        }
    }

    #[test]
    fn in_messages_of_sarif() {
        let sarif = json(reports().of("sarif"));
        for (result, (reply, finding)) in list(&sarif["runs"][0]["results"]).iter().zip(findings(&reports().list)) {
            let message = words(&result["message"]["text"]);
            assert!(!message.replace("\\]", "").contains("]("), "{message}");
            assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{message:?}");
            let logical = words(&result["locations"][0]["logicalLocations"][0]["name"]);
            assert_eq!(visible(logical), visible(name(reply).unwrap_or(logical)));
            let advice = finding["suggestions"][0]["text"].as_str().unwrap_or_default();
            let plain = |text: &str| visible(text).replace('\\', "");
            assert!(plain(message).ends_with(&plain(advice)), "{message}");
        }
    }

    #[test]
    fn in_workflow_commands() {
        let reports = reports();
        let commands = commands(reports.of("github"));
        let strays: Vec<&&str> = commands.iter().filter_map(|command| command.as_ref().err()).collect();
        assert_eq!(strays, [&""; 0]);
        let problems: usize = ["errors", "notices"].iter().map(|name| list(&reports.list[name]).len()).sum();
        assert_eq!(commands.len(), findings(&reports.list).count() + problems + 1);
        for (command, (reply, finding)) in commands.iter().flatten().zip(findings(&reports.list)) {
            assert!(["error", "warning", "notice"].contains(&command.name.as_str()), "{}", command.name);
            let property = |name: &str| visible(&command.properties[name]);
            assert_eq!(property("file"), visible(words(&reply["path"])));
            let title = format!("{} in {}", words(&finding["rule"]), name(reply).unwrap());
            assert_eq!(property("title"), visible(&title));
            assert!(visible(&command.message).starts_with(&visible(words(&finding["message"]))));
        }
    }

    #[test]
    fn in_markdown() {
        let reports = inability();
        let printed = reports.of("markdown");
        let (rows, live) = markdown(printed);
        assert_eq!(rows.len(), findings(&reports.list).count());
        let mut listed: Vec<(&Value, &Value)> = findings(&reports.list).collect();
        listed.sort_by_key(|(_, finding)| finding["severity"] != "error");
        for (row, (reply, finding)) in rows.iter().zip(listed) {
            let [place, what, instead] = row.as_slice() else { panic!("{row:?}") };
            let expected = format!("{}:{} ({})", words(&reply["path"]), line(finding), name(reply).unwrap());
            assert_eq!(visible(place), visible(&expected));
            assert!(visible(what).ends_with(&format!("“{}”", visible(words(&finding["text"])))), "{what}");
            assert_eq!(visible(instead), visible(words(&finding["suggestions"][0]["text"])));
        }
        assert_eq!(live, [""; 0]);
        let steering = printed.lines().find(|line| line.contains(steers));
        assert_eq!(steering, None);
    }

    /// GitHub looks for names and numbers in what is shown, however that was written.
    #[test]
    fn in_markdown_that_names_somebody_or_an_issue() {
        let (rows, _) = markdown(inability().of("markdown"));
        let named = rows.iter().flatten().find(|cell| cell.contains("@someone") || cell.contains("#1"));
        assert_eq!(named, None);
    }

    #[test]
    fn in_junit() {
        let reports = reports();
        let report = reports.of("junit");
        let document = Document::parse(report).unwrap();
        let failures: Vec<Node<'_, '_>> = elements(&document, "failure").collect();
        assert_eq!(failures.len(), findings(&reports.list).count());
        for (failure, (reply, finding)) in failures.iter().zip(findings(&reports.list)) {
            let said = |name| visible(failure.parent().unwrap().attribute(name).unwrap());
            assert_eq!(said("classname"), visible(words(&reply["path"])));
            assert_eq!(said("name"), visible(&format!("{} in {}", words(&finding["rule"]), name(reply).unwrap())));
            let told = visible(failure.text().unwrap());
            for suggestion in list(&finding["suggestions"]) {
                assert!(told.contains(&visible(&format!("try: {}", words(&suggestion["text"])))), "{told}");
            }
            assert!(told.contains(&visible(finding["text"].as_str().unwrap_or_default())), "{told}");
        }
        assert!(!report.contains(|c: char| c.is_control() && c != '\n'), "{report:?}");
    }

    #[test]
    fn in_checkstyle() {
        let reports = reports();
        let report = reports.of("checkstyle");
        let document = Document::parse(report).unwrap();
        let file = |error: Node<'_, '_>| visible(error.parent().unwrap().attribute("name").unwrap());
        let files: Vec<String> = elements(&document, "error").map(file).collect();
        let expected: Vec<String> = findings(&reports.list).map(|(reply, _)| visible(words(&reply["path"]))).collect();
        assert_eq!(files, expected);
        assert!(!report.contains(|c: char| c.is_control() && c != '\n'), "{report:?}");
    }

    #[test]
    fn in_html() {
        let page = reports().of("html");
        let clean = printed(folder(&[("fine.txt", FINE)]).path(), "html");
        for part in ["<", "<script", "</script", "<!--"] {
            assert_eq!(page.matches(part).count(), clean.matches(part).count(), "{part}");
        }
        assert!(page.ends_with("</html>\n"));
    }

    #[test]
    fn in_a_path_at_the_start_of_a_line_of_a_job() {
        let folder = folder(&[("::error title=x::pwned.txt", RISKY)]);
        let reports = Reports::new(folder.path(), &[]);
        for format in ["full", "concise", "grouped"] {
            let obeyed = commands(reports.of(format)).iter().filter(|line| line.is_ok()).count();
            assert_eq!(obeyed, 0, "{format}: {}", reports.of(format));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_path_is_a_relative_uri_whatever_is_in_it() {
    let paths = ["a:b.txt", "%41.txt", "a?b#c.txt", "\\a.txt", "mailto:x/y.txt", "ñ🙂\u{202e}.txt", "~^`{|}\"<>.txt"];
    let folder = folder(&paths.map(|path| (path, RISKY)));
    let reports = Reports::new(folder.path(), &[]);
    let sarif = reports.of("sarif");
    assert_eq!(read_sarif(sarif), told(&reports.list, words_or_start));
    for uri in sarif.lines().filter_map(|line| line.trim().strip_prefix("\"uri\": \"")) {
        assert!(!uri.split('/').next().unwrap().contains(':'), "{uri}");
    }
}

/// The published schema, which then allows nothing that it does not describe; `part` is one of its definitions.
fn schema(part: Option<&str>) -> jsonschema::Validator {
    fn strict(schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                if members.contains_key("properties") {
                    members.insert("additionalProperties".into(), false.into());
                }
                members.values_mut().for_each(strict);
            }
            Value::Array(items) => items.iter_mut().for_each(strict),
            _ => {}
        }
    }
    let mut schema = json(&stdout(&tactful(Path::new("."), &["schema"])));
    if let Some(part) = part {
        let definitions = schema["$defs"].take();
        assert!(definitions.get(part).is_some(), "{part}");
        schema = serde_json::json!({ "$ref": format!("#/$defs/{part}"), "$defs": definitions });
    }
    strict(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

/// Libraries that are clean, risky, hard to read, suppressed for no need, and nothing at all.
fn libraries() -> Vec<TempDir> {
    let broken: &[u8] = b"{\"text\":\"No.\",\"lang\":\"en\"}\n{\"text\": oops}\n";
    vec![
        folder(&[("fine.txt", FINE)]),
        folder(&[("risky.txt", RISKY), ("unknown.txt", b"Dobry den.\n")]),
        folder(&[("broken.jsonl", broken), ("other.json", b"{\"a\": 1}"), ("random.md", &[0xC3, 0x28, 0xFF])]),
        folder(&[("fine.md", &[b"<!-- tactful-disable-file blame -->\n\n", FINE].concat())]),
        folder(&[]),
        library(),
    ]
}

fn errors(schema: &jsonschema::Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_json_report_and_its_lines_are_what_the_schema_says() {
    let whole = schema(None);
    assert!(!errors(&whole, &serde_json::json!({ "version": 1 })).is_empty());
    let kinds = [("reply", "Reply"), ("error", "Problem"), ("notice", "Problem"), ("summary", "Summary")];
    let schemas: HashMap<&str, jsonschema::Validator> =
        kinds.into_iter().map(|(kind, part)| (kind, schema(Some(part)))).collect();
    let mut seen: HashSet<String> = HashSet::new();
    for library in libraries() {
        let reports = Reports::new(library.path(), &[]);
        assert_eq!(errors(&whole, &reports.list), [""; 0]);
        let mut parts: HashMap<String, Vec<Value>> = HashMap::new();
        for mut line in lines(reports.of("jsonl")) {
            let kind = words(&line.as_object_mut().unwrap().remove("type").unwrap()).to_owned();
            assert_eq!(errors(&schemas[kind.as_str()], &line), [""; 0]);
            parts.entry(kind).or_default().push(line);
        }
        let of = |kind: &str| Value::Array(parts.get(kind).cloned().unwrap_or_default());
        for (kind, name) in [("reply", "replies"), ("error", "errors"), ("notice", "notices")] {
            assert_eq!(of(kind), reports.list[name]);
        }
        assert_eq!(of("summary"), serde_json::json!([reports.list["summary"]]));
        seen.extend(parts.into_keys());
    }
    assert_eq!(seen.len(), kinds.len(), "{seen:?}");
}

#[test]
fn reports_without_a_finding_can_be_read_as_well() {
    for library in [folder(&[("fine.txt", FINE)]), folder(&[])] {
        let reports = Reports::new(library.path(), &[]);
        for (format, read, _) in READERS {
            assert_eq!(read(reports.of(format)), [], "{format}");
        }
    }
}

#[test]
fn one_run_writes_every_report_without_colours_and_prints_one() {
    let folder = library();
    let reports = Reports::new(folder.path(), &["--color", "always", "--format", "concise"]);
    assert_eq!(reports.run.status.code(), Some(1));
    assert_eq!(stdout(&reports.run), reports.written["concise"]);
    for (format, report) in &reports.written {
        assert!(!report.contains('\u{1b}'), "{format}");
    }
    for format in ["full", "sarif"] {
        assert_eq!(printed(folder.path(), format), reports.written[format]);
    }
}

#[test]
fn a_file_without_a_format_takes_the_place_of_what_is_printed() {
    let folder = folder(&[("risky.txt", RISKY), ("out", &[b'x'; 100_000])]);
    let expected = printed(folder.path(), "json");
    let run = tactful(folder.path(), &["check", "--format", "json", "-o", "out", "-o", "sarif=sub=1.sarif"]);
    assert_eq!((run.status.code(), stdout(&run).as_str()), (Some(1), ""));
    assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap(), expected);
    let sarif = fs::read_to_string(folder.path().join("sub=1.sarif")).unwrap();
    assert_eq!(read_sarif(&sarif), told(&json(&expected), words_or_start));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn where_no_report_can_be_written_is_told() {
    let folder = folder(&[("risky.txt", RISKY), ("reports/old.txt", FINE)]);
    for (output, problem) in [
        ("reports", "reports: expected a file, found a folder"),
        ("json=reports", "reports: expected a file, found a folder"),
        ("missing/report.txt", "missing/report.txt: it could not be written"),
        ("yaml=report.yaml", "expected FORMAT=FILE, with one of full, concise, grouped, json, jsonl, sarif"),
    ] {
        let run = tactful(folder.path(), &["check", "--exit-zero", "-o", output, "-o", "json=report.json"]);
        assert_eq!(run.status.code(), Some(2), "{output}: {}", stderr(&run));
        assert!(stderr(&run).contains(problem), "{output}: {}", stderr(&run));
        // The others are written all the same, unless the command itself was wrong.
        let other = fs::remove_file(folder.path().join("report.json"));
        assert_eq!(other.is_ok(), !output.starts_with("yaml"), "{output}");
    }
    assert_eq!(tactful(folder.path(), &["check", "--format", "yaml"]).status.code(), Some(2));
}

#[test]
fn an_output_without_a_name_is_told_before_anything_is_judged() {
    let folder = folder(&[("risky.txt", RISKY)]);
    let run = tactful(folder.path(), &["check", "-o", "json="]);
    assert_eq!((run.status.code(), stdout(&run).as_str()), (Some(2), ""), "{}", stderr(&run));
}

#[test]
fn the_summary_of_a_step_is_added_to_what_is_there() {
    let folder = folder(&[("risky.txt", RISKY), ("summary.md", b"# Theirs\n")]);
    let run = |args: &[&str]| {
        let args = [&["check", "risky.txt"], args].concat();
        assert_eq!(tactful_with(folder.path(), &[("GITHUB_STEP_SUMMARY", "summary.md")], &args).status.code(), Some(1));
        fs::read_to_string(folder.path().join("summary.md")).unwrap()
    };
    let markdown = stdout(&tactful(folder.path(), &["check", "--format", "markdown", "risky.txt"]));
    assert_eq!(run(&[]), "# Theirs\n");
    assert_eq!(run(&["--format", "github"]), format!("# Theirs\n{markdown}"));
    assert_eq!(run(&["-o", "github=out"]), format!("# Theirs\n{markdown}{markdown}"));
}

#[test]
fn quiet_leaves_out_the_last_line_of_reports_for_people_wherever_they_go() {
    let folder = folder(&[("risky.txt", RISKY)]);
    let reports = Reports::new(folder.path(), &["--quiet"]);
    for format in ["full", "concise", "grouped", "json"] {
        let loud = printed(folder.path(), format);
        let quiet = stdout(&tactful(folder.path(), &["check", "--quiet", "--format", format]));
        let last = loud.strip_prefix(&quiet).unwrap();
        assert_eq!(last.lines().count(), usize::from(format != "json"), "{format}");
        assert_eq!(reports.written[format], quiet, "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_the_old_report_or_the_new_one() {
    let reply = "{\"lang\":\"en\",\"text\":\"Unfortunately we can't refund it. It's our policy.\"}\n";
    let folder = folder(&[("replies.jsonl", reply.repeat(40).as_bytes())]);
    let page = folder.path().join("out.html");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tactful"));
    command.current_dir(folder.path()).args(["check", "-o", "html=out.html", "-q", "replies.jsonl"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    command.status().unwrap();
    let long = begun.elapsed();
    let new = fs::read_to_string(&page).unwrap();
    assert!(new.trim_end().ends_with("</html>"));
    assert_eq!(list(&data(&new)["replies"]).len(), 40);
    let old = "old".repeat(1000);
    let mut kept = 0;
    for round in 0..15 {
        fs::write(&page, &old).unwrap();
        let mut run = command.spawn().unwrap();
        // Most of them near the end, when the report is written.
        std::thread::sleep(long.mul_f64(0.5 + 0.04 * f64::from(round)));
        run.kill().unwrap();
        run.wait().unwrap();
        let read = fs::read_to_string(&page).unwrap();
        assert!(read == old || read == new, "{} bytes after round {round}", read.len());
        kept += usize::from(read == old);
    }
    assert!(kept > 0);
}
