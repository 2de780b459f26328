"""Which files of a project a script sees, and which it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.model.source import Kind
from trl_lint.project_files import LARGEST, FileCache, ProjectFiles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "project/pyproject.toml": "",
        "project/shared.py": "",
        "project/src/pkg/__init__.py": "",
        "project/src/pkg/inner.py": "",
        "project/scripts/train.py": "",
        "project/scripts/config.py": "",
        "project/scripts/conf/a.yaml": "a: 1",
        "project/b.json": "{}",
        "outside.py": "",
        "outside.yaml": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def files(root: Path) -> ProjectFiles:
    return ProjectFiles("scripts/train.py", root / "scripts")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("config", "scripts/config.py"),
        ("shared", "shared.py"),
        ("pkg", "src/pkg/__init__.py"),
        ("pkg.inner", "src/pkg/inner.py"),
        ("gone", None),
        ("outside", None),
    ],
)
def test_modules_lie_beside_the_script_or_above_it(root: Path, name: str, path: str | None) -> None:
    source = files(root).module(name, 0, "scripts/train.py")
    assert (source.path if source else None) == path


def test_relative_imports_are_seen_from_their_own_file(root: Path) -> None:
    found = files(root)
    package = found.module("pkg", 0, "scripts/train.py")
    assert package is not None
    inner = found.module("inner", 1, package.path)
    assert inner is not None
    assert inner.path == "src/pkg/inner.py"
    assert found.module("", 1, inner.path) is not None
    assert found.module("outside", 3, "scripts/train.py") is None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("conf/a.yaml", "scripts/conf/a.yaml"),
        ("b.json", "b.json"),
        ("../b.json", "b.json"),
        ("../../outside.yaml", None),
        ("/etc/hosts.yaml", None),
        ("shared.py", None),
        ("a\0.yaml", None),
    ],
)
def test_config_files_lie_inside_the_project(root: Path, path: str, shown: str | None) -> None:
    source = files(root).data(path)
    assert (source.path if source else None) == shown


def test_a_file_is_read_again_when_it_has_changed(root: Path) -> None:
    cache, path = FileCache(), root / "b.json"
    first = cache.source(path, "b.json", Kind.JSON)
    assert first is cache.source(path, "b.json", Kind.JSON)
    path.write_text('{"longer": 1}')
    second = cache.source(path, "b.json", Kind.JSON)
    assert second is not None
    assert second.text == '{"longer": 1}'


def test_large_files_and_folders_are_left_out(root: Path) -> None:
    (root / "large.py").write_text("#" * (LARGEST + 1))
    (root / "folder.py").mkdir()
    assert files(root).module("large", 0, "scripts/train.py") is None
    assert files(root).module("folder", 0, "scripts/train.py") is None
