"""Unsloth beside TRL: whether a source imports it, and what its own requirements leave of the other packages."""

from __future__ import annotations

from trl_lint.dataclass import replace
from trl_lint.lazy import regex
from trl_lint.model.source import Kind, Source
from trl_lint.model.target import Basis, PackageTarget
from trl_lint.targets.index import UNSLOTH
from trl_lint.targets.versions import satisfying

_IMPORT = regex(rf"^[ \t]*(?:from|import)[ \t]+{UNSLOTH}\b")
_CHOSEN = (Basis.OPTION, Basis.CONFIGURATION, Basis.READ, Basis.CARRIED)


def imports_unsloth(source: Source) -> bool:
    """Whether a line of the script or notebook imports Unsloth."""
    if source.kind not in (Kind.PYTHON, Kind.NOTEBOOK) or UNSLOTH not in source.text:
        return False
    return any(_IMPORT.match(line) for line in source.text.split("\n"))


def narrowed(target: PackageTarget, unsloth: PackageTarget, wish: str) -> PackageTarget:
    """`target` without the releases that `unsloth` does not accept; as it is where that leaves none, or where the
    user chose. A pin stays: whether it goes with Unsloth is for a rule to say."""
    if target.basis in _CHOSEN or len(target.releases) == 1:
        return target
    try:
        left = satisfying(wish, target.releases)
    except ValueError:
        return target
    if not left or left == target.releases:
        return target
    note = f"{UNSLOTH} {unsloth.newest} accepts none newer"
    notes = target.notes if left[-1] == target.newest else (*target.notes, note)
    return replace(target, releases=left, notes=notes)
