"""Whether the losses of the Liger kernel take the place of TRL's own, and what they cannot do.

Source: the trainers of the published wheels; from 1.15 on nothing of this is refused any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from trl_lint.api import ABSENT, UNKNOWN, Release, RunView
from trl_lint_rules.knowledge import defaults

NEW_NAME: Final = Release(
    0, 25
)  # `use_liger_loss` becomes `use_liger_kernel` for the trainers with losses of their own
OLD_NAME_GONE: Final = Release(0, 28)  # until then, given, it wins
OLD, NEW = "use_liger_loss", "use_liger_kernel"


def switch(run: RunView, read: Callable[[RunView, str], Any] = defaults.value) -> str | None:
    """The argument that is known to turn the kernel's loss on; None where it is off, or not known to be on."""
    if run.run.config == "SFTConfig":
        return NEW if read(run, NEW) is True else None
    older = read(run, OLD) if run.trl < OLD_NAME_GONE else ABSENT
    if run.trl < NEW_NAME or older in (True, False):
        return OLD if older is True else None
    return NEW if read(run, NEW) is True else None


def off(run: RunView) -> bool:
    """Whether neither argument can turn the kernel on."""
    return all(defaults.value(run, name) in (False, None, ABSENT) for name in (OLD, NEW))


class Limit(NamedTuple):
    """What one trainer refuses together with the kernel, from `since` on, before `until`."""

    trainer: str
    since: Release
    until: Release
    setting: str
    refused: Callable[[Any], bool]


def _known(found: Any) -> bool:
    return found not in (ABSENT, UNKNOWN, None)


def _not(*values: str) -> Callable[[Any], bool]:
    return lambda found: isinstance(found, str) and found not in values


def _loss_not(*values: str) -> Callable[[Any], bool]:
    def refused(found: Any) -> bool:
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        return isinstance(found, list) or (isinstance(found, str) and found not in values)

    return refused


def _several(found: Any) -> bool:
    return isinstance(found, list) and len(found) != 1


def _share(found: Any) -> bool:
    return isinstance(found, int | float) and found < 1


def _on(found: Any) -> bool:
    return found is True


def _is(value: str) -> Callable[[Any], bool]:
    return lambda found: found == value


_MANY = ("sigmoid", "apo_zero", "apo_down", "sppo_hard", "nca_pair")

LIMITS: Final[Sequence[Limit]] = (
    Limit("GRPOTrainer", Release(0, 17), Release(0, 18), "loss_type", _not("bnpo")),
    Limit("GRPOTrainer", Release(0, 20), Release(1, 14), "top_entropy_quantile", _share),
    Limit("GRPOTrainer", Release(0, 20), Release(1, 0), "importance_sampling_level", _not("token")),
    Limit("GRPOTrainer", Release(0, 27), Release(1, 14), "off_policy_mask_threshold", _known),
    Limit("DPOTrainer", Release(0, 19), Release(0, 22), "loss_type", _loss_not("sigmoid")),
    Limit("DPOTrainer", Release(0, 22), Release(0, 29), "loss_type", _loss_not(*_MANY)),
    Limit("DPOTrainer", Release(0, 29), Release(1, 14), "loss_type", _several),
    Limit("DPOTrainer", Release(0, 29), Release(1, 14), "precompute_ref_log_probs", _on),
    Limit("KTOTrainer", Release(0, 17), Release(1, 14), "loss_type", _is("apo_zero_unpaired")),
    Limit("KTOTrainer", Release(0, 17), Release(1, 14), "precompute_ref_log_probs", _on),
    Limit("SFTTrainer", Release(1, 4), Release(1, 15), "loss_type", _is("chunked_nll")),
)
