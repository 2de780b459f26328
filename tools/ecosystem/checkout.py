"""The files of a public repository at a pinned commit, in a folder of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PINNED = Path(__file__).with_name("repositories.txt")
_ADDRESS = "https://github.com/{name}.git"
_MAX_BYTES = 8_000_000  # of one file; larger ones are data
_REGULAR, _EXECUTABLE = b"100644", b"100755"


@dataclass(frozen=True)
class Repository:
    """`name` is owner/name, `commit` the pinned one."""

    name: str
    commit: str

    @property
    def folder(self) -> str:
        """The name of its folder: `owner+name`."""
        return self.name.replace("/", "+")


@dataclass(frozen=True, slots=True)
class _Blob:
    path: str
    identifier: bytes
    mode: int


def pinned(path: Path = PINNED) -> tuple[Repository, ...]:
    """The repositories that the file lists, one `owner/name commit` a line; `#` begins a comment."""
    lines = (line.partition("#")[0].split() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(Repository(*words) for words in lines if words)


def checkout(repository: Repository, into: Path, clones: Path | None) -> Path:
    """The folder below `into` that holds the files; written unless it is there already.

    `clones` is a folder with clones (`owner+name`, bare or not); without it, the repository is cloned from GitHub.
    Files that the clone lacks, links and very large files are left out. Raises CalledProcessError where git fails.
    """
    folder = into / repository.folder / repository.commit[:12]
    if folder.is_dir():
        return folder
    clone = clones / repository.folder if clones is not None else _cloned(repository, into)
    unfinished = folder.with_suffix(".part")
    for blob, content in _contents(clone, list(_blobs(clone, repository.commit))):
        path = unfinished / blob.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(blob.mode)
    unfinished.mkdir(parents=True, exist_ok=True)
    # A project of its own: nothing above it says which releases it uses.
    subprocess.run(["git", "init", "--quiet", unfinished], check=True)
    return unfinished.rename(folder)


def _cloned(repository: Repository, into: Path) -> Path:
    clone = into / "clones" / repository.folder
    if not clone.is_dir():
        address = _ADDRESS.format(name=repository.name)
        subprocess.run(["git", "clone", "--quiet", "--bare", address, clone], check=True)
    return clone


def _blobs(clone: Path, commit: str) -> Iterator[_Blob]:
    listing = _git(clone, "ls-tree", "-r", "-z", "--long", commit)
    for entry in listing.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        words = head.split()
        if not words or words[0] not in (_REGULAR, _EXECUTABLE) or not words[3].isdigit():
            continue
        if int(words[3]) <= _MAX_BYTES:
            yield _Blob(os.fsdecode(path), words[2], 0o755 if words[0] == _EXECUTABLE else 0o644)


def _contents(clone: Path, blobs: list[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
    """Each blob that the clone has, in one call of git."""
    asked = b"".join(blob.identifier + b"\n" for blob in blobs)
    answer = memoryview(_git(clone, "cat-file", "--batch", stdin=asked))
    start = 0
    for blob in blobs:
        end = start + bytes(answer[start : start + 200]).index(b"\n")
        head = bytes(answer[start:end]).split()
        start = end + 1
        if head[-1] == b"missing":
            continue
        size = int(head[2])
        yield blob, bytes(answer[start : start + size])
        start += size + 1


def _git(clone: Path, *words: str, stdin: bytes = b"") -> bytes:
    folder = clone / ".git" if (clone / ".git").is_dir() else clone / "repo" if (clone / "repo").is_dir() else clone
    command = ["git", f"--git-dir={folder}", *words]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout
