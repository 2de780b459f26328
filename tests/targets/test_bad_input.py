"""Nothing that lies in a project folder makes the resolver raise or hang; it says what it could not read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trl_lint.model.source import Kind, Source
from trl_lint.paths import display_path
from trl_lint.targets.folder import is_manifest
from trl_lint.targets.resolver import TargetResolver

from .conftest import INDEX, Project

MANIFESTS = [
    "uv.lock", "poetry.lock", "pylock.toml", "Pipfile.lock", "pixi.lock", "requirements.txt", "pyproject.toml",
    "setup.cfg", "setup.py", "environment.yml", "Dockerfile",
]  # fmt: skip


def problems(project: Project) -> list[str]:
    return [f"{problem.place}: {problem.message}" for problem in project.target().problems]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["trl==1.9.2"\n', "pyproject.toml:2: not valid TOML: "),
        ("pyproject.toml", 'trl = 1\ntrl = 2\n[[trl]]', "pyproject.toml:2: not valid TOML: "),
        ("pyproject.toml", "trl = " + "[" * 5000, "pyproject.toml:1: not valid TOML: "),
        ("Pipfile.lock", '{"default":\n{"trl": }}', "Pipfile.lock:2: not valid JSON: Expecting value"),
        ("Pipfile.lock", '{"trl":' + "[" * 200_000, "Pipfile.lock:1: not valid JSON: "),
        ("setup.py", "deps = 1\nx = = 'trl==1.9.2'\n", "setup.py:2: not valid Python for this interpreter"),
        ("setup.py", "x = " + "(" * 5000 + "'trl'", "setup.py:1: not valid Python for this interpreter"),
        ("uv.lock", 'name = "trl"\n<<<<<<< HEAD\n', "uv.lock:2: holds an unresolved merge conflict: not read"),
        ("requirements.txt", "torch\n-r absent.txt\n", "requirements.txt:2: `absent.txt` cannot be read: No such file"),
        ("environment.yml", "- trl=abc=\n", "environment.yml:1: `=abc=` is no version specifier for trl"),
    ],
)  # fmt: skip
def test_broken_manifests(project: Project, name: str, text: str, expected: str) -> None:
    project.write(name, text)
    found = problems(project)
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_a_manifest_that_does_not_name_the_packages_is_not_parsed(project: Project) -> None:
    project.write("pyproject.toml", "[broken")
    project.write("setup.py", "def broken(")
    assert problems(project) == []


def test_files_that_cannot_be_read(project: Project) -> None:
    (project.root / "uv.lock").mkdir()
    (project.root / "setup.py").symlink_to(project.root / "absent")
    (project.root / "poetry.lock").symlink_to("poetry.lock")
    os.mkfifo(project.root / "requirements.txt")
    assert problems(project) == [
        "uv.lock:1: cannot be read: not a regular file",
        "poetry.lock:1: cannot be read: Too many levels of symbolic links",
        "requirements.txt:1: cannot be read: not a regular file",
        "setup.py:1: cannot be read: No such file or directory",
    ]


def test_a_file_without_end(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trl_lint.targets.files.LARGEST", 1_000_000)
    project.write("uv.lock", "trl " * 300_000)
    assert problems(project) == ["uv.lock:1: larger than 1 MB: not read"]


def test_a_manifest_too_large_for_a_parser(project: Project) -> None:
    project.write("pyproject.toml", "# trl " * 700_000)
    assert problems(project) == ["pyproject.toml:1: larger than 4 MB: not parsed"]


def test_a_folder_that_does_not_exist(project: Project) -> None:
    assert project.target(folder="absent/deeper").problems == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(MANIFESTS),
    st.lists(
        st.one_of(
            st.sampled_from(
                ["trl", "==1.9.2", "\n", '"', "[", "]", "{", "}", "=", "- ", ":", "name", "version", "[[package]]\n",
                 "-r ", "\\\n", "#", "pip install ", "RUN ", "dependencies", "[project]\n", "@ git+https://", "'", " "]
            ),
            st.text(max_size=4),
        ),
        max_size=25,
    ).map("".join),
)  # fmt: skip
def test_nonsense_never_raises(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(("trl " + text).encode("utf-8", "surrogatepass"))
    try:
        target = TargetResolver(INDEX, root=tmp_path, environment=[]).resolve(Source("x.py", Kind.PYTHON, ""), tmp_path)
    finally:
        path.unlink()
    assert target.trl.releases
    assert target.environments[-1].trl == target.trl.newest


@given(st.text(max_size=80), st.sampled_from([Kind.PYTHON, Kind.SHELL]))
@settings(deadline=None)
def test_inline_nonsense_never_raises(text: str, kind: Kind) -> None:
    for body in (f"pip install {text} trl{text}", f"# /// script\n# dependencies = ['trl{text}']\n# {text}\n# ///\n"):
        resolver = TargetResolver(INDEX, root=Path("/nowhere"), environment=[])
        assert resolver.resolve(Source("x", kind, body), Path("/nowhere")).environments


def test_a_long_line_of_quotes_takes_no_time(project: Project) -> None:
    project.write("Dockerfile", "RUN pip install trl " + "\"'" * 200_000)
    assert project.target().trl.assumed


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[dependency-groups]\n" + "".join(f'a{i} = ["trl=={i}.0"]\n' for i in range(30_000))),
        ("pyproject.toml", "[project]\ndependencies = [\n" + '"trl==1",\n' * 50_000 + "]"),
        ("requirements.txt", "trl>=0.1\n" * 50_000),
        ("requirements.txt", "trl==x\n" * 50_000),
        ("uv.lock", '"trl" ' * 500_000),
        ("uv.lock", '\nname = "trl"' * 100_000),
        ("pixi.lock", "".join(f"/trl-{i}.0.tar.gz\n" for i in range(50_000))),
        ("Dockerfile", "\n" * 500_000 + "trl"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)
def test_repetition_costs_no_more_than_its_length(project: Project, name: str, text: str) -> None:
    project.write(name, text)
    assert len(project.target().problems) <= 100


def test_files_that_include_each_other(project: Project) -> None:
    project.write("a/one.txt", "-r ../b/two.txt\n")
    project.write("b/two.txt", "-r ../a/one.txt\n-r two.txt\ntrl==1.9.2\n")
    project.write("requirements.txt", "-r a/one.txt\n")
    names = [path.name for path in project.resolver().dependencies(project.root)]
    assert names == ["requirements.txt", "one.txt", "two.txt"]
    assert problems(project) == []


def test_which_files_can_decide() -> None:
    assert all(is_manifest(Path("x") / name) for name in [*MANIFESTS, "requirements/dev.txt", "requirements-gpu.txt"])
    assert not any(is_manifest(Path(name)) for name in ("train.py", "requirements", "notes.txt", "package.json", ""))


def test_paths_are_shown_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert display_path(tmp_path / "here" / "a" / "b.txt") == str(Path("a/b.txt"))
    assert display_path(Path("a/../b.txt")) == "b.txt"
    assert display_path(tmp_path / "hereafter") == str(tmp_path / "hereafter")
    assert display_path(tmp_path) == str(tmp_path)
