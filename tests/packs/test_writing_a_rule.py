"""`docs/writing-a-rule.md`, followed to the letter."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trl_lint import api

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "writing-a-rule.md").read_text(encoding="utf-8")
_FILE = re.compile(r"<!-- file: (\S+) -->\n(`{3,})\w+\n(.*?)\n\2\n", re.DOTALL)
FILES = {name: text + "\n" for name, _, text in _FILE.findall(GUIDE)}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The template with the two files of the guide, and nothing else changed."""
    folder = tmp_path / "acme"
    shutil.copytree(ROOT / "examples" / "rule-pack", folder)
    assert [Path(name).suffix for name in FILES] == [".md", ".py"]
    for name, text in FILES.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(pack: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=pack, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_files_make_a_rule(pack: Path) -> None:
    out = run(pack, "-m", "trl_lint.testing", "acme_trl_rules", "reports-nowhere")
    assert out in GUIDE
    assert out == "4 of 4 hold.\n"


@pytest.mark.slow
def test_they_are_clean(pack: Path) -> None:
    run(pack, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    run(pack, "-m", "ruff", "check", "--isolated", "--line-length", "120", ".")
    run(pack, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--check", ".")
    run(pack, "-m", "mypy", "--strict", "acme_trl_rules")


def test_the_guide_names_only_what_there_is() -> None:
    table = GUIDE.partition("## What a rule can ask")[2].partition("## Rules of the house")[0]
    views = set(re.findall(r"`run\.(\w+)", table))
    assert {name for name in views if name not in ("run",) and not hasattr(api.RunView, name)} <= {
        "trl",
        "transformers",
    }
    assert {name for name in re.findall(r"`([a-z_]+)`", table) if "_" in name} <= set(api.__all__) | {"trl_lint"}
