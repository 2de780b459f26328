"""Code lenses: above each run, the releases that it is judged on and the line that says so."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from trl_lint.model.span import Place
from trl_lint.model.target import Basis, PackageTarget
from trl_lint.server.checking import Analysis
from trl_lint.server.links import file_uri
from trl_lint.targets.describe import describe
from trl_lint.targets.ranges import in_words

OPEN = "trl-lint.openTarget"  # the command: shows the line; arguments are a URI and a 0-based line
_NAMES = {"trl": "TRL"}


def lenses(analysis: Analysis, uri: str) -> list[types.CodeLens]:
    """Those of the text with this URI."""
    target = analysis.target
    if target is None:
        return []
    lines: dict[int, types.Range] = {}
    for anchor in analysis.anchors:
        text, where = analysis.snapshot.locate(anchor)
        if text.uri == uri:
            lines.setdefault(where.start.line, where)
    found: list[types.CodeLens] = []
    for where in lines.values():
        found += (types.CodeLens(where, command) for command in _commands((target.trl, target.transformers)))
    return found


def _commands(targets: tuple[PackageTarget, ...]) -> Iterator[types.Command]:
    for target in targets:
        place = target.place if target.basis is not Basis.INSTALLED else None
        yield types.Command(title(target), OPEN, arguments=_arguments(place))


def _arguments(place: Place | None) -> list[str | int]:
    return [file_uri(place.path), place.row - 1] if place is not None else []


def title(target: PackageTarget) -> str:
    """`TRL 1.9.2 from uv.lock:812`."""
    name = _NAMES.get(target.package, target.package)
    if target.place is None or target.beyond is not None or target.basis in (Basis.ASSUMED, Basis.DERIVED):
        return describe(target).replace(target.package, name, 1)
    where = f"installed in {target.place.path}" if target.basis is Basis.INSTALLED else f"from {target.place}"
    if target.basis is Basis.READ:
        where = f"read from {target.place.path}"
    return f"{name} {in_words(target.releases, target.releases)} {where}"
