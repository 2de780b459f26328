"""What differs between two releases, in words for the people who use them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trl_lint_rules.facts.extract.snapshot import MAIN, Group, Snapshot
from trl_lint_rules.facts.extract.values import same


def changes(before: Snapshot, after: Snapshot) -> list[str]:
    """One line for each difference: names, config fields, parameters, commands, templates, tables, requirements."""
    lines: list[str] = []
    for path in sorted({*before, *after}):
        old, new = before.get(path, {}), after.get(path, {})
        lines.extend(_of_file(path, old, new))
    return lines


def _of_file(path: str, old: dict[str, Group], new: dict[str, Group]) -> Iterator[str]:
    if path.startswith(("configs/", "trainers/")) or path == "arguments.json":
        name = path.rpartition("/")[2].removesuffix(".json")
        for group in sorted({*old, *new}):
            label = group if path == "arguments.json" else name if group == MAIN else f"{name} of {group}"
            yield from _class(label, old.get(group), new.get(group))
    elif path == "homes.json":
        yield from _homes(old.get("homes", {}), new.get("homes", {}))
    elif path == "deprecated_names.json":
        yield from _deprecated(old, new)
    elif path == "names.json":
        yield from _names(old, new)
    elif path != "submodules.json":
        yield from _plain(path.partition("/")[0].removesuffix(".json"), old, new)


def _shown(data: Any) -> str:
    if isinstance(data, Mapping) and ("src" in data or "lit" in data):
        return str(data.get("src", data.get("lit")))
    return "none" if isinstance(data, Mapping) and "req" in data else json.dumps(data)


def _class(label: str, old: Group | None, new: Group | None) -> Iterator[str]:
    if old is None or new is None:
        yield f"{label}: {'new' if old is None else 'gone'}"
        return
    for name in [*old, *(key for key in new if key not in old)]:
        if name:
            yield from _member(f"{label}.{name}", old.get(name), new.get(name))
    yield from _about(label, old.get("", {}), new.get("", {}))
    moved = [n for n in _positional(old) if n in new and _place(old, n) != _place(new, n)]
    if moved and "open" in new.get("", {}):
        yield f"{label}: other positions of {', '.join(moved)}"


def _about(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old.get("b") != new.get("b"):
        yield f"{label}: inherits from {new.get('b')} (before: {old.get('b')})"
    for name in sorted(set(old.get("renamed", {})) - set(new.get("renamed", {}))):
        yield f"{label}: no longer takes {name} for {old['renamed'][name]}"
    if old.get("open") != new.get("open"):
        yield f"{label}: {'takes' if new.get('open') else 'no longer takes'} further keywords"


def _positional(group: Group) -> list[str]:
    return [name for name, record in group.items() if name and not record.get("k")]


def _place(group: Group, name: str) -> int | None:
    order = _positional(group)
    return order.index(name) if name in order else None


def _member(label: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    if old is None or new is None:
        record = new or old or {}
        state = "new" if old is None else "removed"
        yield f"{label}: {state} (default {_shown(record['d'])})"
        return
    if not same(old["d"], new["d"]):
        yield f"{label}: default {_shown(old['d'])} -> {_shown(new['d'])}"
    if old.get("c") != new.get("c"):
        yield f"{label}: choices {_shown(old.get('c'))} -> {_shown(new.get('c'))}"
    if new.get("x") and not old.get("x"):
        yield f"{label}: deprecated" + (f" ({new['x']})" if isinstance(new["x"], str) else "")
    for value in sorted(set(new.get("v", {})) - set(old.get("v", {}))):
        yield f"{label}: value {value!r} deprecated ({new['v'][value]})"


def _homes(old: Group, new: Group) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            before, after = old.get(name), new.get(name)
            change = f"new in {after}" if before is None else f"gone from {before}"
            yield f"{name}: {change if None in (before, after) else f'{before} -> {after}'}"


def _names(old: dict[str, Group], new: dict[str, Group]) -> Iterator[str]:
    for module in sorted({*old, *new}):
        before, after = set(old.get(module, {})) - {""}, set(new.get(module, {})) - {""}
        if after - before:
            yield f"{module}: provides {', '.join(sorted(after - before))}"
        if before - after:
            yield f"{module}: no longer provides {', '.join(sorted(before - after))}"


def _deprecated(old: dict[str, Group], new: dict[str, Group]) -> Iterator[str]:
    for module, entries in new.items():
        for name, words in entries.items():
            if name not in old.get(module, {}):
                yield f"{module}.{name}: deprecated ({words})"


def _plain(title: str, old: dict[str, Group], new: dict[str, Group]) -> Iterator[str]:
    for group in sorted({*old, *new}):
        before, after = old.get(group, {}), new.get(group, {})
        if not before and not after:
            continue
        if not before or not after:
            yield f"{title}: {group} {'new' if not before else 'gone'}"
            continue
        for key in sorted({*before, *after}):
            if not same(before.get(key), after.get(key)):
                yield f"{title}: {group} {key} {_shown(before.get(key))} -> {_shown(after.get(key))}"
