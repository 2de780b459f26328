"""The index of a pack's rules: what each subscribes to, so that only those are imported that a run needs.

The index is a generated file beside the pack's `__init__.py` (`python -m trl_lint.packs.index PACKAGE`). It is
used while it names exactly the rule files that are there; otherwise the files are imported and asked, so that
a rule works as soon as its two files exist.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from trl_lint.dataclass import dataclass
from trl_lint.packs.rule import Rule

INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a rule without importing it."""

    module: str
    class_name: str
    code: str
    name: str
    summary: str
    trainers: tuple[str, ...]
    needs: tuple[str, ...]
    subject: str


def rule_modules(package: str, folder: Path) -> list[str]:
    """The modules of a pack that have a page beside them, by dotted name: in its folder and the folders in that."""
    found = _with_pages(package, folder)
    for family in sorted(os.scandir(folder), key=lambda item: item.name):
        if not family.is_dir() or family.name.startswith(("_", ".")):
            continue
        found += _with_pages(f"{package}.{family.name}", Path(family.path))
    return found


def _with_pages(package: str, folder: Path) -> list[str]:
    names = {item.name for item in os.scandir(folder)}
    return [f"{package}.{name[:-3]}" for name in sorted(names) if name.endswith(".py") and f"{name[:-3]}.md" in names]


def rule_classes(module: str) -> Iterator[type[Rule]]:
    """The rules that this module defines."""
    loaded = importlib.import_module(module)
    for value in vars(loaded).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module and "code" in vars(value):
            yield value


def _ask(module: str) -> Iterator[Entry]:
    for rule in rule_classes(module):
        yield Entry(
            module,
            rule.__name__,
            rule.code,
            rule.name,
            rule.summary,
            tuple(sorted(rule.trainers)),
            tuple(sorted(rule.needs)),
            rule.subject,
        )


def entries(package: str, folder: Path) -> tuple[list[Entry], list[str]]:
    """All rules of a pack, and what is wrong with the others: from its index where that is current, else by importing
    the rule files."""
    modules = rule_modules(package, folder)
    path = folder / INDEX
    if path.is_file():
        listed = json.loads(path.read_text(encoding="utf-8"))
        if listed["modules"] == modules:
            rules = [
                Entry(**{**rule, "trainers": tuple(rule["trainers"]), "needs": tuple(rule["needs"])})
                for rule in listed["rules"]
            ]
            return rules, []
    found: list[Entry] = []
    problems = []
    for module in modules:
        try:
            found += _ask(module)
        except Exception as error:  # noqa: PERF203 (one file must not take the others down)
            problems.append(f"the rule file `{module}` cannot be used ({type(error).__name__}: {error})")
    return found, problems


def generate(package: str, folder: Path) -> str:
    """The text of the index, from the rule files themselves."""
    modules = rule_modules(package, folder)
    from dataclasses import asdict  # noqa: TID251

    rules = sorted((asdict(entry) for module in modules for entry in _ask(module)), key=lambda rule: rule["code"])
    return json.dumps({"modules": modules, "rules": rules}, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """`PACKAGE [--check]`: write the index, or fail where the shipped one differs."""
    package = arguments[0]
    loaded = importlib.import_module(package)
    folder = Path(str(loaded.__file__)).parent
    text = generate(package, folder)
    path = folder / INDEX
    if "--check" in arguments:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return 0
        print(f"{path} is not current: run `python -m trl_lint.packs.index {package}`", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
