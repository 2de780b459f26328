"""`python -m tools.docs [--check]`: write the generated parts of the documentation, or say which are not current."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
