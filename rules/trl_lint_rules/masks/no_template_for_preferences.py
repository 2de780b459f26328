"""Conversations for a preference, reward or online trainer, and no chat template to render them with."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import data, generations, template
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import trainer_place


class NoTemplateForPreferences(TrainerRule):
    """As `chat-template-missing` says it of SFTTrainer."""

    code = "TRL220"
    name = "no-template-for-preferences"
    summary = "conversations for DPO, KTO, a reward model, GRPO or RLOO, and no chat template"
    trainers = frozenset({"DPOTrainer", "KTOTrainer", "RewardTrainer", *generations.TRAINERS})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the tokenizer is passed, and is known to have no template."""
        used = processing(run)
        if data.conversational(run) is not True or run.run.processing.how is not How.LOADED:
            return
        found = template.of_processing(run, used) if used.kind is Kind.TOKENIZER else None
        if found is None or found.text is not None:
            return
        online = run.run.trainer in generations.TRAINERS
        yield Verdict(
            "missing",
            trainer_place(run),
            "the data are conversations, and there is no chat template to render them with: {trl} stops "
            + ("in the first step" if online else "while it prepares the data"),
            Severity.ERROR,
            Stage.FIRST_STEP if online else Stage.PREPARE_DATA,
            why=("Base models are often published without a chat template; TRL brings none of its own.",),
            evidence=(found.origin, data.describe(run)),
            remedies=(
                Remedy("set one: `tokenizer.chat_template = ...` on the tokenizer that is passed"),
                Remedy("or train on plain strings"),
            ),
        )
