"""Reading the metadata of a model folder on disk. Never follows into other folders, never reads weights."""

from __future__ import annotations

from pathlib import Path

from trl_lint import disk
from trl_lint.artifacts.metadata import JSON_FILES, TEMPLATE, TEMPLATE_FOLDER, Metadata, size_limit, wanted
from trl_lint.artifacts.reading import UnreadableError, is_dir, read_bytes
from trl_lint.dataclass import dataclass

_MAX_ENTRIES = 20_000
_WEIGHTS = (".safetensors", ".bin", ".gguf", ".pt", ".pth")


@dataclass(frozen=True)
class Folder:
    """What a folder holds; `listed` is False where not all its entries could be seen."""

    path: Path
    metadata: Metadata
    listed: bool
    dangling: frozenset[str]

    @property
    def tokenizer_json(self) -> str | None:
        """The path of `tokenizer.json`, if it is there."""
        return str(self.path / "tokenizer.json") if "tokenizer.json" in self.metadata.files else None

    @property
    def is_model(self) -> bool:
        """Whether anything in it is a file of a model, tokenizer or processor."""
        known = {*JSON_FILES, TEMPLATE, "tokenizer.json", "tokenizer.model"}
        return any(file in known or file.endswith(_WEIGHTS) for file in self.metadata.files)


def read_folder(path: Path) -> Folder:
    """List `path` and read its metadata files. Whatever goes wrong is in `metadata.problems`."""
    metadata = Metadata()
    names, dangling, listed = _entries(path, metadata.problems)
    metadata.files.update(names)
    if is_dir(path / TEMPLATE_FOLDER):
        extra, _, _ = _entries(path / TEMPLATE_FOLDER, metadata.problems)
        metadata.files.update(f"{TEMPLATE_FOLDER}/{name}" for name in extra if name.endswith(".jinja"))
    for file in wanted(metadata.files):
        _read_into(metadata, path, file)
    cared = {*JSON_FILES, TEMPLATE, "tokenizer.json"}
    metadata.problems += [f"{path / name} is a link to a file that is gone" for name in sorted(dangling & cared)]
    return Folder(path, metadata, listed, frozenset(dangling))


def _read_into(metadata: Metadata, path: Path, file: str) -> None:
    try:
        content = read_bytes(path / file, size_limit(file))
    except UnreadableError as error:
        metadata.problems.append(f"{path / file} {error}")
    else:
        metadata.add(file, content, str(path / file))


def _entries(path: Path, problems: list[str]) -> tuple[set[str], set[str], bool]:
    """The files of `path`, its dangling links, and whether all entries were seen."""
    files: set[str] = set()
    dangling: set[str] = set()
    try:
        for count, entry in enumerate(disk.entries(path)):
            if count >= _MAX_ENTRIES:
                problems.append(f"{path} holds more than {_MAX_ENTRIES} entries; the rest was not looked at")
                return files, dangling, False
            if entry.is_symlink() and not disk.exists(entry.path):
                dangling.add(entry.name)
            elif not entry.is_dir():
                files.add(entry.name)
    except OSError as error:
        problems.append(f"{path} cannot be listed: {error.strerror or type(error).__name__}")
        return files, dangling, False
    return files, dangling, True
