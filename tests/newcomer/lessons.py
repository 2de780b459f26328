"""Which commands of which pages are followed, in which order, and what they are to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """Blocks of one page, typed into one shell: in a copy of the founding case, or in the checkout.

    `before`: what the page tells in words first. `statuses`: exit codes other than 0. `after`: what is done by hand
    after a command. `excused`: commands that are not typed, and why.
    """

    name: str
    page: str
    blocks: tuple[int, ...]
    in_checkout: bool = False
    before: tuple[str, ...] = ()
    statuses: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    excused: Mapping[str, str] = field(default_factory=dict)


def blocks(page: Path) -> list[list[tuple[str, tuple[str, ...]]]]:
    """The blocks of commands of a page: each command, without its comment, and the lines that it is shown to print."""
    return [_commands(text) for text in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def _commands(text: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((re.sub(r"\s+# .*", "", line[2:]), ()))
        elif line and found:
            found[-1] = (found[-1][0], (*found[-1][1], line))
    return found


FINDS = 1
LESSONS = (
    Lesson(
        "start",
        "docs/start.md",
        (0, 1, 2, 3),
        statuses={"trl-lint check": FINDS, "trl-lint check --diff": FINDS, "trl-lint check --fix": FINDS},
    ),
    Lesson(
        "checkout",
        "README.md",
        (0,),
        in_checkout=True,
        excused={"./tests/run": "CI does so"},
    ),
    Lesson("editors", "docs/editors.md", (0,), after={"pip install 'PATH-OF-THE-CHECKOUT[server]'": "trl-lint server"}),
    Lesson(
        "readme",
        "README.md",
        (1,),
        before=(
            "python3 -m venv ../other && ../other/bin/pip download --quiet --no-deps --dest .. trl==1.9.2",
            "python3 -m zipfile -e ../trl-1.9.2-*.whl ../trl",
        ),
        statuses={
            "trl-lint check": FINDS,
            "trl-lint check --target-trl 1.16": FINDS,
            "trl-lint check --facts-from ../trl": FINDS,
            "trl-lint upgrade --to 1.16": FINDS,
        },
    ),
    Lesson(
        "baseline",
        "docs/pipeline.md",
        (0,),
    ),
    Lesson(
        "hook",
        "docs/pipeline.md",
        (1,),
        before=(
            "rm recipe.yaml train.ipynb",
            "python3 {here}/hook.py {checkout} > .pre-commit-config.yaml",
        ),
        after={
            "pre-commit install": "git add . && { ! git commit -qm 'a defect' > refused 2>&1; } && grep TRL201 refused"
            " && trl-lint check train.py --fix && git add train.py && git commit -qm 'without it' && git log --oneline"
        },
    ),
    Lesson("flake8", "docs/pipeline.md", (2,), statuses={"flake8 --select TRL": FINDS}),
    Lesson(
        "completion",
        "docs/pipeline.md",
        (4,),
        after={
            "trl-lint completion bash > ~/.local/share/bash-completion/completions/trl-lint": "bash -n"
            " ~/.local/share/bash-completion/completions/trl-lint"
        },
    ),
    Lesson(
        "preview",
        "docs/preview.md",
        (0, 1),
        before=("python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps trl==1.9.2",),
    ),
    Lesson(
        "rule",
        "docs/writing-a-rule.md",
        (0, 1),
        in_checkout=True,
        before=("cp -r examples/founding-case my-project",),
        after={
            "pip install PATH-OF-TRL-LINT --editable . pytest": "python {here}/rule.py {checkout} && ls acme_trl_rules"
        },
    ),
    Lesson(
        "pack",
        "examples/rule-pack/README.md",
        (0,),
        in_checkout=True,
        before=("cd examples/rule-pack",),
    ),
)
# Commands that no lesson types, and what tries them instead.
ELSEWHERE = {
    ("docs/pipeline.md", 3): "tests/newcomer/image",
    ("docs/editors.md", 1): "tests/editors/test_vscode.py and editors/vscode/real/run",
    ("docs/editors.md", 2): "editors/jupyterlab/real/run",
}
