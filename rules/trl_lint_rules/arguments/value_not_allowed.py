"""A value that is no member of transformers' enumeration."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Applicability, Origin, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import allowed_values, defaults
from trl_lint_rules.knowledge.argument_words import ASSUMED
from trl_lint_rules.knowledge.remedies import set_config


class ValueNotAllowed(ConfigRule):
    """Strategies, schedulers and optimizers: the config is refused with a ValueError."""

    code = "TRL113"
    name = "value-not-allowed"
    summary = "a strategy, scheduler or optimizer that this release of transformers does not have"
    needs = frozenset(allowed_values.ENUMERATIONS)

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each argument with such a value."""
        fields = defaults.fields(run) or {}
        for name in sorted(self.needs):
            setting = run.given(name)
            if setting is None or name not in fields or run.run.guards or setting.origin is Origin.ASSIGNED:
                continue  # what is assigned later is not checked
            value = run.setting(name)
            taken = allowed_values.members(name, run.transformers)
            if taken and _is_refused(name, value, taken):
                yield _verdict(run, name, value, taken)


def _is_refused(name: str, value: object, taken: tuple[str, ...]) -> bool:
    if value is ABSENT or value is UNKNOWN:
        return False
    if isinstance(value, str):
        return value not in taken
    return isinstance(value, bool) or (value is None and name not in allowed_values.MAY_BE_NONE)


def _verdict(run: RunView, name: str, value: object, taken: tuple[str, ...]) -> Verdict:
    setting = run.given(name)
    assert setting is not None
    why = ["It is a ValueError when the config is made.", f"These are taken: {', '.join(taken)}."]
    if run.run.recipe and isinstance(value, bool):
        why.append("YAML reads a bare `no` or `off` as False.")
    return Verdict(
        f"{name}={value!r}",
        setting.span,
        f"`{name}={value!r}` is no value that {{transformers}} takes",
        Severity.ERROR,
        Stage.CONFIG,
        why=tuple(why),
        remedies=tuple(_remedies(run, name, value, taken)),
        doubts=(ASSUMED,) if run.target.transformers.assumed else (),
    )


def _remedies(run: RunView, name: str, value: object, taken: tuple[str, ...]) -> Iterator[Remedy]:
    if value is False and "no" in taken:
        message = 'write `"no"`' + (", in quotes" if run.run.recipe else "")
        yield set_config(run, name, '"no"', message, Applicability.SAFE)
    if not isinstance(value, str):
        return
    from difflib import get_close_matches  # slow to import, and seldom needed

    successor = allowed_values.SUCCESSORS.get(value)
    close = get_close_matches(value.lower(), taken, 1, 0.8)
    meant = successor if successor in taken else close[0] if close else None
    if meant is not None:
        yield set_config(run, name, meant if run.run.recipe else f'"{meant}"', f'write `"{meant}"`')
