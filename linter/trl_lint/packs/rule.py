"""What a rule is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from trl_lint.model.finding import Finding

if TYPE_CHECKING:
    from trl_lint.judging.verdict import Verdict
    from trl_lint.judging.view import ModuleView, RunView

ANY = "*"


class Rule:
    """One rule. A module of a pack defines one subclass; its page stands beside it, same name, `.md`.

    `trainers` are the TRL trainers whose runs it reads (`*`: all; a partial run with the matching config
    counts). `needs`: unless empty, the rule has nothing to say of a run that gives none of these arguments.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    subject: ClassVar[str] = "run"
    trainers: ClassVar[frozenset[str]] = frozenset({ANY})
    needs: ClassVar[frozenset[str]] = frozenset()

    def check(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts on this run in its environment and world. Unknown values give no verdict."""
        raise NotImplementedError


class ModuleRule(Rule):
    """A rule on a script or notebook as a whole: its imports, and calls that belong to no run."""

    subject: ClassVar[str] = "module"

    def check_module(self, module: ModuleView) -> Iterable[Verdict]:
        """The verdicts on this module in its environment."""
        raise NotImplementedError


class EngineRule(Rule):
    """What the engine itself reports: its name, summary and page, nothing to check."""

    subject: ClassVar[str] = "engine"


class GatheringRule(Rule):
    """A rule over findings of other rules: those that spare the newest allowed release, per deciding line."""

    subject: ClassVar[str] = "gather"

    def gather(self, spared: Sequence[Finding]) -> Iterable[Finding]:
        """One finding (or more) that says in one place what `spared` say each."""
        raise NotImplementedError
