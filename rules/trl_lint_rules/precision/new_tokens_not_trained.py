"""LoRA over a model whose vocabulary was enlarged: the embeddings of the new tokens stay as they were drawn."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Call, Instance, Mutation, Note, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import adapters, vocabulary

_ADDING = frozenset({"add_tokens", "add_special_tokens"})
_RESIZING = "resize_token_embeddings"
# A padding token is never trained, with or without LoRA.
_NEVER_TRAINED = "pad_token"
# What else may unfreeze the embeddings: then nothing is said.
_REACHING = frozenset({"get_input_embeddings", "parameters", "named_parameters", "requires_grad_", "modules"})
_EMBEDDING_NAMES = ("embed", "wte", "wpe", "lm_head")


class NewTokensNotTrained(TrainerRule):
    """Only where the code itself enlarges the embeddings, adds tokens that are known, and makes the `LoraConfig`."""

    code = "TRL609"
    name = "new-tokens-not-trained"
    summary = "LoRA that leaves the embeddings of newly added tokens untrained"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for all tokens that are added."""
        call = adapters.lora(run)
        if call is None or _trains_embeddings(run, call):
            return
        made = list(adapters.chain(run))
        if not any(edit.name == _RESIZING and not edit.optional for one in made for edit in one.mutations):
            return
        if any(_may_unfreeze(one) for one in made):
            return
        edits = [edit for edit in run.run.processing.edits if edit.name in _ADDING and not edit.optional]
        added = [token for edit in edits for token in _tokens(run, edit)]
        new = [token for token in dict.fromkeys(added) if self._is_new(run, token)]
        if not new:
            return
        yield Verdict(
            "frozen",
            edits[0].span,
            f"LoRA leaves the embeddings of {_named(new)} as they are: they are never trained",
            Severity.WARNING,
            Stage.SILENT,
            why=(
                "`resize_token_embeddings` gives new tokens rows that mean nothing yet. LoRA trains its own matrices "
                "alone, so that these rows stay as they are, in the input and in the output.",
            ),
            notes=(Note(call.span, "this adapter leaves the embeddings out"),),
            remedies=(
                Remedy("train these rows: `trainable_token_indices=` with their ids (PEFT 0.15 and newer)"),
                Remedy('or the whole embeddings, with more memory: `modules_to_save=["embed_tokens", "lm_head"]`'),
                Remedy("or take tokens that the vocabulary keeps in reserve, instead of new ones"),
            ),
        )

    @staticmethod
    def _is_new(run: RunView, token: str) -> bool:
        artifact = run.artifact(run.run.processing.name, run.run.processing.revision)
        held = vocabulary.holds(artifact, token) if artifact is not None else None
        if held is None:
            run.weaken("the vocabulary is not at hand: it may hold these tokens already")
        return held is not True


def _named(new: list[str]) -> str:
    words = ", ".join(f"`{token[:40]}`" for token in new[:3])
    more = f" and {len(new) - 3} more" if len(new) > 3 else ""
    return f"the new {'tokens' if len(new) > 1 else 'token'} {words}{more}"


def _trains_embeddings(run: RunView, call: Call) -> bool:
    """Whether the adapter trains them too, or may."""
    for name in ("trainable_token_indices", "modules_to_save"):
        if adapters.keyword(run, call, name) not in (ABSENT, None):
            return True
    if call.keyword("target_parameters") is not None or call.keyword("layer_replication") is not None:
        return True
    targets = adapters.targets(run, call)
    if isinstance(targets, str):
        return targets.lower() != "all-linear"  # a pattern may match anything
    if targets is None:
        return adapters.keyword(run, call, "target_modules") not in (ABSENT, None)
    return any(part in name for name in targets for part in _EMBEDDING_NAMES)


def _may_unfreeze(made: Instance) -> bool:
    return any(edit.kind == "escape" or edit.name.rpartition(".")[2] in _REACHING for edit in made.mutations)


def _tokens(run: RunView, edit: Mutation) -> Iterator[str]:
    """The tokens that the call adds, as far as they are known."""
    given = next(edit.call.positional(), None) if edit.call is not None else None
    found = run.plain(given.value) if given is not None else UNKNOWN
    if isinstance(found, dict):
        values = [value for key, value in found.items() if key != _NEVER_TRAINED]
    else:
        values = [found]
    for value in values:
        for token in value if isinstance(value, list | tuple) else [value]:
            if isinstance(token, str) and token:
                yield token
