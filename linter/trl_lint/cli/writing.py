"""Writing a changed source back."""

from __future__ import annotations

import sys
from pathlib import Path

from trl_lint.report.text import escape
from trl_lint.sources.document import Document


def write(path: Path, document: Document, raw: bytes) -> bool:
    """Puts `raw` in the place of `document`; where that fails, says why on standard error and leaves it as it was."""
    from trl_lint.edits.write import ChangedOnDiskError, replace_file

    try:
        replace_file(path, document.raw, raw)
    except ChangedOnDiskError:
        reason = "it has changed since it was read"
    except OSError as problem:
        reason = problem.strerror or str(problem)
    else:
        return True
    print(f"error: {escape(document.source.path)} cannot be written: {escape(reason)}", file=sys.stderr)
    return False
