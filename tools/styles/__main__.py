"""`python -m tools.styles FOLDER sft|silent`: the figure of recorded cases in further styles of writing.

FOLDER holds recorded cases with the programs `render.py`, which writes each as a script, and `measure.py`, which lints
all of them and compares with what was recorded. Each style writes the same script in another way; the verdict on it has
to be the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .styles import ANY_NAME, STYLES, rewrite


def main() -> int:
    """Prints one figure a style; 1 where any disagrees."""
    parser = argparse.ArgumentParser(prog="python -m tools.styles", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", choices=("sft", "silent"))
    parser.add_argument("--style", choices=sorted(STYLES), action="append", help="all of them, unless named")
    parser.add_argument("--trl-lint", default=str(Path(sys.executable).with_name("trl-lint")))
    parser.add_argument("--limit", type=int, default=0, help="take about this many cases, evenly")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    sys.path.insert(0, str(options.folder.resolve()))
    import measure  # type: ignore[import-not-found]
    import render  # type: ignore[import-not-found]

    literal = render.render

    def written(case: dict[str, Any], artifacts: Path, out: Path, style: str) -> Path:
        folder: Path = literal(case, artifacts, out, "literal")
        for name, text in rewrite((folder / "train.py").read_text(), style).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return folder

    render.render = written
    cases = [json.loads(line) for line in (options.folder / "cases.jsonl").read_text().splitlines()]
    if options.limit:
        cases = cases[:: max(1, len(cases) // options.limit)]
    missed = 0
    for style in options.style or STYLES:
        copies = [dict(case) for case in cases if not (style in ANY_NAME and _refused_name(case))]
        good, total = measure.measure(
            options.what, copies, options.folder / "artifacts", options.trl_lint, style, options.show
        )
        missed += total - good
    return 1 if missed else 0


def _refused_name(case: dict[str, Any]) -> bool:
    """Whether the release refused an argument of this name."""
    return "unexpected keyword argument" in (case.get("message") or "")


sys.exit(main())
