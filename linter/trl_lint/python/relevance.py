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
    FileModule,
    Frame,
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
from trl_lint.python.files import File
from trl_lint.python.libraries import TRUSTED, WATCHED
from trl_lint.python.machine import Machine

_WORD = regex(r"[^\W\d]\w*")
_IMPORTED = regex(r"^[ \t]*(?:from|import)[ \t]+(\.*)(\w*)", re.M)
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
        self._files: dict[str, bool] = {}
        self._held = list(_held(machine))
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
        held = [(frame, name, atom) for file, frame, name, atom in self._held if file is self._m.main]
        module = self._m.main.frame.ident
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

    def _tells(self, atom: Atom) -> bool:
        """Whether code that names this could make a run, or change what the module has made."""
        if isinstance(atom, Symbol):
            return any(map(_makes_run, (atom.name, *atom.bases)))
        if isinstance(atom, (Lit, PathLit, Top, Unbound)):
            return False
        if isinstance(atom, Tup):
            return any(self._tells(alt.atom) for item in atom.items for alt in item.alts)
        if isinstance(atom, (Closure, LocalClass, FileModule)):
            return self._tells_of_code(atom)
        if isinstance(atom, Ref):
            content = self._m.memory.content(atom)
            return not (isinstance(content, InstObj) and content.origin.rpartition(".")[2] in _INERT)
        return True

    def _tells_of_code(self, atom: Closure | LocalClass | FileModule) -> bool:
        """The same of a function, class or module; a function of the module itself is judged by its text."""
        if isinstance(atom, FileModule):
            return self._file_matters(self._m.file_of_frame[atom.frame])
        if isinstance(atom, LocalClass) and any(
            _makes_run(name) for each in atom.info.lineage() for name in each.bases
        ):
            return True
        frame = _module_frame(atom.info.frame)
        file = self._m.file_of_frame.get(frame.ident) if frame is not None else None
        if file is self._m.main:
            return False
        return file is None or self._file_matters(file)

    def _file_matters(self, file: File) -> bool:
        """Whether another file of the project could make a run, or change anything that is kept."""
        path = file.source.path
        if path not in self._files:
            self._files[path] = False  # while it is looked at: files may import each other
            said = frozenset(_WORD.findall(file.source.text))
            atoms = (atom for of, _, _, atom in self._held if of is file)
            self._files[path] = self._changes(said, file.source.text) or any(map(self._tells, atoms))
        return self._files[path]

    def _reaches(self, closure: Closure, shared: set[tuple[int, str]]) -> bool:
        """Whether a method may change an object that all objects of its class share."""
        owner = closure.info.owner
        if owner is None or not _known_receiver(closure):
            return False
        frames = {each.frame.ident for each in owner.lineage()}
        return any(frame in frames and name in self.words(closure) for frame, name in shared)

    def _touches(self, closure: Closure, handled: _Handled | None) -> bool:
        """Whether the function imports something, or may change a class or a name of the module."""
        said, text = self.words(closure), self._text(closure.info.node)
        if closure.info.kind == "class" or self._changes(said, text):
            return True
        if "import" in said and any(self._is_notable(match[1], match[2]) for match in _IMPORTED.finditer(text)):
            return True
        return handled is not None and not handled[0].isdisjoint(said) and handled[1].search(text) is not None

    def _changes(self, said: frozenset[str], text: str) -> bool:
        """Whether code may change names and attributes by name, or makes training arguments."""
        if not _TOUCHING.isdisjoint(said) or any(map(_is_arguments, said)):
            return True
        return not _REBINDING_WORDS.isdisjoint(said) and _REBINDING.search(text) is not None

    def _is_notable(self, level: str, package: str) -> bool:
        """Whether an import in a function is recorded, or may run a module of the project."""
        return package in WATCHED or (self._m.has_project and (bool(level) or package not in TRUSTED))


def _held(m: Machine) -> Iterator[tuple[File | None, int, str, Atom]]:
    """What the names of the files, and of the classes in them, hold in the end, by frame."""
    owners: dict[int, File | None] = dict(m.file_of_frame)
    for layer in m.memory.layers:
        values = [
            (key, value) for key, value in layer.writes.items() if isinstance(key, tuple) and isinstance(value, Abs)
        ]
        for _, value in values:
            for alt in value.alts:
                if isinstance(alt.atom, LocalClass):
                    frame = _module_frame(alt.atom.info.frame)
                    owners[alt.atom.info.frame.ident] = m.file_of_frame.get(frame.ident) if frame is not None else None
        for (frame_ident, name), value in values:
            yield from ((owners.get(frame_ident), frame_ident, name, alt.atom) for alt in value.alts)


def _module_frame(frame: Frame) -> Frame | None:
    """The frame of the module in which a class or function stands; None where it stands in a function."""
    while frame.kind == "class" and frame.parent is not None:
        frame = frame.parent
    return frame if frame.kind == "module" else None


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
    frame = _module_frame(closure.info.frame)
    return frame is not None and frame.ident == 0
