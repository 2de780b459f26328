"""The program that counts what is understood of real repositories."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from reach.calls import trainer_calls
from reach.cli import main, row
from reach.measure import Counts, measure_folder


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from trl import SFTTrainer\nSFTTrainer(model)", 1),
        ("from trl import SFTTrainer as T\nT(model)\nT(other)", 2),
        ("import trl\ntrl.SFTTrainer(model)", 1),
        ("import trl.trainer as t\nt.SFTTrainer(model)", 1),
        ("from trl import SFTTrainer\nclass Mine(SFTTrainer):\n    pass\nMine(model)", 1),
        ("from transformers import Trainer\nTrainer(model)", 0),
        ("from trl import SFTConfig\nSFTConfig()", 0),
        ("from .trl import SFTTrainer\nSFTTrainer(model)", 0),
    ],
)
def test_which_calls_count(text: str, count: int) -> None:
    assert len(trainer_calls([ast.parse(text)])) == count


def test_cells_share_their_imports() -> None:
    assert len(trainer_calls([ast.parse("from trl import SFTTrainer"), ast.parse("SFTTrainer(model)")])) == 1


SCRIPT = """
    from transformers import AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    def literal():
        tokenizer = AutoTokenizer.from_pretrained("a/b")
        SFTTrainer("a/b", args=SFTConfig(output_dir="out"), processing_class=tokenizer)

    def given(model, args, tokenizer):
        SFTTrainer(model, args=args, processing_class=tokenizer)
"""


def test_what_is_known_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(textwrap.dedent(SCRIPT))
    (tmp_path / "broken.py").write_text("from trl import SFTTrainer\nSFTTrainer(")
    (tmp_path / "other.py").write_text("print('no Trainer of trl')")
    measured = measure_folder(tmp_path)
    assert measured.counts == Counts(files=1, calls=2, runs=2, config=1, model=1, traced=2, processing=1, data=2)
    assert measured.reasons["model", "the parameter `...`"] == 1


def test_a_call_is_known_where_a_script_of_the_folder_makes_it_so(tmp_path: Path) -> None:
    (tmp_path / "build.py").write_text(textwrap.dedent(SCRIPT))
    (tmp_path / "train.py").write_text(
        "import build\nfrom trl import SFTConfig\nbuild.given('a/b', SFTConfig(output_dir='out'), None)\n"
    )
    assert measure_folder(tmp_path).counts.model == 2


def test_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "owner+name"
    folder.mkdir()
    (folder / "train.py").write_text(textwrap.dedent(SCRIPT))
    (tmp_path / "empty").mkdir()
    assert main([str(folder), str(tmp_path / "empty")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "| owner/name | 1 | 2 | 2 (100%) | 1 (50%) | 1 (50%) | 2 (100%) | 1 (50%) | 2 (100%) |"
    assert lines[3:] == [lines[2].replace("owner/name", "all")]


def test_the_page(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(textwrap.dedent(SCRIPT))
    page = tmp_path / "reach.md"
    page.write_text("# Reach\n\n<!-- reach -->\nold\n<!-- /reach -->\n\nMore.\n")
    assert main([str(tmp_path), "--page", str(page)]) == 0
    made = page.read_text()
    assert "old" not in made
    assert "| all | 1 | 2 | 2 (100%) |" in made
    assert "| model | 1 | the parameter `...` |" in made
    assert made.endswith("<!-- /reach -->\n\nMore.\n")
    page.write_text("no marks")
    with pytest.raises(ValueError, match="no part between"):
        main([str(tmp_path), "--page", str(page)])


def test_shares_of_nothing() -> None:
    assert row("all", Counts()) == "| all | 0 | 0 | - | - | - | - | - | - |"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "missing")])
    assert stopped.value.code == 2
