"""Mixing shares of distillation that are no shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of

# Config -> arguments, and since when they are checked. Source: `__post_init__` in the published wheels.
CHECKED: Final[Mapping[str, Sequence[tuple[str, Release]]]] = {
    "GKDConfig": (("lmbda", Release(0, 11)), ("beta", Release(0, 11))),
    "GOLDConfig": (("lmbda", Release(0, 25)), ("beta", Release(0, 25))),
    "DistillationConfig": (("beta", Release(1, 1)),),
    "AsyncDistillationConfig": (("beta", Release(1, 11)),),
    "IWOPDConfig": (("lmbda", Release(1, 9)), ("beta", Release(1, 9))),
}


class ShareOutOfRange(ConfigRule):
    """`lmbda` is the share of the student's own outputs, `beta` where the divergence lies."""

    code = "TRL520"
    name = "share-out-of-range"
    summary = "`lmbda` or `beta` of a distillation below 0 or above 1"
    trainers = frozenset(name.replace("Config", "Trainer") for name in CHECKED)
    classes = frozenset(CHECKED)
    needs = frozenset({"lmbda", "beta"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each that is out of range."""
        for name, since in CHECKED[run.run.config or ""]:
            share = defaults.number(run, name)
            if run.trl < since or share is None or run.given(name) is None or 0 <= share <= 1:
                continue
            yield Verdict(
                name,
                place_of(run, name),
                f"{{trl}} refuses `{name}={share}`: it must be from 0 to 1",
                Severity.ERROR,
                Stage.CONFIG,
                remedies=(Remedy("give a share from 0 to 1"),),
            )
