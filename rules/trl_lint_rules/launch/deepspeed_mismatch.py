"""DeepSpeed's configuration and the config disagree."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import deepspeed
from trl_lint_rules.sft import place_of


class DeepspeedMismatch(ConfigRule):
    """transformers compares both when training begins: after the model was loaded and the data were prepared."""

    code = "TRL831"
    name = "deepspeed-mismatch"
    summary = "DeepSpeed's configuration says something else than the config"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each argument that DeepSpeed's configuration contradicts."""
        found = deepspeed.configuration(run)
        if found is None:
            return
        where = f"`{found.file}`" if found.file is not None else "the configuration of DeepSpeed"
        for each in deepspeed.mismatches(run, found):
            other = f"{each.argument}={each.other}"
            if each.key == "train_batch_size":
                other = f"a batch of {each.other} over all processes"
            yield Verdict(
                each.key,
                place_of(run, each.argument, "deepspeed"),
                f"{{transformers}} refuses {other} here: {where} says `{each.key}: {_shown(each.value)}`",
                Severity.ERROR,
                Stage.FIRST_STEP,
                why=(
                    'When training begins it stops with a ValueError: "Please correct the following DeepSpeed config '
                    'values that mismatch TrainingArguments values".',
                ),
                remedies=(
                    Remedy(f'write "auto" in {where}: then the config decides')
                    if found.file is None or found.file.endswith(".json")
                    else Remedy(f"leave `{each.key}` out of {where}: then the config decides"),
                ),
            )


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
