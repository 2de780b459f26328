"""Constructs that make a place tolerant of releases, found by the words of their tests."""

from __future__ import annotations

import ast
import re

from trl_lint.model.value import Guard
from trl_lint.python.machine import Machine

_VERSION = re.compile(r"__version__|\b[vV]ersion\b|VERSION\b|\bis_\w+_available\b|\bversion_info\b|\bfind_spec\b")
_SIGNATURE = re.compile(
    r"\bsignature\b|\bhasattr\b|__dataclass_fields__|\bfields\(|getfullargspec|\.parameters\b|co_varnames|__annotations__"
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_TOLERANT = {"ImportError", "ModuleNotFoundError", "TypeError", "AttributeError", "ValueError", "KeyError"}
_BROAD = {"Exception", "BaseException", ""}


def kind_of_test(m: Machine, text: str) -> str | None:
    """`version` or `signature` for the source text of a test that asks for one of them."""
    if _SIGNATURE.search(text):
        return "signature"
    if _VERSION.search(text):
        return "version"
    if m.guard_names:
        return next((m.guard_names[word] for word in _WORD.findall(text) if word in m.guard_names), None)
    return None


def test_guard(m: Machine, test: ast.expr) -> Guard | None:
    """The guard that this test is."""
    span = m.span(test)
    text = m.source.text[span.start : min(span.end, span.start + 2_000)]
    kind = kind_of_test(m, text)
    return Guard(kind, span, m.text(test)) if kind else None


def note_name(m: Machine, name: str, value: ast.expr) -> None:
    """Remember a variable whose value is a test of this kind, or what such a test looks into."""
    if isinstance(value, (ast.Constant, ast.Name, ast.JoinedStr)):
        return
    span = m.span(value)
    if span.end - span.start <= 400:
        kind = kind_of_test(m, m.source.text[span.start : span.end])
        if kind is not None:
            m.guard_names.setdefault(name, kind)


def note_function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Remember a short helper that looks at versions or signatures."""
    start, end = m.offsets.start(node), m.offsets.end(node)
    if end - start <= 600:
        text = m.source.text[start:end]
        if _SIGNATURE.search(text):
            m.guard_names.setdefault(node.name, "signature")
        elif "__version__" in text:
            m.guard_names.setdefault(node.name, "version")


def try_guard(m: Machine, node: ast.Try) -> Guard | None:
    """The guard that a `try` is: one of its handlers catches what a wrong release raises, and goes on."""
    for handler in node.handlers:
        names = _caught(handler.type)
        if names & (_TOLERANT | _BROAD) and not _gives_up(handler.body):
            label = f"except {m.text(handler.type)}" if handler.type is not None else "except"
            return Guard("try", m.offsets.header(node, node.body), label)
    return None


def is_broad(guard: Guard) -> bool:
    """Whether a guard catches everything: it then says nothing about a function that is called inside."""
    return guard.kind == "try" and not any(name in guard.text for name in _TOLERANT)


def _caught(node: ast.expr | None) -> set[str]:
    if node is None:
        return {""}
    found = node.elts if isinstance(node, ast.Tuple) else [node]
    return {
        part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else "?"
        for part in found
    }


def _gives_up(body: list[ast.stmt]) -> bool:
    last = body[-1] if body else None
    if isinstance(last, ast.Raise):
        return True
    call = last.value if isinstance(last, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    return name in ("exit", "_exit", "quit")
