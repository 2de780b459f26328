"""Which of the functions that nothing calls are worth following: those that could make something a rule looks at.

Most functions of a library have nothing to do with training. A function is left aside only if following it can
neither record a call that makes a run or an adapter (anything of TRL, PEFT's configs, transformers' training
arguments), nor an import of a watched package, nor change anything that the rest of the module sees. It is judged
by the words in its text: a word too many (in a comment, say) makes it be followed in vain, and nothing worse.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from trl_lint.lazy import regex
from trl_lint.model.value import Symbol
from trl_lint.python.atoms import (
    Abs,
    Atom,
    Closure,
    FunctionNode,
    InstObj,
    Lit,
    LocalClass,
    PathLit,
    Ref,
    Top,
    Tup,
    Unbound,
)
from trl_lint.python.libraries import WATCHED
from trl_lint.python.machine import Machine

_WORD = regex(r"[^\W\d]\w*")
_IMPORTED = regex(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.M)
_REBINDING = regex(r"^[ \t]*(?:global|nonlocal)[ \t]|\btype\(self\)\.", re.M)
_REBINDING_WORDS = frozenset({"global", "nonlocal", "type"})
_TOUCHING = frozenset({"setattr", "delattr", "globals", "vars", "__dict__", "__class__"})
_INERT = frozenset({"getLogger", "get_logger", "TypeVar"})  # what these make is nothing to a run

_Handled: TypeAlias = "tuple[set[str], re.Pattern[str]]"


class Relevance:
    """Judges the functions of one module, after its code has run."""

    def __init__(self, machine: Machine) -> None:
        self._m = machine
        self._words: dict[FunctionNode, frozenset[str]] = {}
        self._idle: set[FunctionNode] = set()
        if not any(module.partition(".")[0] in WATCHED for module, _ in machine.stars):
            self._judge()

    def matters(self, closure: Closure) -> bool:
        """Whether following this function could tell anything."""
        return closure.info.node not in self._idle

    def words(self, closure: Closure) -> frozenset[str]:
        """The words in the text of a function: its names, its attributes, and more."""
        node = closure.info.node
        if node not in self._words:
            self._words[node] = frozenset(_WORD.findall(self._text(node)))
        return self._words[node]

    def _text(self, node: FunctionNode) -> str:
        starts, text = self._m.source.line_starts, self._m.source.text
        last = node.end_lineno or node.lineno
        return text[starts[node.lineno - 1] : starts[last] if last < len(starts) else len(text)]

    def _judge(self) -> None:
        """Relevant is what says a relevant word, and the name of what is relevant (and of its class) is one."""
        waiting = {c.info.node: c for c in self._m.closures.values() if _of_module(c)}
        held = list(self._held())
        module = self._m.module.ident
        telling = {name for frame, name, atom in held if self._tells(atom) and (frame == module or not _is_ref(atom))}
        classes = [(name, atom.info) for _, name, atom in held if isinstance(atom, LocalClass)]
        classes += [(c.info.owner.name, c.info.owner) for c in waiting.values() if c.info.owner is not None]
        keeping = {frame for frame, _, atom in held if frame != module and not isinstance(atom, Closure)}
        handled = _handled({name for name, cls in classes if cls.frame.ident in keeping and not cls.bases})
        shared = {(frame, name) for frame, name, atom in held if frame != module and _is_ref(atom)}
        found = [c for c in waiting.values() if self._touches(c, handled) or self._reaches(c, shared)]
        while True:
            for closure in found:
                del waiting[closure.info.node]
                owner = closure.info.owner
                telling.update(name for name, cls in classes if owner is not None and owner in cls.lineage())
                telling.update(_names(closure, held) if owner is None else ())
            found = [c for c in waiting.values() if not telling.isdisjoint(self.words(c) | self._given(c))]
            if not found:
                break
        self._idle.update(waiting)

    def _given(self, closure: Closure) -> frozenset[str]:
        """The classes whose methods a method reaches without naming them."""
        owner = closure.info.owner
        if owner is None or not (_known_receiver(closure) or "super" in self.words(closure)):
            return frozenset()
        return frozenset(each.name for each in owner.lineage())

    def _held(self) -> Iterator[tuple[int, str, Atom]]:
        """What the names of the module, and of the classes in it, hold in the end, by frame."""
        for layer in self._m.memory.layers:
            for key, value in layer.writes.items():
                if isinstance(key, tuple) and isinstance(value, Abs):
                    yield from ((*key, alt.atom) for alt in value.alts)

    def _tells(self, atom: Atom) -> bool:
        """Whether code that names this could make a run, or change what the module has made."""
        if isinstance(atom, Symbol):
            return any(map(_makes_run, (atom.name, *atom.bases)))
        if isinstance(atom, (Lit, PathLit, Top, Unbound)):
            return False
        if isinstance(atom, Tup):
            return any(self._tells(alt.atom) for item in atom.items for alt in item.alts)
        if isinstance(atom, Closure):
            return not _of_module(atom)  # the others are judged themselves
        if isinstance(atom, LocalClass):
            return any(_makes_run(name) for each in atom.info.lineage() for name in each.bases)
        if isinstance(atom, Ref):
            content = self._m.memory.content(atom)
            return not (isinstance(content, InstObj) and content.origin.rpartition(".")[2] in _INERT)
        return True

    def _reaches(self, closure: Closure, shared: set[tuple[int, str]]) -> bool:
        """Whether a method may change an object that all objects of its class share."""
        owner = closure.info.owner
        if owner is None or not _known_receiver(closure):
            return False
        frames = {each.frame.ident for each in owner.lineage()}
        return any(frame in frames and name in self.words(closure) for frame, name in shared)

    def _touches(self, closure: Closure, handled: _Handled | None) -> bool:
        """Whether the function imports something, or may change a class or a name of the module."""
        said = self.words(closure)
        if closure.info.kind == "class" or not _TOUCHING.isdisjoint(said) or any(map(_is_arguments, said)):
            return True
        text = self._text(closure.info.node)
        if "import" in said and any(match[1] in WATCHED for match in _IMPORTED.finditer(text)):
            return True
        if not _REBINDING_WORDS.isdisjoint(said) and _REBINDING.search(text):
            return True
        return handled is not None and not handled[0].isdisjoint(said) and handled[1].search(text) is not None


def _is_ref(atom: Atom) -> bool:
    return isinstance(atom, Ref)


def _known_receiver(closure: Closure) -> bool:
    """Whether a method is followed with an object of which something is known."""
    owner = closure.info.owner
    return owner is not None and (closure.info.kind not in ("plain", "property") or not (owner.opaque or owner.bases))


def _makes_run(dotted: str) -> bool:
    root = dotted.partition(".")[0]
    return root == "trl" or (root == "peft" and (dotted == root or _is_adapter(dotted))) or _is_arguments(dotted)


def _is_adapter(name: str) -> bool:
    return name.endswith("Config")


def _is_arguments(name: str) -> bool:
    return name.endswith("TrainingArguments")


def _handled(classes: set[str]) -> _Handled | None:
    """Where an attribute of one of these classes is set, or the class is handed to something."""
    if not classes:
        return None
    name = rf"\b(?:{'|'.join(map(re.escape, sorted(classes)))})\b"
    pattern = re.compile(
        rf"{name}\.\w+\s*(?:,|[-+*/|&@%^<>]*=(?!=)|\s+in\b)|\bdel\s+{name}|(?<!: )(?<!\| )(?<!> ){name}\s*[,)}}\n]"
    )
    return classes, pattern


def _names(closure: Closure, held: Sequence[tuple[int, str, Atom]]) -> set[str]:
    node = closure.info.node
    own = set() if isinstance(node, ast.Lambda) else {node.name}
    return own | {name for _, name, atom in held if isinstance(atom, Closure) and atom.info.node is node}


def _of_module(closure: Closure) -> bool:
    """Whether the function stands in the module or in a class of it: then it sees no names but theirs and its own."""
    frame = closure.info.frame
    while frame.kind == "class" and frame.parent is not None:
        frame = frame.parent
    return frame.kind == "module" and frame.ident == 0
