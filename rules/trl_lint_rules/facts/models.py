"""What transformers makes of a model type, and the values of its enumerations, by release."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from trl_lint.model.release import Release
from trl_lint_rules.facts import store

# One file for each first character: a run asks for one model type.
_FILE = "transformers/models/{}.json"
_INITIALS = tuple("0123456789abcdefghijklmnopqrstuvwxyz")


class ModelType(NamedTuple):
    """The classes that the mapping tables of one transformers release name for a model type.

    `config` is None for a type that only other tables know. `image_text_to_text` is what
    `AutoModelForImageTextToText` loads, `vision_2_seq` what its predecessor does. `tokenizers` and
    `image_processors` hold all classes (slow and fast, or one per backend).
    """

    name: str
    config: str | None = None
    causal_lm: str | None = None
    image_text_to_text: str | None = None
    vision_2_seq: str | None = None
    sequence_classification: str | None = None
    processor: str | None = None
    tokenizers: tuple[str, ...] = ()
    image_processors: tuple[str, ...] = ()

    @property
    def tokenizer(self) -> str | None:
        """The first tokenizer class."""
        return self.tokenizers[0] if self.tokenizers else None

    @property
    def image_processor(self) -> str | None:
        """The first image processor class."""
        return self.image_processors[0] if self.image_processors else None


def model_type(name: str, transformers: Release) -> ModelType | None:
    """What this transformers release knows of the model type `name`; None: nothing."""
    return _model_type(name, store.index("transformers", transformers))


def _group(name: str) -> Mapping[str, store.Spans]:
    """The tables of one model type."""
    initial = name[:1].lower()
    return store.load(_FILE.format(initial)).get(name, {}) if initial in _INITIALS else {}


@cache
def _model_type(name: str, place: int) -> ModelType | None:
    group = _group(name)
    found = {key: tuple(store.value_at(group[key], place)) for key in store.keys_at(group, place)}
    if not found:
        return None
    several = {"tokenizer": "tokenizers", "image_processor": "image_processors"}
    single = {key: classes[0] for key, classes in found.items() if key not in several}
    return ModelType(
        name=name,
        tokenizers=found.get("tokenizer", ()),
        image_processors=found.get("image_processor", ()),
        **single,
    )


def model_types(transformers: Release) -> Mapping[str, ModelType]:
    """All model types of this transformers release, by name."""
    place = store.index("transformers", transformers)
    names = (name for initial in _INITIALS for name in store.load(_FILE.format(initial)))
    found = ((name, _model_type(name, place)) for name in names)
    return {name: model for name, model in found if model is not None}


def model_type_releases(name: str) -> tuple[tuple[Release, Release | None], ...]:
    """When transformers had a config class for this model type (None: to the newest known)."""
    spans = _group(name).get("config", [])
    return tuple(store.bounds("transformers", span) for span in store.presence(spans))


def enum_values(enum: str, transformers: Release) -> tuple[str, ...]:
    """The values of `OptimizerNames`, `SchedulerType`, `IntervalStrategy`, `SaveStrategy`, `HubStrategy`,
    `FSDPOption` or `DebugOption`; empty where this release has no such enumeration."""
    spans = store.load("transformers/enums.json").get(enum, {}).get("values", [])
    return tuple(store.value_at(spans, store.index("transformers", transformers)) or ())
