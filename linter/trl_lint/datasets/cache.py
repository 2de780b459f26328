"""Features of data sets that `load_dataset` has prepared before, from the cache of `datasets`.

Layout (`datasets` 2.x to 5.x): `<cache>/<namespace>___<name>/<config>/<version>/<hash>/dataset_info.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass
from trl_lint.datasets.features import described
from trl_lint.datasets.readers.raw import UnreadableError, expanded, read_head
from trl_lint.lazy import regex

_NAME = regex(r"[\w.-]+(?:/[\w.-]+)?")
_MAX_INFO = 1_000_000
_MAX_ENTRIES = 50


@dataclass(frozen=True)
class Cached:
    """The columns that a cache entry holds, and its configuration."""

    columns: Mapping[str, str]
    configuration: str


def find_cached(name: str, configuration: str | None, env: Mapping[str, str]) -> Cached | None:
    """The columns of a Hub data set, if all cached entries of this configuration (None: any) agree on them."""
    if not _NAME.fullmatch(name) or ".." in name:
        return None
    base = _cache_folder(env) / name.replace("/", "___")
    found: list[Cached] = []
    try:
        for info in _infos(base):
            chosen = info.relative_to(base).parts[0]
            if configuration in (None, chosen):
                columns = read_info(info)
                if columns is None:
                    return None
                found.append(Cached(columns, chosen))
    except OSError:
        return None
    return found[0] if found and all(entry.columns == found[0].columns for entry in found) else None


def read_info(path: Path) -> dict[str, str] | None:
    """The columns in a `dataset_info.json`; None where it cannot be read or says none."""
    try:
        head = read_head(path, _MAX_INFO)
        document = json.loads(head.text()) if head.whole else None
    except (UnreadableError, ValueError, RecursionError):
        return None
    return described(document.get("features")) if isinstance(document, dict) else None


def _cache_folder(env: Mapping[str, str]) -> Path:
    """As `datasets.config` finds it."""
    if env.get("HF_DATASETS_CACHE"):
        return expanded(env["HF_DATASETS_CACHE"])
    home = env.get("HF_HOME") or f"{env.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    return expanded(home) / "datasets"


def _infos(base: Path) -> list[Path]:
    level = [base]
    for _ in range(3):
        level = [Path(entry.path) for folder in level for entry in disk.entries(folder) if entry.is_dir()][
            :_MAX_ENTRIES
        ]
    return [folder / "dataset_info.json" for folder in level]
