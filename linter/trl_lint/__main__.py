"""`trl-lint` and `python -m trl_lint`."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    # `python -m` puts the working directory first: the linted project's own `jinja2.py` would be imported.
    del sys.path[0]

from trl_lint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
