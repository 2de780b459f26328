"""From YAML nodes to values, as PyYAML would construct them: aliases, merge keys, repeated keys, tags."""

from __future__ import annotations

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.span import Span
from trl_lint.model.value import Entry, Items, Known, OneOf, Option, Scalar, Table, Unknown, Value
from trl_lint.recipes.scalars import plain, tagged
from trl_lint.recipes.yaml_nodes import MAX_DEPTH, YamlNode

_MAX_VALUES = 50_000  # of one file: aliases of aliases grow without end
_PLACEHOLDER = regex(r"\{\{[^{}%]*\}\}|\$\{[^{}]*\}")
_TOO_MANY = Unknown("aliases that expand to too many values")


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with its value; with several where it stands in several bases of one merge key."""

    key: YamlNode
    values: tuple[YamlNode, ...]


class YamlValues:
    """Turns the nodes of one file into values; counts them, so that no alias can blow up."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.left = _MAX_VALUES

    def pairs(self, node: YamlNode, depth: int = 0) -> list[Pair]:
        """The pairs of a mapping, those of merge keys (`<<: *base`) first, so that the last one counts."""
        merged: list[Pair] = []
        own: list[Pair] = []
        for key, value in node.pairs:
            if not (key.plain and key.text == "<<"):
                own.append(Pair(key, (value,)))
                continue
            source = _resolved(value)
            bases = source.items if source is not None and source.shape == "sequence" else [value]
            together: list[Pair] = []
            for base in bases:
                mapping = _resolved(base)
                if mapping is not None and mapping.shape == "mapping" and depth < MAX_DEPTH:
                    together += self.pairs(mapping, depth + 1)
                    self.left -= len(mapping.pairs)
                if self.left <= 0:
                    return own
            merged += _any_base(together) if len(bases) > 1 else together
        return merged + own

    def of(self, pair: Pair, depth: int = 0) -> Value:
        """The value of a pair: one of several where PyYAML's releases disagree."""
        found = {repr(value): value for value in (self.value(node, depth) for node in pair.values)}
        first, *others = found.values()
        return OneOf(tuple(map(Option, (first, *others)))) if others else first

    def value(self, node: YamlNode, depth: int = 0) -> Known | Unknown:
        """What PyYAML's safe loader makes of `node`, or why that is not known."""
        self.left -= 1
        if self.left <= 0 or depth > 2 * MAX_DEPTH:
            return _TOO_MANY
        if node.shape == "alias":
            if node.target is None:
                return Unknown("an alias of the value that it stands in")
            return self.value(node.target, depth + 1)
        if node.shape == "scalar":
            return scalar(node)
        if node.tag is not None:
            return Unknown(f"the YAML tag `{node.tag}`")
        if node.shape == "sequence":
            return Known(Items("list", tuple(self.value(item, depth + 1) for item in node.items)))
        return self._table(node, depth)

    def _table(self, node: YamlNode, depth: int) -> Known | Unknown:
        entries: dict[tuple[type, Scalar], Entry] = {}
        for pair in self.pairs(node):
            key = pair.key
            name = self.value(key, depth + 1)
            if not isinstance(name, Known) or isinstance(name.value, (Items, Table)):
                # `key: {{ name }}` is a mapping with a mapping for its key.
                return Unknown("a template's placeholder, or a mapping with a key that is no scalar")
            constant = _scalar_of(name)
            found = (type(constant), constant)
            entries.pop(found, None)
            span = Span(self.path, key.start, max(key.end, pair.values[0].end))
            entries[found] = Entry(constant, self.of(pair, depth + 1), span)
        return Known(Table(tuple(entries.values())))


def scalar(node: YamlNode) -> Known | Unknown:
    """The value of a scalar node."""
    found = plain(node.text) if node.plain else tagged(node.tag, node.text) if node.tag else Known(node.text)
    text = found.value if isinstance(found, Known) else None
    # A chat template holds placeholders of its own; a statement (`{%`) tells it from a templated recipe.
    if isinstance(text, str) and "{%" not in text and _PLACEHOLDER.search(text):
        return Unknown("a placeholder that is filled in later")
    return found


def _any_base(pairs: list[Pair]) -> list[Pair]:
    """Of a key in several bases (`<<: [*a, *b]`) PyYAML takes the first value up to 6.0.3, mostly the last from
    6.0.4 on: it is any of them."""
    found: dict[str, Pair] = {}
    for pair in pairs:
        before = found.get(pair.key.text)
        found[pair.key.text] = Pair(pair.key, before.values + pair.values) if before is not None else pair
    return list(found.values())


def _resolved(node: YamlNode) -> YamlNode | None:
    return node.target if node.shape == "alias" else node


def _scalar_of(known: Known) -> Scalar:
    value = known.value
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return value
    raise TypeError(f"{value!r} is no scalar")
