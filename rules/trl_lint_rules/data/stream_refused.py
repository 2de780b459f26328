"""A streamed data set where a release cannot work with one."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of, trainer_place

# Source: the trainers of the published wheels.
KTO_STREAMS = Release(1, 3)  # before, all maps are called with `num_proc`, which a stream does not take
PACKED_COLUMNS = (Release(0, 20), Release(0, 23, 1))  # between, packing asks a stream for its columns, which it has not


class StreamRefused(TrainerRule):
    """`load_dataset(..., streaming=True)` gives an `IterableDataset`."""

    code = "TRL709"
    name = "stream-refused"
    summary = "a streamed data set for KTO before 1.3, or for packing in 0.20 to 0.23.0"
    trainers = frozenset({"KTOTrainer", "SFTTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the data set is known to be streamed."""
        if run.data().container != "IterableDataset":
            return
        if run.run.trainer == "KTOTrainer" and run.trl < KTO_STREAMS:
            yield _verdict(run, "kto", "it maps the rows with `num_proc`, which a stream does not take", KTO_STREAMS)
        since, until = PACKED_COLUMNS
        packed = run.run.trainer == "SFTTrainer" and defaults.value(run, "packing") is True
        if packed and since <= run.trl < until and defaults.value(run, "dataset_kwargs") is None:
            yield _verdict(
                run, "packing", "packing asks it for its columns, which a mapped stream does not know", until
            )


def _verdict(run: RunView, case: str, reason: str, until: Release) -> Verdict:
    return Verdict(
        case,
        place_of(run, "train_dataset", "packing") if run.passed("train_dataset") else trainer_place(run),
        f"{{trl}} cannot work with a streamed data set here: {reason}",
        Severity.ERROR,
        Stage.TRAINER_INIT if case == "kto" else Stage.PREPARE_DATA,
        remedies=(
            Remedy("load the data without `streaming=True`"),
            Remedy(f"or upgrade to TRL {until} or newer", right_in=lambda environment: environment.trl >= until),
        ),
    )
