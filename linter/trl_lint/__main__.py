"""`trl-lint` and `python -m trl_lint`."""

from __future__ import annotations

import sys

from trl_lint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
