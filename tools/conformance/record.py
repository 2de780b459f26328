"""Running cases on a pair of releases."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from facts.real import RealError

from . import render
from .cases.case import Case
from .environment import QUIET, RUNNER, Pair

SECONDS = 90  # for one program
ROWS = 4


def run(pair: Pair, cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """What the pair does with each case, in their order."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as work:
        projects = []
        for number, case in enumerate(cases):
            folder = Path(work, f"{number:04}")
            render.write(case, pair.trl, pair.transformers, folder)
            (folder / render.MODEL).symlink_to(pair.models / case.model, target_is_directory=True)
            projects.append((case.name, folder))
        yield from run_projects(pair, projects)


def run_projects(pair: Pair, projects: Sequence[tuple[str, Path]]) -> Iterator[dict[str, Any]]:
    """What the pair does with each project."""
    home = Path(tempfile.mkdtemp(prefix="conformance-home-"))
    try:
        request, answers = home / "request.json", home / "answers.jsonl"
        listed = [[name, str(folder)] for name, folder in projects]
        asked = {"seconds": SECONDS, "rows": ROWS, "projects": listed}
        request.write_text(json.dumps(asked), encoding="utf-8")
        command = [str(pair.python), "-I", str(RUNNER), str(request), str(answers)]
        variables = {**os.environ, **QUIET, "HF_HOME": str(home / "hf")}
        with open(home / "output.txt", "wb") as output:
            done = subprocess.run(command, stdout=output, stderr=output, check=False, env=variables)
        if done.returncode:
            raise RealError(f"the runner failed: {(home / 'output.txt').read_text('utf-8', 'replace')[-600:]}")
        for line in answers.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
    finally:
        shutil.rmtree(home, ignore_errors=True)
