"""An environment with real releases of TRL and transformers in it, and what they say of themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
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
    """A virtual environment in `folder`, made when it is not there. It holds one pair of releases at a time.

    It also sees what is installed in `base`, so that many environments can share one torch.
    """

    def __init__(self, folder: Path, base: Environment | None = None) -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not self.python.exists():
            venv.create(folder, with_pip=False)
        if base is not None:
            (self.packages / "base.pth").write_text(f"{base.packages}\n", encoding="utf-8")

    @property
    def packages(self) -> Path:
        """The folder that its packages are in."""
        ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
        found = subprocess.run([str(self.python), "-I", "-c", ask], capture_output=True, text=True, check=True)
        return Path(found.stdout.strip())

    def install(self, trl: str, transformers: str, more: Sequence[str] = _OPTIONAL) -> None:
        """Put these releases in, in place of those that were there."""
        self.add(TORCH)
        self.add(TORCH, *more, f"trl=={trl}", f"transformers=={transformers}")

    def add(self, *wanted: str) -> None:
        """Install these requirements together."""
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
