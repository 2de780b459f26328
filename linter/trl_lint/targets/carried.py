"""TRL's own source in a project: TRL itself, or a copy that an import finds before any installed release."""

from __future__ import annotations

import re
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

_VERSION = regex(r"""^__version__\s*=\s*["']([^"']+)["']""", re.M)
_PLAIN = regex(r"\d[\w.+-]*")
_LIMIT = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """`file` is the package's `__init__.py`; `version` what the copy says of itself, empty where it says nothing."""

    file: Path
    version: str


def find_copy(folder: Path) -> Copy | None:
    """The copy in `folder`; None where there is none.

    A folder that is merely called `trl` is not one, nor is a part of a larger package (`other.trl`).
    """
    package = folder / "trl"
    file = package / "__init__.py"
    if not disk.is_file(file) or not disk.is_file(package / "trainer" / "__init__.py"):
        return None
    if disk.is_file(folder / "__init__.py"):
        return None
    stated = _VERSION.search(_text(file))
    if stated is not None:
        return Copy(file, stated[1])
    plain = [_text(path / "VERSION").strip() for path in (package, folder)]
    return Copy(file, next((text for text in plain if _PLAIN.fullmatch(text)), ""))


def _text(path: Path) -> str:
    try:
        return disk.head(path, _LIMIT).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
