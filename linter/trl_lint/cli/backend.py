"""What the commands stand on: the registry of rules and the engines that check with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.model.span import Place

if TYPE_CHECKING:
    from trl_lint.engine import Engine, Options
    from trl_lint.packs.registry import Registry, RuleInfo


class Backend:
    """The installed rule packs, read at most once, and engines for them."""

    @cached_property
    def registry(self) -> Registry:
        """All installed rules."""
        from trl_lint.packs.registry import Registry

        return Registry()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The codes and names of all rules."""
        return Vocabulary.of((entry.code, entry.name) for entry in self.registry.entries)

    def problems(self) -> list[str]:
        """What of the rule packs cannot be used; nothing where nobody asked for rules."""
        return self.registry.problems if "registry" in vars(self) else []

    def all_rules(self) -> tuple[RuleInfo, ...]:
        """Every rule as a person is told of it, by code."""
        return self.registry.all_rules()

    def engine(self, options: Options, root: Path, configured: Mapping[str, tuple[str, Place | None]]) -> Engine:
        """An engine for the files of one configuration."""
        from trl_lint.engine import Engine

        return Engine(options, root, configured, self.registry)
