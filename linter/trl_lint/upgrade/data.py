"""The report as JSON (docs/upgrade.md says what it holds)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trl_lint.model.span import Place
from trl_lint.model.target import Environment
from trl_lint.model.upgrade import Change
from trl_lint.report.json_array import as_object
from trl_lint.report.texts import Texts
from trl_lint.upgrade.report import FileReport, Group, RunReport, UpgradeReport

VERSION = 1


def render(report: UpgradeReport) -> Iterator[str]:
    """The lines of the document, all ASCII."""
    yield json.dumps(as_data(report), indent=2)


def as_data(report: UpgradeReport) -> dict[str, Any]:
    """The report as JSON data."""
    return {
        "version": VERSION,
        "breaks": report.breaks,
        "fixed": report.fixed,
        "upgrades": [_group(group) for group in report.groups()],
        "problems": [{"message": finding.message, **_place(finding.place)} for finding in report.problems],
        "notes": list(report.notes),
    }


def _group(group: Group) -> dict[str, Any]:
    step = group.step
    return {
        "from": {**_environment(step.old), "described": step.told},
        "to": {**_environment(step.new), "described": step.aimed},
        "files": [_file(file) for file in group.files],
    }


def _environment(environment: Environment) -> dict[str, str]:
    return {"trl": str(environment.trl), "transformers": str(environment.transformers)}


def _file(file: FileReport) -> dict[str, Any]:
    texts = Texts({file.path: file.source, **file.others})
    return {
        "filename": file.path,
        "breaks": [as_object(finding, texts) for finding in file.breaks],
        "differs": [as_object(finding, texts) for finding in file.differs],
        "deprecated": [as_object(finding, texts) for finding in file.deprecated],
        "runs": [_run(run) for run in file.runs],
        "today": file.today,
        "mended": file.mended,
    }


def _run(run: RunReport) -> dict[str, Any]:
    return {
        "title": run.title,
        **_place(run.place),
        "open": run.open,
        "patched_by": run.patched_by,
        "changes": [{**_change(change), **_place(run.place_of(change))} for change in run.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.sort.value,
        "name": change.name,
        "from": change.old,
        "to": change.new,
        "since": {"package": change.package, "release": str(change.since)},
        "weight": change.weight.value,
        "means": change.means or None,
        "condition": change.condition or None,
        "pins": {pin.name: pin.text for pin in change.pins},
        "advice": change.advice or None,
        "source": change.source,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"filename": place.path, "cell": place.cell, "location": {"row": place.row, "column": place.column}}
