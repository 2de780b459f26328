"""The Hugging Face cache, read directly.

Layout: `models--OWNER--NAME/refs/REVISION` holds a commit, `snapshots/COMMIT/` the files (links into
`blobs/`), `.no_exist/COMMIT/` an empty file for each file that was asked for and does not exist.
Source: "Understand caching" in the documentation of huggingface_hub, and `try_to_load_from_cache` there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trl_lint import disk
from trl_lint.artifacts.folder import Folder, read_folder
from trl_lint.artifacts.names import is_repository, is_revision
from trl_lint.artifacts.reading import UnreadableError, is_dir, read_bytes
from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

_COMMIT = regex(r"[0-9a-f]{6,64}")
_MAX_REF = 200  # bytes
_MAX_ABSENT = 1_000


@dataclass(frozen=True)
class Snapshot:
    """One cached revision of a repository."""

    folder: Folder
    commit: str
    complete: bool
    absent: frozenset[str]
    problems: tuple[str, ...]


def expand_home(path: str, environ: Mapping[str, str]) -> Path:
    """`path` with `~` replaced by the home folder that `environ` names."""
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if home and (path == "~" or path.startswith(("~/", "~\\"))):
        return Path(home, path[2:])
    try:
        return Path(path).expanduser()
    except RuntimeError:  # no such user
        return Path(path)


def cache_roots(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders that can hold cached models, the one that huggingface_hub uses first.

    `TRANSFORMERS_CACHE` is where transformers 4 looks when it is set.
    """
    home = environ.get("HF_HOME") or str(Path(environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface"))
    hub = environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE") or str(Path(home, "hub"))
    roots = [hub, environ.get("TRANSFORMERS_CACHE")]
    return tuple(dict.fromkeys(expand_home(root, environ) for root in roots if root))


def find_snapshot(root: Path, name: str, revision: str | None) -> Snapshot | None:
    """The cached `revision` (by default `main`) of the repository `name`, or None."""
    if not is_repository(name) or not is_revision(revision or "main"):
        return None
    repository = root / ("models--" + name.replace("/", "--"))
    if not is_dir(repository):
        return None
    commit, problems = _commit(repository, revision)
    if commit is None or not is_dir(repository / "snapshots" / commit):
        return None
    folder = read_folder(repository / "snapshots" / commit)
    if not folder.metadata.files:
        return None
    # transformers fetches single files and never this one: where it lies, the whole repository was downloaded.
    complete = folder.listed and not folder.dangling and ".gitattributes" in folder.metadata.files
    return Snapshot(folder, commit, complete, _absent(repository / ".no_exist" / commit), problems)


def _commit(repository: Path, revision: str | None) -> tuple[str | None, tuple[str, ...]]:
    if revision is not None and _COMMIT.fullmatch(revision) and is_dir(repository / "snapshots" / revision):
        return revision, ()
    try:
        text = read_bytes(repository / "refs" / (revision or "main"), _MAX_REF).decode("ascii", "replace").strip()
    except UnreadableError:
        return _only_snapshot(repository) if revision is None else (None, ())
    return (text, ()) if _COMMIT.fullmatch(text) else (None, ())


def _only_snapshot(repository: Path) -> tuple[str | None, tuple[str, ...]]:
    """The snapshot to read where `refs/main` is missing: it is clear only where there is just one."""
    try:
        names = [name for name in disk.names(repository / "snapshots") if _COMMIT.fullmatch(name)]
    except OSError:
        return None, ()
    if len(names) != 1:
        return None, ()
    return names[0], (f"{repository} has no refs/main; its only snapshot was read",)


def _absent(folder: Path) -> frozenset[str]:
    """The names of the files that were asked for and do not exist."""
    try:
        return frozenset(disk.names(folder)[:_MAX_ABSENT])
    except OSError:
        return frozenset()
