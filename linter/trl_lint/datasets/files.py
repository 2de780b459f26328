"""Which local files a data set is made of, as `datasets` finds them: names, globs, folders, splits by name.

The split words and their order of precedence are those of `datasets.data_files` (5.2.0).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass, field
from trl_lint.datasets.readers.raw import UnreadableError, expanded
from trl_lint.lazy import regex

_MAX_ENTRIES = 20_000
_MAX_DEPTH = 12
_MAX_PATTERN = 1_000
_IGNORED = frozenset(
    {"README.md", "config.json", "dataset_info.json", "dataset_infos.json", "dummy_data.zip", "dataset_dict.json"}
)
_SPLIT_WORDS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "dev", "val"),
    "test": ("test", "testing", "eval", "evaluation"),
}
_SHARDED = regex(r"data/([^/]*)-[0-9]{5}-of-[0-9]{5}[^/]*\.[^/]*")
_WORD = {split: regex(rf"(?:^|[-._ 0-9])(?:{'|'.join(words)})(?:[-._ 0-9]|$)") for split, words in _SPLIT_WORDS.items()}
_EXTENSIONS = {
    "csv": "csv",
    "tsv": "csv",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "parquet": "parquet",
    "txt": "text",
    **dict.fromkeys(("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"), "imagefolder"),
    **dict.fromkeys(("arrow", "tar", "zip", "xml", "h5", "hdf5", "wav", "mp3", "flac", "mp4", "pdf"), "other"),
}


@dataclass
class _Budget:
    left: int = field(default=_MAX_ENTRIES)

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise UnreadableError("holds too many files")


def find(pattern: str, roots: Sequence[Path]) -> list[Path]:
    """The files that a name or a glob means, in the first of `roots` that has any. Raises UnreadableError."""
    if "://" in pattern or "::" in pattern:
        raise UnreadableError("is not a local file")
    if len(pattern) > _MAX_PATTERN or "\0" in pattern:
        raise UnreadableError("is no file name")
    name = str(expanded(pattern))
    for root in roots:
        if disk.is_file(root / name):
            return [root / name]
    if any(character in name for character in "*?["):
        for root in roots:
            found = sorted(_glob(root, name))
            if found:
                return found
    raise UnreadableError("is a folder" if folder(pattern, roots) else "does not exist here")


def folder(name: str, roots: Sequence[Path]) -> Path | None:
    """The folder of this name in the first of `roots` that has it."""
    if "://" in name or "\0" in name or not name or len(name) > _MAX_PATTERN:
        return None
    try:
        return next((root / expanded(name) for root in roots if disk.is_dir(root / expanded(name))), None)
    except OSError:
        return None


def _glob(root: Path, pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    base = Path(path.anchor) if path.is_absolute() else root
    segments = [segment for segment in path.parts if segment != path.anchor]
    if len(segments) > _MAX_DEPTH:
        raise UnreadableError("is too deep a pattern")
    found = _expand(base, segments, _Budget(), _MAX_DEPTH)
    return (item for item in dict.fromkeys(found) if item.name not in _IGNORED and disk.is_file(item))


def _expand(base: Path, segments: list[str], budget: _Budget, depth: int) -> Iterator[Path]:
    budget.spend()
    if not segments:
        yield base
        return
    if depth <= 0:
        return
    segment, rest = segments[0], segments[1:]
    if segment == "**":
        yield from _expand(base, rest or ["*"], budget, depth - 1)
        for entry in _entries(base, budget):
            if entry.is_dir(follow_symlinks=False) and not _is_hidden(entry.name):
                yield from _expand(base / entry.name, segments, budget, depth - 1)
    elif any(character in segment for character in "*?["):
        for entry in _entries(base, budget):
            if fnmatchcase(entry.name, segment) and (segment.startswith((".", "__")) or not _is_hidden(entry.name)):
                yield from _expand(base / entry.name, rest, budget, depth - 1)
    else:
        yield from _expand(base / segment, rest, budget, depth - 1)


def _entries(base: Path, budget: _Budget) -> list[os.DirEntry[str]]:
    try:
        found = disk.entries(base)
    except (OSError, ValueError):
        return []
    for _ in found:
        budget.spend()
    return found


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__"))


def listing(base: Path) -> list[str]:
    """The data files below a folder, as relative paths in order. Raises UnreadableError."""
    budget = _Budget()
    found: list[str] = []
    pending: list[tuple[Path, str, int]] = [(base, "", 0)]
    while pending:
        here, prefix, depth = pending.pop()
        for entry in _entries(here, budget):
            if _is_hidden(entry.name):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < _MAX_DEPTH:
                        pending.append((here / entry.name, f"{prefix}{entry.name}/", depth + 1))
                elif entry.is_file() and entry.name not in _IGNORED:
                    found.append(prefix + entry.name)
            except OSError:
                continue
    return sorted(found)


def by_split(names: Sequence[str]) -> dict[str, list[str]]:
    """The files of a folder by split: shards named for it, else folders, else file names, else all are `train`."""
    sharded: dict[str, list[str]] = {}
    for name in names:
        match = _SHARDED.fullmatch(name)
        if match:
            sharded.setdefault(match[1], []).append(name)
    if sharded:
        return sharded
    folders = _by_word({name: name.split("/")[:-1] for name in names})
    return folders or _by_word({name: name.split("/")[-1:] for name in names}) or {"train": list(names)}


def _by_word(parts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found = {
        split: [name for name, texts in parts.items() if any(word.search(text) for text in texts)]
        for split, word in _WORD.items()
    }
    return {split: names for split, names in found.items() if names}


def extension(name: str) -> str:
    """The extension that tells the format: `jsonl` for `a.jsonl` and `a.jsonl.gz`."""
    suffixes = name.rpartition("/")[2].lower().split(".")[1:]
    return next((suffix for suffix in reversed(suffixes) if suffix in _EXTENSIONS), "")


def builder_of(names: Sequence[str]) -> str:
    """The builder that the extensions tell. Raises UnreadableError where they differ or tell none."""
    found = {_EXTENSIONS[known] for name in names if (known := extension(name))}
    if "imagefolder" in found and all(n.rpartition("/")[2].startswith("metadata.") for n in names if not is_image(n)):
        return "imagefolder"
    if len(found) > 1:
        raise UnreadableError("holds files of several kinds")
    if not found:
        raise UnreadableError("holds no data files")
    return found.pop()


def is_image(name: str) -> bool:
    """Whether the name is that of a picture."""
    return _EXTENSIONS.get(extension(name)) == "imagefolder"


def has_own_configuration(base: Path) -> bool:
    """Whether the folder's card says which files belong to which split."""
    try:
        head = disk.head(base / "README.md", 20_000).decode("utf-8", "replace").replace("\r\n", "\n")
    except (OSError, ValueError):
        return disk.exists(base / ".huggingface.yaml")
    front = head.split("\n---", 1)[0] if head.startswith("---") else ""
    return bool(re.search(r"^configs\s*:", front, re.MULTILINE))
