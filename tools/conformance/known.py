"""The disagreements that are known, each with its reason."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .judge import Disagreement

FILE = Path(__file__).resolve().parents[2] / "tests" / "conformance" / "known.toml"
_FIELDS = ("case", "kind", "releases", "reason")


@dataclass(frozen=True)
class Known:
    """A case whose verdict is known to differ on some releases, and why."""

    case: str
    kind: str
    releases: str
    reason: str

    def means(self, found: Disagreement) -> bool:
        """Whether it is this one."""
        return (self.case, self.kind) == (found.case, found.kind) and self.covers(found.pair)

    def covers(self, pair: str) -> bool:
        """Whether it holds for this pair of releases: `releases` lists releases of TRL."""
        return pair.split("-")[0] in self.releases.split()


@dataclass(frozen=True)
class Told:
    """What is not known, and what is on the list but agrees."""

    unknown: Sequence[Disagreement]
    gone: Sequence[str]


def read(path: Path = FILE) -> list[Known]:
    """The list."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]

    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("disagreement", [])
    return [Known(entry["case"], entry["kind"], entry.get("releases", ""), entry["reason"]) for entry in listed]


def updated(found: Iterable[Disagreement], known: Sequence[Known], pairs: Sequence[str]) -> list[Known]:
    """The list as it should be after looking at `pairs`: what is new has no reason yet, what agrees is gone."""
    reasons = {(entry.case, entry.kind): entry.reason for entry in reversed(known)}
    looked = {pair.split("-")[0] for pair in pairs}
    releases: dict[tuple[str, str], set[str]] = {}
    for entry in known:
        releases.setdefault((entry.case, entry.kind), set()).update(set(entry.releases.split()) - looked)
    for item in found:
        releases.setdefault((item.case, item.kind), set()).add(item.pair.split("-")[0])
    return [
        Known(case, kind, " ".join(sorted(those, key=_in_order)), reasons.get((case, kind), ""))
        for (case, kind), those in sorted(releases.items())
        if those
    ]


def _in_order(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def write(known: Sequence[Known], path: Path = FILE) -> None:
    """Write the list; what stands above the first entry is kept."""
    text = path.read_text(encoding="utf-8").partition("[[disagreement]]")[0].rstrip() + "\n"
    for entry in known:
        lines = [f"{name} = {json.dumps(getattr(entry, name), ensure_ascii=False)}" for name in _FIELDS]
        text += "\n".join(["", "[[disagreement]]", *lines]) + "\n"
    path.write_text(text, encoding="utf-8")


def compare(pair: str, found: Iterable[Disagreement], known: Sequence[Known]) -> Told:
    """Set what was found in one record against the list."""
    listed = list(found)
    unknown = [item for item in listed if not any(entry.means(item) for entry in known)]
    here = [entry for entry in known if entry.covers(pair)]
    gone = [f"{entry.case}  {entry.kind}" for entry in here if not any(entry.means(item) for item in listed)]
    return Told(unknown, gone)
