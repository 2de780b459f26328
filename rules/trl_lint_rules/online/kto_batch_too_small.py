"""KTO on batches from which it cannot estimate the divergence."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 12)  # before, gradient accumulation and the number of GPUs counted too
ORDERED = Release(1, 6)
WITHOUT_DIVERGENCE = "apo_zero_unpaired"


class KtoBatchTooSmall(TrainerRule):
    """Each completion is compared with another prompt's of the same batch."""

    code = "TRL513"
    name = "kto-batch-too-small"
    summary = "KTO with one row on each device, or with rows that are not taken in their order"
    trainers = frozenset({"KTOTrainer"})
    needs = frozenset({"per_device_train_batch_size", "train_sampling_strategy"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for the batch, one for the order."""
        loss = defaults.value(run, "loss_type")
        if run.trl < SINCE or not isinstance(loss, str) or loss == WITHOUT_DIVERGENCE:
            return
        size = defaults.value(run, "per_device_train_batch_size")
        if isinstance(size, int) and size <= 1:
            yield Verdict(
                "one",
                place_of(run, "per_device_train_batch_size"),
                f"{{trl}} refuses `per_device_train_batch_size={size}` for KTO",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=(
                    "KTO estimates the divergence from the reference by pairing each prompt with another row's "
                    "completion of the same batch; gradient accumulation does not count.",
                ),
                remedies=(
                    remedies.set_config(
                        run, "per_device_train_batch_size", "2", "set `per_device_train_batch_size=2` or more"
                    ),
                    Remedy(f'or use `loss_type="{WITHOUT_DIVERGENCE}"`, which does not need it'),
                ),
            )
        order = defaults.value(run, "train_sampling_strategy")
        if run.trl >= ORDERED and isinstance(order, str) and order != "sequential":
            yield Verdict(
                "order",
                place_of(run, "train_sampling_strategy"),
                f'{{trl}} refuses `train_sampling_strategy="{order}"` for KTO',
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("The completions of other rows are paired before training, so the order must stay.",),
                remedies=(
                    remedies.drop_config(run, "train_sampling_strategy", "drop it: `sequential` is the default"),
                ),
            )
