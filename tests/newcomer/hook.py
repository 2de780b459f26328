"""The configuration of the hook as docs/pipeline.md shows it, with this checkout in the place that it leaves open."""

import re
import subprocess
import sys
from pathlib import Path

checkout = Path(sys.argv[1])
shown = re.search(r"## A commit hook.*?```yaml\n(.*?)```", (checkout / "docs/pipeline.md").read_text(), re.DOTALL)
assert shown is not None
revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True)
text = re.sub(r"repo: \.\.\..*", f"repo: {checkout}", shown[1])
print(re.sub(r"rev: \.\.\..*", f"rev: {revision.stdout.strip()}", text))
