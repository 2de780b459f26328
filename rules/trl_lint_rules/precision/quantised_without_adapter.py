"""A quantised model that is to be trained as it is."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, How, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import adapters, arguments
from trl_lint_rules.sft import place_of


class QuantisedWithoutAdapter(TrainerRule):
    """transformers refuses it when the trainer is made."""

    code = "TRL606"
    name = "quantised-without-adapter"
    summary = "a model in 4 or 8 bits without an adapter, which cannot be trained"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer", "RewardTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the model is known to be quantised and nothing adds an adapter to it."""
        if run.run.trainer_call is None or run.run.model.how not in (How.NAME, How.LOADED):
            return
        if arguments.value(run, "peft_config") not in (ABSENT, None) or arguments.adapted(run):
            return
        if _changed(run) or adapters.quantised(run) is not True:
            return
        span = run.run.model.span
        yield Verdict(
            "alone",
            place_of(run, "model") if run.run.model.how is How.NAME or span is None else span,
            "this model is quantised and gets no adapter: transformers refuses to train it",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("Weights in 4 or 8 bits cannot be trained; adapters on top of them can.",),
            remedies=(
                Remedy('train an adapter: `peft_config=LoraConfig(task_type="CAUSAL_LM")`'),
                Remedy("or load the model without `quantization_config`"),
            ),
        )


def _changed(run: RunView) -> bool:
    """Whether the code does something to the model that may have given it an adapter."""
    harmless = ("config", "gradient_checkpointing_enable", "enable_input_require_grads", "resize_token_embeddings")
    for made in adapters.chain(run):
        for step in made.mutations:
            if step.kind == "escape" or (step.kind == "call" and step.name not in harmless):
                return True
    return False
