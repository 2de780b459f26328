"""The server in Helix itself, on the screen of a terminal, set up as docs/editors.md says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELIX = shutil.which("hx")
TMUX = shutil.which("tmux")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(HELIX is None, reason="Helix is not installed (Debian 13: apt-get install hx)"),
    pytest.mark.skipif(TMUX is None, reason="tmux is not installed (Debian: apt-get install tmux)"),
]


def set_up() -> str:
    """The lines of the documentation."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    return str(re.findall(r"```toml\n(.*?)```", text[text.index("## Helix") :], re.DOTALL)[0])


class Screen:
    """A terminal in which Helix runs."""

    def __init__(self, project: Path) -> None:
        self.socket = str(project.parent / "tmux")
        settings = project.parent / "config" / "helix"
        settings.mkdir(parents=True)
        (settings / "languages.toml").write_text(set_up(), encoding="utf-8")
        self.project = project
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        places = {name: str(project.parent / name) for name in ("cache", "state")}
        self.environment = {**os.environ, "PATH": programs, "HF_HUB_CACHE": os.devnull, "LANG": "C.UTF-8"}
        self.environment |= {"XDG_CONFIG_HOME": str(settings.parent), "XDG_CACHE_HOME": places["cache"]}
        self.environment |= {"XDG_STATE_HOME": places["state"], "TERM": "xterm-256color"}

    def tmux(self, *arguments: str) -> str:
        command = [str(TMUX), "-S", self.socket, "-f", os.devnull, *arguments]
        done = subprocess.run(command, cwd=self.project, env=self.environment, capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def open(self, name: str) -> None:
        self.tmux("new-session", "-d", "-x", "160", "-y", "50", f"{HELIX} {name}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tmux("send-keys", key)
            time.sleep(0.2)  # a person does not type faster, and menus open meanwhile

    def text(self) -> str:
        return self.tmux("capture-pane", "-p")

    def shows(self, words: str) -> str:
        """The screen, once it holds these words."""
        return self.until(words, lambda: self.text() if words in self.text() else "")

    def until(self, what: str, condition: Callable[[], str]) -> str:
        for _ in range(300):
            if found := condition():
                return found
            time.sleep(0.2)
        raise AssertionError(f"never so: {what}\n{self.text()}")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples/founding-case", project)
    made = Screen(project)
    yield made
    made.tmux("kill-server")


def test_the_remedy_is_applied_and_saved(screen: Screen) -> None:
    script = screen.project / "train.py"
    before = script.read_bytes()
    screen.open("train.py")
    screen.shows("●  28")
    screen.press(":28", "Enter", "45l")
    screen.shows("TRL 1.9.2 refuses")  # before 25.07 only where the cursor is
    screen.press(" ", "k")
    screen.shows("in trl 1.9.2, SFTConfig takes it; its default is False")
    screen.press("Escape", " ", "a")
    menu = screen.shows("apply all safe fixes")
    assert "For a text-only run, pass the tokenizer: `processing_class=tokenizer` (TRL201)" in menu
    assert "Ignore assistant-only-loss-on-vlm here, with a reason" in menu
    screen.press("Enter", ":w", "Enter")
    rows = b'data_files="data.jsonl", split="train"),\n'
    after = before.replace(rows, rows + b"    processing_class=tokenizer,\n")

    def saved() -> str:  # Helix puts a new file in the place of the old one
        return "so" if script.exists() and script.read_bytes() == after else ""

    screen.until("the remedy, and nothing else, in the saved file", saved)
    screen.until("no finding on the screen", lambda: "so" * ("refuses" not in screen.text()))


def test_a_recipe_is_checked(screen: Screen) -> None:
    screen.open("recipe.yaml")
    screen.shows("●   6")
    screen.press(":6", "Enter")
    screen.shows("TRL 1.9.2 refuses")
