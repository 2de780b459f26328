"""Conversational data and no chat template to render it with."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA, TEMPLATE_PATCHING, VISION_DATA_CHECK
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import SftRule, place_of, trainer_place

# From here on a formatting function no longer takes the place of the chat template for conversational rows.
FORMATTING_IGNORED_FOR_CONVERSATIONS = Release(0, 15)


class ChatTemplateMissing(SftRule):
    """The tokenizer has no chat template: every row of messages stops the run."""

    code = "TRL204"
    name = "chat-template-missing"
    summary = "conversational data, and no chat template to render it with"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where it is known that the run has conversations and no template."""
        if data.conversational(run) is not True or _rendered_elsewhere(run):
            return
        found = template.template(run)
        if found is None or template.marking(run.trl, found) is not Marking.MISSING:
            return
        asked = template.asked(run)
        early = asked and run.trl >= TEMPLATE_PATCHING
        when = "while it prepares the data"
        if early:
            when = "with a TypeError about None when the trainer is made"
        elif data.vision(run):
            when = "at the first batch"
        yield Verdict(
            "missing-checked" if early else "missing",
            place_of(run, "assistant_only_loss") if asked else trainer_place(run),
            f"the data are conversations, and there is no chat template to render them with: {{trl}} stops {when}",
            Severity.ERROR,
            Stage.TRAINER_INIT if early else _stage(run),
            why=("Base models are often published without a chat template; TRL brings none of its own.",),
            evidence=(found.origin, data.describe(run)),
            remedies=(
                Remedy(
                    "set one: `tokenizer.chat_template = ...` on the tokenizer that the trainer gets, or "
                    "`chat_template_path` in the config (TRL 0.19 and newer)"
                ),
                Remedy("or train on a plain `text` column, or on prompt and completion as strings"),
            ),
        )


def _rendered_elsewhere(run: RunView) -> bool:
    """Whether this release would not get as far as rendering with the template."""
    if run.trl < FORMATTING_IGNORED_FOR_CONVERSATIONS and run.argument("formatting_func") is not ABSENT:
        return True
    kwargs = run.setting("dataset_kwargs")
    if kwargs not in (ABSENT, None) and (not isinstance(kwargs, dict) or kwargs.get("skip_prepare_dataset")):
        return True
    return (template.asked(run) and run.trl < REFUSALS_BY_DATA and processing(run).kind is Kind.PROCESSOR) or (
        processing(run).kind is Kind.PROCESSOR and run.trl < VISION_DATA_CHECK
    )


def _stage(run: RunView) -> Stage:
    return Stage.FIRST_BATCH if data.vision(run) else Stage.PREPARE_DATA
