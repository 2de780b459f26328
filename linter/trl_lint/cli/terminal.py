"""What is known of the terminal: whether it shows colours, how wide it is, and the progress line."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

from trl_lint.report.text import Style, escape

_DEFAULT_WIDTH = 100
_PATIENCE = 1.0  # seconds before a progress line appears
_PERIOD = 0.1  # seconds between two of them


def style_for(stream: TextIO) -> Style:
    """Colours as the environment (NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR) has it, else on a terminal only."""
    environment = os.environ
    if environment.get("NO_COLOR"):
        return Style(on=False)
    if any(environment.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return Style(on=True)
    if environment.get("CLICOLOR") == "0" or environment.get("TERM") == "dumb":
        return Style(on=False)
    return Style(on=stream.isatty())


def width_of(stream: TextIO) -> int:
    """The columns of the terminal, from 40 to 160; 100 where it is none. COLUMNS decides where it is set."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(40, min(160, int(columns)))
    try:
        found = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else _DEFAULT_WIDTH
    except (OSError, ValueError):
        found = _DEFAULT_WIDTH
    return max(40, min(160, found or _DEFAULT_WIDTH))


def make_printable(*streams: TextIO) -> None:
    """A character that the stream's encoding lacks is written out instead of ending the run."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


class Progress:
    """A line on a terminal that counts the files, once a scan has taken a while; `close` erases it."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total = total
        self._done = 0
        self._shown = False
        self._on = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._next = time.monotonic() + _PATIENCE

    def step(self, name: str) -> None:
        """One more file is about to be looked at."""
        self._done += 1
        if not self._on or (now := time.monotonic()) < self._next:
            return
        self._next = now + _PERIOD
        self._shown = True
        room = width_of(self._stream) - 30
        self._stream.write(f"\r\x1b[Kchecking {self._done}/{self._total} {escape(name)[-room:]}")
        self._stream.flush()

    def close(self) -> None:
        """Erases the line."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False
