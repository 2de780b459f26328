"""TRL or transformers as they lie in a folder (an installed, editable or git one): which release, and its facts.

Nothing of the folder is imported or run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass  # noqa: TID251
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trl_lint.api import ReadRelease, disk
from trl_lint.model.release import Release
from trl_lint_rules.facts import store
from trl_lint_rules.facts.extract import project
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.kept import KEPT, LARGEST
from trl_lint_rules.facts.extract.layer import Layer
from trl_lint_rules.facts.extract.requirements import requires
from trl_lint_rules.facts.extract.snapshot import snapshot

PACKAGES = ("trl", "transformers")

_LAYOUTS = ("", "src", "lib/python3*/site-packages", "Lib/site-packages")  # a checkout, or a virtual environment
_MOST_FILES = 20_000


class SourceTreeError(ValueError):
    """A folder holds no package that can be read; the message says why."""


@dataclass(frozen=True)
class SourceTree:
    """A package that was found: `version` as the folder says it, `root` the folder that holds the package's own."""

    package: str
    version: str
    release: Release
    root: Path
    layer: Layer


def lay_over(paths: Sequence[Path]) -> list[ReadRelease]:
    """Reads the packages in these folders, and makes them part of the facts of this process.

    Raises SourceTreeError where a folder holds none, or the folders hold two of one package.
    """
    found: dict[str, SourceTree] = {}
    for path in paths:
        for tree in read(path):
            if tree.package in found:
                raise SourceTreeError(f"{tree.package} lies in {found[tree.package].root} and in {tree.root}")
            found[tree.package] = tree
    store.lay_over({package: tree.layer for package, tree in found.items()})
    return [_told(tree) for tree in found.values()]


def _told(tree: SourceTree) -> ReadRelease:
    newest = tree.layer.published[-1]
    beyond = None
    if tree.release > newest:
        beyond = f"{tree.package} {tree.version} is newer than the newest published release known ({newest})"
    return ReadRelease(tree.package, tree.version, tree.release, str(tree.root / tree.package), beyond)


def read(path: Path) -> list[SourceTree]:
    """The packages in `path`: a site-packages folder, a virtual environment, a checkout, or the package's own folder.

    Raises SourceTreeError where there is none, or one that is not understood.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 (keeps links)
    if not disk.is_dir(path):
        raise SourceTreeError(f"{path}: there is no such folder")
    found = [_read(package, root) for package in PACKAGES for root in roots(path, package)[:1]]
    if not found:
        raise SourceTreeError(f"{path}: neither trl nor transformers lies in this folder")
    return found


def roots(path: Path, package: str) -> list[Path]:
    """The folders that hold the folder of `package`, the nearest first."""
    found = [path.parent] if path.name == package and disk.is_file(path / "__init__.py") else []
    for layout in _LAYOUTS:
        for root in _laid_out(path, layout):
            if disk.is_file(root / package / "__init__.py"):
                found.append(root)
            else:
                found += _editable(root, package)
    return found


def _laid_out(path: Path, layout: str) -> list[Path]:
    above, star, below = layout.partition("*")
    if not star:
        return [path / layout]
    folder, _, start = above.rpartition("/")
    return [found / below.lstrip("/") for found in disk.matching(path / folder, f"{start}*")]


def _editable(root: Path, package: str) -> Iterator[Path]:
    """Where the package really lies that is installed in `root` from a folder of this machine."""
    for installed in disk.matching(root, f"{package}-*.dist-info"):
        try:
            url = urlsplit(str(json.loads(project.text(installed / "direct_url.json"))["url"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        checkout = Path(unquote(url.path))
        if url.scheme == "file" and url.netloc in ("", "localhost"):
            for root_there in (checkout, checkout / "src"):
                if disk.is_file(root_there / package / "__init__.py"):
                    yield root_there


def _read(package: str, root: Path) -> SourceTree:
    found = project.version(package, root)
    if found is None:
        raise SourceTreeError(f"{root / package}: nothing says which version this is")
    version, release = found
    try:
        needs = requires(project.metadata(package, root)) or _shipped_requirements(package, release)
        facts = snapshot(package, _files(package, root), needs)
    except UnknownShapeError as error:
        raise SourceTreeError(f"{root}: {package} {version} is not understood: {error}") from error
    return SourceTree(package, version, release, root, Layer(release, facts, store.releases(package)))


def _files(package: str, root: Path) -> dict[str, str]:
    """The files that the facts are read from, by their path below `root`."""
    kept = KEPT[package]
    files: dict[str, str] = {}
    for folder, folders, names in os.walk(root / package):
        folders.sort()
        for name in sorted(names):
            file = Path(folder) / name
            path = file.relative_to(root).as_posix()
            if kept.fullmatch(path):
                if len(files) == _MOST_FILES:
                    raise SourceTreeError(f"{root / package}: more than {_MOST_FILES} files")
                files[path] = _source(file)
    return files


def _source(file: Path) -> str:
    try:
        if not disk.is_file(file) or disk.size(file) > LARGEST:
            raise SourceTreeError(f"{file}: no file of source code, or far too large")
        return disk.text(file, LARGEST)
    except (OSError, ValueError) as error:
        raise SourceTreeError(f"{file}: cannot be read ({error})") from error


def _shipped_requirements(package: str, release: Release) -> dict[str, str]:
    """Those of the newest published release up to this one."""
    group = store.load(f"{package}/requires.json").get("requires", {})
    place = store.index(package, release)
    return {name: store.value_at(group[name], place) for name in store.keys_at(group, place)}
