"""Dockerfiles: what `RUN`, `CMD` and `ENTRYPOINT` start, with the variables that `ENV` and `ARG` set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trl_lint.model.launch import Word
from trl_lint.model.span import Span
from trl_lint.model.value import Known
from trl_lint.shell.assignments import assignment
from trl_lint.shell.content import Alternative, Choice, Content, Piece, unknown
from trl_lint.shell.interpret import Interpreter
from trl_lint.shell.lexer import tokens
from trl_lint.shell.tokens import RawWord, Text

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_INSTRUCTION = re.compile(r"[ \t]*(?P<name>[A-Za-z]+)[ \t]+(?P<options>(?:--[\w-]+(?:=\S+)?[ \t]+)*)")
_COMMENT = re.compile(r"[ \t]*#")
_HERE = re.compile(r"<<-?[ \t]*(['\"]?)(\w+)\1")


def read_dockerfile(interpreter: Interpreter) -> None:
    """Run the instructions of a Dockerfile. Comments inside of an instruction count as spaces, as docker has it."""
    found = list(_instructions(interpreter.text))
    interpreter.text = _without_comments(interpreter.text)
    entry: tuple[Word, ...] = ()
    command: tuple[int, int] | None = None
    for start, end in found:
        match = _INSTRUCTION.match(interpreter.text, start, end)
        name = match["name"].upper() if match is not None else ""
        if match is None:
            continue
        body = (match.end(), end)
        if name == "FROM":
            entry, command = (), None
            interpreter.cd = ""
        elif name in ("ENV", "ARG"):
            _variables(interpreter, name, *body)
        elif name == "WORKDIR":
            interpreter.change_to(interpreter.text[slice(*body)].strip().strip("\"'"))
        elif name == "RUN":
            _run(interpreter, *body)
        elif name == "ENTRYPOINT":
            entry = _listed(interpreter, *body) or ()
            if not entry:
                _run(interpreter, *body)
        elif name == "CMD":
            command = body
    if command is not None:
        more = _listed(interpreter, *command)
        if more is None and not entry:
            _run(interpreter, *command)
        entry = (*entry, *(more or ()))
    if entry:
        interpreter.launch(entry, Span(interpreter.source.path, entry[0].span.start, entry[-1].span.end))


def _instructions(text: str) -> Iterator[tuple[int, int]]:
    """Where instructions begin and end: with the lines that a backslash continues, and here-documents."""
    position = 0
    while position < len(text):
        start = position
        waiting: list[str] = []
        while True:
            match = _LINE.match(text, position)
            begin, position = position, match.end() if match is not None else len(text)
            line = text[begin:position].rstrip("\r\n")
            if position >= len(text):
                break
            if waiting:
                if line.strip() == waiting[0]:
                    waiting.pop(0)
            elif begin == start or not _COMMENT.match(line):
                waiting += [here[2] for here in _HERE.finditer(line)] if "<<" in line else []
                if not line.endswith("\\") and not waiting:
                    break
                continue
            if not waiting and begin != start and not _COMMENT.match(line):
                break
        if not _COMMENT.match(text, start):
            yield start, position


def _without_comments(text: str) -> str:
    """Comment lines as spaces, their line ends included."""
    return re.sub(r"^[ \t]*#[^\r\n]*(?:\r\n|\r|\n|\Z)", lambda line: " " * len(line[0]), text, flags=re.MULTILINE)


def _run(interpreter: Interpreter, start: int, end: int) -> None:
    listed = _listed(interpreter, start, end)
    if listed:
        interpreter.launch(listed, Span(interpreter.source.path, start, end))
        return
    here = _HERE.match(interpreter.text, start, end)
    if here is not None:
        line = _LINE.match(interpreter.text, start)
        start = line.end() if line is not None else start
    interpreter.alone(start, end)


def _listed(interpreter: Interpreter, start: int, end: int) -> tuple[Word, ...] | None:
    """The words of `["python", "train.py"]`; None where it is no such list."""
    from trl_lint.sources.json_marks import Fault, parse

    text = interpreter.text[start:end]
    if not text.lstrip().startswith("["):
        return None
    root = parse(text)
    if isinstance(root, Fault) or root.shape != "array" or any(item.text is None for item in root.items):
        return None
    path = interpreter.source.path
    return tuple(Word(Known(item.text or ""), Span(path, start + item.start, start + item.end)) for item in root.items)


def _variables(interpreter: Interpreter, name: str, start: int, end: int) -> None:
    words = [token for token in tokens(interpreter.text, start, end) if isinstance(token, RawWord)]
    if name == "ENV" and len(words) > 1 and "=" not in "".join(p.text for p in words[0].parts if isinstance(p, Text)):
        words = [_spaced(words[0], words[1])]
    for word in words:
        variable, content = assignment(word, interpreter.expander, interpreter.scope, ())
        if content is None:
            variable = word.plain or ""
            if variable.isidentifier() and interpreter.scope.get(variable) is None:
                content = Content((Alternative((), (_argument(variable, word.start),)),))
        elif name == "ARG":
            other = Alternative((Choice(word.start, 1, True),), (_argument(variable, word.start),))
            known = (Alternative((*a.when, Choice(word.start, 0, True)), a.atoms) for a in content.alternatives)
            content = Content((*known, other))
        if content is not None:
            interpreter.scope.set(variable, content)
            if name == "ENV":
                interpreter.exported[variable] = content


def _spaced(name: RawWord, value: RawWord) -> RawWord:
    """`ENV NAME value`, the old form, as an assignment."""
    written = f"{name.plain}="
    return RawWord((Text(written, value.start - len(written), value.start, False), *value.parts), name.start, value.end)


def _argument(name: str, start: int) -> Piece:
    return unknown(f"`${name}`, an argument of the build", start, start, True, f"${name}")
