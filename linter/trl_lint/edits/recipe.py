"""Builders of edits on recipes, YAML and JSON alike; layout, comments and quotes stay as they are.

All raise ValueError where the edit cannot be made without touching something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from trl_lint.dataclass import dataclass
from trl_lint.edits.listing import Listing, insert_after, listing, remove
from trl_lint.lazy import regex
from trl_lint.model.finding import Edit
from trl_lint.model.run import Setting
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.recipes.yaml_nodes import YamlFault, YamlNode, compose
from trl_lint.sources.json_marks import Fault, Node, parse

_REST = regex(r"[^\r\n]*")
_NEWLINE = regex(r"\r\n|\r|\n|\Z")
_ANCHOR = regex(r"&[^\s,\[\]{}]+[ \t]+")
_BLOCK_SCALAR = regex(r"(?:[&!][^\s]+[ \t]+)*[|>]")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a setting stands: the range of its key and of its value, and the mapping as a listing if it is a flow."""

    key: tuple[int, int]
    value: tuple[int, int]
    after: int
    flow: Listing | None
    index: int
    only: bool  # the one key of a mapping that is not the whole file
    root: YamlNode | None = None
    node: YamlNode | None = None


def rename_key(source: Source, setting: Setting, new: str) -> Edit:
    """Another key, in the same quotes."""
    source = source.of(setting.span)
    start, end = _place(source, setting).key
    written = source.text[start:end]
    quote = written[:1] if written[:1] in ("'", '"') else ""
    if written != f"{quote}{setting.name}{quote}":
        raise ValueError(f"the key `{setting.name}` is written in a way that is not edited")
    return Edit(Span(source.path, start, end), f"{quote}{new}{quote}")


def replace_value(source: Source, setting: Setting, text: str) -> Edit:
    """Another value, written in the recipe's language; an anchor that is used elsewhere stays."""
    source = source.of(setting.span)
    place = _place(source, setting)
    start, end = place.value
    if start == end:
        if source.text[start - 1 : start] != ":":
            raise ValueError(f"`{setting.name}` has no place for a value")
        return Edit(Span(source.path, start, start), f" {text}")
    anchor = _ANCHOR.match(source.text, start, end)
    if anchor is not None and place.root is not None and place.node is not None:
        kept = anchor[0] if set(_anchors(place.node)) & set(_aliases(place.root, None)) else ""
        return Edit(Span(source.path, start, end), kept + text)
    return Edit(Span(source.path, start, end), text)


def remove_key(source: Source, setting: Setting) -> Edit:
    """Takes a key out with its value, and in a block with its lines and the comment on the last of them."""
    place = _place(source, setting)
    if place.node is not None and place.root is not None:
        lost = set(_anchors(place.node)) & set(_aliases(place.root, place.node))
        if lost:
            raise ValueError(f"the value of `{setting.name}` is used elsewhere (`*{min(lost)}`)")
    if place.flow is not None:
        return remove(place.flow, place.index)
    start = _line_start(source.text, place.key[0])
    end = _end_of_line(source.text, max(place.key[1], place.value[1]))
    if source.text[start : place.key[0]].strip() or place.only:
        raise ValueError(f"`{setting.name}` cannot be taken out by itself")
    newline = _NEWLINE.match(source.text, end)
    return Edit(Span(source.path, start, newline.end() if newline else end), "")


def add_key(source: Source, after: Setting, key: str, text: str) -> Edit:
    """A new key behind another one (before it, where that ends the file in the middle of a line of text), with its
    value in the recipe's language."""
    source = source.of(after.span)
    place = _place(source, after)
    if place.flow is not None:
        name = json.dumps(key) if source.kind is Kind.JSON else key
        return insert_after(place.flow, place.index, f"{name}: {text}")
    indent = " " * (place.key[0] - _line_start(source.text, place.key[0]))
    if _BLOCK_SCALAR.match(source.text, *place.value):
        # Blank lines below such a scalar may belong to it; a line end at the end of the file would.
        ended = source.text[place.after - 1] in "\r\n"
        at = place.after if ended else _line_start(source.text, place.key[0])
        return Edit(Span(source.path, at, at), f"{indent}{key}: {text}\n")
    at = _end_of_line(source.text, max(place.key[1], place.value[1]))
    return Edit(Span(source.path, at, at), f"\n{indent}{key}: {text}")


def _place(source: Source, setting: Setting) -> _Place:
    found = _json_place(source, setting) if source.kind is Kind.JSON else _yaml_place(source, setting)
    if found is None:
        raise ValueError(f"no key stands where `{setting.name}` is given")
    return found


def _json_place(source: Source, setting: Setting) -> _Place | None:
    root = parse(source.text)
    stack: list[Node] = [] if isinstance(root, Fault) else [root]
    while stack:
        node = stack.pop()
        for index, (key, value) in enumerate(node.members):
            if key.start == setting.span.start:
                spans = [(name.start, item.end) for name, item in node.members]
                flow = listing(source.path, source.text, (node.start, node.end - 1), spans, trailing=False)
                return _Place((key.start, key.end), (value.start, value.end), value.end, flow, index, False)
            stack.append(value)
        stack.extend(node.items)
    return None


def _yaml_place(source: Source, setting: Setting) -> _Place | None:
    composed = compose(source.text)
    root = None if isinstance(composed, YamlFault) else composed.root
    if root is None:
        return None
    for node in _nodes(root):
        for index, (key, value) in enumerate(node.pairs):
            if key.start != setting.span.start or key.shape != "scalar":
                continue
            flow = None
            if node.flow:
                opening = source.text.find("{", node.start, node.end)
                if opening < 0 or source.text[node.end - 1] != "}":
                    raise ValueError(f"`{setting.name}` stands in a mapping without brackets")
                spans = [(name.start, max(name.end, item.end)) for name, item in node.pairs]
                flow = listing(source.path, source.text, (opening, node.end - 1), spans)
            only = len(node.pairs) == 1 and node is not root
            return _Place((key.start, key.end), (value.start, value.end), value.after, flow, index, only, root, value)
    return None


def _nodes(root: YamlNode) -> Iterator[YamlNode]:
    """All nodes of the tree; what an alias stands for is met where it is written."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.items)
        for key, value in node.pairs:
            stack += (key, value)


def _anchors(root: YamlNode) -> Iterator[str]:
    return (node.anchor for node in _nodes(root) if node.shape != "alias" and node.anchor is not None)


def _aliases(root: YamlNode, without: YamlNode | None) -> Iterator[str]:
    inside = set() if without is None else {id(node) for node in _nodes(without)}
    return (node.anchor or "" for node in _nodes(root) if node.shape == "alias" and id(node) not in inside)


def _end_of_line(text: str, offset: int) -> int:
    rest = _REST.match(text, offset)
    return rest.end() if rest is not None else len(text)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
