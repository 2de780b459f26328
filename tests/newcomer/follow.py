"""Follow the documentation to the letter, as somebody who is new to it: every command that it shows, in order.

`python -m newcomer.follow CHECKOUT HOME`: CHECKOUT is a clone of this repository, HOME an empty folder to live in. It
needs Python's standard library, git and bash alone: it runs where nothing was prepared (`tests/newcomer/run`).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .lessons import LESSONS, Lesson, blocks

PLACEHOLDERS = ("PATH-OF-THE-CHECKOUT", "PATH-OF-TRL-LINT")
# How this machine reaches the package registry is no part of what is followed.
_NETWORK = re.compile(r"PIP_|SSL_|REQUESTS_|HTTPS?_PROXY|https?_proxy|NO_PROXY|no_proxy")
_FAULTS = ("Traceback (most recent call last)", "command not found", "No such file or directory", "usage: ")


@dataclass(frozen=True)
class Step:
    """One command, and what the page says that it prints."""

    command: str
    said: tuple[str, ...] = ()
    status: int = 0


@dataclass
class Newcomer:
    """A clean home with an environment of Python, in which commands are typed."""

    checkout: Path
    home: Path
    failed: list[str] = field(default_factory=list)
    passed: int = 0

    def environment(self) -> Mapping[str, str]:
        """Nothing but what every machine has, and the project's environment of Python, activated."""
        python = Path(sys.executable).resolve().parent
        path = [self.home / "env/bin", python, "/usr/local/bin", "/usr/bin", "/bin"]
        kept = {name: value for name, value in os.environ.items() if _NETWORK.match(name)}
        kept |= {"HOME": str(self.home), "PATH": os.pathsep.join(map(str, path)), "LANG": "C.UTF-8", "TERM": "dumb"}
        for role in ("AUTHOR", "COMMITTER"):
            kept |= {f"GIT_{role}_NAME": "A Person", f"GIT_{role}_EMAIL": "person@example.org"}
        return kept | {"VIRTUAL_ENV": str(self.home / "env"), "GIT_CONFIG_NOSYSTEM": "1"}

    def project(self, name: str) -> Path:
        """The founding case as a repository of its own."""
        folder = self.home / name
        shutil.copytree(self.checkout / "examples/founding-case", folder)
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        return folder

    def follow(self, lesson: Lesson) -> None:
        """Type what a lesson shows, in one shell."""
        folder = self.checkout if lesson.in_checkout else self.project(lesson.name)
        steps = list(self.steps(lesson, folder))
        lines = [f"printf '\\n<<<\\n'\n{step.command}\nprintf '\\n>>> %d\\n' $?" for step in steps]
        shell = ["bash", "--noprofile", "--norc", "-c", "\n".join(["exec 2>&1", *lines])]
        typed = subprocess.run(
            shell, cwd=folder, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=1200
        )
        printed = re.findall(r"\n<<<\n(.*?)\n>>> (\d+)\n", _merged(typed), re.DOTALL)
        for step, (output, status) in zip(steps, printed, strict=False):
            self.judge(lesson, step, output, int(status))
        if len(printed) != len(steps):
            self.fail(lesson, "the shell ended too early", _merged(typed))

    def steps(self, lesson: Lesson, folder: Path) -> Iterator[Step]:
        """The commands of a lesson as they are typed: with the path of this checkout where the page leaves a place for
        it, and between them what the page tells in words."""
        for command in lesson.before:
            yield Step(self.filled(command))
        for block in lesson.blocks:
            for shown, said in blocks(self.checkout / lesson.page)[block]:
                if shown in lesson.excused:
                    continue
                yield Step(self.filled(shown), said, lesson.statuses.get(shown, 0))
                if shown in lesson.after:
                    yield Step(self.filled(lesson.after[shown]))

    def filled(self, command: str) -> str:
        for placeholder in PLACEHOLDERS:
            command = command.replace(placeholder, str(self.checkout))
        return command.replace("{checkout}", str(self.checkout)).replace("{here}", str(Path(__file__).parent))

    def judge(self, lesson: Lesson, step: Step, output: str, status: int) -> None:
        """Whether the command did what the page says."""
        unsaid = [words for words in step.said if words.removesuffix("...").rstrip() not in output]
        faults = [fault for fault in _FAULTS if fault in output]
        if status != step.status or unsaid or faults:
            wrong = f"exit code {status} instead of {step.status}, missing {unsaid}, faults {faults}"
            self.fail(lesson, f"{step.command}\n  {wrong}", output)
        else:
            self.passed += 1
            print(f"ok  {lesson.page}: {step.command}", flush=True)

    def fail(self, lesson: Lesson, what: str, output: str) -> None:
        self.failed.append(what)
        print(f"NOT {lesson.page}: {what}\n{output}", flush=True)


def _merged(typed: subprocess.CompletedProcess[bytes]) -> str:
    return typed.stdout.decode("utf-8", "replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--only", default="", help="lessons whose name begins so (and the first, which installs)")
    given = parser.parse_args()
    newcomer = Newcomer(given.checkout.resolve(), given.home.resolve())
    subprocess.run([sys.executable, "-m", "venv", newcomer.home / "env"], check=True)
    for number, lesson in enumerate(LESSONS):
        if number == 0 or lesson.name.startswith(given.only):
            newcomer.follow(lesson)
    print(f"newcomer: {newcomer.passed} passed, {len(newcomer.failed)} failed")
    return 1 if newcomer.failed else 0


if __name__ == "__main__":
    sys.exit(main())
