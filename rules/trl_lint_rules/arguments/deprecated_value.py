"""A value that still works, and warns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trl_lint.api import Applicability, Environment, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import allowed_values, defaults
from trl_lint_rules.knowledge.remedies import set_config


class DeprecatedValue(ConfigRule):
    """Deprecated in the newest allowed release, and announced to go."""

    code = "TRL114"
    name = "deprecated-value"
    summary = "a value of an argument that warns, and which is to go"
    needs = frozenset({"truncation_mode", "packing_strategy", "loss_type"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each argument with such a value."""
        fields = defaults.fields(run) or {}
        newest = _fields(run, run.target.environments[-1]) or {}
        for name in sorted(self.needs):
            field, now = fields.get(name), newest.get(name)
            if run.given(name) is None or field is None or now is None:
                continue
            value = run.setting(name)
            note = field.deprecated_values.get(value) if isinstance(value, str) else None
            if note is not None and value in now.deprecated_values:
                yield _verdict(run, name, str(value), note)


def _fields(run: RunView, environment: Environment) -> Mapping[str, facts.Field] | None:
    """The fields of the run's config class in another environment."""
    config = run.run.config or ""
    return facts.config_fields(config, environment.trl, environment.transformers, defaults.module_of(run))


def _verdict(run: RunView, name: str, value: str, note: str) -> Verdict:
    setting = run.given(name)
    assert setting is not None
    successor = allowed_values.SUCCESSORS.get(value)
    remedies: tuple[Remedy, ...] = ()
    if successor is not None:

        def right(environment: Environment) -> bool:
            found = (_fields(run, environment) or {}).get(name)
            return found is not None and (value in found.deprecated_values or successor in (found.choices or ()))

        written = successor if run.run.recipe else f'"{successor}"'
        applicability = Applicability.SAFE if value in allowed_values.SAME_EFFECT else Applicability.DISPLAY
        remedies = (set_config(run, name, written, f'write `"{successor}"`', applicability, right),)
    return Verdict(
        f"{name}={value}",
        setting.span,
        f"`{name}={value!r}` is deprecated in {{trl}}",
        Severity.INFO,
        Stage.CONFIG,
        why=(f"TRL warns: {note}",),
        remedies=remedies,
    )
