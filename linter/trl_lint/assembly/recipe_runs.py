"""The run that a recipe (`trl sft --config recipe.yaml`) describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trl_lint.model.run import How, ModelUse, ProcessingUse, Run, Setting, Settings
from trl_lint.model.span import Span
from trl_lint.model.value import Argument, Call, Instance, Items, Known, Table, Unknown, Value

if TYPE_CHECKING:
    from trl_lint.recipes.recipe import Recipe

# Keys that only one trainer's configuration has had in any release: they tell which `trl` command a recipe is for.
_TELLING = {
    "SFTTrainer": ("assistant_only_loss", "completion_only_loss", "packing", "packing_strategy", "dataset_text_field"),
    "GRPOTrainer": ("num_generations", "scale_rewards", "epsilon_high", "reward_weights"),
    "DPOTrainer": ("f_divergence_type", "rpo_alpha", "precompute_ref_log_probs"),
    "KTOTrainer": ("desirable_weight", "undesirable_weight"),
    "RewardTrainer": ("center_rewards_coefficient",),
}


def trainer_of(keys: frozenset[str]) -> str | None:
    """The trainer that these keys belong to, where they tell; None where they fit several or none."""
    found = [trainer for trainer, telling in _TELLING.items() if not keys.isdisjoint(telling)]
    return found[0] if len(found) == 1 else None


def runs(recipe: Recipe) -> tuple[Run, ...]:
    """The run of `recipe`: one, or none where its keys do not tell which trainer reads it."""
    trainer = trainer_of(frozenset(recipe.settings))
    if trainer is None:
        return ()
    name = recipe.settings.get("model_name_or_path")
    model = _model(name.value if name is not None else None)
    first = next(iter(recipe.settings.values()))
    anchor = name.span if name is not None else first.span
    return (
        Run(
            recipe.source,
            Span(anchor.path, anchor.start, anchor.end),
            trainer,
            None,
            trainer.removesuffix("Trainer") + "Config",
            None,
            Settings(recipe.settings),
            Settings(open="the script that reads this recipe is not known"),
            model,
            ProcessingUse(How.UNKNOWN, reason="the script that reads this recipe makes it"),
            (),
            data_set(recipe.settings),
            Known(None),
            recipe=True,
        ),
    )


def data_set(settings: Mapping[str, Setting]) -> Value:
    """The data set that `trl sft` loads for these settings: `dataset_name`, or the one entry of `datasets`
    (`trl/scripts/utils.py`); unknown where several are mixed."""
    named, mixture = settings.get("dataset_name"), settings.get("datasets")
    split = settings.get("dataset_train_split")
    last = _argument("split", split.value if split is not None else Known("train"), (split or named or mixture))
    if mixture is not None:
        entries = mixture.value.value if isinstance(mixture.value, Known) else None
        one = entries.items[0] if isinstance(entries, Items) and len(entries.items) == 1 else None
        if not (isinstance(one, Known) and isinstance(one.value, Table)):
            return Unknown("the recipe mixes data sets")
        arguments = [_argument(str(entry.key), entry.value, mixture) for entry in one.value.entries]
        return _loaded([*arguments, *([] if one.value.get("split") else [last])], mixture)
    if named is None:
        return Unknown("the recipe names no data set")
    return _loaded([_argument("path", named.value, named), last], named)


def _argument(name: str, value: Value, place: Setting | None) -> Argument:
    span = place.value_span if place is not None else Span("", 0, 0)
    return Argument(name, value, span, span)


def _loaded(arguments: list[Argument], place: Setting) -> Known:
    callee = "datasets.load_dataset"
    return Known(Instance(0, callee, place.span, Call(callee, place.span, place.span, tuple(arguments))))


def _model(value: Value | None) -> ModelUse:
    if value is None:
        return ModelUse(How.UNKNOWN, reason="the recipe names no model")
    return ModelUse(How.NAME, name=value)
