"""The preview of one project, as its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trl_lint.engine import Engine
from trl_lint.opening import open_file
from trl_lint.packs.registry import Registry
from trl_lint.preview.collect import Previewer
from trl_lint.preview.data import as_data
from trl_lint.preview.report import PreviewReport

_ROWS = 200
_REGISTRY = Registry(["trl_lint_rules"])


def preview_of(folder: Path, trl: Path | None) -> dict[str, Any] | None:
    """What `trl-lint preview train.py` says of the only run of the project; None where there is no run."""
    if trl is not None:
        _REGISTRY.read_templates([trl] if (trl / "trl").is_dir() else [])
    engine = Engine(root=folder, registry=_REGISTRY, isolated=True)
    document = open_file(folder / "train.py", "train.py")
    if document is None or isinstance(document, tuple):
        return None
    runs, _ = Previewer(engine, (), None, _ROWS).runs(document, folder)
    if len(runs) != 1:
        return None
    side: dict[str, Any] = as_data(PreviewReport(tuple(runs)))["runs"][0]["sides"][0]
    return side


def write_recorded_ids(case: dict[str, Any], folder: Path) -> None:
    """Puts the rows of tokens in the project that the record was made with: the rendered ones are stand-ins."""
    if not case["dataset"].startswith("ids"):
        return
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(case["tokenizer"])
    rows = []
    for number in range(6):
        user = tokenizer.encode(f"user words one?{'!' * (number % 3)}\n").ids
        answer = tokenizer.encode("assistant words alpha.").ids
        mask = [0] * len(user) + [1] * len(answer)
        row: dict[str, Any] = {"input_ids": user + answer}
        if case["dataset"] == "ids_labels":
            row["labels"] = [-100] * len(user) + answer
        if case["dataset"] == "ids_cmask":
            row["completion_mask"] = mask
        if case["dataset"] == "ids_amask":
            row["assistant_masks"] = mask
        if case["dataset"] == "ids_amask_zero":
            row["assistant_masks"] = [0] * len(mask)
        rows.append(row)
    (folder / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
