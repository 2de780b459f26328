"""What loading the release facts for one file costs: `python bench/facts.py [--repeat N]`.

Starts a fresh interpreter each time, imports the reading code, and then measures what the rules ask for when they judge
one file: the fields of `SFTConfig` in a pair of releases, the parameters of `SFTTrainer`, the public names, the
releases and the command line. The goal is 10 ms of processor time, in the median of the runs; with `json.loads` of the
same files as the unit, a slow machine shows as such.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOAL = 0.010  # seconds

_CHILD = """
import json, time
from trl_lint.model.release import Release
import trl_lint_rules.facts as facts
from trl_lint_rules.facts import store
opened = []
real = store._shipped
def shipped(path):
    opened.append(path)
    return real(path)
store._shipped = shipped
begin = time.process_time()
trl, transformers = Release.parse("1.16.0"), Release.parse("5.23.0")
facts.releases("trl"), facts.releases("transformers")
facts.requires(trl)
assert facts.config_fields("SFTConfig", trl, transformers)
assert facts.signature("SFTTrainer", trl)
assert facts.names("trl", trl)
assert facts.cli(trl)
spent = time.process_time() - begin
texts = [open(store._DATA + "/" + path, encoding="utf-8").read() for path in opened]
begin = time.process_time()
for text in texts:
    json.loads(text)
print(json.dumps([spent, time.process_time() - begin, len(opened), sum(map(len, texts))]))
"""


def measure() -> tuple[float, float, int, int]:
    """Seconds for the facts of one file, seconds for parsing their JSON alone, and how many files and characters."""
    done = subprocess.run([sys.executable, "-c", _CHILD], cwd=ROOT, capture_output=True, text=True, check=True)
    spent, parsing, files, characters = json.loads(done.stdout)
    return spent, parsing, files, characters


def main() -> int:
    """Print the medians; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=15)
    found = [measure() for _ in range(parser.parse_args().repeat)]
    spent = statistics.median(each[0] for each in found)
    parsing = statistics.median(each[1] for each in found)
    files, characters = found[0][2:]
    goal = f"goal {GOAL * 1000:.0f} ms"
    print(f"facts for one file: {spent * 1000:.1f} ms ({goal}), {files} files of {characters:,} characters")
    print(f"json.loads of them: {parsing * 1000:.1f} ms; ratio {spent / parsing:.1f}")
    return 0 if spent <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
