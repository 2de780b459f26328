"""Environments with real releases and with the tiny models that they made, kept in a cache folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.real import TORCH, Environment, RealError

from . import models

RUNNER = Path(__file__).with_name("runner.py")
_MODELS = Path(models.__file__)
# Trainers that generate import `requests` and, for tools, `jmespath`; nothing that they stand on asks for these.
_MORE = ("peft", "pillow", "requests", "jmespath")
_TOLD = ("torch", "datasets", "accelerate", "peft", "tokenizers")
_LONGEST = 900  # seconds, for making all models
# Nothing is looked up, nothing is reported, and one core is enough.
QUIET = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
}


def default_cache() -> Path:
    """Where environments are kept when nothing else is said: outside of any repository."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "trl-lint" / "conformance"


@dataclass(frozen=True)
class Pair:
    """One pair of releases, installed, with its models."""

    trl: str
    transformers: str
    python: Path
    models: Path

    @property
    def failed(self) -> Mapping[str, str]:
        """The models that this transformers could not make, and why."""
        return dict(self._said["failed"])

    @property
    def from_trl(self) -> Mapping[str, str]:
        """The models whose template came with TRL, and its name there."""
        return {name: text.removeprefix("trl:") for name, text in self._said["trl"].items()}

    @property
    def packages(self) -> Mapping[str, str]:
        """What else decides, by name: Python and the packages that TRL stands on."""
        code = "import json, platform\nfrom importlib.metadata import version\n"
        code += f"print(json.dumps({{'python': platform.python_version(), **{{n: version(n) for n in {_TOLD!r}}}}}))"
        found = subprocess.run([str(self.python), "-I", "-c", code], capture_output=True, text=True, check=True)
        return dict(json.loads(found.stdout))

    def template(self, name: str) -> str:
        """The text of a chat template that the installed TRL brings; empty where it brings none of this name."""
        code = "import importlib.util, pathlib\nprint(pathlib.Path(importlib.util.find_spec('trl').origin).parent)"
        found = subprocess.run([str(self.python), "-I", "-c", code], capture_output=True, text=True, check=True)
        path = Path(found.stdout.strip(), "chat_templates", f"{name}.jinja")
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    @property
    def _said(self) -> Any:
        return json.loads((self.models / "models.json").read_text(encoding="utf-8"))


def pair(trl: str, transformers: str, cache: Path) -> Pair:
    """This pair of releases from `cache`, installed first where it is not there."""
    folder = cache / f"{trl}-{transformers}"
    ready = folder / "ready"
    environment = Environment(folder / "env", base(cache))
    wanted = " ".join(_MORE)
    holds = ready.read_text(encoding="utf-8") if ready.is_file() else None
    if holds != wanted:
        environment.install(trl, transformers, _MORE)
    made = Pair(trl, transformers, environment.python, folder / "models")
    if holds is None or ready.stat().st_mtime < _newest():
        _make_models(made)
    ready.write_text(wanted, encoding="utf-8")
    return made


def base(cache: Path) -> Environment:
    """The environment whose torch all pairs share."""
    environment = Environment(cache / "base")
    environment.add(TORCH, "numpy", "pandas", "pyarrow")
    return environment


def _newest() -> float:
    """When the sources of the models were last changed."""
    return max(path.stat().st_mtime for path in (_MODELS, *models.TEMPLATES.iterdir()))


def _make_models(made: Pair) -> None:
    made.models.mkdir(parents=True, exist_ok=True)
    command = [str(made.python), "-I", str(_MODELS), str(made.models)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=_LONGEST, env={**os.environ, **QUIET}
    )
    if done.returncode:
        raise RealError(f"the models of TRL {made.trl} could not be made: {done.stderr.strip()[-600:]}")
