"""How the model is loaded, and whether the targeted transformers release can."""

from __future__ import annotations

import enum

from trl_lint.api import Artifact, How, RunView, dataclass
from trl_lint_rules import facts
from trl_lint_rules.knowledge.boundaries import VLM_SUPPORT


class Loader(enum.Enum):
    """Who loads the model."""

    CODE = "the code"
    TRAINER = "the trainer"


@dataclass(frozen=True)
class Loading:
    """How the model comes about. `refused`: the class cannot load this model type; None where not known.

    `text_class`: the model's class is the text-only part of a vision-language model.
    """

    by: Loader
    class_name: str
    artifact: Artifact
    refused: bool | None
    text_class: bool = False


def loading(run: RunView) -> Loading | None:
    """How the model of `run` is loaded; None where that is not known."""
    return run.once("sft-loading", lambda: _loading(run))


def _loading(run: RunView) -> Loading | None:
    model = run.run.model
    artifact = run.artifact(model.name, model.revision)
    if artifact is None or artifact.model_type is None:
        return None
    if model.how is How.NAME:
        if run.run.recipe:
            return None  # the `trl sft` script chooses the class by the model type
        if run.trl < VLM_SUPPORT:
            return _by_auto_class(run, Loader.TRAINER, "AutoModelForCausalLM", artifact)
        return _by_architecture(run, artifact)
    if model.how is How.LOADED and model.loader is not None:
        return _by_auto_class(run, Loader.CODE, model.loader.rpartition(".")[2], artifact)
    return None


def _by_architecture(run: RunView, artifact: Artifact) -> Loading | None:
    """TRL 0.22 and newer take the class that `architectures` of config.json names."""
    named = (artifact.config or {}).get("architectures")
    if not isinstance(named, list) or not named or not isinstance(named[0], str):
        return None
    return Loading(Loader.TRAINER, named[0], artifact, None, _is_text_class(run, artifact, named[0]))


def _by_auto_class(run: RunView, by: Loader, class_name: str, artifact: Artifact) -> Loading:
    model_type = artifact.model_type or ""
    known = facts.model_type(model_type, run.transformers)
    if known is None or "auto_map" in (artifact.config or {}):
        return Loading(by, class_name, artifact, None)
    if class_name == "AutoModelForCausalLM":
        made = known.causal_lm
    elif class_name == "AutoModelForImageTextToText":
        made = known.image_text_to_text
    else:
        return Loading(by, class_name, artifact, None, _is_text_class(run, artifact, class_name))
    return Loading(by, class_name, artifact, made is None, made is not None and _is_text_class(run, artifact, made))


def _is_text_class(run: RunView, artifact: Artifact, class_name: str) -> bool:
    """Whether `class_name` is the causal language model that transformers keeps beside a vision-language one
    of the same model type (`Qwen3_5ForCausalLM` beside `Qwen3_5ForConditionalGeneration`)."""
    known = facts.model_type(artifact.model_type or "", run.transformers)
    return (
        known is not None
        and known.image_text_to_text is not None
        and known.causal_lm == class_name
        and known.causal_lm != known.image_text_to_text
    )
