"""`trl-lint` and `python -m trl_lint`."""

from __future__ import annotations

import atexit
import os
import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # `python -m` puts the working directory first: the linted project's own `jinja2.py` would be imported.
    del sys.path[0]

from trl_lint.cli import main as cli


def main() -> int:
    """Runs the command line of this process; returns the exit code, where anybody waits for it."""
    code = cli.main()
    if _nobody_waits():
        os._exit(code)  # Python takes a tenth of a small check to take its modules apart
    return code


def _nobody_waits() -> bool:
    """Whether nothing is left to do when the process ends; what was written is out."""
    known = getattr(atexit, "_ncallbacks", None)
    if known is None or known() or sys.gettrace() is not None or sys.getprofile() is not None:
        return False
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return False  # Python says what is wrong
    return True


if __name__ == "__main__":
    sys.exit(main())
