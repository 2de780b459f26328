"""What a check of one Python script imports: each module costs a commit hook a part of a millisecond on every call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

config = SFTConfig("out", packing=False)
SFTTrainer("Qwen/Qwen3-0.6B", args=config, train_dataset=load_dataset("me/rows", split="train")).train()
"""
SLOW = (
    "argparse asyncio copy csv dataclasses difflib dis email gzip hashlib http huggingface_hub importlib.metadata "
    "importlib.resources inspect jinja2 logging lsprotocol multiprocessing packaging pathspec pyarrow pygls random "
    "rich ruamel ruamel.yaml secrets shlex shutil socket ssl subprocess tempfile textwrap tokenize tokenizers tomllib "
    "torch traceback transformers trl unittest urllib.request uuid zipfile"
)
# Parts of the project that have nothing to do with a plain script in which nothing is found.
ASIDE = (
    "trl_lint.recipes trl_lint.edits trl_lint.server trl_lint.preview trl_lint.upgrade trl_lint.templates "
    "trl_lint.testing trl_lint.fixer trl_lint.sources.notebook trl_lint.shell.lexer trl_lint.shell.syntax "
    "trl_lint.shell.interpret trl_lint.report.full trl_lint.cli.arguments trl_lint.datasets.readers.parquet_file "
    "trl_lint_rules.facts.extract trl_lint_rules.facts.source_tree trl_lint_rules.facts.training_templates "
    "trl_lint_rules.knowledge.behaviours trl_lint_rules.upgrading"
)
# What a file that can hold no run needs: no interpreter of Python, no rule, no facts.
WITHOUT_A_RUN = (
    "cli comments configuration dataclass digests discover disk engine expand gathering gitignore importing "
    "lazy model module_files opening own_findings packs paths policy project_files python report sources "
    "suppress understanding"
)


def imported(folder: Path, script: str) -> set[str]:
    """The modules that `trl-lint check train.py` imports."""
    (folder / "train.py").write_text(script)
    (folder / "requirements.txt").write_text("trl==1.9.2\n")
    code = (
        "import sys; before = set(sys.modules); from trl_lint.cli.main import main; "
        "code = main(['check', 'train.py']); "
        "print(*set(sys.modules) - before, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.split())


@pytest.fixture(scope="module")
def of_a_script(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return imported(tmp_path_factory.mktemp("script"), SCRIPT)


def test_a_check_of_a_script_imports_nothing_slow(of_a_script: set[str]) -> None:
    assert sorted(of_a_script & set(SLOW.split())) == []


def test_a_check_of_a_script_leaves_other_parts_of_the_project_alone(of_a_script: set[str]) -> None:
    assert "trl_lint.python.machine" in of_a_script
    assert sorted(of_a_script & set(ASIDE.split())) == []


def test_a_file_without_a_run_needs_neither_interpreter_nor_rules(tmp_path: Path) -> None:
    found = imported(tmp_path, "print('hello')\n")
    parts = {name.split(".")[1] for name in found if name.startswith("trl_lint.")}
    assert sorted(parts - set(WITHOUT_A_RUN.split())) == []
    assert "trl_lint.python.machine" not in found
    assert not any(name.startswith("trl_lint_rules.") for name in found)
