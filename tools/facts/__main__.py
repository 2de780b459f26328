"""`python -m tools.facts`: compute, check, extend and explain the release facts."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
