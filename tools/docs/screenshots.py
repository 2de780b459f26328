"""`python -m tools.docs.screenshots`: take the pictures of a preview's page, in a light and in a dark browser.

Needs Chromium (`apt-get install chromium`). The check of the documents does not: these pictures are looked at, not
compared.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import outputs

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
COMMAND = "trl-lint preview examples/preview/train.py --compare 0.24 1.16 --rows 2 --output-format html"
_SIZE = (1240, 1300)  # pixels: all of the page
# What Chromium calls the schemes that a page can ask for.
_SCHEMES = {"preview-page.png": 1, "preview-page-dark.png": 0}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Take the pictures. 2: there is no browser."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        print(f"none of {', '.join(_BROWSERS)} is installed", file=sys.stderr)
        return 2
    page = outputs.run(COMMAND, ROOT)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        for name, scheme in _SCHEMES.items():
            _take(browser, file, IMAGES / name, scheme)
            print(f"wrote {(IMAGES / name).relative_to(ROOT)}")
    return 0


def _take(browser: str, page: Path, picture: Path, scheme: int) -> None:
    flags = [
        "--headless=new",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--window-size={_SIZE[0]},{_SIZE[1]}",
        f"--blink-settings=preferredColorScheme={scheme}",
        f"--user-data-dir={page.parent / 'profile'}",
        f"--screenshot={picture}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to run as root with one
    subprocess.run([browser, *flags, page.as_uri()], check=True, capture_output=True, timeout=300)


if __name__ == "__main__":
    sys.exit(main())
