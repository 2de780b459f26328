"""The extension for VS Code: it says the same as the server, and can be packed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import trl_lint
from trl_lint.server.settings import Settings, read_settings
from trl_lint.server.snapshots import KINDS

FOLDER = Path(__file__).parents[2] / "editors/vscode"
MANIFEST = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
# What the extension itself reads, and not the server.
OWN = {"path", "trace.server"}


def test_it_has_the_version_of_the_package() -> None:
    assert MANIFEST["version"] == trl_lint.__version__


def test_its_settings_are_those_of_the_server_with_the_same_defaults() -> None:
    offered = MANIFEST["contributes"]["configuration"]["properties"]
    assert all(name.startswith("trl-lint.") for name in offered)
    defaults = {name.removeprefix("trl-lint."): about["default"] for name, about in offered.items()}
    own = {name: value for name, value in defaults.items() if name not in OWN}
    read = read_settings(own)
    assert read == Settings(min_confidence="possible")
    fields = {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name) for name in own}
    assert fields == {name for name in Settings.__annotations__ if name != "problems"}


def test_the_documentation_names_every_setting_of_the_server() -> None:
    text = (FOLDER.parents[1] / "docs/editors.md").read_text(encoding="utf-8")
    for name in MANIFEST["contributes"]["configuration"]["properties"]:
        if name.removeprefix("trl-lint.") not in OWN:
            assert f"| `{name.removeprefix('trl-lint.')}` |" in text


def test_it_begins_with_the_languages_that_are_checked() -> None:
    languages = re.findall(r'"(\w+)"', re.search(r"LANGUAGES = \[(.*?)\]", _source())[1])  # type: ignore[index]
    assert set(languages) <= KINDS.keys()
    begins = {event.removeprefix("onLanguage:") for event in MANIFEST["activationEvents"] if ":" in event}
    assert {"python", "yaml", "json"} <= begins


def _source() -> str:
    return (FOLDER / "src/extension.ts").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_it_is_checked_bundled_and_packed(tmp_path: Path) -> None:
    folder = tmp_path / "vscode"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "libs", "env", "work"))
    source = {**os.environ, "TRL_LINT_SOURCE": str(FOLDER.parents[1])}
    built = subprocess.run([folder / "build"], env=source, capture_output=True, text=True, timeout=900, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    with zipfile.ZipFile(folder / "dist/trl-lint.vsix") as packed:
        names = set(packed.namelist())
        code = packed.read("extension/dist/extension.js").decode()
        packed.extractall(tmp_path / "installed")
    assert {"extension/package.json", "extension/readme.md", "extension/dist/extension.js"} <= names
    assert not any("node_modules" in name or name.endswith(".ts") for name in names)
    assert "languageclient" in code or "textDocument/codeAction" in code
    assert not any(name.endswith((".so", ".pyd")) for name in names)
    the_bundled_server_works(tmp_path / "installed/extension/bundle/start.py", tmp_path)


def the_bundled_server_works(start: Path, folder: Path) -> None:
    """With a Python that has nothing installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "bare"], check=True)
    python = folder / "bare" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    project = folder / "project"
    shutil.copytree(FOLDER.parents[1] / "examples/founding-case", project)
    for command, status in ((["check", "--output-format", "concise"], 1), (["server"], 0)):
        done = subprocess.run(
            [python, "-I", start, *command],
            cwd=project,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert status == 0 or "Found 3 errors" in done.stdout
