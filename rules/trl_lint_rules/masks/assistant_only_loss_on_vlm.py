"""Assistant-only loss on a vision-language artifact."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import (
    Applicability,
    Environment,
    How,
    Note,
    Remedy,
    RunView,
    Severity,
    Stage,
    Verdict,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import (
    ASSISTANT_ONLY_WITH_IMAGES,
    REFUSALS_BY_DATA,
    TEMPLATE_PATCHING,
    TEXT_DATA_ON_VLM,
    TRANSFORMERS_WITH_IMAGE_MASKS,
    VISION_DATA_CHECK,
    VLM_SUPPORT,
)
from trl_lint_rules.knowledge.processing import Kind, Processing, processing
from trl_lint_rules.sft import SftRule, place_of, trainer_place


class AssistantOnlyLossOnVlm(SftRule):
    """Which release refuses what: see the page beside this file."""

    code = "TRL201"
    name = "assistant-only-loss-on-vlm"
    summary = "assistant-only loss on a vision-language model that this release refuses"
    needs = frozenset({"assistant_only_loss"})
    with_unsloth = True

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """Refused for the model (0.22 to 1.9), for image data (1.10 to 1.14), or for want of transformers 5.18."""
        if run.trl < VLM_SUPPORT or not template.asked(run):
            return
        used = processing(run)
        if used.kind is not Kind.PROCESSOR:
            return
        if run.trl < REFUSALS_BY_DATA:
            yield _refused_for_model(run, used)
        elif data.vision(run):
            yield from _judge_images(run, used)


def _subject(run: RunView) -> str:
    name = run.plain(run.run.model.name)
    return f"`{name}`" if isinstance(name, str) else "the model"


def _notes(run: RunView) -> tuple[Note, ...]:
    notes = []
    for candidate in remedies.spare_tokenizers(run):
        edited = any(edit.kind in ("set", "call") for edit in candidate.use.edits)
        said = "this tokenizer is edited, but the trainer never gets it"
        if not edited:
            said = "with this tokenizer it would be a text run, but the trainer never gets it"
        if candidate.use.span is not None:
            notes.append(Note(candidate.use.span, said))
    if run.run.trainer_call is not None:
        passed = run.passed("processing_class")
        if passed is not None:
            notes.append(Note(passed.span, "a processor makes TRL treat the model as a vision-language model"))
        elif run.run.processing.how is How.ABSENT:
            notes.append(Note(trainer_place(run), "no `processing_class`: TRL loads it by the model's name"))
    return tuple(notes)


def _refused_for_model(run: RunView, used: Processing) -> Verdict:
    loaded = used.class_name or "a processor"
    if used.given:
        reason = f"the trainer gets {loaded}"
    else:
        reason = f"without `processing_class` the trainer loads {loaded}"
    vision = data.vision(run)
    return Verdict(
        "refused-for-model",
        place_of(run, "assistant_only_loss"),
        f"{{trl}} refuses `assistant_only_loss=True` here: {reason} and treats {_subject(run)} "
        "as a vision-language model",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=(
            "The trainer takes the run for a vision-language one because of its processing class, not because of "
            'the data. When it is made, after the model has been loaded, it stops: "Assistant-only loss is not yet '
            'supported for vision-language models".',
        ),
        evidence=(*used.evidence, data.describe(run)),
        notes=_notes(run),
        remedies=tuple(_ways_out_with_images(run) if vision else _ways_out_for_text(run, vision)),
    )


def _ways_out_for_text(run: RunView, vision: bool | None) -> Iterator[Remedy]:
    message = "for a text-only run, pass the tokenizer"
    if run.run.recipe:
        message = "for a text-only run, use a script of your own that passes the tokenizer"
    yield remedies.pass_tokenizer(run, message, safe=vision is False, besides=_not_enough(run))
    yield Remedy(
        "or train on prompt-completion rows with `completion_only_loss=True` instead of `assistant_only_loss`"
        + (", and pass the tokenizer all the same" if run.trl < VISION_DATA_CHECK else ""),
    )
    yield _upgrade(run)
    yield Remedy("then look at the labels of one batch before the run: `next(iter(trainer.get_train_dataloader()))`")


def _upgrade(run: RunView) -> Remedy:
    """What TRL 1.10 and newer do with this run: no refusal for text, but the processor's own template counts."""
    edited = any(edit.kind in ("set", "call") for each in remedies.spare_tokenizers(run) for edit in each.use.edits)
    if edited:
        return Remedy("or upgrade: TRL 1.10 and newer take the run, but the edited tokenizer would still be lost")
    newest = facts.releases("trl")[-1]
    found = template.of_processing(run, processing(run)) if template.no_template_path(run) else template.template(run)
    if found is not None and template.marking(newest, found) in (template.Marking.NATIVE, template.Marking.PATCHED):
        return Remedy("or upgrade: from TRL 1.10 on text-only data need no tokenizer here (`trl>=1.10`)")
    return Remedy("or upgrade: TRL 1.10 and newer do not refuse this, but the chat template must carry markers there")


