"""The shipped files: written the same, byte for byte, wherever and whenever they are computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract.timeline import Timelines

RELEASES = "releases.json"


class CaseClashError(Exception):
    """Two files would be one on a file system that ignores case."""


def dumped(groups: Mapping[str, Mapping[str, Any]]) -> str:
    """Two levels of JSON, one line per group: small, and readable in a diff."""
    lines = []
    for name, group in groups.items():
        entries = (f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in group.items())
        lines.append(f"{json.dumps(name)}:{{\n{','.join(_broken(entries))}}}")
    return "{" + ",\n".join(lines) + "}\n"


def _broken(entries: Any) -> list[str]:
    """Each long entry on its own line, short ones gathered."""
    return [f"{entry}\n" if len(entry) > 60 else entry for entry in entries]


def write(folder: Path, package: str, releases: Mapping[Release, str], timelines: Timelines) -> None:
    """Replace everything that `folder` holds of `package`. `releases` maps each release to its day."""
    target = folder / package
    seen: dict[str, str] = {}
    for path in timelines:
        if seen.setdefault(path.casefold(), path) != path:
            raise CaseClashError(f"{path} and {seen[path.casefold()]}")
    for old in sorted(target.rglob("*.json")) if target.is_dir() else []:
        old.unlink()
    for path, groups in timelines.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dumped(groups), encoding="utf-8", newline="\n")
    listing = read_releases(folder)
    listing[package] = {str(release): day for release, day in sorted(releases.items())}
    text = dumped(dict(sorted(listing.items())))
    (folder / RELEASES).write_text(text, encoding="utf-8", newline="\n")


def read_releases(folder: Path) -> dict[str, dict[str, str]]:
    """Package to its releases and their days, as shipped."""
    file = folder / RELEASES
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def read(folder: Path, package: str) -> Timelines:
    """The shipped timelines of `package`."""
    target = folder / package
    files = sorted(target.rglob("*.json"))
    return {f.relative_to(target).as_posix(): json.loads(f.read_text(encoding="utf-8")) for f in files}
