"""Questions to the file system: kept with their answers, and asked in one place only."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import trl_lint
import trl_lint_rules
from trl_lint import disk
from trl_lint.engine import Engine

ENGINE, RULES = Path(trl_lint.__file__).parent, Path(trl_lint_rules.__file__).parent
# What finds the files to check, writes, reports or serves: no verdict hangs on what these read beyond the cache's key.
OUTSIDE = {
    *("baseline.py", "cache", "cli", "configuration", "discover.py", "disk.py", "edits", "expand.py", "fixer.py"),
    *("flake8_plugin.py", "importers.py", "packs", "preview", "report", "server", "testing", "upgrade"),
}
ALLOWED = {
    "trl_lint/opening.py:stat": "the file that is checked itself",
    "trl_lint/sources/read.py:is_dir": "the file that is checked itself",
    "trl_lint/sources/read.py:is_symlink": "the file that is checked itself",
    "trl_lint/project_files.py:stat": "says when to read a file again, not what is in it",
    "trl_lint/datasets/readers/read.py:stat": "says when to read a file again; the readers ask for its size",
    "trl_lint/datasets/readers/raw.py:open": "gzip, after `disk.touch`",
    "trl_lint/datasets/readers/json_file.py:open": "reads here and there, after `disk.touch`",
    "trl_lint_rules/facts/store.py:open": "the pack's own data",
    "trl_lint_rules/facts/source_tree.py:walk": "for --facts-from, with which nothing is cached",
}
ASKING = {
    *("open", "stat", "lstat", "is_file", "is_dir", "exists", "lexists", "is_symlink", "read_text", "read_bytes"),
    *("iterdir", "glob", "rglob", "scandir", "listdir", "walk", "isfile", "isdir", "islink", "getsize", "getmtime"),
    *("realpath", "readlink", "resolve", "samefile", "access"),
}


def test_what_a_verdict_hangs_on_is_asked_through_one_module() -> None:
    found = {
        f"{file.relative_to(root.parent).as_posix()}:{name}"
        for root in (ENGINE, RULES)
        for file in root.rglob("*.py")
        if root is RULES or file.relative_to(root).parts[0] not in OUTSIDE
        for name in asked(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found - ALLOWED.keys() == set(), "use trl_lint.disk (rules: trl_lint.api.disk), or cached verdicts go stale"
    assert ALLOWED.keys() - found == set(), "these are gone: take them off the list"


def asked(tree: ast.AST) -> Iterator[str]:
    """Calls that look at files, but for those of `disk` and those of entries that it gave."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            yield "open"
        if isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            receiver = ast.unparse(node.func.value)
            # A path is resolved without arguments; a syntax tree is walked too.
            other = (node.func.attr == "resolve" and node.args) or receiver == "ast"
            if receiver not in ("disk", "entry") and not other:
                yield node.func.attr


EVERY = {"head", "whole", "size", "kind", "there", "names", "entries"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\r\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("a.txt")
    (tmp_path / "away").symlink_to("nowhere")
    yield tmp_path
    forget()


def forget() -> None:
    disk._answers, disk._doubtful, disk._too_late = None, False, False


def both(ask: Callable[[], object]) -> object:
    """The answer or the error, with a record and without: the same."""

    def told() -> object:
        try:
            return ask()
        except (OSError, ValueError) as error:
            return type(error)

    forget()
    before = told()
    assert disk.record()
    assert told() == before
    return before


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda folder: disk.is_file(folder / "a.txt"), True),
        (lambda folder: disk.is_file(folder / "empty"), False),
        (lambda folder: disk.is_dir(folder / "empty"), True),
        (lambda folder: disk.is_file(folder / "absent"), False),
        (lambda folder: disk.is_file("nul\0"), False),
        (lambda folder: disk.exists(folder / "away"), False),
        (lambda folder: disk.lexists(folder / "away"), True),
        (lambda folder: disk.size(folder / "link"), 10),
        (lambda folder: disk.size(folder / "empty"), disk.IrregularFileError),
        (lambda folder: disk.size(folder / "absent"), FileNotFoundError),
        (lambda folder: disk.head(folder / "a.txt", 4), b"one\r"),
        (lambda folder: disk.head(folder / "empty", 4), disk.IrregularFileError),
        (lambda folder: disk.head(folder / "absent", 4), FileNotFoundError),
        (lambda folder: disk.text(folder / "a.txt", 100), "one\ntwo\n"),
        (lambda folder: disk.names(folder), ["a.txt", "away", "empty", "link"]),
        (lambda folder: disk.names(folder / "absent"), FileNotFoundError),
        (lambda folder: [entry.name for entry in disk.entries(folder)], ["a.txt", "away", "empty", "link"]),
        (lambda folder: [path.name for path in disk.matching(folder, "a*")], ["a.txt", "away"]),
        (lambda folder: disk.matching(folder / "absent", "a*"), []),
        (lambda folder: disk.touch(folder / "a.txt"), None),
    ],
)
def test_answers_can_be_asked_for_again(folder: Path, ask: Callable[[Path], object], answer: object) -> None:
    assert both(lambda: ask(folder)) == answer
    kept = disk.recorded()
    assert kept
    assert {question: disk.ask(question) for question in kept} == kept


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (lambda folder: (folder / "a.txt").write_bytes(b"1ne\r\ntwo\r\n"), {"head", "whole"}),
        (lambda folder: (folder / "a.txt").write_bytes(b"one\r\ntwo\r\n3"), {"size", "whole"}),
        (
            lambda folder: (folder / "a.txt").rename(folder / "b.txt"),
            {"head", "whole", "size", "kind", "there", "names", "entries"},
        ),
        (lambda folder: (folder / "c").write_bytes(b""), {"names", "entries"}),
        (lambda folder: ((folder / "empty").rmdir(), (folder / "empty").write_bytes(b"")), {"entries"}),
        (lambda folder: (folder / "__pycache__").mkdir(), set()),
        (lambda folder: os.utime(folder / "a.txt", (1, 1)), set()),
    ],
)
def test_a_change_changes_the_answers_that_hang_on_it(
    folder: Path, change: Callable[[Path], object], changed: set[str]
) -> None:
    disk.record()
    file = folder / "a.txt"
    for ask in (disk.is_file, disk.lexists, disk.size, disk.touch):
        ask(file)
    disk.head(file, 5)
    disk.names(folder)
    disk.entries(folder)
    kept = disk.recorded()
    assert kept is not None
    change(folder)
    assert {question[0] for question in kept if disk.ask(question) != kept[question]} == changed


def test_a_file_that_changes_while_it_is_asked_for_is_no_ground_for_a_verdict(folder: Path) -> None:
    disk.record()
    disk.size(folder / "a.txt")
    assert disk.recorded() is not None
    (folder / "a.txt").write_bytes(b"")
    disk.size(folder / "a.txt")
    assert disk.recorded() is None
    forget()
    disk.record()
    disk.add({("size", str(folder / "a.txt"), 0): "7"})
    disk.size(folder / "a.txt")
    assert disk.recorded() is None
    forget()
    disk.record()
    disk.add(None)
    assert disk.recorded() is None


def test_a_pipe_does_not_hang(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(disk.IrregularFileError):
        disk.head(folder / "pipe", 10)
    assert not disk.is_file(folder / "pipe")


def test_only_one_record_is_made_in_a_process(folder: Path) -> None:
    forget()
    assert disk.record()
    assert not disk.record()


def test_no_record_is_made_of_what_may_be_remembered(folder: Path) -> None:
    forget()
    Engine(root=folder).check_file(folder / "a.txt", "a.txt")
    assert not disk.record()
