"""A package's target in one line for people."""

from __future__ import annotations

from trl_lint.model.target import Basis, PackageTarget
from trl_lint.targets.claims import show
from trl_lint.targets.ranges import enumerated, in_words


def describe(target: PackageTarget) -> str:
    """`trl 1.9.2 (uv.lock:812)`, ``trl 0.22 to 1.9 allowed by requirements.txt:3 (`trl>=0.22`)`` and the like."""
    name, newest = target.package, target.newest
    if target.basis is Basis.ASSUMED:
        reason = f"{target.place} names no release" if target.place else "nothing in the project names a release"
        return f"{name} {newest}, the newest known ({'; '.join([reason, *target.notes])})"
    if target.basis is Basis.DERIVED:
        wish = f", `{show(name, target.specifier)}`" if target.specifier else ""
        return f"{name} {newest}, the newest known that TRL's own requirement allows{wish} (assumed)"
    if target.basis is Basis.READ and target.place is not None:
        return f"{name} {target.specifier.removeprefix('==')} as read from {target.place.path}"
    where = _where(target)
    if target.beyond is not None:
        return f"{name} judged as {newest}: {target.beyond} ({where})"
    if len(target.releases) == 1:
        pin = "" if not target.specifier or str(newest) in target.specifier else f": `{show(name, target.specifier)}`"
        return f"{name} {newest} ({where}{pin})"
    if target.basis in (Basis.LOCK, Basis.INSTALLED):
        return f"{name} {enumerated([str(release) for release in target.releases])} ({where})"
    return f"{name} {in_words(target.releases, target.releases)} allowed by {where} (`{show(name, target.specifier)}`)"


def _where(target: PackageTarget) -> str:
    if target.basis is Basis.OPTION:
        return f"--target-{target.package}"
    if target.place is None:
        return "the configuration"
    if target.basis is Basis.INSTALLED:
        return f"installed: {target.place.path}"
    return str(target.place)