def _not_enough(run: RunView) -> str:
    """What passing the tokenizer leaves to do in this release: its template may lack generation markers."""
    artifact = run.artifact(run.run.model.name, run.run.model.revision)
    candidates = remedies.spare_tokenizers(run)
    edit = template.last_template_edit(candidates[0].use.edits) if len(candidates) == 1 else None
    if not template.no_template_path(run):
        found = template.template(run)
    elif edit is not None:
        text = run.plain(edit.value)
        found = template.Template(text, "") if isinstance(text, str) else None
    else:
        found = template.of_artifact(run, artifact, Kind.TOKENIZER)
    if found is None:
        return "; its chat template needs generation markers too" if run.trl < TEMPLATE_PATCHING else ""
    marked = template.marking(run.trl, found)
    if marked in (template.Marking.NATIVE, template.Marking.PATCHED):
        return ""
    if marked is template.Marking.MISSING:
        return "; it also needs a chat template, with generation markers"
    return (
        f"; that alone is not enough in TRL {run.trl}, its chat template also needs "
        "`{% generation %}` markers (set `tokenizer.chat_template`, or `chat_template_path`)"
    )


def _ways_out_with_images(run: RunView) -> Iterator[Remedy]:
    yield remedies.set_config(
        run, "assistant_only_loss", "False", "train on the whole conversation: `assistant_only_loss=False`"
    )
    if not data.prompt_completion(run):
        yield Remedy("or write the rows as prompt and completion: their completion alone is trained, images included")
    yield Remedy("or mask the labels in a `data_collator` of your own, and verify them on one batch")
    yield Remedy("or upgrade to TRL 1.15 and transformers 5.18, which can do this for `messages` rows")


def _judge_images(run: RunView, used: Processing) -> Iterator[Verdict]:
    at = place_of(run, "assistant_only_loss")
    evidence = (*used.evidence, data.describe(run))
    if run.trl < ASSISTANT_ONLY_WITH_IMAGES:
        yield Verdict(
            "refused-for-images",
            at,
            "{trl} refuses `assistant_only_loss=True` for image data",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The data set has an image column; this release cannot mask the other turns of such rows.",),
            evidence=evidence,
            remedies=tuple(_ways_out_with_images(run)),
        )
    elif run.transformers < TRANSFORMERS_WITH_IMAGE_MASKS:
        yield Verdict(
            "needs-transformers",
            at,
            "`assistant_only_loss=True` for image data needs transformers 5.18 or newer, this run has {transformers}",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("{trl} checks the installed transformers release when the trainer is made.",),
            evidence=evidence,
            remedies=(
                Remedy("upgrade transformers to 5.18 or newer", Applicability.DISPLAY, (), _has_image_masks),
                *_ways_out_with_images(run),
            ),
        )
    elif "messages" not in (data.columns(run) or {"messages"}):
        yield Verdict(
            "images-without-messages",
            at,
            "{trl} takes `assistant_only_loss=True` for image data only with a `messages` column; "
            "these rows stop the first batch",
            Severity.ERROR,
            Stage.FIRST_BATCH,
            why=("The collator for images masks by turns of `messages`; prompt and completion have none.",),
            evidence=evidence,
            remedies=(
                remedies.set_config(
                    run,
                    "assistant_only_loss",
                    "False",
                    "drop it: prompt-completion rows train the completion alone (`completion_only_loss`)",
                ),
            ),
        )


def _has_image_masks(environment: Environment) -> bool:
    return environment.trl >= TEXT_DATA_ON_VLM and environment.transformers >= TRANSFORMERS_WITH_IMAGE_MASKS
