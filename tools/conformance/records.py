"""What was recorded: one compressed file of JSON lines for each pair of releases.

The first line is the head: the releases, and the metadata of the models that the cases ran on (without weights), each
text once. A chat template that came with TRL is not kept: `@trl:NAME@` stands in its place, and who reads it takes
the text from the published package. Every further line is one case.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import render
from .cases.case import Case

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "conformance" / "records"
_SUFFIX = ".jsonl.gz"
_WEIGHTS = (".safetensors", ".bin")


@dataclass(frozen=True)
class Record:
    """What one pair of releases did: by case, and the models' files by model and name."""

    trl: str
    transformers: str
    packages: Mapping[str, str]
    models: Mapping[str, Mapping[str, str]]
    failed: Mapping[str, str]
    cases: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        """The pair, as files are named after it."""
        return f"{self.trl}-{self.transformers}"

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}{_SUFFIX}"


def digest(case: Case) -> str:
    """What tells whether a case is still the one that was recorded."""
    project = [render.script(case), render.rows_text(case), case.model, sorted(case.files.items())]
    return hashlib.sha256(json.dumps(project).encode()).hexdigest()[:12]


def fits(case: Case, trl: str) -> bool:
    """Whether the case means something for this release."""
    from packaging.specifiers import SpecifierSet

    return trl in SpecifierSet(case.releases)


def files_of(models: Path, templates: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The metadata of every model folder; `templates` are the texts that came with TRL, by their name there."""
    found: dict[str, dict[str, str]] = {}
    for folder in sorted(path for path in models.iterdir() if path.is_dir()):
        texts = {}
        for path in sorted(folder.iterdir()):
            if path.suffix in _WEIGHTS:
                continue
            text = path.read_text(encoding="utf-8")
            for name, template in templates.items():
                text = text.replace(_escaped(template), _mark(name)).replace(template, _mark(name))
            texts[path.name] = text
        found[folder.name] = texts
    return found


def _mark(name: str) -> str:
    return f"@trl:{name}@"


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def restored(name: str, text: str, template: Callable[[str], str]) -> str:
    """A model's file with the templates of TRL in their places again."""
    while "@trl:" in text:
        start = text.index("@trl:")
        end = text.index("@", start + 1)
        wanted = template(text[start + len("@trl:") : end])
        text = text[:start] + (_escaped(wanted) if name.endswith(".json") else wanted) + text[end + 1 :]
    return text


def write(record: Record, folder: Path) -> Path:
    """Write the record; the same record always gives the same bytes."""
    blobs: dict[str, str] = {}
    models: dict[str, dict[str, str]] = {}
    for model, files in record.models.items():
        for name, text in files.items():
            key = hashlib.sha256(text.encode()).hexdigest()[:12]
            blobs[key] = text
            models.setdefault(model, {})[name] = key
    head = {
        "trl": record.trl,
        "transformers": record.transformers,
        "packages": record.packages,
        "models": models,
        "failed": record.failed,
        "files": blobs,
    }
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as packed:
        for line in (head, *record.cases.values()):
            text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            packed.write(text.encode() + b"\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / record.file
    path.write_bytes(buffer.getvalue())
    return path


def read(path: Path) -> Record:
    """The record in this file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        head = json.loads(next(lines))
        cases = {case["case"]: case for case in map(json.loads, lines)}
    models = {
        model: {name: head["files"][key] for name, key in files.items()} for model, files in head["models"].items()
    }
    return Record(head["trl"], head["transformers"], head["packages"], models, head["failed"], cases)


def every(folder: Path) -> list[Record]:
    """All records, by release."""
    found = [read(path) for path in folder.glob(f"*{_SUFFIX}")]
    return sorted(found, key=lambda record: [int(part) for part in f"{record.trl}.{record.transformers}".split(".")])


def unchanged(before: Record, now: Record, cases: Mapping[str, Case]) -> dict[str, Mapping[str, Any]]:
    """What was recorded of cases that are still the same, on the same packages and models."""
    if before.packages != now.packages:
        return {}
    return {
        name: answer
        for name, answer in before.cases.items()
        if name in cases
        and answer["made"] == digest(cases[name])
        and before.models.get(cases[name].model) == now.models.get(cases[name].model)
    }


def filled(
    empty: Record, kept: Mapping[str, Mapping[str, Any]], answers: Iterable[Mapping[str, Any]], cases: Sequence[Case]
) -> Record:
    """The record with these answers, in the order of the cases."""
    named = {case.name: case for case in cases}
    found = dict(kept)
    for answer in answers:
        line = {key: value for key, value in answer.items() if key != "seconds"}
        found[answer["case"]] = {**line, "made": digest(named[answer["case"]])}
    return replace(empty, cases={case.name: found[case.name] for case in cases if case.name in found})
