"""The metadata files of a model repository: which are wanted, and what one file's bytes mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trl_lint.artifacts.reading import MAX_INDEX, MAX_METADATA, MAX_TEMPLATE, UnreadableError, decode, parse_json
from trl_lint.dataclass import dataclass, field

INDEX = "model.safetensors.index.json"
TEMPLATE = "chat_template.jinja"
TEMPLATE_FOLDER = "additional_chat_templates"
MAX_EXTRA_TEMPLATES = 16

# In the order of their weight for a verdict: an interrupted look-up has read the first ones.
JSON_FILES = (
    "config.json",
    "tokenizer_config.json",
    "processor_config.json",
    "preprocessor_config.json",
    "chat_template.json",
    "special_tokens_map.json",
    "adapter_config.json",
    "generation_config.json",
    "video_preprocessor_config.json",
    INDEX,
)


@dataclass
class Metadata:
    """What has been gathered so far of one repository, while it is being read."""

    files: set[str] = field(default_factory=set)
    json_files: dict[str, Any] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, file: str, content: bytes, where: str) -> None:
        """Take in the bytes of `file`; what cannot be understood becomes a problem that names `where`."""
        try:
            if file.endswith(".jinja"):
                self.templates[file] = decode(content)
            else:
                value = parse_json(content)
                self.json_files[file] = _names_only(value) if file == INDEX else value
                if not isinstance(value, dict):
                    self.problems.append(f"{where} is no JSON object")
        except UnreadableError as error:
            self.problems.append(f"{where} {error}")


def wanted(files: Mapping[str, object] | set[str] | frozenset[str]) -> list[str]:
    """The metadata files among `files`, the most important first, extra templates bounded in number."""
    extra = sorted(file for file in files if is_extra_template(file))[:MAX_EXTRA_TEMPLATES]
    first, *rest = JSON_FILES
    return [file for file in (first, TEMPLATE, *rest, *extra) if file in files]


def is_extra_template(file: str) -> bool:
    """Whether `file` is a template in `additional_chat_templates/`."""
    folder, _, name = file.rpartition("/")
    return folder == TEMPLATE_FOLDER and name.endswith(".jinja") and len(name) > len(".jinja")


def size_limit(file: str) -> int:
    """The number of bytes beyond which `file` is not read."""
    if file.endswith(".jinja"):
        return MAX_TEMPLATE
    return MAX_INDEX if file == INDEX else MAX_METADATA


def _names_only(index: Any) -> Any:
    if not isinstance(index, dict) or not isinstance(index.get("weight_map"), dict):
        return index
    return {"weight_map": index["weight_map"]}
