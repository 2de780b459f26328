"""Which processing class the trainer works with: what the code passes, or what TRL loads in its place."""

from __future__ import annotations

import enum
from typing import Final

from trl_lint.api import Artifact, Evidence, How, Mutation, ProcessingUse, Release, RunView, dataclass
from trl_lint_rules import facts
from trl_lint_rules.knowledge.boundaries import VISION_DATA_CHECK, VLM_SUPPORT

# `trl sft` made a tokenizer and passed it up to 0.23 (trl/scripts/sft.py); since then it passes nothing.
SCRIPT_PASSES_NOTHING = VISION_DATA_CHECK


class Kind(enum.Enum):
    """What TRL takes the object for."""

    TOKENIZER = "tokenizer"
    PROCESSOR = "processor"
    INVALID = "neither"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Processing:
    """The processing class of a run. `given`: the code passes it; else TRL loads it from `artifact`."""

    kind: Kind
    given: bool = False
    artifact: Artifact | None = None
    edits: tuple[Mutation, ...] = ()
    part: str | None = None
    class_name: str | None = None
    evidence: tuple[str, ...] = ()

    @property
    def escaped(self) -> bool:
        """Whether code that is not understood may have changed it."""
        return any(edit.kind == "escape" for edit in self.edits)


def auto_processor(artifact: Artifact, transformers: Release) -> tuple[Kind, str | None, str]:
    """What `AutoProcessor.from_pretrained` returns for this artifact, the processor's class, and why.

    It takes the `processor_class` that the processor, image processor or tokenizer files name, then the class
    that this release maps the model type to, and falls back to the tokenizer
    (`transformers/models/auto/processing_auto.py`).
    """
    for file in ("processor_config.json", "preprocessor_config.json", "tokenizer_config.json"):
        content = artifact.json_files.get(file)
        named = content.get("processor_class") if isinstance(content, dict) else None
        if isinstance(named, str):
            return Kind.PROCESSOR, named, f"{_where(artifact, file)} names the processor class {named}"
    model_type = artifact.model_type
    if model_type is None:
        return Kind.UNKNOWN, None, ""
    known = facts.model_type(model_type, transformers)
    if known is None:
        return Kind.UNKNOWN, None, ""
    origin = _where(artifact, "config.json")
    if artifact.evidence is Evidence.NAME:
        origin = f"the name `{artifact.name}` is that of a model whose configuration"
    if known.processor is not None:
        return (
            Kind.PROCESSOR,
            known.processor,
            f'{origin} says model_type "{model_type}", for which transformers {transformers} loads {known.processor}',
        )
    return (
        Kind.TOKENIZER,
        None,
        f'{origin} says model_type "{model_type}", which has no processor in transformers {transformers}',
    )


def _where(artifact: Artifact, file: str) -> str:
    return f"{artifact.where}/{file}" if artifact.where else f"{file} of {artifact.name}"


# Unsloth's models give a processor where the model has one, whichever of these loads it.
UNSLOTH_LOADERS: Final = frozenset({"FastLanguageModel", "FastVisionModel", "FastModel", "FastTextModel"})


def processing(run: RunView) -> Processing:
    """The processing class that the trainer of `run` works with."""
    return run.once("sft-processing", lambda: _processing(run))


def _processing(run: RunView) -> Processing:
    if run.run.recipe:
        return _of_script(run)
    use = run.run.processing
    if use.how is How.ABSENT:
        return _loaded_by_trl(run)
    if use.how is How.OTHER:
        return Processing(Kind.INVALID, given=True)
    if use.how is How.LOADED:
        return of_use(run, use)
    return Processing(Kind.UNKNOWN, given=True)


def _of_script(run: RunView) -> Processing:
    if run.trl < SCRIPT_PASSES_NOTHING:
        return Processing(Kind.TOKENIZER, True, run.artifact(run.run.model.name, run.run.model.revision))
    return _loaded_by_trl(run)


def _loaded_by_trl(run: RunView) -> Processing:
    """TRL loads it by the model's name: a tokenizer up to 0.21, since 0.22 whatever `AutoProcessor` returns."""
    model = run.run.model
    artifact = run.artifact(model.name, model.revision)
    if run.trl < VLM_SUPPORT:
        return Processing(Kind.TOKENIZER, artifact=artifact, evidence=("TRL loads AutoTokenizer",))
    if artifact is None:
        return Processing(Kind.UNKNOWN)
    kind, name, why = auto_processor(artifact, run.transformers)
    return Processing(kind, artifact=artifact, class_name=name, evidence=(why,) if why else ())


def of_use(run: RunView, use: ProcessingUse) -> Processing:
    """What an object that the code loads is."""
    loader = (use.loader or "").rpartition(".")[2]
    artifact = run.artifact(use.name, use.revision)
    if use.part == "tokenizer" or loader.endswith(("Tokenizer", "TokenizerFast")):
        return Processing(Kind.TOKENIZER, True, artifact, use.edits, use.part)
    if loader == "AutoProcessor" or loader in UNSLOTH_LOADERS:
        if artifact is None:
            return Processing(Kind.UNKNOWN, True, None, use.edits)
        kind, name, why = auto_processor(artifact, run.transformers)
        return Processing(kind, True, artifact, use.edits, None, name, (why,) if why else ())
    if loader.endswith(("ImageProcessor", "ImageProcessorFast", "FeatureExtractor")):
        return Processing(Kind.INVALID, True, artifact, use.edits, None, loader)
    if loader.endswith("Processor"):
        return Processing(Kind.PROCESSOR, True, artifact, use.edits, None, loader)
    return Processing(Kind.UNKNOWN, True, artifact, use.edits)
