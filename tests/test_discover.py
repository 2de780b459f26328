"""Which files are looked at, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trl_lint.configuration.loading import Configurations
from trl_lint.discover import discover


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tree(*names: str) -> None:
    for name in names:
        write(name, "")


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def found(*paths: str) -> list[str]:
    return [file.shown for file in discover(paths or ["."], Configurations()).files]


def test_kinds_and_order() -> None:
    tree("b.py", "a/z.ipynb", "a/b/c.yaml", "c.json", "d.yml", "e.txt", "f.pyc", "A.py")
    assert found() == ["A.py", "b.py", "c.json", "d.yml", "a/z.ipynb", "a/b/c.yaml"]
    assert found("a", "b.py") == ["a/z.ipynb", "a/b/c.yaml", "b.py"]


def test_each_file_once() -> None:
    tree("a/x.py", "a/b/y.py")
    assert found("a/b", "a", "a/x.py", "./a/../a/b/y.py") == ["a/b/y.py", "a/x.py"]


def test_default_exclusions_hold_below_what_is_named() -> None:
    tree("node_modules/a.py", "src/build/b.py", ".venv/c.py", "src/d.py", "build/e.py")
    assert found() == ["src/d.py"]
    assert found("build") == ["build/e.py"]


def test_a_file_that_is_named_is_always_looked_at() -> None:
    tree("notes.txt", "build/x.py", "ignored.py")
    write(".gitignore", "ignored.py\n")
    assert found("notes.txt", "build/x.py", "ignored.py") == ["notes.txt", "build/x.py", "ignored.py"]


def test_forced_exclusion_holds_for_what_is_named() -> None:
    tree("build/x.py", "y.py")
    write("trl-lint.toml", "force-exclude = true\n")
    assert found("build/x.py", "y.py", "build") == ["y.py"]


def test_configured_patterns_are_relative_to_their_file() -> None:
    tree("p/gen/a.py", "p/src/gen.py", "p/src/b.py", "p/c.txt", "q/gen/d.py")
    write("p/trl-lint.toml", 'extend-exclude = ["gen/*", "src/g*.py"]\ninclude = ["*.py", "*.txt"]\n')
    assert found() == ["p/c.txt", "p/src/b.py", "q/gen/d.py"]


def test_each_file_gets_the_nearest_configuration() -> None:
    tree("a/x.py", "b/y.py", "b/c/z.py")
    write("pyproject.toml", "[tool.trl-lint]\ntarget-trl = '1'\n")
    write("b/trl-lint.toml", "target-trl = '2'\n")
    files = discover(["."], Configurations()).files
    assert [(f.shown, f.configuration.target_trl) for f in files] == [
        ("a/x.py", "1"),
        ("b/y.py", "2"),
        ("b/c/z.py", "2"),
    ]
    assert files[1].configuration is files[2].configuration


def test_gitignore_nested_and_negated() -> None:
    tree("a.py", "out/b.py", "src/out/c.py", "src/keep/d.py", "src/gen_1.py", "src/gen_2.py", "src/sub/gen_1.py")
    write(".gitignore", "# comment\n/out\ngen_*.py\n\n")
    write("src/.gitignore", "!gen_2.py\nout/\n")
    assert found() == ["a.py", "src/gen_2.py", "src/keep/d.py"]


def test_gitignores_above_hold_up_to_the_repository() -> None:
    write(".gitignore", "*.py\n")
    tree("repo/.git/HEAD", "repo/src/pkg/a.py", "repo/src/pkg/b.yaml", "repo/src/pkg/c.json")
    write("repo/.gitignore", "*.yaml\n")
    write("repo/.git/info/exclude", "c.json\n")
    assert found("repo/src/pkg") == ["repo/src/pkg/a.py"]
    assert found("repo") == ["repo/src/pkg/a.py"]


def test_gitignores_above_hold_outside_of_a_repository_up_to_the_working_folder() -> None:
    tree("src/a.py", "src/b.yaml")
    write(".gitignore", "*.yaml\n")
    assert found("src") == ["src/a.py"]


def test_an_ignored_folder_that_is_named_is_looked_at() -> None:
    tree("out/a.py", "out/b.py")
    write(".gitignore", "out/\n")
    write("out/.gitignore", "b.py\n")
    assert found() == []
    assert found("out") == ["out/a.py"]


def test_gitignores_can_be_left_alone() -> None:
    tree("a.py")
    write(".gitignore", "a.py\n")
    write("trl-lint.toml", "respect-gitignore = false\n")
    assert found() == ["a.py"]


@pytest.mark.parametrize("text", ["!\n/\n[\na.py\n", "\ufeffa.py\r\n", "*a*a*a*a*a*a*a*a*a*a*b\na.py\n"])
def test_odd_gitignores_do_no_harm(text: str) -> None:
    tree("a.py", "b.py", "a" * 200 + ".py")
    write(".gitignore", text)
    assert "a.py" not in found()
    assert "b.py" in found()


def test_an_ignore_file_that_is_no_file_is_none() -> None:
    tree("a.py", ".gitignore/x", ".git/info/exclude/y")
    assert found() == ["a.py"]


def test_what_is_not_there_is_a_problem_and_the_rest_is_looked_at() -> None:
    tree("a.py")
    Path("dangling.py").symlink_to("nowhere.py")
    result = discover(["gone.py", "a.py", "dangling.py"], Configurations())
    assert [file.shown for file in result.files] == ["a.py"]
    assert [(problem.place.path, problem.message, problem.severity) for problem in result.problems] == [
        ("gone.py", "this path does not exist", "error"),
        ("dangling.py", "this path is a link to nothing", "error"),
    ]


def test_a_folder_that_cannot_be_read_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    tree("a.py", "closed/b.py", "open/c.py")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    result = discover(["."], Configurations())
    assert [file.shown for file in result.files] == ["a.py", "open/c.py"]
    assert [(p.place.path, p.message) for p in result.problems] == [
        ("closed", "this folder cannot be read: Permission denied")
    ]


def test_links_make_no_loops_and_no_doubles() -> None:
    tree("src/a.py", "elsewhere/b.py")
    Path("src/loop").symlink_to("..")
    Path("src/z_alias.py").symlink_to("a.py")
    Path("src/linked.py").symlink_to("../elsewhere/b.py")
    Path("src/dangling.py").symlink_to("nothing.py")
    assert found("src") == ["src/a.py", "src/linked.py"]
    assert found("src/loop/elsewhere") == ["src/loop/elsewhere/b.py"]
    problems = discover(["src"], Configurations()).problems
    assert [(problem.place.path, problem.message) for problem in problems] == [
        ("src/dangling.py", "this is a link to nothing")
    ]


def test_special_files_below_a_folder_are_passed_over() -> None:
    tree("a.py")
    os.mkfifo("pipe.py")
    assert found() == ["a.py"]


def test_paths_outside_of_the_working_folder_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree("here/x.py", "there/y.py")
    monkeypatch.chdir("here")
    assert found("../there", ".") == [str(tmp_path / "there/y.py"), "x.py"]


def test_very_deep_folders_end_in_a_file_or_a_problem(tmp_path: Path) -> None:
    here = tmp_path
    for _ in range(400):
        here = here / "d"
        here.mkdir()
    (here / "x.py").write_text("")
    assert len(found()) == 1
