"""The command: exit codes, formats, fixes and pins."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from .conftest import Upgrade, project


def test_it_breaks(upgrade: Upgrade) -> None:
    project("max_seq_length=2048")
    result = upgrade()
    assert result.code == 1
    assert "error[TRL103]: SFTConfig of TRL 1.16.0 has no argument `max_seq_length`" in result.out
    assert "from trl 0.18.2 (requirements.txt:1) with transformers 4.52.4 (requirements.txt:2)" in result.out
    assert "to   trl 1.16.0 (--to)" in result.out
    assert "1 fixable with `--fix`." in result.out


def test_nothing_breaks(upgrade: Upgrade) -> None:
    project("max_length=2048")
    result = upgrade()
    assert result.code == 0
    assert "Would break: 0. Would silently change: 3." in result.out


def test_already_there(upgrade: Upgrade) -> None:
    project(trl="1.16.0", transformers="5.23.0")
    result = upgrade()
    assert (result.code, result.out) == (0, "Nothing would change: 1 file\n")


def test_a_range_is_judged_by_its_newest_release(upgrade: Upgrade) -> None:
    project("max_seq_length=2048")
    Path("requirements.txt").write_text("trl>=0.18.2\n")
    result = upgrade()
    assert result.code == 0
    assert "compare with it by `--from 0.18.2`" in result.out
    assert upgrade("--from", "0.18.2").code == 1


def test_a_newer_project_is_left_aside(upgrade: Upgrade) -> None:
    project(trl="1.9.2", transformers="5.14.1")
    result = upgrade(to="0.18.2")
    assert result.code == 0
    assert "on a newer release than this already, and left aside: train.py" in result.out


@pytest.mark.parametrize("flags", [["--from", "nonsense!"], ["--from", "0.0.1,>2"], ["--target-transformers", "new"]])
def test_a_release_that_is_none(upgrade: Upgrade, flags: list[str]) -> None:
    project()
    result = upgrade(*flags)
    assert (result.code, result.out) == (2, "")
    assert flags[0] in result.err


def test_to_is_needed(upgrade: Upgrade, capsys: pytest.CaptureFixture[str]) -> None:
    from trl_lint.cli.main import main

    assert main(["upgrade", "."]) == 2
    assert "--to" in capsys.readouterr().err


def test_an_unreadable_file_fails(upgrade: Upgrade) -> None:
    project()
    Path("broken.py").write_bytes(b"from trl import SFTConfig\n\xff\xfe\x00")
    result = upgrade()
    assert result.code == 2
    assert "broken.py" in result.out


def test_fix_applies_the_safe_fixes_and_nothing_else(upgrade: Upgrade) -> None:
    project("\n        max_seq_length=2048,  # tokens\n    ")
    result = upgrade("--fix")
    assert result.code == 0
    text = Path("train.py").read_text()
    assert "        max_length=2048,  # tokens\n" in text
    assert "bf16" not in text
    assert "1 change made" in result.out


def test_pins_are_written_once_and_parse(upgrade: Upgrade) -> None:
    project('output_dir="o", packing=True', trl="0.18.2")
    assert "can be kept" in upgrade().out
    upgrade("--pin-defaults")
    text = Path("train.py").read_text()
    ast.parse(text)
    for pin in ("bf16=False", "gradient_checkpointing=False", 'packing_strategy="wrapped"', "logging_steps=500"):
        assert text.count(pin) == 1
    assert 'report_to="all"' in text
    result = upgrade("--pin-defaults")
    assert Path("train.py").read_text() == text
    assert "Would silently change: 0." in result.out


def test_pins_of_a_recipe(upgrade: Upgrade) -> None:
    Path("requirements.txt").write_text("trl==0.11.4\ntransformers==4.46.3\n")
    Path("recipe.yaml").write_text("# mine\nmodel_name_or_path: org/model\npacking: true  # yes\n")
    upgrade("--pin-defaults")
    text = Path("recipe.yaml").read_text()
    assert text.startswith("# mine\nmodel_name_or_path: org/model\npacking: true  # yes\n")
    assert "learning_rate: 5.0e-05\n" in text + "\n"
    assert "bf16: false\n" in text + "\n"
    assert 'packing_strategy: "wrapped"\n' in text + "\n"


def test_a_diff_writes_nothing(upgrade: Upgrade) -> None:
    project("max_seq_length=2048")
    before = Path("train.py").read_text()
    result = upgrade("--diff")
    assert "+    args=SFTConfig(max_length=2048)," in result.out
    assert "bf16" not in result.out
    assert "bf16=False" in upgrade("--pin-defaults", "--diff").out
    assert Path("train.py").read_text() == before


def test_no_pins_where_the_config_cannot_take_them(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    before = Path("train.py").read_text().replace("SFTConfig()", "None")
    Path("train.py").write_text(before)
    result = upgrade("--pin-defaults")
    assert "`bf16`" in result.out
    assert "--pin-defaults" not in result.out
    assert Path("train.py").read_text() == before


def test_equal_changes_of_several_runs_are_one(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    for number in range(6):
        Path(f"train_{number}.py").write_text(Path("train.py").read_text())
    result = upgrade()
    assert result.out.count("`bf16`: False") == 1
    assert "all 7 runs" in result.out


def test_json_holds_everything(upgrade: Upgrade) -> None:
    project("max_seq_length=2048")
    data = upgrade("--output-format", "json").data
    assert data["version"] == 1
    assert data["breaks"] == 1
    (found,) = data["upgrades"]
    assert found["from"]["trl"] == "0.18.2"
    assert found["to"] == {"trl": "1.16.0", "transformers": found["to"]["transformers"], **_described(found["to"])}
    (file,) = found["files"]
    assert file["breaks"][0]["code"] == "TRL103"
    assert file["breaks"][0]["fix"]["applicability"] == "safe"
    assert file["runs"][0]["title"] == "SFTTrainer with SFTConfig"
    assert json.dumps(data).isascii()


def _described(side: dict[str, str]) -> dict[str, str]:
    return {"described": side["described"]}


def test_markdown_has_a_table_whose_rows_fit(upgrade: Upgrade) -> None:
    project("max_seq_length=2048, packing=True")
    lines = upgrade("--output-format", "markdown").out.splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) > 4
    assert {line.replace("\\|", "").count("|") for line in table} == {8}
    assert any(line.startswith("- [ ] **error TRL103**") for line in lines)


def test_the_silent_rows_of_the_consequential_changes_are_covered() -> None:
    from trl_lint_rules.knowledge.behaviours import BEHAVIOURS
    from trl_lint_rules.knowledge.consequences import CONSEQUENCES

    numbers = {row.number for rows in CONSEQUENCES.values() for row in rows} | {row.number for row in BEHAVIOURS}
    silent = {5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 22, 24, 25, 26, 27, 29, 30, 31, 32, 34, 35, 38, 39, 41}
    assert silent <= numbers
