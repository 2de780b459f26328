"""Assistant-only loss with a chat template that marks no assistant tokens."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Note, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import (
    MASK_CHECKED_FOR_PROMPT_COMPLETION,
    REFUSALS_BY_DATA,
    STREAMED_ASSISTANT_CHECK,
    VLM_SUPPORT,
)
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.template import Marking, Template
from trl_lint_rules.sft import SftRule, place_of


class TemplateWithoutGenerationMarkers(SftRule):
    """Refused when the trainer is made (1.1 and newer), or found when the data are tokenised (before)."""

    code = "TRL203"
    name = "template-without-generation-markers"
    summary = "assistant-only loss with a chat template that marks no assistant tokens"
    needs = frozenset({"assistant_only_loss"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the template that the run would use cannot give an assistant mask."""
        found = template.template(run)
        if not template.asked(run) or found is None or _stopped_before(run):
            return
        marked = template.marking(run.trl, found)
        speaks = data.conversational(run)
        if speaks is False or marked not in (Marking.REFUSED, Marking.UNMARKED):
            return
        if marked is Marking.REFUSED:
            yield _refused(run, found)
            return
        if speaks is None:
            run.weaken(f"what the rows look like is not known ({run.data().reason or 'no data set'})")
        if data.prompt_completion(run) and run.trl < MASK_CHECKED_FOR_PROMPT_COMPLETION:
            yield _silent(run, found)
        else:
            yield _no_mask(run, found)


def _stopped_before(run: RunView) -> bool:
    """Whether this release stops at the processor before it looks at the template."""
    return run.trl < REFUSALS_BY_DATA and processing(run).kind is Kind.PROCESSOR


def _notes(found: Template) -> tuple[Note, ...]:
    return (Note(found.span, "the template that the run uses"),) if found.span is not None else ()


def _refused(run: RunView, found: Template) -> Verdict:
    reason = "it has no generation markers"
    if template.has_real_markers(found):
        reason = "its markers are spelled in a way that TRL's own test does not see (write `{% generation %}`)"
    return Verdict(
        "refused",
        place_of(run, "assistant_only_loss"),
        f"{{trl}} refuses this chat template for `assistant_only_loss=True`: {reason}",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=(
            "{trl} swaps in a training template only for templates that it knows byte for byte; any other one "
            "must mark the assistant's tokens itself. The trainer stops with a ValueError when it is made.",
        ),
        evidence=(f"chat template: {found.origin}", data.describe(run)),
        notes=_notes(found),
        remedies=tuple(_ways_out(run, found)),
    )


def _no_mask(run: RunView, found: Template) -> Verdict:
    return Verdict(
        "no-mask",
        place_of(run, "assistant_only_loss"),
        "with `assistant_only_loss=True` {trl} stops while it tokenises the data: the chat template has no "
        "`{% generation %}` markers",
        Severity.ERROR,
        Stage.PREPARE_DATA,
        why=(
            "Without markers no token counts as the assistant's, and the first row raises "
            '"at least one example has no assistant tokens".',
        ),
        evidence=(f"chat template: {found.origin}", data.describe(run)),
        notes=_notes(found),
        remedies=tuple(_ways_out(run, found)),
    )


def _silent(run: RunView, found: Template) -> Verdict:
    ignored = run.trl < STREAMED_ASSISTANT_CHECK
    effect = (
        "is ignored for prompt-completion rows: the completion alone decides"
        if ignored
        else "leaves no token to train on: the loss is 0.0 and nothing is learned"
    )
    return Verdict(
        "ignored" if ignored else "nothing-trained",
        place_of(run, "assistant_only_loss"),
        f"in {{trl}} `assistant_only_loss=True` {effect}",
        Severity.WARNING,
        Stage.SILENT,
        why=(
            "The chat template has no `{% generation %}` markers; for prompt-completion rows this release does "
            "not check that the mask holds anything.",
        ),
        evidence=(f"chat template: {found.origin}", data.describe(run)),
        notes=_notes(found),
        remedies=tuple(_ways_out(run, found)),
    )


def _ways_out(run: RunView, found: Template) -> Iterator[Remedy]:
    prompts = data.prompt_completion(run)
    if prompts:
        yield remedies.drop_config(
            run,
            "assistant_only_loss",
            "drop `assistant_only_loss`: prompt-completion rows train the completion alone by default",
        )
    where = "`tokenizer.chat_template`" if run.trl < VLM_SUPPORT else "`chat_template_path` (a `.jinja` file)"
    yield Remedy(
        "give a template that encloses what the assistant says, end-of-turn token included, in "
        f"`{{% generation %}}` and `{{% endgeneration %}}`: {where}"
    )
    since = template.patched_since(found.text or "")
    if since is not None and since > run.trl:
        yield Remedy(f"or upgrade: TRL {since} and newer know this template and mark it themselves")
    if not prompts:
        yield Remedy("or write the rows as prompt and completion, with `completion_only_loss=True`")
