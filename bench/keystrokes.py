"""From a keystroke to its diagnostics, in a script of 1,000 lines: `python bench/keystrokes.py [--lines N]`.

Types into the founding case, preceded by ordinary code, and measures how long the real server (over its standard input
and output) takes to answer each change, and how much processor time the check itself takes (which a busy machine does
not stretch), with what `ast.parse` of the same text takes as the unit. The goal is 50 ms for 95 of 100 keystrokes.
`--profile` prints what dominates.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import cProfile
import os
import pstats
import statistics
import sys
import time
from collections.abc import Iterator

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from scripts import PROJECT, script

GOAL = 0.050  # seconds


async def measure(text: str, keystrokes: int) -> list[float]:
    """Seconds from each change to the diagnostics of that version."""
    client = LanguageClient("bench", "1")
    answers: asyncio.Queue[int | None] = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(params: types.PublishDiagnosticsParams) -> None:
        if params.uri == uri:
            answers.put_nowait(params.version)

    uri = (PROJECT / "train.py").as_uri()
    await client.start_io(sys.executable, "-m", "trl_lint", "server", env={**os.environ, "HF_HUB_CACHE": os.devnull})
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), root_uri=PROJECT.as_uri()))
    client.initialized(types.InitializedParams())
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 0, text)))
    await answers.get()
    line = text.split("\n").index("MODEL = " + text.partition("MODEL = ")[2].partition("\n")[0])
    taken = []
    for version in range(1, keystrokes + 1):
        at = types.Position(line, 0)
        changes: list[types.TextDocumentContentChangeEvent] = [
            types.TextDocumentContentChangePartial(types.Range(at, at), "\n" if version % 2 else "x = 1\n")
        ]
        identifier = types.VersionedTextDocumentIdentifier(version, uri)
        begun = time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))
        while await answers.get() != version:
            pass
        taken.append(time.perf_counter() - begun)
        await asyncio.sleep(0.02)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return taken


def inside(text: str, keystrokes: int) -> Iterator[float]:
    """Seconds of processor time of each check, without the protocol; the first, which reads the project, left out."""
    from trl_lint.model.source import Kind
    from trl_lint.server.checking import Checker
    from trl_lint.server.snapshots import Snapshot, Text

    os.chdir(PROJECT)
    checker, path = Checker(), PROJECT / "train.py"
    for number in range(keystrokes + 1):
        begun = time.process_time()
        changed = Text("file:///train.py", number, "python", f"{text}x = {number}\n")
        checker.check(Snapshot(changed.uri, path, Kind.PYTHON, (changed,)), None, lambda: None)
        if number:
            yield time.process_time() - begun


def profile(text: str) -> None:
    """What takes the time in a check."""
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in inside(text, 10):
        pass
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(40)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--keystrokes", type=int, default=100)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    text = script(arguments.lines)
    if arguments.profile:
        profile(text)
        return
    parses = []
    for _ in range(20):
        begun = time.process_time()
        ast.parse(text)
        parses.append(time.process_time() - begun)
    unit = statistics.median(parses)
    print(f"{text.count(chr(10)) + 1} lines; ast.parse of them takes {unit * 1000:.1f} ms of processor time")
    show("the check alone, processor time", sorted(inside(text, arguments.keystrokes)), unit)
    show(
        "from the keystroke to the diagnostics, by the clock",
        sorted(asyncio.run(measure(text, arguments.keystrokes))),
        unit,
    )


def show(what: str, taken: list[float], unit: float) -> None:
    """Prints sorted seconds."""
    print(f"{what}:")
    for name, value in (
        ("median", statistics.median(taken)),
        ("p95", taken[int(len(taken) * 0.95) - 1]),
        ("slowest", taken[-1]),
    ):
        mark = "" if name != "p95" else f"  (goal {GOAL * 1000:.0f} ms: {'reached' if value <= GOAL else 'missed'})"
        print(f"  {name:8} {value * 1000:7.1f} ms  {value / unit:5.1f} x ast.parse{mark}")


if __name__ == "__main__":
    main()
