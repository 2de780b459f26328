"""`trl-lint baseline`, and what `check` leaves out because of one."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from trl_lint.baseline import Baseline, read
from trl_lint.cli.backend import Backend
from trl_lint.cli.collect import Outcome, collect
from trl_lint.cli.session import Session
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.paths import display_path
from trl_lint.report.identity import Identity
from trl_lint.report.text import escape
from trl_lint.report.texts import Texts

DEFAULT = "trl-lint-baseline.json"
CLEAN, FAILED = 0, 2
_NAMED = 5  # stale entries that are listed


def baseline(arguments: argparse.Namespace, backend: Backend) -> int:
    """Writes, updates or prunes the baseline and says what was done. Raises ConfigurationError where it must not."""
    session = Session(arguments, backend)
    path = chosen(session) or Path(DEFAULT)
    changing = arguments.update or arguments.prune
    if not changing and path.exists():
        raise ConfigurationError(display_path(path), 0, "is there already; give --update or --prune to change it")
    before = read(path) if changing else Baseline(path)
    outcome = collect(session)
    texts = Texts(documents=outcome.documents)
    compared = before.compare(outcome.findings, texts, outcome.checked)
    after = before.pruned(compared.stale)
    if not arguments.prune:
        after = after.with_new(compared.new, texts)
    _write(path, after.text())
    added = 0 if arguments.prune else sum(after.counts.values()) - sum(before.pruned(compared.stale).counts.values())
    removed = sum(compared.stale.values())
    total = _count(sum(after.counts.values()), "finding")
    print(f"{escape(display_path(path))}: {total} known ({added} added, {removed} stale removed).")
    if arguments.prune and compared.new:
        print(f"{_count(len(compared.new), 'new finding')} left to report.")
    return FAILED if outcome.failed else CLEAN


def chosen(session: Session) -> Path | None:
    """The baseline that the command line names, else the configuration of the working directory."""
    given = session.arguments.baseline
    return Path(given) if given is not None else session.main_configuration.baseline


def leave_out(session: Session, outcome: Outcome) -> int:
    """Takes the known findings out of `outcome` and returns how many they were; says which entries are stale."""
    path = chosen(session)
    if path is None:
        return 0
    compared = read(path).compare(outcome.findings, Texts(documents=outcome.documents), outcome.checked)
    outcome.findings = list(compared.new)
    if compared.stale and not session.arguments.quiet:
        _warn(path, compared.stale)
    return compared.known


def _warn(path: Path, stale: Mapping[Identity, int]) -> None:
    name = escape(display_path(path))
    total = sum(stale.values())
    verb = "is stale: what it stands for is" if total == 1 else "are stale: what they stand for is"
    print(f"warning: {_count(total, 'entry', 'entries')} of {name} {verb} found no more", file=sys.stderr)
    for key in [*stale][:_NAMED]:
        print(f"  {escape(key.path)}: {escape(key.rule)} `{escape(key.line)}`", file=sys.stderr)
    if len(stale) > _NAMED:
        print("  ...", file=sys.stderr)
    print("  `trl-lint baseline --prune` removes them", file=sys.stderr)


def _write(path: Path, text: str) -> None:
    """Puts `text` there in one step. Raises ConfigurationError where that fails."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as problem:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise ConfigurationError(display_path(path), 0, f"cannot be written: {problem.strerror or problem}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _count(number: int, word: str, plural: str | None = None) -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"
