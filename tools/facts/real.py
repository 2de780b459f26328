"""An environment with real releases of TRL and transformers in it, and what they say of themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

# TRL imports torch nearly everywhere. Any release will do; a small build for processors only is enough.
TORCH = "torch==2.13.0"

# Some classes exist only where these are installed.
_OPTIONAL = ("diffusers", "peft")

_PROBE = Path(__file__).with_name("probe.py")
_LONGEST = 600  # seconds, for importing everything
_QUIET = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRL_EXPERIMENTAL_SILENCE": "1",
}


class RealError(Exception):
    """An environment could not be made or asked; the message says why."""


class Environment:
    """A virtual environment in `folder`, made when it is not there. It holds one pair of releases at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not self.python.exists():
            venv.create(folder, with_pip=False)

    def install(self, trl: str, transformers: str) -> None:
        """Put these releases in, in place of those that were there."""
        self._pip(TORCH)
        self._pip(TORCH, *_OPTIONAL, f"trl=={trl}", f"transformers=={transformers}")

    def _pip(self, *wanted: str) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet", "--no-compile"]
        done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RealError(f"pip install {' '.join(wanted)}: {done.stderr.strip()[-600:]}")

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer of the probe."""
        with tempfile.TemporaryDirectory() as folder:
            asked, answer = Path(folder, "request.json"), Path(folder, "answer.json")
            asked.write_text(json.dumps(request), encoding="utf-8")
            command = [str(self.python), "-I", str(_PROBE), str(asked), str(answer)]
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=_LONGEST, env={**os.environ, **_QUIET}
            )
            if done.returncode or not answer.is_file():
                raise RealError(f"the probe failed: {done.stderr.strip()[-600:]}")
            found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
            return found
