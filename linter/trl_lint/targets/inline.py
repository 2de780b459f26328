"""What a source says itself: a PEP 723 header, a notebook's or a shell script's own `pip install`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass, replace
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Combined, Layer, Reading, combine
from trl_lint.targets.commands import installs
from trl_lint.targets.files import Document, parse_toml, read_document, strings
from trl_lint.targets.index import PACKAGES, TRL, UNSLOTH
from trl_lint.targets.requirement import claim_of

_OPEN = "# /// script"


@dataclass(frozen=True, slots=True)
class Inline:
    """The statements of the source itself, by package; `newest` are the packages that it installs without naming a
    release, and `closed` says that nothing from outside is installed beside them (a PEP 723 header)."""

    combined: dict[str, Combined]
    newest: dict[str, Claim]
    fallback: dict[str, Claim]
    closed: bool = False
    basis: Basis = Basis.INLINE
    problems: tuple[Problem, ...] = ()
    files: tuple[Path, ...] = ()


def read_inline(source: Source, folder: Path) -> Inline | None:
    """What `source`, which lies in `folder`, says of its own packages; None if it says nothing."""
    if source.kind is Kind.PYTHON:
        return _header(source, folder)
    if source.kind is Kind.NOTEBOOK:
        return _installed([line for line in _magic_lines(source) if line[0].strip()], folder)
    if source.kind is Kind.SHELL and ("pip" in source.text or "uv" in source.text):
        lines = enumerate(source.text.split("\n"), 1)
        return _installed([(text, Place(source.path, row)) for row, text in lines], folder)
    return None


def _header(source: Source, folder: Path) -> Inline | None:
    """The dependencies of a `# /// script` block, or of the lock file beside the script."""
    block = _block(source.text)
    if block is None:
        return None
    first, lines = block
    document = Document(folder / Path(source.path).name, "\n".join(lines), source.path)
    table = parse_toml(document.text)
    if isinstance(table, tuple):
        message = f"the script header is not valid TOML: {table[1]}"
        return Inline({}, {}, {}, problems=(Problem(Place(source.path, first + table[0]), message),))
    claims: list[Claim] = []
    problems: list[Problem] = []
    for text in strings(table.get("dependencies")):
        row = document.row_of(rf"""["']{re.escape(text)}["']""")
        found = claim_of(text, Place(source.path, first + row), strict=True)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            claims.append(found)
    lock = folder / f"{Path(source.path).name}.lock"
    if disk.is_file(lock):
        locked = _locked(lock)
        if any(layer.of(TRL) for layer in locked.layers):
            return _inline(locked.layers[0], True, (*problems, *locked.problems), (lock,))
    return _inline(Layer(tuple(claims), Basis.INLINE, ()), True, tuple(problems))


def _inline(layer: Layer, isolated: bool, problems: tuple[Problem, ...], files: tuple[Path, ...] = ()) -> Inline:
    """Statements of an environment that is made for the source alone: a bare name there gets the newest release."""
    combined = {package: found for package in PACKAGES if (found := combine(layer, package))}
    bare = {claim.package: claim for claim in layer.claims if claim.package not in combined}
    closed = isolated and any(package in combined or package in bare for package in (TRL, UNSLOTH))
    return Inline(combined, bare if closed else {}, {} if closed else bare, closed, layer.basis, problems, files)


def _locked(lock: Path) -> Reading:
    from trl_lint.targets.readers.toml_locks import read_toml_lock

    document = read_document(lock)
    if isinstance(document, Document):
        return read_toml_lock(document)
    return Reading(problems=(document,) if document else ())


def _block(text: str) -> tuple[int, list[str]] | None:
    """The row of the opening line of the script header and the lines inside, without their comment signs."""
    inside: list[str] | None = None
    first = 0
    for row, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip()
        if inside is None:
            if line == _OPEN:
                inside, first = [], row
        elif line == "# ///":
            return first, inside
        elif line == "#" or line.startswith("# "):
            inside.append(line[2:])
        else:
            inside = None
    return None


def _magic_lines(source: Source) -> Iterator[tuple[str, Place]]:
    """The lines of a notebook that are no Python, each with its place."""
    for magic in source.magics:
        place = source.place(magic.span)
        for offset, text in enumerate(magic.text.split("\n")):
            yield text.strip("\r"), replace(place, row=place.row + offset) if offset else place


def _installed(lines: list[tuple[str, Place]], folder: Path) -> Inline | None:
    """The state after all commands: the last pin counts, and a bare name changes nothing unless it upgrades."""
    combined: dict[str, Combined] = {}
    newest: dict[str, Claim] = {}
    fallback: dict[str, Claim] = {}
    problems: list[Problem] = []
    files: list[Path] = []
    for install in installs(lines):
        if install.kind == "file":
            layer = _included(folder / install.text)
            for package in PACKAGES:
                found = combine(layer, package)
                if found is not None:
                    combined[package] = found
                    newest.pop(package, None)
                    files.extend(layer.files)
            continue
        claim = claim_of(install.text, install.place)
        if isinstance(claim, Problem):
            problems.append(claim)
        elif claim is not None and claim.pins:
            combined[claim.package] = Combined(claim.specifier, claim.written, claim.place, claim.beyond)
            newest.pop(claim.package, None)
        elif claim is not None and install.upgrade:
            newest[claim.package] = claim
            combined.pop(claim.package, None)
        elif claim is not None:
            fallback.setdefault(claim.package, claim)
    if not (combined or newest or fallback or problems):
        return None
    return Inline(combined, newest, fallback, problems=tuple(problems), files=tuple(files))


def _included(path: Path) -> Layer:
    """What a file named by `-r` says. A notebook often names files of a machine that is not here: no complaint."""
    from trl_lint.targets.readers.requirements import read_requirements

    if "://" in str(path) or "$" in str(path) or not disk.is_file(path):
        return Layer((), Basis.INLINE, ())
    return read_requirements(path).layers[0]
