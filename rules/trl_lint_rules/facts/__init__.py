"""Release facts: what every release of TRL, transformers and PEFT has, computed from the published packages.

`python -m tools.facts` computes the data in `data/`; nothing here is written by hand. A release that is not known
is judged by the newest known one before it. Files are read when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trl_lint_rules.facts.fields import (
    REQUIRED,
    Field,
    Source,
    annotated,
    class_timeline,
    config_fields,
    inherits_training_arguments,
    lora_config,
    peft_config,
    presence,
    training_arguments,
)
from trl_lint_rules.facts.models import ModelType, enum_values, model_type, model_type_releases, model_types
from trl_lint_rules.facts.naming import Deprecated, Home, deprecated_name, name_timeline, names, provided, where
from trl_lint_rules.facts.signatures import (
    Parameter,
    Renamed,
    Signature,
    parameter_timeline,
    parameters,
    signature,
)
from trl_lint_rules.facts.store import days, known_on, releases
from trl_lint_rules.facts.trl_release import CliCommand, cli, marker_test, marker_text, patched_templates, requires
from trl_lint_rules.facts.unsloth import Patches, Preparation, preparations, unsloth_patches, unsloth_requires

if TYPE_CHECKING:
    from trl_lint_rules.facts.training_templates import TrainingTemplate, training_template

__all__ = [
    "REQUIRED",
    "CliCommand",
    "Deprecated",
    "Field",
    "Home",
    "ModelType",
    "Parameter",
    "Patches",
    "Preparation",
    "Renamed",
    "Signature",
    "Source",
    "TrainingTemplate",
    "annotated",
    "class_timeline",
    "cli",
    "config_fields",
    "days",
    "deprecated_name",
    "enum_values",
    "inherits_training_arguments",
    "known_on",
    "lora_config",
    "marker_test",
    "marker_text",
    "model_type",
    "model_type_releases",
    "model_types",
    "name_timeline",
    "names",
    "parameter_timeline",
    "parameters",
    "patched_templates",
    "peft_config",
    "preparations",
    "presence",
    "provided",
    "releases",
    "requires",
    "signature",
    "training_arguments",
    "training_template",
    "unsloth_patches",
    "unsloth_requires",
    "where",
]


def __getattr__(name: str) -> Any:
    """What reads a TRL in a folder, imported when it is asked for: no check needs it."""
    if name in ("TrainingTemplate", "training_template"):
        from trl_lint_rules.facts import training_templates

        return getattr(training_templates, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
