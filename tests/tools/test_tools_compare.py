"""Comparing the facts with real packages: what the probe sees, and what counts as a difference."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from facts import compare, probe, real
from trl_lint.model.release import Release

TRL, TRANSFORMERS = Release(1, 16), Release(5, 20)

MODULE = """
from dataclasses import dataclass, field
import os
from os import path as joined
try:
    from nowhere import Absent
except ImportError:
    pass
WORDS = ("a", "b")

@dataclass
class Config:
    x: int
    chosen = "plain"
    if WORDS:
        chosen = "fused"
    y: str = chosen
    z: list = field(default_factory=lambda: [1.5])
    words: tuple = WORDS

class Trainer:
    def __init__(self, model, *, beta=0.1, **kwargs): ...

class Old(Trainer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "probed_package").mkdir()
    (tmp_path / "probed_package" / "__init__.py").write_text(MODULE)
    (tmp_path / "probed_package" / "below.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "probed_package", raising=False)
    return "probed_package"


def test_what_the_probe_sees(module: str) -> None:
    seen = probe.names(module)
    assert {"Config", "Old", "Trainer", "WORDS", "dataclass", "field", "os", "joined"} <= set(seen["names"])
    assert "below" not in seen["names"]
    assert seen["conditional"] == ["Absent"]
    config = probe.parameters(module, "Config", {"y": "'fused' if WORDS else 'plain'", "words": "OTHER"})
    assert config == {
        "parameters": [
            ["x", "", {"req": 1}],
            ["y", "", {"src": "'fused' if WORDS else 'plain'"}],
            ["z", "", [1.5]],
            ["words", "", {"lit": "('a', 'b')"}],
        ],
        "open": False,
    }
    for name in ("Trainer", "Old"):
        made = probe.parameters(module, name, {})
        assert made == {"parameters": [["model", "", {"req": 1}], ["beta", "k", 0.1]], "open": True}
    assert "No module named 'not_there'" in probe.answered(probe.names, "not_there")["error"]


class Faithful(real.Environment):
    """Answers what the facts say, changed by `change`."""

    def __init__(self, change: dict[str, Any]) -> None:
        self.change = change

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        from trl_lint_rules import facts

        known = {item.label: item for item in compare._classes(TRL, TRANSFORMERS)}
        types = facts.model_types(TRANSFORMERS)
        answer: dict[str, Any] = {
            "modules": {
                module: {"is": {"names": sorted(facts.names(module, TRL) or ()), "conditional": []}}
                for module in request["modules"]
            },
            "classes": {n: {"is": {"parameters": c.parameters, "open": c.open}} for n, c in known.items()},
            "enums": {n: {"is": list(facts.enum_values(n, TRANSFORMERS))} for _, n in request["enums"]},
            "tables": {
                table: {"is": {name: found for name, m in types.items() if (found := getattr(m, key)) is not None}}
                for table, (_, key) in compare._TABLES.items()
            },
        }
        for group, entries in self.change.items():
            answer[group].update(entries)
        return answer


def test_nothing_differs() -> None:
    assert compare.compare(Faithful({}), TRL, TRANSFORMERS) == ([], [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"modules": {"trl": {"error": "ImportError: no"}}}, "trl: ImportError: no"),
        ({"enums": {"SaveStrategy": {"is": ["no"]}}}, "SaveStrategy: is ['no'], known: "),
        ({"tables": {"CONFIG_MAPPING_NAMES": {"is": {}}}}, "CONFIG_MAPPING_NAMES[afmoe]: is None, known: "),
        (
            {"classes": {"trl.ModelConfig": {"is": {"parameters": [["x", "", 1]], "open": True}}}},
            "trl.ModelConfig: takes x, known: model_name_or_path, ",
        ),
    ],
)
def test_a_difference_is_told(change: dict[str, Any], told: str) -> None:
    differences, missing = compare.compare(Faithful(change), TRL, TRANSFORMERS)
    assert any(line.startswith(told) for line in differences)
    assert missing == []


def test_only_a_missing_package_excuses() -> None:
    change = {"modules": {"trl.cli": {"error": "RuntimeError: ... No module named 'vllm'"}}}
    assert compare.compare(Faithful(change), TRL, TRANSFORMERS) == (
        [],
        ["trl.cli: RuntimeError: ... No module named 'vllm'"],
    )
    change = {"modules": {"trl.cli": {"error": "ModuleNotFoundError: No module named 'trl.gone'"}}}
    assert compare.compare(Faithful(change), TRL, TRANSFORMERS)[0]
