"""Which sources are checked besides the changed files: those whose verdict hangs on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trl_lint.configuration.loading import Configurations
from trl_lint.discover import discover
from trl_lint.expand import expand

SCRIPT = "from trl import SFTTrainer\n"


@pytest.fixture(autouse=True)
def _in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()


def write(name: str, text: str = "") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def checked(*paths: str) -> set[str]:
    """The files that are looked at when these are named."""
    configurations = Configurations()
    return {file.shown for file in discover(expand(paths, configurations), configurations).files}


@pytest.mark.parametrize(
    "manifest",
    [
        "app/requirements.txt",
        "app/requirements-gpu.txt",
        "app/requirements/train.txt",
        "app/uv.lock",
        "app/poetry.lock",
        "app/pyproject.toml",
        "app/Dockerfile",
        "app/trl-lint.toml",
        "app/.trl-lint.toml",
    ],
)
def test_a_manifest_stands_for_its_folder(manifest: str) -> None:
    write("app/train.py", SCRIPT)
    write("app/deep/down/train.ipynb", "{}")
    write("other/train.py", SCRIPT)
    write(manifest)
    assert checked(manifest) - {manifest} == {"app/train.py", "app/deep/down/train.ipynb"}


def test_a_manifest_that_is_a_source_too_is_checked_itself() -> None:
    write("train.py", SCRIPT)
    write("environment.yml")
    write("setup.py")
    assert checked("environment.yml") == checked("setup.py") == {"environment.yml", "setup.py", "train.py"}


def test_a_file_that_a_requirements_file_takes_in_is_one() -> None:
    write("app/train.py", SCRIPT)
    write("pins/base.txt", "trl==1.9.2\n")
    write("pins/notes.txt", "trl==1.9.2\n")
    write("app/requirements.txt", "-r ../pins/base.txt\n")
    write("requirements.txt", "-r app/requirements.txt\n")
    write("train.py", SCRIPT)
    assert checked("pins/base.txt") == {"train.py", "app/train.py"}
    assert checked("pins/notes.txt") == set()


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ("model/config.json", 'MODEL = "model"\n'),
        ("model/config.json", "MODEL = './model'\n"),
        ("model/tokenizer.json", 'MODEL = "weights/../model/"\n'),
        ("model/chat_template.jinja", 'MODEL = "model"\n'),
        ("model/additional_chat_templates/tools.jinja", 'MODEL = "model"\n'),
        ("templates/chat.jinja", 'chat_template_path="templates/chat.jinja"\n'),
        ("data/train.jsonl", 'load_dataset("json", data_files="data/train.jsonl")\n'),
        ("data/train.jsonl", 'load_dataset("data")\n'),
        ("data/train/0.parquet", 'load_dataset("parquet", data_files="data/*/*.parquet")\n'),
        ("rows-1.csv", 'load_dataset("csv", data_files="rows-*.csv")\n'),
        ("rows.json", 'load_dataset("json", data_files={"train": "rows.json"})\n'),
        ("recipes/sft.yaml", 'parser.parse_args_and_config(["--config", "recipes/sft.yaml"])\n'),
        ("recipes/sft.yaml", "# python train.py --config recipes/sft.yaml\n"),
        ("my data/the rows.jsonl", 'load_dataset("json", data_files="my data/the rows.jsonl")\n'),
    ],
)
def test_scripts_that_name_a_changed_file(changed: str, text: str) -> None:
    write("train.py", SCRIPT + text)
    write("other.py", SCRIPT + 'MODEL = "another-model"\ndata = model = rows = recipes = load()\n')
    write("unrelated.py", text)  # no training code
    write(changed)
    assert checked(changed) - {changed} == {"train.py"}


def test_notebooks_and_recipes_name_files_too() -> None:
    write("train.ipynb", '{"cells": [{"source": ["from trl import SFTTrainer\\n", "M = \\"model\\"\\n"]}]}')
    write("quoted.yaml", 'model_name_or_path: "model"\n')
    write("plain.yaml", "model_name_or_path: ./model\n")
    write("last.yml", "dataset_name: x\nmodel_name_or_path: model")
    write("recipe.json", '{"model_name_or_path": "model"}')
    write("other.yaml", "model_name_or_path: models\n")
    write("model/config.json", "{}")
    assert checked("model/config.json") == {"train.ipynb", "quoted.yaml", "plain.yaml", "last.yml", "recipe.json"}


def test_only_the_nearest_project_is_searched() -> None:
    for project in ("one", "two"):
        write(f"{project}/requirements.txt")
        write(f"{project}/train.py", SCRIPT + 'CONFIG = "sft.yaml"\n')
        write(f"{project}/recipes/sft.yaml")
    assert checked("one/recipes/sft.yaml") == {"one/recipes/sft.yaml", "one/train.py"}


def test_files_that_no_source_names_bring_nothing() -> None:
    write("train.py", SCRIPT + 'X = ".github", "workflows"\n')
    write(".github/workflows/ci.yml")
    write("package.json", "{}")
    assert checked(".github/workflows/ci.yml") == {".github/workflows/ci.yml"}
    assert checked("package.json") == {"package.json"}


def test_the_metadata_of_a_model_is_never_taken_for_a_recipe() -> None:
    write("model/tokenizer.json", '{"dataset_name": 1}')
    assert checked("model/tokenizer.json") == set()


def test_other_paths_stay_as_they_are() -> None:
    write("a/train.py", SCRIPT)
    write("a/run.sh")
    write("README.md")
    paths = ["a", "a/train.py", "a/run.sh", "README.md", "missing.txt", "missing.yaml"]
    assert expand(paths, Configurations()) == paths


def test_excluded_files_bring_nothing_where_exclusion_is_forced() -> None:
    write("trl-lint.toml", 'force-exclude = true\nextend-exclude = ["old"]\n')
    write("old/requirements.txt")
    write("old/train.py", SCRIPT)
    write("old/model/config.json")
    write("train.py", SCRIPT + '"model"\n')
    assert checked("old/requirements.txt", "old/model/config.json") == set()


def test_ignored_sources_are_not_brought_in() -> None:
    write(".gitignore", "scratch.py\n")
    write("scratch.py", SCRIPT)
    write("train.py", SCRIPT)
    write("requirements.txt")
    assert checked("requirements.txt") == {"train.py"}


def test_without_a_project_the_working_directory_is_searched(tmp_path: Path) -> None:
    (tmp_path / ".git").rmdir()
    write("train.py", SCRIPT + 'load_dataset("json", data_files="data/rows.jsonl")\n')
    write("data/rows.jsonl")
    assert checked("data/rows.jsonl") == {"train.py"}


def test_a_source_that_cannot_be_read_is_passed_over() -> None:
    write("train.py", SCRIPT + '"model"\n')
    write("model/config.json")
    Path("gone.py").symlink_to("nowhere")
    os.mkfifo("pipe.py")
    assert checked("model/config.json") == {"train.py"}


def importing(*paths: str) -> set[str]:
    """The same, as a hook asks."""
    configurations = Configurations()
    return {file.shown for file in discover(expand(paths, configurations, importing=True), configurations).files}


def test_a_module_brings_in_the_scripts_that_import_it() -> None:
    write("settings.py", "MODEL = 'tiny'\n")
    write("middle.py", "from settings import MODEL\n")
    write("train.py", SCRIPT + "import middle\n")
    write("lib/__init__.py", "from .parts import build\n")
    write("lib/parts.py", "def build(): ...\n")
    write("app/train.py", SCRIPT + "from lib import build\n")
    write("app/other.py", SCRIPT + "settings = 'settings'\n")
    write("app/notes.py", "import settings\n")  # makes no run
    write("book.ipynb", '{"cells": [{"source": ["from trl import SFTTrainer\\n", "import middle\\n"]}]}')
    assert importing("settings.py") == {"settings.py", "train.py", "book.ipynb"}
    assert importing("lib/parts.py") == {"lib/parts.py", "app/train.py"}
    assert importing("lib/__init__.py") == {"lib/__init__.py", "app/train.py"}
    assert importing("train.py") == {"train.py"}
    assert checked("settings.py") == {"settings.py"}


def test_modules_that_import_one_another_come_to_an_end() -> None:
    write("a.py", "import b\n" + SCRIPT)
    write("b.py", "import a\n")
    assert importing("a.py") == {"a.py"}
    assert importing("b.py") == {"a.py", "b.py"}


def test_the_launchers_configuration_brings_in_what_it_starts() -> None:
    write("train.py", SCRIPT)
    write("run.sh", "accelerate launch --config_file zero3.yaml train.py --config sft.yaml\n")
    write("sft.yaml", "model_name_or_path: tiny\ndataset_name: data\nmax_length: 5\ndeepspeed: ds.json\n")
    write("zero3.yaml", "num_processes: 8\n")
    write("ds.json", "{}")
    assert checked("zero3.yaml") == {"zero3.yaml", "run.sh", "train.py", "sft.yaml"}
    assert checked("ds.json") == {"ds.json", "run.sh", "train.py", "sft.yaml"}
    write("zero3.yaml", "num_processes: 8\ndeepspeed_config:\n  deepspeed_config_file: other.json\n")
    write("other.json", "{}")
    assert checked("other.json") == {"other.json", "run.sh", "train.py", "sft.yaml"}
