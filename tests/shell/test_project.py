"""Which command lines of a project start a script or read a recipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trl_lint.shell import project as project_module
from trl_lint.shell.project import ProjectLaunches


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def sources(root: Path, script: str) -> list[str]:
    """The lines that start this script."""
    found = ProjectLaunches().of_script(root / script)
    return [launch.source.slice(launch.span) for launch in found]


@pytest.mark.parametrize(
    "command",
    [
        "python src/train.py --a 1",
        "python /workspace/src/train.py --a 1",
        "python $ROOT/src/train.py --a 1",
        "python -m src.train --a 1",
        "cd src && python train.py --a 1",
    ],
)
def test_the_commands_that_start_a_script(root: Path, command: str) -> None:
    write(root / "src/train.py")
    write(root / "scripts/run.sh", f"{command}\npython src/other.py\n")
    (found,) = sources(root, "src/train.py")
    assert command.endswith(found)


def test_a_script_of_the_same_name_elsewhere_is_another(root: Path) -> None:
    write(root / "a/train.py")
    write(root / "b/train.py")
    write(root / "a/run.sh", "python train.py --in a")
    write(root / "run.sh", "python b/train.py --in b")
    assert sources(root, "a/train.py") == ["python train.py --in a"]
    assert sources(root, "b/train.py") == ["python b/train.py --in b"]


def test_the_commands_that_read_a_recipe(root: Path) -> None:
    recipe = write(root / "recipes/sft.yaml")
    write(root / "run.sh", "trl sft --config recipes/sft.yaml\ntrl dpo --config recipes/dpo.yaml\n")
    write(root / "scripts/two.slurm", "srun python train.py recipes/sft.yaml\n")
    found = ProjectLaunches().of_recipe(recipe)
    assert [(launch.kind, launch.target) for launch in found] == [("trl", "sft"), ("script", "train.py")]


def test_what_git_ignores_or_is_no_source_of_the_project_is_not_read(root: Path) -> None:
    write(root / "train.py")
    write(root / ".gitignore", "out/\n")
    for folder in ("out", ".venv", "node_modules"):
        write(root / folder / "run.sh", "python train.py")
    assert sources(root, "train.py") == []


def test_the_walk_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root / "train.py")
    for number in range(20):
        write(root / f"{number:02}.sh", "python train.py")
    monkeypatch.setattr(project_module, "MOST_FILES", 5)
    assert len(sources(root, "train.py")) == 5


def test_a_project_is_looked_through_once(root: Path) -> None:
    write(root / "train.py")
    write(root / "run.sh", "python train.py")
    found = ProjectLaunches()
    first = found.of_script(root / "train.py")
    write(root / "more.sh", "python train.py")
    assert found.of_script(root / "train.py") == first


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "lines", [["!python train.py --a 1"], ["%%bash\n", "cd .\n", "python \\\n", "  train.py --a 1\n"]]
)
@pytest.mark.parametrize("joined", [True, False])
def test_of_a_notebook_full_of_pictures_only_the_commands_are_kept(
    root: Path, lines: list[str], indent: int | None, joined: bool
) -> None:
    write(root / "train.py")
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo/!" * 20_000}}
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": "print('Hi!')"}
    shell = {**code, "source": "".join(lines) if joined else lines}
    cells = [code, shell, code]
    notebook = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    write(root / "run.ipynb", json.dumps(notebook, indent=indent))
    found = ProjectLaunches()
    (launch,) = found.of_script(root / "train.py")
    assert [word.text for word in launch.words] == ["--a", "1"]
    assert sum(len(file.raw) for file in found._project(root / "train.py").files) < 1_000


def test_files_that_cannot_be_read_are_passed_over(root: Path) -> None:
    write(root / "train.py")
    (root / "binary.sh").write_bytes(b"python train.py \xff\xfe\0")
    (root / "link.sh").symlink_to(root / "nothing.sh")
    (root / "run.sh").mkdir()
    assert sources(root, "train.py") == []


def test_accelerates_configuration_says_how_many_processes_run(root: Path) -> None:
    write(root / "train.py")
    write(root / "zero3.yaml", "compute_environment: LOCAL_MACHINE\nnum_processes: 8  # all\n")
    write(root / "run.sh", "accelerate launch --config_file zero3.yaml train.py")
    (launch,) = ProjectLaunches().of_script(root / "train.py")
    assert getattr(launch.processes, "value", None) == 8
