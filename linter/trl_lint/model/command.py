"""The sub-commands of TRL's own command line, as far as runs can be made of them. A rule pack knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Command(NamedTuple):
    """One sub-command (`trl sft`).

    `fields` are the options that its parser has had in any release, by name, and what they are read as: `bool`,
    `bool or none` (which takes a value always), `int`, `float`, `str`, `dict` (a JSON text), `list of` one of these,
    or `other`. `modules` are the scripts that it runs, which may be started by themselves.
    """

    name: str
    trainer: str
    fields: Mapping[str, str]
    modules: tuple[str, ...] = ()
