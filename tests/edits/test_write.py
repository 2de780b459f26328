"""Writing: in one step, the mode kept, links followed, nothing over a file that has changed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from trl_lint.edits.write import ChangedOnDiskError, replace_file


def test_bytes_are_replaced_and_the_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\r\n")
    path.chmod(0o750)
    replace_file(path, b"old\r\n", b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert [p.name for p in tmp_path.iterdir()] == ["a.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.py"
    target.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to(target)
    replace_file(link, b"old", b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("now", [b"olD", b"longer"])
def test_a_changed_file_is_left_alone(tmp_path: Path, now: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(now)
    with pytest.raises(ChangedOnDiskError):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == now
    assert len(list(tmp_path.iterdir())) == 1


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    if os.access(path, os.W_OK):
        pytest.skip("this user may write everything")
    with pytest.raises(PermissionError):
        replace_file(path, b"old", b"new")


def test_equal_bytes_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x")
    before = path.stat().st_ino
    replace_file(path, b"x", b"x")
    assert path.stat().st_ino == before
