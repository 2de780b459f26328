"""Names of TRL that a module imports, or reads from the package, and that a release does not have there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from trl_lint.api import Import, ModuleView, Release, Span
from trl_lint_rules import facts
from trl_lint_rules.knowledge.calls import unlike_releases
from trl_lint_rules.knowledge.moves import NAMES_RENAMED

MOVED: Final = "moved"
RENAMED: Final = "renamed"
GONE: Final = "gone"
TOO_NEW: Final = "too new"
UNKNOWN: Final = "unknown"
UNDECIDED: Final = "undecided"  # a name of a submodule that the facts never saw: it may come from a star import

_TYPING_ONLY = re.compile(r"if\s+(?:typing\.)?TYPE_CHECKING\s*:")


class Missing(NamedTuple):
    """`name` is not in `module` in this environment. `statement` is the import, None where it is read as an
    attribute (`trl.name`)."""

    module: str
    name: str
    at: Span
    statement: Import | None

    @property
    def failure(self) -> str:
        """What happens, in a sentence."""
        return "It is an ImportError." if self.statement is not None else "It is an AttributeError."


class Whereabouts(NamedTuple):
    """Why: `home` is the module that has it now, `new` what it is called now, `since` when it comes, `until` the last
    release that had it here."""

    kind: str
    home: str | None = None
    new: str | None = None
    since: Release | None = None
    until: Release | None = None


def missing(view: ModuleView) -> Iterator[Missing]:
    """Every such name, unless the code is prepared for its absence."""
    module = view.module
    if unlike_releases(view):
        return
    imported = set()
    for item in module.imports:
        imported.add(item.name)
        if not item.name.startswith("trl.") or item.bound == "*" or item.guards:
            continue
        owner, _, name = item.name.rpartition(".")
        if not _has(item.name, owner, name, view.trl) and not _for_typing_only(view, item):
            yield Missing(owner, name, item.span, item)
    if "trl" not in imported:
        return
    for call in module.calls:
        if call.root != "trl" or call.guards or call.bases:
            continue
        owner, name = _owner(call.callee, view.trl)
        dotted = f"{owner}.{name}"
        if any(dotted == known or dotted.startswith(f"{known}.") for known in imported if known != "trl"):
            continue
        if name and not _has(dotted, owner, name, view.trl):
            yield Missing(owner, name, call.func_span, None)


def _owner(callee: str, trl: Release) -> tuple[str, str]:
    """The module at the beginning of a dotted name, and the name that is looked up in it."""
    parts = callee.split(".")
    owner, rest = parts[0], parts[1:]
    while len(rest) > 1 and facts.names(f"{owner}.{rest[0]}", trl) is not None:
        owner, rest = f"{owner}.{rest[0]}", rest[1:]
    return owner, rest[0] if rest else ""


def _has(dotted: str, owner: str, name: str, trl: Release) -> bool:
    if name.startswith("_"):
        return True
    if name in (facts.names(owner, trl) or ()):
        return True
    return facts.names(dotted, trl) is not None


def _for_typing_only(view: ModuleView, item: Import) -> bool:
    """Whether the import stands below `if TYPE_CHECKING:` and never runs."""
    text, start = view.module.source.text, item.statement.start
    lines = text[:start].splitlines() or [""]
    indent = len(lines[-1]) if text[:start] and text[start - 1] not in "\r\n" else 0
    for line in reversed(lines[:-1] if indent else lines):
        inner = len(line) - len(line.lstrip())
        if line.strip() and inner < indent:
            return _TYPING_ONLY.match(line.strip()) is not None
    return False


@lru_cache(maxsize=256)
def whereabouts(module: str, name: str, trl: Release) -> Whereabouts:
    """What became of a name that `module` does not have in this release."""
    stretches = facts.provided(module, name)
    past = [until for _, until in stretches if until is not None and until < trl]
    until = past[-1] if past else None
    homes = facts.name_timeline(name)
    if until is None:
        ended = [home.until for home in homes if home.until is not None and home.until < trl]
        until = ended[-1] if ended else None
    home = facts.where(name, trl)
    if home is not None and home != module and name in (facts.names(home, trl) or ()):
        return Whereabouts(MOVED, home=home, until=until)
    new = NAMES_RENAMED.get(name)
    target = facts.where(new, trl) if new is not None else None
    if new is not None and target is not None and (stretches or homes):
        return Whereabouts(RENAMED, home=target, new=new, until=until)
    coming = [since for since, _ in stretches if since > trl] or [home.since for home in homes if home.since > trl]
    if coming and until is None:
        return Whereabouts(TOO_NEW, since=min(coming))
    if until is not None:
        return Whereabouts(GONE, until=until)
    return _of_module(module, name, trl)


def _of_module(module: str, name: str, trl: Release) -> Whereabouts:
    """What became of the module, where nothing is known of the name itself."""
    from difflib import get_close_matches  # slow to import, and seldom needed

    for dotted in (f"{module}.{name}", module):
        stretches = facts.provided(dotted, "")
        past = [until for _, until in stretches if until is not None and until < trl]
        coming = [since for since, _ in stretches if since > trl]
        if past:
            return Whereabouts(GONE, until=past[-1])
        if coming:
            return Whereabouts(TOO_NEW, since=coming[0])
    listed = facts.names(module, trl)
    if listed is None or module.count(".") > 1 or not (module == "trl" or module.startswith("trl.experimental")):
        return Whereabouts(UNDECIDED)
    close = get_close_matches(name, listed, 1, 0.8)
    return Whereabouts(UNKNOWN, new=close[0] if close else None)
