"""trl-lint as a plugin of flake8: its findings on Python files, selected and suppressed (`# noqa: TRL201`) by flake8.

What a script's verdict hangs on is read as always: the project's pins, its configuration, model metadata, data.
Advice is left out, because all that flake8 shows fails. Suppressions of trl-lint's own work too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from trl_lint import __version__

if TYPE_CHECKING:
    from trl_lint.cli.session import Session


class Plugin:
    """What flake8 makes for each file. `lines` have been decoded, their ends are line feeds."""

    name: ClassVar[str] = "trl-lint"
    version: ClassVar[str] = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:  # noqa: ARG002 (flake8 asks for it)
        self._filename = filename
        self._text = "".join(lines)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Row from 1, column from 0, code and message of each finding."""
        from trl_lint.sources.gate import gate

        if not gate(self._text.encode("utf-8", "replace"), ".py"):
            return
        from trl_lint.model.finding import Severity
        from trl_lint.model.source import Kind
        from trl_lint.paths import display_path
        from trl_lint.report.text import escape
        from trl_lint.sources.read import from_text

        path = Path(self._filename).absolute()
        session = _session(Path.cwd())
        judge = session.judge(session.configurations.of(str(path.parent)))
        document = from_text(self._text, display_path(path), Kind.PYTHON)
        checked = judge.engine.check_document(document, path.parent)
        for finding in judge.policy.shown(checked.findings, document.source, path):
            if finding.severity is not Severity.INFO and finding.spared is None:
                words = escape(f"{finding.code} {finding.name}: {finding.message}")
                yield finding.place.row, finding.place.column - 1, words, type(self)


@lru_cache(maxsize=1)
def _session(here: Path) -> Session:  # noqa: ARG001 (another working directory has other configurations)
    """The configurations and engines of this process; flake8 checks many files in one."""
    from trl_lint.cli.arguments import parser
    from trl_lint.cli.backend import Backend
    from trl_lint.cli.session import Session

    return Session(parser("check").parse_args(["check"]), Backend())
