"""uv workspaces: one lock file above decides for the members below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from trl_lint import disk
from trl_lint.targets.claims import Reading
from trl_lint.targets.files import Document, read_document
from trl_lint.targets.readers.toml_locks import read_toml_lock


def workspace_lock(member: Path, above: Sequence[Path]) -> Reading:
    """What the nearest `uv.lock` above says, if it lists the folder `member` as part of its workspace."""
    for folder in above:
        lock = folder / "uv.lock"
        if not disk.is_file(lock):
            continue
        document = read_document(lock)
        below = re.escape(member.relative_to(folder).as_posix())
        if isinstance(document, Document) and re.search(rf'(?:editable|virtual|directory) = "{below}"', document.text):
            return read_toml_lock(document)
        return Reading()
    return Reading()
