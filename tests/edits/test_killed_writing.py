"""A kill at any point of writing leaves the old file or the new one, whole."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from trl_lint.edits.write import replace_file

OLD, NEW = b"old " * 5000, b"new " * 7000
MOST = 500  # calls of C functions in one writing; far fewer are made


def killed_at(call: int, path: Path) -> bool:
    """Write in a child that is killed as it begins (or ends) its `call`-th call of a C function; whether it was."""
    child = os.fork()
    if child == 0:
        left = [call]

        def count(frame: Any, event: str, argument: object) -> None:
            if event in ("c_call", "c_return"):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        replace_file(path, OLD, NEW)
        sys.setprofile(None)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill a child at an exact place")
def test_a_kill_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    seen = []
    for call in range(MOST):
        path.write_bytes(OLD)
        path.chmod(0o640)
        killed = killed_at(call, path)
        content = path.read_bytes()
        assert content in (OLD, NEW)
        assert path.stat().st_mode & 0o777 == 0o640
        seen.append(content == NEW)
        if not killed:
            break
    assert not killed
    assert len(seen) > 20
    # Once it is the new file it stays so.
    assert seen == sorted(seen)
    assert seen[-2]
