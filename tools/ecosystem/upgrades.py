"""`trl-lint upgrade` on the repositories: what it says, and what is left when its fixes have been applied."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The rules on names and arguments of code and of command lines.
NAMES = tuple(f"TRL1{number:02}" for number in range(1, 22))


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What the report counts, by kind; how many changes `--fix` made; which findings of the rules on names remain in
    the newer release, by code; `fixable` are those of them that a safe fix could mend, `failure` what went wrong."""

    breaks: int
    changes: int
    warns: int
    fixed: int
    left: Counter[str]
    fixable: tuple[str, ...]
    failure: str = ""


def try_upgrade(folder: Path, work: Path, to: str) -> Upgraded:
    """Report on a copy of `folder` at `work`, apply the safe fixes, and look at what the newer release says then."""
    shutil.copytree(folder, work, symlinks=True)
    told = _trl_lint(work, "upgrade", "--to", to, "--output-format", "json", "--isolated", ".")
    if told.returncode not in (0, 1):
        return Upgraded(0, 0, 0, 0, Counter(), (), told.stderr.strip()[-300:])
    report = json.loads(told.stdout)
    files = [file for group in report["upgrades"] for file in group["files"]]
    mended = _trl_lint(work, "upgrade", "--to", to, "--fix", "--output-format", "json", "--isolated", ".")
    left = _left(work, to, report)
    silent = {each["name"] for each in _changes(files) if each["kind"] != "lost" and each["weight"] == "matters"}
    return Upgraded(
        report["breaks"],
        len(silent),
        sum(len(file["deprecated"]) for file in files),
        json.loads(mended.stdout)["fixed"],
        Counter(each["code"] for each in left if each["severity"] != "info"),
        tuple(f"{each['filename']}:{each['location']['row']} {each['code']}" for each in left if _safe(each)),
    )


def _left(work: Path, to: str, report: dict[str, Any]) -> list[dict[str, Any]]:
    """What the rules on names say in the releases that most files go to."""
    aims = Counter(group["to"]["transformers"] for group in report["upgrades"] for _ in group["files"])
    target = ["--target-trl", to, *(["--target-transformers", aims.most_common(1)[0][0]] if aims else [])]
    select = ["--isolated", "--select", ",".join(NAMES)]
    found: list[dict[str, Any]] = json.loads(
        _trl_lint(work, "check", *target, *select, "--output-format", "json", ".").stdout
    )
    return found


def _safe(finding: dict[str, Any]) -> bool:
    return finding["fix"] is not None and finding["fix"]["applicability"] == "safe"


def _changes(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [change for file in files for run in file["runs"] for change in run["changes"]]


def _trl_lint(work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trl_lint", *words]
    return subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
