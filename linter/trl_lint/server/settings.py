"""What the editor's user sets: `initializationOptions`, and `workspace/configuration` under `trl-lint`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from trl_lint.dataclass import dataclass

SECTION = "trl-lint"
_CONFIDENCES = ("certain", "possible")


@dataclass(frozen=True, slots=True)
class Settings:
    """Laid over the configuration of each folder, as flags of the command line are.

    `config` is the one configuration file to use in the place of those in the folders.
    """

    target_trl: str | None = None
    target_transformers: str | None = None
    min_confidence: str | None = None
    online: bool = False
    config: str | None = None
    code_lens: bool = True
    problems: tuple[str, ...] = ()

    def arguments(self) -> argparse.Namespace:
        """The same as a call of `trl-lint check` would have it."""
        from trl_lint.cli.arguments import parser

        flags = [
            f"--{name}={value}"
            for name, value in (
                ("target-trl", self.target_trl),
                ("target-transformers", self.target_transformers),
                ("min-confidence", self.min_confidence),
                ("config", self.config),
            )
            if value
        ]
        if self.online:
            flags.append("--online")
        return parser("check").parse_args(["check", *flags])


def read_settings(data: Any) -> Settings:
    """The settings in a client's JSON, which may lie below a key `settings` or `trl-lint`; what makes no sense is
    left out and named in `problems`."""
    for key in ("settings", SECTION):
        if isinstance(data, Mapping) and isinstance(data.get(key), Mapping):
            data = data[key]
    if not isinstance(data, Mapping):
        return Settings()
    read = _Reader(data)
    found = {
        "target_trl": read.text("targetTrl"),
        "target_transformers": read.text("targetTransformers"),
        "min_confidence": read.word("minConfidence", _CONFIDENCES),
        "online": read.switch("online", False),
        "config": read.text("config"),
        "code_lens": read.switch("codeLens", True),
    }
    return Settings(**found, problems=tuple(read.problems))


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[str] = []

    def text(self, key: str) -> Any:
        value = self.data.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return value
        self.problems.append(f"the setting `{key}` must be a string, not {value!r}")
        return None

    def word(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self.text(key)
        if value is None or value in allowed:
            return value
        self.problems.append(f"the setting `{key}` must be one of {', '.join(allowed)}, not {value!r}")
        return None

    def switch(self, key: str, default: bool) -> Any:
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.problems.append(f"the setting `{key}` must be true or false, not {value!r}")
        return default
