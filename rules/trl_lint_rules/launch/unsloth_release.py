"""A release of TRL or transformers that Unsloth does not go with."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import (
    ModuleRule,
    ModuleView,
    Note,
    PackageTarget,
    Release,
    Remedy,
    Severity,
    Span,
    Stage,
    Verdict,
    satisfying,
)
from trl_lint_rules import facts


class UnslothRelease(ModuleRule):
    """Unsloth writes its trainers from the source of TRL's and names the releases for which that was tried."""

    code = "TRL830"
    name = "unsloth-release"
    summary = "a release of TRL or transformers that Unsloth does not accept"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each of the two packages of which no allowed release is accepted."""
        unsloth = module.target.unsloth
        if unsloth is None or module.target.trl.carried or unsloth.beyond is not None:
            return
        imported = next((item for item in module.module.imports if item.name.partition(".")[0] == "unsloth"), None)
        if imported is None or imported.span.path != module.module.source.path:
            return
        for said in (module.target.trl, module.target.transformers):
            if said.assumed or said.beyond is not None:
                continue
            if not any(_accepts(release, said) for release in unsloth.releases):
                yield _verdict(unsloth, said, imported.span)


def _wish(unsloth: Release, package: str) -> str:
    return facts.unsloth_requires(unsloth).get(package, "")


def _accepts(unsloth: Release, said: PackageTarget) -> bool:
    return bool(satisfying(_wish(unsloth, said.package), said.releases))


def _in_short(wish: str, said: PackageTarget) -> str:
    """The bounds of `wish`, and of the releases that it excludes one by one those that the project has."""
    shown = (clause for clause in wish.split(",") if clause[:2] != "!=" or not satisfying(clause, said.releases))
    return ",".join(sorted(shown, reverse=True))


def _verdict(unsloth: PackageTarget, said: PackageTarget, at: Span) -> Verdict:
    package, newest = said.package, unsloth.newest
    wish = f"`{package}{_in_short(_wish(newest, package), said)}`"
    others = [release for release in facts.releases("unsloth") if _accepts(release, said)]
    upgrade = others[-1] if others and others[-1] > newest else None
    if unsloth.assumed:
        got = f"an installation gets Unsloth {others[-1]}, the newest that does" if others else "no release does"
        why = f"Nothing names a release of Unsloth; {got} (of those known, the last one of each month)."
    else:
        why = "An installer refuses to put the two together; with `--no-deps` it does not look."
    remedies = [Remedy(f"use a release of {package} that Unsloth accepts: {wish}")]
    if upgrade is not None:
        remedies.append(Remedy(f"or upgrade Unsloth: {upgrade} accepts it"))
    return Verdict(
        package,
        at,
        f"Unsloth {newest} asks for {wish}, this project has {package} {said.newest}",
        Severity.WARNING,
        Stage.IMPORT,
        why=(
            why,
            "Unsloth writes its own trainers from the source of TRL's when it is imported: with a release that it does "
            "not know they may fail, or train something else.",
        ),
        notes=(Note(said.place, f"{package} {said.newest}"),) if said.place is not None else (),
        remedies=tuple(remedies),
        doubts=("nothing says which release of Unsloth this project uses",) if unsloth.assumed else (),
    )
