"""From JSON nodes to values, as `json.load` would construct them; of a repeated key the last one counts."""

from __future__ import annotations

from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Entry, Items, Known, Table
from trl_lint.sources.json_marks import Node


def json_value(source: Source, node: Node) -> Known:
    """The value of a node of `source`, with the places of its entries."""
    if node.shape == "array":
        return Known(Items("list", tuple(json_value(source, item) for item in node.items)))
    if node.shape != "object":
        return Known(node.value)
    entries: dict[str, Entry] = {}
    for key, value in node.members:
        name = key.text or ""
        entries.pop(name, None)
        entries[name] = Entry(name, json_value(source, value), Span(source.path, key.start, value.end))
    return Known(Table(tuple(entries.values())))
