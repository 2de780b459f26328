"""Writes the two files of docs/writing-a-rule.md into the working directory."""

import re
import sys
from pathlib import Path

guide = (Path(sys.argv[1]) / "docs/writing-a-rule.md").read_text(encoding="utf-8")
for name, _, text in re.findall(r"<!-- file: (\S+) -->\n(`{3,})\w+\n(.*?)\n\2\n", guide, re.DOTALL):
    Path(name).write_text(text + "\n", encoding="utf-8")
