"""The same input gives the same output: whatever the hash seed, and in whatever order files are named."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from trl_lint.configuration.settings import DEFAULT_INCLUDE

from .conftest import trl_lint

pytestmark = pytest.mark.slow

SEEDS = ("0", "1", "20260101")


@pytest.mark.parametrize("command", [("check",), ("check", "--output-format", "json"), ("runs",)])
def test_the_hash_seed_changes_nothing(projects: Path, command: tuple[str, ...]) -> None:
    outputs = []
    for seed in SEEDS:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-m", "trl_lint", *command],
            cwd=projects,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        outputs.append(done.stdout)
    assert outputs[0]
    assert outputs[0] == outputs[1] == outputs[2]


def test_the_order_of_the_arguments_changes_nothing(projects: Path) -> None:
    paths = sorted(projects.iterdir())
    expected = trl_lint("check", "--output-format", "json", *paths)
    assert expected.findings
    for seed in range(3):
        random.Random(seed).shuffle(paths)
        assert trl_lint("check", "--output-format", "json", *paths) == expected


def test_naming_each_file_says_the_same_as_naming_their_folder(projects: Path) -> None:
    files = [path for path in projects.rglob("*") if path.is_file() and any(map(path.match, DEFAULT_INCLUDE))]
    random.Random(0).shuffle(files)
    assert trl_lint("check", "-q", *files) == trl_lint("check", "-q", projects)


def test_a_project_is_judged_alone_as_among_others(projects: Path) -> None:
    together = trl_lint("check", "--output-format", "json", projects).findings
    apart = [
        finding
        for folder in projects.iterdir()
        for finding in trl_lint("check", "--output-format", "json", folder).findings
    ]
    assert sorted(map(str, apart)) == sorted(map(str, together))
