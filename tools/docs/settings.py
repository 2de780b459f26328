"""What may be configured: the table of the keys, and the published JSON schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trl_lint.report
from trl_lint.configuration.keys import KEYS, Key

from .markdown import between, cell

_SHAPES = {"list": "list of strings", "string": "string", "switch": "boolean", "table": "table of lists of strings"}
_FINDINGS = Path(trl_lint.report.__file__).parent / "findings.schema.json"
_WIDEST = 40  # characters of a default that stands in a column of its own


def with_settings(text: str) -> str:
    """`text` with the table of the keys between its markers."""
    return between(text, "settings", list(_table()))


def _table() -> Iterator[str]:
    yield "| key | type | default | |"
    yield "|---|---|---|---|"
    for name, key in KEYS.items():
        more = f" One of {', '.join(f'`{choice}`' for choice in key.choices)}." if key.choices else ""
        default = f"`{key.default}`" if key.default else ""
        if len(default) > _WIDEST:  # it would take the room of the meanings
            more += f" By default {default}."
            default = ""
        yield f"| `{name}` | {_SHAPES[key.shape]} | {default} | {cell(key.meaning + more)} |"


def findings_schema() -> str:
    """The schema of the JSON report, which comes with the package."""
    return _FINDINGS.read_text(encoding="utf-8")


def schema() -> str:
    """The JSON schema of `trl-lint.toml` and of the table `[tool.trl-lint]`."""
    data = {
        "$schema": "http://json-schema.org/draft-07/schema#",  # what the editors' TOML extensions understand
        "$id": "urn:trl-lint:configuration:1",
        "title": "The configuration of trl-lint",
        "description": "A whole trl-lint.toml or .trl-lint.toml, or the table [tool.trl-lint] of a pyproject.toml.",
        "type": "object",
        "properties": {name: {"description": key.meaning, **_type(key)} for name, key in KEYS.items()},
        "additionalProperties": False,
    }
    return json.dumps(data, indent=2) + "\n"


def _type(key: Key) -> dict[str, Any]:
    strings = {"type": "array", "items": {"type": "string"}}
    types: dict[str, dict[str, Any]] = {
        "list": strings,
        "string": {"type": "string", **({"enum": list(key.choices)} if key.choices else {})},
        "switch": {"type": "boolean"},
        "table": {"type": "object", "additionalProperties": strings},
    }
    return types[key.shape]
