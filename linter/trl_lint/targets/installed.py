"""Releases that are installed, found by the names of their metadata folders; nothing is imported."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.span import Place
from trl_lint.paths import display_path
from trl_lint.targets.claims import Combined
from trl_lint.targets.index import PACKAGES, TRL
from trl_lint.targets.requirement import claim_of_url
from trl_lint.targets.versions import base_release

_METADATA = regex(r"(trl|transformers|unsloth)-(\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info", re.IGNORECASE)
_INITIALS = ("tr", "un")  # of the packages, for a quick look
_VENVS = (".venv", "venv")
_LARGEST_URL_FILE = 100_000


@dataclass(frozen=True)
class Installation:
    """What one site-packages folder holds, by package."""

    found: dict[str, Combined]


class Environments:
    """Looks for installed metadata, each folder once.

    `folders` are the site-packages folders to look in. None: those of the virtual environments in and above the
    source's folder, of `VIRTUAL_ENV` and `CONDA_PREFIX`, and of the linter's own interpreter, if TRL is there.
    """

    def __init__(self, folders: Sequence[Path] | None) -> None:
        self._folders = folders
        self._seen: dict[Path, Installation] = {}

    def installed(self, ancestors: Sequence[Path]) -> Iterator[Installation]:
        """What is installed for a source whose folder and the folders above it are `ancestors`."""
        if self._folders is not None:
            yield from (self._look(folder) for folder in self._folders)
            return
        homes = [folder / name for folder in ancestors for name in _VENVS]
        homes += [Path(home) for home in map(os.environ.get, ("VIRTUAL_ENV", "CONDA_PREFIX")) if home]
        for home in homes:
            for folder in _site_packages(home):
                yield self._look(folder)
        for entry in dict.fromkeys(sys.path):
            own = self._look(Path(entry)) if entry.endswith(("site-packages", "dist-packages")) else None
            if own is not None and TRL in own.found:
                yield own

    def _look(self, folder: Path) -> Installation:
        if folder not in self._seen:
            self._seen[folder] = Installation(_scan(folder))
        return self._seen[folder]


def _site_packages(home: Path) -> list[Path]:
    """The site-packages folders of a virtual or conda environment."""
    try:
        pythons = [name for name in disk.names(home / "lib") if name.startswith("python")]
    except OSError:
        windows = home / "Lib" / "site-packages"
        return [windows] if disk.is_dir(windows) else []
    return [home / "lib" / name / "site-packages" for name in pythons]


def _scan(folder: Path) -> dict[str, Combined]:
    """The packages whose metadata stand in `folder`; of leftovers of several releases the newest counts."""
    try:
        names = [name for name in disk.names(folder) if name[:2].lower() in _INITIALS]
    except OSError:
        return {}
    versions: dict[str, list[tuple[str, str]]] = {package: [] for package in PACKAGES}
    for name in names:
        match = _METADATA.fullmatch(name)
        if match:
            versions[match[1].lower()].append((match[2], name))
    found: dict[str, Combined] = {}
    for package, candidates in versions.items():
        usable = [(version, name) for version, name in candidates if _is_version(version)]
        if usable:
            version, name = max(usable, key=lambda item: base_release(item[0])[0])
            found[package] = _combined(folder / name, package, version)
    return found


def _combined(metadata: Path, package: str, version: str) -> Combined:
    place = Place(display_path(metadata), 1)
    beyond = _source_tree(metadata, package)
    if beyond is not None:
        return Combined("", f"=={version}", place, beyond)
    return Combined(f"=={version}", f"=={version}", place)


def _source_tree(metadata: Path, package: str) -> str | None:
    """Whether the package was installed from a checkout that is not a tagged release."""
    try:
        record = json.loads(disk.head(metadata / "direct_url.json", _LARGEST_URL_FILE).decode("utf-8", "replace"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    checkout, folder = record.get("vcs_info"), record.get("dir_info")
    if isinstance(checkout, dict):
        url = f"git+{record.get('url', '')}@{checkout.get('requested_revision', '')}"
        return claim_of_url(package, url, Place("", 1)).beyond
    if isinstance(folder, dict):
        return "an editable install" if folder.get("editable") else "an install from a source tree"
    return None


def _is_version(text: str) -> bool:
    try:
        base_release(text)
    except ValueError:
        return False
    return True
