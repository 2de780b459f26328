"""`python -m tools.reach FOLDER...`: a Markdown table of what is understood, one row a folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the other programs of this folder

from .cli import main

sys.exit(main())
