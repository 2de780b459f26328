"""What fixes leave behind: files that still parse, and nothing that a second call would change."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml

from trl_lint.configuration.settings import DEFAULT_INCLUDE
from trl_lint.edits.apply import apply
from trl_lint.engine import Engine
from trl_lint.sources.document import Document
from trl_lint.sources.read import read

from .conftest import trl_lint

pytestmark = pytest.mark.slow

SOURCES = (".py", ".ipynb", ".yaml", ".yml", ".json")


def parses(name: str, raw: bytes) -> bool:
    """Whether Python, JSON or PyYAML reads it; of a notebook, every code cell."""
    try:
        if name.endswith(".py"):
            ast.parse(raw)
        elif name.endswith((".yaml", ".yml")):
            yaml.safe_load(raw)
        else:
            content = json.loads(raw)
            cells = content.get("cells", ()) if name.endswith(".ipynb") else ()
            for cell in cells:
                if cell["cell_type"] == "code":
                    ast.parse("".join(cell["source"]))
    except (SyntaxError, ValueError, yaml.YAMLError):
        return False
    return True


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("flags", [("--fix",), ("--fix", "--unsafe-fixes")])
def test_fixes_keep_files_sound_and_come_to_rest(copy: Path, flags: tuple[str, ...]) -> None:
    before = contents(copy)
    trl_lint("check", copy, *flags)
    fixed = contents(copy)
    assert fixed.keys() == before.keys()
    changed = [path for path in fixed if fixed[path] != before[path]]
    assert changed
    assert [path for path in changed if not any(map(path.match, DEFAULT_INCLUDE))] == []
    assert [path for path in changed if parses(path.name, before[path]) and not parses(path.name, fixed[path])] == []
    trl_lint("check", copy, *flags)
    assert contents(copy) == fixed


def test_a_check_writes_nothing(copy: Path) -> None:
    before = contents(copy)
    trl_lint("check", copy)
    trl_lint("check", copy, "--fix", "--diff")
    trl_lint("runs", copy)
    assert contents(copy) == before


def test_every_fix_alone_keeps_the_file_sound(projects: Path) -> None:
    engine = Engine(root=projects)
    tried = 0
    for path in sorted(path for path in projects.rglob("*") if path.suffix in SOURCES):
        document = read(path, path.name)
        if not isinstance(document, Document) or not parses(path.name, document.raw):
            continue
        for finding in engine.check_document(document, path.parent).findings:
            for fix in finding.fixes:
                after = apply(document, fix.edits)
                assert parses(path.name, after), f"{path}: {finding.code}: {fix.message}"
                tried += bool(fix.edits)
    assert tried > 50
