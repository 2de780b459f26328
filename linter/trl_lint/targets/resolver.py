"""From a source and its folder to the releases that it is judged on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint import disk
from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, PackageTarget, Problem, Target
from trl_lint.paths import display_path
from trl_lint.targets.claims import COMMIT, Claim, Combined, Layer, Reading, combine
from trl_lint.targets.environments import Compatibility, open_choice, pair
from trl_lint.targets.index import TRANSFORMERS, TRL, UNSLOTH, Overrides, ReadRelease, ReleaseIndex
from trl_lint.targets.patchers import imports_unsloth, narrowed
from trl_lint.targets.selection import select

if TYPE_CHECKING:
    from trl_lint.targets.inline import Inline
    from trl_lint.targets.installed import Environments, Installation

_FAR = 1_000_000
_NEWEST = ("newest", "latest")


@dataclass(frozen=True, slots=True)
class _Decision:
    """What decided on one package. `rank` is how far away it stands: lower is nearer and stronger."""

    target: PackageTarget
    rank: int
    files: tuple[Path, ...] = ()
    open: bool = False  # the package is named without a release, or not at all


@dataclass
class _Search:
    """What is gathered while one source is resolved."""

    folders: list[Path]
    problems: list[Problem] = field(default_factory=list)
    closed: bool = False  # a PEP 723 header names TRL: nothing from outside is installed beside it


class TargetResolver:
    """Resolves targets; every manifest is read once, and every folder resolved once.

    The search goes upwards from a source's folder to `root`, or without one to the first folder that holds
    `.git`. `environment` are the site-packages folders to look in for installed metadata; None finds them
    (see `Environments`). Not for use by several threads at a time.
    """

    def __init__(
        self,
        index: ReleaseIndex,
        overrides: Overrides | None = None,
        *,
        root: Path | None = None,
        environment: Sequence[Path] | None = None,
    ) -> None:
        self._index = index
        self._overrides = overrides or Overrides()
        self._root = Path(os.path.abspath(root)) if root is not None else None  # noqa: PTH100 (keeps links)
        self._site_packages = environment
        self._environments: Environments | None = None
        self._compatibilities: dict[str, Compatibility] = {}
        self._readings: dict[Path, Reading] = {}
        self._targets: dict[tuple[Path, bool], tuple[Target, tuple[Path, ...]]] = {}

    def resolve(self, source: Source, folder: Path) -> Target:
        """The target of `source`, which lies in `folder`."""
        inline = _inline_of(source, folder)
        patched = imports_unsloth(source)
        return self._of_folder(folder, patched)[0] if inline is None else self._resolve(folder, inline, patched)[0]

    def dependencies(self, folder: Path) -> tuple[Path, ...]:
        """The manifests that decide for sources in `folder` which say nothing themselves."""
        return self._of_folder(folder)[1]

    def _of_folder(self, folder: Path, patched: bool = False) -> tuple[Target, tuple[Path, ...]]:
        if (folder, patched) not in self._targets:
            self._targets[folder, patched] = self._resolve(folder, None, patched)
        return self._targets[folder, patched]

    def _compatibility(self, besides: str) -> Compatibility:
        if besides not in self._compatibilities:
            self._compatibilities[besides] = Compatibility(self._index, besides)
        return self._compatibilities[besides]

    def _resolve(self, folder: Path, inline: Inline | None, patched: bool) -> tuple[Target, tuple[Path, ...]]:
        search = _Search(self._ancestors(folder))
        if inline is not None:
            search.problems.extend(inline.problems)
        trl = self._decide(TRL, inline, search) or self._assumed(TRL)
        search.closed = inline is not None and inline.closed
        transformers = self._decide(TRANSFORMERS, inline, search)
        if transformers is not None and transformers.open and transformers.target.basis is Basis.ASSUMED:
            transformers = None  # named without a release: an installer takes what TRL accepts
        if transformers is not None and transformers.target.basis is Basis.INSTALLED and trl.rank == _FAR:
            transformers = None  # an environment without TRL is not the one that trains
        said = transformers.target if transformers else None
        allowed, besides, unsloth = trl.target, "", None
        if patched and UNSLOTH in self._index.known and self._index.patcher_requires is not None:
            found = self._decide(UNSLOTH, inline, search) or self._assumed(UNSLOTH)
            unsloth = replace(found.target, releases=found.target.releases[-1:]) if found.open else found.target
            wishes = self._index.patcher_requires(unsloth.newest)
            allowed, besides = narrowed(allowed, unsloth, wishes.get(TRL, "")), wishes.get(TRANSFORMERS, "")
            said = narrowed(said, unsloth, besides) if said else None
        compatibility = self._compatibility(besides)
        weaker = transformers is not None and transformers.rank > trl.rank
        chosen = open_choice(allowed, None if weaker else said, compatibility) if trl.open else allowed
        first, second, environments = pair(chosen, said, compatibility, weaker=weaker)
        files = (*trl.files, *(transformers.files if transformers else ()))
        problems = tuple(dict.fromkeys(search.problems))
        return Target(first, second, environments, problems, unsloth), tuple(dict.fromkeys(files))

    def _decide(self, package: str, inline: Inline | None, search: _Search) -> _Decision | None:
        """The strongest statement on `package`."""
        read = self._overrides.read.get(package)
        if read is not None:
            return _as_read(read)
        decision = self._overridden(package, search) or self._inline(package, inline, search)
        if decision is not None and decision.open and package == TRL:
            # A header that names no release says less than the source that the script lies beside.
            return self._carried_above(search) or decision
        if decision is not None or search.closed:
            return decision
        named: Claim | None = inline.fallback.get(package) if inline else None
        for distance, folder in enumerate(search.folders):
            reading = self._read(folder)
            search.problems.extend(reading.problems)
            carried = self._carried(folder, 10 + distance) if package == TRL else None
            if carried is not None:
                return carried
            decision = self._from_layers(package, reading.layers, 10 + distance, search)
            if decision is not None:
                return self._workspace(package, decision, search, distance) or decision
            named = named or next((claim for layer in reading.layers for claim in layer.of(package)), None)
        for installation in self._installations(search.folders):
            decision = self._installed(package, installation, search)
            if decision is not None:
                return decision
        return self._assumed(package, named) if named else None

    def _overridden(self, package: str, search: _Search) -> _Decision | None:
        option = self._overrides.option(package)
        configured, place = self._overrides.configured(package)
        for text, basis, where, rank in (
            (option, Basis.OPTION, Place(f"--target-{package}", 1), 0),
            (configured, Basis.CONFIGURATION, place or Place("configuration", 1), 1),
        ):
            if text is None:
                continue
            wish = asked(text)
            newest = f"=={self._index.known[package][-1]}"
            combined = Combined(newest if wish in _NEWEST else wish, text.strip(), where)
            decision = self._select(package, combined, basis, rank, (), search)
            if decision is not None:
                return decision
        return None

    def _inline(self, package: str, inline: Inline | None, search: _Search) -> _Decision | None:
        if inline is None:
            return None
        combined = inline.combined.get(package)
        if combined is not None:
            return self._select(package, combined, inline.basis, 2, inline.files, search)
        bare = inline.newest.get(package)
        if bare is None:
            return None
        note = "installs the newest release"
        known = self._index.known[package]
        releases = known if package == TRL else known[-1:]
        if package == TRANSFORMERS and inline.closed:
            return None  # TRL's requirement narrows it
        return _Decision(PackageTarget(package, releases, Basis.INLINE, "", bare.place, notes=(note,)), 2, open=True)

    def _from_layers(self, package: str, layers: Sequence[Layer], rank: int, search: _Search) -> _Decision | None:
        """The first layer that narrows the releases; others that differ are noted."""
        found: _Decision | None = None
        differing: list[str] = []
        for layer in layers:
            combined = combine(layer, package)
            if combined is None:
                continue
            if found is None:
                found = self._select(package, combined, layer.basis, rank, layer.files, search)
            elif not self._covers(package, combined, found.target):
                differing.append(f"{combined.place} says `{combined.written}`")
        if found is None or not differing:
            return found
        return _Decision(_noted(found.target, *differing[:5]), rank, found.files)

    def _covers(self, package: str, combined: Combined, target: PackageTarget) -> bool:
        """Whether a weaker statement agrees with what was decided."""
        if combined.beyond is not None or target.beyond is not None:
            return combined.written == target.specifier
        try:
            selection = select(package, combined.specifier, self._index.known[package])
        except ValueError:
            return False
        return set(target.releases) <= set(selection.releases)

    def _carried_above(self, search: _Search) -> _Decision | None:
        found = (self._carried(folder, 10 + distance) for distance, folder in enumerate(search.folders))
        return next((decision for decision in found if decision is not None), None)

    def _carried(self, folder: Path, rank: int) -> _Decision | None:
        """TRL's own source in `folder`, from which an import of a script below takes it."""
        from trl_lint.targets.carried import find_copy

        copy = find_copy(folder)
        if copy is None:
            return None
        known = self._index.known[TRL]
        try:
            releases = select(TRL, f"=={copy.version}", known).releases if copy.version else ()
        except ValueError:
            releases = ()
        what = f"the project carries {TRL} {copy.version or 'of unknown release'} itself"
        written = f"=={copy.version}" if copy.version else ""
        place = Place(display_path(copy.file), 1)
        return _Decision(
            PackageTarget(TRL, releases or known[-1:], Basis.CARRIED, written, place, what), rank, (copy.file,)
        )

    def _workspace(self, package: str, decision: _Decision, search: _Search, distance: int) -> _Decision | None:
        """The lock of a uv workspace above, of which the deciding `pyproject.toml` is a member."""
        if decision.target.basis is Basis.LOCK or not decision.files or decision.files[0].name != "pyproject.toml":
            return None
        from trl_lint.targets.workspace import workspace_lock

        reading = workspace_lock(search.folders[distance], search.folders[distance + 1 :])
        search.problems.extend(reading.problems)
        found = self._from_layers(package, reading.layers, 10 + distance, search)
        return _Decision(found.target, found.rank, (*found.files, *decision.files)) if found else None

    def _installations(self, folders: list[Path]) -> Iterator[Installation]:
        if self._environments is None:
            from trl_lint.targets.installed import Environments

            self._environments = Environments(self._site_packages)
        return self._environments.installed(folders)

    def _installed(self, package: str, installation: Installation, search: _Search) -> _Decision | None:
        combined = installation.found.get(package)
        return self._select(package, combined, Basis.INSTALLED, 10_000, (), search) if combined else None

    def _select(
        self, package: str, combined: Combined, basis: Basis, rank: int, files: tuple[Path, ...], search: _Search
    ) -> _Decision | None:
        """The releases of a statement; a statement that means none is a problem and decides nothing."""
        known = self._index.known[package]
        if combined.beyond is not None and not combined.specifier:
            undated = combined.beyond.startswith(COMMIT)
            beyond = PackageTarget(
                package, known[-1:], basis, combined.written, combined.place, combined.beyond, undated=undated
            )
            return _Decision(beyond, rank, files)
        try:
            selection = select(package, combined.specifier, known)
        except ValueError:
            search.problems.append(
                Problem(combined.place, f"`{combined.written}` is no version specifier for {package}")
            )
            return None
        if not selection.releases:
            parts = combined.contradictory or f"`{combined.written}`"
            search.problems.append(Problem(combined.place, f"{parts}: no release of {package} satisfies this"))
            return None
        notes = (*combined.notes, *selection.notes)
        target = PackageTarget(
            package,
            selection.releases,
            basis,
            combined.written,
            None if basis is Basis.OPTION else combined.place,
            combined.beyond or selection.beyond,
            notes,
        )
        return _Decision(target, rank, files)

    def _assumed(self, package: str, named: Claim | None = None) -> _Decision:
        """The newest known; which one goes with transformers is decided when both are known."""
        place = named.place if named else None
        return _Decision(PackageTarget(package, self._index.known[package], Basis.ASSUMED, "", place), _FAR, open=True)

    def _read(self, folder: Path) -> Reading:
        if folder not in self._readings:
            from trl_lint.targets.folder import read_folder

            self._readings[folder] = read_folder(folder)
        return self._readings[folder]

    def _ancestors(self, folder: Path) -> list[Path]:
        """`folder` and the folders above it, as far as the search goes."""
        start = Path(os.path.abspath(folder))  # noqa: PTH100 (keeps links)
        found: list[Path] = []
        for path in (start, *start.parents):
            found.append(path)
            if path == self._root or (self._root is None and disk.lexists(path / ".git")):
                break
        return found


