"""The template of a rule pack, as those who copy it will use it: built, installed, tested and run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACK = ROOT / "examples" / "rule-pack"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


def run(command: Sequence[str | Path], folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with trl-lint, the pack and pytest, both installed from built wheels."""
    folder = tmp_path_factory.mktemp("installed")
    copy = folder / "rule-pack"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    wheels = folder / "wheels"
    for source in (ROOT, copy):
        run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, source], folder)
    run([sys.executable, "-m", "venv", folder / "environment"], folder)
    programs = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    run([programs / "python", "-m", "pip", "install", "--quiet", "pytest", *sorted(wheels.glob("*.whl"))], folder)
    return programs


def test_its_own_tests_pass_where_it_is_installed(programs: Path) -> None:
    tests = programs.parents[1] / "rule-pack" / "tests"
    assert "6 passed" in run([programs / "python", "-m", "pytest", "-q", "."], tests).stdout


def test_its_rule_is_at_work_beside_the_others(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("trl==1.9.2\n")
    (tmp_path / "recipe.yaml").write_text(
        "model_name_or_path: acme/atlas-7b-base\ndataset_name: d\nlearning_rate: 0.1\nmax_length: null\n"
        "packing: true\nbf16: true\n"
    )
    found = json.loads(run([programs / "trl-lint", "check", "--output-format", "json"], tmp_path, code=1).stdout)
    assert [each["code"] for each in found] == ["ACME001", "ACME001", "TRL402"]
    assert found[0]["url"] == "https://wiki.acme.example/training/base-model-settings"
    assert run([programs / "trl-lint", "check", "--ignore", "ACME,TRL402"], tmp_path).stderr == ""
    assert "model council" in run([programs / "trl-lint", "rule", "ACME001"], tmp_path).stdout
    run([programs / "trl-lint", "check", "--add-ignore=decision 42"], tmp_path)
    assert "ignore[base-model-settings] decision 42" in (tmp_path / "recipe.yaml").read_text()
    run([programs / "trl-lint", "check"], tmp_path)


def test_it_is_about_thirty_lines() -> None:
    rule = (PACK / "acme_trl_rules" / "base_model_settings.py").read_text().splitlines()
    assert len([line for line in rule if line.strip()]) <= 32


def test_it_is_clean_itself() -> None:
    run([sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", "120", PACK], ROOT)
    run([sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--check", PACK], ROOT)
    run([sys.executable, "-m", "mypy", "--strict", PACK / "acme_trl_rules"], ROOT)
