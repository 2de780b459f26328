"""Where mutation begins: the files of all examples of all rule pages, and a few of what those lack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath

from trl_lint.packs.registry import Registry
from trl_lint.testing import examples

_MORE = {
    "uv.lock": ['version = 1\n[[package]]\nname = "trl"\nversion = "1.9.2"\n[[package]]\nname = "transformers"\n'],
    "poetry.lock": ['[[package]]\nname = "trl"\nversion = "0.24.0"\n\n[metadata]\nlock-version = "2.1"\n'],
    "pylock.toml": ['lock-version = "1.0"\n[[packages]]\nname = "trl"\nversion = "1.16.0"\n'],
    "Pipfile.lock": ['{"_meta": {}, "default": {"trl": {"version": "==1.9.2"}, "transformers": {}}}\n'],
    "pixi.lock": ["version: 6\npackages:\n- pypi: trl-1.9.2-py3-none-any.whl\n  name: trl\n  version: 1.9.2\n"],
    "pyproject.toml": ['[project]\ndependencies = ["trl>=0.20", "transformers"]\n[tool.trl-lint]\nignore = ["TRL1"]\n'],
    "setup.cfg": ["[options]\ninstall_requires =\n    trl>=0.20\n    transformers==4.57.1\n"],
    "setup.py": ['from setuptools import setup\nsetup(install_requires=["trl>=0.20", *["transformers"]])\n'],
    "environment.yml": ["dependencies:\n- python=3.11\n- pip:\n  - trl==1.9.2\n  - transformers>=5\n"],
    "Dockerfile": ["FROM python:3.11\nRUN pip install \\\n  'trl==1.9.2' \"transformers>=5\"\n"],
    "requirements.txt": ["-r other.txt\ntrl[peft]>=0.20 ; python_version > '3.9' # why\n--hash=sha256:00\n"],
    "run.sh": ['#!/bin/bash\nMODEL=m\naccelerate launch --num_processes 4 \\\n  train.py --model "$MODEL" ${A[@]}\n'],
}


def seeds(name: str) -> tuple[bytes, ...]:
    """All seeds of files of this name, without repetition, in a fixed order."""
    return tuple(dict.fromkeys(text.encode() for text in _all().get(PurePath(name).name, ())))


def _all() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {name: list(texts) for name, texts in _MORE.items()}
    for info in Registry().all_rules():
        for example in examples(info.page()):
            for name, text in example.files.items():
                found.setdefault(PurePath(name).name, []).append(text)
    found.setdefault("recipe.yaml", []).extend(found.get("grpo.yaml", ()))
    found.setdefault("recipe.json", []).append(
        json.dumps({"model_name_or_path": "m", "dataset_name": "d", "packing": True, "max_seq_length": 4}, indent=1)
    )
    found.setdefault("train.ipynb", []).extend(map(_notebook, found["train.py"][::20]))
    return found


def _notebook(script: str) -> str:
    cells = [
        {"cell_type": "code", "source": part.splitlines(keepends=True), "metadata": {}, "outputs": []}
        for part in ("!pip install trl==1.9.2", "%%bash\necho $HOME", *script.split("\n\n"))
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
