"""The command line of the docs program."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import by_release, consequential, contents, outputs, pictures, releases, settings, tables, unsloth

ROOT = Path(__file__).resolve().parents[2]
# The documents of which every line is generated, from the rules and their pages or from what comes with the pack.
WHOLE: dict[Path, Callable[[list[tables.Row]], str]] = {
    Path("docs", "rules.md"): tables.index,
    Path("docs", "consequential-changes.md"): consequential.page,
    Path("docs", "releases.md"): lambda _: releases.page(),
    Path("docs", "schemas", "configuration.schema.json"): lambda _: settings.schema(),
    Path("docs", "schemas", "findings.schema.json"): lambda _: settings.findings_schema(),
}
_SHOWN = 40  # lines of difference


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the program. 0: done, or all is current; 1: something is not (`--check`); 2: it failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where something is not current")
    check = parser.parse_args(arguments).check
    try:
        stale = list(_stale(root))
    except (ValueError, OSError) as error:
        print(f"docs: {error}", file=sys.stderr)
        return 2
    for path, before, after in stale:
        if check:
            print(f"{path} is not current: run `python -m tools.docs`")
            _show(before, after)
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(after, encoding="utf-8")
            print(f"wrote {path}")
    return 1 if check and stale else 0


def _stale(root: Path) -> Iterator[tuple[Path, str, str]]:
    """The documents that are not current: where they lie, what they hold and what they should hold."""
    rules = tables.rows()
    for path in _documents(root):
        before = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else ""
        try:
            if path in WHOLE:
                after = WHOLE[path](rules)
            elif path in pictures.PICTURES:
                after = pictures.picture(path, root)
            else:
                after = tables.with_table(before, rules, path.parent.as_posix())
                after = settings.with_settings(after)
                after = by_release.with_releases(after, root)
                after = unsloth.with_unsloth(after)
                after = contents.with_contents(after, root)
                after = outputs.with_outputs(after, lambda command: outputs.run(command, root))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        if after != before:
            yield path, before, after


def _documents(root: Path) -> list[Path]:
    found = {path.relative_to(root) for path in (*root.glob("*.md"), *(root / "docs").rglob("*.md"))}
    return sorted({*found, *WHOLE, *pictures.wanted(root)})


def _show(before: str, after: str) -> None:
    lines = list(difflib.unified_diff(before.split("\n"), after.split("\n"), "now", "current", lineterm="", n=1))
    print("\n".join(lines[:_SHOWN]))
