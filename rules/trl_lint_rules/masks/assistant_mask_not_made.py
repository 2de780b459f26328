"""Assistant-only loss of which Unsloth's preparation knows nothing."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template, unsloth_rows
from trl_lint_rules.sft import SftRule, place_of


class AssistantMaskNotMade(SftRule):
    """Unsloth makes one text of each row, and only newer releases ask what is to be trained of it."""

    code = "TRL230"
    name = "assistant-mask-not-made"
    summary = "assistant-only loss on rows of which Unsloth makes plain text"
    needs = frozenset({"assistant_only_loss"})
    with_unsloth = True

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows become text: by a function, or because they have a text column too."""
        found = unsloth_rows.preparations(run)
        if not found or not template.asked(run) or data.conversational(run) is not True:
            return
        columns, function = data.columns(run), run.argument("formatting_func")
        if columns is None or function is UNKNOWN or unsloth_rows.masks_by_itself(run) or "input_ids" in columns:
            return
        formatted = function not in (ABSENT, None)
        ignoring = [each for each in found if not each.assistant_only_loss]
        if not (formatted or ("text" in columns and run.setting("dataset_text_field") in (ABSENT, "text"))):
            return
        if ignoring:
            doubts = (unsloth_rows.SEVERAL,) if len(ignoring) < len(found) else ()
            yield _verdict(run, "ignored", "ignores `assistant_only_loss=True`: whole rows are trained", doubts)
        elif formatted:
            yield _verdict(run, "refused", "refuses `assistant_only_loss=True` beside `formatting_func`", ())


def _verdict(run: RunView, case: str, does: str, doubts: tuple[str, ...]) -> Verdict:
    unsloth = run.target.unsloth
    refused = case == "refused"
    return Verdict(
        case,
        place_of(run, "assistant_only_loss"),
        f"Unsloth {unsloth.newest if unsloth is not None else ''} {does}",
        Severity.ERROR if refused else Severity.WARNING,
        Stage.PREPARE_DATA if refused else Stage.SILENT,
        why=(
            "Unsloth prepares the rows itself, and has no mask of the answers where a row has become one text."
            + (" It stops with a ValueError." if refused else " Nothing says so."),
        ),
        evidence=(data.describe(run),),
        remedies=(
            Remedy("mask the text: `train_on_responses_only(trainer, instruction_part=..., response_part=...)`"),
            remedies.drop_config(run, "assistant_only_loss", "or drop `assistant_only_loss`"),
        ),
        doubts=doubts,
    )
