"""What a source says itself beats the project: PEP 723 headers, notebooks, shell scripts."""

from __future__ import annotations

import pytest

from trl_lint.model.source import Kind
from trl_lint.model.target import Basis, PackageTarget

from .conftest import Project


def said(target: PackageTarget) -> str:
    return f"{' '.join(map(str, target.releases))} @ {target.place}{' beyond' if target.beyond else ''}"


def header(*dependencies: str) -> str:
    lines = "".join(f'#     "{text}",\n' for text in dependencies)
    return f"#!/usr/bin/env python\n# /// script\n# dependencies = [\n{lines}# ]\n# ///\nimport trl\n"


def test_a_script_header_beats_the_lock(project: Project) -> None:
    project.write("uv.lock", '[[package]]\nname = "trl"\nversion = "0.20.0"\n')
    target = project.target(header("trl[peft]==1.9.2"))
    assert said(target.trl) == "1.9.2 @ train.py:4"
    assert target.trl.basis is Basis.INLINE


def test_a_header_is_an_environment_of_its_own(project: Project) -> None:
    project.write("requirements.txt", "transformers==4.46.3\n")
    target = project.target(header("trl==1.16.0"))
    assert target.transformers.basis is Basis.DERIVED
    assert str(target.transformers.newest) == "5.18.1"


def test_a_bare_name_in_a_header_is_the_newest_release(project: Project) -> None:
    project.write("requirements.txt", "trl==0.20.0\n")
    assert said(project.target(header("trl")).trl) == "1.16.0 @ train.py:4"
    older = project.target(header("trl", "transformers==4.46.3"))
    assert str(older.trl.newest) == "1.10.0"  # 1.15 and 1.16 want a newer transformers
    assert said(older.transformers) == "4.46.3 @ train.py:5"


def test_a_git_source_in_a_header(project: Project) -> None:
    target = project.target(header("trl @ git+https://github.com/huggingface/trl.git"))
    assert said(target.trl) == "1.16.0 @ train.py:4 beyond"


def test_a_header_without_trl_says_nothing(project: Project) -> None:
    project.write("requirements.txt", "trl==0.20.0\n")
    assert said(project.target(header("rich")).trl) == "0.20.0 @ requirements.txt:1"


def test_the_lock_of_a_script(project: Project) -> None:
    project.write("train.py.lock", '[[package]]\nname = "trl"\nversion = "1.9.2"\n')
    target = project.target(header("trl>=0.20"))
    assert said(target.trl) == "1.9.2 @ train.py.lock:3"
    assert target.trl.basis is Basis.LOCK


def test_broken_headers(project: Project) -> None:
    broken = project.target("# /// script\n# dependencies = [\n# ///\n")
    assert [str(problem.place) for problem in broken.problems] == ["train.py:2"]
    assert "not valid TOML" in broken.problems[0].message
    unclosed = project.target('# /// script\n# dependencies = ["trl==0.20.0"]\nimport trl\n')
    assert unclosed.trl.basis is Basis.ASSUMED
    pinned = project.target(header("trl==newest"))
    assert [str(problem.place) for problem in pinned.problems] == ["train.py:4"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["!pip install -q trl==1.9.2 peft"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["%pip install -qU 'trl[peft]>=1.15'"], "1.15.0 1.16.0 @ nb.ipynb:cell 2:1"),
        (["!pip install trl==0.20.0", "!uv pip install --system trl==1.9.2"], "1.9.2 @ nb.ipynb:cell 2:2"),
        (["!pip install torch \\", "    trl==1.9.2"], "1.9.2 @ nb.ipynb:cell 2:2"),
        (["%%bash", "set -e", "python -m pip install --upgrade trl==1.9.2"], "1.9.2 @ nb.ipynb:cell 2:3"),
        (["!pip install git+https://github.com/huggingface/trl@v0.21.0"], "0.21.0 @ nb.ipynb:cell 2:1"),
        (["!pip install git+https://github.com/huggingface/trl.git"], "1.16.0 @ nb.ipynb:cell 2:1 beyond"),
        (["!pip install trl==1.9.2 # trl==0.20.0"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["!pip install trl==1.9.2", "!pip install trl peft"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["!pip install trl==1.9.2", "!pip install -U trl"], "1.16.0 @ nb.ipynb:cell 2:2"),
        (["!pip install --no-deps 'trl==1.9.2 ; python_version>=\"3.9\"' && echo done"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["!{sys.executable} -m pip install trl==1.9.2"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["!cd x; pip install https://x/trl-1.9.2-py3-none-any.whl > /dev/null 2>&1"], "1.9.2 @ nb.ipynb:cell 2:1"),
        (["!pip install trl>=1.15"], "1.15.0 1.16.0 @ nb.ipynb:cell 2:1"),
        (["!pip install --index-url trl==0.20.0 trl==1.9.2"], "1.9.2 @ nb.ipynb:cell 2:1"),
    ],
)
def test_the_notebooks_own_installation(project: Project, lines: list[str], expected: str) -> None:
    project.write("requirements.txt", "trl==0.19.1\n")
    target = project.notebook(*lines)
    assert said(target.trl) == expected
    assert target.problems == ()


@pytest.mark.parametrize(
    "line", ["!pip install peft", "!pip install trl", "!pip uninstall trl==1.9.2", "!echo pip", "!pip install trl=={v}"]
)
def test_lines_that_name_no_release_leave_the_project_to_decide(project: Project, line: str) -> None:
    project.write("requirements.txt", "trl==0.19.1\n")
    assert said(project.notebook(line).trl) == "0.19.1 @ requirements.txt:1"


def test_a_bare_name_is_mentioned_where_nothing_else_is_known(project: Project) -> None:
    target = project.notebook("!pip install trl")
    assert said(target.trl) == "1.16.0 @ nb.ipynb:cell 2:1"
    assert target.trl.basis is Basis.ASSUMED


def test_a_notebooks_requirements_file(project: Project) -> None:
    project.write("nb-requirements.txt", "trl==1.9.2\n")
    assert said(project.notebook("!pip install -r nb-requirements.txt").trl) == "1.9.2 @ nb-requirements.txt:1"
    assert project.notebook("!pip install -r /content/absent/requirements.txt").problems == ()


def test_a_notebooks_wrong_pin(project: Project) -> None:
    assert [str(p.place) for p in project.notebook("!pip install trl==latest").problems] == ["nb.ipynb:cell 2:1"]


def test_a_shell_scripts_own_installation(project: Project) -> None:
    script = "#!/bin/bash\npip install 'trl==1.9.2'\ntrl sft --config c.yaml\n"
    assert said(project.target(script, kind=Kind.SHELL).trl) == "1.9.2 @ train.py:2"
    once = "uv run --with 'trl==1.9.2,transformers==5.0.0' train.py\n"
    target = project.target(once, kind=Kind.SHELL)
    assert [str(target.trl.newest), str(target.transformers.newest)] == ["1.9.2", "5.0.0"]
