"""From tokens to statements: commands, and the `if`, `for` and functions around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from trl_lint.dataclass import dataclass
from trl_lint.shell.tokens import ArrayAssignment, Operator, RawWord, Token

_MOST_NESTED = 50
_SEPARATORS = frozenset({"\n", ";", "&"})
_CLOSERS = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_CASE_ENDS = (";;", ";&", ";;&")


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command: its words, and the arrays that it assigns."""

    words: tuple[RawWord | ArrayAssignment, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chain:
    """`first && then || other`: all but the first run on some paths only."""

    items: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` and `case`: one of the arms runs, or none unless it is `complete`. `tests` are run before."""

    start: int
    tests: tuple[Statement, ...]
    arms: tuple[tuple[Statement, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """`for name in words`, or (without a name) `while` and `until`, whose test is the first part of the body."""

    start: int
    name: str | None
    words: tuple[RawWord, ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Define:
    """A function."""

    name: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`{ ...; }` or, with variables of its own, `( ... )`."""

    body: tuple[Statement, ...]
    subshell: bool


Statement: TypeAlias = "Command | Chain | Branch | Loop | Define | Group"


def parse(found: Sequence[Token]) -> tuple[Statement, ...]:
    """The statements of these tokens. Never fails: what closes nothing is passed over."""
    parser = _Parser(found)
    statements: list[Statement] = []
    while not parser.done:
        statements += parser.block(frozenset(), 0)
        parser.step()  # a keyword or bracket that closes nothing
    return tuple(statements)


class _Parser:
    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self.index = 0

    @property
    def done(self) -> bool:
        return self.index >= len(self.tokens)

    def step(self) -> None:
        self.index += 1

    def operator(self) -> str | None:
        """The text of the operator here."""
        token = self.tokens[self.index] if not self.done else None
        return token.text if isinstance(token, Operator) else None

    def keyword(self) -> str | None:
        """The plain text of the word here."""
        token = self.tokens[self.index] if not self.done else None
        return token.plain if isinstance(token, RawWord) else None

    def separators(self) -> None:
        while self.operator() in _SEPARATORS:
            self.step()

    def lines(self) -> None:
        while self.operator() == "\n":
            self.step()

    def accept(self, word: str) -> bool:
        """Steps over this keyword, with the separators before it."""
        before = self.index
        self.separators()
        if self.keyword() == word:
            self.step()
            return True
        self.index = before
        return False

    def block(self, until: frozenset[str], depth: int) -> list[Statement]:
        """Statements up to a keyword of `until` (or any that closes something), a `)` or the end of a case."""
        statements: list[Statement] = []
        while True:
            self.separators()
            word, operator = self.keyword(), self.operator()
            if self.done or word in until or word in _CLOSERS or operator == ")" or operator in _CASE_ENDS:
                return statements
            before = self.index
            statement = self.chain(depth)
            if statement is not None:
                statements.append(statement)
            if self.index == before:
                self.step()

    def chain(self, depth: int) -> Statement | None:
        items: list[Statement] = []
        while True:
            statement = self.pipeline(depth)
            if statement is not None:
                items.append(statement)
            if self.operator() not in ("&&", "||"):
                break
            self.step()
            self.lines()
        if not items:
            return None
        return items[0] if len(items) == 1 else Chain(tuple(items))

    def pipeline(self, depth: int) -> Statement | None:
        items: list[Statement] = []
        while True:
            while self.keyword() == "!":
                self.step()
            statement = self.statement(depth)
            if statement is not None:
                items.append(statement)
            if self.operator() != "|":
                break
            self.step()
            self.lines()
        if not items:
            return None
        return items[0] if len(items) == 1 else Group(tuple(items), True)

    def statement(self, depth: int) -> Statement | None:
        word = self.keyword()
        compound = self.compound(word, depth + 1) if depth < _MOST_NESTED else None
        if compound is None:
            return self.command(depth)
        self.redirections()
        return compound

    def compound(self, word: str | None, depth: int) -> Statement | None:
        if word == "if":
            return self.if_(depth)
        if word in ("for", "select"):
            return self.for_(depth)
        if word in ("while", "until"):
            return self.while_(depth)
        if word == "case":
            return self.case(depth)
        if word == "function" and self.index + 1 < len(self.tokens):
            return self.function(depth)
        if word == "{":
            self.step()
            body = self.block(frozenset({"}"}), depth)
            self.accept("}")
            return Group(tuple(body), False)
        if self.operator() == "(":
            self.step()
            body = self.block(frozenset(), depth)
            if self.operator() == ")":
                self.step()
            return Group(tuple(body), True)
        return None

    def redirections(self) -> None:
        while self.operator() == ">":
            self.step()
            if self.operator() is None:
                self.step()

    def if_(self, depth: int) -> Statement:
        start = self.tokens[self.index].start
        tests: list[Statement] = []
        arms: list[tuple[Statement, ...]] = []
        self.step()
        tests += self.block(frozenset({"then"}), depth)
        self.accept("then")
        arms.append(tuple(self.block(frozenset({"elif", "else", "fi"}), depth)))
        while self.accept("elif"):
            tests += self.block(frozenset({"then"}), depth)
            self.accept("then")
            arms.append(tuple(self.block(frozenset({"elif", "else", "fi"}), depth)))
        complete = self.accept("else")
        if complete:
            arms.append(tuple(self.block(frozenset({"fi"}), depth)))
        self.accept("fi")
        return Branch(start, tuple(tests), tuple(arms), complete)

    def for_(self, depth: int) -> Statement:
        start = self.tokens[self.index].start
        self.step()
        name = self.keyword()
        if not self.done and self.operator() is None:
            self.step()
        words: list[RawWord] = []
        self.lines()
        if self.keyword() == "in":
            self.step()
            while not self.done and self.operator() is None:
                token = self.tokens[self.index]
                if isinstance(token, RawWord):
                    words.append(token)
                self.step()
        return Loop(start, name or "", tuple(words), self.do(depth))

    def while_(self, depth: int) -> Statement:
        start = self.tokens[self.index].start
        self.step()
        test = self.block(frozenset({"do"}), depth)
        return Loop(start, None, (), (*test, *self.do(depth)))

    def do(self, depth: int) -> tuple[Statement, ...]:
        self.accept("do")
        body = self.block(frozenset({"done"}), depth)
        self.accept("done")
        return tuple(body)

    def case(self, depth: int) -> Statement:
        start = self.tokens[self.index].start
        self.step()
        if self.operator() is None:
            self.step()
        self.lines()
        if self.keyword() == "in":
            self.step()
        arms: list[tuple[Statement, ...]] = []
        complete = False
        while not self.done:
            self.separators()
            if self.keyword() == "esac":
                break
            complete |= self.pattern()
            arms.append(tuple(self.block(frozenset({"esac"}), depth)))
            if self.operator() in _CASE_ENDS:
                self.step()
            elif self.keyword() != "esac":
                break
        self.accept("esac")
        return Branch(start, (), tuple(arms), complete)

    def pattern(self) -> bool:
        """Steps over `(a|b)`; whether it is the one that takes everything."""
        written: list[str] = []
        while not self.done and self.operator() != ")":
            if self.operator() == "\n":
                break
            token = self.tokens[self.index]
            if isinstance(token, RawWord):
                written.append("".join(getattr(part, "text", "") for part in token.parts))
            self.step()
        if self.operator() == ")":
            self.step()
        return written == ["*"]

    def function(self, depth: int) -> Statement:
        self.step()
        name = self.keyword() or ""
        self.step()
        return self.body_of(name, depth)

    def body_of(self, name: str, depth: int) -> Statement:
        while self.operator() in ("(", ")"):
            self.step()
        self.lines()
        body = self.statement(depth)
        return Define(name, (body,) if body is not None else ())

    def command(self, depth: int) -> Statement | None:
        words: list[RawWord | ArrayAssignment] = []
        while not self.done:
            token = self.tokens[self.index]
            if isinstance(token, Operator):
                if token.text == ">":
                    self.redirections()
                    continue
                if token.text == "(" and len(words) == 1 and isinstance(words[0], RawWord) and depth < _MOST_NESTED:
                    return self.body_of(words[0].plain or "", depth + 1)
                if token.text == "(":
                    self.step()  # no shell that is known
                    continue
                break
            words.append(token)
            self.step()
        if not words:
            return None
        return Command(tuple(words), words[0].start, words[-1].end)
