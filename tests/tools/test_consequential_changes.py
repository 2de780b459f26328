"""Every change that matters is reported by what the table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import consequential, tables
from trl_lint.engine import Engine, Options
from trl_lint.packs.registry import Registry
from trl_lint.sources.document import Document
from trl_lint.sources.read import read
from trl_lint.upgrade.compare import Asked, Comparison

CHANGES = consequential.load()
SHOWN = [
    pytest.param(shown, id=f"{change.number}-{shown.rule or shown.upgrade}")
    for change in CHANGES
    for shown in change.shown
]
REGISTRY = Registry(["trl_lint_rules"])


def test_the_table_is_whole() -> None:
    assert len(CHANGES) == 43
    text = consequential.page(tables.rows())
    assert sum(line.startswith("| ") for line in text.splitlines()) == 43 + 1
    assert [change.number for change in CHANGES if not change.shown] == [28], "the one that changes nothing"


@pytest.mark.parametrize("shown", SHOWN)
def test_each_is_reported(shown: consequential.Shown, tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    file.write_text(shown.code, encoding="utf-8")
    if shown.rule:
        engine = Engine(Options(shown.trl, shown.transformers), tmp_path, registry=REGISTRY, isolated=True)
        found = engine.check_file(file, "train.py").findings
        assert shown.rule in {finding.name for finding in found}
        return
    document = read(file, "train.py")
    assert isinstance(document, Document)
    engine = Engine(Options(), tmp_path, registry=REGISTRY, isolated=True)
    asked = Asked(f"=={shown.after}", None, f"=={shown.before}", shown.transformers)
    report = Comparison(asked, engine, lambda findings, source, path: tuple(findings)).report(document, tmp_path)
    assert shown.upgrade in {change.name for run in report.runs for change in run.changes}
