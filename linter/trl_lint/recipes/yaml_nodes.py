"""YAML as nodes with exact places, from ruamel.yaml's parser events.

Events rather than composed nodes: they say which tags and anchors were written, and building the tree here keeps
its depth and its size bounded. YAML 1.1 is asked for, because that is what PyYAML reads.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias

from trl_lint.dataclass import dataclass, replace

MAX_CHARACTERS = 256_000
MAX_DEPTH = 60
MAX_NODES = 10_000

Shape: TypeAlias = Literal["scalar", "sequence", "mapping", "alias"]


@dataclass(frozen=True, slots=True)
class YamlNode:
    """One node. `start` and `end` are offsets of its text, anchor and tag included, trailing blanks not.

    `after` is where the parser stopped: behind the blank lines that a block scalar keeps. `tag` is the one that
    was written; an alias has the node that it stands for as its `target` (None: it stands inside that node).
    """

    shape: Shape
    start: int
    end: int
    after: int
    text: str = ""
    plain: bool = False
    tag: str | None = None
    anchor: str | None = None
    flow: bool = False
    items: tuple[YamlNode, ...] = ()
    pairs: tuple[tuple[YamlNode, YamlNode], ...] = ()
    target: YamlNode | None = None


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Why the text is no YAML, or more than is read, and the offset where."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class YamlText:
    """The first document of a text (`root` None: it is empty), and where a second one begins."""

    root: YamlNode | None
    second: int | None = None


@dataclass(slots=True)
class _Open:
    event: Any
    children: list[YamlNode]


# A fix is looked for in every release and world that a rule judges, each time in the same text.
@lru_cache(maxsize=8)
def compose(text: str) -> YamlText | YamlFault:
    """The tree of `text`, or why there is none. Bounded in time by the limits above."""
    if len(text) > MAX_CHARACTERS:
        return YamlFault(0, f"the file is longer than the {MAX_CHARACTERS:,} characters that are read of YAML")
    deep = _too_deep(text)
    if deep is not None:
        return YamlFault(deep, f"brackets are nested more than {MAX_DEPTH} deep")
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    builder = _Builder(text)
    try:
        for event in yaml.parse(text):
            done = builder.take(event)
            if done is not None:
                return done
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return YamlFault(min(mark.index, len(text)) if mark else 0, str(error.problem or error.context or "broken"))
    except YAMLError as error:
        position = getattr(error, "position", 0)
        return YamlFault(min(position, len(text)), "a character that YAML does not allow")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # ruamel.yaml fails with these on odd input (`a: -_`); none of them says where.
        return YamlFault(0, f"it cannot be parsed ({type(error).__name__})")
    return YamlText(builder.root, builder.second)


def _too_deep(text: str) -> int | None:
    """Where brackets nest too deep for the scanner; quoted ones count too, which does no harm at this depth."""
    depth = 0
    for offset, char in enumerate(text):
        if char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return offset
        elif char in "]}":
            depth = max(0, depth - 1)
    return None


class _Builder:
    """Turns events into the first document's tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: YamlNode | None = None
        self.second: int | None = None
        self.documents = 0
        self.events = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, YamlNode | None] = {}

    def take(self, event: Any) -> YamlText | YamlFault | None:
        """Reads one event; an answer ends the reading."""
        name = type(event).__name__
        self.events += 1
        if self.events > 2 * MAX_NODES:  # a collection has two events
            return YamlFault(event.start_mark.index, f"more than {MAX_NODES:,} values")
        if name == "DocumentStartEvent":
            self.documents += 1
            if self.documents == 2:
                return YamlText(self.root, event.start_mark.index)
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self.stack) >= MAX_DEPTH:
                return YamlFault(event.start_mark.index, f"nested more than {MAX_DEPTH} deep")
            fault = self._declare(event)
            self.stack.append(_Open(event, []))
            return fault
        if name in ("MappingEndEvent", "SequenceEndEvent"):
            self._add(self._closed(self.stack.pop(), event.end_mark.index))
        elif name == "ScalarEvent":
            fault = self._declare(event)
            if fault is not None:
                return fault
            self._add(self._scalar(event))
        elif name == "AliasEvent":
            start, end = event.start_mark.index, event.end_mark.index
            if event.anchor not in self.anchors:
                return YamlFault(start, f"the alias `*{event.anchor}` has no anchor")
            self._add(YamlNode("alias", start, end, end, anchor=event.anchor, target=self.anchors[event.anchor]))
        return None

    def _declare(self, event: Any) -> YamlFault | None:
        if event.anchor is None:
            return None
        if event.anchor in self.anchors:
            return YamlFault(event.start_mark.index, f"the anchor `&{event.anchor}` is declared twice")
        self.anchors[event.anchor] = None
        return None

    def _add(self, node: YamlNode) -> None:
        if node.shape != "alias" and node.anchor is not None:
            self.anchors[node.anchor] = node
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node

    def _scalar(self, event: Any) -> YamlNode:
        start, after = event.start_mark.index, event.end_mark.index
        tag = str(event.tag) if event.tag is not None else None
        end = start + len(self.text[start:after].rstrip()) if event.style in ("|", ">") else after
        # PyYAML resolves a scalar with the bare tag `!` as if it were plain, quoted or not.
        plain = tag == "!" or (tag is None and bool(event.implicit[0]))
        return YamlNode("scalar", start, end, after, event.value, plain, tag, event.anchor)

    def _at_colon(self, key: YamlNode, value: YamlNode) -> YamlNode:
        """An empty value stands behind its colon; the parser puts it before the next key, lines away."""
        if value.start < value.end or value.shape != "scalar":
            return value
        colon = self.text.find(":", key.end, value.start)
        place = colon + 1 if colon >= 0 else key.end
        return replace(value, start=place, end=place, after=place)

    def _closed(self, opened: _Open, after: int) -> YamlNode:
        event, children = opened.event, opened.children
        start, flow = event.start_mark.index, bool(event.flow_style)
        if type(event).__name__ == "MappingStartEvent":
            children[1::2] = map(self._at_colon, children[::2], children[1::2])
        end = after if flow else max([start, *(child.end for child in children)])
        tag = str(event.tag) if event.tag not in (None, "!") else None
        if type(event).__name__ == "SequenceStartEvent":
            return YamlNode("sequence", start, end, after, "", False, tag, event.anchor, flow, tuple(children))
        pairs = tuple(zip(children[::2], children[1::2], strict=True))
        return YamlNode("mapping", start, end, after, "", False, tag, event.anchor, flow, (), pairs)
