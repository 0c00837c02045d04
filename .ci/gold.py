"""Scores the gold replies, prints the table of each language, and fails below the floors in floors.json.

usage: gold.py GOLD_FOLDER COMMAND
"""
import json
import pathlib
import subprocess
import sys

folder, command = pathlib.Path(sys.argv[1]), sys.argv[2]
floors = json.loads((pathlib.Path(__file__).parent / "floors.json").read_text())
run = [sys.executable, folder / "score.py"]
below = []
for language, floor in floors.items():
    gold = folder / f"dev.{language}.jsonl"
    arguments = [gold, "--run", f"{command} check --format json --lang auto"]
    print(subprocess.run([*run, *arguments], capture_output=True, text=True, check=True).stdout, flush=True)
    scores = json.loads(subprocess.run([*run, *arguments, "--json"], capture_output=True, text=True, check=True).stdout)
    spans, structure = (scores["rules"][f"{kind} rules, {language}"] for kind in ("span", "structure"))
    found = {
        "precision": spans["p"],
        "recall": spans["r"],
        "structure": structure["f"],
        "overlap": scores["median_overlap"],
    }
    below += [f"{language}: {what} {value:.3f} is under its floor {floor[what]}" for what, value in found.items() if not value >= floor[what]]
    clean = scores["clean_replies_flagged"] / max(scores["clean_replies"], 1)
    if clean > floor["clean"]:
        below.append(f"{language}: {clean:.3f} of the clean replies are flagged; the most is {floor['clean']}")
sys.exit("\n".join(below) or 0)
