"""A `pad_token` that the tokenizer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, vocabulary
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import place_of

# Up to 1.0 an unknown token is found where the tokenizer has a token for the unknown; from 1.1 it is not.
LOOKED_UP_IN_VOCABULARY = Release(1, 1)
# What each trainer looks up, when it makes its collator itself; reward models need a padding token in any case.
LOOKED_UP = {
    "SFTTrainer": ("pad_token",),
    "DPOTrainer": ("pad_token",),
    "RewardTrainer": ("pad_token", "eos_token"),
}


class PadTokenNotInVocabulary(TrainerRule):
    """TRL looks the token up and refuses one that is not there."""

    code = "TRL222"
    name = "pad-token-not-in-vocabulary"
    summary = "a `pad_token` (of a reward model also an `eos_token`) that is not in the tokenizer's vocabulary"
    trainers = frozenset(LOOKED_UP)
    needs = frozenset({"pad_token", "eos_token"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each token that `tokenizer.json` does not hold."""
        trainer = run.run.trainer or ""
        if trainer != "RewardTrainer" and arguments.value(run, "data_collator") not in (ABSENT, None):
            return
        for name in LOOKED_UP[trainer]:
            token = run.setting(name)
            if isinstance(token, str) and name in (defaults.fields(run) or {}) and _lacks(run, token):
                yield _verdict(run, name, token)


def _lacks(run: RunView, token: str) -> bool:
    used = processing(run)
    added = any(edit.kind == "escape" or edit.name in ("add_tokens", "add_special_tokens") for edit in used.edits)
    if used.kind not in (Kind.TOKENIZER, Kind.PROCESSOR) or added or used.artifact is None:
        return False
    if vocabulary.holds(used.artifact, token) is not False:
        return False
    return run.trl >= LOOKED_UP_IN_VOCABULARY or vocabulary.unknown_token(used.artifact) is None


def _verdict(run: RunView, name: str, token: str) -> Verdict:
    artifact = processing(run).artifact
    where = artifact.where or artifact.name if artifact is not None else ""
    return Verdict(
        name,
        place_of(run, name),
        f"{{trl}} refuses `{name}={token!r}`: the tokenizer's vocabulary does not have it",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=("The token must be one that the tokenizer already knows; the trainer does not add it.",),
        evidence=(f"vocabulary: tokenizer.json of {where}",),
        remedies=(Remedy("name a token of the vocabulary, or add this one to the tokenizer that you pass"),),
    )
