"""Starts the trl-lint that comes with the extension. Run it with `-I`: nothing of the workspace is imported."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "libs"))

from trl_lint.__main__ import main

sys.exit(main())
