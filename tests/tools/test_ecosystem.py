"""The ecosystem program, on a small repository made here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ecosystem.checkout import Repository, checkout, pinned
from ecosystem.cli import main
from ecosystem.scan import Row, difference, read, write

SCRIPT = 'from trl import SFTConfig\n\nargs = SFTConfig(output_dir="out", max_seq_length=8)\n'


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    """A folder with a clone of `me/project`; its list of repositories beside it."""
    clone = tmp_path / "clones" / "me+project"
    clone.mkdir(parents=True)
    git(clone, "init", "--quiet")
    (clone / "train.py").write_text(SCRIPT)
    (clone / "train.py").chmod(0o755)
    (clone / "requirements.txt").write_text("trl==1.16.0\ntransformers==5.23.0\n")
    (clone / "link.py").symlink_to("train.py")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "--message", "first")
    listed = f"# a comment\nme/project {git(clone, 'rev-parse', 'HEAD')}  # another\n"
    (tmp_path / "repositories.txt").write_text(listed)
    (clone / "train.py").write_text("x = 1\n")  # what is not committed does not count
    return clone.parent


def test_the_files_are_those_of_the_commit(clones: Path, tmp_path: Path) -> None:
    (repository,) = pinned(tmp_path / "repositories.txt")
    folder = checkout(repository, tmp_path / "work", clones)
    assert (folder / "train.py").read_text() == SCRIPT
    assert (folder / "train.py").stat().st_mode & 0o111
    assert not (folder / "link.py").exists()
    assert checkout(repository, tmp_path / "work", None) == folder  # made once


def test_the_shipped_list_is_pinned() -> None:
    listed = pinned()
    assert len({repository.name for repository in listed}) == len(listed) >= 30
    assert all(len(repository.commit) == 40 for repository in listed)


@pytest.mark.slow
def test_a_scan_and_the_fixes(clones: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--work", str(tmp_path / "work"), "--clones", str(clones)]
    common += ["--repositories", str(tmp_path / "repositories.txt")]
    stored = tmp_path / "findings.jsonl"
    assert main(["scan", *common, "--output", str(stored)]) == 0
    (row,) = read(stored)
    assert (row.repository, row.path, row.line, row.code) == ("me/project", "train.py", 3, "TRL103")
    capsys.readouterr()
    assert main(["fixes", *common]) == 0
    assert "| me/project | 1 | 1 |  |" in capsys.readouterr().out
    (repository,) = pinned(tmp_path / "repositories.txt")
    assert (checkout(repository, tmp_path / "work", None) / "train.py").read_text() == SCRIPT  # only a copy was fixed


def test_a_difference_is_what_came_and_went(tmp_path: Path) -> None:
    stays = Row("a/b", "x.py", 0, 3, "TRL103", "error", "certain", "old | name")
    gone = Row("a/b", "y.py", 0, 1, "TRL101", "error", "certain", "unknown")
    write(tmp_path / "before", [stays, gone])
    moved = Row("a/b", "x.py", 0, 9, "TRL103", "error", "certain", "old | name")
    assert list(difference(read(tmp_path / "before"), [moved])) == [
        "0 findings come, 1 go, 1 stay.",
        "",
        "## Gone",
        "",
        "| repository | file | code | severity | confidence | message |",
        "|---|---|---|---|---|---|",
        "| a/b | y.py | TRL101 | error | certain | unknown |",
    ]
    assert Repository("a/b", "c").folder == "a+b"


@pytest.mark.slow
def test_an_upgrade_and_what_it_leaves(clones: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clones / "me+project" / "train.py").write_text(SCRIPT + "from trl import DataCollatorForCompletionOnlyLM\n")
    (clones / "me+project" / "requirements.txt").write_text("trl==0.18.2\ntransformers==4.52.4\n")
    git(clones / "me+project", "commit", "--quiet", "--all", "--message", "second")
    listed = tmp_path / "listed.txt"
    listed.write_text(f"me/project {git(clones / 'me+project', 'rev-parse', 'HEAD')}\n")
    common = ["--work", str(tmp_path / "work"), "--clones", str(clones), "--repositories", str(listed)]
    assert main(["upgrades", *common]) == 0
    row = capsys.readouterr().out.splitlines()[-1]
    assert row.startswith("| me/project | 2 |")  # the argument and the import would break
    assert row.endswith("| 1 | TRL109 1 | none |")  # one is renamed, the other is for a person to do