def _as_read(read: ReadRelease) -> _Decision:
    place = Place(read.path, 1)
    target = PackageTarget(read.package, (read.release,), Basis.READ, f"=={read.version}", place, read.beyond)
    return _Decision(target, 0)


def _inline_of(source: Source, folder: Path) -> Inline | None:
    """What the source says itself; the readers of such statements are imported only where there can be one."""
    if source.kind is Kind.PYTHON and "# /// script" not in source.text:
        return None
    if source.kind not in (Kind.PYTHON, Kind.SHELL) and not source.magics:
        return None
    from trl_lint.targets.inline import read_inline

    return read_inline(source, folder)


def asked(text: str) -> str:
    """The specifier of what a user asked for: `1.9` is that series, `1.9.2` that release; all else as it is."""
    text = text.strip()
    if re.fullmatch(r"v?\d+(\.\d+)?", text):
        return f"=={text.lstrip('v')}.*"
    return f"=={text.lstrip('v')}" if re.match(r"v?\d", text) else text


def check_specifier(text: str) -> str | None:
    """What is wrong with the value of `--target-...` or of its configuration key; None if nothing is."""
    from trl_lint.targets.versions import matcher

    if not text.strip():
        return "names no release"
    if text.strip() in _NEWEST:
        return None
    try:
        matcher(asked(text))
    except ValueError:
        return f"`{text}` is no version and no version specifier (examples: `1.9.2`, `1.9`, `>=0.20,<1`)"
    return None


def _noted(target: PackageTarget, *notes: str) -> PackageTarget:
    return replace(target, notes=(*target.notes, *notes))
