"""`python -m trl_lint.testing PACKAGE [RULE]`: whether the pages of a rule pack (or of one rule) hold."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from trl_lint.testing.pack import Case, cases


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the pages, prints what does not hold, and returns 0 where all does, 1 where not, 2 where none can be run."""
    parser = argparse.ArgumentParser(prog="python -m trl_lint.testing", description=__doc__)
    parser.add_argument("package", help="the import name of the pack")
    parser.add_argument("rule", nargs="?", help="the name or code of one of its rules")
    given = parser.parse_args(arguments)
    sys.path.insert(0, "")  # a pack that is not installed yet
    try:
        found = [case for case in cases(given.package) if given.rule in (None, case.info.name, case.info.code)]
    except ValueError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    if not found:
        print(f"error: `{given.package}` has no rule {given.rule}", file=sys.stderr)
        return 2
    failed = sum(not _holds(case) for case in found)
    print(f"{len(found) - failed} of {len(found)} hold.")
    return 1 if failed else 0


def _holds(case: Case) -> bool:
    with tempfile.TemporaryDirectory(prefix="trl-lint-") as folder:
        try:
            case.check(Path(folder))
        except AssertionError as problem:
            print(f"FAILED {case}\n{problem}\n")
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
