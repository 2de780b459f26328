"""LoRA on all linear layers of a vision-language model that is trained on text."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import adapters, data
from trl_lint_rules.knowledge.loading import loading
from trl_lint_rules.sft import trainer_place

# Vision towers whose attention has the names that people list for the language model.
_SAME_NAMES = ("siglip", "clip", "pixtral", "gemma3n_vision")
_LISTED = frozenset({"q_proj", "k_proj", "v_proj"})


class AdapterOnVisionTower(TrainerRule):
    """`all-linear` means all of them."""

    code = "TRL608"
    name = "adapter-on-vision-tower"
    summary = "LoRA that also matches the vision tower of a model that is trained on text alone"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the modules, the model and the data are known."""
        call = adapters.lora(run)
        if call is None or call.keyword("exclude_modules") is not None or data.vision(run) is not False:
            return
        targets = adapters.targets(run, call)
        tower = _tower(run)
        if tower is None or targets is None or not _matches(targets, tower):
            return
        given = call.keyword("target_modules")
        shown = f'"{targets}"' if isinstance(targets, str) else "these names"
        yield Verdict(
            "tower",
            given.span if given is not None else trainer_place(run),
            f"`target_modules`: {shown} also means the vision tower, which text-only data never reaches",
            Severity.WARNING,
            Stage.SILENT,
            why=(
                "Adapters of the vision tower get no gradient from rows without pictures. They take memory, and with "
                "several processes training stops at parameters that were not used.",
            ),
            evidence=(f"config.json has a vision tower (`{tower}`)", data.describe(run)),
            remedies=(
                Remedy('leave it out: `exclude_modules=r".*(vision|visual).*"` (PEFT 0.14 and newer)'),
                Remedy("or load the text part alone, where the model has a class for it"),
            ),
        )


def _tower(run: RunView) -> str | None:
    """The kind of the vision tower that the loaded model has; None where it has none, or that is not known."""
    if run.run.model.how not in (How.NAME, How.LOADED):
        return None
    artifact = run.artifact(run.run.model.name, run.run.model.revision)
    vision = (artifact.config or {}).get("vision_config") if artifact is not None else None
    found = loading(run)
    if not isinstance(vision, dict) or found is None or found.text_class or found.refused:
        return None
    if not found.class_name.endswith(("ForConditionalGeneration", "ForImageTextToText")):
        return None
    kind = vision.get("model_type")
    return kind if isinstance(kind, str) else "vision_config"


def _matches(targets: list[str] | str, tower: str) -> bool:
    if isinstance(targets, str):
        return targets.lower() == "all-linear"
    return tower.startswith(_SAME_NAMES) and bool(_LISTED & set(targets))
