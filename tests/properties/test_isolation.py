"""Nothing of the linted project runs, nothing is asked of the network, and only fixed files are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("audited.py")
FOREIGN = {"torch", "trl", "transformers", "peft", "accelerate", "datasets", "numpy"}
# Names that a careless import would find in the working directory before the real ones.
TRAPS = (*sorted(FOREIGN), "jinja2", "tokenizers", "packaging", "ruamel", "json", "argparse", "sitecustomize")


@dataclass(frozen=True)
class Did:
    """What one call of trl-lint did."""

    code: int
    written: list[str]
    processes: list[list[str]]
    sockets: list[str]
    modules: dict[str, str]


def audited(folder: Path, report: Path, *words: str) -> Did:
    """Call trl-lint in `folder` as `python -m trl_lint` does, under an audit hook."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, PROGRAM, report, *words], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert report.exists(), done.stderr.decode()
    return Did(done.returncode, **json.loads(report.read_text()))


@pytest.fixture
def trapped(copy: Path) -> Path:
    """The projects, with modules that leave a mark when they are imported."""
    for name in TRAPS:
        (copy / f"{name}.py").write_text(f"open({str(copy / 'imported')!r}, 'a').write({name!r})\n")
    return copy


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--jobs", "1"),
        ("check", "--output-format", "json", "--jobs", "1"),
        ("check", "--fix", "--unsafe-fixes"),
        ("runs",),
        ("upgrade", "--to", "1.16"),
    ],
)
def test_nothing_runs_and_nothing_is_asked(trapped: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    did = audited(trapped, tmp_path / "report.json", *words)
    assert did.code in (0, 1)
    assert did.sockets == []
    assert not (trapped / "imported").exists()
    assert [name for name, file in did.modules.items() if file.startswith(str(trapped))] == []
    assert FOREIGN.isdisjoint(name.partition(".")[0] for name in did.modules)
    # The only processes are children that render templates: isolated, without site-packages or environment.
    assert all(command[1].endswith("-I -S") or command[2:4] == ["-I", "-S"] for command in did.processes)


def test_a_check_writes_nowhere(trapped: Path, tmp_path: Path) -> None:
    did = audited(trapped, tmp_path / "report.json", "check", "--jobs", "1", "--no-cache")
    assert did.processes
    assert [path for path in did.written if path != os.devnull] == []


def test_a_check_that_keeps_verdicts_writes_nowhere_else(trapped: Path, tmp_path: Path) -> None:
    did = audited(trapped, tmp_path / "report.json", "check", "--jobs", "1", "--cache-dir", str(tmp_path / "cache"))
    assert did.written
    assert [path for path in did.written if path != os.devnull and not path.startswith(str(tmp_path / "cache"))] == []


def test_several_processes_are_copies_of_this_one(trapped: Path, tmp_path: Path) -> None:
    did = audited(trapped, tmp_path / "report.json", "check", "--jobs", "2", "--no-cache")
    assert did.sockets == []
    assert not (trapped / "imported").exists()
    assert did.code in (0, 1)
    assert {command[0] for command in did.processes} == {"os.fork"}
    assert [path for path in did.written if path != os.devnull] == []


def test_a_fix_writes_beside_what_it_replaces(trapped: Path, tmp_path: Path) -> None:
    did = audited(trapped, tmp_path / "report.json", "check", "--fix")
    written = [path for path in did.written if path != os.devnull]
    assert written
    assert [path for path in written if not os.path.realpath(path).startswith(f"{trapped}{os.sep}")] == []
