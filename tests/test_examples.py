"""What `examples/` is there to show: the first thing that anybody sees of trl-lint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trl_lint.cli.main import main
from trl_lint.engine import Engine
from trl_lint.model.finding import Applicability, Confidence, Finding

FOLDER = Path(__file__).parents[1] / "examples/founding-case"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(root=FOLDER)


def only_finding(engine: Engine, name: str) -> Finding:
    (found,) = engine.check_file(FOLDER / name, name).findings
    assert (found.code, found.releases) == ("TRL201", "==1.9.2")
    assert "requirements.txt:1" in found.released
    return found


@pytest.mark.parametrize(("name", "cell"), [("train.py", None), ("train.ipynb", 4)])
def test_the_founding_case_is_found_and_has_a_safe_fix(engine: Engine, name: str, cell: int | None) -> None:
    found = only_finding(engine, name)
    assert found.confidence is Confidence.CERTAIN
    assert found.place.cell == cell
    assert any("edited" in related.message for related in found.related)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    assert [edit.text.strip() for edit in found.fix.edits] == ["processing_class=tokenizer,"]


def test_the_recipe_is_found_too(engine: Engine) -> None:
    assert only_finding(engine, "recipe.yaml").place.row == 6


def test_the_example_of_the_preview_shows_what_an_upgrade_changes(capsys: pytest.CaptureFixture[str]) -> None:
    script = FOLDER.parent / "preview" / "train.py"
    assert main(["preview", str(script), "--compare", "0.24", "1.16", "--output-format", "json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    old, new = run["sides"]
    assert [row["total"] - row["trained"] for row in old["rows"]] == [2, 2, 2]
    assert [span["trained"] for span in new["rows"][0]["spans"]] == [False, True]
    assert [row["cut"] > 0 for row in new["rows"]] == [False, False, True]
