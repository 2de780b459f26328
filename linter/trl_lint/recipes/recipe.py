"""From a YAML or JSON source to the settings of a recipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.run import Origin, Setting
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.model.target import Problem
from trl_lint.model.value import Known, Unknown, Value
from trl_lint.recipes.telling import looks_like_recipe

if TYPE_CHECKING:
    from trl_lint.recipes.yaml_nodes import YamlNode
    from trl_lint.sources.json_marks import Node

MAX_CHARACTERS = 1_000_000
MAX_VALUES = 50_000

_BLOCK_KEY = regex(r"""^([ ]*)(?:"([^"\\\n]+)"|'([^'\n]+)'|([A-Za-z_][\w.-]*))[ \t]*:(?=\s|$)""", re.MULTILINE)
_FLOW_KEY = regex(r"""(?<![\w.-])([A-Za-z_][\w.-]{0,80})["']?[ \t]*:""")


@dataclass(frozen=True)
class Recipe:
    """The settings that stand at the top of a recipe, by key; of a repeated key the last one, as PyYAML has it.

    `problems` are what cannot be read, `repeated` the keys that stand in one mapping already, and what that means.
    """

    source: Source
    settings: Mapping[str, Setting] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    repeated: tuple[tuple[Span, str], ...] = ()


def read_recipe(source: Source, named: bool = False) -> Recipe | None:
    """The recipe that a YAML or JSON source holds; None where it is none of the `trl <command> --config` kind.

    A file that looks like a recipe and cannot be parsed is a recipe without settings and with a problem.
    `named`: a `trl` command of the project reads it, whatever it looks like.
    """
    if source.kind not in (Kind.YAML, Kind.JSON):
        return None
    if not named and not looks_like_recipe(_keys_at_a_glance(source.text)):
        return None
    if len(source.text) > MAX_CHARACTERS:
        return _broken(source, 0, f"the recipe is longer than the {MAX_CHARACTERS:,} characters that are read")
    found = _read_json(source) if source.kind is Kind.JSON else _read_yaml(source)
    if found is None or named or (found.problems and not found.settings) or looks_like_recipe(found.settings):
        return found
    return None


def _read_yaml(source: Source) -> Recipe | None:
    from trl_lint.recipes.yaml_nodes import YamlFault, compose
    from trl_lint.recipes.yaml_values import YamlValues, scalar

    composed = compose(source.text)
    if isinstance(composed, YamlFault):
        if "{{" in source.text or "{%" in source.text:
            return None  # a template of a recipe: no YAML before it is filled in
        return _broken(source, composed.offset, f"the recipe cannot be read as YAML: {composed.message}")
    if composed.root is None or composed.root.shape != "mapping":
        return None
    values = YamlValues(source.path)
    problems: list[Problem] = []
    settings: dict[str, Setting] = {}
    for pair in values.pairs(composed.root):
        key, value = pair.key, pair.values[0]
        found = scalar(key) if key.shape == "scalar" else Unknown("no scalar")
        name = found.value if isinstance(found, Known) else None
        if isinstance(name, str):
            settings.pop(name, None)
            settings[name] = _setting(source, name, values.of(pair), key.start, (value.start, value.end))
        else:
            written = source.text[key.start : key.end][:40]
            problems.append(_problem(source, key.start, f"YAML 1.1 does not read the key `{written}` as text"))
    if composed.second is not None:
        message = "a second YAML document begins here; only the first is read, and `yaml.safe_load` refuses the file"
        problems.append(_problem(source, composed.second, message))
    return Recipe(source, settings, tuple(problems), tuple(_repeated_in_yaml(source, composed.root)))


def _read_json(source: Source) -> Recipe | None:
    from trl_lint.recipes.json_values import json_value
    from trl_lint.sources.json_marks import Fault, parse

    root = parse(source.text, limit=MAX_VALUES)
    if isinstance(root, Fault):
        return _broken(source, root.offset, f"the recipe cannot be read as JSON: {root.message}")
    if root.shape != "object":
        return None
    settings: dict[str, Setting] = {}
    for key, value in root.members:
        name = key.text or ""
        settings.pop(name, None)
        settings[name] = _setting(source, name, json_value(source, value), key.start, (value.start, value.end))
    return Recipe(source, settings, repeated=tuple(_repeated_in_json(source, root)))


def _setting(source: Source, name: str, value: Value, start: int, place: tuple[int, int]) -> Setting:
    return Setting(name, value, Span(source.path, start, place[1]), Span(source.path, *place), Origin.YAML)


def _keys_at_a_glance(text: str) -> Iterator[str]:
    """The keys that probably stand at the top, found without parsing; the parsed ones are judged again."""
    if text.lstrip()[:1] == "{":
        yield from (match[1] for match in _FLOW_KEY.finditer(text, 0, MAX_CHARACTERS))
        return
    indent: str | None = None
    for match in _BLOCK_KEY.finditer(text):
        indent = match[1] if indent is None else indent
        if match[1] == indent:
            yield match[2] or match[3] or match[4]


def _repeated_in_yaml(source: Source, root: YamlNode) -> Iterator[tuple[Span, str]]:
    stack = [root]
    while stack:
        node = stack.pop()
        seen: dict[tuple[str, bool], YamlNode] = {}
        for key, value in node.pairs:
            stack.append(value)
            if key.shape != "scalar":
                continue
            first = seen.setdefault((key.text, key.plain), key)
            if first is not key and not (key.plain and key.text == "<<"):
                yield _repetition(source, key.text, first.start, (key.start, key.end))
        stack.extend(node.items)


def _repeated_in_json(source: Source, root: Node) -> Iterator[tuple[Span, str]]:
    from trl_lint.sources.json_marks import repeated

    stack = [root]
    while stack:
        node = stack.pop()
        for first, last in repeated(node):
            yield _repetition(source, first.text or "", first.start, (last.start, last.end))
        stack.extend(value for _, value in node.members)
        stack.extend(node.items)


def _repetition(source: Source, name: str, first: int, last: tuple[int, int]) -> tuple[Span, str]:
    row = source.line_index(first) + 1
    message = f"the key `{name[:80]}` stands in row {row} already; the last one counts"
    return Span(source.path, *last), message


def _broken(source: Source, offset: int, message: str) -> Recipe:
    return Recipe(source, {}, (_problem(source, offset, message, "error"),))


def _problem(source: Source, offset: int, message: str, severity: str = "warning") -> Problem:
    return Problem(source.place(Span(source.path, offset, offset)), message, severity)
