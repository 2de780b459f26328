"""`python -m tools.reach FOLDER...`: a Markdown table of what is understood, one row a folder."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
