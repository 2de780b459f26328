"""`python -m tools.labels FOLDER [--trl PATH ...]`: what `preview` shows against what real releases put in a batch.

FOLDER holds `cases.jsonl` (one record a line: a small program, the releases it was run on, and of its first batch
`supervised_tokens`, `total_tokens`, `supervised_text`, `im_end_total` and `im_end_supervised`), `artifacts/` and
`render.py`, which writes a case as a project. The batches are shuffled: a case agrees if some rows of the preview, put
together as the trainer puts a batch together, have exactly those numbers and texts. PATH is a folder with unpacked TRL
packages (`PATH/1.16.0/trl`), for the training templates.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from .compare import batch_size, disagreement
from .show import preview_of, write_recorded_ids


def main() -> int:
    """Prints what disagrees, and the share that agrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--trl", type=Path, help="unpacked TRL packages, by version")
    parser.add_argument("--only", default="", help="cases whose id, with the releases before it, holds this")
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    render = _module(options.folder / "render.py")
    cases = [json.loads(line) for line in (options.folder / "cases.jsonl").read_text().splitlines()]
    judged = [case for case in cases if _wanted(case, options.only)]
    kinds: collections.Counter[str] = collections.Counter()
    shown = agreed = approximate = untold = 0
    with tempfile.TemporaryDirectory() as work:
        for case in judged:
            folder = render.render(case, options.folder / "artifacts", Path(work), "literal")
            case["tokenizer"] = str(folder / "model" / "tokenizer.json")
            write_recorded_ids(case, folder)
            side = preview_of(folder, options.trl / case["trl"] if options.trl else None)
            approximate += bool(side and side["approximate"])
            why = disagreement(case, side, batch_size(case))
            agreed += why is None
            if why is not None and side is not None and _says_so(side):
                untold += 1
                continue
            if why is not None:
                kinds[f"{case['trl']} {case['dataset']} {sorted(case['config'])} {why[:60]}"] += 1
                if shown < options.show:
                    shown += 1
                    print(f"{case['trl']}-{case['transformers']} {case['case_id']}: {why}")
    for kind, count in kinds.most_common(options.show):
        print(f"{count:5} x {kind}")
    told = len(judged) - untold
    print(f"{untold} cases take their rows from a function that is not run, and the preview says so")
    print(f"{agreed}/{told} = {100 * agreed / max(1, told):.2f}% equal; {approximate} marked approximate")
    return 0 if agreed == told else 1


def _wanted(case: dict[str, Any], only: str) -> bool:
    """Cases with a batch of text: pictures are not shown, and a failed first step says nothing against labels."""
    if case["outcome"] == "error" or case.get("supervised_text") is None or case["dataset"].startswith("vision"):
        return False
    return only in f"{case['trl']}-{case['transformers']} {case['case_id']}"


def _says_so(side: dict[str, Any]) -> bool:
    return any("`formatting_func`, which is not run" in remark["text"] for remark in side["remarks"])


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("recorded_cases", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
