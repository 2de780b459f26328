"""A value that this release compares with the ones it knows, mostly long after the start."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from trl_lint.api import Remedy, Rule, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import is_variant
from trl_lint_rules.knowledge import choices, defaults, remedies
from trl_lint_rules.knowledge.choices import Choice
from trl_lint_rules.sft import place_of

_WHEN = {
    Stage.CONFIG: "when the config is made",
    Stage.TRAINER_INIT: "when the trainer is made",
    Stage.PREPARE_DATA: "after the data have been tokenised",
    Stage.FIRST_BATCH: "at the first batch",
    Stage.FIRST_STEP: "in the first step, after the model and the data were loaded",
}


class UnknownChoice(Rule):
    """Loss types, truncation modes, importance sampling and the like, by release."""

    code = "TRL511"
    name = "unknown-choice"
    summary = "a loss type, mode or level that this release does not know"
    trainers = frozenset({*choices.OF_TRAINERS, *(name[:-6] + "Trainer" for name in choices.OF_CONFIGS)})
    needs = frozenset(
        {
            choice.setting
            for table in (choices.OF_TRAINERS, choices.OF_CONFIGS)
            for known in table.values()
            for choice in known
        }
    )

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each value that the release is known to refuse."""
        if run.run.patched_by is not None or defaults.fields(run) is None:
            return
        config, trainer = run.run.config or "", run.run.trainer or ""
        for call in (run.run.config_call, run.run.trainer_call):
            if call is not None and call.bases:
                run.weaken(f"`{call.callee}` is a subclass and may do this differently")
        yield from _moved(run, config, trainer)
        for choice in choices.OF_CONFIGS.get(config, ()):
            yield from _judge(run, choice, defaults.made_with(run, choice.setting))
        call = run.run.trainer_call
        if call is not None and is_variant(call, trainer):
            return
        for choice in choices.OF_TRAINERS.get(trainer, ()):
            if choice.compared is None or choice.compared(run):
                yield from _judge(run, choice, defaults.value(run, choice.setting))


def _judge(run: RunView, choice: Choice, found: Any) -> Iterator[Verdict]:
    known = choices.at(choice, run.trl)
    if known is None or run.given(choice.setting) is None:
        return
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, str) and each not in known and each != choices.MOVED_LOSS:
            yield _verdict(run, choice, each, known)


def _verdict(run: RunView, choice: Choice, found: str, known: frozenset[str]) -> Verdict:
    name = choice.setting
    close = get_close_matches(found, sorted(known), 1, 0.6)
    later = next((since for since, values in choice.values if since > run.trl and found in (values or ())), None)
    ways = []
    if close and later is None and isinstance(defaults.value(run, name), str):
        ways.append(remedies.set_config(run, name, f'"{close[0]}"', f'did you mean `{name}="{close[0]}"`?'))
    if later is not None:
        ways.append(
            Remedy(
                f"upgrade to TRL {later} or newer, which knows it",
                right_in=lambda environment: environment.trl >= later,
            )
        )
    return Verdict(
        f"{name}-{found}",
        place_of(run, name),
        f'{{trl}} does not know `{name}="{found}"` and stops {_WHEN[choice.stage]}',
        Severity.ERROR,
        choice.stage,
        why=(f"It knows {', '.join(sorted(known))}.",),
        remedies=tuple(ways),
    )


def _moved(run: RunView, config: str, trainer: str) -> Iterator[Verdict]:
    """`kto_pair`, which DPO and CPO had until KTO got a trainer of its own."""
    if config not in ("DPOConfig", "CPOConfig") or run.trl < choices.SAID_BY_CONFIG[0]:
        return
    found = defaults.value(run, "loss_type")
    if found != choices.MOVED_LOSS and not (isinstance(found, list) and choices.MOVED_LOSS in found):
        return
    if run.trl < choices.SAID_BY_CONFIG[1]:
        stage = Stage.CONFIG
    elif not trainer:
        return
    else:
        stage = Stage.TRAINER_INIT if run.trl < choices.SAID_BY_TRAINER[1] else Stage.FIRST_STEP
    yield Verdict(
        "moved",
        place_of(run, "loss_type"),
        f'{{trl}} refuses `loss_type="{choices.MOVED_LOSS}"` {_WHEN[stage]}: this loss is a trainer of its own now',
        Severity.ERROR,
        stage,
        remedies=(Remedy("use `KTOTrainer`, on rows with a `completion` and a `label`"),),
    )
