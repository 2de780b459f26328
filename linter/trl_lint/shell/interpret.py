"""Walks the statements of a script and keeps the commands that may start a training run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from trl_lint.dataclass import replace
from trl_lint.model.launch import Launch, Word
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Step, Unknown, Value
from trl_lint.shell.assignments import ASSIGNMENT, assignment, extended, too_much
from trl_lint.shell.content import (
    BREAK,
    MOST_ALTERNATIVES,
    Alternative,
    Atom,
    Choice,
    Content,
    Piece,
    Scope,
    When,
    agree,
    arms,
    both,
    unknown,
    with_choice,
)
from trl_lint.shell.expand import Expander, assigned
from trl_lint.shell.launchers import Unwrapper, program
from trl_lint.shell.lexer import tokens
from trl_lint.shell.slurm import directives
from trl_lint.shell.syntax import Branch, Chain, Command, Define, Group, Loop, Statement, parse
from trl_lint.shell.tokens import ArrayAssignment, Dialect, RawWord, Text, Variable

_MOST_STEPS = 20_000
_MOST_LAUNCHES = 500
_MOST_CALLS = 8
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})
_SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh"})
# Files that are read for what they do to the search path, not for settings.
_HARMLESS = re.compile(r"activate|bashrc|profile|conda|venv|spack|modules?\b|module-init|nvm|cargo|lmod")


class Interpreter:
    """Reads one script (or several pieces of one file that share their variables)."""

    def __init__(self, source: Source, folder: Path, read_processes: Callable[[Word, Path], Value]) -> None:
        self.source = source
        self.text = source.text
        self.folder = folder
        self.expander = Expander(source.path, str(folder))
        self.read_processes = read_processes
        self.scope = Scope()
        self.exported: dict[str, Content] = {}
        self.functions: dict[str, tuple[Statement, ...]] = {}
        self.launches: list[Launch] = []
        self.calls = 0
        self.steps = 0
        self.nested = 0
        self.path: When = ()
        self.cd = ""

    def set_by_slurm(self) -> None:
        """Set the variables that the directives of a batch script stand for."""
        for each in directives(self.text):
            step = Step(Span(self.source.path, each.start, each.end), "an `#SBATCH` directive")
            piece = Piece(each.value, each.start, each.end, True, steps=(step,))
            self.scope.set(each.variable, Content((Alternative((), (piece,)),)))

    def script(self, start: int, end: int, dialect: Dialect = Dialect.SHELL) -> None:
        """Run the statements of `text[start:end]`."""
        self.block(parse(tokens(self.text, start, end, dialect)))

    def alone(self, start: int, end: int, dialect: Dialect = Dialect.SHELL) -> None:
        """Run `text[start:end]` as a script by itself: what it sets is gone afterwards."""
        scope, cd = self.scope, self.cd
        self.scope = scope.inner()
        self.script(start, end, dialect)
        self.scope, self.cd = scope, cd

    def block(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            self.steps += 1
            if self.steps > _MOST_STEPS or len(self.launches) >= _MOST_LAUNCHES:
                return
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        if isinstance(statement, Command):
            self.command(statement)
        elif isinstance(statement, Chain):
            self.chain(statement)
        elif isinstance(statement, Branch):
            self.branch(statement)
        elif isinstance(statement, Loop):
            self.loop(statement)
        elif isinstance(statement, Define):
            self.functions[statement.name] = statement.body
        elif statement.subshell:
            outer, cd = self.scope, self.cd
            self.scope = outer.inner()
            self.block(statement.body)
            self.scope, self.cd = outer, cd
        else:
            self.block(statement.body)

    def chain(self, chain: Chain) -> None:
        self.statement(chain.items[0])
        self.ways(chain.items[1:2] and _start(chain.items[1]), [chain.items[1:], ()])

    def branch(self, branch: Branch) -> None:
        self.block(branch.tests)
        self.ways(branch.start, branch.arms if branch.complete else (*branch.arms, ()), decided=True)

    def ways(self, start: object, bodies: Sequence[Sequence[Statement]], decided: bool = False) -> None:
        """Each body in a scope of its own; then what differs is one of several."""
        branch = start if isinstance(start, int) else 0
        outer, path, cd = self.scope, self.path, self.cd
        scopes: list[tuple[Choice, Scope]] = []
        for index, body in enumerate(bodies):
            choice = Choice(branch, index, not decided)
            if not agree(*path, choice):
                continue
            self.scope = outer.inner()
            if decided:
                self.path = both(path, (choice,))
            self.block(body)
            scopes.append((choice, self.scope))
        self.scope, self.path = outer, path
        self.cd = cd if decided else self.cd
        for name in dict.fromkeys(name for _, scope in scopes for name in scope.own):
            self.scope.set(name, self.joined(name, scopes, branch))

    def joined(self, name: str, scopes: Sequence[tuple[Choice, Scope]], start: int) -> Content:
        missing = unknown(f"`${name}`, which is not set on every path", start, start, True, f"${name}")
        found = [a for choice, scope in scopes for a in with_choice(scope.get(name), choice, missing)]
        if len({alternative.atoms for alternative in found}) == 1:
            return Content((replace(found[0], when=()),))
        if len(found) > MOST_ALTERNATIVES:
            return Content(
                (Alternative((), (unknown(f"`${name}` may be many things", start, start, True, f"${name}"),)),)
            )
        return Content(tuple(found))

    def loop(self, loop: Loop) -> None:
        values = [] if loop.name is None else self.loop_values(loop)
        changed = set(_names(loop.body)) - {loop.name}
        for name in changed:
            if self.scope.get(name) is not None:
                reason = f"`${name}`, which changes in a loop"
                self.scope.set(
                    name, Content((Alternative((), (unknown(reason, loop.start, loop.start, True, f"${name}"),)),))
                )
        if loop.name:
            self.scope.set(loop.name, Content(tuple(values)))
        self.block(loop.body)

    def loop_values(self, loop: Loop) -> list[Alternative]:
        found: list[tuple[When, tuple[Atom, ...]]] = []
        for raw in loop.words:
            for alternative in self.expander.alternatives(raw.parts, self.scope, self.path, True):
                word: list[Atom] = []
                for atom in (*alternative.atoms, BREAK):
                    if isinstance(atom, Piece):
                        word.append(atom)
                    elif word:
                        found.append((alternative.when, tuple(word)))
                        word = []
        if not found or len(found) > MOST_ALTERNATIVES:
            what = "many" if found else "something that is not known"
            reason = f"`${loop.name}`, which goes through {what}"
            return [Alternative((), (unknown(reason, loop.start, loop.start, True, f"${loop.name}"),))]
        return [
            Alternative(both(when, (Choice(loop.start, index),)), atoms) for index, (when, atoms) in enumerate(found)
        ]

    def command(self, command: Command) -> None:
        words = list(command.words)
        set_before: list[tuple[str, Content]] = []
        while words:
            name, content = assignment(words[0], self.expander, self.scope, self.path)
            if content is None:
                break
            set_before.append((name, content))
            words.pop(0)
        if not words:
            for name, content in set_before:
                self.scope.set(name, content)
            return
        first = words[0]
        assert isinstance(first, RawWord)
        name = first.plain or ""
        if name in _DECLARING:
            self.declare(name, words[1:])
        elif name == ":":
            self.defaults(words[1:])
        elif name == "cd" or name == "pushd":
            self.change_folder(words[1:])
        elif name in ("source", "."):
            self.read_file(words[1:])
        elif name in ("unset", "read", "mapfile", "readarray", "getopts"):
            self.forget(words[1:])
        elif name in self.functions:
            self.call(name, words[1:])
        elif name not in _HARMLESS_COMMANDS:
            self.start(words, set_before, command)

    def declare(self, how: str, words: Sequence[RawWord | ArrayAssignment]) -> None:
        for word in words:
            name, content = assignment(word, self.expander, self.scope, self.path)
            if content is not None:
                self.scope.set(name, content)
            elif isinstance(word, RawWord):
                name = word.plain or ""
                content = self.scope.get(name)
            if how == "export" and content is not None and name:
                self.exported[name] = content

    def defaults(self, words: Sequence[RawWord | ArrayAssignment]) -> None:
        """`: "${NAME:=value}"`."""
        for word in words:
            for part in word.parts if isinstance(word, RawWord) else ():
                if isinstance(part, Variable) and part.operator.endswith("="):
                    found = self.expander.alternatives((part,), self.scope, self.path, False)
                    step = assigned(found, self.source.path, part.name, part.start, part.end)
                    self.scope.set(part.name, Content(step))

    def change_folder(self, words: Sequence[RawWord | ArrayAssignment]) -> None:
        found = self.expanded(words)
        if len(found) == 1 and found[0].text is not None:
            self.change_to(found[0].text)

    def change_to(self, folder: str) -> None:
        """Paths are meant from this folder from now on."""
        if folder != "-" and not folder.startswith("~") and "$" not in folder:
            self.cd = posixpath.join(self.cd, folder)

    def read_file(self, words: Sequence[RawWord | ArrayAssignment]) -> None:
        found = self.expanded(words[:1])
        text = (found[0].text or found[0].tail) if found else ""
        if not _HARMLESS.search(text):
            self.scope.clock.now += 1

    def forget(self, words: Sequence[RawWord | ArrayAssignment]) -> None:
        for word in words:
            name = word.plain if isinstance(word, RawWord) else None
            if name is not None and name.isidentifier():
                piece = unknown(f"`${name}`, which is read at run time", word.start, word.end, True, f"${name}")
                self.scope.set(name, Content((Alternative((), (piece,)),)))

    def call(self, name: str, words: Sequence[RawWord | ArrayAssignment]) -> None:
        if self.calls >= _MOST_CALLS:
            return
        raws = [word for word in words if isinstance(word, RawWord)]
        given = [self.expander.alternatives(raw.parts, self.scope, self.path, True) for raw in raws]
        kept = self.scope.own
        arguments: dict[str, Content] = {}
        together: list[Alternative] = [Alternative((), ())]
        for index, found in enumerate(given, 1):
            arguments[str(index)] = Content(tuple(found))
            grown = extended(together, found)
            if not grown or too_much(grown):
                grown = [Alternative((), (unknown("`$@`, an argument of the script", 0, 0, False, "$@"),))]
            together = grown
        arguments["@"] = arguments["*"] = Content(tuple(together))
        before = {key: kept.get(key) for key in arguments}
        for key, content in arguments.items():
            self.scope.set(key, content)
        self.calls += 1
        self.block(self.functions[name])
        self.calls -= 1
        for key, old in before.items():
            self.scope.own.pop(key, None)
            if old is not None:
                self.scope.own[key] = old

    def expanded(self, words: Sequence[RawWord | ArrayAssignment]) -> list[Word]:
        raws = (word for word in words if isinstance(word, RawWord))
        return [word for raw in raws for word in self.expander.words(raw, self.scope, self.path)]

    def start(
        self, raws: Sequence[RawWord | ArrayAssignment], before: Sequence[tuple[str, Content]], command: Command
    ) -> None:
        words = self.expanded(raws)
        if not words:
            return
        if self.in_quotes(words, raws):
            return
        self.launch(words, Span(self.source.path, command.start, command.end), before)

    def launch(self, words: Sequence[Word], span: Span, before: Sequence[tuple[str, Content]] = ()) -> None:
        """Keep what these words start, if that is a program which may train."""
        unwrapper = Unwrapper(lambda word: self.read_processes(word, self.folder / self.cd))
        found = unwrapper.start(words)
        if found is None:
            return
        text = found.target.text
        target = text if text is not None else found.target.tail.lstrip("/")
        environment = [(name, self.as_word(name, content)) for name, content in (*self.exported.items(), *before)]
        self.launches.append(
            Launch(
                self.source,
                span,
                found.kind,
                target,
                found.target.span,
                found.words,
                self.folder,
                self.cd,
                found.processes,
                tuple(environment[-50:]),
                arms(self.path),
                found.files,
            )
        )

    def as_word(self, name: str, content: Content) -> Word:
        piece = next((a for alt in content.alternatives for a in alt.atoms if isinstance(a, Piece)), None)
        start, end = (piece.start, piece.end) if piece is not None else (0, 0)
        shown = Scope()
        shown.set(name, content)
        raw = RawWord((Variable(name, start, end, True),), start, end)
        found = self.expander.words(raw, shown, self.path)
        return found[0] if len(found) == 1 else Word(Unknown(f"`{name}`"), Span(self.source.path, start, end))

    def in_quotes(self, words: Sequence[Word], raws: Sequence[RawWord | ArrayAssignment]) -> bool:
        """`bash -c "..."` and `sbatch --wrap "..."`: the text is a script by itself. Whether it was one."""
        at = next((i for i, word in enumerate(words) if program(word) in _SHELLS and i < len(words) - 2), None)
        if at is not None and (words[at + 1].text or "").startswith("-") and (words[at + 1].text or "").endswith("c"):
            position = at + 2
        elif program(words[0]) == "sbatch" and any(word.text == "--wrap" for word in words[:-1]):
            position = next(i for i, word in enumerate(words) if word.text == "--wrap") + 1
        elif program(words[0]) == "eval" and len(words) == 2:
            position = 1
        else:
            return False
        if self.nested >= 3:
            return True
        span = words[position].span
        raw = next((r for r in raws if isinstance(r, RawWord) and r.start <= span.start and span.end <= r.end), None)
        if raw is None:
            return True
        first, last = raw.parts[0], raw.parts[-1]
        self.nested += 1
        if len(raw.parts) == 1 and isinstance(first, Variable):
            self.start([replace(raw, parts=(replace(first, quoted=False),))], (), Command((raw,), raw.start, raw.end))
        else:
            self.alone(first.start, last.end)
        self.nested -= 1
        return True


_HARMLESS_COMMANDS = frozenset(
    {
        "echo",
        "printf",
        "mkdir",
        "rm",
        "cp",
        "mv",
        "ls",
        "cat",
        "set",
        "pip",
        "pip3",
        "git",
        "wget",
        "curl",
        "sleep",
        "test",
    }
    | {"[", "[[", "exit", "return", "shift", "true", "false", "wait", "kill", "trap", "ulimit", "module", "tar", "sed"}
    | {"grep", "awk", "find", "chmod", "touch", "ln", "apt-get", "apt", "huggingface-cli", "hf", "wandb", "nvidia-smi"}
)


def _start(statement: Statement) -> int:
    if isinstance(statement, (Command, Branch, Loop)):
        return statement.start
    inner = statement.items if isinstance(statement, Chain) else statement.body
    return _start(inner[0]) if inner else 0


def _names(statements: Iterable[Statement]) -> Iterable[str]:
    """The variables that these statements may set."""
    stack = list(statements)
    while stack:
        statement = stack.pop()
        if isinstance(statement, Command):
            for word in statement.words:
                if isinstance(word, ArrayAssignment):
                    yield word.name
                elif word.parts and isinstance(word.parts[0], Text):
                    match = ASSIGNMENT.match(word.parts[0].text)
                    if match is not None:
                        yield match[1]
        elif isinstance(statement, Branch):
            stack += (*statement.tests, *(s for arm in statement.arms for s in arm))
        elif isinstance(statement, Chain):
            stack += statement.items
        elif isinstance(statement, (Loop, Define, Group)):
            stack += statement.body
