"""Fenced blocks that hold a file of the repository.

<!-- content: examples/founding-case/train.py -->
```python
(made anew)
```
"""

from __future__ import annotations

from pathlib import Path

from .outputs import with_blocks


def with_contents(text: str, root: Path) -> str:
    """`text` with each block below a content marker made anew. Raises ValueError where there is no such file."""
    return with_blocks(text, "content", lambda name: _read(root, name))


def _read(root: Path, name: str) -> str:
    try:
        return (root / name).read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{name}: {error.strerror}") from error
