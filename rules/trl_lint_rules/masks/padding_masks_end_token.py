"""A collator that masks the padding token where that is also the end-of-sequence token."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Instance, Release, Remedy, RunView, Severity, Span, Stage, Verdict
from trl_lint_rules.knowledge import data, padding, remedies
from trl_lint_rules.knowledge.processing import Processing, of_use, processing
from trl_lint_rules.sft import SftRule, place_of, trainer_place

# TRL's own collator, which masks by position and not by token, took the place of transformers' here.
OWN_COLLATOR = Release(0, 16, 1)
_BY_TOKEN = ("DataCollatorForLanguageModeling", "DataCollatorForCompletionOnlyLM")


class PaddingMasksEndToken(SftRule):
    """The model never learns to stop."""

    code = "TRL215"
    name = "padding-masks-end-token"
    summary = "a padding token that is the end-of-sequence token, with a collator that masks both"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the two tokens are known to be the same and the collator masks by token."""
        passed = run.passed("data_collator")
        collator = run.argument("data_collator")
        by_default = passed is None or collator is None
        if by_default and (run.trl >= OWN_COLLATOR or _packed_apart(run)):
            return
        if not by_default and not (isinstance(collator, Instance) and _masks_by_token(collator)):
            return
        used = processing(run) if by_default else _of_collator(run, collator)
        same = padding.is_end_token(run, used, filled=by_default and not used.given)
        if same is None:
            return
        yield _verdict(run, by_default, same)


def _masks_by_token(collator: Instance) -> bool:
    owner, _, last = collator.callee.rpartition(".")
    if last not in _BY_TOKEN:
        return False
    if last == "DataCollatorForLanguageModeling" and not owner.startswith("transformers"):
        return False  # TRL has one of this name, which masks by position
    masked = collator.call.keyword("mlm") if collator.call is not None else None
    return last != "DataCollatorForLanguageModeling" or masked is not None


def _of_collator(run: RunView, collator: Instance) -> Processing:
    """The tokenizer that the collator is made with, where it is one that the code makes; else the trainer's."""
    call = collator.call
    given = None if call is None else call.keyword("tokenizer") or next(call.positional(), None)
    found = run.plain(given.value) if given is not None else None
    for use in run.run.spare:
        if isinstance(found, Instance) and use.instance is not None and use.instance.ident == found.ident:
            return of_use(run, use)
    return processing(run)


def _packed_apart(run: RunView) -> bool:
    """Up to 0.14 packed rows have another collator, which masks nothing."""
    return run.setting("packing") not in (ABSENT, False) or run.passed("packing") is not None


def _verdict(run: RunView, by_default: bool, same: padding.Same) -> Verdict:
    at: Span = same.at if same.at is not None else place_of(run, "data_collator")
    own = "give the tokenizer a padding token of its own, one that its vocabulary has"
    if by_default:
        newer = Remedy(
            "or upgrade to TRL 0.16.1 or newer", right_in=lambda environment: environment.trl >= OWN_COLLATOR
        )
        ways = [Remedy(own), newer]
    else:
        drop = remedies.drop_argument(run, "data_collator", "drop the collator: TRL's own one masks by position")
        ways = [drop, Remedy(f"or {own}")]
    whose = "The collator of {trl}" if by_default else "This collator"
    return Verdict(
        "default" if by_default else "passed",
        at if run.run.trainer_call is not None else trainer_place(run),
        "the end-of-sequence token is not trained: it is the padding token too, and the collator masks that",
        Severity.WARNING,
        Stage.SILENT,
        why=(
            f"{whose} masks every token that equals the padding token, the real end of a row too. The model learns to "
            "answer and never to stop.",
        ),
        evidence=tuple(each for each in (same.evidence, data.describe(run)) if each),
        remedies=tuple(ways),
    )
