"""Whether the shipped facts are what importing the real packages shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trl_lint.model.release import Release
from trl_lint_rules import facts
from trl_lint_rules.facts import store
from trl_lint_rules.facts.extract.snapshot import ENUMS
from trl_lint_rules.facts.extract.values import encode, same

from .real import Environment

_AUTO = "transformers.models.auto"
# The tables of transformers that do not depend on which optional packages are installed.
_TABLES = {
    "CONFIG_MAPPING_NAMES": ("configuration_auto", "config"),
    "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES": ("modeling_auto", "causal_lm"),
    "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES": ("modeling_auto", "image_text_to_text"),
    "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES": ("modeling_auto", "sequence_classification"),
}
# What a module says where an optional package is missing; nothing else excuses it from being compared.
_MISSING = re.compile(r"No module named '(?!trl\b|transformers\b)")


@dataclass(frozen=True)
class Class:
    """A class as the facts have it: [name, `k` for keyword only, default] in order, and whether it is open."""

    module: str
    name: str
    parameters: list[list[Any]]
    open: bool

    @property
    def label(self) -> str:
        """The name to import it by."""
        return f"{self.module}.{self.name}"

    @property
    def sources(self) -> dict[str, str]:
        """The defaults that are known by their source text."""
        return {name: data["src"] for name, _, data in self.parameters if isinstance(data, dict) and "src" in data}


def compare(environment: Environment, trl: Release, transformers: Release) -> tuple[list[str], list[str]]:
    """What differs, one line each, and what could not be compared because an optional package is missing."""
    classes = list(_classes(trl, transformers))
    modules = [module for module in store.load("trl/names.json") if facts.names(module, trl) is not None]
    answer = environment.ask(
        {
            "modules": modules,
            "classes": [[item.module, item.name, item.sources] for item in classes],
            "enums": [[module, name] for name, module in ENUMS.items()],
            "tables": [[f"{_AUTO}.{module}", name] for name, (module, _) in _TABLES.items()],
        }
    )
    differing: list[str] = []
    missing: list[str] = []
    for part in (
        _names(trl, answer["modules"]),
        _parameters(classes, answer["classes"]),
        _enums(transformers, answer["enums"]),
        _tables(transformers, answer["tables"]),
    ):
        for label, line in part:
            (missing if _MISSING.search(line) else differing).append(f"{label}: {line}")
    return differing, missing


def _classes(trl: Release, transformers: Release) -> Iterator[Class]:
    """Every class whose parameters the facts know, by the module that it is best imported from."""
    arguments = facts.training_arguments(transformers)
    yield Class(
        "transformers",
        "TrainingArguments",
        [[field.name, "", data(field.default)] for field in arguments.values()],
        False,
    )
    for name in store.load("trl/homes.json")["homes"]:
        module = facts.where(name, trl)
        if module is None:
            continue
        fields = facts.config_fields(name, trl, transformers, module)
        if fields is not None:
            yield Class(module, name, [[field.name, "", data(field.default)] for field in fields.values()], False)
            continue
        made = facts.signature(name, trl, module)
        if made is not None:
            listed = made.parameters.values()
            shown = [[p.name, "" if p.position is not None else "k", data(p.default)] for p in listed]
            yield Class(module, name, shown, made.open)


def data(default: object) -> Any:
    """A default as the shipped files hold it."""
    if isinstance(default, facts.Source):
        return {"src": default.text}
    return {"req": 1} if default is facts.REQUIRED else encode(default)


def _names(trl: Release, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for module, answer in answers.items():
        if "error" in answer:
            yield module, answer["error"]
            continue
        known, real = facts.names(module, trl) or frozenset(), set(answer["is"]["names"])
        if real - known:
            yield module, f"also provides {', '.join(sorted(real - known))}"
        missing = known - real - set(answer["is"]["conditional"])
        if missing:
            yield module, f"does not provide {', '.join(sorted(missing))}"


def _parameters(classes: Iterable[Class], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for known in classes:
        answer = answers[known.label]
        if "error" in answer:
            yield known.label, answer["error"]
            continue
        real = answer["is"]
        if [p[0] for p in known.parameters] != [p[0] for p in real["parameters"]]:
            yield known.label, f"takes {_ordered(real['parameters'])}, known: {_ordered(known.parameters)}"
        by_name = {p[0]: p for p in real["parameters"]}
        for mine in known.parameters:
            theirs = by_name.get(mine[0], mine)
            if not same(mine, theirs):
                yield f"{known.label}.{mine[0]}", f"is {theirs[1:]}, known: {mine[1:]}"
        if known.open != real["open"]:
            yield known.label, f"takes {'any' if real['open'] else 'no other'} keyword"


def _ordered(parameters: Iterable[list[Any]]) -> str:
    return ", ".join(str(parameter[0]) for parameter in parameters)


def _enums(transformers: Release, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, answer in answers.items():
        if "error" in answer:
            yield name, answer["error"]
        elif list(facts.enum_values(name, transformers)) != (answer["is"] or []):
            yield name, f"is {answer['is']}, known: {facts.enum_values(name, transformers)}"


def _tables(transformers: Release, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    known = facts.model_types(transformers)
    for name, answer in answers.items():
        if "error" in answer:
            yield name, answer["error"]
            continue
        key = _TABLES[name][1]
        mine = {model: getattr(entry, key) for model, entry in known.items() if getattr(entry, key) is not None}
        real = {model: value if isinstance(value, str) else value[0] for model, value in answer["is"].items()}
        for model in sorted({*mine, *real}):
            if mine.get(model) != real.get(model):
                yield f"{name}[{model}]", f"is {real.get(model)}, known: {mine.get(model)}"
