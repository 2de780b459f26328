"""The folder of a cache may hold anything, and be written by many."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trl_lint.cache import store as stores
from trl_lint.cache.store import Store
from trl_lint.digests import digest

NAME = digest("a")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "cache")
    assert store.prepare()
    return store


def files(store: Store) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file() and path.parent != store.folder)


def test_what_is_put_is_there(store: Store) -> None:
    assert store.get(NAME) is None
    store.put(NAME, b"content")
    assert store.get(NAME) == b"content"
    store.put(NAME, b"other")
    assert Store(store.folder).get(NAME) == b"other"
    assert len(files(store)) == 1


def test_version_control_and_backups_pass_it_by(store: Store) -> None:
    assert (store.folder / ".gitignore").read_text() == "*\n"
    tag = (store.folder / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_anything_else_is_nothing(store: Store, raw: bytes) -> None:
    store.put(NAME, b"content")
    (file,) = files(store)
    if raw != file.read_bytes():
        file.write_bytes(raw)
        assert store.get(NAME) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 48), st.integers(1, 255))
def test_a_changed_or_missing_byte_is_seen(store: Store, at: int, change: int) -> None:
    store.put(NAME, b"content")
    (file,) = files(store)
    raw = file.read_bytes()
    at %= len(raw)
    if raw[at] != ord("\n"):
        file.write_bytes(raw[:at] + bytes([raw[at] ^ change]) + raw[at + 1 :])
        assert store.get(NAME) is None
    file.write_bytes(raw[:at])
    assert store.get(NAME) is None


def test_what_was_put_under_another_name_is_nothing(store: Store) -> None:
    store.put(NAME, b"content")
    (file,) = files(store)
    other = digest("b")
    (store.folder / other[:2]).mkdir(exist_ok=True)
    file.rename(store.folder / other[:2] / other[2:])
    assert store.get(other) is None


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file")
    assert not store.prepare()
    store.put(NAME, b"content")
    store.shrink()
    assert store.get(NAME) is None
    assert not store.remove()
    assert (tmp_path / "file").read_text() == ""


def test_folders_and_links_in_the_place_of_files(store: Store) -> None:
    place = store.folder / NAME[:2] / NAME[2:]
    place.mkdir(parents=True)
    store.put(NAME, b"content")
    store.shrink()
    assert store.get(NAME) is None
    place.rmdir()
    place.symlink_to("/etc/hostname")
    store.put(NAME, b"content")
    assert store.get(NAME) == b"content"
    assert not place.is_symlink()


def test_what_was_not_used_for_longest_goes_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_MOST_FILES", 8)
    names = [digest(str(number)) for number in range(9)]
    for age, name in enumerate(names):
        store.put(name, b"content")
        path = store.folder / name[:2] / name[2:]
        os.utime(path, (time.time() - 1_000_000 + age, time.time() - 1_000_000 + age))
    assert store.get(names[0]) == b"content"  # used now
    store.shrink()
    left = [name for name in names if store.get(name)]
    assert left == [names[0], *names[4:]]
    monkeypatch.setattr(stores, "_MOST_BYTES", 10)
    store.shrink()
    assert len(files(store)) == 0


def test_only_a_cache_is_removed(store: Store, tmp_path: Path) -> None:
    assert store.remove()
    assert not store.folder.exists()
    assert not store.remove()
    (tmp_path / "mine").mkdir()
    assert not Store(tmp_path / "mine").remove()
    assert (tmp_path / "mine").is_dir()
