"""Projects that are TRL themselves or carry a copy of it, and pins to a commit."""

from __future__ import annotations

import pytest

from trl_lint.model.target import Basis
from trl_lint.targets.describe import describe

from .conftest import Project

COMMIT = "c04e84c4545acfaecdf7e0631ad07a86ab0fb2f6"


def carry(project: Project, init: str = "", folder: str = "trl") -> None:
    project.write(f"{folder}/__init__.py", init)
    project.write(f"{folder}/trainer/__init__.py", "")


def test_a_copy_beats_what_is_pinned_beside_it(project: Project) -> None:
    project.write("requirements.txt", "trl==1.9.2\n")
    carry(project, '__version__ = "0.22.1"\n')
    target = project.target(folder="examples/sft").trl
    assert (target.basis, target.carried, str(target.newest)) == (Basis.CARRIED, True, "0.22.1")
    assert describe(target) == "trl judged as 0.22.1: the project carries trl 0.22.1 itself (trl/__init__.py:1)"


def test_a_version_file_says_which_release_it_is(project: Project) -> None:
    carry(project, "from .a import *\n")
    project.write("VERSION", "1.10.0.dev0\n")
    assert str(project.target().trl.newest) == "1.10.0"


@pytest.mark.parametrize("version", ["", "from_scm", "not a version!"])
def test_a_copy_of_an_unknown_release_is_judged_as_the_newest(project: Project, version: str) -> None:
    carry(project, f'__version__ = "{version}"\n' if version else "")
    target = project.target().trl
    assert (target.carried, str(target.newest)) == (True, "1.16.0")


def test_a_nearer_pin_beats_a_copy_above(project: Project) -> None:
    carry(project)
    project.write("examples/requirements.txt", "trl==1.9.2\n")
    assert project.target(folder="examples").trl.basis is Basis.REQUIREMENT


def test_a_copy_beats_a_header_that_names_no_release(project: Project) -> None:
    carry(project, '__version__ = "1.10.0"\n')
    header = '# /// script\n# dependencies = ["trl{}"]\n# ///\n'
    assert str(project.target(header.format("[peft]"), folder="examples").trl.newest) == "1.10.0"
    assert str(project.target(header.format("==1.9.2"), folder="examples").trl.newest) == "1.9.2"


def test_a_folder_that_is_merely_called_trl_is_no_copy(project: Project) -> None:
    project.write("trl/__init__.py", "")
    project.write("trl/train.py", "")
    assert not project.target().trl.carried


def test_a_part_of_another_package_is_no_copy(project: Project) -> None:
    project.write("other/__init__.py", "")
    carry(project, folder="other/trl")
    assert not project.target(folder="other/trl").trl.carried


@pytest.mark.parametrize(
    ("reference", "undated"), [(f"@{COMMIT}", True), ("@c04e84c", True), ("@main", False), ("", False)]
)
def test_a_pin_to_a_commit_tells_no_release(project: Project, reference: str, undated: bool) -> None:
    project.write("requirements.txt", f"trl @ git+https://github.com/huggingface/trl.git{reference}\n")
    target = project.target().trl
    assert (target.undated, str(target.newest)) == (undated, "1.16.0")
    assert target.beyond is not None
