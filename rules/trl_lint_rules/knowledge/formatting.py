"""The formatting function of a run, and when its texts count."""

from __future__ import annotations

from trl_lint.api import ABSENT, UNKNOWN, Release, RunView, Setting

# From here on its result becomes a column `text` of the rows; before, it was tokenised as it was.
AMONG_TEXTS = Release(0, 15)
# It is tried on single rows first and on batches if that raises, from 0.17; on single rows alone from 0.21.
SINGLE_ROWS_FIRST = Release(0, 17)
SINGLE_ROWS = Release(0, 21)


def formatter(run: RunView) -> Setting | None:
    """Where the trainer is given a formatting function; None where it is not, or that is not known."""
    passed = run.passed("formatting_func")
    if passed is None or run.argument("formatting_func") in (ABSENT, None):
        return None
    return passed


def prepared(run: RunView) -> bool:
    """Whether TRL is known to prepare the rows."""
    kwargs = run.setting("dataset_kwargs")
    if run.trl < AMONG_TEXTS and run.passed("dataset_kwargs") is not None:
        kwargs = run.argument("dataset_kwargs")
    if kwargs is UNKNOWN:
        return False
    return not (isinstance(kwargs, dict) and kwargs.get("skip_prepare_dataset"))
