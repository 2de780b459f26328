"""The tables by which transformers goes from a model type to its classes."""

from __future__ import annotations

from typing import Any

from trl_lint_rules.facts.extract.constants import constants
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.tree import Tree

_AUTO = "transformers.models.auto"

# What is kept of each model type: the key in the facts, the module, its table, and whether every release has it.
_TABLES = (
    ("config", "configuration_auto", "CONFIG_MAPPING_NAMES", True),
    ("causal_lm", "modeling_auto", "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES", True),
    ("image_text_to_text", "modeling_auto", "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES", True),
    ("vision_2_seq", "modeling_auto", "MODEL_FOR_VISION_2_SEQ_MAPPING_NAMES", False),
    ("sequence_classification", "modeling_auto", "MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES", True),
    ("processor", "processing_auto", "PROCESSOR_MAPPING_NAMES", True),
    ("tokenizer", "tokenization_auto", "TOKENIZER_MAPPING_NAMES", True),
    ("image_processor", "image_processing_auto", "IMAGE_PROCESSOR_MAPPING_NAMES", True),
)


def model_types(tree: Tree) -> dict[str, dict[str, list[str]]]:
    """For each model type the classes of each table that lists it, in the order of preference."""
    modules: dict[str, dict[str, Any]] = {}
    found: dict[str, dict[str, list[str]]] = {}
    for key, module, name, always in _TABLES:
        if module not in modules:
            modules[module] = constants(tree, f"{_AUTO}.{module}")
        if always and not modules[module].get(name):
            raise UnknownShapeError(f"{tree.place(f'{_AUTO}.{module}')}: there is no {name}")
        for model_type, classes in modules[module].get(name, {}).items():
            names = _class_names(classes)
            if names:
                found.setdefault(model_type, {})[key] = names
    return {model_type: dict(sorted(entry.items())) for model_type, entry in sorted(found.items())}


def _class_names(classes: Any) -> list[str]:
    if isinstance(classes, str):
        return [classes]
    if isinstance(classes, dict):
        # The backends by name, as image processors have them: `pil`, `torchvision`.
        classes = [classes[backend] for backend in sorted(classes, reverse=True)]
    return [name for name in classes or () if isinstance(name, str)]
