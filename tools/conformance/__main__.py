"""`python -m tools.conformance`: record what releases do, and compare it with what the linter says."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the facts program's environments are used here too

from conformance.cli import main

sys.exit(main())
