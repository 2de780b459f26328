"""Stubs of the parsers of transformers and TRL, over the dataclasses of a program.

They do what the real ones do with the plain fields that the programs have; nothing of theirs is copied.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any


class HfArgumentParser(argparse.ArgumentParser):
    """One option for each field: `--name VALUE`, for a bool `--name [VALUE]` and, where it is true, `--no_name`."""

    def __init__(self, dataclass_types: Any) -> None:
        super().__init__()
        several = isinstance(dataclass_types, Sequence)
        self.types: list[Any] = list(dataclass_types) if several else [dataclass_types]
        for kind in self.types:
            for each in dataclasses.fields(kind):
                self._add(each)

    def _add(self, each: dataclasses.Field[Any]) -> None:
        default: Any = each.default
        factory: Any = each.default_factory
        if default is dataclasses.MISSING:
            default = factory() if factory is not dataclasses.MISSING else argparse.SUPPRESS
        required = default is argparse.SUPPRESS
        name = f"--{each.name}"
        if each.type in ("bool", bool):
            self.add_argument(name, type=_truth, nargs="?", const=True, default=default, required=required)
            if default is True:
                self.add_argument(f"--no_{each.name}", dest=each.name, action="store_false", default=True)
        elif str(each.type).startswith("list"):
            self.add_argument(name, type=int, nargs="+", default=default, required=required)
        else:
            written = str(getattr(each.type, "__name__", each.type))
            if "Optional" in str(each.type):
                written = "int"  # the only one of the programs
            kind = {"int": int, "float": float}.get(written, str)
            self.add_argument(name, type=kind, default=default, required=required)

    def parse_args_into_dataclasses(self, args: Sequence[str] | None = None) -> tuple[Any, ...]:
        """The filled objects."""
        values = vars(self.parse_args(args))
        made = []
        for kind in self.types:
            names = [each.name for each in dataclasses.fields(kind) if each.init]
            made.append(kind(**{name: values[name] for name in names if name in values}))
        return tuple(made)


class TrlParser(HfArgumentParser):
    """The same by another name, without recipes."""

    def parse_args_and_config(self, args: Sequence[str] | None = None) -> tuple[Any, ...]:
        """The filled objects."""
        return self.parse_args_into_dataclasses(args)


def _truth(word: str) -> bool:
    if word.lower() in ("yes", "true", "t", "y", "1"):
        return True
    if word.lower() in ("no", "false", "f", "n", "0"):
        return False
    raise argparse.ArgumentTypeError(word)
