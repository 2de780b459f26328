"""Rendering chat templates in a child process with limits, to learn what they put out and mark."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trl_lint import disk
from trl_lint.dataclass import dataclass

if TYPE_CHECKING:
    import subprocess

CPU_SECONDS = 1  # beyond the start of the child, and rounded up: at most two
# Well above the processor limit: a busy machine must not change a verdict. The only limit on time that Windows has.
WALL_SECONDS = 30.0 if os.name == "posix" else 15.0
EXHAUSTED = "it ran out of time or memory"
TOO_LONG = "it puts out far more text than it is given"
UNTRIED = "could not be tried"  # which says nothing of the template
_MEMORY = 512 * 1024 * 1024  # bytes of address space
_MAX_LENGTH = 500_000  # characters of one rendering, beside those of what is rendered
_MAX_OUTPUT = 8_000_000  # bytes of the child's whole answer, beside those of the request
_SANDBOX = Path(__file__).with_name("sandbox.py")
# Templates that ended nothing within the limits. Each further try would cost as much, and tell the same.
_endless: set[str] = set()


@dataclass(frozen=True)
class Rendered:
    """One rendering: the text and the generated spans in it (offsets), or why there is none."""

    text: str | None
    spans: tuple[tuple[int, int], ...] = ()
    error: str | None = None

    @property
    def endless(self) -> bool:
        """Whether the limits ended it."""
        return self.error in (EXHAUSTED, TOO_LONG)

    @property
    def untried(self) -> bool:
        """Whether the error says nothing of the template."""
        return self.error is not None and self.error.startswith(UNTRIED)


def probe(text: str, conversations: Sequence[Sequence[Mapping[str, Any]]], **variables: Any) -> tuple[Rendered, ...]:
    """Render each of the `conversations` (lists of messages) with the template `text`.

    `variables` are further variables of the template (`eos_token`, `add_generation_prompt`, `tools` ...); they and
    the messages must be plain JSON values. Whatever the template does, this ends within `WALL_SECONDS` and never
    raises: what did not finish has an `error`.
    """
    return render(text, [{**variables, "messages": messages} for messages in conversations])


def render(text: str, renderings: Sequence[Mapping[str, Any]]) -> tuple[Rendered, ...]:
    """As `probe`, with the variables of each rendering (`messages` among them)."""
    if text in _endless:
        return tuple(Rendered(None, error=EXHAUSTED) for _ in renderings)
    fixed = {"tools": None, "documents": None, "add_generation_prompt": False}
    request = {
        "template": text,
        "renderings": [{**fixed, **variables} for variables in renderings],
        "paths": _library_paths(),
        "cpu": CPU_SECONDS,
        "memory": _MEMORY,
        "length": _MAX_LENGTH,
        "exhausted": EXHAUSTED,
        "too_long": TOO_LONG,
        "untried": UNTRIED,
    }
    try:
        output, missing = _ask(json.dumps(request).encode("ascii"))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        disk.doubt()
        return tuple(Rendered(None, error=f"{UNTRIED} ({type(error).__name__})") for _ in renderings)
    answers = _answers(output, len(renderings))
    if len(answers) < len(renderings) or any(each.endless or each.untried for each in answers.values()):
        disk.doubt()  # with more time it may be answered
    if renderings and not answers and missing == EXHAUSTED:
        _endless.add(text)
    return tuple(answers.get(i, Rendered(None, error=missing)) for i in range(len(renderings)))


def _ask(request: bytes) -> tuple[bytes, str]:
    """What the child wrote until it ended, was ended, or had written enough; and what kept it from writing more."""
    import subprocess
    import threading

    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_SANDBOX)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
        cwd=_SANDBOX.parent,
    )
    output: list[bytes] = []
    # In a thread, because a pipe can be waited for with a deadline only on some systems.
    exchange = threading.Thread(target=_exchange, args=(process, request, output), daemon=True)
    exchange.start()
    missing = EXHAUSTED
    try:
        exchange.join(WALL_SECONDS)
        if exchange.is_alive():
            process.kill()
            missing = EXHAUSTED if _had_its_time(process.pid) else f"{UNTRIED} (the machine is too busy)"
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                if process.wait(1.0) > 0:  # a defect of the child, not an end by a signal
                    missing = f"{UNTRIED} (the child failed)"
    finally:
        process.kill()
        process.wait()
        exchange.join(1.0)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
    return b"".join(output), missing


def _had_its_time(pid: int) -> bool:
    """Whether a child that was killed for being late had been given the processor; where none counts that, yes."""
    if sys.platform == "win32":
        return True
    try:
        usage = os.wait4(pid, 0)[2]
    except ChildProcessError:
        return True
    return usage.ru_utime + usage.ru_stime > CPU_SECONDS


def _exchange(process: subprocess.Popen[bytes], request: bytes, output: list[bytes]) -> None:
    stdin: Any = process.stdin
    stdout: Any = process.stdout
    size = 0
    try:
        stdin.write(request)
        stdin.close()
        while size <= _MAX_OUTPUT + 2 * len(request) and (chunk := stdout.read1(65_536)):
            output.append(chunk)
            size += len(chunk)
    except (OSError, ValueError):  # the child is gone
        return


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        pass


def _answers(output: bytes, count: int) -> dict[int, Rendered]:
    found: dict[int, Rendered] = {}
    for line in output.splitlines():
        try:
            answer = json.loads(line)
            index, text, error = answer["index"], answer["text"], answer["error"]
            spans = tuple((int(start), int(end)) for start, end in answer["spans"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(index, int) and 0 <= index < count and isinstance(text, str | None):
            found[index] = Rendered(text, spans if text is not None else (), None if error is None else str(error))
    return found


def _library_paths() -> list[str]:
    """Where jinja2 and what it needs can be imported from: the isolated child looks nowhere else."""
    import importlib.util

    found = []
    for name in ("jinja2", "markupsafe"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin:
            found.append(str(Path(spec.origin).parent.parent))
    return list(dict.fromkeys(found))
