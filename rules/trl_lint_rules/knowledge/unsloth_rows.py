"""How Unsloth prepares the rows of SFT: with its own function in the place of TRL's."""

from __future__ import annotations

from trl_lint.api import ABSENT, RunView
from trl_lint_rules import facts
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.processing import Kind, processing

SEVERAL = "which release of `unsloth_zoo` is installed is not known"


def preparations(run: RunView) -> tuple[facts.Preparation, ...]:
    """Those that an installation may have; none where Unsloth does not prepare the rows, or that is not known."""
    unsloth = run.target.unsloth
    if run.run.patched_by is None or unsloth is None or unsloth.beyond is not None or run.run.trainer != "SFTTrainer":
        return ()
    kwargs = run.setting("dataset_kwargs")
    if kwargs not in (ABSENT, None) and (not isinstance(kwargs, dict) or kwargs.get("skip_prepare_dataset")):
        return ()
    # Rows of vision-language models are left to the collator, in some releases even without pictures.
    if processing(run).kind is not Kind.TOKENIZER or data.vision(run) is not False:
        return ()
    call = run.run.trainer_call
    if call is None or call.root != "trl" or call.bases or run.argument("data_collator") not in (ABSENT, None):
        return ()
    return facts.preparations(unsloth.newest)


def masks_by_itself(run: RunView) -> bool:
    """Whether the code hands the trainer to `train_on_responses_only`, or may: then that sets the labels."""
    return "train_on_responses_only" in run.run.source.text
