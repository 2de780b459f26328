"""Recipes and scripts that a shell script or a notebook writes before it uses them: findings stand where they do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main
from trl_lint.model.source import Kind, Source
from trl_lint.shell.written import written

TRAIN = """\
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser

parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig))
script, args, model = parser.parse_args_and_config()
SFTTrainer(model.model_name_or_path, args=args, train_dataset=make(script))
"""
RUN = """\
LR=1e-4
cat > config.yaml <<{mark}
model_name_or_path: tiny
learning_rate: $LR
max_seq_length: 64
EOF
{command} --config config.yaml
"""
WRITES = """\
%%writefile train.py
import argparse
from trl import SFTConfig, SFTTrainer
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
args = parser.parse_args()
SFTTrainer("tiny", args=SFTConfig(max_seq_length=5, learning_rate=args.lr), train_dataset=make())
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("trl==1.5.1\ntransformers==5.8.0\n")
    return tmp_path


def notebook(*cells: str) -> str:
    made: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell.splitlines(True)}
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int | None, int, str]]:
    main(["check", "--output-format", "json", "--isolated", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [(f["filename"], f["cell"], f["location"]["row"], f["code"]) for f in found]


def values(capsys: pytest.CaptureFixture[str], path: str) -> dict[str, str]:
    main(["runs", "--output-format", "json", "--isolated", path])
    (run,) = json.loads(capsys.readouterr().out)
    return {each["name"]: each["value"] for each in run["values"]}


def test_a_recipe_in_a_here_document_is_read_by_the_script(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "train.py").write_text(TRAIN)
    (project / "run.sh").write_text(RUN.format(mark="EOF", command="accelerate launch train.py"))
    assert check(capsys, ".") == [("run.sh", None, 5, "TRL103")]
    main(["check", "--isolated", "train.py"])
    assert "5 | max_seq_length: 64" in capsys.readouterr().out
    found = values(capsys, "train.py")
    assert found["learning_rate"] == "a placeholder that is filled in later"
    assert found["max_seq_length"] == "64"


@pytest.mark.parametrize("mark", ["EOF", "'EOF'", '"EOF"'])
def test_a_recipe_in_a_here_document_is_read_by_a_trl_command(
    project: Path, capsys: pytest.CaptureFixture[str], mark: str
) -> None:
    (project / "run.sh").write_text(RUN.format(mark=mark, command="trl sft"))
    assert check(capsys, ".") == [("run.sh", None, 5, "TRL116")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat <<EOF > a.yaml\nx: 1\nEOF\n", {"a.yaml": "x: 1\n"}),
        ("tee conf/a.yaml <<'EOF'\nx: $Y\nEOF\n", {"conf/a.yaml": "x: $Y\n"}),
        ("cat > ./a.json <<-EOF\n\t{}\n\tEOF\n", {"a.json": "\t{}\n"}),
        ("cat > a.yaml <<EOF\nx: $NAME\ny: $(date) `date`\nEOF\n", {"a.yaml": "x: ${xx}\ny: ${xxxx} ${xxx}\n"}),
        ("cat > a.yaml <<EOF\nx: $1\nEOF\n", {}),
        ("cat >> a.yaml <<EOF\nx: 1\nEOF\n", {}),
        ("cat > a.yaml <<EOF\nx: 1\nEOF\ncat > a.yaml <<EOF\nx: 2\nEOF\n", {}),
        ("cat > $OUT/a.yaml <<EOF\nx: 1\nEOF\n", {}),
        ("cat > a.txt <<EOF\nx: 1\nEOF\n", {}),
        ("cat > a.yaml <<EOF\nx: 1\n", {}),
    ],
)
def test_here_documents(text: str, expected: dict[str, str]) -> None:
    found = written(Source("run.sh", Kind.SHELL, text), text)
    assert found.keys() == expected.keys()
    for name, body in expected.items():
        start = text.index("\n") + 1
        assert found[name].text[start : start + len(body)] == body
        assert found[name].text.replace(body, "").split() == []
        assert [len(line) for line in found[name].text.split("\n")] == [len(line) for line in text.split("\n")]


def test_a_script_that_a_cell_writes_is_judged_as_another_cell_starts_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "book.ipynb").write_text(notebook("import os", WRITES, "!accelerate launch train.py --lr 1e-4"))
    assert check(capsys, ".") == [("book.ipynb", 2, 7, "TRL103")]
    assert values(capsys, "book.ipynb")["learning_rate"] == "0.0001"
    main(["check", "--isolated", "."])
    assert '7 | SFTTrainer("tiny", args=SFTConfig(max_seq_length=5' in capsys.readouterr().out
    assert check(capsys, ".", "--fix") == []
    assert "SFTConfig(max_length=5, learning_rate=args.lr)" in (project / "book.ipynb").read_text()


def test_a_recipe_that_a_cell_writes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = "%%writefile sft.yaml\nmodel_name_or_path: tiny\ndataset_name: data\nmax_seq_length: 5\n"
    (project / "book.ipynb").write_text(notebook(recipe, "!trl sft --config sft.yaml --beta 3"))
    assert check(capsys, ".") == [("book.ipynb", 1, 4, "TRL116"), ("book.ipynb", 2, 1, "TRL117")]


def test_the_values_of_loops_and_exported_variables(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "train.py").write_text(
        "import argparse, os\nfrom trl import SFTConfig, SFTTrainer\np = argparse.ArgumentParser()\n"
        "p.add_argument('--lr', type=float)\na = p.parse_args()\n"
        "SFTTrainer('tiny', args=SFTConfig(learning_rate=a.lr, max_length=int(os.environ['LENGTH'])))\n"
    )
    (project / "run.sh").write_text("export LENGTH=64\nfor lr in 1e-4 2e-4; do\n  python train.py --lr $lr\ndone\n")
    found = values(capsys, "train.py")
    assert (found["learning_rate"], found["max_length"]) == ("0.0001 or 0.0002", "64")
