"""Files that the code reads its configuration from: YAML and JSON, as values with their own lines."""

from __future__ import annotations

from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.model.value import Instance, Known, Unknown, Value
from trl_lint.python.atoms import Abs, Atom, InstObj, one, reason_of, top
from trl_lint.python.containers import path_text
from trl_lint.python.machine import Machine
from trl_lint.python.thaw import file_name, thaw

MAX_VALUES = 20_000
OPENED = "builtins.open"


def load(m: Machine, path: Abs, beside_script: bool = False) -> Abs:
    """What the YAML or JSON file named `path` holds; unknown where it is not at hand.

    `beside_script`: the path is meant from the folder of the script, not from where it is started.
    """

    def run(atoms: list[Atom]) -> Abs:
        text = path_text(atoms[0])
        if text is None:
            return top(reason_of(one(atoms[0]), "a file whose name is not known"))
        return _load(m, text, beside_script)

    return m.product([path], run)


def load_open(m: Machine, file: Abs) -> Abs:
    """What `yaml.safe_load(file)` or `json.load(file)` gives for an open file, or the text of one."""
    path = opened(m, file)
    return load(m, path) if path is not None else top("what a file holds that is not known")


def opened(m: Machine, value: Abs) -> Abs | None:
    """The path of an open file, or of the one whose text this is."""
    content = m.content(value)
    if not isinstance(content, InstObj):
        return None
    if content.callee == OPENED and content.call is not None:
        args = m.raw.get(id(content.call))
        return args.items[0].value if args is not None and args.items else None
    held = content.receiver.value if isinstance(content.receiver, Known) else None
    if content.callee == ".read" and isinstance(held, Instance) and held.callee == OPENED:
        args = m.raw.get(id(held.call))
        return args.items[0].value if args is not None and args.items else None
    return None


def _load(m: Machine, text: str, beside_script: bool) -> Abs:
    source = m.project.data(text, beside_script)
    if source is None:
        return top(f"the file `{text[-60:]}`, which is not at hand")
    m.sources.setdefault(source.path, source)
    value = parse(source)
    return thaw(m, value)


def parse(source: Source) -> Value:
    """The content of a YAML or JSON source."""
    if source.kind is Kind.JSON:
        return _json(source)
    from trl_lint.recipes.yaml_nodes import YamlFault, compose
    from trl_lint.recipes.yaml_values import YamlValues

    composed = compose(source.text)
    if isinstance(composed, YamlFault) or composed.root is None or composed.second is not None:
        return Unknown(f"{file_name(Span(source.path, 0, 0))}, which cannot be read")
    return YamlValues(source.path).value(composed.root)


def _json(source: Source) -> Value:
    from trl_lint.recipes.json_values import json_value
    from trl_lint.sources.json_marks import Fault
    from trl_lint.sources.json_marks import parse as parse_json

    root = parse_json(source.text, limit=MAX_VALUES)
    if isinstance(root, Fault):
        return Unknown(f"{file_name(Span(source.path, 0, 0))}, which cannot be read")
    return json_value(source, root)
