"""Constructs that make a place tolerant of releases, found by the words of their tests."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from trl_lint.lazy import regex
from trl_lint.model.value import Guard
from trl_lint.python.machine import Machine

_VERSION = regex(r"__version__|\b[vV]ersion\b|VERSION\b|\bis_\w+_available\b|\bversion_info\b|\bfind_spec\b")
_SIGNATURE = regex(
    r"\bsignature\b|\bhasattr\b|__dataclass_fields__|\bfields\(|getfullargspec|\.parameters\b|co_varnames|__annotations__"
)
_WORD = regex(r"[A-Za-z_]\w*")
_TOLERANT = {"ImportError", "ModuleNotFoundError", "TypeError", "AttributeError", "ValueError", "KeyError"}
_BROAD = {"Exception", "BaseException", ""}
_EXPECTING = {"raises", "assertRaises", "assertRaisesRegex"}
_REQUIRING = {"require_version", "check_version"}


def kind_of_test(m: Machine, text: str) -> str | None:
    """`version` or `signature` for the source text of a test that asks for one of them."""
    kind = _kind_by_words(text)
    if kind is None and m.guard_names:
        return next((m.guard_names[word] for word in _WORD.findall(text) if word in m.guard_names), None)
    return kind


@lru_cache(maxsize=1024)  # a test in a loop is looked at in each of its turns
def _kind_by_words(text: str) -> str | None:
    if _SIGNATURE.search(text):
        return "signature"
    return "version" if _VERSION.search(text) else None


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


def fallback_guard(m: Machine, handler: ast.ExceptHandler) -> Guard | None:
    """The guard that a handler is: what stands in it is for releases that refuse what was tried."""
    if handler.type is None or not _caught(handler.type) & _TOLERANT:
        return None
    return Guard("try", m.span(handler.type), f"except {m.text(handler.type)}")


def expecting_guard(m: Machine, node: ast.expr) -> Guard | None:
    """The guard that `with pytest.raises(...)` is: a test in which the code is meant to fail."""
    if isinstance(node, ast.Call) and _last_name(node.func) in _EXPECTING:
        return Guard("expected", m.span(node), m.text(node))
    return None


def failing_guard(m: Machine, node: ast.AST) -> Guard | None:
    """The guard that `@pytest.mark.xfail` is, above a test that is known to fail."""
    for decorator in getattr(node, "decorator_list", ()):
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _last_name(func) == "xfail":
            return Guard("expected", m.span(decorator), m.text(decorator))
    return None


def requiring_guard(m: Machine, node: ast.expr) -> Guard | None:
    """The guard that `require_version("trl<=0.9.6")` is: what follows is for the releases that it lets pass."""
    if not isinstance(node, ast.Call) or _last_name(node.func) not in _REQUIRING or not node.args:
        return None
    first = node.args[0]
    wanted = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return Guard("version", m.span(node), m.text(node)) if re.match(r"trl\b", wanted) else None


def class_guard(m: Machine, node: ast.ClassDef) -> Guard | None:
    """The guard that a class's own `__init__` is to its other methods: no object gets past what it requires."""
    made = next((part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__"), None)
    calls = (each for each in ast.walk(made) if isinstance(each, ast.Call)) if made is not None else ()
    return next((guard for guard in (requiring_guard(m, call) for call in calls) if guard is not None), None)


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
    return _last_name(call.func) in ("exit", "_exit", "quit")


def _last_name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""
