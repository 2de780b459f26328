"""Whether the linter says what a real release did."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import render
from .cases.case import Case
from .records import Record, digest, restored
from .trouble import trouble

# What the machine decides and not the release: nothing is judged by it.
_OF_THE_MACHINE = re.compile(
    r"liger|vllm|triton|causal_conv1d|flash[_-]attn|TimeLimit|setup doesn't support bf16|Weights and Biases"
    r"|OfflineModeIsEnabled|No module named 'requests'|jmespath",
    re.IGNORECASE,
)

Findings = Sequence[Mapping[str, Any]]


class LinterFailedError(Exception):
    """The linter ended with something other than findings."""


@dataclass(frozen=True)
class Disagreement:
    """The linter says something else than TRL did: `missed`, `false alarm`, `silent` or `noise`."""

    pair: str
    case: str
    kind: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pair}  {self.case}  {self.kind}: {self.detail}"


@dataclass(frozen=True)
class Verdict:
    """How a record compares with the linter."""

    judged: int
    staged: int
    located: int
    disagreements: Sequence[Disagreement]
    stale: Sequence[str]


def environmental(answer: Mapping[str, Any]) -> bool:
    """Whether the program stopped for want of something that this machine lacks."""
    return answer["outcome"] == "error" and bool(_OF_THE_MACHINE.search(f"{answer['type']} {answer['message']}"))


def write_projects(
    record: Record, cases: Mapping[str, Case], root: Path, template: Callable[[str], str] | None
) -> dict[str, str]:
    """Write the projects of all recorded cases that can be judged; returns the case by the folder's name."""
    written: dict[str, str] = {}
    for number, (name, answer) in enumerate(record.cases.items()):
        case = cases.get(name)
        if case is None or environmental(answer) or answer["made"] != digest(case):
            continue
        files = record.models.get(case.model, {})
        if template is None and any("@trl:" in text for text in files.values()):
            continue
        folder = root / f"{number:04}"
        render.write(case, record.trl, record.transformers, folder)
        write_model(files, folder, template)
        written[folder.name] = name
    return written


def write_model(files: Mapping[str, str], folder: Path, template: Callable[[str], str] | None) -> None:
    """Write the model's metadata beside the program."""
    model = folder / render.MODEL
    model.mkdir()
    for name, text in files.items():
        shown = text if template is None else restored(name, text, template)
        (model / name).write_text(shown, encoding="utf-8")


def lint(root: Path) -> dict[str, list[Mapping[str, Any]]]:
    """The findings of one call over all projects, by the folder's name."""
    command = [sys.executable, "-m", "trl_lint", "check", "--output-format", "json", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        defects = [finding["message"] for finding in _findings(done.stdout) if finding["code"] == "TRL002"]
        raise LinterFailedError(f"exit {done.returncode}: {done.stderr.strip()[-1000:]} {' '.join(defects)[:1000]}")
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in json.loads(done.stdout):
        found[Path(finding["filename"]).relative_to(root).parts[0]].append(finding)
    return found


def _findings(text: str) -> Findings:
    try:
        found: Findings = json.loads(text)
    except ValueError:
        return []
    return found


def judge(record: Record, cases: Mapping[str, Case], template: Callable[[str], str] | None) -> Verdict:
    """Lint every recorded case and compare. `template` gives a chat template of TRL by its name."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as work:
        root = Path(work).resolve()
        written = write_projects(record, cases, root, template)
        found = lint(root)
    disagreements: list[Disagreement] = []
    located = staged = 0
    for folder, name in written.items():
        answer, findings = record.cases[name], found.get(folder, [])
        disagreements += _compare(record.name, cases[name], answer, findings)
        if answer["outcome"] == "error" and _with(findings, "error"):
            located += 1
            staged += answer["stage"] in {finding["stage"] for finding in _with(findings, "error")}
    stale = [
        name for name, answer in record.cases.items() if name not in cases or answer["made"] != digest(cases[name])
    ]
    return Verdict(len(written), staged, located, disagreements, stale)


def _with(findings: Findings, *severities: str) -> Findings:
    return [finding for finding in findings if finding["severity"] in severities]


def _compare(pair: str, case: Case, answer: Mapping[str, Any], findings: Findings) -> Iterator[Disagreement]:
    errors = _with(findings, "error")
    if answer["outcome"] == "error":
        if not errors:
            yield Disagreement(
                pair, case.name, "missed", f"{answer['stage']} {answer['type']}: {answer['message'][:160]}"
            )
        return
    if errors:
        yield Disagreement(pair, case.name, "false alarm", _shown(errors))
        return
    wrong, warned = trouble(case, answer), _with(findings, "warning")
    if wrong and not warned:
        yield Disagreement(pair, case.name, "silent", wrong)
    if warned and not wrong:
        yield Disagreement(pair, case.name, "noise", _shown(warned))


def _shown(findings: Findings) -> str:
    return "; ".join(f"{finding['code']} {finding['message'][:120]}" for finding in findings)
