"""The documentation is followed to the letter: no command in it is forgotten, and each does what the page says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .lessons import ELSEWHERE, LESSONS, blocks

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "examples/rule-pack/README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))


def test_every_command_of_every_page_is_typed_or_tried_elsewhere() -> None:
    shown = {(page, number) for page in PAGES for number, _ in enumerate(blocks(ROOT / page))}
    typed = {(lesson.page, number) for lesson in LESSONS for number in lesson.blocks}
    assert typed | ELSEWHERE.keys() == shown
    assert not typed & ELSEWHERE.keys()


def test_what_is_said_of_single_commands_is_said_of_those_that_are_there() -> None:
    for lesson in LESSONS:
        shown = {command for number in lesson.blocks for command, _ in blocks(ROOT / lesson.page)[number]}
        assert {*lesson.statuses, *lesson.after, *lesson.excused} <= shown


@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
@pytest.mark.skipif(shutil.which("bash") is None or shutil.which("git") is None, reason="there is no bash, or no git")
def test_a_newcomer_who_types_them_gets_what_is_promised(tmp_path: Path) -> None:
    checkout, home = tmp_path / "trl-lint", tmp_path / "home"
    home.mkdir()
    copy_work_tree(checkout)
    command = [sys.executable, "-m", "newcomer.follow", str(checkout), str(home)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, cwd=ROOT / "tests", env=kept, capture_output=True, text=True, timeout=1500, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failed" in done.stdout


def copy_work_tree(folder: Path) -> None:
    """A repository of one commit that holds this work tree as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    author = ["-c", "user.name=A Person", "-c", "user.email=person@example.org"]
    for command in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "--message", "the work tree"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
