"""What kind of thing a model's name is: a path, a Hub repository, or neither."""

from __future__ import annotations

import enum
import os
import re

from trl_lint.lazy import regex

MAX_NAME = 1_000
_MAX_REPOSITORY = 96  # characters; the Hub's own limit, huggingface_hub.utils.validate_repo_id
_REPOSITORY = regex(r"[A-Za-z0-9_][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)?", re.ASCII)
_REVISION = regex(r"[\w.][\w./+-]*", re.ASCII)
_DRIVE = regex(r"[A-Za-z]:[\\/]")
_PLACEHOLDER = regex(r"[${}<>\x00-\x1f]")


class Kind(enum.Enum):
    """How a name is to be looked up."""

    PATH = "path"
    REPOSITORY = "repository"
    OTHER = "other"


def kind_of(name: str) -> Kind:
    """`PATH` for what can only be a folder, `REPOSITORY` for `name` and `owner/name` (also a relative folder)."""
    if not name.strip() or len(name) > MAX_NAME or "://" in name or _PLACEHOLDER.search(name):
        return Kind.OTHER
    if name.startswith(("\\\\", "//")) and os.name == "nt":  # asking for it would open a network connection
        return Kind.OTHER
    if name.startswith(("./", "../", "/", "~", ".\\", "..\\")) or name in (".", "..") or _DRIVE.match(name):
        return Kind.PATH
    if "\\" in name or name.endswith("/") or name.count("/") > 1:
        return Kind.PATH
    return Kind.REPOSITORY if is_repository(name) else Kind.PATH


def is_repository(name: str) -> bool:
    """Whether `name` could name a repository of the Hub."""
    if len(name) > _MAX_REPOSITORY or "--" in name or ".." in name:
        return False
    return _REPOSITORY.fullmatch(name) is not None and not name.endswith((".", "-", ".git"))


def is_revision(revision: str) -> bool:
    """Whether `revision` could name a branch, tag or commit (and can be part of a path or an address)."""
    parts = revision.split("/")
    return len(revision) <= 200 and _REVISION.fullmatch(revision) is not None and not {"", ".", ".."} & set(parts)
