"""A suppression on the line of every finding leaves none, and none of them is unused."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import trl_lint

pytestmark = pytest.mark.slow

WITH_COMMENTS = (".py", ".ipynb", ".yaml", ".yml")
# What is said of a whole file or project has no line of its own, and TRL01x is about suppressions themselves.
EXCEPTIONS = ("TRL001", "TRL002", "TRL010", "TRL011", "TRL801")

Rows = dict[tuple[int | None, int], set[str]]


def with_comment(lines: list[str], row: int, names: set[str], same: Callable[[str, str], bool]) -> bool:
    """Add the suppression to a line, unless it would be no comment there (inside of a text)."""
    body = lines[row - 1].rstrip("\r\n")
    changed = f"{body}  # trl-lint: ignore[{', '.join(sorted(names))}] tried{lines[row - 1][len(body) :]}"
    after = [*lines[: row - 1], changed, *lines[row:]]
    if not same("".join(lines), "".join(after)):
        return False
    lines[:] = after
    return True


def same_python(before: str, after: str) -> bool:
    try:
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except SyntaxError:
        return False


def same_yaml(before: str, after: str) -> bool:
    try:
        return bool(yaml.safe_load(before) == yaml.safe_load(after))
    except yaml.YAMLError:
        return False


def suppress(path: Path, rows: Rows) -> int:
    """Write the suppressions into a file; how many were possible."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        content: dict[str, Any] = json.loads(text)
        done = 0
        for (cell, row), names in rows.items():
            assert cell is not None
            source = content["cells"][cell - 1]["source"]
            lines = source.splitlines(keepends=True) if isinstance(source, str) else list(source)
            done += with_comment(lines, row, names, same_python)
            content["cells"][cell - 1]["source"] = lines
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return done
    lines = text.splitlines(keepends=True)
    same = same_python if path.suffix == ".py" else same_yaml
    done = sum(with_comment(lines, row, names, same) for (_, row), names in rows.items())
    path.write_text("".join(lines), encoding="utf-8")
    return done


def test_suppressing_all_leaves_none(copy: Path) -> None:
    found: dict[Path, Rows] = defaultdict(lambda: defaultdict(set))
    for finding in trl_lint("check", "--output-format", "json", copy).findings:
        path = Path(finding["filename"])
        if path.suffix in WITH_COMMENTS and finding["code"] not in EXCEPTIONS:
            found[path][finding["cell"], finding["location"]["row"]].add(finding["name"])
    complete = [path for path, rows in found.items() if suppress(path, rows) == len(rows)]
    assert len(complete) > 30
    left = trl_lint("check", "--output-format", "json", *complete).findings
    assert [(each["filename"], each["location"], each["code"]) for each in left if each["code"] not in EXCEPTIONS] == []
    assert [each for each in left if each["code"] == "TRL010"] == []
