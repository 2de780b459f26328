"""What a command looks at: the files found below its paths, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from trl_lint.cli.session import Session
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.settings import Configuration
from trl_lint.dataclass import dataclass
from trl_lint.discover import Discovery, discover, is_excluded
from trl_lint.model.source import Kind
from trl_lint.model.target import Problem
from trl_lint.paths import display_path
from trl_lint.sources.document import Document, kind_of
from trl_lint.sources.read import from_bytes

# As much as the largest file that is read, and one byte to see that there is more.
_MOST_BYTES = 100_000_001


@dataclass(frozen=True)
class StandardInput:
    """What came on standard input, under the name it was given."""

    path: Path
    configuration: Configuration
    raw: bytes
    read: Document | tuple[Problem, ...]


def files(session: Session, *, affected: bool = False) -> Discovery:
    """The files below the paths of the command line; a warning on standard error where there are none.

    With `affected` also those whose verdict hangs on a file that is named (see `trl_lint.expand`).
    """
    named = session.arguments.paths or ["."]
    paths = named
    importing = affected and getattr(session.arguments, "affected", False)
    if affected and (importing or any(map(_is_no_script, named))):
        from trl_lint.expand import expand  # most calls name folders and scripts alone, and need none of it

        paths = expand(named, session.configurations, importing=importing)
    found = discover(paths, session.configurations)
    if not found.files and not found.problems and paths == named:
        print("warning: no files to check under the given paths", file=sys.stderr)
    return found


def _is_no_script(path: str) -> bool:
    script = path.endswith((".py", ".ipynb")) and not path.endswith("setup.py")
    return not script and Path(path).is_file()


def uses_standard_input(session: Session) -> bool:
    """Whether `-` or --stdin-filename was given. Raises ConfigurationError for `-` among other paths."""
    paths = session.arguments.paths
    if "-" in paths and len(paths) > 1:
        raise ConfigurationError("", 0, "`-` (standard input) cannot be combined with other paths")
    return "-" in paths or session.arguments.stdin_filename is not None


def standard_input(session: Session) -> StandardInput | None:
    """Standard input as a document; None where the name it was given is excluded by force."""
    name = session.arguments.stdin_filename
    path = Path(name or "-").absolute()
    configuration = session.configurations.of(str(path.parent))
    raw = sys.stdin.buffer.read(_MOST_BYTES)
    if name is not None and configuration.force_exclude and is_excluded(str(path), configuration):
        return None
    kind = (kind_of(path) if name is not None else None) or Kind.PYTHON
    return StandardInput(path, configuration, raw, from_bytes(raw, display_path(path) if name else "-", kind))
