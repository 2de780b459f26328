"""A model class that cannot load this model type."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Environment, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.knowledge.boundaries import VLM_SUPPORT
from trl_lint_rules.knowledge.loading import Loader, Loading, loading
from trl_lint_rules.sft import SftRule, place_of


class ModelClassCannotLoad(SftRule):
    """`AutoModelForCausalLM`, called by the code or by TRL itself up to 0.21, on a vision-language artifact."""

    code = "TRL302"
    name = "model-class-cannot-load"
    summary = "a model class that the targeted transformers release cannot load this artifact with"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the mapping tables of the targeted transformers release refuse the model type."""
        found = loading(run)
        if found is None or not found.refused:
            return
        known = facts.model_type(found.artifact.model_type or "", run.transformers)
        name = run.plain(run.run.model.name)
        by_code = found.by is Loader.CODE
        who = (
            f"`{found.class_name}`"
            if by_code
            else f"{{trl}} loads a model given by name with `{found.class_name}`, which"
        )
        yield Verdict(
            "refused",
            (run.run.model.span if by_code else None) or place_of(run, "model"),
            f"{who} cannot load `{name}` with {{transformers}}: it has no such class for the model type "
            f'"{found.artifact.model_type}"',
            Severity.ERROR,
            Stage.LOAD,
            why=('transformers stops with "Unrecognized configuration class" before anything is trained.',),
            evidence=(f'{found.artifact.where or found.artifact.name}: model_type "{found.artifact.model_type}"',),
            remedies=tuple(_ways_out(found, known.image_text_to_text if known is not None else None)),
        )


def _ways_out(found: Loading, class_name: str | None) -> Iterator[Remedy]:
    if class_name is not None:
        prefix = "load it with" if found.by is Loader.CODE else "load it in the code with"
        yield Remedy(f"{prefix} `AutoModelForImageTextToText` (here {class_name}), and pass the model")
    if found.by is Loader.TRAINER:
        yield Remedy("or upgrade: TRL 0.22 and newer take the class that config.json names", right_in=_takes_any_class)


def _takes_any_class(environment: Environment) -> bool:
    return environment.trl >= VLM_SUPPORT
