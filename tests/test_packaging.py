"""The wheel: what it holds, and that it works where nothing of this checkout is at hand."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import trl_lint
from trl_lint.packs.registry import Registry

ROOT = Path(__file__).parents[1]
PACKAGES = {"trl_lint": ROOT / "linter/trl_lint", "trl_lint_rules": ROOT / "rules/trl_lint_rules"}
LARGEST = 3_000_000  # bytes


def run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--quiet",
        "--wheel-dir",
        folder,
        ROOT,
    ]
    built = run(command, folder)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
def test_the_wheel_holds_both_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(next(name for name in names if name.endswith("/entry_points.txt"))).decode()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    shipped = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == shipped
    assert {"trl_lint/py.typed", "trl_lint_rules/py.typed", "trl_lint_rules/index.json"} <= shipped
    assert "trl_lint_rules/masks/assistant_only_loss_on_vlm.md" in shipped
    assert "trl_lint_rules/facts/data/releases.json" in shipped
    assert "trl-lint = trl_lint.__main__:main" in entry_points
    assert "[trl_lint.rules]\nbuiltin = trl_lint_rules" in entry_points
    assert f"\nVersion: {trl_lint.__version__}\n" in metadata
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert wheel.stat().st_size < LARGEST


@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
def test_the_installed_wheel_finds_the_founding_case_from_elsewhere(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    made = run([sys.executable, "-m", "venv", environment], tmp_path)
    assert made.returncode == 0, made.stderr
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    installed = run([programs / "python", "-m", "pip", "install", "--quiet", wheel], tmp_path)
    assert installed.returncode == 0, installed.stderr

    version = run([programs / "trl-lint", "--version"], tmp_path)
    assert version.returncode == 0, version.stderr
    assert version.stdout.startswith(f"trl-lint {trl_lint.__version__} (")

    shutil.copytree(ROOT / "examples/founding-case", tmp_path / "project/case")
    found = run([programs / "trl-lint", "check", "project", "--output-format", "json"], tmp_path)
    assert found.returncode == 1, found.stderr
    assert found.stderr == ""
    findings = json.loads(found.stdout)
    assert {(Path(each["filename"]).name, each["code"]) for each in findings} == {
        ("recipe.yaml", "TRL201"),
        ("train.ipynb", "TRL201"),
        ("train.py", "TRL201"),
    }
    page = run([programs / "trl-lint", "rule", "TRL201"], tmp_path)
    assert page.returncode == 0, page.stderr
    assert "assistant-only-loss-on-vlm" in page.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_parses_as_the_oldest_supported_python(package: str) -> None:
    for path in sorted(PACKAGES[package].rglob("*.py")):
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 10))


def test_codes_and_names_are_unique() -> None:
    rules = Registry(["trl_lint_rules"]).entries
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
