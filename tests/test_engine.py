"""What the engine says of files that it cannot read, and of defects of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint import opening
from trl_lint.engine import Engine
from trl_lint.model.finding import Severity
from trl_lint.model.module import Module, SyntaxProblem
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.python import front


@pytest.mark.parametrize(("newer", "severity"), [(True, Severity.INFO), (False, Severity.WARNING)])
def test_a_newer_syntax_is_a_limit_and_no_error(
    newer: bool, severity: Severity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def understand(source: Source, *_: object) -> Module:
        return Module(source, problems=(SyntaxProblem(Span(source.path, 0, 1), "odd", newer),))

    monkeypatch.setattr(front, "understand", understand)
    path = tmp_path / "train.py"
    path.write_text("import trl\n")
    (finding,) = Engine(root=tmp_path).check_file(path, "train.py").findings
    assert (finding.code, finding.severity) == ("TRL001", severity)


def test_large_json_files_are_no_recipes(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text('{"dataset_name": "' + "x" * opening.RECIPE_LIMIT + '"}')
    assert Engine(root=tmp_path).check_file(path, "tokenizer.json").findings == ()


def test_a_defect_is_one_finding_and_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def understand(source: Source, *_: object) -> Module:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(front, "understand", understand)
    path = tmp_path / "train.py"
    path.write_text("import trl\n")
    engine = Engine(root=tmp_path)
    (finding,) = engine.check_file(path, "train.py").findings
    assert (finding.code, finding.severity, engine.failed) == ("TRL002", Severity.ERROR, True)
    assert "ZeroDivisionError" in finding.message
