"""What is known of a model, and the evidence for each part of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from trl_lint.dataclass import dataclass, field


class Evidence(enum.Enum):
    """Where the metadata came from."""

    LOCAL = "local folder"
    CACHE = "Hugging Face cache"
    HUB = "Hub"
    NAME = "well-known name"
    NONE = "nothing"


@dataclass(frozen=True)
class Artifact:
    """The metadata of one model, tokenizer or processor repository.

    `json_files` holds the small metadata files that could be parsed, by file name (`config.json`,
    `tokenizer_config.json`, `processor_config.json`, `preprocessor_config.json`, `chat_template.json`,
    `special_tokens_map.json`, `generation_config.json`, `adapter_config.json`,
    `model.safetensors.index.json`); `templates` chat templates that stand in files of their own, by file
    name (`chat_template.jinja`, `additional_chat_templates/NAME.jinja`).
    """

    name: str
    evidence: Evidence
    where: str = ""  # folder, cache snapshot or Hub address, for people
    revision: str | None = None
    files: frozenset[str] = frozenset()
    json_files: Mapping[str, Any] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    tokenizer_json: str | None = None  # path of tokenizer.json, where it can be read
    complete: bool = False  # a file that is not in `files` is known to be absent
    problems: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()  # files known not to exist although the listing is not complete

    def lacks(self, file: str) -> bool:
        """Whether `file` is known not to exist (False also where nobody can say)."""
        return file not in self.files and (self.complete or file in self.absent)

    @property
    def known(self) -> bool:
        """Whether anything was found at all."""
        return self.evidence is not Evidence.NONE

    @property
    def config(self) -> Mapping[str, Any] | None:
        """`config.json`, if it is a JSON object."""
        found = self.json_files.get("config.json")
        return found if isinstance(found, Mapping) else None

    @property
    def model_type(self) -> str | None:
        """`model_type` of `config.json`."""
        found = (self.config or {}).get("model_type")
        return found if isinstance(found, str) else None
