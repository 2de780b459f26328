"""One training program, as a value from which the project that is run and linted is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


class Code(str):
    """Source text that stands as it is where a value is expected."""

    __slots__ = ()


AWAY = Code("")  # an argument that is usually given is left away


@dataclass(frozen=True)
class Case:
    """A script with its data and its model.

    `model` names a folder that `models.py` makes; `loaded` is empty where the trainer gets its path, otherwise the
    class that loads it. `processing` is empty, `tokenizer` or `processor`. `config` are keywords of the config class,
    `arguments` of the trainer; `AWAY` in the config and `None` as an argument leave a usual one away. `releases` is a
    specifier of the TRL releases for which the case means something. `hidden` is what goes wrong
    without a word where the program runs, and what its rows do not show.
    """

    name: str
    trainer: str = "SFTTrainer"
    config_class: str = "SFTConfig"
    home: str = "trl"
    model: str = "marked"
    loaded: str = ""
    processing: str = ""
    data: str = "chat"
    streamed: bool = False
    config: Mapping[str, object] = field(default_factory=dict)
    arguments: Mapping[str, object] = field(default_factory=dict)
    imports: Sequence[str] = ()
    setup: Sequence[str] = ()
    helpers: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    releases: str = ""
    hidden: str = ""

    @property
    def asks(self) -> str:
        """What the code asks to be trained: `assistant`, `completion` or `all`."""
        if self.config.get("assistant_only_loss") is True:
            return "assistant"
        if self.config.get("completion_only_loss") is True:
            return "completion"
        columns = self.data.split("-")[0]
        if columns in ("pairs", "chatpairs") and self.config.get("completion_only_loss") is None:
            return "completion"
        return "all"
