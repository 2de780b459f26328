"""The server in Emacs itself with eglot, set up as docs/editors.md says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DRIVE = Path(__file__).with_name("drive.el")
EMACS = shutil.which("emacs")


def _has_eglot() -> bool:
    if EMACS is None:
        return False
    asked = subprocess.run([EMACS, "--batch", "--eval", "(require 'eglot)"], capture_output=True, check=False)
    return asked.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(EMACS is None, reason="Emacs is not installed (Debian: apt-get install emacs-nox elpa-eglot)")
def test_the_remedy_is_applied_and_saved(tmp_path: Path) -> None:
    if not _has_eglot():
        pytest.skip("Emacs has no eglot (Debian: apt-get install elpa-eglot)")
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples/founding-case", project)
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    set_up = re.search(r"```elisp\n(.*?)```", text, re.DOTALL)
    assert set_up is not None
    init = tmp_path / "init.el"
    init.write_text(set_up[1], encoding="utf-8")
    before = (project / "train.py").read_bytes()
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(EMACS), "--batch", "-l", init, "-l", DRIVE],
        cwd=project,
        env={**os.environ, "PATH": programs, "HF_HUB_CACHE": os.devnull},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "TRL 1.9.2 refuses `assistant_only_loss=True`" in done.stderr
    rows = b'data_files="data.jsonl", split="train"),\n'
    assert (project / "train.py").read_bytes() == before.replace(rows, rows + b"    processing_class=tokenizer,\n")
