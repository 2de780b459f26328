"""The values on which labels hang, as one run gives them; what cannot be known is taken for its default, and said."""

from __future__ import annotations

from typing import Any

from trl_lint.api import ABSENT, UNKNOWN, Instance, RunView, dataclass
from trl_lint_rules import facts
from trl_lint_rules.knowledge import boundaries
from trl_lint_rules.knowledge.boundaries import ASSISTANT_ONLY, COMPLETION_ONLY
from trl_lint_rules.knowledge.training.regime import EOS_ADDED

_DEFAULT_LENGTH = 1024
_CONFIG = "SFTConfig"
_SPLITTING = frozenset({"bfd_split", "bfd-requeue"})
_OVERWRITING = ("DataCollatorForLanguageModeling", "DataCollatorForWholeWordMask")


@dataclass(frozen=True)
class Settings:
    """Everything that decides on labels besides release, rows and template. `doubts` say what is not known."""

    assistant_only: bool
    completion_only: bool | None
    text_field: str
    max_length: int | None
    length_name: str
    keep_end: bool
    strategy: str | None
    padding_free: bool
    skip_prepare: bool
    liger: bool
    formatted: bool
    overwritten: bool
    eos: str | None
    pad: str | None
    doubts: tuple[str, ...]


def settings(run: RunView, model_length: int | None) -> Settings:
    """The settings of `run`; `model_length` is the tokenizer's own, which old releases fall back to."""
    reader = _Reader(run)
    length, name = reader.length(model_length)
    packing = reader.value("packing") is True
    padding_free = reader.value("padding_free") is True
    strategy = reader.strategy() if packing else None
    return Settings(
        assistant_only=run.trl >= ASSISTANT_ONLY and reader.value("assistant_only_loss") is True,
        completion_only=reader.completion_only(),
        text_field=reader.text_field(),
        max_length=length,
        length_name=name,
        keep_end=reader.value("truncation_mode") == "keep_end",
        strategy=None if reader.skips() else strategy,  # rows are packed when they are prepared
        padding_free=padding_free or (run.trl >= ASSISTANT_ONLY and strategy in ("bfd", "bfd_split")),
        skip_prepare=reader.skips(),
        liger=reader.value("use_liger_kernel") is True or reader.value("use_liger") is True,
        formatted=run.passed("formatting_func") is not None and run.argument("formatting_func") is not None,
        overwritten=reader.overwritten(),
        eos=reader.text("eos_token"),
        pad=reader.text("pad_token"),
        doubts=tuple(reader.doubts),
    )


class _Reader:
    """Reads one value after the other, and gathers what is not known."""

    def __init__(self, run: RunView) -> None:
        self._run = run
        self._fields = facts.config_fields(_CONFIG, run.trl, run.transformers, None) or {}
        self.doubts: list[str] = []

    def value(self, name: str) -> Any:
        """What the code gives for `name`, else the default of this release; ABSENT where it has no such argument."""
        known = self._fields.get(name)
        given = self._given(name)
        if given is UNKNOWN:
            self._doubt(f"`{name}` is not known; taken for its default")
        elif given is not ABSENT:
            return given
        default = known.default if known is not None else ABSENT
        return ABSENT if isinstance(default, facts.Source) or default is facts.REQUIRED else default

    def _given(self, name: str) -> Any:
        run = self._run
        given = run.setting(name)
        if given is UNKNOWN and run.given(name) is None:
            given = ABSENT  # settings that are open: each may be given there, and hardly any is
            self._doubt(f"there may be more settings than are seen: {run.run.settings.open}")
        if given is ABSENT and run.trl < EOS_ADDED and run.passed(name) is not None:
            return run.argument(name)  # up to 0.12 the trainer took them
        return given

    def _doubt(self, reason: str) -> None:
        if reason not in self.doubts:
            self.doubts.append(reason)

    def text(self, name: str) -> str | None:
        """A value that is a text."""
        found = self.value(name)
        return found if isinstance(found, str) else None

    def text_field(self) -> str:
        """The column of texts."""
        return self.text("dataset_text_field") or "text"

    def length(self, model_length: int | None) -> tuple[int | None, str]:
        """The length rows are cut to, and the name of the argument that says so."""
        name = "max_length" if self._run.trl >= EOS_ADDED else "max_seq_length"
        if name == "max_length" and self._run.trl < boundaries.MASK_KEPT_WHEN_PACKED:
            older = self._given("max_seq_length")
            if isinstance(older, int) and not isinstance(older, bool):
                return older, "max_seq_length"
        found = self.value(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return found, name
        if name == "max_seq_length":
            return min(model_length or _DEFAULT_LENGTH, _DEFAULT_LENGTH), name
        return None, name

    def strategy(self) -> str:
        """How rows are packed, by the names of the newest release."""
        found = self.value("packing_strategy")
        if found is ABSENT:
            return "wrapped"  # the only one before 0.19
        if found in _SPLITTING:
            return "bfd_split"
        return "wrapped" if found == "wrapped" else "bfd"

    def completion_only(self) -> bool | None:
        """What is asked for; None: TRL decides by the columns."""
        if self._run.trl < COMPLETION_ONLY:
            return False
        found = self.value("completion_only_loss")
        return found if isinstance(found, bool) else None

    def skips(self) -> bool:
        """Whether the rows are not prepared at all."""
        kwargs = self.value("dataset_kwargs")
        return isinstance(kwargs, dict) and kwargs.get("skip_prepare_dataset") is True

    def overwritten(self) -> bool:
        """Whether the batch's labels are made by transformers' collator, which copies the token ids."""
        collator = self._run.argument("data_collator")
        if collator in (ABSENT, None):
            return self._run.trl < EOS_ADDED and self.value("packing") is not True
        callee = collator.callee if isinstance(collator, Instance) else ""
        if callee.startswith("transformers.") and callee.rpartition(".")[2] in _OVERWRITING:
            return True
        self._doubt("a `data_collator` of its own may make other labels than these")
        return False
