"""This checkout as a hook repository, and small projects that use it through the real tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each tool makes an environment of its own, which takes its time: its tests stay in one worker.
TOOLS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("pre-commit", "prek")]
CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: trl-lint
"""


@dataclass(frozen=True)
class Hook:
    """A tool that runs hooks, with its own empty cache, and the repository that it takes this hook from."""

    tool: Path
    repository: Path
    revision: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Project:
    """A git repository that is guarded by the hook."""

    folder: Path
    hook: Hook

    def write(self, name: str, text: str) -> None:
        """Write a file of the work tree."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, *paths: str) -> subprocess.CompletedProcess[str]:
        """Try to commit these files (all that changed by default)."""
        self.git("add", "--", *(paths or (".",)))
        return run(["git", "commit", "--message", "a change"], self.folder, self.hook.environment)

    def git(self, *arguments: str) -> str:
        """What this git command prints; it must succeed."""
        return must(["git", *arguments], self.folder, self.hook.environment)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The tool itself."""
        return run([str(self.hook.tool), *arguments], self.folder, self.hook.environment)


def run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A finished command with all that it printed, both streams in `stdout`."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def must(command: Sequence[str], folder: Path, environment: dict[str, str]) -> str:
    """What a command prints that must succeed."""
    done = run(command, folder, environment)
    assert done.returncode == 0, f"{command}:\n{done.stdout}"
    return done.stdout


def clean_environment() -> dict[str, str]:
    """The process's environment without what git and the tools themselves leave in it, and a fixed author."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "PREK_"))}
    for role in ("AUTHOR", "COMMITTER"):
        kept[f"GIT_{role}_NAME"] = "A Person"
        kept[f"GIT_{role}_EMAIL"] = "person@example.org"
    bin_folder = str(Path(sys.executable).parent)
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": os.pathsep.join((bin_folder, kept.get("PATH", ""))),
    }


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository of one commit that holds this work tree as it is now, and that commit."""
    environment = clean_environment()
    folder = tmp_path_factory.mktemp("hook-repository")
    listed = must(["git", "ls-files", "-z", "-co", "--exclude-standard"], ROOT, environment)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "the work tree"]):
        must(["git", *command], folder, environment)
    return folder, must(["git", "rev-parse", "HEAD"], folder, environment).strip()


@pytest.fixture(scope="session", params=TOOLS)
def hook(
    request: pytest.FixtureRequest, repository: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Hook:
    """The hook as one of the tools installs it."""
    tool = Path(sys.executable).parent / request.param
    if not tool.exists():
        pytest.skip(f"{request.param} is not installed")
    home = str(tmp_path_factory.mktemp("cache"))
    environment = {**clean_environment(), "PRE_COMMIT_HOME": home, "PREK_HOME": home}
    return Hook(tool, *repository, environment)


@pytest.fixture
def project(hook: Hook, tmp_path: Path) -> Project:
    """An empty guarded repository whose first commit is made."""
    made = Project(tmp_path, hook)
    made.git("init", "--quiet")
    made.write(".pre-commit-config.yaml", CONFIGURATION.format(repository=hook.repository, revision=hook.revision))
    made.write("README.md", "# A project\n")
    installed = made.run("install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout
    committed = made.commit()
    assert committed.returncode == 0, committed.stdout
    return made
