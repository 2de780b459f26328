"""The server in Neovim itself, set up as docs/editors.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DRIVE = Path(__file__).with_name("drive.lua")
NEOVIM = shutil.which(os.environ.get("NVIM_PROGRAM", "nvim"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed (Debian: apt-get install neovim)"),
]


def version() -> tuple[int, int]:
    """Neovim's own."""
    said = subprocess.run([str(NEOVIM), "--version"], capture_output=True, text=True, check=True).stdout
    match = re.match(r"NVIM v(\d+)\.(\d+)", said)
    assert match is not None, said
    return int(match[1]), int(match[2])


def set_up() -> str:
    """The lines of the documentation for this release of Neovim."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    newer, older = re.findall(r"```lua\n(.*?)```", text[text.index("## Neovim") :], re.DOTALL)[:2]
    return str(newer if version() >= (0, 11) else older)


def drive(project: Path, name: str, wanted: str) -> dict[str, object]:
    """Opens the file, and applies the code action; what was seen meanwhile."""
    init = project.parent / "init.lua"
    init.write_text(set_up(), encoding="utf-8")
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "WANTED": wanted}
    environment |= {"HF_HUB_CACHE": os.devnull, "XDG_STATE_HOME": str(project.parent / "state")}
    done = subprocess.run(
        [str(NEOVIM), "--headless", "-i", "NONE", "-n", "-u", str(init), name, "-c", f"luafile {DRIVE}"],
        cwd=project,
        env=environment,
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    seen: dict[str, object] = json.loads(done.stdout)
    return seen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples/founding-case", folder)
    return folder


def test_the_remedy_is_applied_and_saved(project: Path) -> None:
    before = (project / "train.py").read_bytes()
    seen = drive(project, "train.py", "processing_class=tokenizer")
    assert seen["code"] == "TRL201"
    assert (seen["line"], seen["column"]) == (27, 41)
    assert "in trl 1.9.2, SFTConfig takes it; its default is `False`" in str(seen["hover"])
    rows = b'data_files="data.jsonl", split="train"),\n'
    assert (project / "train.py").read_bytes() == before.replace(rows, rows + b"    processing_class=tokenizer,\n")


def test_astral_characters_and_the_line_ends_of_dos_stay(project: Path) -> None:
    text = (project / "train.py").read_text(encoding="utf-8")
    begun = text.index("trainer = SFTTrainer(")
    text = text[:begun] + (
        "title = '😀😀'; trainer = SFTTrainer(model=MODEL, args=SFTConfig(assistant_only_loss=True), "
        'train_dataset=load_dataset("json", data_files="data.jsonl", split="train")) # 😀\ntrainer.train()\n'
    )
    before = text.replace("\n", "\r\n").encode()
    (project / "train.py").write_bytes(before)
    drive(project, "train.py", "processing_class=tokenizer")
    last = b'split="train"))'
    after = b'split="train"), processing_class=tokenizer)'
    assert (project / "train.py").read_bytes() == before.replace(last, after)


def test_a_finding_is_silenced_in_a_recipe(project: Path) -> None:
    before = (project / "recipe.yaml").read_bytes()
    drive(project, "recipe.yaml", "Ignore assistant-only-loss-on-vlm here")
    setting = b"assistant_only_loss: true"
    comment = b"  # trl-lint: ignore[assistant-only-loss-on-vlm] say why"
    assert (project / "recipe.yaml").read_bytes() == before.replace(setting, setting + comment)
