"""`python -m tools.ecosystem scan|compare|fixes`."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
