"""An `eos_token` that the tokenizer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Artifact, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import vocabulary
from trl_lint_rules.knowledge.processing import Kind, Processing, processing
from trl_lint_rules.sft import SftRule, place_of

SINCE = Release(0, 17)
# Up to 1.0 the token is looked up with `convert_tokens_to_ids`, which answers with the unknown token's id
# where the tokenizer has one; from 1.1 in `get_vocab()`.
LOOKED_UP_IN_VOCABULARY = Release(1, 1)


class EosTokenNotInVocabulary(SftRule):
    """TRL looks the token up and refuses one that is not there."""

    code = "TRL211"
    name = "eos-token-not-in-vocabulary"
    summary = "an `eos_token` that is not in the tokenizer's vocabulary"
    needs = frozenset({"eos_token"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where `tokenizer.json` is at hand and does not hold the token."""
        token = run.setting("eos_token")
        used = processing(run)
        if run.trl < SINCE or not isinstance(token, str) or not _may_be_judged(used) or used.artifact is None:
            return
        if vocabulary.holds(used.artifact, token) is not False:
            return
        unknown = vocabulary.unknown_token(used.artifact)
        if run.trl < LOOKED_UP_IN_VOCABULARY and unknown is not None:
            yield self._silent(run, token, unknown, used.artifact)
            return
        yield Verdict(
            "refused",
            place_of(run, "eos_token"),
            f"{{trl}} refuses `eos_token={token!r}`: the tokenizer's vocabulary does not have it",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The token must be one that the tokenizer already knows; the trainer does not add it.",),
            evidence=(_vocabulary(used.artifact),),
            remedies=(Remedy("name a token of the vocabulary, or add this one to the tokenizer that you pass"),),
        )

    def _silent(self, run: RunView, token: str, unknown: str, artifact: Artifact) -> Verdict:
        return Verdict(
            "unknown-token",
            place_of(run, "eos_token"),
            f"{{trl}} takes {unknown!r} for the end-of-sequence token: {token!r} is not in the vocabulary",
            Severity.WARNING,
            Stage.SILENT,
            why=("The token is looked up with a method that answers with the unknown token, and nothing says so.",),
            evidence=(_vocabulary(artifact),),
            remedies=(Remedy("name a token of the vocabulary, or add this one to the tokenizer that you pass"),),
        )


def _vocabulary(artifact: Artifact) -> str:
    return f"vocabulary: tokenizer.json of {artifact.where or artifact.name}"


def _may_be_judged(used: Processing) -> bool:
    """Whether the vocabulary is that of the files: nothing was added to it in the code."""
    added = any(edit.kind == "escape" or edit.name in ("add_tokens", "add_special_tokens") for edit in used.edits)
    return used.kind in (Kind.TOKENIZER, Kind.PROCESSOR) and not added
