"""`python audited.py REPORT ARGUMENT...`: run trl-lint with an audit hook, and write what it did to REPORT.

The report is JSON: files opened for writing or changed otherwise, processes started, socket events, and the modules
that are loaded at the end, each with its file.
"""

from __future__ import annotations

import atexit
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    f"os.{name}" for name in ("remove", "rename", "rmdir", "mkdir", "link", "symlink", "chmod", "chown", "truncate")
}
PROCESSES = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "pty.spawn"}

written: list[str] = []
processes: list[list[str]] = []
sockets: list[str] = []


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and not isinstance(arguments[0], int) and arguments[2] & WRITING:  # an int is an open pipe
        written.append(os.fsdecode(arguments[0]))
    elif event in CHANGES:
        written.append(event if isinstance(arguments[0], int) else os.fsdecode(arguments[0]))
    elif event in PROCESSES:
        command = arguments[1] if event == "subprocess.Popen" else (arguments or ("",))[0]  # a fork has none
        processes.append([event, *([command] if isinstance(command, str) else map(str, command or ()))])
    elif event.startswith("socket."):
        sockets.append(f"{event} {arguments[1:]}")


def main() -> int:
    report, *words = sys.argv[1:]
    sys.path[0] = str(Path.cwd())  # what `python -m trl_lint` does
    sys.dont_write_bytecode = True
    sys.argv[:] = ["trl-lint", *words]
    sys.addaudithook(hook)
    atexit.register(lambda: None)  # the process goes on: it has a report to write
    try:
        runpy.run_module("trl_lint", run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    modules = {name: str(getattr(module, "__file__", None)) for name, module in sorted(sys.modules.items())}
    done = json.dumps({"written": written, "processes": processes, "sockets": sockets, "modules": modules})
    Path(report).write_text(done, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
