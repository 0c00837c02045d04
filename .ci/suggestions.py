"""Counts the findings of the gold replies and the examples that have suggestions, by rule; makes each suggestion and reads the reply again.
Fails below what suggestions promise: every finding about words has one, those that refuse or send away have two, nine in ten about the whole reply
have one; made, the finding is gone, nothing of warning or worse is new, and the form of address is the same.

usage: suggestions.py GOLD_FOLDER EXAMPLES_FOLDER COMMAND
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

gold, examples, command = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
NEUTRAL = {"en": "a new lamp", "es": "una lámpara nueva", "sv": "en ny lampa"}
# No rewrite can know what to say, or what to leave out.
SILENT = {"structure/silence", "structure/over-explaining"}
WORSE = {"error", "warning"}


def check(replies):
    """The report of `replies`, which are dicts with `text` and `lang`."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "replies.jsonl"
        path.write_text("".join(json.dumps(reply) + "\n" for reply in replies))
        run = [*command.split(), "check", "--format", "json", "--select", "all", "--exit-zero", "--max-size", "1G", str(path)]
        found = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    return json.loads(found)["replies"]


def made(text, suggestion, language):
    raw, out, at = text.encode(), b"", 0
    for edit in suggestion["edits"]:
        out += raw[at : edit["start"]] + edit["text"].encode()
        at = edit["end"]
    after = (out + raw[at:]).decode()
    for hole in suggestion["holes"]:
        after = after.replace("{" + hole + "}", NEUTRAL[language])
    return after


wrong = []
for language in NEUTRAL:
    replies = [json.loads(line) for line in (gold / f"dev.{language}.jsonl").open()]
    replies += [{"text": path.read_text(), "lang": language} for path in sorted((examples / language).iterdir())]
    replies = [{"text": reply["text"], "lang": language} for reply in replies]
    reports = check(replies)
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    tries = []
    for reply, report in zip(replies, reports):
        for finding in report["findings"]:
            many = len(finding["suggestions"])
            row = table[finding["rule"]]
            for column, holds in enumerate([True, many >= 1, many >= 2]):
                row[column] += holds
            row[3] += many
            tries += [(reply, report, finding, suggestion) for suggestion in finding["suggestions"]]
    print(f"{language}: findings with suggestions, in {len(replies)} replies\n\n| rule | findings | one or more | two or more | suggestions |\n| --- | --- | --- | --- | --- |")
    for rule, (all_, one, two, many) in sorted(table.items()):
        print(f"| {rule} | {all_} | {one / all_:.0%} | {two / all_:.0%} | {many} |")
    words = {rule: row for rule, row in table.items() if not rule.startswith("structure/")}
    whole = [row for rule, row in table.items() if rule.startswith("structure/") and rule not in SILENT]
    wrong += [f"{language}: {rule} has findings without a suggestion" for rule, row in words.items() if row[1] < row[0]]
    wrong += [
        f"{language}: {rule} has findings with a single suggestion"
        for rule, row in words.items()
        if rule.split("/")[0] in ("refusal", "deflection") and row[2] < row[0]
    ]
    if sum(row[1] for row in whole) < 0.9 * sum(row[0] for row in whole):
        wrong.append(f"{language}: fewer than nine in ten findings about the whole reply have a suggestion")
    after = check([{"text": made(reply["text"], suggestion, language), "lang": language} for reply, _, _, suggestion in tries])
    kept = 0
    for (reply, before, finding, suggestion), now in zip(tries, after):
        counts = collections.Counter(found["rule"] for found in before["findings"])
        later = collections.Counter(found["rule"] for found in now["findings"])
        severe = {found["rule"] for found in now["findings"] if found["severity"] in WORSE}
        gone = later[finding["rule"]] < counts[finding["rule"]]
        new = [rule for rule in severe if later[rule] > counts[rule]]
        mixed = "clarity/mixed-address" in counts
        address = mixed or before["form_of_address"] is None or now["form_of_address"] in (None, before["form_of_address"])
        kept += gone and not new and address
        if not gone or new or not address:
            wrong.append(f"{language}: {finding['rule']}: {suggestion['text']!r} of {reply['text']!r}: gone {gone}, new {new}, address kept {address}")
    print(f"\n{language}: {kept} of {len(tries)} suggestions, made, leave no finding, bring none and keep the form of address\n", flush=True)
sys.exit("\n".join(wrong) or 0)
