"""Options of FSDP that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trl_lint.api import UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of

OPTIONS_UNCHECKED = Release(5, 10)


class ShardingRefused(ConfigRule):
    """Refused by TrainingArguments up to transformers 5.9; together with DeepSpeed by the trainer, always."""

    code = "TRL816"
    name = "sharding-refused"
    summary = "`fsdp` options that exclude each other, or `fsdp` together with `deepspeed`"
    needs = frozenset({"fsdp"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the options are known and refused."""
        options = _options(defaults.made_with(run, "fsdp"))
        if not options:
            return
        if run.transformers < OPTIONS_UNCHECKED:
            if options == ["offload"]:
                yield _verdict(run, "offload", '`fsdp="offload"` alone', Stage.CONFIG, 'write `"full_shard offload"`')
            elif {"full_shard", "shard_grad_op"} <= set(options):
                what = "`full_shard` together with `shard_grad_op`"
                yield _verdict(run, "both", what, Stage.CONFIG, "keep one of the two")
        if run.run.trainer is not None and defaults.is_set(run, "deepspeed"):
            what = "`fsdp` together with `deepspeed`"
            yield _verdict(run, "deepspeed", what, Stage.TRAINER_INIT, "keep one of the two")


def _options(found: Any) -> list[str]:
    if found is True:
        return ["full_shard"]
    if isinstance(found, str):
        return found.split()
    if isinstance(found, list) and UNKNOWN not in found and all(isinstance(option, str) for option in found):
        return found
    return []


def _verdict(run: RunView, case: str, what: str, stage: Stage, way: str) -> Verdict:
    return Verdict(
        case,
        place_of(run, "fsdp"),
        f"{{transformers}} refuses {what}",
        Severity.ERROR,
        stage,
        remedies=(Remedy(way),),
    )
