"""What the lines of a manifest say of a package, before any release is looked up."""

from __future__ import annotations

from pathlib import Path

from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, Problem

ALTERNATIVE = " || "
COMMIT = "a git commit"  # how `beyond` begins where the source tree never changes
MOST_CLAIMS = 40  # lines of one manifest that are looked at, for each package


@dataclass(frozen=True, slots=True)
class Claim:
    """One line that names a package.

    `specifier` is in PEP 440 terms, alternatives joined by `||`; empty where the line names no release.
    `written` is the same as the line has it. `beyond` says that a source tree is meant instead of a release
    ("a git checkout"). `conditional` lines have an environment marker; `upgrade` ones ask pip for the newest.
    """

    package: str
    specifier: str
    written: str
    place: Place
    beyond: str | None = None
    conditional: bool = False
    upgrade: bool = False

    @property
    def pins(self) -> bool:
        """Whether the line narrows the releases at all."""
        return bool(self.specifier) or self.beyond is not None


@dataclass(frozen=True, slots=True)
class Layer:
    """Claims that hold together: each of them (a requirements file), or with `either` one of them (a lock)."""

    claims: tuple[Claim, ...]
    basis: Basis
    files: tuple[Path, ...]
    either: bool = False

    def of(self, package: str) -> tuple[Claim, ...]:
        """The claims on `package`."""
        return tuple(claim for claim in self.claims if claim.package == package)


@dataclass(frozen=True, slots=True)
class Reading:
    """The layers of one manifest (or of a folder), the decisive ones first, and what could not be read."""

    layers: tuple[Layer, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.layers + other.layers, self.problems + other.problems)


@dataclass(frozen=True, slots=True)
class Combined:
    """Several claims on one package as one statement; `place` is the line that decides."""

    specifier: str
    written: str
    place: Place
    beyond: str | None = None
    notes: tuple[str, ...] = ()
    contradictory: str = ""  # the parts, for a message, where there are several


def combine(layer: Layer, package: str) -> Combined | None:
    """What `layer` says of `package`; None where it does not narrow the releases.

    Of lines with environment markers the first one counts: which of them holds depends on the machine.
    """
    claims = [claim for claim in layer.of(package) if claim.pins][:MOST_CLAIMS]
    if not claims:
        return None
    if layer.either:
        return _either(claims)
    first = next((claim for claim in claims if claim.conditional), None)
    claims = [claim for claim in claims if not claim.conditional or claim is first]
    tree = next((claim for claim in claims if claim.beyond is not None), None)
    if tree is not None:
        return Combined(tree.specifier, tree.written, tree.place, tree.beyond)
    decisive = next((claim for claim in claims if claim.specifier.startswith("==")), claims[0])
    others = [claim for claim in claims if claim is not decisive and claim.specifier != decisive.specifier]
    specifier = decisive.specifier
    for claim in others:
        specifier = _both(specifier, claim.specifier)
    return Combined(
        specifier,
        ",".join([decisive.written, *(claim.written for claim in others)]),
        decisive.place,
        notes=tuple(f"{claim.place} also says `{show(package, claim.written)}`" for claim in others),
        contradictory=", ".join(f"`{show(package, c.written)}` ({c.place})" for c in [decisive, *others])
        * bool(others),
    )


def show(package: str, written: str) -> str:
    """The requirement as people write it: `trl>=0.20`, `trl @ git+https://...`, `trl ^0.20`."""
    return f"{package}{'' if written[:1] in '=<>!~' else ' '}{written}".rstrip()


def _either(claims: list[Claim]) -> Combined:
    """One of the packages that a lock holds for different environments."""
    specifiers = list(dict.fromkeys(claim.specifier for claim in claims if claim.specifier))
    tree = next((claim for claim in claims if claim.beyond is not None), None)
    first = tree or claims[0]
    notes = tuple(f"{claim.place} also locks `{show(claim.package, claim.written)}`"
                  for claim in claims if claim.written != first.written)  # fmt: skip
    return Combined(
        ALTERNATIVE.join(specifiers),
        first.written,
        first.place,
        tree.beyond if tree else None,
        tuple(dict.fromkeys(notes)),
    )


def _both(left: str, right: str) -> str:
    """The specifier of releases that `left` and `right` both select."""
    pairs = [f"{a.strip()},{b.strip()}" for a in left.split("||")[:8] for b in right.split("||")[:8]]
    return ALTERNATIVE.join(pairs)
