"""Known findings, written down in a file, so that only new ones are reported.

A finding is known by its rule, its file and what its line says (`trl_lint.report.identity`), and by how many such there
are. Paths are relative to the folder of the file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Finding
from trl_lint.paths import display_path
from trl_lint.report.identity import Identity, identity
from trl_lint.report.places import Places
from trl_lint.report.texts import Texts

VERSION = 1
_MOST_BYTES = 64 << 20
_INTERNAL = "TRL002"  # a defect of the linter is never known


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings that the baseline does not know, how many it knows, and what it knows in vain, with the surplus."""

    new: tuple[Finding, ...]
    known: int
    stale: Mapping[Identity, int]


class Baseline:
    """The counts of a baseline file at `path`, by identity."""

    def __init__(self, path: Path, counts: Mapping[Identity, int] | None = None) -> None:
        self.path = path
        self.folder = path.absolute().parent
        self.counts = dict(counts or {})

    def identities(self, findings: Sequence[Finding], texts: Texts) -> list[Identity]:
        """The identity of each finding, its path relative to the folder of the baseline."""
        path_of = Places(texts, self.folder).path
        return [identity(finding, texts, path_of) for finding in findings]

    def compare(self, findings: Sequence[Finding], texts: Texts, checked: Iterable[str]) -> Compared:
        """Which `findings` are new. `checked` are the files looked at, whose other entries are stale, as are those of
        files that are no more."""
        left = Counter(self.counts)
        new = []
        for finding, key in zip(findings, self.identities(findings, texts), strict=True):
            if left[key] > 0 and finding.code != _INTERNAL:
                left[key] -= 1
            else:
                new.append(finding)
        path_of = Places(texts, self.folder).path
        seen = {path_of(path) for path in checked} | {path_of(finding.place.path) for finding in findings}
        stale = {
            key: count
            for key, count in sorted(left.items())
            if count > 0 and (key.path in seen or not (self.folder / key.path).exists())
        }
        return Compared(tuple(new), len(findings) - len(new), stale)

    def pruned(self, stale: Mapping[Identity, int]) -> Baseline:
        """This baseline without what is `stale`."""
        counts = Counter(self.counts)
        counts.subtract(stale)
        return Baseline(self.path, {key: count for key, count in counts.items() if count > 0})

    def with_new(self, findings: Sequence[Finding], texts: Texts) -> Baseline:
        """This baseline with `findings` besides."""
        counts = Counter(self.counts)
        counts.update(
            key
            for finding, key in zip(findings, self.identities(findings, texts), strict=True)
            if finding.code != _INTERNAL
        )
        return Baseline(self.path, counts)

    def text(self) -> str:
        """What the file holds: one line for each entry, in order, so that merges of branches meet few conflicts."""
        lines = [
            json.dumps({"path": key.path, "rule": key.rule, "line": key.line, "count": count})
            for key, count in sorted(self.counts.items())
        ]
        inside = ",\n  ".join(lines)
        return f'{{"version": {VERSION}, "findings": [{f"{chr(10)}  {inside}{chr(10)}" if lines else ""}]}}\n'


def read(path: Path) -> Baseline:
    """The baseline at `path`. Raises ConfigurationError for a file that is none."""
    name = display_path(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError(name, 0, f"larger than {_MOST_BYTES >> 20} MiB")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        reason = problem.strerror or problem
        raise ConfigurationError(name, 0, f"the baseline cannot be read: {reason}; see `trl-lint baseline`") from None
    except (ValueError, RecursionError):
        raise ConfigurationError(name, 0, "this is no baseline: it is not JSON") from None
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise ConfigurationError(name, 0, f"this is no baseline of version {VERSION}")
    counts: Counter[Identity] = Counter()
    for entry in data["findings"] if isinstance(data.get("findings"), list) else [None]:
        key, count = _entry(entry, name)
        counts[key] += count
    return Baseline(path, counts)


def _entry(entry: Any, name: str) -> tuple[Identity, int]:
    if isinstance(entry, dict):
        words = [entry.get(key) for key in ("path", "rule", "line")]
        count = entry.get("count")
        if all(isinstance(word, str) for word in words) and isinstance(count, int) and count > 0:
            path, rule, line = map(str, words)
            return Identity(path, rule, line), count
    raise ConfigurationError(name, 0, "this is no baseline: an entry lacks path, rule, line or count")
