"""Dataclasses: their fields with inheritance inside the package resolved, in the order of `__init__`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from trl_lint_rules.facts.extract import values
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.tree import Tree, statements

# Bases from other packages that bring fields; `TrainingArguments` is resolved when the facts are read.
TRAINING_ARGUMENTS = "TrainingArguments"

# Bases from other packages that bring none.
_FIELDLESS = (
    "ABC",
    "DataCollatorMixin",
    "Enum",
    "Generic",
    "ModelOutput",
    "Protocol",
    "PushToHubMixin",
    "object",
    "str",
)

DEPRECATED = re.compile(r"(?i)\bdeprecated\b|\bwill be removed in\b|\bno longer (?:used|supported)\b")

_SAYS_DEPRECATED = re.compile(r"(?:^|[.:!)] )(?:This \w+ is )?[Dd]eprecated\b")


@dataclass(frozen=True)
class ConfigClass:
    """A dataclass. `fields` maps a name to its record; `base` is `TrainingArguments` where it inherits from it.

    Record: `d` default, `f` 1 where a factory makes it, `t` annotation, `c` choices, `x` deprecation in words,
    `v` deprecated values with the words, `n` 1 where it is no parameter of `__init__`.
    """

    name: str
    module: str
    base: str | None
    fields: dict[str, dict[str, values.Data]]


def is_dataclass(node: ast.ClassDef) -> bool:
    """Whether `node` carries the dataclass decorator."""
    return any(
        ast.unparse(d.func if isinstance(d, ast.Call) else d) in ("dataclass", "dataclasses.dataclass")
        for d in node.decorator_list
    )


def is_config(tree: Tree, module: str, node: ast.ClassDef) -> bool:
    """Whether `node` is a dataclass, or takes the `__init__` of one that it inherits from, and all its fields are here.

    Raises UnknownShapeError for a config class with a base in another package that may bring further fields.
    """
    above = ancestors(tree, module, node)
    if not is_dataclass(node):
        if any(isinstance(f, ast.FunctionDef) and f.name == "__init__" for f in node.body):
            return False
        if not any(isinstance(entry, ast.ClassDef) and is_dataclass(entry) for _, entry in above):
            return False
    foreign = [entry for _, entry in above if isinstance(entry, str) and entry not in (*_FIELDLESS, TRAINING_ARGUMENTS)]
    if foreign and node.name.endswith(("Config", "Arguments")):
        raise UnknownShapeError(f"{tree.place(module, node)}: {node.name} inherits from {foreign[0]}, not known here")
    return not foreign


def ancestors(tree: Tree, module: str, node: ast.ClassDef) -> list[tuple[str, ast.ClassDef | str]]:
    """The method resolution order of a class, without itself: (module, class), or the name of a foreign base.

    The lists of the bases are joined depth first, later duplicates win: right for the shapes that occur
    (chains and mixins), where the linearisation is that of Python.
    """
    order: list[tuple[str, ast.ClassDef | str]] = []
    for base in node.bases:
        text = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
        found = tree.resolve(module, text)
        if found and found[2].kind == "class" and isinstance(found[2].node, ast.ClassDef):
            mine = [(found[0], found[2].node), *ancestors(tree, found[0], found[2].node)]
        else:
            name = found[2].source[1] if found and found[2].kind == "import" else text.rpartition(".")[2]
            mine = [("", name)]
        order = [entry for entry in order if entry not in mine] + mine
    return order


def config_class(tree: Tree, module: str, node: ast.ClassDef) -> ConfigClass:
    """The fields of the dataclass `node` of `module`."""
    chain: list[tuple[str, ast.ClassDef | str]] = [*reversed(ancestors(tree, module, node)), (module, node)]
    base = TRAINING_ARGUMENTS if any(entry == TRAINING_ARGUMENTS for _, entry in chain) else None
    fields: dict[str, dict[str, values.Data]] = {}
    for where, entry in chain:
        if entry == TRAINING_ARGUMENTS and fields:
            place = tree.place(module, node)
            raise UnknownShapeError(f"{place}: {node.name} has fields before those of TrainingArguments")
        if isinstance(entry, ast.ClassDef) and is_dataclass(entry):
            _own_fields(tree, where, entry, fields)
            _deprecations(entry, fields)
    return ConfigClass(node.name, module, base, fields)


def _own_fields(tree: Tree, module: str, node: ast.ClassDef, fields: dict[str, dict[str, values.Data]]) -> None:
    names: dict[str, ast.expr] = {}
    _assigned(node.body, (), names)
    for statement in statements(node.body):
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
            continue
        text = ast.unparse(statement.annotation)
        if "ClassVar" in text:
            continue
        if "InitVar" in text or "KW_ONLY" in text:
            place = tree.place(module, statement)
            raise UnknownShapeError(f"{place}: {node.name}.{statement.target.id} is no field ({text})")
        name = statement.target.id
        inherited = fields.get(name)
        if statement.value is None and inherited is not None and "f" not in inherited:
            # Without a value of its own the class attribute, that is the inherited default, stays.
            record = {**_record(statement, names), "d": inherited["d"]}
        else:
            record = _record(statement, names)
        fields[name] = record


def _assigned(body: list[ast.stmt], tests: tuple[ast.expr, ...], names: dict[str, ast.expr]) -> None:
    """What a class body assigns to names; a name that a branch assigns anew is a conditional expression."""
    for statement in body:
        if isinstance(statement, ast.If):
            _assigned(statement.body, (*tests, statement.test), names)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, value = statement.targets[0].id, statement.value
            if tests and name in names:
                test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))
                value = ast.IfExp(test, value, names[name])
            names[name] = value


def _record(statement: ast.AnnAssign, names: dict[str, ast.expr]) -> dict[str, values.Data]:
    record: dict[str, values.Data] = {"d": values.REQUIRED, "t": values.annotation(statement.annotation)}
    allowed = values.choices(statement.annotation)
    value = statement.value
    if isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] == "field":
        given = {keyword.arg: keyword.value for keyword in value.keywords if keyword.arg}
        if "default" in given:
            record["d"] = _default(given["default"], names)
        elif "default_factory" in given:
            record["d"] = values.produced(given["default_factory"])
            record["f"] = 1
        if "init" in given and values.literal(given["init"]) is False:
            record["n"] = 1
        metadata = given.get("metadata")
        if isinstance(metadata, ast.Dict):
            allowed = _metadata(metadata, record) or allowed
    elif value is not None:
        record["d"] = _default(value, names)
    if allowed:
        record["c"] = allowed
    return record


def _default(node: ast.expr, names: dict[str, ast.expr]) -> values.Data:
    """A default; a name assigned in the class body stands for the value that it got there.

    (`default_optim` in TrainingArguments, which hangs on the release of torch.)
    """
    if isinstance(node, ast.Name) and node.id in names:
        return values.literal(names[node.id])
    return values.literal(node)


def _metadata(metadata: ast.Dict, record: dict[str, values.Data]) -> list[values.Data] | None:
    entries = {
        key.value: value
        for key, value in zip(metadata.keys, metadata.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    words = values.text(entries["help"]) if "help" in entries else ""
    if _SAYS_DEPRECATED.search(words):
        record["x"] = values.sentence(words)
    allowed = entries.get("choices")
    if isinstance(allowed, (ast.List, ast.Tuple)):
        return [values.literal(item) for item in allowed.elts]
    return None


def _deprecations(node: ast.ClassDef, fields: dict[str, dict[str, values.Data]]) -> None:
    """Fields that `__post_init__` warns about when they are set: `if self.x is not None: warnings.warn(...)`."""
    for function in node.body:
        if not (isinstance(function, ast.FunctionDef) and function.name == "__post_init__"):
            continue
        for branch in ast.walk(function):
            if isinstance(branch, ast.If):
                _warned(branch, fields)


def _warned(branch: ast.If, fields: dict[str, dict[str, values.Data]]) -> None:
    name, value = _tested(branch.test)
    if name is None or name not in fields:
        return
    for words in values.warnings(branch.body):
        if not DEPRECATED.search(words):
            continue
        if isinstance(value, str):
            known = fields[name].get("v", {})
            fields[name] = {**fields[name], "v": {**known, value: values.sentence(words)}}
        elif value is None:
            fields[name] = {**fields[name], "x": values.sentence(words)}


def _tested(test: ast.expr) -> tuple[str | None, object]:
    """The field that a test is about, and the value it is compared to (None: any value that was set).

    `self.x`, `self.x is not None` and `self.x != default` hold when the field was set,
    `self.x == "old"` when it was set to that.
    """
    value: object = None
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        against = test.comparators[0]
        if isinstance(test.ops[0], ast.Eq) and isinstance(against, ast.Constant):
            value = against.value if against.value is not None else False
        elif not isinstance(test.ops[0], (ast.NotEq, ast.IsNot)):
            return None, None
        test = test.left
    if isinstance(test, ast.Attribute) and isinstance(test.value, ast.Name) and test.value.id == "self":
        return test.attr, value
    return None, None
